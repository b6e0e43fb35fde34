//! Devices that reported, how they are, and what changed on them.

use serde_json::Value;
use zuno_catalogue::handles::zdx::device;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, at_path};
use zuno_model::{Fault, Id};
use zuno_telemetry::Fleet;

use super::fleet;
use super::question::{each, id, listed, missing, scope, window};
use crate::part;

struct MeasuredDevices;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MeasuredDevices))
}

/// Whether a device is among those that a repeated parameter names; all are when it is not given.
fn among(call: &Call, name: &str, held: Option<&str>) -> bool {
    let mut wanted = listed(call, name).peekable();
    wanted.peek().is_none() || wanted.any(|wanted| held.is_some_and(|held| held.eq_ignore_ascii_case(wanted)))
}

fn list(cx: &Context<'_>, fleet: &Fleet, call: &Call) -> Result<Outcome, Fault> {
    let mut items = Vec::new();
    for item in fleet.device_list(&scope(call)?, &window(call)?) {
        let owner = fleet.device(item.id).map(|device| device.owner.email.clone());
        let record =
            cx.get(device::KIND, &Id::from(item.id))?.map(|stored| stored.record).unwrap_or_default();
        let adapter = |path: &str| at_path(&record, path).and_then(Value::as_str);
        if among(call, "userids", Some(&item.userid.to_string()))
            && among(call, "emails", owner.as_deref())
            && among(call, "mac_address", adapter("network.mac"))
            && among(call, "private_ipv4", adapter("network.ipv4"))
        {
            items.push(item);
        }
    }
    Ok(part::of(call, each(&items)?))
}

impl Behaviour for MeasuredDevices {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let fleet = fleet::of(cx)?;
        let operation = cx.operation()?.name.as_str();
        if operation == "list" {
            return list(cx, &fleet, call);
        }
        let unknown = || missing(device::KIND, call.param("id").unwrap_or_default());
        let (wanted, window) = (id(call, "id").ok_or_else(unknown)?, window(call)?);
        let items = match operation {
            "health_metrics" => each(&fleet.health(wanted, &window).ok_or_else(unknown)?)?,
            _ => each(&fleet.events(wanted, &window).ok_or_else(unknown)?)?,
        };
        Ok(Outcome::Value(items.into()))
    }
}
