//! Local time: when a device is on, and how busy its part of the world is.

use zuno_model::Time;

use crate::{
    fleet::{Device, Geolocation, Presence},
    random::Seed,
    spans::{DAY, MINUTE},
};

impl Geolocation {
    fn offset(&self) -> Time {
        Time::from(self.utc_offset_minutes) * MINUTE
    }

    /// The local day that an instant falls on, counted from the epoch's.
    pub(crate) fn day(&self, at: Time) -> Time {
        (at + self.offset()).div_euclid(DAY)
    }

    /// The instant a local day begins.
    pub(crate) fn midnight(&self, day: Time) -> Time {
        day * DAY - self.offset()
    }

    /// How busy working people make this instant, 0 to 1: highest about 10:30 and 14:30, little on weekends.
    pub(crate) fn load(&self, at: Time) -> f64 {
        let hour = (at + self.offset()).rem_euclid(DAY) as f64 / 3600.0;
        let peak = |top: f64| (-((hour - top) / 1.6).powi(2)).exp();
        peak(10.5).max(peak(14.5)) * if weekend(self.day(at)) { 0.15 } else { 1.0 }
    }
}

/// Whether a day is a Saturday or Sunday; day 0 was a Thursday.
pub(crate) fn weekend(day: Time) -> bool {
    matches!((day + 4).rem_euclid(7), 0 | 6)
}

impl Device {
    /// Whether it is on at an instant, and so reports.
    pub(crate) fn online(&self, seed: Seed, at: Time) -> bool {
        if at < self.enrolled {
            return false;
        }
        match self.presence {
            Presence::Always => true,
            Presence::Never => false,
            Presence::Hours { .. } => {
                let today = self.geolocation.day(at);
                // Yesterday's hours may run past midnight.
                [today - 1, today]
                    .into_iter()
                    .filter_map(|day| self.session(seed, day))
                    .any(|on| on.contains(&at))
            }
        }
    }

    /// From when to when it is on, if it keeps hours and was switched on that local day: most workdays, few weekends.
    pub(crate) fn session(&self, seed: Seed, day: Time) -> Option<std::ops::Range<Time>> {
        let Presence::Hours { from, to } = self.presence else { return None };
        let draw = seed.draw("session", &[self.id, day]);
        if !draw.chance(if weekend(day) { 0.15 } else { 0.96 }) {
            return None;
        }
        let length = (i64::from(to) - i64::from(from) - 1).rem_euclid(24) + 1;
        let on = self.geolocation.midnight(day) + i64::from(from) * 3600;
        Some(
            on + draw.then(1).whole(-20, 25) * MINUTE
                ..on + length * 3600 + draw.then(2).whole(-30, 40) * MINUTE,
        )
    }
}
