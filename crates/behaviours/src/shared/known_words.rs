//! `known-words`: the words of a list are those by which the records of another kind go, or that a singleton lists, and a list
//! of links beside it names the same records.
//!
//! Parameters: by the list, `of` (the other kind's unique member that holds the word, or the singleton's list, whose words are
//! compared whatever their case), `also` (words that no record has and yet count), `once` (no two records have the same word
//! of a singleton's), and for a list of links `links` with `own`, a member of the other kind that records have which have
//! no word: a link to one of those stays when the words change.

use std::collections::HashSet;

use serde_json::{Map, Value};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The guarantee for one resource.
struct KnownWords {
    kind: Kind,
    lists: Vec<Words>,
}

/// One list of words.
struct Words {
    list: String,
    of: (String, String),
    also: Vec<String>,
    /// It is a singleton that lists the words; with whether each is one record's alone.
    listed: Option<bool>,
    links: Option<Links>,
}

/// The links to the records that the words stand for.
struct Links {
    list: String,
    own: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let given: Map<String, Value> = params.read()?;
    let lists = given.keys().map(|list| Words::make(params, list)).collect::<Result<_, _>>()?;
    Ok(Box::new(KnownWords { kind: Kind(params.kind()), lists }))
}

impl Words {
    fn make(params: Params<'_>, list: &str) -> Result<Words, String> {
        params.known([list])?;
        let part = params.part(list);
        let of = part.member("of")?;
        let listed = part.resource_of(&of.0)?.singleton.then(|| part.flag("once"));
        if listed.is_none() && part.field_of(&of.0, &of.1)?.unique.is_none() {
            return Err(params.wrong(format!("`{}.{}` is not unique", of.0, of.1)));
        }
        // What is of words of records alone is not asked for beside a singleton, and refused there.
        let also = if listed.is_none() { part.texts("also") } else { Vec::new() };
        let links = match part.maybe_text("links").filter(|_| listed.is_none()) {
            Some(_) => {
                let own = part.text("own")?;
                part.field_of(&of.0, &own)?;
                Some(Links { list: part.field("links")?, own })
            }
            None => None,
        };
        Ok(Words { list: list.to_owned(), of, also, listed, links })
    }

    /// The first word that a singleton does not list, or that another record has where each is one's alone.
    fn not_free(
        &self,
        cx: &Context<'_>,
        kind: &Kind,
        change: &Change,
        once: bool,
    ) -> Result<Option<String>, Fault> {
        let plain = |text: &str| text.trim().to_lowercase();
        let words =
            |record: &Record, list: &str| -> HashSet<String> { record.texts(list).map(plain).collect() };
        if change.new.items(&self.list).is_empty() {
            return Ok(None);
        }
        let mut free = words(&cx.only(&self.of.0)?.record, &self.of.1);
        if once {
            for other in cx.all(kind.as_str(), None)?.iter().filter(|other| other.id != change.id) {
                let taken = words(&other.record, &self.list);
                free.retain(|word| !taken.contains(word));
            }
        }
        let mut wanted = change.new.texts(&self.list);
        Ok(wanted.find(|word| !free.contains(&plain(word))).map(str::to_owned))
    }

    /// The records that the words stand for, each once; or the first word that stands for none.
    fn found(&self, cx: &Context<'_>, words: &[Value]) -> Result<Result<Vec<Id>, String>, Fault> {
        let resource = cx.resource(&self.of.0)?;
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        for word in words.iter().filter_map(Value::as_str).filter(|word| seen.insert(*word)) {
            match cx.holder(resource, &self.of.1, word, "0")? {
                Some(id) => found.push(id),
                None if self.also.iter().any(|known| known == word) => {}
                None => return Ok(Err(word.to_owned())),
            }
        }
        Ok(Ok(found))
    }
}

impl Behaviour for KnownWords {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for words in &self.lists {
            if let Some(once) = words.listed {
                if let Some(word) = words.not_free(cx, &self.kind, change, once)? {
                    let why = format!("`{word}` is not to be had, or another one's");
                    return Err(Fault::said(&self.kind, &words.list, why));
                }
                continue;
            }
            let Some(sent) = change.sent.get(&words.list).and_then(Value::as_array) else { continue };
            let Ok(mut found) = words.found(cx, sent)? else {
                let (kind, field) = (self.kind.clone(), words.list.clone());
                return Err(Fault::Invalid { kind, field, fix: Fix::Enum(Vec::new()) });
            };
            let Some(links) = words.links.as_ref().filter(|_| !sent.is_empty()) else { continue };
            let named = change.sent.get(&links.list).and_then(Value::as_array);
            for id in named.into_iter().flatten().filter_map(Id::from_value) {
                let own =
                    cx.get(&words.of.0, &id)?.is_some_and(|stored| stored.record.contains_key(&links.own));
                if own && !found.contains(&id) {
                    found.push(id);
                }
            }
            let found = found.into_iter().map(|id| Value::String(id.0)).collect();
            change.new.insert(links.list.clone(), Value::Array(found));
        }
        Ok(())
    }
}
