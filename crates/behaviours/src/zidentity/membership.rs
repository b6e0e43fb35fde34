//! Who is in which group: the records between people and groups, and the bodies that name several at once.

use std::collections::HashSet;

use serde_json::Value;
use zuno_catalogue::handles::zidentity::group_member::{GROUP_ID, ID, KIND, USER_ID};
use zuno_catalogue::handles::zidentity::{group, user};
use zuno_engine::{Call, Context, Stored};
use zuno_model::{Fault, Id, Record};

use super::grants::{grants_of_scopes, no_more_than_own};

/// The most groups that one person can be in (documented; another page says 1024).
const GROUPS_MAX: usize = 1000;

/// The ids that a body lists: `[{"id": "…"}, …]`, or the bare ids.
pub(crate) fn ids_of_body(call: &Call) -> Result<Vec<Id>, Fault> {
    let wanted = || Fault::Unreadable("an array such as [{\"id\": \"…\"}] is wanted".into());
    let Some(Value::Array(items)) = &call.body else { return Err(wanted()) };
    let (mut ids, mut known) = (Vec::with_capacity(items.len()), HashSet::new());
    for item in items {
        let id = Id::from_value(item.get("id").unwrap_or(item)).ok_or_else(wanted)?;
        if known.insert(id.clone()) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The memberships of a person, or of a group.
fn memberships(cx: &Context<'_>, field: &str, kind: &str, id: &Id) -> Result<Vec<Stored>, Fault> {
    cx.pointing(KIND, field, kind, id)
}

/// The ids at the other end of memberships.
fn far_ends(memberships: &[Stored], field: &str) -> Vec<Id> {
    memberships.iter().filter_map(|stored| stored.record.get(field).and_then(Id::from_value)).collect()
}

/// The people in a group.
pub(crate) fn members(cx: &Context<'_>, group: &Id) -> Result<Vec<Id>, Fault> {
    Ok(far_ends(&memberships(cx, GROUP_ID.name, group::KIND, group)?, USER_ID.name))
}

/// The groups that a person is in.
pub(crate) fn groups(cx: &Context<'_>, user: &Id) -> Result<Vec<Stored>, Fault> {
    let ids = far_ends(&memberships(cx, USER_ID.name, user::KIND, user)?, GROUP_ID.name);
    ids.iter().filter_map(|id| cx.get(group::KIND, id).transpose()).collect()
}

/// Refuses to let people administer more than the caller does, by way of what their group was given (guessed).
pub(crate) fn entitles_to_no_more_than_own(cx: &Context<'_>, group: &Record) -> Result<(), Fault> {
    if !group::ADMIN_ENTITLEMENT_ENABLED.of(group) {
        return Ok(());
    }
    let scopes: Vec<&str> = group::ADMIN_SCOPES.of(group).collect();
    no_more_than_own(cx, &grants_of_scopes(cx, &scopes)?)
}

fn id_of(group: &Id, user: &Id) -> Id {
    Id(format!("{group}:{user}"))
}

/// Puts a person into a group, whether or not already there.
pub(crate) fn join(cx: &mut Context<'_>, group: &Id, user: &Id) -> Result<(), Fault> {
    let id = id_of(group, user);
    if cx.get(KIND, &id)?.is_some() {
        return Ok(());
    }
    let held = cx.need(group::KIND, group)?;
    entitles_to_no_more_than_own(cx, &held.record)?;
    if memberships(cx, USER_ID.name, user::KIND, user)?.len() >= GROUPS_MAX {
        return Err(Fault::Quota {
            kind: group::KIND.into(),
            limit: GROUPS_MAX as u64,
            message: Some(format!("A user can be in up to {GROUPS_MAX} groups; {user} is in as many.")),
        });
    }
    let mut record = Record::new();
    record.insert(ID.into(), Value::from(id.0.clone()));
    record.insert(GROUP_ID.into(), Value::from(group.0.clone()));
    record.insert(USER_ID.into(), Value::from(user.0.clone()));
    cx.save(KIND, &Stored { id, scope: "0".into(), sort: String::new(), record })
}

/// Takes a person out of a group.
///
/// # Errors
/// [`Fault::NotFound`] when the person is not in it.
pub(crate) fn leave(cx: &mut Context<'_>, group: &Id, user: &Id) -> Result<(), Fault> {
    let id = id_of(group, user);
    if cx.get(KIND, &id)?.is_none() {
        return Err(Fault::NotFound { kind: user::KIND.into(), id: user.clone() });
    }
    cx.remove(KIND, &id)
}
