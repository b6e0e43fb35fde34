//! A whole fleet is reckoned: who is in it, and what its devices fetched in an hour.

use std::collections::HashMap;
use std::sync::Arc;

use zuno_model::Time;

use crate::{
    bearings::Bearings,
    fleet::{Application, Device, Fleet},
    hour::Hour,
    roll::Roll,
    signal::{Day, Fetch},
    window::{PROBE_STEP, grid},
};

impl Fleet {
    /// Who is in it.
    pub(crate) fn roll(&self) -> Arc<Roll> {
        self.memory.roll(|| self.counted())
    }

    fn counted(&self) -> Roll {
        let mut roll = Roll::default();
        let (mut user_of, mut place_of) = (HashMap::new(), HashMap::new());
        for (nth, device) in (0u32..).zip(&self.devices) {
            let user = *user_of.entry(device.owner.id).or_insert_with(|| {
                roll.users.push(Vec::new());
                roll.users.len() - 1
            });
            roll.users[user].push(nth);
            roll.place.push(*place_of.entry(device.geolocation.id.as_str()).or_insert_with(|| {
                roll.places.push(nth);
                roll.places.len() as u32 - 1
            }));
        }
        roll
    }

    /// What was measured in one hour, as far as it has passed by now.
    pub(crate) fn hour(&self, start: Time, now: Time) -> Arc<Hour> {
        let last = Hour::last(start, now);
        self.memory.hour((start, last), |known| {
            let begun = || Hour::begun(start, self.devices.len(), self.applications.len());
            let mut hour = known.map_or_else(begun, Hour::clone);
            self.fill(&mut hour, last);
            hour
        })
    }

    fn fill(&self, hour: &mut Hour, to: Time) {
        let applications: Vec<&Application> = self.applications.iter().collect();
        let from = hour.to() + 1;
        for (nth, device) in self.devices.iter().enumerate() {
            self.each_fetch(device, &applications, (from, to), |app, at, fetch| {
                hour.add((nth, app, at), fetch.told(), fetch.score);
            });
        }
        hour.ends(to);
    }

    /// Shows every fetch of a device between two instants, both included, by the place of its application.
    pub(crate) fn each_fetch(
        &self,
        device: &Device,
        applications: &[&Application],
        (from, to): (Time, Time),
        mut look: impl FnMut(usize, Time, &Fetch),
    ) {
        let spells = device.spells(self.seed, from, to);
        if spells.is_empty() {
            return;
        }
        let mut bearings: Vec<Bearings<'_>> =
            applications.iter().map(|app| Bearings::of(self, device, app)).collect();
        let mut day: Option<Day> = None;
        for at in grid(from, to, PROBE_STEP).filter(|at| spells.contains(*at)) {
            let number = device.geolocation.day(at);
            let today = match day.take() {
                Some(today) if today.number == number => today,
                _ => Day::of(device, self.seed, number),
            };
            let condition = device.condition_on(&today, self.seed, at);
            day = Some(today);
            for (nth, app) in applications.iter().enumerate() {
                let mut probes = app.web_probes.iter().filter(|probe| probe.measures(device, at)).peekable();
                if probes.peek().is_none() {
                    continue;
                }
                let path = bearings[nth].path(at, &condition);
                for probe in probes {
                    look(nth, at, &bearings[nth].fetch(probe, at, &condition, &path));
                }
            }
        }
    }
}
