//! The groups that a person is in, with the filters of groups.

use zuno_catalogue::handles::zidentity::{group, user};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id};

use super::membership::groups;

struct UserGroups;

pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(UserGroups))
}

impl Behaviour for UserGroups {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let id = Id(call.param("id").unwrap_or_default().to_owned());
        cx.need(user::KIND, &id)?;
        cx.list(cx.resource(group::KIND)?, None, groups(cx, &id)?)
    }
}
