//! How each API family spells things: pages and searches in, envelopes and refusals out.
//!
//! The engine sees one shape; every disagreement between the families is settled here. One module a family,
//! or one for two that agree, each with one exhaustive match over the faults.

mod answer;
mod dialect;
mod page;
mod plain;
mod search;
mod spacing;
mod zcc;
mod zia;
mod zpa;

pub use answer::{Answer, Body};
pub use dialect::{ABSENT, Dialect, Throttled};
pub use page::{Links, envelope, known_query, list_query};
pub use plain::absent_service;
pub use search::parse as parse_search;
pub use spacing::write as write_json;

/// The family of this name, as `_product.toml` calls it.
pub fn named(name: &str) -> Option<&'static dyn Dialect> {
    Some(match name {
        "zia" => &zia::INTERNET_ACCESS,
        "ztw" => &zia::CONNECTORS,
        "zpa" => &zpa::Zpa,
        "zcc" => &zcc::Zcc,
        "zdx" => &plain::DIGITAL_EXPERIENCE,
        "zidentity" => &plain::ZIDENTITY,
        _ => return None,
    })
}
