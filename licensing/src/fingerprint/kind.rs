//! The kinds of components: how much each counts and who can change it.

use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal, $weight:literal, $trust:ident;)+) => {
        /// A kind of component. Numbers are stable and never reused.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum ComponentKind {
            $($(#[$doc])* $name,)+
        }

        impl ComponentKind {
            /// Every kind, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The number in files.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self { $(Self::$name => $code,)+ }
            }

            /// The name in reports and on command lines.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// How much a match counts, 1 to 4.
            #[must_use]
            pub const fn weight(self) -> u8 {
                match self { $(Self::$name => $weight,)+ }
            }

            const fn trust(self) -> Trust {
                match self { $(Self::$name => Trust::$trust,)+ }
            }
        }
    };
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Trust {
    /// Burned into hardware and unique to it.
    Anchor,
    /// Not written by the owner, but not bound to the hardware alone.
    Fixed,
    /// The device's owner can write it, at least as root.
    Writable,
}

kinds! {
    /// A secret that the maker put into the device: TEE, crypto chip, one-time programmable memory.
    OemSecret = 1, "oem-secret", 4, Anchor;
    /// The die's unique number.
    DieId = 2, "die-id", 4, Anchor;
    /// The CID register of soldered eMMC. Never an SD card's: that moves between devices.
    EmmcCid = 3, "emmc-cid", 4, Anchor;
    /// The factory-programmed area of raw flash.
    NandId = 4, "nand-id", 4, Anchor;
    /// Android's hardware serial, which only system apps and device owners can read.
    AndroidSerial = 5, "android-serial", 4, Anchor;
    /// MediaDrm's device id together with its security level, which it depends on.
    MediaDrm = 6, "media-drm", 3, Fixed;
    /// A network interface's permanent, globally administered address.
    Mac = 7, "mac", 2, Writable;
    /// Android's SSAID: per signing key and user, new after a factory reset.
    AndroidId = 8, "android-id", 2, Writable;
    /// The serial line of /proc/cpuinfo, which boot parameters can set.
    CpuSerial = 9, "cpu-serial", 2, Writable;
    /// The device tree's serial number, which the boot loader's environment can set.
    DeviceTreeSerial = 10, "device-tree-serial", 2, Writable;
    /// The DMI product UUID of desktop machines, which a virtual machine's owner sets.
    DmiUuid = 11, "dmi-uuid", 2, Writable;
    /// /etc/machine-id, cloned with every image.
    MachineId = 12, "machine-id", 1, Writable;
    /// The application's id, one more component where licences are sold per application as well.
    ApplicationId = 13, "application-id", 1, Writable;
}

impl ComponentKind {
    /// The kind of a number in a file.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Burned into hardware and unique to it: at least one must match.
    #[must_use]
    pub const fn is_anchor(self) -> bool {
        matches!(self.trust(), Trust::Anchor)
    }

    /// The device's owner can write it: such parts alone never suffice.
    #[must_use]
    pub const fn is_owner_writable(self) -> bool {
        matches!(self.trust(), Trust::Writable)
    }
}

impl fmt::Display for ComponentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
