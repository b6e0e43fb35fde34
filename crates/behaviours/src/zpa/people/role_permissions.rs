//! `role-permissions`: a role names permission groups and classes of theirs, and is told each with its mask; every
//! role has the hidden groups, and one that came with the tenant has all of them.
//!
//! VIEW_ONLY is the mask 1 and FULL is 15 (documented).

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::{permission_group, role};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_identity::Access;
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The guarantee for one resource.
pub struct RolePermissions {
    kind: Kind,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(RolePermissions { kind: Kind(params.kind()) }))
}

/// What a role may do: only read, where none of the classes that were chosen for it may be changed.
pub fn access(role: &Record) -> Access {
    let groups = role.get(role::CLASS_PERMISSION_GROUPS).and_then(Value::as_array);
    let mut classes = groups.into_iter().flatten().flat_map(listed);
    let views = match role.get(role::REACH).and_then(Value::as_str) {
        Some(reach) => reach == "VIEW_ONLY",
        None => classes.all(|class| class["permission"]["type"] == "VIEW_ONLY"),
    };
    if views { Access::ReadOnly } else { Access::Full }
}

fn listed(group: &Value) -> impl Iterator<Item = &Value> {
    group["classPermissions"].as_array().into_iter().flatten()
}

/// The group as a role is told it, with only the classes that `choose` gives an access, as that access.
fn told(group: &Record, choose: impl Fn(&str) -> Option<String>) -> Value {
    let mut told = Value::Object(group.clone());
    let classes: Vec<Value> = listed(&told)
        .filter_map(|class| {
            let reach = choose(class["classType"]["id"].as_str()?)?;
            let mut class = class.clone();
            class["permission"]["mask"] = json!(if reach == "FULL" { "15" } else { "1" });
            class["permission"]["type"] = json!(reach);
            Some(class)
        })
        .collect();
    told["classPermissions"] = Value::Array(classes);
    told
}

fn is_hidden(group: &Record) -> bool {
    group.get(permission_group::HIDDEN) == Some(&Value::Bool(true))
}

impl RolePermissions {
    /// What was sent for one group, completed from the group itself.
    fn completed(&self, sent: &Value, known: &[Record]) -> Result<Option<Value>, Fault> {
        let wrong = |words: String| Fault::said(&self.kind, role::CLASS_PERMISSION_GROUPS, words);
        let id = sent["id"].as_str().unwrap_or_default();
        let group = known.iter().find(|group| group.get(permission_group::ID) == Some(&json!(id)));
        let group = group.ok_or_else(|| Fault::Invalid {
            kind: self.kind.clone(),
            field: role::CLASS_PERMISSION_GROUPS.into(),
            fix: Fix::Unresolved(permission_group::KIND.into()),
        })?;
        // Hidden groups are added below, as they come back in what clients have read.
        if is_hidden(group) {
            return Ok(None);
        }
        let wanted: Vec<(&str, &str)> = listed(sent)
            .filter_map(|class| {
                Some((class["classType"]["id"].as_str()?, class["permission"]["type"].as_str()?))
            })
            .collect();
        let own = Value::Object(group.clone());
        if let Some((stranger, _)) =
            wanted.iter().find(|(id, _)| listed(&own).all(|class| class["classType"]["id"] != **id))
        {
            return Err(wrong(format!("the permission group {id} has no class {stranger}")));
        }
        let reach =
            |class: &str| wanted.iter().find(|(id, _)| *id == class).map(|(_, word)| (*word).to_owned());
        Ok(Some(told(group, reach)))
    }
}

fn known(cx: &Context<'_>) -> Result<Vec<Record>, Fault> {
    Ok(cx.all(permission_group::KIND, None)?.into_iter().map(|stored| stored.record).collect())
}

impl Behaviour for RolePermissions {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete
            || (change.old.is_some() && !change.sent.contains_key(role::CLASS_PERMISSION_GROUPS))
        {
            return Ok(());
        }
        let known = known(cx)?;
        let sent = change
            .new
            .get(role::CLASS_PERMISSION_GROUPS)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let mut groups = Vec::new();
        for group in &sent {
            groups.extend(self.completed(group, &known)?);
        }
        groups.extend(
            known
                .iter()
                .filter(|group| is_hidden(group))
                .map(|group| told(group, |_| Some("VIEW_ONLY".to_owned()))),
        );
        change.new.insert(role::CLASS_PERMISSION_GROUPS.into(), Value::Array(groups));
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        let Some(reach) = record.get(role::REACH).and_then(Value::as_str).map(str::to_owned) else {
            return Ok(());
        };
        let every: Vec<Value> = known(cx)?
            .iter()
            .map(|group| {
                let reach = if is_hidden(group) { "VIEW_ONLY" } else { &reach };
                told(group, |_| Some(reach.to_owned()))
            })
            .collect();
        record.insert(role::CLASS_PERMISSION_GROUPS.into(), Value::Array(every));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_identity::Access;
    use zuno_model::Record;

    use super::{access, told};

    fn record(value: Value) -> Record {
        value.as_object().expect("an object is given").clone()
    }

    #[test]
    fn a_role_that_may_change_one_class_is_no_reader() {
        let class = |word: &str| json!({ "permission": { "type": word }, "classType": { "id": "5" } });
        let of = |words: [&str; 2]| {
            let groups = words.map(|word| json!({ "classPermissions": [class(word)] }));
            access(&record(json!({ "classPermissionGroups": groups })))
        };
        assert_eq!(of(["VIEW_ONLY", "VIEW_ONLY"]), Access::ReadOnly);
        assert_eq!(of(["VIEW_ONLY", "FULL"]), Access::Full);
        assert_eq!(access(&record(json!({ "reach": "VIEW_ONLY" }))), Access::ReadOnly);
        assert_eq!(access(&record(json!({ "reach": "FULL" }))), Access::Full);
    }

    #[test]
    fn a_group_is_told_with_the_chosen_classes_and_their_masks() {
        let class = |id: &str| json!({ "permission": { "mask": "15", "type": "FULL", "maxMask": "15" }, "classType": { "id": id } });
        let group = record(json!({ "id": "9", "classPermissions": [class("5"), class("14")] }));
        let told = told(&group, |id| (id == "14").then(|| "VIEW_ONLY".to_owned()));
        assert_eq!(
            told["classPermissions"],
            json!([{ "permission": { "mask": "1", "type": "VIEW_ONLY", "maxMask": "15" }, "classType": { "id": "14" } }])
        );
    }
}
