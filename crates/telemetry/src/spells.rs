//! While a device is on, as stretches of time: asked once for many instants.

use std::ops::Range;

use zuno_model::Time;

use crate::{
    fleet::{Device, Presence},
    probe::Span,
    random::Seed,
};

/// The stretches during which a device is on, between two instants.
pub(crate) struct Spells(Vec<Range<Time>>);

impl Device {
    /// While it is on, from one instant to another, both included.
    pub(crate) fn spells(&self, seed: Seed, from: Time, to: Time) -> Spells {
        let since = from.max(self.enrolled);
        let within = |range: Range<Time>| Some(range.start.max(since)..range.end.min(to + 1));
        let whole = |range: &Range<Time>| range.start < range.end;
        Spells(match self.presence {
            Presence::Never => Vec::new(),
            Presence::Always => within(from..to + 1).into_iter().filter(whole).collect(),
            // The hours of the day before may run past midnight.
            Presence::Hours { .. } => (self.geolocation.day(from) - 1..=self.geolocation.day(to))
                .filter_map(|day| within(self.session(seed, day)?))
                .filter(whole)
                .collect(),
        })
    }
}

impl Spells {
    /// Whether it is on at an instant.
    pub(crate) fn contains(&self, at: Time) -> bool {
        self.0.iter().any(|range| range.contains(&at))
    }

    /// Whether it is never on.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is on at any instant of a grid that lies in a span.
    pub(crate) fn touch(&self, step: Time, runs: Span) -> bool {
        self.0.iter().any(|range| {
            let start = runs.from.map_or(range.start, |from| from.max(range.start));
            let end = runs.to.map_or(range.end, |to| to.min(range.end));
            let first = -(-start).div_euclid(step) * step;
            first < end
        })
    }
}
