//! Passwords belong to an application profile and a kind of device; a user's device tells which ones hold.

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zcc::{device as device_handle, profile_password as handle};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Kind};

use super::device;

/// What reading calls each password, and what setting it is called (client: go).
const READ: [(&str, &str); 7] = [
    ("exitPass", handle::EXIT_PASS),
    ("logoutPass", handle::LOGOUT_PASS),
    ("uninstallPass", handle::UNINSTALL_PASS),
    ("zdSettingsAccessPass", handle::ZAD_DISABLE_PASS),
    ("zdxDisablePass", handle::ZDX_DISABLE_PASS),
    ("ziaDisablePass", handle::ZIA_DISABLE_PASS),
    ("zpaDisablePass", handle::ZPA_DISABLE_PASS),
];
/// Passwords that can be set.
const SET: [&str; 8] = [
    handle::EXIT_PASS,
    handle::LOGOUT_PASS,
    handle::UNINSTALL_PASS,
    handle::ZAD_DISABLE_PASS,
    handle::ZDP_DISABLE_PASS,
    handle::ZDX_DISABLE_PASS,
    handle::ZIA_DISABLE_PASS,
    handle::ZPA_DISABLE_PASS,
];

struct ProfilePasswords;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ProfilePasswords))
}

fn key(profile: &str, system: i64) -> Id {
    Id(format!("{system}/{profile}"))
}

impl ProfilePasswords {
    /// No device of this user and kind is an empty 400 (seen).
    fn read(&self, cx: &Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let user = call.query("username").unwrap_or_default();
        let system = call.query("osType").filter(|system| !system.is_empty());
        let devices = device::enrolled(cx)?;
        let device = devices.iter().map(|device| &device.record).find(|record| {
            device::says(record, device_handle::USER, user)
                && system.is_none_or(|system| device::system(record).to_string() == system)
        });
        let missing = || Fault::NotFound { kind: Kind::from(handle::KIND), id: user.into() };
        let device = device.ok_or_else(missing)?;
        let profile = device::text(device, device_handle::POLICY_NAME);
        let kept = cx.get(handle::KIND, &key(profile, device::system(device)))?;
        let password = |(shown, member): &(&str, &str)| {
            let held = kept.as_ref().map_or("", |kept| device::text(&kept.record, member));
            ((*shown).to_owned(), Value::from(held))
        };
        Ok(Outcome::Value(Value::Object(READ.iter().map(password).collect())))
    }

    /// Sets what is sent and keeps the rest. A profile that no device of the kind has is refused in the answer's
    /// one member (guessed: only that member is known).
    fn set(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let none = Map::new();
        let sent = call.body.as_ref().and_then(Value::as_object).unwrap_or(&none);
        let profile = device::text(sent, handle::POLICY_NAME);
        let system = sent.get(handle::DEVICE_TYPE);
        let system = system.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
        let known = device::enrolled(cx)?.into_iter().any(|device| {
            device::says(&device.record, device_handle::POLICY_NAME, profile)
                && Some(device::system(&device.record)) == system
        });
        let Some(system) = system.filter(|_| known) else {
            return Ok(Outcome::Value(json!({ "errorMessage": "No such policy for this device type" })));
        };
        let id = key(profile, system);
        let mut stored = cx.get(handle::KIND, &id)?.unwrap_or_else(|| Stored {
            id: id.clone(),
            scope: "0".into(),
            sort: String::new(),
            record: Map::new(),
        });
        stored.record.insert("id".into(), id.as_str().into());
        stored.record.insert(handle::POLICY_NAME.into(), profile.into());
        stored.record.insert(handle::DEVICE_TYPE.into(), system.into());
        for member in SET {
            if let Some(password) = sent.get(member).and_then(Value::as_str) {
                stored.record.insert(member.into(), password.into());
            }
        }
        cx.save(handle::KIND, &stored)?;
        Ok(Outcome::Value(json!({ "errorMessage": "" })))
    }
}

impl Behaviour for ProfilePasswords {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match cx.operation()?.name.as_str() {
            "manage" => self.set(cx, call),
            _ => self.read(cx, call),
        }
    }
}
