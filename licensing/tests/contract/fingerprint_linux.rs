//! What is read of a Linux device, on trees made by hand.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use vultus_licensing::fingerprint::{
    Collected, Component, ComponentKind, FingerprintSource, Junk, LinuxSource,
};
use vultus_test_basics::TempDir;

const CID: &str = "150100424a4e42345207d3a1c2e4f5a6\n";
const OTHER_CID: &str = "150100424a4e42345207ffeeddccbb00\n";

/// A device's tree; a file's folders are made with it.
struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        Self(TempDir::new("tree"))
    }

    fn file(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn link(&self, path: &str, target: &str) -> &Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
        self
    }

    /// A network interface of a device at this place of the bus.
    fn interface(&self, name: &str, address: &str, assigned: &str, bus: &str) -> &Self {
        let device = format!("sys/devices/{bus}");
        let net = format!("sys/class/net/{name}");
        fs::create_dir_all(self.0.path().join(&device)).unwrap();
        self.file(&format!("{net}/address"), format!("{address}\n"))
            .file(&format!("{net}/addr_assign_type"), format!("{assigned}\n"))
            .link(&format!("{net}/device"), &format!("../../../devices/{bus}"))
    }

    fn collect(&self) -> Collected {
        let source = LinuxSource::under(self.0.path());
        let found = source.collect();
        assert_eq!(
            found.fingerprint(),
            source.collect().fingerprint(),
            "the same answer twice"
        );
        found
    }

    fn kinds(&self) -> Vec<ComponentKind> {
        let components = self.collect().fingerprint();
        components
            .components()
            .iter()
            .map(Component::kind)
            .collect()
    }
}

#[test]
fn a_board_with_everything() {
    let tree = Tree::new();
    tree.file("sys/block/mmcblk0/device/type", "MMC\n")
        .file("sys/block/mmcblk0/device/cid", CID)
        .interface("eth0", "00:11:32:8a:4b:9c", "0", "platform/ethernet")
        .file(
            "sys/bus/nvmem/devices/nand0-factory-otp0/nvmem",
            [1, 2, 3, 4, 5, 6, 7],
        )
        .file(
            "proc/cpuinfo",
            "processor\t: 0\nSerial\t\t: 3d5c1f7a90b2e864\n",
        )
        .file("proc/device-tree/serial-number", "f2c7a1b09e83d456\0")
        .file(
            "sys/class/dmi/id/product_uuid",
            "4c4c4544-0043-3510-8052-b4c04f4a3132\n",
        )
        .file("etc/machine-id", "5b1c0f3e9a7d4286b0e1f2a3c4d5e697\n");
    assert_eq!(
        tree.kinds(),
        [
            ComponentKind::EmmcCid,
            ComponentKind::NandId,
            ComponentKind::Mac,
            ComponentKind::CpuSerial,
            ComponentKind::DeviceTreeSerial,
            ComponentKind::DmiUuid,
            ComponentKind::MachineId,
        ]
    );
    assert!(Tree::new().kinds().is_empty());
    assert!(Tree::new().collect().refused.is_empty());
}

#[test]
fn soldered_flash_counts_and_cards_do_not() {
    let tree = Tree::new();
    tree.file("sys/block/mmcblk1/device/type", "SD\n")
        .file("sys/block/mmcblk1/device/cid", CID);
    assert!(tree.kinds().is_empty(), "an SD card");
    tree.file("sys/block/mmcblk2/device/cid", CID);
    assert!(tree.kinds().is_empty(), "no type");
    tree.file("sys/block/sda/device/type", "MMC\n")
        .file("sys/block/sda/device/cid", CID);
    assert!(tree.kinds().is_empty(), "not on the bus");
    tree.file("sys/block/mmcblk0/device/type", "MMC\n")
        .file("sys/block/mmcblk0/device/cid", OTHER_CID);
    // The boot areas of one chip are devices of their own with the same register.
    tree.file("sys/block/mmcblk0boot0/device/type", "MMC\n")
        .file("sys/block/mmcblk0boot0/device/cid", OTHER_CID);
    let found = tree.collect().fingerprint();
    let expected = Component::from_text(ComponentKind::EmmcCid, OTHER_CID.as_bytes()).unwrap();
    assert_eq!(found.components(), [expected]);
    let nand = Tree::new();
    nand.file(
        "sys/bus/nvmem/devices/nand0-user-otp0/nvmem",
        [1, 2, 3, 4, 5, 6, 7],
    );
    assert!(nand.kinds().is_empty(), "what its owner wrote");
    // A factory area may be large; its first 512 bytes tell it from others.
    let mut area = vec![0xff; 200_000];
    area[..8].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
    nand.file("sys/bus/nvmem/devices/nand0-factory-otp0/nvmem", &area);
    let expected = Component::from_bytes_value(ComponentKind::NandId, &area[..512]).unwrap();
    assert_eq!(nand.collect().components, [expected]);
    nand.file(
        "sys/bus/nvmem/devices/nand0-factory-otp0/nvmem",
        vec![0xff; 4096],
    );
    assert_eq!(nand.collect().refused[0].why, Junk::TooUniform);
}

#[test]
fn addresses_that_last() {
    let good = "00:11:32:8a:4b:9c";
    let board = "platform/ethernet";
    let cases: [(&str, &str, &str, &str, usize); 8] = [
        ("eth0", good, "0", board, 1),
        ("end0", good, "0", "pci0000:00/0000:00:1f.6", 1),
        ("eth0", good, "1", board, 0),
        ("eth0", good, "3", board, 0),
        ("eth0", "02:11:32:8a:4b:9c", "0", board, 0),
        ("eth1", good, "0", "pci0000:00/usb1/1-1/1-1:1.0", 0),
        ("eth1", good, "0", "platform/usbphy/ethernet", 1),
        ("usb0", good, "0", "platform/soc/usb2/2-1", 0),
    ];
    for (name, address, assigned, bus, count) in cases {
        let tree = Tree::new();
        tree.interface(name, address, assigned, bus);
        assert_eq!(
            tree.kinds().len(),
            count,
            "{name} {address} {assigned} {bus}"
        );
    }
    for folder in ["wireless", "phy80211"] {
        let tree = Tree::new();
        tree.interface("wlan0", good, "0", "platform/wifi");
        fs::create_dir(tree.0.path().join("sys/class/net/wlan0").join(folder)).unwrap();
        assert!(tree.kinds().is_empty(), "{folder}");
    }
    for name in ["lo", "docker0", "veth12ab", "br0"] {
        let tree = Tree::new();
        tree.file(&format!("sys/class/net/{name}/address"), good)
            .file(&format!("sys/class/net/{name}/addr_assign_type"), "0");
        assert!(tree.kinds().is_empty(), "{name} has no device");
    }
}

#[test]
fn a_crowd_of_virtual_interfaces_hides_nothing() {
    let tree = Tree::new();
    for i in 0..400 {
        tree.file(
            &format!("sys/class/net/veth{i:04}/address"),
            "02:00:00:00:00:01",
        );
    }
    tree.interface("eth0", "00:11:32:8a:4b:9c", "0", "platform/ethernet");
    assert_eq!(tree.kinds(), [ComponentKind::Mac]);
}

#[test]
fn serial_lines_of_cpuinfo() {
    let of = |text: &str| {
        let tree = Tree::new();
        tree.file("proc/cpuinfo", text);
        let found = tree.collect();
        (
            found.components.len(),
            found.refused.first().map(|refused| refused.why),
        )
    };
    assert_eq!(of("Serial\t\t: 3d5c1f7a90b2e864\n"), (1, None));
    assert_eq!(of("Serial : 3d5c1f7a90b2e864"), (1, None));
    assert_eq!(
        of("Serial\t\t: 0000000000000000\n"),
        (0, Some(Junk::TooUniform))
    );
    assert_eq!(of("Serial\t\t:\n"), (0, Some(Junk::TooShort)));
    assert_eq!(of("Serial\n"), (0, None));
    assert_eq!(of("My Serial: 3d5c1f7a90b2e864\n"), (0, None));
    assert_eq!(of("model name: x: Serial : 3d5c1f7a90b2e864\n"), (0, None));
    assert_eq!(of(""), (0, None));
    // A file that is larger than any such file is something else, and half of it another value.
    let line = "Serial : 3d5c1f7a90b2e864\n";
    let fill = "x".repeat(64 * 1024 - line.len());
    assert_eq!(of(&format!("{line}{fill}")), (1, None));
    assert_eq!(of(&format!("{line}{fill}x")), (0, None));
}

#[test]
fn hostile_files_are_left_out() {
    let tree = Tree::new();
    tree.link("etc/machine-id", "machine-id");
    tree.link("proc/cpuinfo", "/dev/zero");
    tree.link("sys/block", "block");
    tree.file(
        "proc/device-tree/serial-number",
        "f2c7a1b09e83d456".repeat(10_000),
    );
    fs::create_dir_all(tree.0.path().join("sys/class/dmi/id/product_uuid")).unwrap();
    fs::create_dir_all(tree.0.path().join("sys/class")).unwrap();
    fs::write(tree.0.path().join("sys/class/net"), "not a folder").unwrap();
    let found = tree.collect();
    assert!(
        found.components.is_empty() && found.refused.is_empty(),
        "{found:?}"
    );

    let tree = Tree::new();
    fs::create_dir_all(tree.0.path().join("etc")).unwrap();
    let pipe = tree.0.path().join("etc/machine-id");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(
        tree.collect().refused[0].why,
        Junk::TooShort,
        "a pipe keeps nobody waiting"
    );

    let tree = Tree::new();
    tree.file("etc/machine-id", [0xff; 32]);
    assert_eq!(tree.collect().refused[0].why, Junk::NotText);
    tree.file(
        "etc/machine-id",
        "5b1c0f3e9a7d4286b0e1f2a3c4d5e697".repeat(20),
    );
    assert_eq!(tree.collect().refused[0].why, Junk::TooLong);
    let path = tree.0.path().join("etc/machine-id");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    let found = tree.collect();
    assert!(found.components.is_empty());
}

#[test]
fn this_machine_answers_the_same_twice() {
    let source = LinuxSource::default();
    let first = source.collect();
    assert_eq!(first.fingerprint(), source.collect().fingerprint());
    let said = format!("{first:?}");
    if let Ok(id) = fs::read_to_string("/etc/machine-id") {
        assert!(id.trim().is_empty() || !said.contains(id.trim()));
    }
}
