//! `mirrored`: each record has one of another kind beside it, under an id of that kind's own, which follows it.
//!
//! The mirror is made, changed and removed with its record; while others point at the mirror, the record stays too.
//! Parameters: `kind` of the mirrors, `by` (their member that names the record), `members` that both share,
//! `changed`, a member that tells when a mirror changed and is missing until it did, and `number`, the record's own member
//! that tells the mirror's number where nobody has said another.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct Mirrored {
    own: String,
    kind: String,
    by: String,
    members: Vec<String>,
    changed: Option<String>,
    number: Option<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let made = Mirrored {
        own: params.kind(),
        kind: params.other("kind")?,
        by: params.text("by")?,
        members: params.texts("members"),
        changed: params.maybe_text("changed"),
        number: params.maybe_text("number").map(|_| params.field("number")).transpose()?,
    };
    let members = made.members.iter().chain([&made.by]).chain(&made.changed);
    members.into_iter().try_for_each(|member| params.field_of(&made.kind, member).map(drop))?;
    Ok(Box::new(made))
}

impl Mirrored {
    /// What a mirror is told of its record.
    fn told(&self, record: &Record) -> Record {
        let shared = self.members.iter();
        shared.filter_map(|member| Some((member.clone(), record.get(member)?.clone()))).collect()
    }
}

impl Behaviour for Mirrored {
    fn on_read(&self, cx: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if let Some(number) = self.number.as_ref().filter(|number| !record.contains_key(*number))
            && let Some(mirror) = cx.pointing(&self.kind, &self.by, &self.own, id)?.into_iter().next()
        {
            let told = mirror
                .id
                .as_str()
                .parse()
                .map_or_else(|_| Value::String(mirror.id.0.clone()), |n: i64| n.into());
            record.insert(number.clone(), told);
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(self.number.iter().map(String::as_str).collect())
    }

    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let kind = cx.resource(&self.kind)?;
        for mirror in cx.pointing(&self.kind, &self.by, &self.own, &stored.id)? {
            cx.erase(kind, &mirror.id, true)?;
        }
        Ok(())
    }

    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let mut told = self.told(&change.new);
        match change.verb {
            Verb::Create => {
                told.insert(self.by.clone(), Value::String(change.id.0.clone()));
                cx.create(&self.kind, &change.scope, &Value::Object(told))?;
            }
            _ => {
                if let Some(changed) = &self.changed {
                    told.insert(changed.clone(), Value::from(cx.now()));
                }
                let told = Value::Object(told);
                for mirror in cx.pointing(&self.kind, &self.by, &self.own, &change.id)? {
                    cx.update(&self.kind, &mirror.id, &told)?;
                }
            }
        }
        Ok(())
    }
}
