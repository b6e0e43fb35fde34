//! `added-to`: with a flag of the query off, an update adds to a list what it sends, and without it the list is replaced.
//!
//! Parameters: `list`; `flag`, the query parameter; `most`, how many the list may hold in all.

use std::collections::HashSet;

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct AddedTo {
    kind: Kind,
    list: String,
    flag: String,
    most: usize,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(AddedTo {
        kind: Kind(params.kind()),
        list: params.field("list")?,
        flag: params.text("flag")?,
        most: params.needed_number("most")?,
    }))
}

impl Behaviour for AddedTo {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let adds = cx.query(&self.flag).is_some_and(|flag| flag.eq_ignore_ascii_case("false"));
        let Some(held) = change.old.as_ref().filter(|_| adds) else { return Ok(()) };
        let mut all = held.items(&self.list).to_vec();
        let known: HashSet<&str> = held.texts(&self.list).collect();
        let sent = change.new.items(&self.list).iter();
        if all.is_empty() && sent.len() == 0 {
            return Ok(());
        }
        all.extend(sent.filter(|item| item.as_str().is_none_or(|text| !known.contains(text))).cloned());
        if all.len() > self.most {
            let words = format!("A maximum of {} is allowed in {}", self.most, self.list);
            return Err(Fault::said(&self.kind, &self.list, words));
        }
        change.new.insert(self.list.clone(), Value::Array(all));
        Ok(())
    }
}
