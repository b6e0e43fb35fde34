//! A group's members: added, replaced and taken out, one or many at once. Nobody switches on what lets the people of another
//! group administer more than the caller (guessed).

use std::collections::HashSet;

use zuno_catalogue::handles::zidentity::group::{DYNAMIC_GROUP, KIND, PREDEFINED};
use zuno_catalogue::handles::zidentity::user;
use zuno_catalogue::{Method, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Stored};
use zuno_model::{Fault, Fix, Id, Refusal};

use crate::shared::few_enough::few_enough;

use super::membership::{entitles_to_no_more_than_own, ids_of_body, join, leave, members};

/// The guarantee for one resource.
#[derive(Default)]
pub struct GroupMembers;

impl Behaviour for GroupMembers {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        entitles_to_no_more_than_own(cx, &change.new)
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let id = Id(call.param("id").unwrap_or_default().to_owned());
        let group = cx.need(KIND, &id)?;
        let operation = cx.operation()?;
        open_to_calls(&group)?;
        match (operation.method, call.param("userId").map(|user| Id(user.to_owned()))) {
            (Method::Delete, Some(user)) => {
                leave(cx, &id, &user)?;
                return Ok(Outcome::Done);
            }
            (_, Some(user)) => {
                cx.need(user::KIND, &user)?;
                join(cx, &id, &user)?;
            }
            (method, None) => {
                let listed = ids_of_body(call)?;
                few_enough(cx, KIND, "users", listed.len())?;
                if operation.path.ends_with(":bulkremove") {
                    for user in &listed {
                        leave(cx, &id, user)?;
                    }
                    return Ok(Outcome::Done);
                }
                if method == Method::Put {
                    let kept: HashSet<&Id> = listed.iter().collect();
                    for user in members(cx, &id)?.iter().filter(|user| !kept.contains(user)) {
                        leave(cx, &id, user)?;
                    }
                }
                for user in &listed {
                    known(cx, user)?;
                    join(cx, &id, user)?;
                }
            }
        }
        // The clients read a group from these answers.
        Ok(Outcome::One(cx.show(cx.resource(KIND)?, Verb::Read, None, group)?))
    }
}

fn known(cx: &Context<'_>, user: &Id) -> Result<(), Fault> {
    match cx.get(user::KIND, user)? {
        Some(_) => Ok(()),
        None => Err(Fault::Invalid {
            kind: KIND.into(),
            field: "id".into(),
            fix: Fix::Said(format!("there is no user `{user}`")),
        }),
    }
}

/// Of a predefined dynamic group the members follow from its condition, not from calls (guessed).
fn open_to_calls(group: &Stored) -> Result<(), Fault> {
    if !(DYNAMIC_GROUP.of(&group.record) && PREDEFINED.of(&group.record)) {
        return Ok(());
    }
    Err(Fault::refused(
        Refusal::BadRequest,
        "INVALID_INPUT",
        "the members of a dynamic group follow from its condition",
    ))
}
