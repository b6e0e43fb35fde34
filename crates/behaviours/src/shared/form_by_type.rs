//! `form-by-type`: what a list holds has the form that another member of the record asks for.
//!
//! Parameters: `list`; `by`, the other member; `forms`, by its words the form that a field's `format` names.

use std::collections::BTreeMap;

use serde_json::Value;
use zuno_catalogue::{Format, Members};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct FormByType {
    kind: Kind,
    list: String,
    by: String,
    forms: BTreeMap<String, Format>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(FormByType {
        kind: Kind(params.kind()),
        list: params.field("list")?,
        by: params.field("by")?,
        forms: params.part("forms").read()?,
    }))
}

impl Behaviour for FormByType {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let word = change.new.text(&self.by).unwrap_or_default();
        let Some(form) = self.forms.get(word) else { return Ok(()) };
        let held = change.new.get(&self.list).and_then(Value::as_array);
        for text in held.into_iter().flatten().filter_map(Value::as_str) {
            form.check(text)
                .map_err(|why| Fault::said(&self.kind, &self.list, format!("{why} ({} {word})", self.by)))?;
        }
        Ok(())
    }
}
