//! `predefined`: records that the vendor made cannot be deleted, and change in a few members alone.
//!
//! Parameters: `by`, the flag that marks them, `is`, its value (true), `may_change`, the members that follow the
//! caller; `quietly` keeps the others as they are without a word, where a product does so.

use zuno_catalogue::{Access, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind, Record};

/// The guarantee for one resource.
struct Predefined {
    kind: Kind,
    by: String,
    is: bool,
    fixed: Vec<String>,
    quietly: bool,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (may_change, by) = (params.fields("may_change")?, params.field("by")?);
    let callers = |access| !matches!(access, Access::Server | Access::Hidden);
    let fields = params.resource.fields.iter();
    let fixed = fields.filter(|(name, field)| callers(field.access) && !may_change.contains(name));
    Ok(Box::new(Predefined {
        kind: Kind(params.kind()),
        is: params.given.get("is").and_then(serde_json::Value::as_bool).unwrap_or(true),
        fixed: fixed.map(|(name, _)| name.clone()).collect(),
        quietly: params.flag("quietly"),
        by,
    }))
}

impl Predefined {
    fn marks(&self, record: &Record) -> bool {
        record.get(&self.by).and_then(serde_json::Value::as_bool).unwrap_or(false) == self.is
    }
}

impl Behaviour for Predefined {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(old) = change.old.as_ref().filter(|old| self.marks(old)) else { return Ok(()) };
        let refused = |verb| Fault::Predefined { kind: self.kind.clone(), id: change.id.clone(), verb };
        if change.verb == Verb::Delete {
            return Err(refused("deleted"));
        }
        for name in &self.fixed {
            let held = old.get(name);
            if !self.quietly && change.sent.get(name).is_some_and(|sent| held != Some(sent)) {
                return Err(refused("changed"));
            }
            match held {
                Some(held) => change.new.insert(name.clone(), held.clone()),
                None => change.new.shift_remove(name),
            };
        }
        Ok(())
    }
}
