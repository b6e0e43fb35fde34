//! `archived-lists`: an operation tells whole lists of other kinds in an archive, a file of JSON for each word that its body
//! lists. Parameters: `kinds`, by word; `file`, the archive's name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind};

use super::archive::archive;

/// The guarantee for one resource.
struct ArchivedLists {
    own: Kind,
    kinds: BTreeMap<String, String>,
    file: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let kinds: BTreeMap<String, String> = params.part("kinds").read()?;
    kinds.values().try_for_each(|kind| params.resource_of(kind).map(drop))?;
    Ok(Box::new(ArchivedLists { own: Kind(params.kind()), kinds, file: params.text("file")? }))
}

impl Behaviour for ArchivedLists {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let Some(Value::Array(named)) = &call.body else {
            return Err(Fault::Unreadable("an array of words is wanted".into()));
        };
        let wrong = || {
            let words: Vec<&str> = self.kinds.keys().map(String::as_str).collect();
            Fault::said(&self.own, "types", format!("Each type is one of {}.", words.join(", ")))
        };
        let words: BTreeSet<&str> = named
            .iter()
            .map(Value::as_str)
            .collect::<Option<_>>()
            .filter(|words: &BTreeSet<&str>| !words.is_empty())
            .ok_or_else(wrong)?;
        let mut files = Vec::new();
        for word in words {
            let kind = self.kinds.get(word).ok_or_else(wrong)?;
            let resource = cx.resource(kind)?;
            let rows = cx.all(kind, None)?.into_iter();
            let rows: Vec<Value> =
                rows.map(|stored| cx.show(resource, Verb::List, None, stored)).collect::<Result<_, _>>()?;
            let text = serde_json::to_string_pretty(&rows).map_err(Fault::broken)?;
            files.push((format!("{word}.json"), text));
        }
        Ok(Outcome::File("application/octet-stream", archive(&files)?, self.file.clone()))
    }
}
