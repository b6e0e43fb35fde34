//! `location-terms`: where a location's traffic comes from, and what its sign-in settings ask of each other.
//!
//! Documented; the words are ours. Parameter: `static`, the kind of the tenant's static addresses.

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::{extranet, location as member};
use zuno_catalogue::{Member, Members};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Record};

use super::address_range::AddressRange;

/// Members of which a location of its own needs one.
const SOURCES: &[&str] = &[
    member::IP_ADDRESSES.name,
    member::VPN_CREDENTIALS.name,
    member::PORTS.name,
    member::VIRTUAL_ZENS.name,
    member::VIRTUAL_ZEN_CLUSTERS.name,
];

/// The most parts of a location, and the most addresses and ranges of all of them together (documented).
const MOST_PARTS: usize = 2000;
const MOST_RANGES: usize = 2000;

/// The guarantee for the kind.
struct LocationTerms {
    addresses: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(LocationTerms { addresses: params.other("static")? }))
}

fn refused(field: &str, words: impl Into<String>) -> Fault {
    Fault::said(&member::KIND.into(), field, words)
}

fn has(location: &Record, name: &str) -> bool {
    !location.items(name).is_empty()
}

fn ranges(location: &Record) -> Result<Vec<AddressRange>, Fault> {
    let read = |text: &str| {
        let wrong = || refused(member::IP_ADDRESSES.name, format!("Invalid IP address or range : {text}"));
        AddressRange::parse(text).ok_or_else(wrong)
    };
    member::IP_ADDRESSES.of(location).map(read).collect()
}

/// The number that a part of a partner's network is named by, if one is.
fn named_part(location: &Record, part: Member<Value>) -> Option<Value> {
    part.of(location).and_then(|part| part.get("id")).filter(|id| **id != json!(0) && !id.is_null()).cloned()
}

/// Resolvers and addresses that a location has in a partner's network are that network's.
fn partner_parts(cx: &Context<'_>, location: &Record) -> Result<(), Fault> {
    let partner = member::EXTRANET.id_of(location);
    let partner = partner.map(|id| cx.get(extranet::KIND, &id)).transpose()?.flatten();
    let parts = [
        (member::EXTRANET_IP_POOL, extranet::EXTRANET_IP_POOL_LIST),
        (member::EXTRANET_DNS, extranet::EXTRANET_DNSLIST),
    ];
    for (named, list) in parts {
        let Some(id) = named_part(location, named) else { continue };
        let held = partner.as_ref().map(|partner| list.of(&partner.record)).unwrap_or_default();
        if !held.iter().any(|part| part.get("id") == Some(&id)) {
            let words = format!("The extranet of the location has no {named} with the id {id}");
            return Err(refused(named.name, words));
        }
    }
    Ok(())
}

/// As many cloud scopes as a part may name: 10 namespaces or accounts, or 50 virtual networks (documented).
fn cloud_scopes(location: &Record) -> Result<(), Fault> {
    let scope = member::SUB_LOC_SCOPE.of(location).unwrap_or_default();
    let most = if matches!(scope, "NAMESPACE" | "ACCOUNT") { 10 } else { 50 };
    if member::SUB_LOC_SCOPE_VALUES.of(location).count() <= most {
        return Ok(());
    }
    let words = format!("Maximum {most} values are allowed for {scope}");
    Err(refused(member::SUB_LOC_SCOPE_VALUES.name, words))
}

/// What the settings of sign-in ask of each other.
fn sign_in(location: &Record) -> Result<(), Fault> {
    let surrogate = member::SURROGATE_IP.of(location);
    if surrogate && member::IDLE_TIME_IN_MINUTES.of(location).unwrap_or_default() == 0 {
        let words = "Idle time is required when surrogate IP is enabled";
        return Err(refused(member::IDLE_TIME_IN_MINUTES.name, words));
    }
    let asks = [
        (surrogate, "surrogate IP is enabled"),
        (member::KERBEROS_AUTH.of(location), "Kerberos authentication is enabled"),
        (has(location, member::PORTS.name), "dedicated ports are used"),
    ];
    if let Some((_, why)) = asks.iter().find(|(asked, _)| *asked)
        && !member::AUTH_REQUIRED.of(location)
    {
        return Err(refused(
            member::AUTH_REQUIRED.name,
            format!("Authentication must be enabled when {why}"),
        ));
    }
    if member::SURROGATE_IPENFORCED_FOR_KNOWN_BROWSERS.of(location) {
        let refresh = member::SURROGATE_REFRESH_TIME_IN_MINUTES.of(location).unwrap_or_default();
        if !surrogate {
            let words = "Surrogate IP must be enabled when it is enforced for known browsers";
            return Err(refused(member::SURROGATE_IP.name, words));
        }
        if refresh == 0 || refresh >= member::IDLE_TIME_IN_MINUTES.of(location).unwrap_or_default() {
            let words = "Surrogate refresh time is required and must be shorter than the idle time";
            return Err(refused(member::SURROGATE_REFRESH_TIME_IN_MINUTES.name, words));
        }
    }
    if member::IOT_ENFORCE_POLICY_SET.of(location) && !member::IOT_DISCOVERY_ENABLED.of(location) {
        let words = "IoT discovery must be enabled when IoT policies are enforced";
        return Err(refused(member::IOT_DISCOVERY_ENABLED.name, words));
    }
    if has(location, member::STATIC_LOCATION_GROUPS.name) && member::EXCLUDE_FROM_MANUAL_GROUPS.of(location) {
        let words = "A location that is excluded from manual groups cannot be put into one";
        return Err(refused(member::STATIC_LOCATION_GROUPS.name, words));
    }
    Ok(())
}

impl LocationTerms {
    /// A location of its own: single addresses that the tenant has, and somewhere its traffic comes from.
    fn whole(&self, cx: &Context<'_>, location: &Record) -> Result<(), Fault> {
        let addresses = cx.resource(&self.addresses)?;
        for (text, range) in member::IP_ADDRESSES.of(location).zip(ranges(location)?) {
            if !range.is_single() || cx.holder(addresses, "ipAddress", text, "0")?.is_none() {
                let words =
                    format!("The IP address {text} is not one of the organization's static IP addresses.");
                return Err(refused(member::IP_ADDRESSES.name, words));
            }
        }
        let partner = location.contains_key(member::EXTRANET.name);
        let made_elsewhere = member::EC_LOCATION.of(location);
        if partner || made_elsewhere || SOURCES.iter().any(|source| has(location, source)) {
            return Ok(());
        }
        let words = "A location needs a static IP address, a VPN credential, a dedicated port, a virtual service edge \
                     or an extranet";
        Err(refused(member::IP_ADDRESSES.name, words))
    }

    /// A part: addresses within, and none that a sibling has.
    fn part(&self, cx: &Context<'_>, id: &Id, parent: &Id, location: &Record) -> Result<(), Fault> {
        let own = ranges(location)?;
        if own.is_empty() && !location.contains_key(member::SUB_LOC_SCOPE.name) {
            return Err(refused(member::IP_ADDRESSES.name, "A sublocation needs IP addresses"));
        }
        let siblings = cx.pointing(member::KIND, member::PARENT_ID.name, member::KIND, parent)?;
        let beside = siblings.iter().filter(|sibling| sibling.id != *id);
        let addresses =
            beside.clone().map(|sibling| member::IP_ADDRESSES.of(&sibling.record).count()).sum::<usize>()
                + own.len();
        if beside.count() >= MOST_PARTS || addresses > MOST_RANGES {
            let words = format!(
                "A location can have a maximum of {MOST_PARTS} sublocations with {MOST_RANGES} IP addresses and ranges"
            );
            return Err(refused(member::PARENT_ID.name, words));
        }
        for sibling in siblings {
            if sibling.id == *id {
                continue;
            }
            let theirs = ranges(&sibling.record)?;
            if own.iter().any(|range| theirs.iter().any(|other| range.overlaps(other))) {
                let name = member::NAME.of(&sibling.record).unwrap_or_default();
                let words = format!("IP addresses overlap with those of the sublocation {name}");
                return Err(refused(member::IP_ADDRESSES.name, words));
            }
        }
        Ok(())
    }
}

impl Behaviour for LocationTerms {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        sign_in(&change.new)?;
        cloud_scopes(&change.new)?;
        partner_parts(cx, &change.new)?;
        let catches_all = [member::OTHER_SUB_LOCATION, member::OTHER6_SUB_LOCATION];
        if catches_all.iter().any(|flag| flag.of(&change.new)) {
            return Ok(());
        }
        match member::PARENT_ID.id_of(&change.new).filter(|parent| parent.as_str() != "0") {
            Some(parent) => self.part(cx, &change.id, &parent, &change.new),
            None => self.whole(cx, &change.new),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::sign_in;

    fn fits(location: Value) -> bool {
        sign_in(&serde_json::from_value(location).expect("an object")).is_ok()
    }

    #[test]
    fn a_stand_in_address_needs_sign_in_and_an_idle_time() {
        assert!(fits(json!({ "surrogateIP": true, "idleTimeInMinutes": 720, "authRequired": true })));
        assert!(!fits(json!({ "surrogateIP": true, "idleTimeInMinutes": 720 })));
        assert!(!fits(json!({ "surrogateIP": true, "authRequired": true })));
        let enforced = |refresh: i64| {
            fits(json!({
                "surrogateIP": true, "idleTimeInMinutes": 60, "authRequired": true,
                "surrogateIPEnforcedForKnownBrowsers": true, "surrogateRefreshTimeInMinutes": refresh,
            }))
        };
        assert!(enforced(59) && !enforced(60) && !enforced(0));
    }

    #[test]
    fn some_settings_need_or_forbid_others() {
        assert!(!fits(json!({ "kerberosAuth": true })) && !fits(json!({ "ports": [8080] })));
        assert!(!fits(json!({ "iotEnforcePolicySet": true })));
        assert!(!fits(json!({ "staticLocationGroups": ["1"], "excludeFromManualGroups": true })));
    }
}
