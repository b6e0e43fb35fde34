//! `inspection-profile`: a profile's controls do what it says of them, or what they advise.
//!
//! A profile holds the controls that it names and no others, be it one of a group (client: terraform zpa; the help's word
//! that the mandatory ones must be passed does not keep the service from taking fewer). It is told with its controls'
//! ids and actions when it is made, with the whole controls when it is read, and with their number in lists (documented).
//! The flags follow the global actions, unless they were changed themselves: `OVERRIDE_ACTION:NONE` is
//! `IS_OVERRIDE_ACTION_NONE` (documented).
//!
//! Parameters: `version`, `actions`, `flags`, `counts`, `lists` (the members that hold controls, by origin), and
//! `released`, for taking in a whole release: the `list` that takes it, the controls' `kind`, the member that tells their
//! `release`, and `where`, what all of them have.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Kind, Record};

/// The guarantee for one resource.
#[derive(Deserialize)]
struct InspectionProfile {
    #[serde(skip)]
    kind: String,
    /// The kind of the controls in each list.
    #[serde(skip)]
    kinds: BTreeMap<String, String>,
    version: String,
    actions: String,
    flags: String,
    counts: String,
    lists: BTreeMap<String, String>,
    released: Released,
}

/// The controls that come by whole releases.
#[derive(Deserialize)]
struct Released {
    list: String,
    kind: String,
    release: String,
    #[serde(rename = "where")]
    of: Map<String, Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut made: InspectionProfile = params.read()?;
    made.kind = params.kind();
    for list in made.lists.values() {
        let shape = params.resource.field(list).map(|field| field.shape.to_string()).unwrap_or_default();
        let item = shape.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')).unwrap_or_default();
        let id = params.catalogue.value_type(params.resource, item).and_then(|fields| fields.get("id"));
        let Some(kind) = id.and_then(|field| field.shape.target()) else {
            return Err(params.wrong(format!("`{list}` is no list of controls")));
        };
        made.kinds.insert(list.clone(), kind.to_owned());
    }
    Ok(Box::new(made))
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.text(name).unwrap_or_default()
}

fn items<'a>(record: &'a Record, list: &str) -> impl Iterator<Item = &'a Value> {
    record.items(list).iter()
}

/// The flags that say the same as global actions such as `PREDEFINED:PASS` and `OVERRIDE_ACTION:COMMON`.
fn flags(actions: &[Value]) -> Map<String, Value> {
    let mut flags = Map::new();
    for (of, action) in actions.iter().filter_map(Value::as_str).filter_map(|word| word.split_once(':')) {
        let of = if of == "PREDEFINED" { "PREDEF" } else { of };
        match (of, action) {
            ("OVERRIDE_ACTION", which) => flags.insert(format!("IS_OVERRIDE_ACTION_{which}"), json!("TRUE")),
            (_, "NONE") => None,
            (of, action) => flags.insert(format!("{of}_CNTRL_GLOBAL_ACTION"), json!(action)),
        };
    }
    flags
}

/// Controls laid over others: the same control once, as the later list says; in the order of their coming.
fn laid_over(held: &[Value], sent: &[Value]) -> Vec<Value> {
    let mut all = held.to_vec();
    for control in sent {
        match all.iter_mut().find(|known| known["id"] == control["id"]) {
            Some(known) => known.clone_from(control),
            None => all.push(control.clone()),
        }
    }
    all
}

impl InspectionProfile {
    fn wrong(&self, field: &str, words: String) -> Fault {
        Fault::said(&Kind(self.kind.clone()), field, words)
    }

    /// Every predefined control of a release.
    fn release(&self, cx: &Context<'_>, version: &str) -> Result<Vec<Stored>, Fault> {
        let released = &self.released;
        let mut all = cx.all(&released.kind, None)?;
        all.retain(|control| {
            control.record.text(&released.release) == Some(version)
                && released.of.iter().all(|(name, value)| control.record.get(name) == Some(value))
        });
        Ok(all)
    }

    /// What is known of a control of a list, defaults included; nothing when there is no such control.
    fn known(&self, cx: &Context<'_>, list: &str, control: &Value) -> Result<Option<Record>, Fault> {
        let kind = &self.kinds[list];
        let Some(known) = cx.get(kind, &Id(text(control, "id").to_owned()))? else { return Ok(None) };
        let mut record = known.record;
        for (name, field) in &cx.resource(kind)?.fields {
            if let Some(default) = &field.default {
                record.entry(name).or_insert_with(|| default.0.clone());
            }
        }
        Ok(Some(record))
    }

    /// Each control once, with an action of its own or the one it advises.
    fn settle(&self, cx: &Context<'_>, list: &str, given: &[Value]) -> Result<Vec<Value>, Fault> {
        let mut settled = laid_over(&[], given);
        for control in &mut settled {
            if text(control, "action").is_empty() {
                // A control that does not exist is refused by the engine, which looks every reference up.
                let known = self.known(cx, list, control)?.unwrap_or_default();
                let Some(members) = control.as_object_mut() else { continue };
                for (advised, own) in [("defaultAction", "action"), ("defaultActionValue", "actionValue")] {
                    if let Some(advised) = known.get(advised) {
                        members.entry(own).or_insert_with(|| advised.clone());
                    }
                }
            }
            if text(control, "action") == "REDIRECT" && text(control, "actionValue").is_empty() {
                let words = format!("control {} redirects nowhere", text(control, "id"));
                return Err(self.wrong(list, words));
            }
        }
        Ok(settled)
    }

    /// The members that a stored control shows inside a profile.
    fn hydrate(&self, cx: &Context<'_>, list: &str, control: &mut Value) -> Result<(), Fault> {
        let known = self.known(cx, list, control)?;
        let Some(members) = control.as_object_mut() else { return Ok(()) };
        for (name, value) in known.into_iter().flatten() {
            members.entry(name).or_insert(value);
        }
        Ok(())
    }

    /// The profile with every control of a release, each doing what it did before or what it advises.
    fn associate(&self, cx: &Context<'_>, new: &mut Record) -> Result<(), Fault> {
        let said = cx.body().map(|body| text(body, "version")).filter(|version| !version.is_empty());
        let own = new.text(&self.version).unwrap_or_default();
        let version = cx.query("version").or(said).unwrap_or(own).to_owned();
        let all = self.release(cx, &version)?;
        if all.is_empty() {
            return Err(self.wrong("version", format!("`{version}` is no release")));
        }
        let held: Vec<Value> = items(new, &self.released.list).cloned().collect();
        let all: Vec<Value> = all
            .into_iter()
            .map(|control| {
                let known = held.iter().find(|known| text(known, "id") == control.id.as_str());
                known.cloned().unwrap_or_else(|| json!({ "id": control.id.0 }))
            })
            .collect();
        new.insert(self.released.list.clone(), Value::Array(all));
        new.insert(self.version.clone(), Value::String(version));
        Ok(())
    }
}

impl Behaviour for InspectionProfile {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for list in self.lists.values() {
            let given: Vec<Value> = items(&change.new, list).cloned().collect();
            if !given.is_empty() {
                let settled = self.settle(cx, list, &given)?;
                change.new.insert(list.clone(), Value::Array(settled));
            }
        }
        let held = change.old.as_ref().and_then(|old| old.get(&self.flags));
        let own = change.sent.get(&self.flags).filter(|sent| held.is_none_or(|held| held != *sent));
        if own.is_none()
            && let Some(Value::Array(actions)) = change.new.get(&self.actions)
        {
            change.new.insert(self.flags.clone(), Value::Object(flags(actions)));
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if verb == Verb::List {
            let mut counts = Vec::new();
            for (origin, list) in &self.lists {
                let count = items(record, list).count();
                counts.extend((count > 0).then(|| json!({ "controlType": origin, "count": count })));
            }
            record.insert(self.counts.clone(), Value::Array(counts));
        }
        if verb == Verb::Read {
            for list in self.lists.values() {
                let controls = record.get_mut(list).and_then(Value::as_array_mut);
                for control in controls.into_iter().flatten() {
                    self.hydrate(cx, list, control)?;
                }
            }
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let held = cx.named(&self.kind)?;
        let mut new = held.record.clone();
        let mut sent = Record::new();
        match cx.operation()?.name.as_str() {
            "associate_all_predefined_controls" => self.associate(cx, &mut new)?,
            "patch" => {
                sent = cx.decode(&self.kind, call.body.as_ref().unwrap_or(&Value::Null))?;
                for (name, value) in &sent {
                    let value = match (self.lists.values().any(|list| list == name), value.as_array()) {
                        (true, Some(controls)) => {
                            let before: Vec<Value> = items(&held.record, name).cloned().collect();
                            Value::Array(laid_over(&before, controls))
                        }
                        _ => value.clone(),
                    };
                    new.insert(name.clone(), value);
                }
            }
            _ => {
                new.shift_remove(&self.released.list);
            }
        }
        let resource = cx.resource(&self.kind)?;
        let (id, scope, old) = (held.id, held.scope, Some(held.record));
        cx.write(resource, Change { verb: Verb::Update, id, scope, old, new, sent })?;
        Ok(Outcome::Done)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{flags, laid_over};

    #[test]
    fn flags_say_what_the_actions_say() {
        let told =
            |actions: &[&str]| Value::Object(flags(&actions.iter().map(|a| json!(a)).collect::<Vec<_>>()));
        assert_eq!(
            told(&["PREDEFINED:PASS", "CUSTOM:NONE", "OVERRIDE_ACTION:COMMON"]),
            json!({"PREDEF_CNTRL_GLOBAL_ACTION": "PASS", "IS_OVERRIDE_ACTION_COMMON": "TRUE"})
        );
        assert_eq!(told(&["CUSTOM:BLOCK"]), json!({"CUSTOM_CNTRL_GLOBAL_ACTION": "BLOCK"}));
    }

    #[test]
    fn a_control_stands_once_and_the_later_word_counts() {
        let control = |id: &str, action: &str| json!({"id": id, "action": action});
        let all = laid_over(
            &[control("1", "PASS"), control("2", "PASS")],
            &[control("2", "BLOCK"), control("3", "PASS")],
        );
        assert_eq!(all, [control("1", "PASS"), control("2", "BLOCK"), control("3", "PASS")]);
    }
}
