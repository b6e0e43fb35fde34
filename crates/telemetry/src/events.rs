//! What changed on a device: it came on, changed its tunnel, moved to another access point.

use zuno_model::Time;

use crate::{
    fleet::{Device, Fleet},
    trouble::Cause,
    window::Window,
    wire::{Event, EventsAt},
};

impl Fleet {
    /// The changes on one device, oldest first; those of one second stand together.
    pub fn events(&self, device: i64, window: &Window) -> Option<Vec<EventsAt>> {
        let device = self.device(device)?;
        let place = &device.geolocation;
        let mut found: Vec<(Time, Event)> = (place.day(window.from()) - 1..=place.day(window.to()))
            .flat_map(|day| self.events_of(device, day))
            .filter(|(at, _)| window.contains(*at) && device.online(self.seed, *at))
            .collect();
        found.sort_by_key(|(at, _)| *at);
        let mut all: Vec<EventsAt> = Vec::new();
        for (timestamp, event) in found {
            match all.last_mut().filter(|last| last.timestamp == timestamp) {
                Some(last) => last.events.push(event),
                None => all.push(EventsAt { timestamp, events: vec![event] }),
            }
        }
        Some(all)
    }

    fn events_of(&self, device: &Device, day: Time) -> Vec<(Time, Event)> {
        let mut events = Vec::new();
        if let Some(on) = device.session(self.seed, day) {
            events.push((on.start, zscaler("ziaState", "ZIA State Change", "0", "1")));
            events.push((on.start, zscaler("tunType", "Tunnel Change", "0", "3")));
        }
        if let Some(detour) = device.detour(self.seed, day) {
            events.push((detour.from, zscaler("tunType", "Tunnel Change", "3", "1")));
            events.push((detour.to, zscaler("tunType", "Tunnel Change", "1", "3")));
        }
        for trouble in device.troubles(self.seed, day).filter(|trouble| trouble.cause == Cause::WeakWifi) {
            for (at, far) in [(trouble.from, true), (trouble.to, false)] {
                let event = Event {
                    category: "Network",
                    name: "bssid",
                    display_name: "Wi-Fi Access Point Change",
                    prev: device.bssid(self.seed, !far),
                    curr: device.bssid(self.seed, far),
                };
                events.push((at, event));
            }
        }
        events
    }
}

/// A change in the client. `tunType`, its title and the values 0 and 3 are seen in a public client, as is `ziaState`;
/// the rest is guessed.
fn zscaler(name: &'static str, display_name: &'static str, prev: &str, curr: &str) -> Event {
    Event { category: "Zscaler", name, display_name, prev: prev.to_owned(), curr: curr.to_owned() }
}
