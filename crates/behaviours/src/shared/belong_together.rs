//! `belong-together`: what a record points at, be it one or several, belongs to what else it says.
//!
//! Parameters: by the member that points, the members that the other record must have so: a constant, or `{member}` for
//! what this record has there.

use std::collections::BTreeMap;

use serde_json::Value;
use zuno_engine::{Behaviour, Change, Context, Params, same};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The guarantee for one resource.
struct BelongTogether {
    own: String,
    pointers: Vec<Pointer>,
}

/// A member that points, and what the record that it points at must be.
struct Pointer {
    member: String,
    target: String,
    wanted: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let given: BTreeMap<String, BTreeMap<String, String>> = params.read()?;
    let mut pointers = Vec::new();
    for (member, wanted) in given {
        params.known([&member])?;
        let target = params.target(&member)?;
        for (theirs, said) in &wanted {
            params.field_of(&target, theirs)?;
            params.known(own_member(said))?;
        }
        pointers.push(Pointer { member, target, wanted });
    }
    Ok(Box::new(BelongTogether { own: params.kind(), pointers }))
}

/// The member that `{member}` names.
fn own_member(said: &str) -> Option<&str> {
    said.strip_prefix('{')?.strip_suffix('}')
}

/// What a record must have there; nothing where this one has nothing.
fn wanted(record: &Record, said: &str) -> Option<String> {
    match own_member(said) {
        Some(member) => record.get(member).and_then(Id::from_value).map(|id| id.0),
        None => Some(said.to_owned()),
    }
}

impl Behaviour for BelongTogether {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for pointer in &self.pointers {
            let held = change.new.get(&pointer.member);
            let several =
                held.and_then(Value::as_array).map_or_else(|| held.into_iter().collect(), Vec::from_iter);
            for id in several.into_iter().filter_map(Id::from_value) {
                // Whether it exists at all is the engine's to check.
                let Some(found) = cx.get(&pointer.target, &id)? else { continue };
                let is_so = |(theirs, said): (&String, &String)| {
                    let held = found.record.get(theirs).unwrap_or(&Value::Null);
                    wanted(&change.new, said).is_some_and(|wanted| same(held, &wanted))
                };
                if !pointer.wanted.iter().all(is_so) {
                    let title = cx.resource(&pointer.target)?.title().to_lowercase();
                    let fix = Fix::Said(format!("names a {title} that does not belong there: {id}"));
                    let (kind, field) = (Kind(self.own.clone()), pointer.member.clone());
                    return Err(Fault::Invalid { kind, field, fix });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::wanted;

    #[test]
    fn what_is_wanted_is_a_constant_or_a_member() {
        let record = json!({"application": "4"}).as_object().cloned().unwrap_or_default();
        assert_eq!(wanted(&record, "WEB").as_deref(), Some("WEB"));
        assert_eq!(wanted(&record, "{application}").as_deref(), Some("4"));
        assert_eq!(wanted(&record, "{device}"), None);
    }
}
