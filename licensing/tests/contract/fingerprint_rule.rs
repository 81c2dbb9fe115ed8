//! Which devices are the licensed one: against a table that another implementation made.

use vultus_licensing::fingerprint::COMPONENTS_MAX;
use vultus_licensing::fingerprint::{
    Component, ComponentKind, Fingerprint, FingerprintSource, Given, LicensedFingerprint, Verdict,
    WeakFingerprint,
};
use vultus_licensing::testkit::parts;
use vultus_test_basics::Rng;

const TABLE: &str = include_str!("../data/fingerprint_table.txt");

fn component(kind: ComponentKind, seed: u64) -> Component {
    let mut rng = Rng(seed);
    if kind == ComponentKind::Mac {
        let b = rng.bytes(6);
        let mac = format!(
            "{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}",
            b[0] & 0xfc,
            b[1],
            b[2],
            b[3],
            b[4],
            b[5]
        );
        return Component::from_text(kind, mac.as_bytes()).unwrap();
    }
    Component::from_bytes_value(kind, &rng.bytes(16)).unwrap()
}

fn kinds(line: &str) -> Vec<ComponentKind> {
    line.split(' ')
        .map(|name| ComponentKind::from_name(name).unwrap())
        .collect()
}

#[test]
fn every_state_of_every_device_of_the_table() {
    let mut states = 0;
    let blocks = TABLE
        .split("\n\n")
        .filter(|block| block.starts_with("offered "));
    for block in blocks {
        let mut lines = block.lines();
        let offered = kinds(lines.next().unwrap().strip_prefix("offered ").unwrap());
        let components = offered.iter().map(|&kind| component(kind, 1)).collect();
        let components = Fingerprint::new(components).components().to_vec();
        let fingerprint = LicensedFingerprint::new(components);
        let second = lines.next().unwrap();
        if second == "refused" {
            assert_eq!(fingerprint, Err(WeakFingerprint::NoAnchor), "{block}");
            continue;
        }
        let fingerprint = fingerprint.unwrap();
        let licensed = kinds(second.strip_prefix("licensed ").unwrap());
        let chosen: Vec<_> = fingerprint.components.iter().map(Component::kind).collect();
        assert_eq!(chosen, licensed);
        let weights: u16 = fingerprint
            .components
            .iter()
            .map(|c| u16::from(c.weight()))
            .sum();
        let threshold = format!("threshold {} of {weights}", fingerprint.threshold);
        assert_eq!(lines.next().unwrap(), threshold);
        let expected: Vec<bool> = lines
            .flat_map(str::bytes)
            .map(|digit| digit == b'1')
            .collect();
        assert_eq!(expected.len(), 3_usize.pow(licensed.len() as u32));
        for (state, &expected) in expected.iter().enumerate() {
            let accepted = accepts(&fingerprint, state);
            assert_eq!(accepted, expected, "{licensed:?}, state {state}");
            states += 1;
        }
    }
    println!("{states} states agree");
    assert!(states > 5000);
}

/// Whether a device in this state of the table is accepted; checks the verdicts on the way.
fn accepts(fingerprint: &LicensedFingerprint, mut state: usize) -> bool {
    let mut offered = Vec::new();
    let mut verdicts = Vec::new();
    for part in &fingerprint.components {
        match state % 3 {
            0 => offered.push(*part),
            1 => {}
            _ => offered.push(component(part.kind(), 2)),
        }
        verdicts.push([Verdict::Matches, Verdict::Missing, Verdict::Differs][state % 3]);
        state /= 3;
    }
    let explanation = fingerprint.explain(&Fingerprint::new(offered));
    let seen: Vec<_> = explanation.parts.iter().map(|part| part.verdict).collect();
    assert_eq!(seen, verdicts);
    explanation.is_accepted()
}

/// A random device: some of the kinds, each with a random value; `None` when it is too weak.
fn random_device(rng: &mut Rng) -> Option<(Vec<Component>, LicensedFingerprint)> {
    let mut components = Vec::new();
    for &kind in ComponentKind::ALL {
        if rng.below(2) == 0 {
            components.push(component(kind, rng.u64()));
        }
    }
    let fingerprint = LicensedFingerprint::new(components.clone()).ok()?;
    Some((components, fingerprint))
}

#[test]
fn ten_thousand_pairs_of_devices() {
    let mut rng = Rng(2026);
    let (mut pairs, mut strangers, mut disguised) = (0, 0, 0);
    while pairs < 10_000 {
        let (Some((own, licensed)), Some((other, _))) =
            (random_device(&mut rng), random_device(&mut rng))
        else {
            continue;
        };
        pairs += 1;
        assert!(
            licensed
                .explain(&Fingerprint::new(own.clone()))
                .is_accepted()
        );
        strangers += usize::from(
            licensed
                .explain(&Fingerprint::new(other.clone()))
                .is_accepted(),
        );
        // The other device after its owner has copied everything that he can write.
        let mut copied: Vec<_> = other
            .into_iter()
            .filter(|c| !c.kind().is_owner_writable())
            .collect();
        copied.extend(own.into_iter().filter(|c| c.kind().is_owner_writable()));
        disguised += usize::from(licensed.explain(&Fingerprint::new(copied)).is_accepted());
    }
    println!("{pairs} pairs: {strangers} strangers accepted, {disguised} disguised accepted");
    assert_eq!((strangers, disguised), (0, 0));
}

#[test]
fn strength_has_limits_on_both_sides() {
    let anchors = |count: u64| -> Vec<Component> {
        (0..count)
            .map(|i| component(ComponentKind::OemSecret, i))
            .collect()
    };
    assert_eq!(
        LicensedFingerprint::new(vec![]),
        Err(WeakFingerprint::Empty)
    );
    assert_eq!(LicensedFingerprint::new(anchors(16)).unwrap().threshold, 39);
    assert_eq!(
        LicensedFingerprint::new(anchors(17)),
        Err(WeakFingerprint::TooMany(17))
    );
    assert_eq!(
        LicensedFingerprint::new(anchors(30_000)),
        Err(WeakFingerprint::TooMany(30_000))
    );
    let twice = anchors(1).repeat(2);
    let duplicate = WeakFingerprint::Duplicate(ComponentKind::OemSecret);
    assert_eq!(LicensedFingerprint::new(twice), Err(duplicate));
    let mut full = anchors(16);
    full.push(component(ComponentKind::Mac, 1));
    assert_eq!(
        LicensedFingerprint::new(full).unwrap().components.len(),
        COMPONENTS_MAX
    );
    let check = |components: &[Component], threshold| {
        LicensedFingerprint {
            components: components.to_vec(),
            threshold,
        }
        .check_strength()
    };
    let two = anchors(2);
    assert_eq!(check(&two, 5), Ok(()));
    assert_eq!(check(&two, 8), Ok(()));
    let outside = |threshold| {
        Err(WeakFingerprint::Threshold {
            threshold,
            least: 5,
        })
    };
    assert_eq!(check(&two, 4), outside(4));
    assert_eq!(check(&two, 9), outside(9));
    assert_eq!(check(&[], 0), Err(WeakFingerprint::Empty));
    let writable = [
        component(ComponentKind::EmmcCid, 1),
        component(ComponentKind::Mac, 1),
        component(ComponentKind::CpuSerial, 1),
        component(ComponentKind::DmiUuid, 1),
    ];
    let too_much = WeakFingerprint::OwnerWritable {
        weight: 6,
        threshold: 6,
    };
    assert_eq!(check(&writable, 6), Err(too_much));
    assert_eq!(check(&writable, 7), Ok(()));
    for weak in [
        too_much,
        duplicate,
        WeakFingerprint::Empty,
        WeakFingerprint::NoAnchor,
        WeakFingerprint::TooMany(17),
    ] {
        assert!(weak.to_string().len() > 20);
    }
}

#[test]
fn an_explanation_names_kinds_and_never_values() {
    let device = parts();
    let fingerprint = device.collect().fingerprint();
    let licensed = LicensedFingerprint::new(fingerprint.components().to_vec()).unwrap();
    let other = Given::new()
        .text(ComponentKind::Mac, "00:11:32:8a:4b:00")
        .collect()
        .fingerprint();
    let raw = [
        "secret of",
        "150100",
        "a1c2e4f5",
        "00a1b2c3",
        "8a4b",
        "8a:4b",
        "3d5c1f",
        "f2c7a1",
        "5b1c0f",
    ];
    for explanation in [licensed.explain(&fingerprint), licensed.explain(&other)] {
        let said = format!("{explanation} {explanation:?}").to_lowercase();
        assert!(said.contains("emmc-cid"), "{said}");
        for value in raw {
            assert!(!said.contains(value), "{value} in {said}");
        }
        for part in fingerprint.components() {
            let digest: String = part
                .digest()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert!(!said.contains(&digest));
        }
    }
    // Threshold reached without an anchor: it says what is missing.
    let components = vec![
        component(ComponentKind::EmmcCid, 1),
        component(ComponentKind::MediaDrm, 1),
    ];
    let components = [components, vec![component(ComponentKind::Mac, 1)]].concat();
    let licensed = LicensedFingerprint {
        components: components.clone(),
        threshold: 5,
    };
    let explanation = licensed.explain(&Fingerprint::new(components[1..].to_vec()));
    assert!(!explanation.is_accepted());
    assert!(
        explanation.to_string().contains("burned into hardware"),
        "{explanation}"
    );
}
