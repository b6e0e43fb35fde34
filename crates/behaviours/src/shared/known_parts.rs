//! `known-parts`: what a list of a record holds has numbers of its own, tells whose it is, and who changed it last and when.
//!
//! A part that is sent with a number of the list's keeps it, and so does one that says what one without a number said; who
//! changed it and when stay while it says the same (guessed). Parameters: `lists`; and as far as the parts have them `number`
//! (the `member`; the `counter` with its `start`, or else ids of the tenant's series; and `leads`, where it alone leads to the
//! record), `owner` (the member that tells the record's id), `at` and `by`; `unlike`, a member in which no two are alike.

use std::collections::{HashMap, HashSet, VecDeque};

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

    /// The parts that sent ones were, each at most once: the one of its number, or else the first that said the same.
    fn before<'h>(&self, parts: &[Value], held: &'h [Value]) -> Vec<Option<&'h Part>> {
        let held: Vec<&Part> = held.iter().filter_map(Value::as_object).collect();
        let number = |part: &Part| self.number.as_ref().and_then(|number| part.get(&number.member).cloned());
        let mut by_number: HashMap<Value, usize> = HashMap::new();
        let mut by_words: HashMap<Value, VecDeque<usize>> = HashMap::new();
        for (place, part) in held.iter().enumerate() {
            if let Some(number) = number(part) {
                by_number.entry(number).or_insert(place);
            }
            by_words.entry(Value::Object(self.said(part))).or_default().push_back(place);
        }
        let parts: Vec<Option<&Part>> = parts.iter().map(Value::as_object).collect();
        let mut found: Vec<Option<usize>> =
            parts.iter().map(|part| by_number.remove(&number((*part)?)?)).collect();
        let mut taken: HashSet<usize> = found.iter().flatten().copied().collect();
        for (part, found) in parts.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let said = part.map(|part| Value::Object(self.said(part)));
            let alike = said.and_then(|said| by_words.get_mut(&said));
            // What a number has taken is passed over once.
            *found = alike.and_then(|places| {
                std::iter::from_fn(|| places.pop_front()).find(|place| taken.insert(*place))
            });
        }
        found.into_iter().map(|place| place.map(|place| held[place])).collect()
    }
}

impl Behaviour for KnownParts {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let owner: Value =
            change.id.as_str().parse().map_or_else(|_| json!(change.id.0), |id: i64| json!(id));
        let who = json!({ "id": cx.actor().number, "name": cx.actor().name });
        for list in &self.lists {
            let held = change.old.as_ref().map(|old| old.items(list)).unwrap_or_default();
            let Some(Value::Array(parts)) = change.new.get_mut(list) else { continue };
            if parts == held {
                continue;
            }
            self.unlike(list, parts)?;
            let before = self.before(parts, held);
            let parts = parts
                .iter_mut()
                .zip(before)
                .filter_map(|(part, before)| Some((part.as_object_mut()?, before)));
            for (part, before) in parts {
                let same = before.is_some_and(|before| self.said(before) == self.said(part));
                if let Some(number) = &self.number {
                    let kept = before.and_then(|before| before.get(&number.member)).cloned();
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
                    let kept = before.filter(|_| same).and_then(|before| before.get(member)).cloned();
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{KnownParts, Number};

    fn kept() -> KnownParts {
        let number = Number { member: "id".into(), counter: None, leads: false };
        let (kind, lists) = ("k".into(), vec!["parts".into()]);
        KnownParts { kind, lists, number: Some(number), owner: None, at: None, by: None, unlike: None }
    }

    fn ids(parts: &[Value], held: &[Value]) -> Vec<Option<i64>> {
        let before = kept().before(parts, held);
        before.into_iter().map(|part| part?.get("id")?.as_i64()).collect()
    }

    #[test]
    fn a_number_that_is_sent_counts_before_what_is_said() {
        let held = [json!({ "id": 1, "name": "a" }), json!({ "id": 2, "name": "a" })];
        let sent = [json!({ "name": "a" }), json!({ "id": 1, "name": "b" }), json!({ "name": "a" })];
        assert_eq!(ids(&sent, &held), [Some(2), Some(1), None]);
    }

    #[test]
    fn a_long_list_turned_round_is_no_more_work_than_a_short_one() {
        let held: Vec<Value> =
            (0..20_000).map(|id| json!({ "id": id, "name": format!("part {id}") })).collect();
        let sent: Vec<Value> = held.iter().rev().map(|part| json!({ "name": part["name"] })).collect();
        assert_eq!(ids(&sent, &held), (0..20_000).rev().map(Some).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn each_part_is_taken_once_and_none_is_passed_over(
            held in prop::collection::vec(0_u8..4, 0..12),
            sent in prop::collection::vec((prop::option::of(0_i64..14), 0_u8..4), 0..12),
        ) {
            let held: Vec<Value> =
                held.iter().enumerate().map(|(id, name)| json!({ "id": id, "name": name })).collect();
            let part = |(id, name): &(Option<i64>, u8)| match id {
                Some(id) => json!({ "id": id, "name": name }),
                None => json!({ "name": name }),
            };
            let parts: Vec<Value> = sent.iter().map(part).collect();
            let found = ids(&parts, &held);
            let mut taken: Vec<i64> = found.iter().flatten().copied().collect();
            taken.sort_unstable();
            prop_assert!(taken.windows(2).all(|pair| pair[0] != pair[1]), "{found:?}");
            for (part, found) in parts.iter().zip(&found).filter(|(_, found)| found.is_none()) {
                let left = held.iter().any(|one| {
                    one["name"] == part["name"] && taken.binary_search(&one["id"].as_i64().unwrap()).is_err()
                });
                prop_assert!(!left, "{part} is one of {held:?}, and was not found: {found:?}");
            }
        }
    }
}
