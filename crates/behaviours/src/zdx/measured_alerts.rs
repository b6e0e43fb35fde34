//! Alerts as the measurements raise and end them.

use zuno_catalogue::handles::zdx::alert;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

use super::fleet;
use super::question::{alert_window, each, id, json, missing, scope};
use crate::part;

struct MeasuredAlerts;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MeasuredAlerts))
}

impl Behaviour for MeasuredAlerts {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let (fleet, now) = (fleet::of(cx)?, cx.now());
        let unknown = || missing(alert::KIND, call.param("id").unwrap_or_default());
        let wanted = || id(call, "id").ok_or_else(unknown);
        match cx.operation()?.name.as_str() {
            "ongoing" => {
                Ok(part::of(call, each(&fleet.ongoing_alerts(&scope(call)?, &alert_window(call)?))?))
            }
            "historical" => {
                Ok(part::of(call, each(&fleet.historical_alerts(&scope(call)?, &alert_window(call)?))?))
            }
            "affected_devices" => {
                let devices = fleet.affected_devices(wanted()?, &scope(call)?, now).ok_or_else(unknown)?;
                Ok(part::of(call, each(&devices)?))
            }
            _ => Ok(Outcome::One(json(&fleet.alert(wanted()?, now).ok_or_else(unknown)?)?)),
        }
    }
}
