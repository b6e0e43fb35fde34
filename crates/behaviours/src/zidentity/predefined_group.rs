//! Groups that came with the tenant can neither be changed nor deleted (documented). Nobody switches on what lets the
//! people of another administer more than the caller (guessed).

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zidentity::group::{KIND, PREDEFINED};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

use super::membership::entitles_to_no_more_than_own;

struct PredefinedGroup;

pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PredefinedGroup))
}

impl Behaviour for PredefinedGroup {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let predefined = change.old.as_ref().and_then(|old| old.get(PREDEFINED)) == Some(&Value::Bool(true));
        if !predefined {
            return match change.verb {
                Verb::Delete => Ok(()),
                _ => entitles_to_no_more_than_own(cx, &change.new),
            };
        }
        let verb = if change.verb == Verb::Delete { "deleted" } else { "changed" };
        Err(Fault::Predefined { kind: KIND.into(), id: change.id.clone(), verb })
    }
}
