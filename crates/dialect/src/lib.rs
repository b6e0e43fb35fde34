//! How each API family spells things: pages and searches in, envelopes and refusals out.
//!
//! The engine sees one shape; every disagreement between the families is settled here. One module a family,
//! or one for two that agree, each with one exhaustive match over the faults.

mod answer;
mod dialect;
mod names;
mod page;
mod plain;
mod search;
mod spacing;
mod zcc;
mod zia;
mod zpa;

pub use answer::{Answer, Body};
pub use dialect::{ABSENT, Dialect, Throttled};
pub use names::{respelt_body, respelt_query};
pub use page::{Links, envelope, known_query, list_query, written_envelope};
pub use plain::absent_service;
pub use search::parse as parse_search;
pub use spacing::write as write_json;
use zuno_catalogue::Family;

/// How a family spells things.
pub fn of(family: Family) -> &'static dyn Dialect {
    match family {
        Family::Zia => &zia::INTERNET_ACCESS,
        Family::Ztw => &zia::CONNECTORS,
        Family::Zpa => &zpa::Zpa,
        Family::Zcc => &zcc::Zcc,
        Family::Zdx => &plain::DIGITAL_EXPERIENCE,
        Family::Zidentity => &plain::ZIDENTITY,
    }
}
