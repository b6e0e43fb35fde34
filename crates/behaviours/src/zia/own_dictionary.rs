//! `own-dictionary`: a dictionary of the tenant's own that is made of a template keeps what it looks for when an update lists
//! none: its clients do not send it again (client: terraform zia).

use serde_json::Value;
use zuno_catalogue::handles::zia::dlp_dictionary as member;
use zuno_engine::{Behaviour, Change, Context};
use zuno_model::Fault;

/// The guarantee for the kind.
#[derive(Default)]
pub struct OwnDictionary;

impl Behaviour for OwnDictionary {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.new.get(member::CUSTOM.name) == Some(&Value::Bool(false)) {
            return Ok(());
        }
        let template = member::DICT_TEMPLATE_ID.of(&change.new);
        if template.is_some_and(|template| template != 0)
            && let Some(old) = &change.old
        {
            for list in [member::PHRASES.name, member::PATTERNS.name] {
                let listed = change.sent.get(list).is_some_and(Value::is_array);
                if let Some(held) = old.get(list).filter(|_| !listed) {
                    change.new.insert(list.into(), held.clone());
                }
            }
        }
        Ok(())
    }
}
