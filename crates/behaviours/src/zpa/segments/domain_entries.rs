//! `domain-entries`: a segment's names and addresses are well formed, in lower case, and clash with no other segment.
//!
//! The same name may stand in two segments if their ports do not meet, and only with one match style (client
//! evidence).

use std::net::IpAddr;

use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::application_segment as segment;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Record, Refusal};
use zuno_store::Pointer;

use super::port_views::ranges;

/// What the index of names is kept under; no record is of this kind.
const ENTRY: &str = "zpa.domain_entry";

/// The flat lists of ports, by protocol.
const PORTS: [&str; 2] = [segment::TCP_PORT_RANGES.name, segment::UDP_PORT_RANGES.name];

/// The guarantee for one resource.
#[derive(Default)]
pub struct DomainEntries;

impl DomainEntries {
    fn entries(&self, record: &Record) -> Vec<String> {
        segment::DOMAIN_NAMES.of(record).map(|entry| entry.trim().to_lowercase()).collect()
    }

    fn said(&self, words: String) -> Fault {
        let kind = Kind(segment::KIND.into());
        Fault::Invalid { kind, field: segment::DOMAIN_NAMES.into(), fix: Fix::Said(words) }
    }

    /// Refuses what another segment, of whatever scope, already claims.
    fn clash(&self, cx: &Context<'_>, change: &Change, ours: &Ports, entry: &str) -> Result<(), Fault> {
        for other in holders(cx, entry)? {
            if other.id == change.id {
                continue;
            }
            let name = other.record.text("name").unwrap_or_default();
            if other.record.get(segment::MATCH_STYLE.name) != change.new.get(segment::MATCH_STYLE.name) {
                // The id is client evidence; the words are guessed.
                return Err(Fault::Refused {
                    class: Refusal::BadRequest,
                    code: "domain.match.style.overlapping".into(),
                    message: format!(
                        "Domain(s) {entry} already exist with a different match style in application(s) {name}"
                    ),
                    params: vec![entry.to_owned(), name.to_owned()],
                });
            }
            for (member, ours) in PORTS.into_iter().zip(ours) {
                if meet(ours, &flat(&other.record, member)) {
                    // The refusal is client evidence; its words are guessed.
                    return Err(Fault::Refused {
                        class: Refusal::BadRequest,
                        code: "invalid.resource.argument".into(),
                        message: format!("One or more input fields {member} are not valid."),
                        params: vec![segment::DOMAIN_NAMES.into(), member.to_owned()],
                    });
                }
            }
        }
        Ok(())
    }
}

/// The segments, of whatever scope, that have an entry, given in lower case.
pub fn holders(cx: &Context<'_>, entry: &str) -> Result<Vec<Stored>, Fault> {
    cx.pointing(segment::KIND, segment::DOMAIN_NAMES.name, ENTRY, &Id(entry.to_owned()))
}

/// The port ranges of each protocol, sorted.
type Ports = [Vec<(u16, u16)>; PORTS.len()];

/// The port ranges of a flat list, sorted.
fn flat(record: &Record, member: &str) -> Vec<(u16, u16)> {
    let flat = record.items(member);
    let mut ranges = ranges(flat).unwrap_or_default();
    ranges.sort_unstable();
    ranges
}

/// Whether two sorted sets of port ranges have a port in common.
fn meet(one: &[(u16, u16)], other: &[(u16, u16)]) -> bool {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    // INVARIANT: what was passed over ends before all that is to come on the other side begins.
    while let (Some((from, to)), Some((low, high))) = (left.peek(), right.peek()) {
        if from <= high && low <= to {
            return true;
        }
        if to < low {
            left.next()
        } else {
            right.next()
        };
    }
    false
}

/// Why an entry is not well formed.
fn wrong(entry: &str, inclusive: bool, alone: bool) -> Option<&'static str> {
    if entry == "*" {
        return (!alone).then_some("`*` stands alone");
    }
    if entry.parse::<IpAddr>().is_ok() {
        return None;
    }
    if let Some((address, length)) = entry.split_once('/') {
        let longest = match address.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return Some("is no network"),
        };
        let fits = length.parse::<u8>().is_ok_and(|length| length <= longest);
        return (!fits).then_some("is no network");
    }
    if entry.split('-').count() == 2 && entry.split('-').all(|side| side.parse::<IpAddr>().is_ok()) {
        return Some("is a range of addresses; write networks");
    }
    let name = entry.strip_prefix("*.").unwrap_or(entry);
    if name.is_empty() || entry.len() > 253 {
        return Some("is no name");
    }
    let labels: Vec<&str> = name.split('.').collect();
    for (place, label) in labels.iter().enumerate() {
        // A pattern may not reach the registrable domain (documented): the last two labels.
        let pattern = inclusive && place + 2 < labels.len();
        let fits =
            |c: char| c.is_alphanumeric() || matches!(c, '-' | '_') || (pattern && matches!(c, '*' | '?'));
        if label.is_empty() || label.len() > 63 || label.starts_with('-') || !label.chars().all(fits) {
            return Some("is no name");
        }
    }
    None
}

impl Behaviour for DomainEntries {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let mut entries = self.entries(&change.new);
        let mut seen = std::collections::HashSet::new();
        entries.retain(|entry| seen.insert(entry.clone()));
        let inclusive = segment::MATCH_STYLE.of(&change.new) == Some("INCLUSIVE");
        let ports: Ports = PORTS.map(|member| flat(&change.new, member));
        for entry in &entries {
            if let Some(why) = wrong(entry, inclusive, entries.len() == 1) {
                return Err(self.said(format!("`{entry}` {why}")));
            }
            self.clash(cx, change, &ports, entry)?;
        }
        change
            .new
            .insert(segment::DOMAIN_NAME.into(), entries.first().map_or(Value::Null, |first| json!(first)));
        change.new.insert(segment::DOMAIN_NAMES.into(), json!(entries));
        Ok(())
    }

    /// Tells whether a segment's names could be kept, in the answer's own words and under a status of success.
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let body = call.object()?;
        let mut new: Record = body.clone();
        new.entry(segment::MATCH_STYLE).or_insert_with(|| json!("EXCLUSIVE"));
        let id = body.get("id").and_then(Id::from_value).unwrap_or_else(|| Id(String::new()));
        let (scope, sent) = (String::new(), Record::new());
        let mut change = Change { verb: Verb::Create, id, scope, old: None, new, sent };
        let said = |params: Vec<String>, id: &str, reason: String| json!({ "params": params, "id": id, "reason": reason });
        Ok(Outcome::Value(match self.before_write(cx, &mut change) {
            Ok(()) => json!({}),
            Err(Fault::Invalid { field, .. }) => {
                let reason = format!("One or more input fields {field} are not valid.");
                said(vec![field], "invalid.resource.argument", reason)
            }
            Err(Fault::Refused { code, message, params, .. }) => said(params, &code, message),
            Err(other) => return Err(other),
        }))
    }

    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        for entry in self.entries(record) {
            found.push(Pointer { field: segment::DOMAIN_NAMES.into(), kind: ENTRY.into(), id: Id(entry) });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{meet, wrong};

    #[test]
    fn entries_are_names_addresses_networks_and_wildcards() {
        for right in
            ["app.example.com", "*.example.com", "intranet", "10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "*"]
        {
            assert_eq!(wrong(right, false, true), None, "{right}");
        }
        for bad in ["10.0.0.1-10.0.0.9", "10.0.0.0/33", "a..b", "", "*.", "a*.example.com", "a b", "-x.com"] {
            assert!(wrong(bad, false, true).is_some(), "{bad}");
        }
        assert!(wrong("*", false, false).is_some());
    }

    #[test]
    fn a_pattern_stays_left_of_the_registrable_domain() {
        assert_eq!(wrong("app-??.eu.example.com", true, true), None);
        assert!(wrong("app.ex*.com", true, true).is_some());
    }

    proptest! {
        #[test]
        fn ranges_meet_when_they_share_a_port(
            one in prop::collection::vec((1u16..60, 0u16..9), 0..4),
            other in prop::collection::vec((1u16..60, 0u16..9), 0..4),
        ) {
            let ends = |list: &[(u16, u16)]| {
                let mut ends: Vec<(u16, u16)> = list.iter().map(|(from, span)| (*from, from + span)).collect();
                ends.sort_unstable();
                ends
            };
            let (one, other) = (ends(&one), ends(&other));
            let holds = |list: &[(u16, u16)], port| list.iter().any(|(from, to)| (*from..=*to).contains(&port));
            let brute = (1u16..80).any(|port| holds(&one, port) && holds(&other, port));
            prop_assert_eq!(meet(&one, &other), brute);
        }
    }
}
