//! Enrolment: a machine presents a provisioning key, or waits under a code that an administrator confirms, and joins
//! the group. A key counts its uses and is refused beyond its limit (documented); deleting it leaves its machines.
//!
//! The machines are simulated: addresses, fingerprint and channel are made up when one enrols and kept from then on.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::{app_connector_group, provisioning_key as key};
use zuno_catalogue::{Member, Members, Verb};
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Id, Kind, Record, Refusal};

use super::machine::{self, Machine};

/// The first certificate issued to a machine; those of the sample fleet lie below.
const FIRST_CERTIFICATE: i64 = 10_060_101;
/// Who writes what machines report (seen).
const CLOUD: &str = "72057594037928156";
/// Where control channels end (seen).
const BROKER: &str = "72057594037934933";

/// The key of this text.
///
/// # Errors
/// There is none; the refusal names the key's own number, never its text.
fn of_text(cx: &Context<'_>, text: &str) -> Result<Stored, Fault> {
    let resource = cx.resource(key::KIND)?;
    for stored in cx.all(key::KIND, None)? {
        // As the answer to a create shows it, a key tells its text even if it may not be exported.
        let shown = cx.show(resource, Verb::Create, None, stored.clone())?;
        if key::PROVISIONING_KEY.of(&shown) == Some(text.trim()) {
            return Ok(stored);
        }
    }
    let own = text.trim().rsplit_once('-').map(|(_, own)| own).filter(|own| own.parse::<i64>().is_ok());
    Err(Fault::NotFound { kind: Kind(key::KIND.into()), id: own.unwrap_or_default().into() })
}

/// Enrols machines with a key's text; a key that does not suffice for all of them enrols none.
///
/// # Errors
/// The key is not known, is switched off or used up, its group is gone, or a name is taken.
pub fn enrol(
    cx: &mut Context<'_>,
    text: &str,
    name: Option<&str>,
    count: u32,
) -> Result<Vec<(&'static Machine, Stored)>, Fault> {
    let mut held = of_text(cx, text)?;
    let number = |member: Member<i64>| member.of(&held.record).unwrap_or_default();
    let kind = Kind(key::KIND.into());
    if held.record.get(key::ENABLED.name) == Some(&Value::Bool(false)) {
        return Err(Fault::said(&kind, key::ENABLED.name, "the key is switched off"));
    }
    let used = number(key::USAGE_COUNT).saturating_add(i64::from(count));
    if used > number(key::MAX_USAGE) {
        return Err(Fault::Refused {
            class: Refusal::BadRequest,
            code: "nonce.usage.exceeded".into(),
            message: "nonce usage count reached the limit nonce.maxUsage".into(),
            params: vec!["nonce.maxUsage".into()],
        });
    }
    let machine = key::ASSOCIATION_TYPE.of(&held.record).and_then(Machine::of);
    let machine =
        machine.ok_or_else(|| Fault::said(&kind, key::ASSOCIATION_TYPE.name, "no machine has it"))?;
    let group: Id = key::ZCOMPONENT_ID.of(&held.record).unwrap_or_default().into();
    let stem = name.or(key::NAME.of(&held.record)).unwrap_or_default().to_owned();
    held.record.insert(key::USAGE_COUNT.into(), json!(used));
    cx.save(key::KIND, &held)?;
    let exact = name.filter(|_| count == 1);
    let one = |_| Ok((machine, join(cx, machine, &group, Some(&held.id), exact, &stem)?));
    (0..count).map(one).collect()
}

/// Some connectors stand in a group, as if they had enrolled.
///
/// # Errors
/// The group is gone, a name is taken, or the tenant has as many machines as it may.
pub fn stand(cx: &mut Context<'_>, group: &Id, stem: &str, count: u32) -> Result<(), Fault> {
    (0..count).try_for_each(|_| join(cx, &machine::CONNECTOR, group, None, None, stem).map(drop))
}

/// One machine joins a group: under its exact name, or under the first free one of a stem.
///
/// # Errors
/// The group is gone, the name is taken, or the tenant has as many machines as it may.
pub fn join(
    cx: &mut Context<'_>,
    machine: &Machine,
    group: &Id,
    key: Option<&Id>,
    exact: Option<&str>,
    stem: &str,
) -> Result<Stored, Fault> {
    let group = cx.need(machine.group, group)?;
    let name = match exact {
        Some(exact) => exact.to_owned(),
        None => free_name(cx, machine, &group.scope, stem)?,
    };
    let record = record(cx, machine, &group, key, &name)?;
    let id = cx.insert(machine.kind, &group.scope, record)?.id;
    let mut stored = cx.need(machine.kind, &id)?;
    // No administrator has made it, and its report carries its own id.
    stored.record.insert("modifiedBy".into(), json!(CLOUD));
    if let Some(Value::Object(block)) = machine.report.and_then(|report| stored.record.get_mut(report)) {
        block.insert("id".into(), json!(id.0));
    }
    cx.save(machine.kind, &stored)?;
    Ok(stored)
}

fn free_name(cx: &Context<'_>, machine: &Machine, scope: &str, stem: &str) -> Result<String, Fault> {
    let resource = cx.resource(machine.kind)?;
    let mut number = 1_u32;
    loop {
        let name = format!("{stem}-{number}");
        if cx.holder(resource, "name", &name, scope)?.is_none() {
            return Ok(name);
        }
        number += 1;
    }
}

/// A fingerprint as machines have them: 32 bytes in base64 (seen).
fn fingerprint(halves: [u128; 2]) -> String {
    STANDARD.encode(halves.map(u128::to_be_bytes).concat())
}

fn record(
    cx: &mut Context<'_>,
    machine: &Machine,
    group: &Stored,
    key: Option<&Id>,
    name: &str,
) -> Result<Record, Fault> {
    let resource = cx.resource(machine.kind)?;
    let now = cx.now();
    let certificate = cx.next("machine certificate", FIRST_CERTIFICATE)?;
    let [.., a, b, c] = cx.draw()?.to_be_bytes();
    let channel = STANDARD.encode(&cx.draw()?.to_be_bytes()[..15]).replace(['+', '/'], "x");
    let alone = cx.pointing(machine.kind, machine.joined, machine.group, &group.id)?.is_empty();
    let place = |member: &str| group.record.get(member).cloned().unwrap_or(Value::Null);
    let country = place(app_connector_group::COUNTRY_CODE.name).as_str().unwrap_or("US").to_owned();

    let mut record = Record::new();
    record.insert("name".into(), json!(name));
    record.insert("description".into(), json!(name));
    record.insert("fingerprint".into(), json!(fingerprint([cx.draw()?, cx.draw()?])));
    record.insert("issuedCertId".into(), json!(certificate.to_string()));
    record.insert("enabled".into(), json!(true));
    record.insert(machine.joined.into(), json!(group.id.0));
    if let Some(key) = key {
        record.insert("provisioningKeyId".into(), json!(key.0));
    }
    if let Some(report) = machine.report {
        let block = json!({
            "modifiedTime": now, "creationTime": now, "modifiedBy": CLOUD, "brokerId": BROKER,
            "tunnelId": channel, "loneWarrior": alone, machine.joined: group.id.0,
        });
        record.insert(report.into(), block);
    }
    let told = [
        ("controlChannelStatus", json!(machine::CONNECTED)),
        ("ctrlBrokerName", json!(format!("{country}-{:04}", u16::from(a) + 9000))),
        ("currentVersion", json!(machine::RELEASE)),
        ("expectedVersion", json!(machine::RELEASE)),
        ("sargeVersion", json!(machine::RELEASE)),
        ("upgradeStatus", json!("COMPLETE")),
        ("upgradeAttempt", json!(0)),
        ("systemStartTime", json!(now)),
        ("applicationStartTime", json!(now)),
        ("lastBrokerConnectTime", machine::micros(now)),
        ("masterLastSyncTime", json!(now)),
        ("shardLastSyncTime", json!(now)),
        ("userdbLastSyncTime", json!(now)),
        ("platform", json!("el9")),
        ("platformDetail", json!("VMware")),
        ("runtimeOS", json!("Red Hat Enterprise Linux 9.5")),
        ("privateIp", json!(format!("10.{a}.{b}.{c}"))),
        ("publicIp", json!(format!("203.0.113.{c}"))),
        ("latitude", place("latitude")),
        ("longitude", place("longitude")),
        ("location", place("location")),
        ("osUpgradeEnabled", json!(false)),
    ];
    for (member, value) in told.into_iter().filter(|(_, value)| !value.is_null()) {
        machine.tell(resource, &mut record, member, value);
    }
    Ok(record)
}

/// Every machine of the tenant, with its sort.
///
/// # Errors
/// The store failed.
pub fn machines(cx: &Context<'_>) -> Result<Vec<(&'static Machine, Stored)>, Fault> {
    let mut found = Vec::new();
    for machine in machine::ALL {
        found.extend(cx.all(machine.kind, None)?.into_iter().map(|stored| (machine, stored)));
    }
    Ok(found)
}

/// What an operator is told of a machine.
///
/// # Errors
/// The store failed.
pub fn told(cx: &Context<'_>, machine: &Machine, stored: &Stored) -> Result<Value, Fault> {
    let member = |name: &str| machine.told(&stored.record, name).cloned().unwrap_or(Value::Null);
    let group = stored.record.get(machine.joined).and_then(Id::from_value);
    let group = group.map(|id| cx.get(machine.group, &id)).transpose()?.flatten();
    Ok(json!({
        "name": member("name"),
        "kind": machine.noun,
        "group": group.and_then(|group| group.record.get("name").cloned()),
        "status": member("controlChannelStatus"),
        "version": member("currentVersion"),
        "id": stored.id.0,
    }))
}

/// Cuts the machine of this name or id off from the cloud, or connects it again.
///
/// # Errors
/// No machine has the name or id, or several have.
pub fn connect(cx: &mut Context<'_>, named: &str, on: bool) -> Result<Value, Fault> {
    let is = |stored: &Stored| {
        let name = stored.record.text("name").unwrap_or_default();
        stored.id.as_str() == named || name.eq_ignore_ascii_case(named)
    };
    let found: Vec<_> = machines(cx)?.into_iter().filter(|(_, stored)| is(stored)).collect();
    match found.as_slice() {
        [(machine, stored)] => {
            machine::connect(cx, machine, &stored.id, on)?;
            told(cx, machine, &cx.need(machine.kind, &stored.id)?)
        }
        [] => Err(Fault::NotFound { kind: Kind("zpa.machine".into()), id: named.into() }),
        _ => Err(Fault::said(&Kind("zpa.machine".into()), "name", "several have it; say the id")),
    }
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn a_fingerprint_is_44_characters_long() {
        assert_eq!(fingerprint([1, 2]).len(), 44);
        assert_ne!(fingerprint([1, 2]), fingerprint([2, 1]));
    }
}
