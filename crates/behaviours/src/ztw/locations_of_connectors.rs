//! Connectors' locations are internet access's own, under the same ids, as far as a connector belongs to them.

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::location;
use zuno_catalogue::{Resource, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Search, Stored, same};
use zuno_model::{Fault, Kind, Record};

use crate::part;

/// The members of a location that say a connector belongs to it.
const MARKS: [&str; 3] = ["ecLocation", "ccLocation", "bcLocation"];
/// Query parameters that are flags, with the members they ask about.
const FLAGS: [(&str, &str); 4] = [
    ("xffEnabled", "xffForwardEnabled"),
    ("authRequired", "authRequired"),
    ("enforceAup", "aupEnabled"),
    ("enableFirewall", "ofwEnabled"),
];
/// Members that the short list leaves out (seen).
const LEFT_OUT: [&str; 4] = ["state", "description", "staticLocationGroups", "dynamiclocationGroups"];

/// The location that every short list has beside the tenant's own, with all the flags of the others (seen).
const CLOUD_BROWSER: &str = "256000110";

struct LocationsOfConnectors {
    kind: String,
}

/// Parameters: `kind`, whose records the locations are.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(LocationsOfConnectors { kind: params.other("kind")? }))
}

fn of_connector(record: &Record) -> bool {
    MARKS.iter().any(|mark| record.get(*mark) == Some(&Value::Bool(true)))
}

/// Whether a location is what the query asks for.
fn wanted(call: &Call, record: &Record) -> bool {
    let text = |member: &str| record.get(member).and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let flag = |member: &str| record.get(member).and_then(Value::as_bool).unwrap_or(false);
    let limited = || {
        ["upBandwidth", "dnBandwidth"]
            .iter()
            .any(|member| record.get(*member).and_then(Value::as_i64).unwrap_or(0) > 0)
    };
    let asked = |name: &str| call.query(name).filter(|value| !value.is_empty());
    let named = match &call.list_query.search {
        Some(Search::Text(words)) => text("name").contains(&words.to_lowercase()),
        _ => true,
    };
    named
        && asked("state").is_none_or(|state| text("state") == state.to_lowercase())
        && asked("locationType").is_none_or(|profile| text("profile") == profile.to_lowercase())
        && asked("groupId").is_none_or(|group| {
            LEFT_OUT.iter().any(|member| record.get(*member).is_some_and(|groups| same(groups, group)))
        })
        && asked("bwEnforced").is_none_or(|_| call.flag("bwEnforced") == limited())
        && FLAGS.iter().all(|(name, member)| asked(name).is_none_or(|_| call.flag(name) == flag(member)))
}

/// The short form: flags as they are, look-ups left out or blank (seen).
fn short(shown: Value) -> Value {
    let Value::Object(mut members) = shown else { return shown };
    members.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
    let mut blank = |name: &str, value: Value| {
        if members.contains_key(name) {
            members.insert(name.to_owned(), value);
        }
    };
    blank("country", json!("NONE"));
    blank("profile", json!("NONE"));
    blank("idleTimeInMinutes", json!(0));
    Value::Object(members)
}

/// A whole location, with the network it stands for, which internet access does not tell (seen).
fn shown(cx: &Context<'_>, resource: &Resource, verb: Verb, stored: Stored) -> Result<Value, Fault> {
    let network = stored.record.get(location::VPC_INFO).cloned();
    let mut shown = cx.show(resource, verb, None, stored)?;
    if let (Some(members), Some(network)) = (shown.as_object_mut(), network) {
        members.insert(location::VPC_INFO.into(), network);
    }
    Ok(shown)
}

impl LocationsOfConnectors {
    fn all(&self, cx: &Context<'_>, call: &Call) -> Result<Vec<Value>, Fault> {
        let resource = cx.resource(&self.kind)?;
        let mut items = Vec::new();
        for stored in cx.all(&self.kind, None)? {
            if of_connector(&stored.record) && wanted(call, &stored.record) {
                items.push(shown(cx, resource, Verb::List, stored)?);
            }
        }
        Ok(items)
    }

    fn one(&self, cx: &Context<'_>, call: &Call) -> Result<Value, Fault> {
        let id = call.param("id").unwrap_or_default().into();
        let stored: Stored = cx.need(&self.kind, &id)?;
        if !of_connector(&stored.record) {
            return Err(Fault::NotFound { kind: Kind(self.kind.clone()), id });
        }
        shown(cx, cx.resource(&self.kind)?, Verb::Read, stored)
    }
}

impl Behaviour for LocationsOfConnectors {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        Ok(match cx.operation()?.name.as_str() {
            "list" => part::of(call, self.all(cx, call)?),
            "lite" => {
                let mut items = self.all(cx, call)?;
                let browser = cx.get(&self.kind, &CLOUD_BROWSER.into())?;
                if let Some(browser) = browser.filter(|browser| wanted(call, &browser.record)) {
                    items.push(cx.show(cx.resource(&self.kind)?, Verb::List, None, browser)?);
                }
                part::of(call, items.into_iter().map(short).collect())
            }
            "read_lite" => Outcome::One(short(self.one(cx, call)?)),
            _ => Outcome::One(self.one(cx, call)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{of_connector, short};

    #[test]
    fn any_mark_makes_a_location_a_connectors() {
        let record = |value: serde_json::Value| value.as_object().cloned().unwrap_or_default();
        assert!(of_connector(&record(json!({"ecLocation": false, "ccLocation": true}))));
        assert!(!of_connector(&record(json!({"ecLocation": false, "name": "HQ"}))));
    }

    #[test]
    fn the_short_form_blanks_look_ups_and_keeps_flags() {
        let shown =
            json!({"id": 1, "country": "CANADA", "state": "BC", "ofwEnabled": true, "idleTimeInMinutes": 5});
        assert_eq!(
            short(shown),
            json!({"id": 1, "country": "NONE", "ofwEnabled": true, "idleTimeInMinutes": 0})
        );
    }
}
