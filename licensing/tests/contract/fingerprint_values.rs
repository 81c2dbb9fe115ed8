//! One value, one spelling; junk is refused, what is nearly junk is not.

use vultus_licensing::fingerprint::{
    Component, ComponentKind, FingerprintSource, Given, Junk, SecurityLevel,
};
use vultus_test_basics::Rng;

use ComponentKind::{AndroidId, CpuSerial, DmiUuid, EmmcCid, Mac, MachineId, OemSecret};

fn of(kind: ComponentKind, raw: &str) -> Result<Component, Junk> {
    Component::from_text(kind, raw.as_bytes())
}

#[test]
fn spellings_of_one_value() {
    let same: &[(ComponentKind, &[&str])] = &[
        (
            Mac,
            &[
                "00:11:32:8a:4b:9c",
                "00-11-32-8A-4B-9C",
                "0011328a4b9c",
                " 00:11:32:8A:4b:9c\n",
                "0011.328a.4b9c\0",
            ],
        ),
        (
            CpuSerial,
            &[
                "3d5c1f7a90b2e864",
                "0x3D5C1F7A90B2E864",
                "\t3d5c 1f7a 90b2 e864\r\n",
            ],
        ),
        (
            MachineId,
            &[
                "5b1c0f3e9a7d4286b0e1f2a3c4d5e697",
                "5B1C0F3E-9A7D-4286-B0E1-F2A3C4D5E697\n",
            ],
        ),
        (
            EmmcCid,
            &[
                "150100424a4e42345207d3a1c2e4f5a6",
                "150100424A4E42345207D3A1C2E4F5A6\n",
            ],
        ),
    ];
    for (kind, spellings) in same {
        let first = of(*kind, spellings[0]).unwrap();
        for spelling in *spellings {
            assert_eq!(of(*kind, spelling), Ok(first), "{spelling:?}");
        }
        assert_eq!(Component::from_bytes(&first.to_bytes()), Some(first));
    }
    // The same value in another place is another part.
    let value = "3d5c1f7a90b2e864";
    assert_ne!(
        of(CpuSerial, value).unwrap().digest(),
        of(AndroidId, value).unwrap().digest()
    );
    assert_ne!(of(CpuSerial, value), of(CpuSerial, "3d5c1f7a90b2e865"));
}

#[test]
fn junk_and_what_is_nearly_junk() {
    let refused: &[(ComponentKind, &str, Junk)] = &[
        (CpuSerial, "", Junk::TooShort),
        (CpuSerial, "  \n", Junk::TooShort),
        (CpuSerial, "a1b2c", Junk::TooShort),
        (CpuSerial, "0x", Junk::TooShort),
        (CpuSerial, "0000000000000000", Junk::TooUniform),
        (CpuSerial, "ffffffffffffffff", Junk::TooUniform),
        (CpuSerial, "FF:FF:FF:FF:FF:FF", Junk::TooUniform),
        (CpuSerial, "abababababab", Junk::TooUniform),
        (CpuSerial, "000000000000000001", Junk::TooUniform),
        (CpuSerial, "100000000000020000", Junk::TooUniform),
        (CpuSerial, "unknown", Junk::Placeholder),
        (CpuSerial, "UNKNOWN\n", Junk::Placeholder),
        (CpuSerial, "0123456789abcdef", Junk::Placeholder),
        (CpuSerial, "0x0123456789ABCDEF", Junk::Placeholder),
        (CpuSerial, "12345678", Junk::Placeholder),
        (AndroidId, "9774d56d682e549c", Junk::Placeholder),
        (
            MachineId,
            "03000200-0400-0500-0006-000700080009",
            Junk::Placeholder,
        ),
        (MachineId, "To Be Filled By O.E.M.", Junk::Placeholder),
        (MachineId, "Default string", Junk::Placeholder),
        (MachineId, "uninitialized\n", Junk::NotAnId),
        (MachineId, "5b1c0f3e9a7d4286b0e1f2a3c4d5e69", Junk::NotAnId),
        (
            MachineId,
            "5b1c0f3e9a7d4286b0e1f2a3c4d5e6970",
            Junk::NotAnId,
        ),
        (MachineId, "5b1c0f3e9a7d4286b0e1f2a3c4d5e69g", Junk::NotAnId),
        (DmiUuid, "Not Settable", Junk::NotAnId),
        (Mac, "02:11:32:8a:4b:9c", Junk::LocalAddress),
        (Mac, "01:00:5e:8a:4b:9c", Junk::LocalAddress),
        (Mac, "00:11:22:33:44:55", Junk::Placeholder),
        (Mac, "00:00:00:00:00:00", Junk::TooUniform),
        (Mac, "00:11:32:8a:4b", Junk::NotAnAddress),
        (Mac, "00:11:32:8a:4b:9c:aa:bb", Junk::NotAnAddress),
        (Mac, "00:11:32:8a:4b:9g", Junk::NotAnAddress),
        (OemSecret, "fifteen letters", Junk::TooShort),
    ];
    for (kind, raw, junk) in refused {
        assert_eq!(of(*kind, raw), Err(*junk), "{raw:?}");
        assert!(!junk.to_string().is_empty());
    }
    let taken: &[(ComponentKind, &str)] = &[
        (CpuSerial, "a1b2c3"),
        (CpuSerial, "0000000000000123"),
        (CpuSerial, "fffffffffffff012"),
        (CpuSerial, "0123456789abcdee"),
        (CpuSerial, "unknown1"),
        (AndroidId, "9774d56d682e549d"),
        (Mac, "00:11:22:33:44:56"),
        (Mac, "fc:11:32:8a:4b:9c"),
        (OemSecret, "sixteen-letters!x"),
    ];
    for (kind, raw) in taken {
        assert!(of(*kind, raw).is_ok(), "{raw:?}");
    }
    assert_eq!(
        Component::from_text(CpuSerial, &[0xff; 20]),
        Err(Junk::NotText)
    );
    assert_eq!(
        Component::from_text(CpuSerial, &b"0123456789abcdefgh".repeat(29)),
        Err(Junk::TooLong)
    );
}

#[test]
fn values_of_bytes() {
    let bytes = |kind, raw: &[u8]| Component::from_bytes_value(kind, raw);
    let mut rng = Rng(1);
    let random = rng.bytes(513);
    assert_eq!(bytes(OemSecret, &random[..15]), Err(Junk::TooShort));
    assert!(bytes(OemSecret, &random[..16]).is_ok());
    assert!(bytes(OemSecret, &random[..512]).is_ok());
    assert_eq!(bytes(OemSecret, &random), Err(Junk::TooLong));
    assert_eq!(bytes(OemSecret, &[0; 32]), Err(Junk::TooUniform));
    assert_eq!(
        bytes(ComponentKind::DieId, &random[..5]),
        Err(Junk::TooShort)
    );
    assert!(bytes(ComponentKind::DieId, &random[..6]).is_ok());

    let drm = |level, raw: &[u8]| Component::from_media_drm(level, raw);
    let (l1, l3) = (
        drm(SecurityLevel::L1, &random[..32]),
        drm(SecurityLevel::L3, &random[..32]),
    );
    assert_ne!(l1.unwrap(), l3.unwrap());
    assert_eq!(drm(SecurityLevel::L3, &random), Err(Junk::TooLong));
    assert_eq!(drm(SecurityLevel::L3, &random[..5]), Err(Junk::TooShort));
    assert_eq!(drm(SecurityLevel::L3, &[1; 32]), Err(Junk::TooUniform));
}

#[test]
fn components_in_files() {
    for &kind in ComponentKind::ALL {
        assert_eq!(ComponentKind::from_code(kind.code()), Some(kind));
        assert_eq!(ComponentKind::from_name(kind.name()), Some(kind));
        let mut bytes = [7; Component::BYTES];
        (bytes[0], bytes[1]) = (kind.code(), kind.weight());
        assert_eq!(Component::from_bytes(&bytes).unwrap().to_bytes(), bytes);
        for weight in (0..=255).filter(|&weight| weight != kind.weight()) {
            bytes[1] = weight;
            assert_eq!(Component::from_bytes(&bytes), None);
        }
    }
    assert_eq!(ComponentKind::from_code(0), None);
    assert_eq!(ComponentKind::from_code(14), None);
    assert_eq!(ComponentKind::from_name("emmc"), None);
}

#[test]
fn what_a_host_hands_over() {
    let given = Given::new()
        .text(AndroidId, "9774d56d682e549c")
        .text(AndroidId, "1f2e3d4c5b6a7988")
        .bytes(OemSecret, b"short")
        .media_drm(SecurityLevel::L3, b"0123456789abcdefghijklmnopqrstuv");
    let collected = given.collect();
    assert_eq!(collected.components.len(), 2);
    let refused: Vec<_> = collected
        .refused
        .iter()
        .map(|refused| (refused.kind, refused.why))
        .collect();
    assert_eq!(
        refused,
        [(AndroidId, Junk::Placeholder), (OemSecret, Junk::TooShort)]
    );
    let both: Vec<Box<dyn FingerprintSource>> = vec![Box::new(given.clone()), Box::new(given)];
    assert_eq!(both.collect().fingerprint(), collected.fingerprint());
    assert_eq!(both.collect().refused.len(), 4);
}
