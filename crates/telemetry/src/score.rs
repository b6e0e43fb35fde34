//! How values become scores: 0 to 100, three bands, the worst of each hour, the mean over people.

/// The three bands of a score (documented).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// 0 to 33.
    Poor,
    /// 34 to 65.
    Okay,
    /// 66 to 100.
    Good,
}

impl Band {
    /// The band of a whole score.
    pub fn of(score: i64) -> Band {
        match score {
            ..=33 => Band::Poor,
            34..=65 => Band::Okay,
            _ => Band::Good,
        }
    }

    /// The band of a mean opinion score of 1 to 5 (documented: up to 3.6 is poor, 4.34 and up is good).
    pub fn of_mos(mos: f64) -> Band {
        if mos <= 3.6 {
            Band::Poor
        } else if mos < 4.34 {
            Band::Okay
        } else {
            Band::Good
        }
    }
}

/// The score of one page fetch, from how many times its usual time it took: 100 up to once, 66 at 1.8, 34 at 3,
/// 0 from 6. That it compares with a rolling regional baseline is documented, the curve is guessed.
pub fn of_ratio(ratio: f64) -> i64 {
    const CURVE: [(f64, f64); 4] = [(1.0, 100.0), (1.8, 66.0), (3.0, 34.0), (6.0, 0.0)];
    if ratio <= CURVE[0].0 {
        return 100;
    }
    for pair in CURVE.windows(2) {
        let ((low, high_score), (high, low_score)) = (pair[0], pair[1]);
        if ratio <= high {
            let part = (ratio - low) / (high - low);
            return (high_score + (low_score - high_score) * part).round() as i64;
        }
    }
    0
}

/// The mean of whole scores, rounded to a whole score; none of none.
pub fn mean(scores: impl IntoIterator<Item = i64>) -> Option<i64> {
    let (sum, count) = scores.into_iter().fold((0, 0), |(sum, count), score| (sum + score, count + 1));
    (count > 0).then(|| (sum as f64 / f64::from(count)).round() as i64)
}

/// The score of a department, place or organisation: its lowest value of each interval, averaged. A day asked by the
/// hour has 25 intervals, the starting value included, hence the documented division by 25. Intervals without a
/// value do not count.
pub fn over_intervals(lowest: impl IntoIterator<Item = Option<i64>>) -> Option<i64> {
    mean(lowest.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_documented_example_of_three_users_gives_sixty() {
        assert_eq!(mean([42, 76, 62]), Some(60));
    }

    #[test]
    fn a_day_by_the_hour_is_divided_by_twenty_five() {
        let day = (0..25).map(|hour| Some(if hour == 0 { 50 } else { 100 }));
        assert_eq!(over_intervals(day), Some(98)); // 2450 / 25
        assert_eq!(over_intervals([None, Some(40), None, Some(60)]), Some(50));
        assert_eq!(over_intervals([None, None]), None);
    }

    #[test]
    fn bands_meet_without_gap_or_overlap() {
        let bands: Vec<_> = [0, 33, 34, 65, 66, 100].map(Band::of).into();
        assert_eq!(bands, [Band::Poor, Band::Poor, Band::Okay, Band::Okay, Band::Good, Band::Good]);
        assert_eq!(
            [3.6, 3.61, 4.33, 4.34].map(Band::of_mos),
            [Band::Poor, Band::Okay, Band::Okay, Band::Good]
        );
    }

    #[test]
    fn the_curve_passes_through_its_points() {
        assert_eq!([0.3, 1.0, 1.8, 3.0, 6.0, 60.0].map(of_ratio), [100, 100, 66, 34, 0, 0]);
    }

    proptest! {
        #[test]
        fn slower_never_scores_better(ratio in 0.0..10.0f64, more in 0.0..5.0f64) {
            prop_assert!(of_ratio(ratio + more) <= of_ratio(ratio));
            prop_assert!((0..=100).contains(&of_ratio(ratio)));
        }

        #[test]
        fn a_mean_lies_between_its_extremes(scores in prop::collection::vec(0i64..=100, 1..40)) {
            let mean = mean(scores.iter().copied()).unwrap();
            prop_assert!(scores.iter().min().unwrap() <= &mean && &mean <= scores.iter().max().unwrap());
        }
    }
}
