//! `made-in`: what several products show is changed and removed through the one that it was made in alone.
//!
//! Parameters: `by`, the member that tells where; `words`, for each product what it tells there; `shows`, a flag that is
//! true where the product that is asked is another one. The server's own changes are nobody's.

use std::collections::BTreeMap;

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Id, Kind, Record};

/// The guarantee for one resource.
struct MadeIn {
    by: String,
    words: BTreeMap<String, String>,
    otherwise: Option<Value>,
    shows: Option<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let by = params.field("by")?;
    let words: BTreeMap<String, String> = params.part("words").read()?;
    if let Some(strange) = words.keys().find(|name| params.catalogue.product(name).is_none()) {
        return Err(params.wrong(format!("there is no product `{strange}`")));
    }
    let shows = params.maybe_text("shows");
    params.known(&shows)?;
    let otherwise =
        params.resource.field(&by).and_then(|field| field.default.as_ref()).map(|json| json.0.clone());
    Ok(Box::new(MadeIn { by, words, otherwise, shows }))
}

impl MadeIn {
    /// The kind that the call is about, and the word of its product.
    fn asked_through<'c>(&self, cx: &Context<'c>) -> Option<(&'c str, &str)> {
        let kind = cx.asked()?.kind.as_str();
        let word = self.words.get(kind.split('.').next().unwrap_or_default())?;
        Some((kind, word))
    }

    fn is_of(&self, record: &Record, word: &str) -> bool {
        record.get(&self.by).or(self.otherwise.as_ref()).and_then(Value::as_str) == Some(word)
    }

    fn guard(&self, cx: &Context<'_>, id: &Id, record: &Record, verb: &'static str) -> Result<(), Fault> {
        match self.asked_through(cx) {
            Some((kind, word)) if !self.is_of(record, word) => {
                Err(Fault::Predefined { kind: Kind(kind.to_owned()), id: id.clone(), verb })
            }
            _ => Ok(()),
        }
    }
}

impl Behaviour for MadeIn {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        match &change.old {
            Some(old) => self.guard(cx, &change.id, old, "changed"),
            None => {
                if let Some((_, word)) = self.asked_through(cx) {
                    change.new.insert(self.by.clone(), word.into());
                }
                Ok(())
            }
        }
    }

    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        self.guard(cx, &stored.id, &stored.record, "deleted")
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if let (Some(shows), Some((_, word))) = (&self.shows, self.asked_through(cx))
            && !self.is_of(record, word)
        {
            record.insert(shows.clone(), true.into());
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(self.shows.iter().flat_map(|shows| [shows.as_str(), self.by.as_str()]).collect())
    }
}
