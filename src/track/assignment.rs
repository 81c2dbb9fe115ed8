//! Who goes with whom, so that the sum of what all pairs gain is the largest.

/// Pairs rows with columns so that the sum of `gain(row, column)` is the largest; a pair without a gain (`None`, or 0 and less) is
/// never made. Answers the column of each row.
///
/// The Hungarian method by shortest augmenting paths, one row at a time (Jonker and Volgenant, Computing 38, 1987), O(n³). A
/// column of its own for each row, with gain 0, lets rows stay alone.
pub(super) fn assign(
    rows: usize,
    columns: usize,
    gain: impl Fn(usize, usize) -> Option<f32>,
) -> Vec<Option<usize>> {
    let cost = |row: usize, column: usize| -> f64 {
        if column >= columns {
            return 0.0;
        }
        // A forbidden pair costs more than staying alone does.
        gain(row, column)
            .filter(|g| *g > 0.0)
            .map_or(1.0, |g| -f64::from(g))
    };
    let mut duals = Duals::new(rows, columns + rows);
    for row in 0..rows {
        duals.add(row, cost);
    }
    let mut paired = vec![None; rows];
    for (column, row) in duals.row_of.iter().enumerate().take(columns) {
        if let Some(row) = *row {
            paired[row] = gain(row, column).filter(|g| *g > 0.0).map(|_| column);
        }
    }
    paired
}

/// The method's state: prices of rows and columns, and which row each column has.
struct Duals {
    row_price: Vec<f64>,
    column_price: Vec<f64>,
    row_of: Vec<Option<usize>>,
}

impl Duals {
    fn new(rows: usize, columns: usize) -> Self {
        Self {
            row_price: vec![0.0; rows],
            column_price: vec![0.0; columns],
            row_of: vec![None; columns],
        }
    }

    /// Finds a column for one more row, moving others along the cheapest path.
    fn add(&mut self, row: usize, cost: impl Fn(usize, usize) -> f64) {
        let columns = self.row_of.len();
        let mut distance = vec![f64::INFINITY; columns];
        let mut before = vec![None; columns];
        let mut done = vec![false; columns];
        let (mut current, mut last, mut length) = (row, None, 0.0);
        let end = loop {
            let mut nearest: Option<usize> = None;
            for column in (0..columns).filter(|c| !done[*c]) {
                let way = length + cost(current, column)
                    - self.row_price[current]
                    - self.column_price[column];
                if way < distance[column] {
                    distance[column] = way;
                    before[column] = last;
                }
                if nearest.is_none_or(|n| distance[column] < distance[n]) {
                    nearest = Some(column);
                }
            }
            // There are more columns than rows, so one is always free.
            let Some(column) = nearest else { return };
            done[column] = true;
            length = distance[column];
            last = Some(column);
            match self.row_of[column] {
                Some(taken) => current = taken,
                None => break column,
            }
        };
        self.reprice(row, &done, &distance, length);
        self.shift(row, end, &before);
    }

    fn reprice(&mut self, row: usize, done: &[bool], distance: &[f64], length: f64) {
        self.row_price[row] += length;
        for column in (0..done.len()).filter(|c| done[*c]) {
            let slack = length - distance[column];
            self.column_price[column] -= slack;
            if let Some(taken) = self.row_of[column] {
                self.row_price[taken] += slack;
            }
        }
    }

    /// Gives each column of the path the row of the column before it, and the first one the new row.
    fn shift(&mut self, row: usize, end: usize, before: &[Option<usize>]) {
        let mut column = end;
        while let Some(earlier) = before[column] {
            self.row_of[column] = self.row_of[earlier];
            column = earlier;
        }
        self.row_of[column] = Some(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The best sum by trying everything.
    fn slow(gains: &[Vec<Option<f32>>], row: usize, taken: &mut Vec<bool>) -> f64 {
        if row == gains.len() {
            return 0.0;
        }
        let mut best = slow(gains, row + 1, taken);
        for column in 0..taken.len() {
            if let (Some(gain), false) = (gains[row][column], taken[column])
                && gain > 0.0
            {
                taken[column] = true;
                best = best.max(f64::from(gain) + slow(gains, row + 1, taken));
                taken[column] = false;
            }
        }
        best
    }

    proptest! {
        #[test]
        fn the_sum_is_the_best_there_is(
            (columns, gains) in (0_usize..6).prop_flat_map(|columns| {
                let cell = prop::option::of(-0.5_f32..2.0);
                (Just(columns), prop::collection::vec(prop::collection::vec(cell, columns), 0..6))
            })
        ) {
            let paired = assign(gains.len(), columns, |r, c| gains[r][c]);
            let mut used = vec![false; columns];
            let mut sum = 0.0;
            for (row, column) in paired.iter().enumerate() {
                if let Some(column) = *column {
                    prop_assert!(!used[column], "a column has one row");
                    used[column] = true;
                    let gain = gains[row][column].expect("a pair has a gain");
                    prop_assert!(gain > 0.0);
                    sum += f64::from(gain);
                }
            }
            let best = slow(&gains, 0, &mut vec![false; columns]);
            prop_assert!((sum - best).abs() < 1e-6, "{sum} of {best}");
        }
    }

    #[test]
    fn the_nearest_pair_gives_way_where_both_gain_more() {
        let gains = [[Some(1.0), Some(0.9)], [Some(0.95), None]];
        assert_eq!(assign(2, 2, |r, c| gains[r][c]), [Some(1), Some(0)]);
    }
}
