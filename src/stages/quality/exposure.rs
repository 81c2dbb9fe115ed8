//! Brightness and lost ends of the tonal range.

use super::chip::Chip;

/// From this luma on there is nothing left to see; the documents' cameras and JPEG clip at 255.
const BURNT: f32 = 250.0;

/// Down to this luma.
const DROWNED: f32 = 8.0;

pub(super) struct Exposure {
    /// `0..=100`.
    pub(super) brightness: f32,
    /// Shares, `0..=1`.
    pub(super) over: f32,
    pub(super) under: f32,
}

/// Brightness of the skin, and how much of the face is burnt out or drowned.
///
/// Brightness is the middle between the 10th and the 90th percentile of the skin's luma, as a
/// percentage of white: dark skin in good light still has highlights, so its exposure is judged and
/// not its complexion. What covers a part does not count, as it is no skin.
pub(super) fn of(chip: &Chip, skin: &[usize], face: &[usize]) -> Exposure {
    let share = |test: &dyn Fn(f32) -> bool| {
        let hits = face.iter().filter(|&&i| test(chip.luma[i])).count();
        hits as f32 / face.len().max(1) as f32
    };
    let area = if skin.is_empty() { face } else { skin };
    let mut values: Vec<f32> = area.iter().map(|&i| chip.luma[i]).collect();
    values.sort_by(f32::total_cmp);
    let at = |share: f32| {
        let index = (values.len().saturating_sub(1)) as f32 * share;
        values.get(index as usize).copied().unwrap_or(0.0)
    };
    Exposure {
        brightness: (at(0.1) + at(0.9)) / 2.0 / 255.0 * 100.0,
        over: share(&|v| v >= BURNT),
        under: share(&|v| v <= DROWNED),
    }
}
