//! Users with those of their devices that reported.

use serde_json::{Value, json as value};
use zuno_catalogue::handles::zdx::user;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;
use zuno_telemetry::Scope;

use super::fleet;
use super::question::{asked, each, json, scope, window};
use crate::part;

struct MeasuredUsers;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MeasuredUsers))
}

impl Behaviour for MeasuredUsers {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let (fleet, window) = (fleet::of(cx)?, window(call)?);
        if cx.operation()?.name == "list" {
            let mut users = fleet.user_list(&scope(call)?, &window);
            if let Some(words) = asked(call, "q").map(str::to_lowercase) {
                users.retain(|user| {
                    user.name.to_lowercase().contains(&words) || user.email.to_lowercase().contains(&words)
                });
            }
            return Ok(part::of(call, each(&users)?));
        }
        let stored = cx.need(user::KIND, &call.param("id").unwrap_or_default().into())?;
        let reported = fleet.user_list(&Scope::default(), &window);
        if let Some(found) = reported.iter().find(|user| user.id.to_string() == stored.id.as_str()) {
            return Ok(Outcome::One(json(found)?));
        }
        // Known, and silent in the window: there is nothing to list among the devices.
        let number = stored.id.as_str().parse().map_or(Value::Null, |id: i64| id.into());
        let member = |name: &str| stored.record.get(name).cloned().unwrap_or_default();
        Ok(Outcome::One(value!({
            "id": number, "name": member(user::NAME), "email": member(user::EMAIL), "devices": []
        })))
    }
}
