//! What the probes of one device measured: applications, pages, paths and calls.

use serde_json::Value;
use zuno_catalogue::handles::zdx::{app, cloudpath_probe, device, device_app, web_probe};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;
use zuno_telemetry::{Fleet, Leg};

use super::fleet;
use super::question::{each, id, json, missing, window};

struct MeasuredProbes;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MeasuredProbes))
}

/// The device that the path names.
fn device_of(fleet: &Fleet, call: &Call) -> Result<i64, Fault> {
    let found = id(call, "device").filter(|device| fleet.device(*device).is_some());
    found.ok_or_else(|| missing(device::KIND, call.param("device").unwrap_or_default()))
}

/// The application that a part of the path names.
fn app_of(fleet: &Fleet, call: &Call, name: &str) -> Result<i64, Fault> {
    let found = id(call, name).filter(|app| fleet.application(*app).is_some());
    found.ok_or_else(|| missing(app::KIND, call.param(name).unwrap_or_default()))
}

fn applications(fleet: &Fleet, operation: &str, call: &Call) -> Result<Value, Fault> {
    let (device, window) = (device_of(fleet, call)?, window(call)?);
    if operation == "list" {
        return Ok(each(&fleet.device_apps(device, &window).unwrap_or_default())?.into());
    }
    let app = app_of(fleet, call, "id")?;
    match operation {
        "call_quality_metrics" => {
            Ok(each(&fleet.call_quality(device, app, &window).unwrap_or_default())?.into())
        }
        _ => json(&fleet.device_app_score(device, app, &window)),
    }
}

fn probes(fleet: &Fleet, kind: &str, operation: &str, call: &Call) -> Result<Value, Fault> {
    let (device, app, window) = (device_of(fleet, call)?, app_of(fleet, call, "app")?, window(call)?);
    let pages = kind == web_probe::KIND;
    if operation == "list" {
        let items = match pages {
            true => each(&fleet.web_probes(device, app, &window).unwrap_or_default())?,
            false => each(&fleet.path_probes(device, app, &window).unwrap_or_default())?,
        };
        return Ok(items.into());
    }
    let unknown = || missing(kind, call.param("id").unwrap_or_default());
    let probe = id(call, "id").ok_or_else(unknown)?;
    match (pages, operation) {
        // One series in a list: two released clients read nothing else at once.
        (true, _) => Ok(each(&[fleet.web_probe(device, app, probe, &window).ok_or_else(unknown)?])?.into()),
        (false, "cloudpath") => {
            Ok(each(&fleet.path_traces(device, app, probe, &window).ok_or_else(unknown)?)?.into())
        }
        (false, _) => {
            let legs = fleet.path_probe(device, app, probe, &[Leg::EndToEnd], &window);
            Ok(each(&legs.ok_or_else(unknown)?)?.into())
        }
    }
}

impl Behaviour for MeasuredProbes {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let fleet = fleet::of(cx)?;
        let operation = cx.operation()?.name.as_str();
        let kind = cx.catalogue().resources()[call.resource].kind.as_str();
        debug_assert!([device_app::KIND, web_probe::KIND, cloudpath_probe::KIND].contains(&kind));
        Ok(Outcome::Value(match kind == device_app::KIND {
            true => applications(&fleet, operation, call)?,
            false => probes(&fleet, kind, operation, call)?,
        }))
    }
}
