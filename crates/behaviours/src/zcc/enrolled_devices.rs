//! Devices as the list and the details show them: the same facts under two sets of names.

use serde_json::{Map, Value};
use zuno_catalogue::handles::zcc::device as handle;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind, Record, Refusal};

use super::device;
use crate::part;

/// Members of a listed device in their order (seen).
const LISTED: [&str; 25] = [
    "companyName",
    "type",
    "state",
    "udid",
    "macAddress",
    "user",
    "detail",
    "policyName",
    "last_seen_time",
    "osVersion",
    "agentVersion",
    "registrationState",
    "owner",
    "machineHostname",
    "manufacturer",
    "download_count",
    "registration_time",
    "deregistrationTimestamp",
    "config_download_time",
    "keepAliveTime",
    "hardwareFingerprint",
    "tunnelVersion",
    "vpnState",
    "upmVersion",
    "zappArch",
];
/// Members of the details in their order, where they are called as in the list; see [`RENAMED`] (seen).
const DETAILED: [&str; 57] = [
    "id",
    "type",
    "state",
    "user_name",
    "owner",
    "machineHostname",
    "manufacturer",
    "internal_model",
    "external_model",
    "os_version",
    "unique_id",
    "carrier",
    "mac_address",
    "device_locale",
    "agent_version",
    "rooted",
    "config_download_time",
    "registration_time",
    "download_count",
    "deregistration_time",
    "last_seen_time",
    "keep_alive_time",
    "hardwareFingerprint",
    "devicePolicyName",
    "tunnelVersion",
    "logFetchInfo",
    "upmVersion",
    "zdpVersion",
    "zappArch",
    "serialNumber",
    "ziaEnabled",
    "zpaEnabled",
    "zdxEnabled",
    "zdEnabled",
    "zdpEnabled",
    "ziaHealth",
    "zpaHealth",
    "zdxHealth",
    "zdHealth",
    "zdpHealth",
    "zpaLastSeenTime",
    "zdxLastSeenTime",
    "zdLastSeenTime",
    "zdpLastSeenTime",
    "zccLoggedInUserType",
    "externalDeviceId",
    "zccForceRevert",
    "deviceOtpArray",
    "antiTamperingStatus",
    "deviceTrust",
    "zccTunnelVersion",
    "vdi",
    "strictEnforcement",
    "expectedZCCVersion",
    "expectedZCCVersionTimestamp",
    "zccUpgradeStatus",
    "lastLocationSourceUsed",
];
/// What the details call otherwise than the list (seen).
const RENAMED: [(&str, &str); 8] = [
    ("user_name", "user"),
    ("os_version", "osVersion"),
    ("unique_id", "udid"),
    ("mac_address", "macAddress"),
    ("agent_version", "agentVersion"),
    ("deregistration_time", "deregistrationTimestamp"),
    ("keep_alive_time", "keepAliveTime"),
    ("devicePolicyName", "policyName"),
];

struct EnrolledDevices;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(EnrolledDevices))
}

/// A device in the list; what it lacks is `null` there (seen).
fn listed(record: &Record) -> Value {
    let member = |name: &&str| ((*name).to_owned(), record.get(*name).cloned().unwrap_or(Value::Null));
    Value::Object(LISTED.iter().map(member).collect())
}

/// A device by itself; what it lacks is empty text there (seen).
fn detailed(record: &Record) -> Value {
    let member = |name: &&str| {
        let source = RENAMED.iter().find(|(here, _)| here == name).map_or(*name, |(_, there)| there);
        ((*name).to_owned(), record.get(source).cloned().unwrap_or_else(|| "".into()))
    };
    Value::Object(DETAILED.iter().map(member).collect::<Map<_, _>>())
}

fn asked<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.query(name).map(str::trim).filter(|value| !value.is_empty())
}

impl EnrolledDevices {
    fn list(&self, cx: &Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let mut devices = device::enrolled(cx)?;
        if let Some(user) = asked(call, "username") {
            devices.retain(|device| device::says(&device.record, handle::USER, user));
        }
        if let Some(system) = asked(call, "osType") {
            devices.retain(|device| device::system(&device.record).to_string() == system);
        }
        Ok(part::of(call, devices.iter().map(|device| listed(&device.record)).collect()))
    }

    /// By device, or by a user with a single device; anything else is an empty 400 (seen).
    fn read(&self, cx: &Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let devices = device::enrolled(cx)?;
        if let Some(udid) = asked(call, "udid") {
            let found =
                devices.iter().find(|device| handle::UDID.of(&device.record).unwrap_or_default() == udid);
            let missing = || Fault::NotFound { kind: Kind::from(handle::KIND), id: udid.into() };
            return Ok(Outcome::One(detailed(&found.ok_or_else(missing)?.record)));
        }
        let user = asked(call, "username").unwrap_or_default();
        let mut theirs = devices.iter().filter(|device| device::says(&device.record, handle::USER, user));
        match (theirs.next(), theirs.next()) {
            (Some(only), None) => Ok(Outcome::One(detailed(&only.record))),
            _ => Err(Fault::refused(Refusal::BadRequest, "", "")),
        }
    }
}

impl Behaviour for EnrolledDevices {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match cx.operation()?.name.as_str() {
            "list" => self.list(cx, call),
            _ => self.read(cx, call),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{detailed, listed};

    #[test]
    fn both_forms_tell_the_same_under_their_own_names() {
        let record = json!({"udid": "U", "osVersion": "10", "type": 3, "state": 1, "removalAskedAt": 5});
        let record = record.as_object().cloned().unwrap_or_default();
        let (list, details) = (listed(&record), detailed(&record));
        assert_eq!((&list["udid"], &details["unique_id"]), (&json!("U"), &json!("U")));
        assert_eq!((&list["osVersion"], &details["os_version"]), (&json!("10"), &json!("10")));
        assert_eq!((&list["zappArch"], &details["zappArch"]), (&Value::Null, &json!("")));
        assert!(list.get("removalAskedAt").is_none() && details.get("removalAskedAt").is_none());
    }
}
