//! The life of a deep trace: asked for, taken up by the device, running, over.
//!
//! A trace keeps no state beyond what was asked: how far it is follows from the fleet and the time.

use zuno_model::Time;

use crate::{
    fleet::{Device, Fleet},
    pace::Pace,
    spans::MINUTE,
    window::Window,
};

/// How many minutes a trace waits for a device that is off (guessed).
const PATIENCE_MINUTES: i64 = 60;

/// How far a trace is. `not_started` and `started` are documented, the others are the portal's words in their form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceStatus {
    /// The device has not answered yet.
    NotStarted,
    /// The device answered; there are no measurements yet.
    Started,
    /// Measurements come in, each minute.
    InProgress,
    /// It ran its full length.
    Completed,
    /// It ended with measurements missing: the device was off for a part.
    Incomplete,
    /// The device never answered.
    Expired,
    /// Somebody stopped it, and the device has not heard of it yet.
    AbortInitiated,
    /// Somebody stopped it.
    Aborted,
}

impl TraceStatus {
    /// The wire's word.
    pub fn word(self) -> &'static str {
        match self {
            TraceStatus::NotStarted => "not_started",
            TraceStatus::Started => "started",
            TraceStatus::InProgress => "in_progress",
            TraceStatus::Completed => "completed",
            TraceStatus::Incomplete => "incomplete",
            TraceStatus::Expired => "expired",
            TraceStatus::AbortInitiated => "abort_initiated",
            TraceStatus::Aborted => "aborted",
        }
    }

    /// Whether the trace still holds its device: one may be active per device (documented).
    pub fn active(self) -> bool {
        matches!(self, TraceStatus::NotStarted | TraceStatus::Started | TraceStatus::InProgress)
    }
}

/// A trace as one sees it at some instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// How far it is.
    pub status: TraceStatus,
    /// When it was asked for, epoch seconds.
    pub created_at: Time,
    /// When the device took it up, if it has.
    pub started_at: Option<Time>,
    /// When it ended, if it has.
    pub ended_at: Option<Time>,
    /// When it will end or did, if it was taken up.
    until: Option<Time>,
    now: Time,
    pace: Pace,
}

impl Fleet {
    /// How far a trace is that was asked for at `created_at` to last some minutes. A device that is on takes it up
    /// within a few minutes (documented), one that is off when it comes on, unless that takes an hour (guessed).
    pub fn trace(&self, device: i64, created_at: Time, session_minutes: i64, now: Time) -> Option<Trace> {
        let device = self.device(device)?;
        let (pace, minute) = (self.pace, self.pace.minute());
        let waiting = |status, ended_at| Trace {
            status,
            created_at,
            started_at: None,
            ended_at,
            until: None,
            now,
            pace,
        };
        let Some(start) = self.taken_up(device, created_at) else {
            let over = created_at + PATIENCE_MINUTES * minute;
            return Some(if now < over {
                waiting(TraceStatus::NotStarted, None)
            } else {
                waiting(TraceStatus::Expired, Some(over))
            });
        };
        if now < start {
            return Some(waiting(TraceStatus::NotStarted, None));
        }
        let end = start + session_minutes * minute;
        let status = match now {
            _ if now >= end && self.gapless(device, start, end) => TraceStatus::Completed,
            _ if now >= end => TraceStatus::Incomplete,
            _ if now < start + minute => TraceStatus::Started,
            _ => TraceStatus::InProgress,
        };
        Some(Trace {
            status,
            created_at,
            started_at: Some(start),
            ended_at: (now >= end).then_some(end),
            until: Some(end),
            now,
            pace,
        })
    }

    /// When a device takes up a trace: a minute or more after it was asked for, or after it comes on.
    fn taken_up(&self, device: &Device, created_at: Time) -> Option<Time> {
        let minute = self.pace.minute();
        let delay = self.seed.draw("trace", &[device.id, created_at]).whole(60, 170) * minute / MINUTE;
        let mut asked =
            (delay / minute..PATIENCE_MINUTES).map(|nth| created_at + delay % minute + nth * minute);
        asked.find(|at| device.online(self.seed, *at))
    }

    fn gapless(&self, device: &Device, start: Time, end: Time) -> bool {
        let window = Window::every(self.pace.minute(), start, end, end);
        window.instants().all(|at| device.online(self.seed, at))
    }
}

impl Trace {
    /// The window of its measurements so far, one each minute of its pace; none before the device took it up.
    pub fn window(&self) -> Option<Window> {
        Some(Window::every(self.pace.minute(), self.started_at?, self.until?, self.now))
    }

    /// Seconds until it ends; 0 unless it runs.
    pub fn left(&self) -> Time {
        self.until.map_or(0, |until| (until - self.now).max(0))
    }

    /// Minutes until it ends, rounded up (guessed).
    pub fn minutes_left(&self) -> Time {
        (self.left() + MINUTE - 1) / MINUTE
    }

    /// The same trace when somebody stopped it at some instant; one that was over then stays as it is.
    #[must_use]
    pub fn stopped(self, at: Time) -> Trace {
        if at > self.now || self.ended_at.is_some_and(|ended| ended <= at) {
            return self;
        }
        let heard = self.now >= at + self.pace.minute();
        let status = if heard { TraceStatus::Aborted } else { TraceStatus::AbortInitiated };
        let started_at = self.started_at.filter(|start| *start <= at);
        Trace { status, started_at, ended_at: Some(at), until: started_at.map(|_| at), ..self }
    }
}
