//! One path makes a profile or replaces one, as the body names a profile or not; answers tell success as text and the id
//! as a number, although reading gives it as text (seen).
//!
//! What is written comes whole: a replaced profile keeps nothing of what it was. Each action for private traffic has four
//! members under two names, which agree in every profile that was written so (client: terraform zcc writes and reads the
//! shorter ones; the longer ones alone were seen, in profiles that the portal made).

use serde_json::{Map, Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zcc::forwarding_profile as member;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};

use crate::spelling::meant;

/// The profile that every tenant has.
const DEFAULT: &str = "0";

/// A member of the actions for private traffic: as it is read, as it is written, and its value where nobody says one (seen).
const SPELT_TWICE: [(&str, &str, i64); 4] = [
    ("latencyBasedZpaServerEnablement", "latencyBasedServerEnablement", 0),
    ("lbsZpaProbeInterval", "lbsProbeInterval", 30),
    ("lbsZpaProbeSampleSize", "lbsProbeSampleSize", 5),
    ("lbsZpaThresholdLimit", "lbsThresholdLimit", 1),
];

struct SavedProfile {
    kind: String,
}

/// No parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(SavedProfile { kind: params.kind() }))
}

/// Which profile a body names: `Some(None)` for a new one, which clients give no id, an empty one, 0 or -1; nothing where
/// it does not say at all. Zero as text is the default profile, as reading gives it.
fn named(sent: &Map<String, Value>) -> Option<Option<Id>> {
    let id = sent.get("id").filter(|id| !id.is_null())?;
    let new = matches!(id.as_i64(), Some(..=0)) || matches!(id.as_str(), Some("" | "-1"));
    Some(Id::from_value(id).filter(|_| !new))
}

fn actions<'r>(record: &'r mut Record, list: &str) -> impl Iterator<Item = &'r mut Map<String, Value>> {
    let actions = record.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
    actions.filter_map(Value::as_object_mut)
}

/// Lets the members that have two names agree: what was sent, as far as it differs from what was held.
fn agree(record: &mut Record, held: Option<&Record>) {
    let held = held.map(|held| member::FORWARDING_PROFILE_ZPA_ACTIONS.of(held)).unwrap_or_default();
    for action in actions(record, member::FORWARDING_PROFILE_ZPA_ACTIONS.name) {
        let before = held.iter().find(|held| held["networkType"] == action["networkType"]);
        for (read, written, default) in SPELT_TWICE {
            let sent = [written, read].into_iter().filter_map(|name| action.get(name).cloned());
            let value = meant(before.and_then(|before| before.get(read)), sent.collect::<Vec<_>>());
            let value = value.unwrap_or_else(|| json!(default));
            action.insert(written.to_owned(), value.clone());
            action.insert(read.to_owned(), value);
        }
    }
}

fn succeeded(id: &Id) -> Outcome {
    let number = id.as_str().parse().map_or_else(|_| Value::from(id.as_str()), |id: i64| id.into());
    Outcome::Value(json!({ "success": "true", "id": number }))
}

impl SavedProfile {
    fn save(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        let sent = call.object()?;
        let decoded = cx.decode(&self.kind, call.body.as_ref().unwrap_or(&Value::Null))?;
        let field = member::FORWARDING_PROFILE_ACTIONS.name;
        let id = match named(sent) {
            Some(id) => id,
            // A body that says neither which profile nor what it does is refused (seen).
            None if !decoded.contains_key(field) => {
                let kind = Kind(self.kind.clone());
                return Err(Fault::Invalid { kind, field: field.into(), fix: Fix::Missing });
            }
            None => None,
        };
        let (verb, id, old) = match id {
            Some(id) => {
                let old = cx.need(&self.kind, &id)?.record;
                (Verb::Update, id, Some(old))
            }
            None => (Verb::Create, Id::from(cx.next("zcc-object", 205_229)?), None),
        };
        let mut new = Record::new();
        for (name, field) in &resource.fields {
            let default = || field.default.as_ref().map(|json| json.0.clone());
            if let Some(value) = decoded.get(name).cloned().or_else(default) {
                new.insert(name.clone(), value);
            }
        }
        agree(&mut new, old.as_ref());
        let change = Change { verb, id, scope: "0".into(), old, sent: decoded, new };
        Ok(succeeded(&cx.write(resource, change)?.id))
    }

    fn delete(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let id = Id::from(call.param("id").unwrap_or_default());
        cx.need(&self.kind, &id)?;
        if id.as_str() == DEFAULT {
            return Err(Fault::Predefined { kind: Kind(self.kind.clone()), id, verb: "deleted" });
        }
        cx.remove(&self.kind, &id)?;
        Ok(succeeded(&id))
    }
}

impl Behaviour for SavedProfile {
    fn on_read(&self, _: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for tunnel in actions(record, member::UNIFIED_TUNNEL.name) {
            // Where nothing is forwarded, no proxy is set (client: terraform zcc).
            let idle =
                ["actionTypeZIA", "actionTypeZPA"].iter().all(|name| tunnel.get(*name) == Some(&json!(0)));
            if let Some(proxy) =
                tunnel.get_mut("systemProxyData").and_then(Value::as_object_mut).filter(|_| idle)
            {
                proxy.insert("proxyAction".into(), json!(0));
            }
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match cx.operation()?.name.as_str() {
            "save" => self.save(cx, call),
            _ => self.delete(cx, call),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_model::{Id, Record};

    use super::{agree, named};

    fn record(value: Value) -> Record {
        match value {
            Value::Object(members) => members,
            _ => Record::new(),
        }
    }

    #[test]
    fn a_new_profile_goes_by_every_id_that_clients_give_it() {
        for new in [json!("-1"), json!(-1), json!(0), json!("")] {
            assert_eq!(named(&record(json!({ "id": new }))), Some(None), "{new}");
        }
        assert_eq!(named(&record(json!({ "id": "0" }))), Some(Some(Id::from("0"))));
        assert_eq!(named(&record(json!({ "id": 7 }))), Some(Some(Id::from("7"))));
        assert_eq!(named(&record(json!({ "id": null }))), None);
        assert_eq!(named(&Record::new()), None);
    }

    #[test]
    fn both_names_of_a_member_agree_on_the_one_that_changed() {
        let actions = |written: i64, read: i64| {
            let action = json!({"networkType": 1, "lbsProbeInterval": written, "lbsZpaProbeInterval": read});
            record(json!({ "forwardingProfileZpaActions": [action] }))
        };
        let held = actions(30, 30);
        for (mut sent, wanted) in [(actions(30, 40), 40), (actions(50, 30), 50), (actions(30, 30), 30)] {
            agree(&mut sent, Some(&held));
            let action = &sent["forwardingProfileZpaActions"][0];
            assert_eq!(
                (&action["lbsProbeInterval"], &action["lbsZpaProbeInterval"]),
                (&json!(wanted), &json!(wanted))
            );
        }
    }
}
