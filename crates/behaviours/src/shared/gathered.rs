//! `gathered`: a member is put together of others when it is read, also of those of records that it points at.
//!
//! Parameters: `members`, by the member what it tells; `views`, by the view that alone tells it so; `flags`, by the flag of the
//! query without which it is not told. That is a text with dotted members in braces, `{name} ({ownerUserId.name})`; or for each
//! member of its value type the dotted one, or a constant that is no text; and where it is a list `each`, a member with the
//! records whose members these are. A member that points at a record leads on to that record's. A number is told as text
//! where the value type has one, and what is not there by the value type's default, or as nothing within a text.

use serde_json::{Map, Value};
use zuno_catalogue::{Members, Shape, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

use super::through::{found, leads, pieces};

/// The guarantee for one resource.
struct Gathered {
    own: String,
    members: Vec<Member>,
}

/// One member, what it is put together of, and the view or flag that it is told by alone.
struct Member {
    name: String,
    view: Option<String>,
    flag: Option<String>,
    told: Told,
}

/// A text, or members of a value type: of the record, or of each that a list of it points at, with their kind.
enum Told {
    Text(String),
    Parts(Vec<Part>, Option<(String, String)>),
}

/// One member of a value type, and what it tells: a path, or a constant that is no text.
struct Part {
    name: String,
    told: Value,
    as_text: bool,
    default: Option<Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut members = Vec::new();
    let mut add = |part: Params<'_>, view: Option<&String>, flag: Option<&String>| {
        part.names().try_for_each(|name| {
            let (view, flag, told) = (view.cloned(), flag.cloned(), Told::make(part, name)?);
            members.push(Member { name: name.clone(), view, flag, told });
            Ok::<_, String>(())
        })
    };
    add(params.part("members"), None, None)?;
    let (views, flags) = (params.part("views"), params.part("flags"));
    if let Some(stranger) = views.names().find(|view| !params.resource.views.contains_key(*view)) {
        return Err(params.wrong(format!("there is no view `{stranger}`")));
    }
    let asks = |flag: &&String| {
        params.resource.operations.values().all(|operation| !operation.query.contains_key(*flag))
    };
    if let Some(stranger) = flags.names().find(asks) {
        return Err(params.wrong(format!("no operation has `{stranger}` in its query")));
    }
    views.names().try_for_each(|view| add(views.part(view), Some(view), None))?;
    flags.names().try_for_each(|flag| add(flags.part(flag), None, Some(flag)))?;
    Ok(Box::new(Gathered { own: params.kind(), members }))
}

impl Told {
    fn make(params: Params<'_>, member: &str) -> Result<Told, String> {
        let own = &params.resource.kind;
        params.known([member])?;
        if let Some(text) = params.maybe_text(member) {
            paths(&text).try_for_each(|path| leads(params, params.resource, path))?;
            return Ok(Told::Text(text));
        }
        let given = params.part(member);
        let each = given.maybe_text("each").map(|list| Ok::<_, String>((params.target(&list)?, list)));
        let each = each.transpose()?.map(|(kind, list)| (list, kind));
        let mut shape = &params.field_of(own, member)?.shape;
        if let (Shape::List(item), Some(_)) = (shape, &each) {
            shape = item;
        }
        let Shape::Named(named) = shape else {
            return Err(params.wrong(format!("`{member}` is of no value type")));
        };
        let parts = parts(given, named, each.as_ref().map_or(own, |(_, kind)| kind))?;
        Ok(Told::Parts(parts, each))
    }

    /// The members of the record that are looked at.
    fn looks_at(&self) -> Vec<&str> {
        let looked: Vec<&str> = match self {
            Told::Text(text) => paths(text).collect(),
            Told::Parts(_, Some((list, _))) => vec![list],
            Told::Parts(parts, None) => parts.iter().filter_map(|part| part.told.as_str()).collect(),
        };
        looked.into_iter().map(|path| path.split('.').next().unwrap_or_default()).collect()
    }
}

/// The dotted members within a text.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter(|(_, is_path)| *is_path).map(|(path, _)| path)
}

/// What the members of a value type tell of records of a kind.
fn parts(given: Params<'_>, named: &str, kind: &str) -> Result<Vec<Part>, String> {
    let fields = given.catalogue.value_type(given.resource, named);
    let part = |(name, told): (&String, &Value)| {
        let field = fields.and_then(|fields| fields.get(name));
        let field = field.ok_or_else(|| given.wrong(format!("`{named}` has no member `{name}`")))?;
        told.as_str().map_or(Ok(()), |path| leads(given, given.resource_of(kind)?, path))?;
        let default = field.default.as_ref().map(|json| json.0.clone());
        let as_text = field.shape == Shape::String;
        Ok(Part { name: name.clone(), told: told.clone(), as_text, default })
    };
    given.each().filter(|(name, _)| *name != "each").map(part).collect()
}

fn object(cx: &Context<'_>, kind: &str, record: &Record, parts: &[Part]) -> Result<Value, Fault> {
    let mut told = Map::new();
    for part in parts {
        let held = match part.told.as_str() {
            Some(path) => found(cx, kind, record, path)?,
            None => Some(part.told.clone()),
        };
        let value = match held {
            Some(Value::Number(number)) if part.as_text => Some(Value::String(number.to_string())),
            held => held.or_else(|| part.default.clone()),
        };
        told.extend(value.map(|value| (part.name.clone(), value)));
    }
    Ok(Value::Object(told))
}

impl Member {
    fn is_told(&self, cx: &Context<'_>) -> bool {
        self.view.as_deref().is_none_or(|view| cx.view() == Some(view))
            && self.flag.as_ref().is_none_or(|flag| cx.flag(flag))
    }

    fn tell(&self, cx: &Context<'_>, own: &str, record: &Record) -> Result<(String, Value), Fault> {
        let value = match &self.told {
            Told::Parts(parts, None) => object(cx, own, record, parts)?,
            Told::Parts(parts, Some((list, kind))) => {
                let ids = record.items(list).iter().filter_map(Id::from_value);
                let each = ids.filter_map(|id| cx.get(kind, &id).transpose());
                each.map(|stored| object(cx, kind, &stored?.record, parts)).collect::<Result<_, _>>()?
            }
            Told::Text(text) => {
                let mut whole = String::new();
                for (piece, is_path) in pieces(text) {
                    match if is_path { found(cx, own, record, piece)? } else { Some(piece.into()) } {
                        Some(Value::String(text)) => whole.push_str(&text),
                        Some(Value::Null) | None => {}
                        Some(other) => whole.push_str(&other.to_string()),
                    }
                }
                Value::String(whole)
            }
        };
        Ok((self.name.clone(), value))
    }
}

impl Behaviour for Gathered {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let told = self.members.iter().filter(|member| member.is_told(cx));
        let told = told.map(|member| member.tell(cx, &self.own, record)).collect::<Result<Vec<_>, _>>()?;
        record.extend(told);
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        let touched = self.members.iter().map(|member| [member.told.looks_at(), vec![&member.name]].concat());
        Some(touched.flatten().collect())
    }

    fn derived(&self, cx: &Context<'_>, record: &Record) -> Vec<(String, Value)> {
        let always = self.members.iter().filter(|member| member.view.is_none() && member.flag.is_none());
        always.filter_map(|member| member.tell(cx, &self.own, record).ok()).collect()
    }
}
