//! What the numbers of a file may be.

use std::fmt;

/// What the numbers of one field of a file of rules may be.
pub struct Range<F: 'static> {
    name: &'static str,
    least: f32,
    most: f32,
    /// Whether the field is an interval, whose first end lies below its second.
    interval: bool,
    field: fn(&mut F) -> &mut [f32],
}

impl<F> fmt::Debug for Range<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Range({} {:?})", self.name, self.least..=self.most)
    }
}

impl<F> Range<F> {
    /// Each number of a field lies within `least..=most`. A field that a file may lack gives no numbers then.
    pub(in crate::stages::liveness) const fn each(
        name: &'static str,
        [least, most]: [f32; 2],
        field: fn(&mut F) -> &mut [f32],
    ) -> Self {
        Self {
            name,
            least,
            most,
            interval: false,
            field,
        }
    }

    /// The field is an interval whose ends lie within `least..=most`, and which is not empty.
    pub(in crate::stages::liveness) const fn interval(
        name: &'static str,
        [least, most]: [f32; 2],
        field: fn(&mut F) -> &mut [f32],
    ) -> Self {
        Self {
            name,
            least,
            most,
            interval: true,
            field,
        }
    }

    /// Refuses a number outside, and what is no number.
    pub(super) fn check(&self, file: &mut F) -> Result<(), String> {
        let Self {
            name, least, most, ..
        } = self;
        let numbers = (self.field)(file);
        for value in &*numbers {
            if !(*least..=*most).contains(value) {
                return Err(format!("{name} is {value}, allowed is {least} to {most}"));
            }
        }
        match numbers {
            [low, high] if self.interval && *low >= *high => Err(format!(
                "{name} runs from {low} to {high}, which holds nothing"
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
impl<F: Clone> Range<F> {
    /// Both ends are allowed, nothing beyond them is, and no NaN; each refusal names the field.
    pub(super) fn assert_both_sides(&self, file: &F) {
        let Self {
            name, least, most, ..
        } = *self;
        let count = (self.field)(&mut file.clone()).len();
        assert!(count > 0, "the file has no {name}");
        let with = |numbers: &[(usize, f32)]| {
            let mut changed = file.clone();
            for (at, value) in numbers {
                (self.field)(&mut changed)[*at] = *value;
            }
            self.check(&mut changed)
        };
        for at in 0..count {
            for value in [least.next_down(), most.next_up(), f32::NAN] {
                let refused = with(&[(at, value)]).expect_err(name);
                assert!(
                    refused.starts_with(&format!("{name} is {value}")),
                    "{refused}"
                );
            }
        }
        if self.interval {
            assert_eq!(with(&[(0, least), (1, most)]), Ok(()), "{name}");
            for ends in [[(0, most), (1, least)], [(0, most), (1, most)]] {
                let refused = with(&ends).expect_err(name);
                assert!(refused.contains("holds nothing"), "{refused}");
            }
            return;
        }
        for (at, value) in (0..count).flat_map(|at| [(at, least), (at, most)]) {
            assert_eq!(with(&[(at, value)]), Ok(()), "{name} {value}");
        }
    }
}
