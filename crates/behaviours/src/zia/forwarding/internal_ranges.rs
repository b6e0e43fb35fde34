//! The addresses inside a tunnel are eight in a row that no other tunnel has.

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::gre_tunnel;
use zuno_engine::{Call, Context, Outcome};
use zuno_model::{Fault, Id, Kind};

use super::static_address::number_of;

/// Where ranges are taken from: 172.17.0.0 to 172.19.255.255 (guessed, after ranges that the documents show).
const FIRST: u32 = 0xac11_0000;
const LAST: u32 = 0xac13_ffff;
/// How many addresses a range has (documented).
const LONG: u32 = 8;
/// How many are listed when the caller does not say (seen).
const LISTED: usize = 10;

fn refusal(words: String) -> Fault {
    Fault::said(&Kind(gre_tunnel::KIND.into()), gre_tunnel::INTERNAL_IP_RANGE.name, words)
}

fn read(text: &str) -> Result<Ipv4Addr, Fault> {
    let first = text.split('-').next().unwrap_or_default().trim();
    first.parse().map_err(|_| refusal(format!("Invalid IP address : {text}")))
}

/// The first addresses of the ranges that tunnels have, but for one tunnel's.
fn taken(cx: &Context<'_>, own: Option<&Id>) -> Result<Vec<Ipv4Addr>, Fault> {
    let tunnels = cx.all(gre_tunnel::KIND, None)?;
    let others = tunnels.iter().filter(|tunnel| own != Some(&tunnel.id));
    Ok(others.filter_map(|tunnel| gre_tunnel::INTERNAL_IP_RANGE.of(&tunnel.record)?.parse().ok()).collect())
}

/// The free ranges from an address on, each by its first address.
fn free(taken: &[Ipv4Addr], from: Ipv4Addr) -> impl Iterator<Item = Ipv4Addr> {
    let from = from.to_bits().clamp(FIRST, LAST) / LONG * LONG;
    (from..=LAST).step_by(LONG as usize).map(Ipv4Addr::from_bits).filter(|first| !taken.contains(first))
}

/// A range for a tunnel: the one that is wished for if it is free, else the first free one.
///
/// # Errors
/// The wish is no range, or taken, or all are.
pub fn choose(cx: &Context<'_>, own: &Id, wish: Option<&str>) -> Result<Ipv4Addr, Fault> {
    let taken = taken(cx, Some(own))?;
    let Some(text) = wish.filter(|text| !text.trim().is_empty()) else {
        let first = free(&taken, Ipv4Addr::from_bits(FIRST)).next();
        return first.ok_or_else(|| refusal("There is no internal IP range left.".into()));
    };
    let first = read(text)?;
    match free(&taken, first).next() {
        Some(found) if found == first => Ok(first),
        _ => Err(refusal(format!(
            "The internal IP range {text} is not available: choose one of availableInternalIpRanges."
        ))),
    }
}

/// The last address of a range.
pub fn last(first: Ipv4Addr) -> Ipv4Addr {
    Ipv4Addr::from_bits(first.to_bits() | (LONG - 1))
}

/// The free ranges that a call asks for.
///
/// # Errors
/// An address is none, or the store failed.
pub fn available(cx: &Context<'_>, call: &Call) -> Result<Outcome, Fault> {
    let given = |name: &str| call.query(name).map(str::trim).filter(|text| !text.is_empty());
    let from = given("internalIpRange").map_or(Ok(Ipv4Addr::from_bits(FIRST)), read)?;
    let most = given("limit").and_then(|text| text.parse().ok()).unwrap_or(LISTED);
    let own = given("staticIp").map(|address| number_of(cx, address)).transpose()?.flatten();
    let taken = taken(cx, own.as_ref())?;
    let ranges = free(&taken, from)
        .take(most)
        .map(|first| json!({"startIPAddress": first.to_string(), "endIPAddress": last(first).to_string()}));
    Ok(Outcome::Value(Value::Array(ranges.collect())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn free_ranges_are_in_the_pool_and_meet_no_taken_one(
            taken in proptest::collection::vec(0_u32..40, 0..20),
            from in any::<u32>(),
        ) {
            let taken: Vec<Ipv4Addr> = taken.iter().map(|at| Ipv4Addr::from_bits(FIRST + at * LONG)).collect();
            let mut before = None;
            for first in free(&taken, Ipv4Addr::from_bits(from)).take(30) {
                let bits = first.to_bits();
                prop_assert!((FIRST..=LAST - 7).contains(&bits) && bits % LONG == 0);
                prop_assert!(!taken.contains(&first) && before.is_none_or(|before| before < bits));
                prop_assert!(last(first).to_bits() - bits == 7);
                before = Some(bits);
            }
        }
    }
}
