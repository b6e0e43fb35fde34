//! A deep trace is kept as it was asked for; how far it is and what it measured follow from the clock.

use serde_json::{Map, Value, json as value};
use zuno_catalogue::handles::zdx::{deep_trace as handle, device};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored, same};
use zuno_model::{Fault, Id, Record, Refusal, Time};
use zuno_telemetry::{Application, Fleet, Leg, Probe, Trace, Window};

use super::fleet;
use super::question::{each, id, json, missing, refused, same_name, wrong};

/// Minutes that a session may take (documented).
const LENGTHS: [i64; 4] = [5, 15, 30, 60];

struct DeepTraceLife {
    per_device: usize,
    per_tenant: usize,
}

/// Parameters: `per_device` and `per_tenant`, how many traces may be active at once.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (per_device, per_tenant) = (params.needed_number("per_device")?, params.needed_number("per_tenant")?);
    Ok(Box::new(DeepTraceLife { per_device, per_tenant }))
}

fn number(record: &Record, member: &str) -> Option<i64> {
    let held = record.get(member)?;
    held.as_i64().or_else(|| held.as_str()?.trim().parse().ok())
}

/// How far a kept trace is. A trace whose device is gone is nowhere.
fn progress(fleet: &Fleet, stored: &Stored, now: Time) -> Option<Trace> {
    let record = &stored.record;
    let minutes = number(record, handle::SESSION_LENGTH_MINUTES)?;
    fleet.trace(number(record, handle::DEVICE_ID)?, number(record, handle::CREATED_AT)?, minutes, now)
}

/// What was asked, under the names that answers use, and how far it is.
fn shown(fleet: &Fleet, stored: &Stored, now: Time) -> Result<Option<Value>, Fault> {
    let record = &stored.record;
    let (Some(trace), Some(device)) =
        (progress(fleet, stored, now), number(record, handle::DEVICE_ID).and_then(|id| fleet.device(id)))
    else {
        return Ok(None);
    };
    let app = number(record, handle::APP_ID).and_then(|id| fleet.application(id));
    let probe = |of: fn(&Application) -> &[Probe], member: &str| {
        let wanted = number(record, member)?;
        of(app?).iter().find(|probe| probe.id == wanted)
    };
    let page = probe(|app| &app.web_probes, handle::WEB_PROBE_ID);
    let path = probe(|app| &app.path_probes, handle::CLOUDPATH_PROBE_ID);
    let mut details = Map::new();
    let mut tell = |name: &str, what: Option<Value>| {
        if let Some(what) = what {
            details.insert(name.to_owned(), what);
        }
    };
    tell("session_name", record.get(handle::SESSION_NAME).cloned());
    // Ids are texts here: one released client reads nothing else (client: go).
    let text = |id: i64| Value::String(id.to_string());
    tell("app_id", app.map(|app| text(app.id)));
    tell("app_name", app.map(|app| app.name.as_str().into()));
    tell("user_id", Some(text(device.owner.id)));
    tell("username", Some(device.owner.name.as_str().into()));
    tell("device_id", Some(text(device.id)));
    tell("device_name", Some(device.display_name(fleet.seed).into()));
    tell("web_probe_id", page.map(|probe| text(probe.id)));
    tell("web_probe_name", page.map(|probe| probe.name.as_str().into()));
    tell("cloudpath_probe_id", path.map(|probe| text(probe.id)));
    tell("cloud_path_name", path.map(|probe| probe.name.as_str().into()));
    tell("session_length", record.get(handle::SESSION_LENGTH_MINUTES).cloned());
    tell("probe_device", record.get(handle::PROBE_DEVICE).cloned());
    let mut members = Map::new();
    members.insert("trace_id".into(), stored.id.as_str().into());
    members.insert("trace_details".into(), Value::Object(details));
    if let Value::Object(times) = json(&trace.times())? {
        members.extend(times);
    }
    Ok(Some(Value::Object(members)))
}

/// A request under the documented names, however its members are spelt.
fn documented(sent: &Map<String, Value>) -> Record {
    let known = [
        handle::SESSION_NAME,
        handle::APP_ID,
        handle::WEB_PROBE_ID,
        handle::CLOUDPATH_PROBE_ID,
        handle::SESSION_LENGTH_MINUTES,
        handle::PROBE_DEVICE,
    ];
    let name = |given: &String| known.into_iter().find(|name| same_name(name, given));
    let said = sent.iter().filter(|(_, held)| !held.is_null());
    said.filter_map(|(given, held)| Some((name(given)?.to_owned(), held.clone()))).collect()
}

impl DeepTraceLife {
    /// The fields of a request, checked: texts of digits count as numbers, an id of 0 as none.
    fn request(&self, fleet: &Fleet, call: &Call) -> Result<Record, Fault> {
        let Some(Value::Object(sent)) = &call.body else {
            return Err(Fault::Unreadable("a JSON object with `session_name` is wanted".into()));
        };
        let sent = &documented(sent);
        let name = sent.get(handle::SESSION_NAME).and_then(Value::as_str).map(str::trim).unwrap_or_default();
        if name.is_empty() {
            return Err(wrong("`session_name` must be given"));
        }
        let minutes = match sent.get(handle::SESSION_LENGTH_MINUTES) {
            None | Some(Value::Null) => LENGTHS[0],
            Some(_) => number(sent, handle::SESSION_LENGTH_MINUTES).unwrap_or_default(),
        };
        if !LENGTHS.contains(&minutes) {
            return Err(wrong("`session_length_minutes` must be 5, 15, 30 or 60"));
        }
        let given = |member: &str| number(sent, member).filter(|id| *id != 0);
        let app = match given(handle::APP_ID) {
            None => None,
            Some(id) => {
                let app = fleet.application(id);
                Some(app.ok_or_else(|| wrong(format!("`app_id` names no application: {id}")))?)
            }
        };
        let probe = |member: &str, id: Option<i64>, of: fn(&Application) -> &[Probe]| match id {
            Some(id) if !app.is_some_and(|app| of(app).iter().any(|probe| probe.id == id)) => {
                Err(wrong(format!("`{member}` names no probe of the application: {id}")))
            }
            id => Ok(id),
        };
        let page = probe(handle::WEB_PROBE_ID, given(handle::WEB_PROBE_ID), |app| &app.web_probes)?;
        let path = given(handle::CLOUDPATH_PROBE_ID);
        let path = probe(handle::CLOUDPATH_PROBE_ID, path, |app| &app.path_probes)?;
        let mut record = Record::new();
        record.insert(handle::SESSION_NAME.into(), name.into());
        record.insert(handle::SESSION_LENGTH_MINUTES.into(), minutes.into());
        let flag = sent.get(handle::PROBE_DEVICE).and_then(Value::as_bool).unwrap_or(false);
        record.insert(handle::PROBE_DEVICE.into(), flag.into());
        if let Some(app) = app {
            record.insert(handle::APP_ID.into(), app.id.to_string().into());
        }
        for (member, probe) in [(handle::WEB_PROBE_ID, page), (handle::CLOUDPATH_PROBE_ID, path)] {
            if let Some(probe) = probe {
                record.insert(member.into(), probe.into());
            }
        }
        Ok(record)
    }

    /// The limits are documented, their refusals guessed.
    fn create(
        &self,
        cx: &mut Context<'_>,
        call: &Call,
        fleet: &Fleet,
        device: i64,
    ) -> Result<Outcome, Fault> {
        let now = cx.now();
        let mut record = self.request(fleet, call)?;
        let kept = cx.all(handle::KIND, None)?;
        let active: Vec<&Stored> = kept
            .iter()
            .filter(|stored| progress(fleet, stored, now).is_some_and(|trace| trace.status.active()))
            .collect();
        let here =
            active.iter().filter(|stored| number(&stored.record, handle::DEVICE_ID) == Some(device)).count();
        if here >= self.per_device {
            let words = "a deep tracing session is active on this device; stop it or wait until it is done";
            return Err(refused(Refusal::Conflict, "SESSION_ACTIVE", words));
        }
        if active.len() >= self.per_tenant {
            let words = format!("{} deep tracing sessions are active, no more are allowed", self.per_tenant);
            return Err(refused(Refusal::Conflict, "SESSION_LIMIT", words));
        }
        let id = Id::from(cx.next("zdx-trace", 1)?);
        record.insert("id".into(), id.as_str().into());
        record.insert(handle::DEVICE_ID.into(), device.to_string().into());
        record.insert(handle::CREATED_AT.into(), now.into());
        let stored = Stored { id, scope: "0".into(), sort: String::new(), record };
        cx.save(handle::KIND, &stored)?;
        let trace = progress(fleet, &stored, now)
            .ok_or_else(|| Fault::broken("a trace of a known device has no state"))?;
        Ok(Outcome::Value(json(&trace.state(stored.id.as_str().parse().unwrap_or_default()))?))
    }

    /// What a trace has measured so far; nothing before the device took it up.
    fn measured(
        &self,
        fleet: &Fleet,
        stored: &Stored,
        operation: &str,
        device: i64,
        window: &Window,
    ) -> Result<Vec<Value>, Fault> {
        let record = &stored.record;
        let target = |member: &str| Some((number(record, handle::APP_ID)?, number(record, member)?));
        let (page, path) = (target(handle::WEB_PROBE_ID), target(handle::CLOUDPATH_PROBE_ID));
        match operation {
            "webprobe_metrics" => {
                let found = page.and_then(|(app, probe)| fleet.web_probe_metrics(device, app, probe, window));
                each(&found.unwrap_or_default())
            }
            "cloudpath_metrics" => {
                let found =
                    path.and_then(|(app, probe)| fleet.path_probe(device, app, probe, &Leg::ALL, window));
                each(&found.unwrap_or_default())
            }
            "cloudpath" => {
                let found = path.and_then(|(app, probe)| fleet.path_traces(device, app, probe, window));
                each(&found.unwrap_or_default())
            }
            "health_metrics" => each(&fleet.health(device, window).unwrap_or_default()),
            "top_processes" => each(&fleet.top_processes(device, window).unwrap_or_default()),
            _ => each(&fleet.events(device, window).unwrap_or_default()),
        }
    }
}

impl Behaviour for DeepTraceLife {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let (fleet, now) = (fleet::of(cx)?, cx.now());
        let operation = cx.operation()?.name.as_str();
        let known = id(call, "device").filter(|device| fleet.device(*device).is_some());
        let device = known.ok_or_else(|| missing(device::KIND, call.param("device").unwrap_or_default()))?;
        match operation {
            "create" => return self.create(cx, call, &fleet, device),
            "list" => {
                let mut items = Vec::new();
                for stored in cx.all(handle::KIND, None)? {
                    if number(&stored.record, handle::DEVICE_ID) == Some(device) {
                        items.extend(shown(&fleet, &stored, now)?);
                    }
                }
                return Ok(Outcome::Value(items.into()));
            }
            _ => {}
        }
        let wanted = call.param("id").unwrap_or_default();
        let stored = cx.need(handle::KIND, &wanted.into())?;
        if !stored.record.get(handle::DEVICE_ID).is_some_and(|held| same(held, &device.to_string())) {
            return Err(missing(handle::KIND, wanted));
        }
        match operation {
            "read" => {
                let found = shown(&fleet, &stored, now)?;
                found.map(Outcome::One).ok_or_else(|| missing(handle::KIND, wanted))
            }
            "delete" => {
                cx.remove(handle::KIND, &stored.id)?;
                Ok(Outcome::Value(value!({ "trace_id": stored.id.as_str() })))
            }
            _ => {
                let window = progress(&fleet, &stored, now).and_then(|trace| trace.window());
                let items = match window {
                    Some(window) => self.measured(&fleet, &stored, operation, device, &window)?,
                    None => Vec::new(),
                };
                Ok(Outcome::Value(items.into()))
            }
        }
    }
}
