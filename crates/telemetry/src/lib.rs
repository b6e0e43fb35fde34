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
mod analysis;
mod apps;
mod bearings;
mod calls;
mod criteria;
mod device;
mod events;
mod fleet;
mod geo;
mod health;
mod hour;
mod instant;
mod local;
mod memory;
mod pace;
mod path;
mod probe;
mod random;
mod reckon;
mod roll;
pub mod score;
mod sight;
mod signal;
mod software;
mod spans;
mod spells;
mod trace;
mod trouble;
mod web;
mod window;
pub mod wire;

pub use fleet::{Application, Device, Fleet, Geolocation, KnownDevice, Named, Presence, Scope, User};
pub use memory::Memory;
pub use pace::Pace;
pub use path::Leg;
pub use probe::{Criteria, Probe, Selection, Span};
pub use random::Seed;
pub use trace::{Trace, TraceStatus};
pub use window::{OutOfReach, Window};

/// What an application's metric series may show.
pub use apps::AppMetric;
