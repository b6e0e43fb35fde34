//! `ipv4-span`: a range of IPv4 addresses is orderly, meets no other, and tells how many addresses it holds.
//!
//! It is given by its first and last address, or by a network that both are taken from. Parameters: `from`, `to`,
//! `network`, `count`.

use std::net::Ipv4Addr;

use serde_json::json;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind, Record};

/// The guarantee for one resource.
struct Ipv4Span {
    kind: String,
    from: String,
    to: String,
    network: String,
    count: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Ipv4Span {
        kind: params.kind(),
        from: params.text("from")?,
        to: params.text("to")?,
        network: params.text("network")?,
        count: params.text("count")?,
    }))
}

fn address(record: &Record, member: &str) -> Option<u32> {
    record.text(member)?.trim().parse::<Ipv4Addr>().ok().map(u32::from)
}

/// The first and last address of a network such as `10.0.0.0/8`.
fn ends(network: &str) -> Option<(u32, u32)> {
    let (address, length) = network.trim().split_once('/')?;
    let (address, length) = (u32::from(address.parse::<Ipv4Addr>().ok()?), length.parse::<u32>().ok()?);
    let hosts = u32::MAX.checked_shr(length).unwrap_or(0);
    (length <= 32 && address & hosts == 0).then_some((address, address | hosts))
}

impl Ipv4Span {
    fn span(&self, record: &Record) -> Option<(u32, u32)> {
        let (from, to) = (address(record, &self.from)?, address(record, &self.to)?);
        (from <= to).then_some((from, to))
    }
}

impl Behaviour for Ipv4Span {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let wrong = |field: &str, words: &str| Fault::said(&Kind(self.kind.clone()), field, words);
        let given = |member: &str| change.sent.text(member).is_some_and(|text| !text.is_empty());
        if let Some(network) = change.new.text(&self.network).filter(|text| !text.is_empty()) {
            let (from, to) = ends(network).ok_or_else(|| wrong(&self.network, "is no IPv4 network"))?;
            if !given(&self.from) && !given(&self.to) {
                change.new.insert(self.from.clone(), json!(Ipv4Addr::from(from).to_string()));
                change.new.insert(self.to.clone(), json!(Ipv4Addr::from(to).to_string()));
            }
        }
        let span = self.span(&change.new);
        let (from, to) = span.ok_or_else(|| wrong(&self.from, "is no IPv4 address up to the last one"))?;
        for other in cx.all(&self.kind, None)?.iter().filter(|other| other.id != change.id) {
            if self.span(&other.record).is_some_and(|(low, high)| from <= high && low <= to) {
                return Err(wrong(&self.from, "meets another range"));
            }
        }
        change.new.insert(self.count.clone(), json!(u64::from(to - from) + 1));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ends;

    #[test]
    fn networks_have_their_host_bits_clear() {
        assert_eq!(ends("10.0.0.0/30"), Some((0x0a00_0000, 0x0a00_0003)));
        for wrong in ["10.0.0.1/30", "10.0.0.0/33", "10.0.0.0", "::/8"] {
            assert_eq!(ends(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_network_holds_a_power_of_two(length in 0u32..=32) {
            let (from, to) = ends(&format!("0.0.0.0/{length}")).expect("a network");
            prop_assert_eq!(u64::from(to - from) + 1, 1u64 << (32 - length));
        }
    }
}
