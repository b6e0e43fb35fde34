//! A device's one-time passwords by what they are for; the same until the agent takes new ones.

use serde_json::{Map, Value};
use zuno_catalogue::handles::zcc::device as handle;
use zuno_engine::{Behaviour, Call, Context, Outcome};
use zuno_model::{Fault, Kind, Record};

use super::device;

/// Which of a device's passwords is for what: places 7 and 8 are never shown (seen). `otp` is the one name that the
/// documents print; its example is the first password.
const PURPOSES: [(&str, usize); 9] = [
    ("otp", 0),
    ("logoutOtp", 0),
    ("revertOtp", 1),
    ("uninstallOtp", 2),
    ("exitOtp", 3),
    ("ziaDisableOtp", 4),
    ("zpaDisableOtp", 5),
    ("zdxDisableOtp", 6),
    ("zdpDisableOtp", 9),
];

/// The guarantee for one resource.
#[derive(Default)]
pub struct OneTimePasswords;

fn named(record: &Record) -> Map<String, Value> {
    let held: Vec<&str> = handle::DEVICE_OTP_ARRAY.of(record).collect();
    let member = |(name, place): &(&str, usize)| {
        held.get(*place).map(|password| ((*name).to_owned(), Value::from(*password)))
    };
    PURPOSES.iter().filter_map(member).collect()
}

impl Behaviour for OneTimePasswords {
    /// A device that is not known is an empty 400, as it is for the details (guessed).
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let udid = call.query("udid").unwrap_or_default();
        let devices = device::enrolled(cx)?;
        let found = devices.iter().find(|device| handle::UDID.of(&device.record).unwrap_or_default() == udid);
        let missing = || Fault::NotFound { kind: Kind::from(handle::KIND), id: udid.into() };
        Ok(Outcome::Value(Value::Object(named(&found.ok_or_else(missing)?.record))))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::named;

    #[test]
    fn the_passwords_stand_under_their_purposes() {
        let record = json!({"deviceOtpArray": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]});
        let named = named(record.as_object().expect("an object"));
        assert_eq!(
            (&named["otp"], &named["zdxDisableOtp"], &named["zdpDisableOtp"]),
            (&json!("a"), &json!("g"), &json!("j"))
        );
        assert_eq!(named.len(), 9);
    }
}
