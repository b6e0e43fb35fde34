//! A session on a device, and how far it is: what is measured during one is measured while it runs.

use zuno_catalogue::Members;
use zuno_engine::{Context, Params};
use zuno_model::{Fault, Id, Record, Time};
use zuno_telemetry::{Fleet, Trace};

use super::members::Source;
use super::source::Only;

/// What a session is, in members of its record.
pub struct Course {
    /// The member that names the device.
    pub device: String,
    /// The kind of the devices.
    pub device_kind: String,
    minutes: String,
    /// The member that tells when it was asked for.
    pub since: String,
    /// The member that tells when it was stopped.
    pub stopped: Option<String>,
}

impl Course {
    /// What the resource's parameters say.
    ///
    /// # Errors
    /// The resource has no sessions, or a member does not exist.
    pub fn of(params: Params<'_>) -> Result<Course, String> {
        const NAME: &str = "runs-its-course";
        let given = params.resource.behaviours.get(NAME);
        let given = given.ok_or_else(|| params.wrong(format!("`{NAME}` is not asked for")))?;
        let params = params.within(&given.0);
        let device = params.field("device")?;
        let stopped = params.maybe_text("stopped");
        params.known(&stopped)?;
        Ok(Course {
            device_kind: params.target(&device)?,
            device,
            minutes: params.field("minutes")?,
            since: params.field("since")?,
            stopped,
        })
    }

    /// The device that a session is on.
    pub fn device(&self, record: &Record) -> Option<Id> {
        record.get(&self.device).and_then(Id::from_value)
    }

    /// A session's device as a fleet of its own, which probes nothing.
    ///
    /// # Errors
    /// The store failed.
    pub fn device_alone(&self, cx: &Context<'_>, source: &Source, record: &Record) -> Result<Fleet, Fault> {
        source.devices(cx, Only::Device(self.number(record)))
    }

    /// The number of the device that a session is on; one that no device has where it is on none.
    pub fn number(&self, record: &Record) -> i64 {
        self.device(record).and_then(|id| id.as_str().parse().ok()).unwrap_or(i64::MIN)
    }

    /// How far a session is; nowhere where its device is not known.
    pub fn progress(&self, fleet: &Fleet, record: &Record, now: Time) -> Option<Trace> {
        let number = |member: &str| record.number(member);
        let trace = fleet.trace(self.number(record), number(&self.since)?, number(&self.minutes)?, now)?;
        let stopped = self.stopped.as_ref().and_then(|member| number(member));
        Some(match stopped {
            Some(at) => trace.stopped(at),
            None => trace,
        })
    }
}
