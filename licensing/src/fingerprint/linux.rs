//! What a Linux device says about itself in /proc, /sys and /etc.

use super::{Collected, Component, ComponentKind, FingerprintSource};
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

/// No file that is read here is larger; one that is, is something else.
const FILE_MAX: usize = 64 * 1024;
/// So much of a flash's factory area tells it from others.
const FACTORY_BYTES: usize = 512;
/// More entries of a folder are ignored ...
const ENTRIES_MAX: usize = 256;
/// ... nor more of their names read.
const NAMES_MAX: usize = 16 * 1024;

/// Reads the components of a Linux device. Parts that need root are left out without it.
#[derive(Clone, Debug)]
pub struct LinuxSource {
    root: PathBuf,
}

impl LinuxSource {
    /// This device.
    #[must_use]
    pub fn new() -> Self {
        Self::under("/")
    }

    /// A device whose /proc, /sys and /etc lie under `root`: for tests, and for images.
    #[must_use]
    pub fn under(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The first bytes of a file, at most `max`.
    fn read_start(&self, path: impl AsRef<Path>, max: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = open(&self.root.join(path))?;
        file.take(max as u64).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// A whole file. Half of a large one would be another value.
    fn read(&self, path: impl AsRef<Path>) -> Option<Vec<u8>> {
        let bytes = self.read_start(path, FILE_MAX + 1)?;
        (bytes.len() <= FILE_MAX).then_some(bytes)
    }

    fn read_is(&self, path: impl AsRef<Path>, expected: &str) -> bool {
        self.read(path)
            .is_some_and(|bytes| bytes.trim_ascii() == expected.as_bytes())
    }

    /// Names in a folder, sorted, so that the same device always answers the same.
    fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .take(NAMES_MAX)
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        // Sorted before it is cut: a folder has no fixed order.
        names.sort_unstable();
        names.truncate(ENTRIES_MAX);
        names
    }

    fn emmc(&self, found: &mut Collected) {
        for name in self.names("sys/block") {
            let device = format!("sys/block/{name}/device");
            // SD cards have the same register, but move between devices.
            if name.starts_with("mmcblk") && self.read_is(format!("{device}/type"), "MMC") {
                self.text(found, ComponentKind::EmmcCid, &format!("{device}/cid"));
            }
        }
    }

    /// The area of raw flash that its factory programs; the kernel shows it since 5.14.
    fn nand(&self, found: &mut Collected) {
        let folder = "sys/bus/nvmem/devices";
        for name in self.names(folder) {
            if !name.contains("factory-otp") {
                continue;
            }
            let path = format!("{folder}/{name}/nvmem");
            if let Some(bytes) = self.read_start(path, FACTORY_BYTES) {
                let component = Component::from_bytes_value(ComponentKind::NandId, &bytes);
                found.push(ComponentKind::NandId, component);
            }
        }
    }

    fn cpu_serial(&self, found: &mut Collected) {
        let Some(bytes) = self.read("proc/cpuinfo") else {
            return;
        };
        let kind = ComponentKind::CpuSerial;
        for line in bytes.split(|&byte| byte == b'\n') {
            let mut halves = line.splitn(2, |&byte| byte == b':');
            let name = halves.next().unwrap_or_default().trim_ascii();
            if let (b"Serial", Some(value)) = (name, halves.next()) {
                found.push(kind, Component::from_text(kind, value));
            }
        }
    }

    /// Addresses that were burned in, of wired interfaces that are part of the board: what a
    /// plugged-in adapter, a wireless chip or software brings says nothing lasting.
    fn addresses(&self, found: &mut Collected) {
        for name in self.names("sys/class/net") {
            let interface = format!("sys/class/net/{name}");
            let exists = |part: &str| self.root.join(&interface).join(part).exists();
            let on_usb = fs::canonicalize(self.root.join(&interface).join("device"))
                .is_ok_and(|path| path.components().any(|c| is_usb(c.as_os_str())));
            let wired = !exists("wireless") && !exists("phy80211");
            let permanent = self.read_is(format!("{interface}/addr_assign_type"), "0");
            if exists("device") && wired && permanent && !on_usb {
                self.text(found, ComponentKind::Mac, &format!("{interface}/address"));
            }
        }
    }

    fn text(&self, found: &mut Collected, kind: ComponentKind, path: &str) {
        if let Some(bytes) = self.read(path) {
            found.push(kind, Component::from_text(kind, &bytes));
        }
    }
}

/// Opens a file for reading; a pipe without a writer must not block.
fn open(path: &Path) -> Option<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path).ok()
}

/// A USB host controller's folder is called `usb1`, `usb2`, ...
fn is_usb(name: &std::ffi::OsStr) -> bool {
    name.to_str()
        .and_then(|name| name.strip_prefix("usb"))
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

impl Default for LinuxSource {
    fn default() -> Self {
        Self::new()
    }
}

impl FingerprintSource for LinuxSource {
    fn collect(&self) -> Collected {
        let mut found = Collected::default();
        self.emmc(&mut found);
        self.nand(&mut found);
        self.addresses(&mut found);
        self.cpu_serial(&mut found);
        self.text(
            &mut found,
            ComponentKind::DeviceTreeSerial,
            "proc/device-tree/serial-number",
        );
        self.text(
            &mut found,
            ComponentKind::DmiUuid,
            "sys/class/dmi/id/product_uuid",
        );
        self.text(&mut found, ComponentKind::MachineId, "etc/machine-id");
        found
    }
}
