//! How a device and a trace of it are: health, changes, processes, progress.

use serde::Serialize;
use zuno_model::Time;

use super::Series;

wire! {
    /// A kind of health metrics.
    Health {
        /// Which kind.
        pub category: &'static str,
        /// The parts measured.
        pub instances: Vec<HealthInstance>,
    }

    /// One part whose health is measured.
    HealthInstance {
        /// Which.
        pub name: String,
        /// Its series.
        pub metrics: Vec<Series>,
    }

    /// What changed on a device at one instant.
    EventsAt {
        /// When, epoch seconds.
        pub timestamp: Time,
        /// What.
        pub events: Vec<Event>,
    }

    /// One change.
    Event {
        /// `Zscaler`, `Hardware`, `Software` or `Network`.
        pub category: &'static str,
        /// Which setting, as in `tunType`.
        pub name: &'static str,
        /// Its title, as in `Tunnel Change`.
        pub display_name: &'static str,
        /// Value before, as text.
        pub prev: String,
        /// Value after, as text.
        pub curr: String,
    }

    /// The busiest processes at one instant.
    ProcessesAt {
        /// When, epoch seconds.
        pub timestamp: Time,
        /// Busiest by each resource.
        pub top_processes: Vec<TopProcesses>,
    }

    /// The busiest processes by one resource.
    TopProcesses {
        /// Which resource.
        pub category: &'static str,
        /// The busiest first.
        pub processes: Vec<Process>,
    }

    /// A process.
    Process {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: &'static str,
    }

    /// What a new trace, or one whose state is asked for, answers.
    TraceState {
        /// Its id, as text (client: go reads nothing else).
        pub trace_id: String,
        /// How far it is.
        pub status: &'static str,
        /// Seconds left; 0 before it starts and after it ends (guessed: the examples say only 0 and 7200).
        pub expected_time: i64,
    }

    /// The times of a trace, for the wider answer that also repeats what was asked.
    TraceTimes {
        /// How far it is.
        pub status: &'static str,
        /// When it was asked for, epoch seconds.
        pub created_at: Time,
        /// When the device took it up; absent before.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub started_at: Option<Time>,
        /// When it ended; absent before.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub ended_at: Option<Time>,
        /// Minutes left, rounded up (guessed).
        pub expected_time_minutes: i64,
    }
}
