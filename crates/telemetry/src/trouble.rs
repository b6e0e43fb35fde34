//! What goes wrong, when and for whom: one device's bad hour, a change of tunnel, a region that an application fails.
//!
//! Troubles are drawn by local day and stay inside it, so that looking at one day is enough to know an instant.

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet, Geolocation},
    local::weekend,
    random::{Seed, key},
    spans::{DAY, MINUTE},
};

/// Why a device fares badly for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// It moved away from its access point: the first hop suffers.
    WeakWifi,
    /// Something takes the processor: pages render late, the network is well.
    BusyProcessor,
    /// Names resolve late, nothing else.
    SlowNames,
    /// The way from the office to the cloud is congested.
    SlowUplink,
}

/// A stretch of trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Trouble {
    pub(crate) cause: Cause,
    pub(crate) from: Time,
    pub(crate) to: Time,
    /// 0 to 1.
    pub(crate) severity: f64,
}

impl Trouble {
    pub(crate) fn at(&self, at: Time) -> bool {
        (self.from..self.to).contains(&at)
    }
}

/// A stretch during which the other kind of tunnel carries a device's traffic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Detour {
    pub(crate) from: Time,
    pub(crate) to: Time,
}

/// A stretch during which one application fails one city.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Incident {
    pub(crate) from: Time,
    pub(crate) to: Time,
    /// How many times slower pages are.
    pub(crate) slower: f64,
}

impl Device {
    /// The troubles of one local day.
    pub(crate) fn troubles(&self, seed: Seed, day: Time) -> impl Iterator<Item = Trouble> + use<> {
        let (id, wireless, midnight) = (self.id, self.wireless(seed), self.geolocation.midnight(day));
        let shares = if weekend(day) { [0.06, 0.0] } else { [0.35, 0.12] };
        shares.into_iter().zip(0..).filter_map(move |(share, nth)| {
            let draw = seed.draw("trouble", &[id, day, nth]);
            let cause = match draw.then(1).whole(0, 3) {
                0 if wireless => Cause::WeakWifi,
                0 | 1 => Cause::BusyProcessor,
                2 => Cause::SlowNames,
                _ => Cause::SlowUplink,
            };
            let from = midnight + draw.then(2).whole(8 * 60, 17 * 60) * MINUTE;
            let to = from + draw.then(3).whole(20, 90) * MINUTE;
            draw.chance(share).then(|| Trouble { cause, from, to, severity: draw.then(4).unit() })
        })
    }

    /// The change of tunnel on one local day, if there is one.
    pub(crate) fn detour(&self, seed: Seed, day: Time) -> Option<Detour> {
        let draw = seed.draw("detour", &[self.id, day]);
        let from = self.geolocation.midnight(day) + draw.then(1).whole(8 * 60, 17 * 60) * MINUTE;
        draw.chance(0.12).then(|| Detour { from, to: from + draw.then(2).whole(25, 80) * MINUTE })
    }

    /// Whether its network is Wi-Fi.
    pub(crate) fn wireless(&self, seed: Seed) -> bool {
        self.known.wireless.unwrap_or_else(|| seed.draw("wireless", &[self.id]).chance(0.75))
    }
}

impl Application {
    /// The incident that this application has in one city on one local day, if there is one.
    pub(crate) fn incident(&self, seed: Seed, place: &Geolocation, day: Time) -> Option<Incident> {
        let draw = seed.draw("incident", &[self.id, key(&place.id), day]);
        let from = place.midnight(day) + draw.then(1).whole(8 * 12, 15 * 12) * 5 * MINUTE;
        draw.chance(if weekend(day) { 0.01 } else { 0.05 }).then(|| Incident {
            from,
            to: from + draw.then(2).whole(12, 30) * 5 * MINUTE,
            slower: draw.then(3).between(3.6, 7.0),
        })
    }
}

impl Fleet {
    /// The incidents of an application that touch a stretch of time, with their places, oldest first.
    pub(crate) fn incidents(&self, app: &Application, from: Time, to: Time) -> Vec<(&Geolocation, Incident)> {
        let mut found: Vec<_> = self
            .places()
            .into_iter()
            .flat_map(|place| {
                (place.day(from - DAY)..=place.day(to))
                    .map(move |day| (place, app.incident(self.seed, place, day)))
            })
            .filter_map(|(place, incident)| incident.map(|incident| (place, incident)))
            .filter(|(_, incident)| incident.from <= to && incident.to >= from)
            .collect();
        found.sort_by(|(a, first), (b, second)| (first.from, &a.id).cmp(&(second.from, &b.id)));
        found
    }

    /// Every city with a device, once, in order of first appearance.
    pub(crate) fn places(&self) -> Vec<&Geolocation> {
        self.roll().places.iter().map(|nth| &self.devices[*nth as usize].geolocation).collect()
    }
}
