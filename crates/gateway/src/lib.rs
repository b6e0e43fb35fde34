//! HTTP: which service of the cloud a request is for, who asks, what they may ask, and how it is answered.
//!
//! [`Cloud`] holds everything one server is; [`Cloud::answer`] takes a whole request and gives a whole response, so
//! that tests need no socket. [`Service`] puts it behind hyper.

mod api;
mod authorize;
mod bodies;
mod clients;
mod clock;
mod cloud;
mod collisions;
mod conditional;
mod destination;
mod health;
mod html;
mod json;
mod keys;
mod legacy;
mod machines;
mod members;
mod names;
mod notes;
mod operator;
mod own;
mod published;
mod quota;
mod reach;
mod records;
mod recover;
mod rendered;
mod request;
mod respond;
mod revoked;
mod scim;
mod service;
mod settings;
mod strangers;
mod tally;
mod tenants;
mod tokens;
mod trust;

pub use bodies::BodyLimits;
pub use clock::Clock;
pub use cloud::{Cloud, Options, StartError};
pub use published::{Endpoints, FolderError};
pub use service::Service;
pub use tally::Tally;
pub use tenants::{FirstTenant, NewTenant};
pub use zuno_behaviours::Pace;
pub use zuno_model::Tenant;
