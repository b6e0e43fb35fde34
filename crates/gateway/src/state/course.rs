//! How a clock goes: ahead of another by some seconds, and as many times as fast. Pure.

use serde::{Deserialize, Serialize};
use zuno_model::Time;

/// The fastest: a day in a second and a half.
pub const FASTEST: i64 = 60_000;

/// How far from 1970 a clock may be set from a file, in seconds: some three hundred thousand years, so that nothing that is
/// reckoned from it is too large.
const LATEST: u64 = 10_000_000_000_000;

/// How a clock goes beside another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct Course {
    /// How many seconds it was ahead when its pace was set.
    pub ahead: i64,
    /// What the other showed then.
    pub since: Time,
    /// How many of its seconds go by in one of the other's; 0 when it stands still.
    pub pace: i64,
}

/// How it is kept: earlier folders kept how far it was ahead, and no more.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Ahead(i64),
    Course { ahead: i64, since: Time, pace: i64 },
}

impl From<Kept> for Course {
    fn from(kept: Kept) -> Course {
        match kept {
            Kept::Ahead(ahead) => Course { ahead, ..Course::default() },
            Kept::Course { ahead, since, pace } => Course { ahead, since, pace },
        }
    }
}

impl Default for Course {
    fn default() -> Course {
        Course { ahead: 0, since: 0, pace: 1 }
    }
}

impl Course {
    /// Whether a server could have come to it.
    pub fn is_fit(&self) -> bool {
        (0..=FASTEST).contains(&self.pace)
            && [self.ahead, self.since].iter().all(|seconds| seconds.unsigned_abs() <= LATEST)
    }

    /// What it shows while the other shows `other`.
    pub fn at(&self, other: Time) -> Time {
        let more = other.saturating_sub(self.since).saturating_mul(self.pace - 1);
        other.saturating_add(self.ahead).saturating_add(more)
    }

    /// One that shows `shown` while the other shows `other`, and goes on from there.
    pub fn showing(shown: Time, other: Time, pace: i64) -> Course {
        Course { ahead: shown.saturating_sub(other), since: other, pace }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Course;

    #[test]
    fn a_clock_stands_still_and_goes_on_where_it_stood() {
        let still = Course::showing(1_000, 100, 0);
        assert_eq!([still.at(100), still.at(500)], [1_000, 1_000]);
        let on = Course::showing(still.at(500), 500, 1);
        assert_eq!([on.at(500), on.at(510)], [1_000, 1_010]);
        assert_eq!(Course::default().at(77), 77);
    }

    #[test]
    fn a_clock_is_read_as_it_was_written_now_and_before() {
        let still = Course::showing(1_000, 100, 0);
        assert_eq!(serde_json::from_value::<Course>(serde_json::to_value(still).unwrap()).unwrap(), still);
        assert_eq!(serde_json::from_str::<Course>("60").unwrap().at(1), 61);
    }

    proptest! {
        #[test]
        fn a_change_of_pace_moves_no_hand(shown in -9_000i64..9_000, other in 0i64..9_000, pace in 0i64..60, passed in 0i64..900) {
            let course = Course::showing(shown, other, pace);
            prop_assert_eq!(course.at(other), shown);
            prop_assert_eq!(course.at(other + passed), shown + passed * pace);
        }
    }
}
