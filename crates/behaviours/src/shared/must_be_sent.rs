//! `must-be-sent`: a write without one of these members is refused in the product's own words, even where the
//! record has a value already. Parameters: the words by member.

use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct MustBeSent {
    kind: Kind,
    words: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut words = Vec::new();
    for (member, said) in params.each() {
        match (params.resource.field(member), said.as_str()) {
            (Some(_), Some(said)) => words.push((member.clone(), said.to_owned())),
            _ => return Err(params.wrong(format!("`{member}` is no field with a text"))),
        }
    }
    Ok(Box::new(MustBeSent { kind: Kind(params.kind()), words }))
}

impl Behaviour for MustBeSent {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        match self.words.iter().find(|(member, _)| !change.sent.contains_key(member)) {
            Some((member, words)) => Err(Fault::said(&self.kind, member, words.clone())),
            None => Ok(()),
        }
    }
}
