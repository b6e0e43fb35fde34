//! Connectors enrol with a provisioning template's address, as a machine that boots with it does: the location, the group and
//! the machine come into being by it (seed), and the template counts as used.
//!
//! The machines are simulated: addresses and names are made up when one enrols and kept from then on.

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::location;
use zuno_catalogue::handles::ztw::{
    ec_vm as machine, ecgroup as group, location_template as template, provisioning_url as url,
};
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Id, Kind, Record};

use super::connector_machine::{settle, suffix};

/// What an address of a provisioning template has before its name.
const ADDRESS: &str = "/api/v1/provUrl?name=";
/// The most machines of a group (documented).
const MOST: usize = 16;
/// The software that machines come with (seed).
const BUILD: &str = "346637";
/// The scope that every record here has.
const SCOPE: &str = "0";

/// The name in a provisioning template's address, with its percent codes read; nothing where it is no such address.
pub fn named(address: &str) -> Option<String> {
    let (_, name) = address.trim().split_once(ADDRESS)?;
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok().filter(|name| !name.is_empty())
}

/// The provisioning template of a name.
///
/// # Errors
/// The store failed.
pub fn of_name(cx: &Context<'_>, name: &str) -> Result<Option<Stored>, Fault> {
    let id = cx.holder(cx.resource(url::KIND)?, &url::NAME, name, SCOPE)?;
    id.map(|id| cx.need(url::KIND, &id)).transpose()
}

/// Enrols machines with the template of a name: into a group of its own that has room, or a new one.
///
/// # Errors
/// There is no such template, it is switched off, or a name is taken.
pub fn enrol(
    cx: &mut Context<'_>,
    name: &str,
    called: Option<&str>,
    count: u32,
) -> Result<Vec<Stored>, Fault> {
    let missing = || Fault::NotFound { kind: Kind::from(url::KIND), id: name.into() };
    let held = of_name(cx, name)?.ok_or_else(missing)?;
    if !matches!(url::STATUS.of(&held.record).unwrap_or_default(), "" | "READY" | "DEPLOYED") {
        return Err(Fault::said(&Kind::from(url::KIND), &url::STATUS, "the template is switched off"));
    }
    let exact = called.filter(|_| count == 1);
    let mut joined = Vec::new();
    for number in 1..=count {
        let group = group_with_room(cx, &held)?;
        let own = called.map(|stem| exact.map_or_else(|| format!("{stem}-{number}"), str::to_owned));
        joined.push(join(cx, &held, &group, own)?);
    }
    let mut held = cx.need(url::KIND, &held.id)?;
    held.record.insert(url::STATUS.into(), "DEPLOYED".into());
    cx.save(url::KIND, &held)?;
    Ok(joined)
}

fn group_with_room(cx: &mut Context<'_>, held: &Stored) -> Result<Stored, Fault> {
    for found in cx.pointing(group::KIND, &group::PROV_TEMPLATE, url::KIND, &held.id)? {
        if cx.pointing(machine::KIND, &machine::GROUP, group::KIND, &found.id)?.len() < MOST {
            return Ok(found);
        }
    }
    let data = held.record.get(url::PROV_URL_DATA.name).cloned().unwrap_or_default();
    let cloud = data["cloudProviderType"].as_str().unwrap_or("AWS").to_owned();
    let in_branch = url::PROV_URL_TYPE.of(&held.record).unwrap_or_default() == "ONPREM";
    let number = format!("{:017x}", cx.draw()? >> 60);
    let (network, region, zone) = (format!("vpc-{number}"), "us-west-2", "us-west-2a");
    let place = location_of(cx, held, &data, &network, region, in_branch)?;
    let mut record = Record::new();
    let mut keep = |member: &str, value: Value| drop(record.insert(member.to_owned(), value));
    let (image, first) = (hex(cx)?, hex(cx)?);
    keep(group::NAME.name, json!(format!("zs-cc-{network}-{zone}")));
    keep(group::DESC.name, json!(format!("Auto created from ami-{image}_i-{first}")));
    keep(group::DEPLOY_TYPE.name, json!(if in_branch { "ON_PREM" } else { "CLOUD" }));
    keep(group::STATUS.name, json!([if in_branch { "ON_PREM" } else { "CLOUD" }]));
    keep(group::LOCATION.name, json!(place.0));
    keep(group::MAX_EC_COUNT.name, json!(0));
    keep(group::PROV_TEMPLATE.name, json!(held.id.0));
    keep(group::TUNNEL_MODE.name, json!("UNENCRYPTED"));
    keep(group::DAY_OF_WEEK.name, json!(1));
    keep(group::START_TIME.name, json!(0));
    keep(group::END_TIME.name, json!(7200));
    if !in_branch {
        keep(group::PLATFORM.name, json!(cloud));
        keep(group::AWS_AVAILABILITY_ZONE.name, json!(zone.to_uppercase().replace('-', "_")));
    }
    let id = cx.insert(group::KIND, SCOPE, record)?.id;
    cx.need(group::KIND, &id)
}

/// Seventeen hexadecimal digits, as clouds number what they run.
fn hex(cx: &mut Context<'_>) -> Result<String, Fault> {
    Ok(format!("{:017x}", cx.draw()? >> 60))
}

/// The location that the template says: what the location template has, under the prefix and the network's name.
fn location_of(
    cx: &mut Context<'_>,
    held: &Stored,
    data: &Value,
    network: &str,
    region: &str,
    in_branch: bool,
) -> Result<Id, Fault> {
    let chosen = url::TEMPLATE.id_of(&held.record);
    let chosen = chosen.map(|id| cx.get(template::KIND, &id)).transpose()?.flatten();
    let settings =
        chosen.and_then(|chosen| chosen.record.get(template::TEMPLATE.name).cloned()).unwrap_or_default();
    let prefix = settings["templatePrefix"].as_str().filter(|prefix| !prefix.is_empty()).unwrap_or(region);
    let mut record = Record::new();
    for (member, value) in settings.as_object().into_iter().flatten() {
        let known = cx.resource(location::KIND)?.field(member).is_some();
        if known && !value.is_null() {
            record.insert(member.clone(), value.clone());
        }
    }
    record.insert(location::NAME.into(), json!(format!("{prefix}-{network}")));
    record.insert(location::EC_LOCATION.into(), json!(true));
    let mark = if in_branch { location::BC_LOCATION } else { location::CC_LOCATION };
    mark.set(&mut record, true);
    record.insert(location::PROFILE.into(), json!("WORKLOAD"));
    let cloud = data["cloudProviderType"].as_str().unwrap_or("AWS");
    let place = json!({ "cloudProvider": cloud, "cloudMeta": { "name": network, "id": 1 } });
    record.insert(location::VPC_INFO.into(), place);
    Ok(cx.insert(location::KIND, SCOPE, record)?.id)
}

fn join(cx: &mut Context<'_>, held: &Stored, of: &Stored, own: Option<String>) -> Result<Stored, Fault> {
    let [a, b, c, d] = cx.random()?;
    let ending = suffix(cx)?;
    let name =
        own.unwrap_or_else(|| format!("{}-VM-{ending}", group::NAME.of(&of.record).unwrap_or_default()));
    let form = held.record.get(url::PROV_URL_DATA.name).and_then(|data| data.get("formFactor")).cloned();
    let network = json!({
        "id": cx.next("ztw-object", 3_342_552)?.to_string(), "ipStart": format!("10.{a}.{b}.{c}"), "ipEnd": "0.0.0.0",
        "netmask": "255.255.255.0", "defaultGateway": format!("10.{a}.{b}.1"), "nwType": "AUTOMATIC",
        "dns": { "id": cx.next("ztw-object", 3_342_552)?.to_string(), "ips": [format!("10.{a}.0.2")], "dnsType": "AUTOMATIC" },
    });
    let mut record = Record::new();
    let told = [
        (machine::NAME.name, json!(name)),
        (machine::OPERATIONAL_STATUS.name, json!("INACTIVE")),
        (machine::PROV_TEMPLATE.name, json!(held.id.0)),
        (machine::FORM_FACTOR.name, form.unwrap_or_else(|| json!("SMALL"))),
        (machine::MANAGEMENT_NW.name, network),
        (machine::NAT_IP.name, json!(format!("203.0.113.{d}"))),
        (machine::ZIA_GATEWAY.name, json!("165.225.50.12")),
        (machine::ZPA_BROKER.name, json!("136.226.57.254")),
        (machine::BUILD_VERSION.name, json!(BUILD)),
        (machine::LAST_UPGRADE_TIME.name, json!(cx.now())),
        (machine::STATUS_ID.name, json!(0)),
        (machine::HA_STATUS.name, json!("DISABLED")),
        (machine::VM_INSTANCE_ID.name, json!(format!("i-{}", hex(cx)?))),
        (machine::ENROLLED_AT.name, json!(cx.now())),
        (machine::GROUP.name, json!(of.id.0)),
    ];
    record.extend(told.map(|(member, value)| (member.to_owned(), value)));
    let id = cx.insert(machine::KIND, SCOPE, record)?.id;
    cx.need(machine::KIND, &id)
}

/// Every connector of the tenant.
///
/// # Errors
/// The store failed.
pub fn machines(cx: &Context<'_>) -> Result<Vec<Stored>, Fault> {
    cx.all(machine::KIND, None)
}

/// What an operator is told of a connector.
///
/// # Errors
/// The store failed.
pub fn told(cx: &Context<'_>, stored: &Stored) -> Result<Value, Fault> {
    let mut stored = stored.clone();
    settle(&mut stored.record, cx.now());
    let of = machine::GROUP.id_of(&stored.record);
    let of = of.map(|id| cx.get(group::KIND, &id)).transpose()?.flatten();
    Ok(json!({
        "name": machine::NAME.of(&stored.record).unwrap_or_default(),
        "kind": "cloud or branch connector",
        "group": of.map(|of| group::NAME.of(&of.record).unwrap_or_default().to_owned()),
        "status": machine::OPERATIONAL_STATUS.of(&stored.record).unwrap_or_default(),
        "version": machine::BUILD_VERSION.of(&stored.record).unwrap_or_default(),
        "id": stored.id.0,
    }))
}

/// Cuts a connector off from the cloud, or connects it again.
///
/// # Errors
/// The store failed.
pub fn connect(cx: &mut Context<'_>, stored: &Stored, on: bool) -> Result<Value, Fault> {
    let mut stored = stored.clone();
    stored.record.insert(machine::CUT_OFF.into(), json!(!on));
    // One of the sample fleet never enrolled here.
    if !stored.record.contains_key(machine::ENROLLED_AT.name) {
        let word = if on { super::connector_machine::ACTIVE } else { super::connector_machine::INACTIVE };
        stored.record.insert(machine::OPERATIONAL_STATUS.into(), word.into());
    }
    cx.save(machine::KIND, &stored)?;
    told(cx, &stored)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn an_address_names_its_template() {
        assert_eq!(named("connector.zscaler.net/api/v1/provUrl?name=AWS-CAN").as_deref(), Some("AWS-CAN"));
        let coded = named(" https://connector.zscaler.net/api/v1/provUrl?name=a%20b%2F%C3%BC\n");
        assert_eq!(coded.as_deref(), Some("a b/ü"));
        for none in [
            "3|key",
            "connector.zscaler.net/api/v1/provUrl?name=",
            "x/api/v1/provUrl?name=%f",
            "x/api/v1/provUrl?name=%ff",
        ] {
            assert_eq!(named(none), None, "{none}");
        }
    }
}
