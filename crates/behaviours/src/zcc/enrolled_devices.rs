//! Devices as the list and the details show them: the same facts under two sets of names, which are their views.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zcc::device as handle;
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Kind, Refusal};

use super::device;
use crate::part;

/// The guarantee for one resource.
#[derive(Default)]
pub struct EnrolledDevices;

/// The members of a view, in its order; what a device lacks is `missing`.
fn filled(names: &[String], mut shown: Value, missing: &Value) -> Value {
    let member = |name: &String| (name.clone(), shown.get_mut(name).map_or(missing.clone(), Value::take));
    Value::Object(names.iter().map(member).collect())
}

/// A device as the operation's view has it.
fn told(cx: &Context<'_>, device: Stored, missing: &Value) -> Result<Value, Fault> {
    let (resource, view) = (cx.resource(handle::KIND)?, cx.view());
    let names = view.and_then(|view| resource.views.get(view));
    let names =
        names.ok_or_else(|| Fault::broken("devices are told by a view, and the operation has none"))?;
    Ok(filled(names, cx.show(resource, Verb::Read, view, device)?, missing))
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
        // What a device lacks is `null` in the list, and an empty text in the details (seen).
        part::told(call, devices, |device| told(cx, device, &Value::Null))
    }

    /// By device, or by a user with a single device; anything else is an empty 400 (seen).
    fn read(&self, cx: &Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let mut devices = device::enrolled(cx)?.into_iter();
        if let Some(udid) = asked(call, "udid") {
            let found = devices.find(|device| handle::UDID.of(&device.record).unwrap_or_default() == udid);
            let missing = || Fault::NotFound { kind: Kind::from(handle::KIND), id: udid.into() };
            return Ok(Outcome::One(told(cx, found.ok_or_else(missing)?, &"".into())?));
        }
        let user = asked(call, "username").unwrap_or_default();
        let mut theirs = devices.filter(|device| device::says(&device.record, handle::USER, user));
        match (theirs.next(), theirs.next()) {
            (Some(only), None) => Ok(Outcome::One(told(cx, only, &"".into())?)),
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
    use serde_json::json;

    use super::filled;

    #[test]
    fn a_view_has_all_of_its_members_in_their_order() {
        let names = ["udid", "user", "type"].map(str::to_owned);
        let told = filled(&names, json!({ "type": 3, "udid": "U", "state": 1 }), &json!(""));
        assert_eq!(told.to_string(), r#"{"udid":"U","user":"","type":3}"#);
    }
}
