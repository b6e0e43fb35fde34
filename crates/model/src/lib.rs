//! The words every other crate speaks: records and their ids, who is acting, and what can go wrong.
//!
//! Nothing here knows a product, a status code or a database.

mod fault;
mod fingerprint;
mod log;
mod record;
mod rights;

pub use fault::{Fault, Fix, Link, Misplacement, Refusal};
pub use fingerprint::{fingerprint, short_fingerprint};
pub use log::{Entry, Interface, Refused};
pub use record::{Actor, AudienceRule, Id, Kind, Record, Tenant, TenantId, Time};
pub use rights::{Permission, Reach, Right, Rights};
