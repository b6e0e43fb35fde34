//! `said-of-missing`: what names a record that there is not is refused in the product's own words.
//!
//! Parameters: by the member that points at one, the words, with its value for `{id}`; by one that holds the unique member of
//! one, these `words`, that member as `of`, and `when`, members that a record must have so.

use serde_json::{Map, Value};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Kind};

/// The guarantee for one resource.
struct SaidOfMissing {
    kind: Kind,
    members: Vec<Naming>,
}

/// A member that names records of a kind: by their ids, or by what they have in a unique member.
struct Naming {
    member: String,
    kind: String,
    by: Option<String>,
    words: String,
    when: Map<String, Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let members = params.names().map(|member| {
        params.known([member])?;
        let Some(words) = params.maybe_text(member) else {
            let part = params.part(member);
            let ((kind, by), when) = (part.member("of")?, part.maybe_read("when")?);
            if part.field_of(&kind, &by)?.unique.is_none() {
                return Err(part.wrong(format!("`{kind}.{by}` is not unique")));
            }
            return Ok(Naming {
                member: member.clone(),
                kind,
                by: Some(by),
                words: part.text("words")?,
                when,
            });
        };
        let (kind, when) = (params.target(member)?, Map::new());
        Ok(Naming { member: member.clone(), kind, by: None, words, when })
    });
    let members = members.collect::<Result<_, String>>()?;
    Ok(Box::new(SaidOfMissing { kind: Kind(params.kind()), members }))
}

impl Naming {
    /// What a change names, where that is nothing.
    fn missing(&self, cx: &Context<'_>, change: &Change) -> Result<Option<String>, Fault> {
        if self.when.iter().any(|(member, wanted)| change.new.get(member) != Some(wanted)) {
            return Ok(None);
        }
        let (named, found) = match &self.by {
            None => {
                let Some(id) = change.sent.get(&self.member).and_then(Id::from_value) else {
                    return Ok(None);
                };
                let found = cx.get(&self.kind, &id)?.is_some();
                (id.0, found)
            }
            Some(by) => {
                let Some(text) = change.sent.text(&self.member) else { return Ok(None) };
                (text.to_owned(), cx.holder(cx.resource(&self.kind)?, by, text, "0")?.is_some())
            }
        };
        Ok((!found).then_some(named))
    }
}

impl Behaviour for SaidOfMissing {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for naming in &self.members {
            if let Some(named) = naming.missing(cx, change)? {
                return Err(Fault::said(&self.kind, &naming.member, naming.words.replace("{id}", &named)));
            }
        }
        Ok(())
    }
}
