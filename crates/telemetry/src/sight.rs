//! What a question about many devices looks at: which of them are asked for and were on, and their lowest scores.

use std::sync::Arc;

use crate::{
    fleet::{Application, Device, Fleet, Scope, User},
    hour::Hour,
    roll::Roll,
    spells::Spells,
    window::{PROBE_STEP, Window},
};

/// A fleet as one question sees it.
pub(crate) struct Sight<'f> {
    fleet: &'f Fleet,
    pub(crate) roll: Arc<Roll>,
    window: Window,
    /// While each device that is asked for was on; nothing for the others.
    spells: Vec<Option<Spells>>,
    pub(crate) hours: Vec<Arc<Hour>>,
}

/// A user with those of its devices that count, by their places in the fleet.
pub(crate) struct Member<'f> {
    pub(crate) user: &'f User,
    pub(crate) devices: Vec<u32>,
}

impl Fleet {
    /// The devices in scope as they were on in a window; without their scores.
    pub(crate) fn look(&self, scope: &Scope, window: &Window) -> Sight<'_> {
        let spells = self
            .devices
            .iter()
            .map(|device| scope.takes(device).then(|| device.spells(self.seed, window.from(), window.to())));
        Sight { fleet: self, roll: self.roll(), window: *window, spells: spells.collect(), hours: Vec::new() }
    }

    /// The same with their scores.
    pub(crate) fn sight(&self, scope: &Scope, window: &Window) -> Sight<'_> {
        let hours = window.hours().map(|hour| self.hour(hour, window.now())).collect();
        Sight { hours, ..self.look(scope, window) }
    }
}

impl<'f> Sight<'f> {
    /// A device by its place.
    pub(crate) fn device(&self, nth: u32) -> &'f Device {
        &self.fleet.devices[nth as usize]
    }

    /// Whether a device is asked for and was on.
    pub(crate) fn reported(&self, nth: u32) -> bool {
        self.spells[nth as usize].as_ref().is_some_and(|on| on.touch(PROBE_STEP, crate::Span::default()))
    }

    /// Whether a device is asked for, and an application was measured on it.
    fn measured(&self, nth: u32, app: &Application) -> bool {
        let (Some(on), device) = (&self.spells[nth as usize], self.device(nth)) else { return false };
        let mut probes = app.web_probes.iter().chain(&app.path_probes);
        !on.is_empty() && probes.any(|probe| probe.on.takes(device) && on.touch(PROBE_STEP, probe.runs))
    }

    /// The users with a device that counts, each once, in the order of their first device.
    fn members(&self, counts: impl Fn(u32) -> bool) -> Vec<Member<'f>> {
        let members = self.roll.users.iter().filter_map(|devices| {
            let devices: Vec<u32> = devices.iter().copied().filter(|nth| counts(*nth)).collect();
            let user = &self.device(*devices.first()?).owner;
            Some(Member { user, devices })
        });
        members.collect()
    }

    /// The users with a device that was on.
    pub(crate) fn present(&self) -> Vec<Member<'f>> {
        self.members(|nth| self.reported(nth))
    }

    /// The users with a device on which an application was measured.
    pub(crate) fn members_of(&self, app: &Application) -> Vec<Member<'f>> {
        self.members(|nth| self.measured(nth, app))
    }

    /// The lowest score of an application on a device.
    pub(crate) fn low(&self, device: u32, application: usize) -> Option<i64> {
        self.hours.iter().filter_map(|hour| hour.low(device as usize, application)).min()
    }

    /// The lowest score of an application on any device of a user.
    pub(crate) fn low_of(&self, member: &Member<'_>, application: usize) -> Option<i64> {
        member.devices.iter().filter_map(|device| self.low(*device, application)).min()
    }

    /// What the question is about.
    pub(crate) fn window(&self) -> &Window {
        &self.window
    }
}
