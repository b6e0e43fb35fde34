//! The words every other crate speaks: records and their ids, who is acting, and what can go wrong.
//!
//! Nothing here knows a product, a status code or a database.

mod fault;
mod fingerprint;
mod record;
mod rights;

pub use fault::{Fault, Fix, Link, Refusal};
pub use fingerprint::fingerprint;
pub use record::{Actor, AudienceRule, Id, Kind, Record, Tenant, TenantId, Time};
pub use rights::{Access, Reach, Right, Rights};
