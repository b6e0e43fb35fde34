//! One hour of a whole fleet: the lowest score of each application on each device, and at each instant the sums of what
//! was fetched. Everything that many devices make together is counted from these.

use zuno_model::Time;

use crate::window::{HOUR, PROBE_STEP, grid};

/// No score: the device was off, or there is no baseline yet.
const NONE: u8 = u8::MAX;

/// What was measured in one hour, as far as it has passed.
#[derive(Clone, Debug)]
pub(crate) struct Hour {
    start: Time,
    /// The last instant that counts; one before `start` while none does.
    to: Time,
    applications: usize,
    /// The lowest scores, device by device.
    lows: Vec<u8>,
    /// The sums of each instant, application by application.
    sums: Vec<Sums>,
}

/// What was fetched from one application at one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// How many fetches were tried, and how many worked.
    pub(crate) tried: u32,
    pub(crate) worked: u32,
    /// Milliseconds: of the fetches that worked, and of names for all that were tried.
    pub(crate) pft_ms: f64,
    pub(crate) dns_ms: f64,
}

impl Sums {
    /// One more fetch: its time where it worked, and that of its name.
    pub(crate) fn add(&mut self, pft_ms: Option<f64>, dns_ms: f64) {
        self.tried += 1;
        self.dns_ms += dns_ms;
        if let Some(pft_ms) = pft_ms {
            self.worked += 1;
            self.pft_ms += pft_ms;
        }
    }
}

impl Hour {
    /// The last instant of an hour that has passed by now.
    pub(crate) fn last(start: Time, now: Time) -> Time {
        grid(start, (start + HOUR - 1).min(now), PROBE_STEP).last().unwrap_or(start - 1)
    }

    /// An hour of which nothing has been looked at.
    pub(crate) fn begun(start: Time, devices: usize, applications: usize) -> Hour {
        Hour {
            start,
            to: start - 1,
            applications,
            lows: vec![NONE; devices * applications],
            sums: vec![Sums::default(); applications * (HOUR / PROBE_STEP) as usize],
        }
    }

    /// How much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.lows.len() + size_of_val(self.sums.as_slice())
    }

    /// The last instant that counts.
    pub(crate) fn to(&self) -> Time {
        self.to
    }

    /// Everything up to an instant counts from now on.
    pub(crate) fn ends(&mut self, to: Time) {
        self.to = to;
    }

    fn slot(&self, at: Time, application: usize) -> usize {
        ((at - self.start) / PROBE_STEP) as usize * self.applications + application
    }

    /// One fetch of an application on a device, both by their places in the fleet; `fetched` is as [`Sums::add`] has it.
    pub(crate) fn add(
        &mut self,
        (device, application, at): (usize, usize, Time),
        fetched: (Option<f64>, f64),
        score: Option<i64>,
    ) {
        let slot = self.slot(at, application);
        self.sums[slot].add(fetched.0, fetched.1);
        if let Some(score) = score.and_then(|score| u8::try_from(score).ok()) {
            let low = &mut self.lows[device * self.applications + application];
            *low = score.min(*low);
        }
    }

    /// The lowest score of an application on a device, both by their places in the fleet.
    pub(crate) fn low(&self, device: usize, application: usize) -> Option<i64> {
        let low = self.lows[device * self.applications + application];
        (low != NONE).then(|| i64::from(low))
    }

    /// What was fetched from an application at an instant of this hour.
    pub(crate) fn sums(&self, at: Time, application: usize) -> Sums {
        self.sums[self.slot(at, application)]
    }
}
