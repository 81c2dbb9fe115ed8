//! Tensors whose values the file fixes: weights, and the arithmetic on shapes that exporters leave
//! behind.

use crate::MAX_TENSOR_VALUES;

/// Values in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Constant {
    pub(super) shape: Vec<usize>,
    pub(super) values: Values,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    Floats(Vec<f32>),
    Integers(Vec<i64>),
}

/// A result, or what has no form.
pub(super) type Folded<T> = Result<T, String>;

impl Constant {
    pub(super) fn integers(shape: Vec<usize>, values: Vec<i64>) -> Self {
        Self {
            shape,
            values: Values::Integers(values),
        }
    }

    /// Its values, where they are f32.
    pub(super) fn floats(&self) -> Folded<&[f32]> {
        match &self.values {
            Values::Floats(values) => Ok(values),
            Values::Integers(_) => {
                Err("integers where numbers of type float are needed".to_owned())
            }
        }
    }

    /// Its values, where they are integers.
    pub(super) fn as_integers(&self) -> Folded<&[i64]> {
        match &self.values {
            Values::Integers(values) => Ok(values),
            Values::Floats(_) => Err("numbers of type float where integers are needed".to_owned()),
        }
    }

    /// Its only value.
    pub(super) fn scalar(&self) -> Folded<f32> {
        match self.floats()? {
            [value] => Ok(*value),
            _ => Err("several values where one is needed".to_owned()),
        }
    }

    /// The values at the given places, in a new shape.
    fn pick(&self, shape: Vec<usize>, places: &[usize]) -> Self {
        let values = match &self.values {
            Values::Floats(v) => Values::Floats(places.iter().map(|&i| v[i]).collect()),
            Values::Integers(v) => Values::Integers(places.iter().map(|&i| v[i]).collect()),
        };
        Self { shape, values }
    }

    pub(super) fn reshape(&self, shape: Vec<usize>) -> Self {
        Self {
            shape,
            values: self.values.clone(),
        }
    }

    pub(super) fn cast(&self, to: i64) -> Folded<Self> {
        // FLOAT, FLOAT16 and DOUBLE; INT32, INT64. What was read as f16 is f32 here already.
        let values = match (to, &self.values) {
            (1 | 10 | 11, Values::Floats(_)) | (6 | 7, Values::Integers(_)) => self.values.clone(),
            (1 | 10 | 11, Values::Integers(v)) => {
                Values::Floats(v.iter().map(|&v| v as f32).collect())
            }
            (6 | 7, Values::Floats(v)) => Values::Integers(v.iter().map(|&v| v as i64).collect()),
            _ => return Err(format!("a cast to type {to}")),
        };
        Ok(Self {
            shape: self.shape.clone(),
            values,
        })
    }

    pub(super) fn transpose(&self, order: &[usize]) -> Folded<Self> {
        let shape: Vec<usize> = order.iter().map(|&axis| self.shape[axis]).collect();
        let steps = steps(&self.shape);
        let steps: Vec<usize> = order.iter().map(|&axis| steps[axis]).collect();
        let places = places(&shape, &steps, 0)?;
        Ok(self.pick(shape, &places))
    }

    /// ONNX `Gather`: the slices at `indices` of one axis.
    pub(super) fn gather(&self, axis: usize, indices: &Self) -> Folded<Self> {
        let side = self.shape[axis] as i64;
        let steps = steps(&self.shape);
        let mut shape = self.shape.clone();
        shape.splice(axis..=axis, indices.shape.iter().copied());
        let outer = places(&self.shape[..axis], &steps[..axis], 0)?;
        let inner = places(&self.shape[axis + 1..], &steps[axis + 1..], 0)?;
        check_count(&shape)?;
        let mut all = Vec::new();
        for outer in outer {
            for &index in indices.as_integers()? {
                let index = if index < 0 { index + side } else { index };
                if !(0..side).contains(&index) {
                    return Err(format!("index {index} of an axis of {side}"));
                }
                let first = outer + index as usize * steps[axis];
                all.extend(inner.iter().map(|inner| first + inner));
            }
        }
        Ok(self.pick(shape, &all))
    }

    /// A range of one axis, `step` apart; ONNX's rules for ends that are negative or too large.
    pub(super) fn slice(&self, axis: usize, start: i64, end: i64, step: i64) -> Folded<Self> {
        if step < 1 {
            return Err(format!("a slice with step {step}"));
        }
        let side = self.shape[axis] as i64;
        let place = |at: i64| if at < 0 { at.saturating_add(side) } else { at }.clamp(0, side);
        let indices: Vec<i64> = (place(start)..place(end)).step_by(step as usize).collect();
        self.gather(axis, &Self::integers(vec![indices.len()], indices))
    }

    pub(super) fn concat(parts: &[&Self], axis: usize) -> Folded<Self> {
        let first = parts.first().ok_or("a concatenation of nothing")?;
        let mut shape = first.shape.clone();
        let fits = |part: &&Self| {
            part.shape.len() == shape.len()
                && (0..shape.len()).all(|i| i == axis || part.shape[i] == shape[i])
        };
        if axis >= shape.len() || !parts.iter().all(fits) {
            return Err("a concatenation of shapes that do not fit".to_owned());
        }
        shape[axis] = parts.iter().map(|part| part.shape[axis]).sum();
        check_count(&shape)?;
        let outer: usize = shape[..axis].iter().product();
        let mut all = Self {
            values: match first.values {
                Values::Floats(_) => Values::Floats(Vec::new()),
                Values::Integers(_) => Values::Integers(Vec::new()),
            },
            shape,
        };
        for row in 0..outer {
            for part in parts {
                let length: usize = part.shape[axis..].iter().product();
                let range = row * length..(row + 1) * length;
                match (&mut all.values, &part.values) {
                    (Values::Floats(all), Values::Floats(v)) => all.extend_from_slice(&v[range]),
                    (Values::Integers(all), Values::Integers(v)) => {
                        all.extend_from_slice(&v[range]);
                    }
                    _ => return Err("a concatenation of floats and integers".to_owned()),
                }
            }
        }
        Ok(all)
    }

    /// `left ? right`, value by value, with ONNX's broadcasting.
    pub(super) fn combine(operator: &str, left: &Self, right: &Self) -> Folded<Self> {
        let shape = broadcast(&left.shape, &right.shape)?;
        let (a, b) = (left.spread(&shape)?, right.spread(&shape)?);
        let values = match (&left.values, &right.values) {
            (Values::Floats(l), Values::Floats(r)) => {
                let apply: fn(f32, f32) -> f32 = match operator {
                    "Add" => |a, b| a + b,
                    "Sub" => |a, b| a - b,
                    "Mul" => |a, b| a * b,
                    "Div" => |a, b| a / b,
                    _ => return Err("no constant is made of it".to_owned()),
                };
                Values::Floats(a.iter().zip(&b).map(|(&a, &b)| apply(l[a], r[b])).collect())
            }
            (Values::Integers(l), Values::Integers(r)) => {
                let apply: fn(i64, i64) -> Option<i64> = match operator {
                    "Add" => i64::checked_add,
                    "Sub" => i64::checked_sub,
                    "Mul" => i64::checked_mul,
                    "Div" => i64::checked_div,
                    _ => return Err("no constant is made of it".to_owned()),
                };
                let values = a.iter().zip(&b).map(|(&a, &b)| apply(l[a], r[b]));
                let values: Option<_> = values.collect();
                Values::Integers(values.ok_or("integers without a result")?)
            }
            _ => return Err("floats and integers together".to_owned()),
        };
        Ok(Self { shape, values })
    }

    /// For each value of the larger shape, the place of the value here that it meets.
    pub(super) fn spread(&self, shape: &[usize]) -> Folded<Vec<usize>> {
        let more = shape
            .len()
            .checked_sub(self.shape.len())
            .ok_or("a constant with more axes than what it meets")?;
        let own = steps(&self.shape);
        let mut steps = vec![0; shape.len()];
        for (axis, (&side, &step)) in self.shape.iter().zip(&own).enumerate() {
            if side == shape[more + axis] {
                steps[more + axis] = step;
            } else if side != 1 {
                return Err(format!("shapes {:?} and {shape:?} do not meet", self.shape));
            }
        }
        places(shape, &steps, 0)
    }
}

/// Values between neighbours of each axis in row-major order.
pub(super) fn steps(shape: &[usize]) -> Vec<usize> {
    let mut steps = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        steps[axis - 1] = steps[axis] * shape[axis];
    }
    steps
}

/// The places that rows of axes visit, the last axis fastest.
pub(super) fn places(shape: &[usize], steps: &[usize], first: usize) -> Folded<Vec<usize>> {
    check_count(shape)?;
    let mut places = vec![first];
    for (&side, &step) in shape.iter().zip(steps) {
        places = places
            .into_iter()
            .flat_map(|place| (0..side).map(move |i| place + i * step))
            .collect();
    }
    Ok(places)
}

fn check_count(shape: &[usize]) -> Folded<()> {
    let count = shape
        .iter()
        .try_fold(1_usize, |n, &side| n.checked_mul(side));
    match count {
        Some(count) if count <= MAX_TENSOR_VALUES => Ok(()),
        _ => Err(format!(
            "a tensor of shape {shape:?}, more than {MAX_TENSOR_VALUES} values"
        )),
    }
}

fn broadcast(left: &[usize], right: &[usize]) -> Folded<Vec<usize>> {
    let rank = left.len().max(right.len());
    let side = |shape: &[usize], axis: usize| {
        (axis + shape.len())
            .checked_sub(rank)
            .map_or(1, |i| shape[i])
    };
    (0..rank)
        .map(|axis| match (side(left, axis), side(right, axis)) {
            (a, b) if a == b || b == 1 => Ok(a),
            (1, b) => Ok(b),
            _ => Err(format!("shapes {left:?} and {right:?} do not meet")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(shape: &[usize]) -> Constant {
        let count: usize = shape.iter().product();
        Constant::integers(shape.to_vec(), (0..count as i64).collect())
    }

    #[test]
    fn transposing_moves_axes() {
        let turned = counted(&[2, 3]).transpose(&[1, 0]);
        assert_eq!(
            turned,
            Ok(Constant::integers(vec![3, 2], vec![0, 3, 1, 4, 2, 5]))
        );
    }

    #[test]
    fn gathering_takes_slices_and_counts_from_the_end() {
        let indices = Constant::integers(vec![2], vec![-1, 0]);
        let taken = counted(&[2, 3]).gather(1, &indices);
        assert_eq!(taken, Ok(Constant::integers(vec![2, 2], vec![2, 0, 5, 3])));
        let outside = Constant::integers(vec![], vec![3]);
        assert!(counted(&[2, 3]).gather(1, &outside).is_err());
        let one = Constant::integers(vec![], vec![1]);
        assert_eq!(
            counted(&[3]).gather(0, &one),
            Ok(Constant::integers(vec![], vec![1]))
        );
    }

    #[test]
    fn slices_end_where_the_axis_does() {
        let slice = |start, end, step| counted(&[5]).slice(0, start, end, step).map(|c| c.values);
        assert_eq!(slice(1, i64::MAX, 2), Ok(Values::Integers(vec![1, 3])));
        assert_eq!(slice(-2, 9, 1), Ok(Values::Integers(vec![3, 4])));
        assert_eq!(slice(4, 2, 1), Ok(Values::Integers(vec![])));
        assert!(slice(0, 5, -1).is_err());
    }

    #[test]
    fn concatenation_keeps_rows() {
        let (a, b) = (counted(&[2, 1]), counted(&[2, 2]));
        let both = Constant::concat(&[&a, &b], 1);
        assert_eq!(
            both,
            Ok(Constant::integers(vec![2, 3], vec![0, 0, 1, 1, 2, 3]))
        );
        assert!(Constant::concat(&[&a, &b], 0).is_err());
    }

    #[test]
    fn arithmetic_broadcasts() {
        let sum = Constant::combine("Add", &counted(&[2, 1]), &counted(&[3]));
        assert_eq!(
            sum,
            Ok(Constant::integers(vec![2, 3], vec![0, 1, 2, 1, 2, 3]))
        );
        assert!(Constant::combine("Add", &counted(&[2]), &counted(&[3])).is_err());
        assert!(Constant::combine("Div", &counted(&[1]), &counted(&[1])).is_err());
    }

    #[test]
    fn tensors_with_too_many_values_are_refused() {
        let large = Constant::integers(vec![1 << 20], vec![0; 1 << 20]);
        assert!(Constant::concat(&[&large; 65], 0).is_err());
        let column = Constant::integers(vec![1 << 20, 1], vec![0; 1 << 20]);
        assert!(Constant::combine("Add", &large, &column).is_err());
    }
}
