//! The measurements that simulated devices report: a pure function of tenant, fleet and time.
//!
//! Nothing is stored and nothing is random. Every value is drawn from a hash of the tenant's seed, the identities
//! concerned and the instant, so the same question is always answered equally, two windows agree wherever they
//! overlap, and a fleet of any size costs nothing until someone looks at it.
//!
//! A [`Fleet`] describes who is measured; its methods answer what the experience API shows of it. A method returns
//! `None` when the device, application or probe it names is not in the fleet. Time comes in through [`Window`].
//!
//! Numbers are plausible rather than real: unless a comment says otherwise they are `guessed`.

mod alerts;
mod apps;
mod calls;
mod device;
mod events;
mod fleet;
mod geo;
mod health;
mod local;
mod pace;
mod path;
mod random;
pub mod score;
mod signal;
mod spans;
mod trace;
mod trouble;
mod web;
mod window;
pub mod wire;

pub use fleet::{Application, Device, Fleet, Geolocation, Known, Named, Presence, Probe, Scope, User};
pub use pace::Pace;
pub use path::Leg;
pub use random::Seed;
pub use trace::{Trace, TraceStatus};
pub use window::{OutOfReach, Window};

/// What an application's metric series may show.
pub use apps::AppMetric;
