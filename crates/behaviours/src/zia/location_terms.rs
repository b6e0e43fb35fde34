//! `location-terms`: where a location's traffic comes from, and what its sign-in settings ask of each other.
//!
//! Documented; the words are ours. Parameter: `static`, the kind of the tenant's static addresses.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::location as member;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Record};

use super::address_range::AddressRange;

/// Members of which a location of its own needs one.
const SOURCES: &[&str] = &[
    member::IP_ADDRESSES,
    member::VPN_CREDENTIALS,
    member::PORTS,
    member::VIRTUAL_ZENS,
    member::VIRTUAL_ZEN_CLUSTERS,
];

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

fn is_on(location: &Record, name: &str) -> bool {
    location.get(name) == Some(&Value::Bool(true))
}

fn texts(location: &Record) -> Vec<&str> {
    let list = location.get(member::IP_ADDRESSES).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn has(location: &Record, name: &str) -> bool {
    location.get(name).and_then(Value::as_array).is_some_and(|items| !items.is_empty())
}

fn minutes(location: &Record, name: &str) -> i64 {
    location.get(name).and_then(Value::as_i64).unwrap_or_default()
}

fn ranges(location: &Record) -> Result<Vec<AddressRange>, Fault> {
    let read = |text: &str| {
        let wrong = || refused(member::IP_ADDRESSES, format!("Invalid IP address or range : {text}"));
        AddressRange::parse(text).ok_or_else(wrong)
    };
    texts(location).into_iter().map(read).collect()
}

/// What the settings of sign-in ask of each other.
fn sign_in(location: &Record) -> Result<(), Fault> {
    let surrogate = is_on(location, member::SURROGATE_IP);
    if surrogate && minutes(location, member::IDLE_TIME_IN_MINUTES) == 0 {
        let words = "Idle time is required when surrogate IP is enabled";
        return Err(refused(member::IDLE_TIME_IN_MINUTES, words));
    }
    let asks = [
        (surrogate, "surrogate IP is enabled"),
        (is_on(location, member::KERBEROS_AUTH), "Kerberos authentication is enabled"),
        (has(location, member::PORTS), "dedicated ports are used"),
    ];
    if let Some((_, why)) = asks.iter().find(|(asked, _)| *asked)
        && !is_on(location, member::AUTH_REQUIRED)
    {
        return Err(refused(member::AUTH_REQUIRED, format!("Authentication must be enabled when {why}")));
    }
    if is_on(location, member::SURROGATE_IPENFORCED_FOR_KNOWN_BROWSERS) {
        let refresh = minutes(location, member::SURROGATE_REFRESH_TIME_IN_MINUTES);
        if !surrogate {
            let words = "Surrogate IP must be enabled when it is enforced for known browsers";
            return Err(refused(member::SURROGATE_IP, words));
        }
        if refresh == 0 || refresh >= minutes(location, member::IDLE_TIME_IN_MINUTES) {
            let words = "Surrogate refresh time is required and must be shorter than the idle time";
            return Err(refused(member::SURROGATE_REFRESH_TIME_IN_MINUTES, words));
        }
    }
    if is_on(location, member::IOT_ENFORCE_POLICY_SET) && !is_on(location, member::IOT_DISCOVERY_ENABLED) {
        let words = "IoT discovery must be enabled when IoT policies are enforced";
        return Err(refused(member::IOT_DISCOVERY_ENABLED, words));
    }
    if has(location, member::STATIC_LOCATION_GROUPS) && is_on(location, member::EXCLUDE_FROM_MANUAL_GROUPS) {
        let words = "A location that is excluded from manual groups cannot be put into one";
        return Err(refused(member::STATIC_LOCATION_GROUPS, words));
    }
    Ok(())
}

impl LocationTerms {
    /// A location of its own: single addresses that the tenant has, and somewhere its traffic comes from.
    fn whole(&self, cx: &Context<'_>, location: &Record) -> Result<(), Fault> {
        let addresses = cx.resource(&self.addresses)?;
        for (text, range) in texts(location).into_iter().zip(ranges(location)?) {
            if !range.is_single() || cx.holder(addresses, "ipAddress", text, "0")?.is_none() {
                let words =
                    format!("The IP address {text} is not one of the organization's static IP addresses.");
                return Err(refused(member::IP_ADDRESSES, words));
            }
        }
        let partner = location.get(member::EXTRANET).is_some_and(|extranet| extranet["id"] != json!(0));
        let made_elsewhere = is_on(location, member::EC_LOCATION);
        if partner || made_elsewhere || SOURCES.iter().any(|source| has(location, source)) {
            return Ok(());
        }
        let words = "A location needs a static IP address, a VPN credential, a dedicated port, a virtual service edge \
                     or an extranet";
        Err(refused(member::IP_ADDRESSES, words))
    }

    /// A part: addresses within, and none that a sibling has.
    fn part(&self, cx: &Context<'_>, id: &Id, parent: &Id, location: &Record) -> Result<(), Fault> {
        let own = ranges(location)?;
        if own.is_empty() && !location.contains_key(member::SUB_LOC_SCOPE) {
            return Err(refused(member::IP_ADDRESSES, "A sublocation needs IP addresses"));
        }
        for sibling in cx.pointing(member::KIND, member::PARENT_ID, member::KIND, parent)? {
            if sibling.id == *id {
                continue;
            }
            let theirs = ranges(&sibling.record)?;
            if own.iter().any(|range| theirs.iter().any(|other| range.overlaps(other))) {
                let name = sibling.record.get(member::NAME).and_then(Value::as_str).unwrap_or_default();
                let words = format!("IP addresses overlap with those of the sublocation {name}");
                return Err(refused(member::IP_ADDRESSES, words));
            }
        }
        Ok(())
    }
}

impl Behaviour for LocationTerms {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        sign_in(&change.new)?;
        let catches_all = [member::OTHER_SUB_LOCATION, member::OTHER6_SUB_LOCATION];
        if catches_all.iter().any(|flag| is_on(&change.new, flag)) {
            return Ok(());
        }
        match change
            .new
            .get(member::PARENT_ID)
            .and_then(Id::from_value)
            .filter(|parent| parent.as_str() != "0")
        {
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
