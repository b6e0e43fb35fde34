//! `known-parts`: what a list of a record holds has numbers of its own, tells whose it is, and who changed it last and when.
//!
//! A part that is sent with a number of the list's keeps it, and so does one that says what one without a number said; who
//! changed it and when stay while it says the same (guessed). Parameters: `lists`; and as far as the parts have them `number`
//! (the `member`; the `counter` with its `start`, or else ids of the tenant's series; and `leads`, where it alone leads to the
//! record), `owner` (the member that tells the record's id), `at` and `by`; `unlike`, a member in which no two are alike.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Id, Kind, Record};
use zuno_store::Pointer;

/// The guarantee for one resource.
struct KnownParts {
    kind: String,
    lists: Vec<String>,
    number: Option<Number>,
    owner: Option<String>,
    at: Option<String>,
    by: Option<String>,
    unlike: Option<String>,
}

/// One part.
type Part = Map<String, Value>;

/// How parts are numbered.
struct Number {
    member: String,
    counter: Option<(String, i64)>,
    leads: bool,
}

/// What stands for the kind of the parts, in pointers that no member shows.
fn kind_of_parts(kind: &str, list: &str) -> String {
    format!("{kind}.{list}")
}

/// The record whose list has the part of this id.
///
/// # Errors
/// The store failed.
pub fn record_with_part(cx: &Context<'_>, kind: &str, list: &str, id: &Id) -> Result<Option<Stored>, Fault> {
    Ok(cx.pointing(kind, list, &kind_of_parts(kind, list), id)?.into_iter().next())
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let number = match params.value("number") {
        Some(_) => {
            let part = params.part("number");
            let counter =
                part.maybe_text("counter").map(|name| Ok::<_, String>((name, part.needed_number("start")?)));
            let counter = counter.transpose()?;
            Some(Number { member: part.text("member")?, counter, leads: part.flag("leads") })
        }
        None => None,
    };
    Ok(Box::new(KnownParts {
        kind: params.kind(),
        lists: params.fields("lists")?,
        number,
        owner: params.maybe_text("owner"),
        at: params.maybe_text("at"),
        by: params.maybe_text("by"),
        unlike: params.maybe_text("unlike"),
    }))
}

impl Number {
    fn next(&self, cx: &mut Context<'_>) -> Result<Value, Fault> {
        Ok(match &self.counter {
            Some((counter, start)) => json!(cx.next(counter, *start)?),
            None => json!(cx.next_in_series()?.0),
        })
    }
}

impl KnownParts {
    /// That no two parts are alike where none may be.
    fn unlike(&self, list: &str, parts: &[Value]) -> Result<(), Fault> {
        let Some(member) = &self.unlike else { return Ok(()) };
        let mut known = HashSet::new();
        let mut said = parts.iter().map(|part| part.text(member).unwrap_or_default());
        match said.find(|said| !known.insert(*said)) {
            None => Ok(()),
            Some(twice) => {
                Err(Fault::said(&Kind(self.kind.clone()), list, format!("`{twice}` stands twice")))
            }
        }
    }

    /// What a caller says of a part.
    fn said(&self, part: &Part) -> Part {
        let number = self.number.as_ref().map(|number| &number.member);
        let ours = [number, self.owner.as_ref(), self.at.as_ref(), self.by.as_ref()];
        let said = part.iter().filter(|(member, _)| !ours.contains(&Some(*member)));
        said.map(|(member, value)| (member.clone(), value.clone())).collect()
    }

    /// Takes the part as it was out of those that were there, and tells whether it said the same.
    fn before(&self, part: &Part, held: &mut Vec<(Part, Part)>) -> Option<(Part, bool)> {
        let number = |one: &Part| self.number.as_ref().and_then(|number| one.get(&number.member).cloned());
        let (own, said) = (number(part), self.said(part));
        let numbered = held.iter().position(|(one, _)| own.is_some() && number(one) == own);
        let place = numbered.or_else(|| held.iter().position(|(_, before)| *before == said))?;
        let (before, was_said) = held.remove(place);
        Some((before, was_said == said))
    }
}

impl Behaviour for KnownParts {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let owner: Value =
            change.id.as_str().parse().map_or_else(|_| json!(change.id.0), |id: i64| json!(id));
        let who = json!({ "id": cx.actor().number, "name": cx.actor().name });
        for list in &self.lists {
            let old = change.old.iter().flat_map(|old| old.items(list)).filter_map(Value::as_object);
            let mut held: Vec<(Part, Part)> = old.map(|part| (part.clone(), self.said(part))).collect();
            let Some(Value::Array(parts)) = change.new.get_mut(list) else { continue };
            self.unlike(list, parts)?;
            for part in parts.iter_mut().filter_map(Value::as_object_mut) {
                let (before, same) =
                    self.before(part, &mut held).map_or((None, false), |(part, same)| (Some(part), same));
                if let Some(number) = &self.number {
                    let kept = before.as_ref().and_then(|before| before.get(&number.member)).cloned();
                    let own = match kept {
                        Some(kept) => kept,
                        None => number.next(cx)?,
                    };
                    part.insert(number.member.clone(), own);
                }
                if let Some(member) = &self.owner {
                    part.insert(member.clone(), owner.clone());
                }
                for (member, now) in [(&self.at, json!(cx.now())), (&self.by, who.clone())] {
                    let Some(member) = member else { continue };
                    let kept =
                        before.as_ref().filter(|_| same).and_then(|before| before.get(member)).cloned();
                    part.insert(member.clone(), kept.unwrap_or(now));
                }
            }
        }
        Ok(())
    }

    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        let Some(number) = self.number.as_ref().filter(|number| number.leads) else { return };
        for list in &self.lists {
            let ids = record
                .items(list)
                .iter()
                .filter_map(|part| part.get(&number.member).and_then(Id::from_value));
            let kind = kind_of_parts(&self.kind, list);
            found.extend(ids.map(|id| Pointer { field: list.clone(), kind: kind.clone(), id }));
        }
    }
}
