//! `named-elsewhere`: objects of a record name records of another product by the ids that they have there; those there are
//! not, or that are not fit, are refused, and one that is sent without a name gets the name that it has there.
//!
//! Parameters, by the member that holds one object or a list of them: `kind`; `by`, the object's member with the other
//! product's id; `name`, the object's and the record's name; `also`, ids that stand for things of the vendor's; `fit`,
//! members that the record must have so; `message`, with `{name}` and `{customer}`; `missing`, whether that is said as of
//! something that is not found. With `read`, a record whose object names none is not told by itself either (seen).

use serde_json::{Map, Value};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Kind, Record, Refusal};

/// The guarantee for one resource.
struct NamedElsewhere {
    kind: Kind,
    members: Vec<Named>,
}

/// One member that names others.
struct Named {
    member: String,
    kind: String,
    by: String,
    name: String,
    also: Vec<String>,
    fit: Map<String, Value>,
    message: String,
    missing: bool,
    read: bool,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let members = params.names().map(|member| Named::make(params, member)).collect::<Result<_, _>>()?;
    Ok(Box::new(NamedElsewhere { kind: Kind(params.kind()), members }))
}

impl Named {
    fn make(params: Params<'_>, member: &str) -> Result<Named, String> {
        params.known([member])?;
        let part = params.part(member);
        let (kind, name) = (part.other("kind")?, part.text("name")?);
        let fit: Map<String, Value> = part.maybe_read("fit")?;
        fit.keys().chain([&name]).try_for_each(|known| part.field_of(&kind, known).map(drop))?;
        Ok(Named {
            member: member.to_owned(),
            kind,
            by: part.text("by")?,
            name,
            also: part.texts("also"),
            fit,
            message: part.text("message")?,
            missing: part.flag("missing"),
            read: part.flag("read"),
        })
    }

    fn refused(&self, cx: &Context<'_>, kind: &Kind, object: &Map<String, Value>) -> Fault {
        let told = [&self.name, &self.by].into_iter().find_map(|member| object.get(member)?.as_str());
        let customer = cx.tenant().customer_id.to_string();
        let words = self.message.replace("{name}", told.unwrap_or_default()).replace("{customer}", &customer);
        if !self.missing {
            return Fault::said(kind, &self.member, words);
        }
        Fault::refused(Refusal::NotFound, "RESOURCE_NOT_FOUND", words)
    }

    /// What an object names, as it is there; nothing where it stands for something of the vendor's.
    fn find(
        &self,
        cx: &Context<'_>,
        kind: &Kind,
        object: &Map<String, Value>,
    ) -> Result<Option<Record>, Fault> {
        let id = object.get(&self.by).and_then(Id::from_value);
        if id.as_ref().is_some_and(|id| self.also.contains(&id.0)) {
            return Ok(None);
        }
        let stored = id.map(|id| cx.get(&self.kind, &id)).transpose()?.flatten();
        let fit =
            |record: &Record| self.fit.iter().all(|(member, wanted)| record.get(member) == Some(wanted));
        match stored.map(|stored| stored.record).filter(fit) {
            Some(record) => Ok(Some(record)),
            None => Err(self.refused(cx, kind, object)),
        }
    }
}

fn objects(value: &mut Value) -> Vec<&mut Map<String, Value>> {
    match value {
        Value::Object(object) => vec![object],
        Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).collect(),
        _ => Vec::new(),
    }
}

impl Behaviour for NamedElsewhere {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for named in &self.members {
            if !change.sent.contains_key(&named.member) {
                continue;
            }
            let Some(held) = change.new.get_mut(&named.member) else { continue };
            // One that names nothing is for other checks.
            for object in objects(held).into_iter().filter(|object| object.contains_key(&named.by)) {
                let Some(record) = named.find(cx, &self.kind, object)? else { continue };
                let unnamed = object.text(&named.name).is_none_or(str::is_empty);
                if unnamed && let Some(name) = record.get(&named.name) {
                    object.insert(named.name.clone(), name.clone());
                }
            }
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for named in self.members.iter().filter(|named| named.read && verb == Verb::Read) {
            let held = record.get_mut(&named.member).map(objects).unwrap_or_default();
            held.into_iter().try_for_each(|object| named.find(cx, &self.kind, object).map(drop))?;
        }
        Ok(())
    }

    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        let told = self.members.iter().filter(|named| named.read && verb == Verb::Read);
        Some(told.map(|named| named.member.as_str()).collect())
    }
}
