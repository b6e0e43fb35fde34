//! HTTP: which service of the cloud a request is for, who asks, what they may ask, and how it is answered.
//!
//! [`Cloud`] holds everything one server is; [`Cloud::answer`] takes a whole request and gives a whole response, so
//! that tests need no socket. [`HttpService`] puts it behind hyper.

mod api;
mod authorize;
mod bodies;
mod clients;
mod clock;
mod cloud;
mod collisions;
mod conditional;
mod destination;
mod domains;
mod entry_point;
mod form;
mod health;
mod html;
mod json;
mod left_behind;
mod legacy;
mod log;
mod machines;
mod members;
mod names;
mod notes;
mod older_keys;
mod operator;
mod options;
mod own;
mod policies;
mod policy_review;
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
mod sealing;
mod service;
mod sessions;
mod settings;
mod state;
mod strangers;
mod tally;
mod tenants;
mod tokens;
mod trust;
mod what_if;

pub use bodies::BodyLimits;
pub use clock::Clock;
pub use cloud::Cloud;
pub use older_keys::OlderKeys;
pub use options::{Options, StartError};
pub use policies::compile;
pub use service::HttpService;
pub use state::published::{Endpoints, FolderError};
pub use state::tenants::{FirstTenant, NewTenant};
pub use tally::Tally;
pub use zuno_behaviours::Pace;
pub use zuno_engine::ObjectLimits;
pub use zuno_model::Tenant;
