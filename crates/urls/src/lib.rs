//! What a URL is, to the cloud: which predefined categories the built-in base gives it, which entry of a tenant's own
//! categories takes it over, and how such entries must be written. Pure and synchronous; nothing is read or sent.

mod address;
mod base;
mod category;
mod custom;
mod entry;
mod hash;
mod ip_entry;
mod pattern;
mod quota;
mod review;
#[cfg(test)]
#[path = "table.rs"]
mod table;

pub use address::Address;
pub use base::{Base, Lookup};
pub use category::{Category, MISCELLANEOUS_OR_UNKNOWN, PREDEFINED, SECURITY_ALERTS, predefined};
pub use custom::{
    CustomCategories, CustomCategory, Decider, EntryIndex, Holds, Listing, Resolution, Unreadable,
    WhyUnreadable,
};
pub use entry::{EntryFault, TldEntry, UrlEntry};
pub use ip_entry::{IpEntry, IpEntryFault};
pub use pattern::PatternRoom;
pub use quota::{Quota, unique_urls};
pub use review::{Breadth, Review, review};
