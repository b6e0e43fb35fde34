//! `either-spelling`: a member that callers name in two ways is kept under one of them; sent in both, the one that changed.
//!
//! Parameters: for each member that is kept, the other spelling.

use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

use crate::spelling::meant;

/// The guarantee for one resource.
struct EitherSpelling {
    spellings: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut spellings = Vec::new();
    for (kept, other) in params.each() {
        match other.as_str() {
            Some(other)
                if params.resource.field(kept).is_some() && params.resource.field(other).is_some() =>
            {
                spellings.push((kept.clone(), other.to_owned()));
            }
            _ => return Err(params.wrong(format!("`{kept}` = {other} are no two fields"))),
        }
    }
    Ok(Box::new(EitherSpelling { spellings }))
}

impl Behaviour for EitherSpelling {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for (kept, other) in &self.spellings {
            change.new.shift_remove(other);
            let sent = [kept, other].into_iter().filter_map(|name| change.sent.get(name));
            let held = change.old.as_ref().and_then(|old| old.get(kept));
            if let Some(value) = meant(held, sent.filter(|value| !value.is_null()).cloned()) {
                change.new.insert(kept.clone(), value);
            }
        }
        Ok(())
    }
}
