//! `known-category`: categories are named by their ids, never by what people call them.
//!
//! A name that is no id is refused as a body that cannot be bound; the cloud was reported to fail with 500 instead.
//! Parameters: `in`, the lists; `also`, words that are no categories and yet allowed.

use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::url_category;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind};

/// The guarantee for one kind of rules.
struct KnownCategory {
    kind: Kind,
    lists: Vec<String>,
    also: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (lists, also) = (params.fields("in")?, params.texts("also"));
    Ok(Box::new(KnownCategory { kind: Kind(params.kind()), lists, also }))
}

impl Behaviour for KnownCategory {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        for list in &self.lists {
            let named = change.sent.get(list).and_then(serde_json::Value::as_array);
            for id in named.into_iter().flatten().filter_map(Id::from_value) {
                let known = self.also.contains(&id.0)
                    || zuno_urls::predefined(id.as_str()).is_some()
                    || cx.get(url_category::KIND, &id)?.is_some();
                if !known {
                    let (kind, field) = (self.kind.clone(), list.clone());
                    return Err(Fault::Invalid { kind, field, fix: Fix::Enum(Vec::new()) });
                }
            }
        }
        Ok(())
    }
}
