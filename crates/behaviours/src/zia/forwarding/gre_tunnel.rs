//! `gre-tunnel`: a tunnel begins at a static address of the tenant's, under the same number, ends at virtual addresses of
//! two sites, and has addresses inside that no other tunnel has.

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::gre_tunnel;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome};
use zuno_model::{Fault, Id, Kind};

use super::duplicate::duplicate;
use super::internal_ranges;
use super::nearby::Nearby;
use super::sites::{Centre, GreVip, centres};
use super::static_address::number_of;

/// Where a tunnel ends: the member, and how a refusal calls it (client: terraformer, of the first).
const ENDS: [(&str, &str); 2] =
    [(gre_tunnel::PRIMARY_DEST_VIP.name, "primary"), (gre_tunnel::SECONDARY_DEST_VIP.name, "secondary")];

/// The guarantee.
#[derive(Default)]
pub struct GreTunnel;

fn refusal(member: &str, words: impl Into<String>) -> Fault {
    Fault::said(&Kind(gre_tunnel::KIND.into()), member, words)
}

/// The number of the static address that a new tunnel begins at.
fn source(cx: &Context<'_>, address: &str) -> Result<Id, Fault> {
    let held = number_of(cx, address)?.ok_or_else(|| {
        let words = format!("The IP address {address} is not one of the organization's static IP addresses.");
        refusal(gre_tunnel::SOURCE_IP.name, words)
    })?;
    match cx.get(gre_tunnel::KIND, &held)? {
        None => Ok(held),
        Some(_) => Err(duplicate(format!("There is a GRE tunnel from {address} already."), address)),
    }
}

/// A virtual address as a tunnel shows it: the country's letters padded to four (seen).
fn shown(vip: GreVip<'_>, primary: bool) -> Value {
    let mut shown = vip.shown();
    shown["countryCode"] = json!(format!("{:<4}", vip.centre.country()));
    if primary {
        shown["dontProvision"] = json!(true);
    }
    if vip.centre.surcharge {
        shown["regionalSurchargeApplicable"] = json!(true);
    }
    shown
}

/// What a caller names as an end.
enum Named<'a> {
    Nothing,
    Stranger,
    Vip(GreVip<'a>),
}

/// By number, or else by address.
fn named<'a>(all: &'a [Centre], sent: &Value) -> Named<'a> {
    let mut vips = all.iter().flat_map(Centre::vips);
    let number = sent.number("id").filter(|id| *id != 0);
    let address = sent.text("virtualIp").filter(|text| !text.is_empty());
    let found = match (number, address) {
        (Some(number), _) => vips.find(|vip| vip.id() == number),
        (None, Some(address)) => vips.find(|vip| vip.address.to_string() == address.trim()),
        (None, None) => return Named::Nothing,
    };
    found.map_or(Named::Stranger, Named::Vip)
}

/// Whether a virtual address has a member of its own.
fn differs(vip: &Value, taken: &[Value], member: &str) -> bool {
    taken.iter().all(|other| other.get(member) != vip.get(member))
}

/// The nearest virtual address that is not taken: in another city than the others, if there is one (client: python).
fn nearest(
    cx: &Context<'_>,
    all: &[Centre],
    change: &Change,
    taken: &[Value],
) -> Result<Option<Value>, Fault> {
    let source = gre_tunnel::SOURCE_IP.of(&change.new).unwrap_or_default();
    let mut nearby = Nearby::from_source(cx, source.trim())?;
    if gre_tunnel::WITHIN_COUNTRY.of(&change.new) {
        nearby = nearby.within_country();
    }
    let near = nearby.choose(cx, all)?;
    let vips = near.iter().flat_map(Centre::vips).map(|vip| shown(vip, taken.is_empty()));
    let free: Vec<Value> = vips.filter(|vip| differs(vip, taken, "id")).collect();
    Ok(free.iter().find(|vip| differs(vip, taken, "city")).or(free.first()).cloned())
}

/// Puts both ends in: as they are named, else as they were, else the nearest.
fn ends(cx: &Context<'_>, change: &mut Change) -> Result<(), Fault> {
    let all = centres(cx)?;
    let mut taken: Vec<Value> = Vec::new();
    for (member, word) in ENDS {
        let before = change.old.as_ref().and_then(|old| old.get(member)).cloned();
        let sent = change.sent.get(member).unwrap_or(&Value::Null);
        let end = match (named(&all, sent), before) {
            (Named::Vip(vip), _) => Some(shown(vip, taken.is_empty())),
            // An address that is published no longer stays until another one is named.
            (Named::Stranger, before) => before.filter(|before| before.get("id") == sent.get("id")),
            (Named::Nothing, Some(before)) => Some(before),
            (Named::Nothing, None) => nearest(cx, &all, change, &taken)?,
        };
        let end = end.ok_or_else(|| refusal(member, format!("Invalid {word} data center VIP")))?;
        if !differs(&end, &taken, "id") {
            return Err(refusal(member, "The primary and the secondary data center VIP must differ"));
        }
        taken.push(end.clone());
        change.new.insert(member.to_owned(), end);
    }
    Ok(())
}

/// What a tenant's address has.
fn info(cx: &Context<'_>, address: &str) -> Result<Value, Fault> {
    let number = number_of(cx, address)?;
    let Some(tunnel) = number.map(|number| cx.get(gre_tunnel::KIND, &number)).transpose()?.flatten() else {
        return Ok(json!({"ipAddress": address, "greEnabled": false}));
    };
    let end = |member: &str| tunnel.record.get(member).and_then(|vip| vip.get("virtualIp")).cloned();
    let mut told = json!({
        "ipAddress": address, "greEnabled": true,
        "primaryGW": end(gre_tunnel::PRIMARY_DEST_VIP.name), "secondaryGW": end(gre_tunnel::SECONDARY_DEST_VIP.name),
        "tunID": tunnel.id.as_str().parse::<i64>().unwrap_or_default(),
    });
    let range = gre_tunnel::INTERNAL_IP_RANGE.of(&tunnel.record);
    if let Some(first) = range.and_then(|text| text.parse::<Ipv4Addr>().ok()) {
        // Four addresses for each of both ends (guessed).
        let at = |more: u32| Ipv4Addr::from_bits(first.to_bits() + more);
        // It lies in the range and not without (client: zscaler-powershell); that it is the first that a host can have: guessed.
        told["greTunnelIP"] = json!(at(1).to_string());
        told["greRangePrimary"] = json!(format!("{} - {}", at(0), at(3)));
        told["greRangeSecondary"] = json!(format!("{} - {}", at(4), internal_ranges::last(first)));
    }
    Ok(told)
}

impl Behaviour for GreTunnel {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            let address = gre_tunnel::SOURCE_IP.of(&change.new).unwrap_or_default();
            change.id = source(cx, address.trim())?;
        }
        ends(cx, change)?;
        if gre_tunnel::IP_UNNUMBERED.of(&change.new) {
            change.new.shift_remove(gre_tunnel::INTERNAL_IP_RANGE.name);
            return Ok(());
        }
        let wish = gre_tunnel::INTERNAL_IP_RANGE.of(&change.new);
        let range = internal_ranges::choose(cx, &change.id, wish)?;
        change.new.insert(gre_tunnel::INTERNAL_IP_RANGE.into(), json!(range.to_string()));
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        // Of two operations one asks for addresses.
        if !cx.operation()?.query.contains_key("ipAddresses") {
            return internal_ranges::available(cx, call);
        }
        let asked = call.query_all("ipAddresses").chain(call.query_all("ipAddress"));
        let asked = asked.flat_map(|text| text.split(',')).map(str::trim).filter(|text| !text.is_empty());
        let told = asked.map(|address| info(cx, address)).collect::<Result<_, _>>()?;
        Ok(Outcome::Value(Value::Array(told)))
    }
}
