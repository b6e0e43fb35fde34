//! Applications as the whole fleet measured them.

use zuno_catalogue::handles::zdx::{app, app_user};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;
use zuno_telemetry::{AppMetric, Fleet, score::Band};

use super::fleet;
use super::question::{asked, each, id, json, missing, scope, window, wrong};
use crate::part;

struct MeasuredApplications;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MeasuredApplications))
}

fn band(call: &Call) -> Result<Option<Band>, Fault> {
    match asked(call, "score_bucket") {
        None => Ok(None),
        Some("poor") => Ok(Some(Band::Poor)),
        Some("okay") => Ok(Some(Band::Okay)),
        Some("good") => Ok(Some(Band::Good)),
        Some(other) => Err(wrong(format!("`score_bucket` must be poor, okay or good, not `{other}`"))),
    }
}

fn applications(fleet: &Fleet, operation: &str, call: &Call) -> Result<Outcome, Fault> {
    let (scope, window) = (scope(call)?, window(call)?);
    if operation == "list" {
        return Ok(Outcome::Value(each(&fleet.apps(&scope, &window))?.into()));
    }
    let unknown = || missing(app::KIND, call.param("id").unwrap_or_default());
    let wanted = id(call, "id").ok_or_else(unknown)?;
    Ok(Outcome::Value(match operation {
        "score" => json(&fleet.app_score(wanted, &scope, &window).ok_or_else(unknown)?)?,
        "metrics" => {
            let name = asked(call, "metric_name").unwrap_or("pft");
            let metric = AppMetric::named(name).ok_or_else(|| {
                wrong(format!("`metric_name` must be pft, dns or availability, not `{name}`"))
            })?;
            // One series in a list: two released clients read nothing else at once.
            each(&[fleet.app_metric(wanted, metric, &scope, &window).ok_or_else(unknown)?])?.into()
        }
        _ => json(&fleet.app(wanted, &scope, &window).ok_or_else(unknown)?)?,
    }))
}

fn users(fleet: &Fleet, operation: &str, call: &Call) -> Result<Outcome, Fault> {
    let window = window(call)?;
    let unknown = || missing(app::KIND, call.param("app").unwrap_or_default());
    let app = id(call, "app").ok_or_else(unknown)?;
    if operation == "list" {
        let mut users = fleet.app_users(app, band(call)?, &scope(call)?, &window).ok_or_else(unknown)?;
        if let Some(words) = asked(call, "q").map(str::to_lowercase) {
            users.retain(|user| {
                user.name.to_lowercase().contains(&words) || user.email.to_lowercase().contains(&words)
            });
        }
        return Ok(part::of(call, each(&users)?));
    }
    let user = id(call, "id").and_then(|user| fleet.app_user(app, user, &window));
    let unknown = || missing(app_user::KIND, call.param("id").unwrap_or_default());
    Ok(Outcome::One(json(&user.ok_or_else(unknown)?)?))
}

impl Behaviour for MeasuredApplications {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let fleet = fleet::of(cx)?;
        let operation = cx.operation()?.name.as_str();
        match cx.catalogue().resources()[call.resource].kind == app_user::KIND {
            true => users(&fleet, operation, call),
            false => applications(&fleet, operation, call),
        }
    }
}
