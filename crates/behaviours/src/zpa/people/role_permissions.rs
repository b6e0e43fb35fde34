//! `role-permissions`: a role names permission groups and classes of theirs, and is told each with its mask; every
//! role has the hidden groups, and one that came with the tenant has all of them and is seen from every microtenant.
//! Nobody makes a role that does more than its maker may (guessed).
//!
//! VIEW_ONLY is the mask 1 and FULL is 15; in a microtenant a class allows no more than its `localScopeMask`
//! (documented).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::{permission_group, role};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Permission, Reach, Record, Right};

/// The product's code in a token.
pub const PRODUCT: &str = "ZPA";

/// The Default microtenant.
pub const DEFAULT: &str = "0";

/// The guarantee for one resource.
pub struct RolePermissions {
    kind: Kind,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(RolePermissions { kind: Kind(params.kind()) }))
}

/// What a role that was chosen in one microtenant lets do: to each class what the role says and the microtenant allows.
/// A role that was made in another microtenant lets do nothing there.
///
/// # Errors
/// The store failed.
pub fn right(cx: &Context<'_>, role: &Stored, scope: &str) -> Result<Option<Right>, Fault> {
    let within = match (scope, role.scope.as_str()) {
        (scope, DEFAULT) => scope,
        (DEFAULT, of_role) => of_role,
        (scope, of_role) if scope == of_role => scope,
        _ => return Ok(None),
    };
    let groups = match role::REACH.of(&role.record) {
        Some(reach) => everything(cx, reach)?,
        None => role::CLASS_PERMISSION_GROUPS.of(&role.record).to_vec(),
    };
    let classes = groups.iter().flat_map(listed).filter_map(|class| reached(class, within != DEFAULT));
    let mut reach: BTreeMap<String, Permission> = BTreeMap::new();
    for (name, access) in classes {
        reach.entry(name.to_owned()).and_modify(|held| *held = access.max(*held)).or_insert(access);
    }
    let within = (within != DEFAULT).then(|| within.to_owned());
    Ok(Some(Right { reach: Reach::Classes(reach), within }))
}

/// What a class of a role lets do, and to what; in a microtenant no more than the class allows there.
fn reached(class: &Value, local: bool) -> Option<(&str, Permission)> {
    let access = if class["permission"]["type"] == "FULL" { Permission::Full } else { Permission::ReadOnly };
    let named = &class["classType"];
    let allowed = match named.text("localScopeMask").and_then(|mask| mask.parse::<u32>().ok()) {
        Some(0) if local => None,
        Some(1) if local => Some(Permission::ReadOnly),
        _ => Some(Permission::Full),
    };
    Some((named.text("friendlyName")?, access.min(allowed?)))
}

/// Refuses a right that lets do more than the caller may.
fn no_more_than_own(cx: &Context<'_>, asked: &Right) -> Result<(), Fault> {
    match cx.actor().rights.cover(PRODUCT, asked) {
        true => Ok(()),
        false => Err(Fault::Forbidden("the role lets do more than the caller may".into())),
    }
}

/// Refuses to hand out a role that lets do more than the caller may, or that is another microtenant's. The role before
/// counts as well: who may do more than the caller is not the caller's to change, or else a new password or secret would
/// be a way up.
///
/// # Errors
/// [`Fault::Forbidden`], [`Fault::Invalid`], or the store failed.
pub fn hands_out_no_more_than_own(
    cx: &Context<'_>,
    kind: &str,
    change: &Change,
    member: &str,
) -> Result<(), Fault> {
    for record in change.old.iter().chain([&change.new]) {
        let role = record.get(member).and_then(Id::from_value);
        let Some(role) = role.map(|id| cx.get(role::KIND, &id)).transpose()?.flatten() else { continue };
        match right(cx, &role, &change.scope)? {
            Some(asked) => no_more_than_own(cx, &asked)?,
            None if std::ptr::eq(record, &change.new) => {
                let fix = Fix::Unresolved(role::KIND.into());
                return Err(Fault::Invalid { kind: kind.into(), field: member.to_owned(), fix });
            }
            None => {}
        }
    }
    Ok(())
}

/// Every group as a role is told it that may do this to everything but what is hidden, which every role only views.
fn everything(cx: &Context<'_>, reach: &str) -> Result<Vec<Value>, Fault> {
    let told = |group: &Record| {
        let reach = if is_hidden(group) { "VIEW_ONLY" } else { reach };
        told(group, |_| Some(reach.to_owned()))
    };
    Ok(known(cx)?.iter().map(told).collect())
}

fn listed(group: &Value) -> impl Iterator<Item = &Value> {
    group["classPermissions"].as_array().into_iter().flatten()
}

/// The group as a role is told it, with only the classes that `choose` gives an access, as that access.
fn told(group: &Record, choose: impl Fn(&str) -> Option<String>) -> Value {
    let mut told = Value::Object(group.clone());
    let classes: Vec<Value> = listed(&told)
        .filter_map(|class| {
            let reach = choose(class["classType"].text("id")?)?;
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
    permission_group::HIDDEN.of(group)
}

impl RolePermissions {
    /// What was sent for one group, completed from the group itself.
    fn completed(&self, sent: &Value, known: &[Record]) -> Result<Option<Value>, Fault> {
        let wrong = |words: String| Fault::said(&self.kind, role::CLASS_PERMISSION_GROUPS.name, words);
        let id = sent.text("id").unwrap_or_default();
        let group = known.iter().find(|group| group.get(permission_group::ID.name) == Some(&json!(id)));
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
            .filter_map(|class| Some((class["classType"].text("id")?, class["permission"].text("type")?)))
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
        if change.old.is_some() && !change.sent.contains_key(role::CLASS_PERMISSION_GROUPS.name) {
            return Ok(());
        }
        let known = known(cx)?;
        let sent = role::CLASS_PERMISSION_GROUPS.of(&change.new);
        let mut groups = Vec::new();
        for group in sent {
            groups.extend(self.completed(group, &known)?);
        }
        groups.extend(
            known
                .iter()
                .filter(|group| is_hidden(group))
                .map(|group| told(group, |_| Some("VIEW_ONLY".to_owned()))),
        );
        change.new.insert(role::CLASS_PERMISSION_GROUPS.into(), Value::Array(groups));
        let (id, scope) = (change.id.clone(), change.scope.clone());
        let made = Stored { id, scope, sort: String::new(), record: change.new.clone() };
        right(cx, &made, &change.scope)?.map_or(Ok(()), |asked| no_more_than_own(cx, &asked))
    }

    fn shared_from(&self, cx: &Context<'_>, scope: &str) -> Result<Vec<Stored>, Fault> {
        if scope == DEFAULT {
            return Ok(Vec::new());
        }
        let mut roles = cx.all(role::KIND, Some(DEFAULT))?;
        roles.retain(|role| role::SYSTEM_ROLE.of(&role.record));
        Ok(roles)
    }

    fn on_read(&self, cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        let Some(reach) = role::REACH.of(record).map(str::to_owned) else {
            return Ok(());
        };
        record.insert(role::CLASS_PERMISSION_GROUPS.into(), Value::Array(everything(cx, &reach)?));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_model::{Permission, Record};

    use super::{reached, told};

    fn record(value: Value) -> Record {
        value.as_object().expect("an object is given").clone()
    }

    #[test]
    fn a_microtenant_allows_no_more_than_a_class_says() {
        let of = |word: &str, mask: &str, local| {
            let named = json!({ "friendlyName": "X", "localScopeMask": mask });
            let class = json!({ "permission": { "type": word }, "classType": named });
            reached(&class, local).map(|(_, access)| access)
        };
        assert_eq!(of("FULL", "1", false), Some(Permission::Full));
        assert_eq!(of("FULL", "15", true), Some(Permission::Full));
        assert_eq!(of("FULL", "1", true), Some(Permission::ReadOnly));
        assert_eq!(of("VIEW_ONLY", "15", true), Some(Permission::ReadOnly));
        assert_eq!(of("FULL", "0", true), None);
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
