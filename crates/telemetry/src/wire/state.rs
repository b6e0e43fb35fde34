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

    /// Why an application fared badly on a device.
    Finding {
        /// What it is, in a word or two.
        pub issue: &'static str,
        /// Percent of the bad measurements that it explains.
        pub confidence: i64,
        /// What it is, for people.
        pub message: &'static str,
        /// When it showed, epoch seconds.
        pub times: Vec<Time>,
    }
}
