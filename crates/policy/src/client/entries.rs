//! Lists as profiles write them, and the addresses in them.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::record::{Record, text};

/// A member that lists entries with commas, some of them in brackets (seen).
pub(super) fn lists(record: &Record, member: &str) -> Vec<String> {
    let six = format!("{member}ForIPv6");
    let texts = [text(record, member), text(record, &six)].into_iter().flatten();
    let entries = texts.flat_map(|text| text.split(','));
    let bare =
        entries.map(|entry| entry.trim().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase());
    bare.filter(|entry| !entry.is_empty()).collect()
}

/// An address or a block.
pub(super) fn net(entry: &str) -> Option<IpNet> {
    let address = entry.parse::<IpAddr>().ok().map(IpNet::from);
    address.or_else(|| entry.parse().ok())
}
