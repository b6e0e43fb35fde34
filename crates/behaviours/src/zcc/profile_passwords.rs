//! Passwords belong to an application profile of a platform; a user's device tells which ones hold.
//!
//! They are the profile's own members: what is set here is read there, and the other way round.

use serde_json::{Map, Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zcc::{
    application_profile as profile, device as device_handle, profile_password as handle,
};
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Kind, Record};

use super::device;

/// Each password as it is set, as it is read where that can be (client: go), and the profile's member that holds it.
const PASSWORDS: [(&str, Option<&str>, Held); 8] = [
    ("exitPass", Some("exitPass"), Held::Extension("exitPassword")),
    ("logoutPass", Some("logoutPass"), Held::Profile(profile::LOGOUT_PASSWORD.name)),
    ("uninstallPass", Some("uninstallPass"), Held::Profile(profile::UNINSTALL_PASSWORD.name)),
    ("zadDisablePass", Some("zdSettingsAccessPass"), Held::Extension("zdDisablePassword")),
    ("zdpDisablePass", None, Held::Extension("zdpDisablePassword")),
    ("zdxDisablePass", Some("zdxDisablePass"), Held::Extension("zdxDisablePassword")),
    ("ziaDisablePass", Some("ziaDisablePass"), Held::Profile(profile::DISABLE_PASSWORD.name)),
    ("zpaDisablePass", Some("zpaDisablePass"), Held::Extension("zpaDisablePassword")),
];

/// Where a profile holds a password.
#[derive(Clone, Copy)]
enum Held {
    /// Beside its other members.
    Profile(&'static str),
    /// In what came later.
    Extension(&'static str),
}

impl Held {
    fn of(self, record: &Record) -> &str {
        let held = match self {
            Held::Profile(member) => record.text(member),
            Held::Extension(member) => {
                profile::POLICY_EXTENSION.of(record).and_then(|later| later.text(member))
            }
        };
        held.unwrap_or_default()
    }

    fn set(self, record: &mut Record, password: &str) {
        match self {
            Held::Profile(member) => drop(record.insert(member.into(), password.into())),
            Held::Extension(member) => {
                let later = record.entry(profile::POLICY_EXTENSION).or_insert_with(|| json!({}));
                if let Value::Object(later) = later {
                    later.insert(member.into(), password.into());
                }
            }
        }
    }
}

/// The guarantee for one resource.
#[derive(Default)]
pub struct ProfilePasswords;

/// The profile of this name for a platform.
fn named(cx: &Context<'_>, name: &str, system: i64) -> Result<Option<Stored>, Fault> {
    let system = system.to_string();
    Ok(cx.all(profile::KIND, None)?.into_iter().find(|stored| {
        profile::DEVICE_TYPE.of(&stored.record) == Some(system.as_str())
            && profile::NAME.of(&stored.record).is_some_and(|held| held.eq_ignore_ascii_case(name))
    }))
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
        let name = device_handle::POLICY_NAME.of(device).unwrap_or_default();
        let own = named(cx, name, device::system(device))?;
        let password = |(_, shown, held): &(&str, Option<&str>, Held)| {
            let text = own.as_ref().map_or("", |own| held.of(&own.record));
            shown.map(|shown| (shown.to_owned(), Value::from(text)))
        };
        Ok(Outcome::Value(Value::Object(PASSWORDS.iter().filter_map(password).collect())))
    }

    /// Sets what is sent and keeps the rest. A profile that is not there is refused in the answer's one member (guessed:
    /// only that member is known).
    fn set(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let none = Map::new();
        let sent = call.body.as_ref().and_then(Value::as_object).unwrap_or(&none);
        let name = handle::POLICY_NAME.of(sent).unwrap_or_default();
        let system = sent.get(handle::DEVICE_TYPE.name);
        let system = system.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
        let found = system.map(|system| named(cx, name, system)).transpose()?.flatten();
        let Some(mut stored) = found else {
            return Ok(Outcome::Value(json!({ "errorMessage": "No such policy for this device type" })));
        };
        for (member, _, held) in PASSWORDS {
            if let Some(password) = sent.text(member) {
                held.set(&mut stored.record, password);
            }
        }
        cx.save(profile::KIND, &stored)?;
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
