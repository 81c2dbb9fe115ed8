//! The index against a full scan.

use super::*;
use crate::matching::cosine;
use crate::stages::embed::Embedding;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use vultus_nn::cpu::CpuPath;

const MODEL: &str = "p@1";

fn embedding(values: &[f32]) -> Embedding {
    let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
    let unit = values.iter().map(|v| v / norm).collect();
    Embedding::from_parts(MODEL, unit).expect("unit")
}

/// The definition: every cosine, closest first, then by row.
fn slow(
    rows: &BTreeMap<u32, Embedding>,
    probe: &Embedding,
    top: usize,
    within: Option<&RowSet>,
) -> Vec<Hit> {
    let mut hits: Vec<Hit> = rows
        .iter()
        .map(|(&number, stored)| Hit {
            row: Row::new(number),
            cosine: cosine(probe, stored).expect("one model"),
        })
        .filter(|hit| within.is_none_or(|set| set.contains(hit.row)))
        .collect();
    hits.sort_by(|a, b| b.cosine.total_cmp(&a.cosine));
    hits.truncate(top);
    hits
}

/// Small pseudo-random numbers without a crate.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        // The sum of two uniform numbers: more small values than large ones, as in faces.
        let half = |bits: u64| bits as f32 / 65_536.0 - 0.5;
        half(self.0 >> 48) + half(self.0 >> 32 & 0xffff)
    }

    fn embedding(&mut self, dimension: usize) -> Embedding {
        let values: Vec<f32> = (0..dimension).map(|_| self.next() + 1e-3).collect();
        embedding(&values)
    }

    /// Close to another one: a second picture of a face.
    fn near(&mut self, other: &Embedding) -> Embedding {
        let spread = 1.0 / (other.values().len() as f32).sqrt();
        let values: Vec<f32> = other
            .values()
            .iter()
            .map(|value| value + spread * self.next())
            .collect();
        embedding(&values)
    }
}

fn check(
    index: &Index,
    rows: &BTreeMap<u32, Embedding>,
    probe: &Embedding,
    set: &RowSet,
) -> Result<(), TestCaseError> {
    for top in [0, 1, 5, 70, rows.len() + 1] {
        for within in [None, Some(set)] {
            let expected = slow(rows, probe, top, within);
            for threads in [1, 3] {
                let threads = NonZeroUsize::new(threads).expect("some");
                let found = index.search_on(probe, top, within, threads).expect("fits");
                prop_assert_eq!(&found, &expected, "{:?} {}", index.kernels, top);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_index_answers_as_a_full_scan(
        seed in any::<u64>(),
        dimension in prop_oneof![1_usize..10, Just(128_usize), 100_usize..300],
        count in 0_usize..400,
        twins in 0_usize..20,
        gone in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        kept in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
    ) {
        let mut noise = Noise(seed);
        let mut stored: Vec<Embedding> = (0..count).map(|_| noise.embedding(dimension)).collect();
        // Equal rows, whose order is that of their numbers.
        for _ in 0..twins.min(count) {
            stored.push(stored[0].clone());
        }
        let paths: Vec<CpuPath> = CpuPath::available().collect();
        let path = paths[seed as usize % paths.len()];
        let mut index = Index::with_path(MODEL, dimension, path).expect("in range");
        let mut rows = BTreeMap::new();
        for face in &stored {
            rows.insert(index.insert(face).expect("room").number(), face.clone());
        }
        for position in gone.iter().filter(|_| !stored.is_empty()) {
            let row = position.index(stored.len()) as u32;
            prop_assert_eq!(index.remove(Row::new(row)).is_ok(), rows.remove(&row).is_some());
        }
        let set: RowSet = kept
            .iter()
            .map(|position| Row::new(position.index(stored.len() + 5) as u32))
            .collect();
        prop_assert_eq!(index.len(), rows.len());
        let live: Vec<u32> = index.rows().map(Row::number).collect();
        prop_assert_eq!(live, rows.keys().copied().collect::<Vec<_>>());
        let stranger = noise.embedding(dimension);
        check(&index, &rows, &stranger, &set)?;
        if let Some(known) = stored.first() {
            let again = noise.near(known);
            check(&index, &rows, known, &set)?;
            check(&index, &rows, &again, &set)?;
        }
    }
}

fn index_of(dimension: usize, count: usize) -> (Index, BTreeMap<u32, Embedding>) {
    let mut noise = Noise(7);
    let mut index = Index::new(MODEL, dimension).expect("in range");
    let faces: Vec<Embedding> = (0..count).map(|_| noise.embedding(dimension)).collect();
    let values: Vec<f32> = faces
        .iter()
        .flat_map(|face| face.values().to_vec())
        .collect();
    assert_eq!(index.extend(&values), Ok(Row::new(0)));
    (index, (0..).zip(faces).collect())
}

#[test]
fn several_chunks_are_one_index() {
    // 512 rows fill a chunk at this dimension.
    let (index, rows) = index_of(4_096, 1_100);
    assert_eq!(index.chunks.len(), 3);
    let probe = rows[&1_099].clone();
    let set: RowSet = (500..1_099).map(Row::new).collect();
    check(&index, &rows, &probe, &set).expect("equal");
    let found = index.search(&probe, 1, None).expect("fits");
    assert!(found[0].row == Row::new(1_099) && found[0].cosine > 0.9999);
}

/// More rows than may be put off at once, all about as close as the codes can tell; the closest come last.
#[test]
fn rows_that_were_put_off_are_not_forgotten() {
    let mut noise = Noise(23);
    let probe = noise.embedding(32);
    let rows: Vec<Embedding> = (0..14_000)
        .map(|n| {
            let off = 0.02 * (1.0 - n as f32 / 20_000.0);
            let values = probe
                .values()
                .iter()
                .map(|value| value + off * noise.next());
            embedding(&values.collect::<Vec<f32>>())
        })
        .collect();
    let mut index = Index::new(MODEL, 32).expect("in range");
    let values: Vec<f32> = rows.iter().flat_map(|row| row.values().to_vec()).collect();
    index.extend(&values).expect("room");
    let rows: BTreeMap<u32, Embedding> = (0..).zip(rows).collect();
    for top in [1, 100] {
        let found = index.search(&probe, top, None).expect("fits");
        assert_eq!(found, slow(&rows, &probe, top, None), "{top}");
    }
}

#[test]
fn a_clone_keeps_its_state_while_the_index_changes() {
    let (mut index, mut rows) = index_of(64, 200);
    let (before, rows_before) = (index.clone(), rows.clone());
    let mut noise = Noise(11);
    let fresh = noise.embedding(64);
    index.remove(Row::new(70)).expect("in use");
    index.replace(Row::new(3), &fresh).expect("in use");
    rows.remove(&70);
    rows.insert(3, fresh.clone());
    let set = RowSet::new();
    check(&before, &rows_before, &fresh, &set).expect("equal");
    check(&index, &rows, &fresh, &set).expect("equal");
    assert_eq!(before.values(Row::new(70)), Some(rows_before[&70].values()));
    assert_eq!(index.values(Row::new(70)), None);
    assert_eq!(index.insert(&fresh), Ok(Row::new(70)));
    assert_eq!(index.insert(&fresh), Ok(Row::new(200)));
}

#[test]
fn vacant_rows_cannot_be_touched_and_an_emptied_index_takes_no_memory() {
    let (mut index, rows) = index_of(64, 130);
    for row in [130, 5_000_000, u32::MAX] {
        let vacant = Err(IndexError::Vacant { row: Row::new(row) });
        assert_eq!(index.remove(Row::new(row)), vacant);
        assert_eq!(index.replace(Row::new(row), &rows[&0]), vacant);
        assert_eq!(index.values(Row::new(row)), None);
    }
    for row in 0..130 {
        index.remove(Row::new(row)).expect("in use");
    }
    assert_eq!(
        (index.len(), index.memory(), index.is_empty()),
        (0, 0, true)
    );
    assert_eq!(index.search(&rows[&0], 5, None), Ok(vec![]));
    assert_eq!(index.insert(&rows[&9]), Ok(Row::new(0)));
}

#[test]
fn loading_is_inserting_and_refuses_what_is_no_embedding() {
    let (mut index, mut rows) = index_of(100, 70);
    index.remove(Row::new(69)).expect("in use");
    rows.remove(&69);
    let more: Vec<f32> = [&rows[&1], &rows[&2]]
        .iter()
        .flat_map(|e| e.values().to_vec())
        .collect();
    assert_eq!(index.extend(&more), Ok(Row::new(69)));
    let (one, two) = (rows[&1].clone(), rows[&2].clone());
    rows.insert(69, one.clone());
    rows.insert(70, two);
    check(&index, &rows, &one, &RowSet::new()).expect("equal");

    let ragged = IndexError::Ragged {
        values: 199,
        dimension: 100,
    };
    assert_eq!(index.extend(&more[1..]), Err(ragged));
    for bad in [f32::NAN, f32::INFINITY, 2.0] {
        let mut spoilt = more.clone();
        spoilt[150] = bad;
        let error = index.extend(&spoilt).expect_err("refused");
        assert!(
            matches!(error, IndexError::NotUnit { position: 1, .. }),
            "{error}"
        );
    }
    assert_eq!(index.len(), 71);
}

#[test]
fn another_model_or_dimension_is_refused() {
    let (mut index, rows) = index_of(64, 3);
    let other = Embedding::from_parts("p@2", rows[&0].values().to_vec()).expect("unit");
    let short = embedding(&[1.0; 32]);
    for bad in [&other, &short] {
        assert!(matches!(index.insert(bad), Err(IndexError::Match(_))));
        assert!(matches!(
            index.replace(Row::new(0), bad),
            Err(IndexError::Match(_))
        ));
        assert!(matches!(
            index.search(bad, 1, None),
            Err(IndexError::Match(_))
        ));
    }
    for dimension in [0, MAX_DIMENSION + 1] {
        let error = Index::new(MODEL, dimension).expect_err("refused");
        assert_eq!(error, IndexError::Dimension { dimension });
        assert_eq!(
            crate::error::Coded::status(&error),
            crate::error::Status::InvalidParameter
        );
    }
}

#[test]
fn debug_text_keeps_the_values_secret() {
    let (index, rows) = index_of(2, 1);
    let text = format!("{index:?}");
    let value = rows[&0].values()[0].to_string();
    assert!(text.contains("len: 1") && !text.contains(&value), "{text}");
}
