//! How long a product takes to answer, as it was measured.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The normal scores of the ninth tenth and of the ninety-ninth hundredth.
const NINTH: f64 = 1.281_551_6;
const LAST: f64 = 2.326_347_9;

/// How many times as long as one of two calls one of ten takes, where only the first is known: as at the reads of internet
/// access (guessed).
const SPREAD: f64 = 4.2;

/// The longest that a call takes, in milliseconds (guessed): clients give up at a minute.
const LONGEST: f64 = 60_000.0;

/// How long calls take, in milliseconds: half of them no longer than `p50`, nine of ten than `p90`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    /// Of one of two.
    pub p50: u32,
    /// Of nine of ten.
    #[serde(default)]
    pub p90: Option<u32>,
    /// Of ninety-nine of a hundred.
    #[serde(default)]
    pub p99: Option<u32>,
}

/// How long a product's calls take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latencies {
    /// Reading.
    #[serde(rename = "GET")]
    pub read: Latency,
    /// Every other method.
    pub write: Latency,
}

impl Latency {
    /// That they rise.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), String> {
        let (middle, ninth, last) = self.measured();
        match 0.0 < middle && middle <= ninth && ninth <= last && ninth <= LONGEST {
            true => Ok(()),
            false => Err(format!(
                "the latencies {middle:.0}, {ninth:.0} and {last:.0} ms, as far as they are known, need to rise, from above 0, and \
                 the second to stay within {LONGEST:.0}"
            )),
        }
    }

    /// In milliseconds: the middle, the ninth tenth and the last hundredth, reckoned where they were not measured.
    fn measured(&self) -> (f64, f64, f64) {
        let middle = f64::from(self.p50);
        let ninth = self.p90.map_or(middle * SPREAD, f64::from);
        let last = self.p99.map_or(ninth * (ninth / middle).powf((LAST - NINTH) / NINTH), f64::from);
        (middle, ninth, last)
    }

    /// How long the call takes that has this place among all, as a normal score: 0 is the middle. What was measured is met,
    /// and between and beyond it lies what grows by the same factor with each step.
    pub fn at(&self, score: f64) -> Duration {
        let (middle, ninth, last) = self.measured();
        let between = |(from, low): (f64, f64), (to, high): (f64, f64)| {
            low * (high / low).powf((score - from) / (to - from))
        };
        let milliseconds = match score {
            score if score <= NINTH => between((0.0, middle), (NINTH, ninth)),
            _ => between((NINTH, ninth), (LAST, last)),
        };
        Duration::from_secs_f64(milliseconds.clamp(0.0, LONGEST) / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{LAST, Latency, NINTH};

    #[test]
    fn what_was_measured_is_met() {
        let writes = Latency { p50: 1_900, p90: Some(5_600), p99: Some(30_000) };
        let at = |score| writes.at(score).as_millis();
        assert_eq!((at(0.0), at(NINTH), at(LAST), at(40.0)), (1_900, 5_600, 30_000, 60_000));
        let alone = Latency { p50: 45, p90: None, p99: None };
        assert_eq!((alone.at(0.0).as_millis(), alone.at(NINTH).as_millis()), (45, 189));
    }

    #[test]
    fn a_later_place_never_takes_less() {
        let latency = Latency { p50: 359, p90: Some(1_500), p99: None };
        let all: Vec<_> = (-400..=400).map(|score| latency.at(f64::from(score) / 100.0)).collect();
        assert!(all.is_sorted() && all[0] > std::time::Duration::ZERO);
    }

    #[test]
    fn latencies_that_fall_are_refused() {
        assert!(Latency { p50: 10, p90: Some(9), p99: None }.check().is_err());
        assert!(Latency { p50: 0, p90: None, p99: None }.check().is_err());
        assert!(
            Latency { p50: 100, p90: None, p99: Some(200) }.check().is_err(),
            "what is reckoned between counts"
        );
        assert!(Latency { p50: 15_000, p90: None, p99: None }.check().is_err());
    }
}
