//! Devices are chosen by what the caller knows of them, and asked to go or removed at once, a bounded number a call.

use serde_json::{Map, Value, json};
use zuno_catalogue::Member;
use zuno_catalogue::handles::zcc::{device as handle, machine_tunnel};
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Record, Refusal};

use super::device::{self, State};

/// Devices that one call touches unless it says, and at most (documented).
const USUAL: usize = 30;
const MOST: usize = 5000;
/// What is said when nothing matches (seen).
const NONE: &str = "No devices to delete";

/// The guarantee for one resource.
#[derive(Default)]
pub struct DeviceRemoval;

/// What a device must satisfy: all that is given, and something must be (how criteria combine is guessed).
#[derive(Debug, Default, PartialEq)]
struct Choice {
    udids: Vec<String>,
    versions: Vec<String>,
    user: Option<String>,
    system: Option<i64>,
}

impl Choice {
    /// A recorded call spells the user's name `username`, the documents `userName`.
    fn read(body: &Map<String, Value>) -> Choice {
        let user = body.get("userName").or_else(|| body.get("username")).and_then(Value::as_str);
        let system = body.get("osType");
        let system = system.and_then(|value| value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()));
        Choice {
            udids: texts(body.get("udids")),
            versions: texts(body.get("clientConnectorVersion")),
            user: user.filter(|user| !user.is_empty()).map(str::to_owned),
            system: system.filter(|system| *system != 0),
        }
    }

    fn takes(&self, record: &Record) -> bool {
        let among = |given: &[String], member: Member<str>| {
            given.is_empty() || given.iter().any(|wanted| device::says(record, member, wanted))
        };
        *self != Choice::default()
            && among(&self.udids, handle::UDID)
            && among(&self.versions, handle::AGENT_VERSION)
            && self.user.as_ref().is_none_or(|user| device::says(record, handle::USER, user))
            && self.system.is_none_or(|system| device::system(record) == system)
    }
}

/// The texts of a list, or of a text with commas.
fn texts(value: Option<&Value>) -> Vec<String> {
    let parts: Vec<&str> = match value {
        Some(Value::String(text)) => text.split(',').collect(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn body(call: &Call) -> Map<String, Value> {
    call.body.as_ref().and_then(Value::as_object).cloned().unwrap_or_default()
}

fn removed(devices: usize) -> Outcome {
    Outcome::Value(json!({ "devicesRemoved": devices }))
}

impl DeviceRemoval {
    /// Soft removal takes registered devices (guessed), removal at once those whose removal is pending too
    /// (documented).
    fn devices(&self, cx: &mut Context<'_>, call: &Call, at_once: bool) -> Result<Outcome, Fault> {
        let choice = Choice::read(&body(call));
        let wanted = call.query("pageSize").and_then(|size| size.parse().ok()).filter(|size| *size > 0);
        let states: &[State] =
            if at_once { &[State::Registered, State::RemovalPending] } else { &[State::Registered] };
        let chosen: Vec<Stored> = device::all(cx)?
            .into_iter()
            .filter(|device| states.contains(&device::state(&device.record)) && choice.takes(&device.record))
            .take(wanted.unwrap_or(USUAL).min(MOST))
            .collect();
        if chosen.is_empty() && at_once {
            // The catalogue's `failure` of the operation is the body of this 400 (seen).
            return Err(Fault::refused(Refusal::BadRequest, "", NONE));
        }
        let (now, count) = (cx.now(), chosen.len());
        for mut device in chosen {
            match at_once {
                true => device::enter(&mut device.record, State::Removed),
                false => device::ask_to_go(&mut device.record, now),
            }
            cx.save(handle::KIND, &device)?;
        }
        Ok(removed(count))
    }

    fn machine_tunnels(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let mut hosts = texts(call.query("hostName").map(Value::from).as_ref());
        let sent = body(call);
        // Clients write them into the query or the body, the names as a list or as text (client: go, python).
        hosts.extend(["hostNames", "hostName"].iter().flat_map(|name| texts(sent.get(*name))));
        let token = call.query("machineToken").or_else(|| sent.get("machineToken")?.as_str());
        let token = token.filter(|token| !token.is_empty());
        if token.is_some() && !hosts.is_empty() {
            return Err(Fault::refused(
                Refusal::BadRequest,
                "INVALID_FIELD_VALUE",
                "give `hostName` or `machineToken`, not both",
            ));
        }
        let mut tunnels = cx.all(machine_tunnel::KIND, None)?;
        tunnels.retain(|tunnel| {
            let host = machine_tunnel::HOST_NAME.of(&tunnel.record).unwrap_or_default();
            hosts.iter().any(|wanted| wanted.eq_ignore_ascii_case(host))
                || token
                    .is_some_and(|token| device::says(&tunnel.record, machine_tunnel::MACHINE_TOKEN, token))
        });
        for tunnel in &tunnels {
            cx.remove(machine_tunnel::KIND, &tunnel.id)?;
        }
        Ok(match tunnels.len() {
            0 => Outcome::Value(json!({ "devicesRemoved": 0, "errorMsg": NONE })),
            count => removed(count),
        })
    }
}

impl Behaviour for DeviceRemoval {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if cx.catalogue().operation(call.operation).0.kind == machine_tunnel::KIND {
            return self.machine_tunnels(cx, call);
        }
        let at_once = cx.operation()?.name.as_str() == "force_remove";
        self.devices(cx, call, at_once)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::Choice;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn criteria_combine_and_none_chooses_nothing() {
        let device = map(json!({"udid": "U1", "user": "Ann@x", "type": 3, "agentVersion": "4.7"}));
        let takes = |body: Value| Choice::read(&map(body)).takes(&device);
        assert!(!takes(json!({})));
        assert!(takes(json!({"userName": "ann@x"})));
        assert!(takes(json!({"username": "ann@x", "osType": "3", "udids": ["U0", "U1"]})));
        assert!(!takes(json!({"userName": "ann@x", "osType": 4})));
        assert!(!takes(json!({"clientConnectorVersion": ["4.5"], "udids": ["U1"]})));
    }
}
