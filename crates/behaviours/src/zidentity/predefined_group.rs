//! Groups that came with the tenant can neither be changed nor deleted (documented). Nobody switches on what lets the
//! people of another administer more than the caller (guessed).

use serde_json::Value;
use zuno_catalogue::handles::zidentity::group::{KIND, PREDEFINED};
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::Fault;

use super::membership::entitles_to_no_more_than_own;

struct PredefinedGroup;

pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PredefinedGroup))
}

impl Behaviour for PredefinedGroup {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let predefined =
            change.old.as_ref().and_then(|old| old.get(PREDEFINED.name)) == Some(&Value::Bool(true));
        if !predefined {
            return entitles_to_no_more_than_own(cx, &change.new);
        }
        Err(Fault::Predefined { kind: KIND.into(), id: change.id.clone(), verb: "changed" })
    }

    fn before_delete(&self, _: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        if !PREDEFINED.of(&stored.record) {
            return Ok(());
        }
        Err(Fault::Predefined { kind: KIND.into(), id: stored.id.clone(), verb: "deleted" })
    }
}
