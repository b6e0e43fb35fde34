//! `category-lists`: what a category holds is well formed, counted, and may be added to or taken from by `?action=`.
//!
//! One entry that is wrong refuses them all (documented). With an action, members that are not sent stay as they were
//! (seen). A plain update of the vendor's categories adds, and so does whatever adds reviewed domains.
//! Parameter: `lists`, the lists that an action changes, each with the member that counts it.

use std::collections::HashSet;

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::url_category as member;
use zuno_catalogue::{Member, Members, Texts, Verb};
use zuno_engine::{Behaviour, Change, Context, Entries, Params, list_length};
use zuno_model::{Fault, Fix, Id, Record};
use zuno_urls::{IpEntry, PatternRoom, TldEntry};

use crate::shared::url_lists::{formed, url};

/// The guarantee for the kind.
struct CategoryLists {
    counts: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut counts = Vec::new();
    for (list, count) in params.part("lists").each() {
        let count = count.as_str().unwrap_or_default();
        params.known([list, count])?;
        counts.push((list.clone(), count.to_owned()));
    }
    Ok(Box::new(CategoryLists { counts }))
}

fn items<'r>(record: &'r Record, list: &str) -> &'r [Value] {
    record.items(list)
}

fn wrong(list: &str, words: String) -> Fault {
    Fault::said(&member::KIND.into(), list, words)
}

/// The lists of sites, of addresses, of patterns and of keywords: those of the category alone, and those that keep their
/// category besides.
const SITES: [Member<Texts>; 2] = [member::URLS, member::DB_CATEGORIZED_URLS];
const ADDRESSES: [Member<Texts>; 2] = [member::IP_RANGES, member::IP_RANGES_RETAINING_PARENT_CATEGORY];
const PATTERNS: [Member<Texts>; 2] =
    [member::REGEX_PATTERNS, member::REGEX_PATTERNS_RETAINING_PARENT_CATEGORY];
const KEYWORDS: [Member<Texts>; 2] = [member::KEYWORDS, member::KEYWORDS_RETAINING_PARENT_CATEGORY];

fn is_one(list: &str, of: &[Member<Texts>]) -> bool {
    of.iter().any(|member| member.name == list)
}

/// One entry as it is kept, or what is wrong with it.
fn entry(list: &str, record: &Record, text: &str, room: &mut PatternRoom) -> Result<String, String> {
    let of_patterns = member::URL_TYPE.of(record) == Some("REGEX");
    if is_one(list, &PATTERNS) || of_patterns && is_one(list, &SITES) {
        return room.compile(text, true).map(|_| text.to_owned()).map_err(|why| why.to_string());
    }
    if is_one(list, &ADDRESSES) {
        return IpEntry::parse(text).map(|_| text.trim().to_owned()).map_err(|fault| fault.to_string());
    }
    if text.trim().is_empty() { Err("it is empty".into()) } else { Ok(text.trim().to_owned()) }
}

/// How a list reads an entry that is a site or a top-level domain; nothing where it holds something else.
fn site(list: &str, record: &Record) -> Option<fn(&str) -> Option<String>> {
    if !is_one(list, &SITES) {
        return None;
    }
    if member::TYPE.of(record) == Some("TLD_CATEGORY") {
        return Some(|text| TldEntry::parse(text).is_ok().then(|| text.trim().to_ascii_lowercase()));
    }
    (member::URL_TYPE.of(record) != Some("REGEX")).then_some(url)
}

/// The lists that hold entries of some form.
pub(super) const FORMED: &[&str] = &[
    member::URLS.name,
    member::DB_CATEGORIZED_URLS.name,
    member::KEYWORDS.name,
    member::KEYWORDS_RETAINING_PARENT_CATEGORY.name,
    member::IP_RANGES.name,
    member::IP_RANGES_RETAINING_PARENT_CATEGORY.name,
    member::REGEX_PATTERNS.name,
    member::REGEX_PATTERNS_RETAINING_PARENT_CATEGORY.name,
];

/// What was sent, checked and without repeats, in place of what was sent.
fn form(record: &Record, sent: &mut Record) -> Result<(), Fault> {
    let mut room = PatternRoom::CALL;
    for list in FORMED {
        let Some(Value::Array(given)) = sent.get_mut(*list) else { continue };
        if let Some(entry) = site(list, record) {
            *given = formed(given, entry).map_err(|words| wrong(list, words))?;
            continue;
        }
        let mut kept: Vec<Value> = Vec::with_capacity(given.len());
        let mut seen = HashSet::with_capacity(given.len());
        for text in given.iter().filter_map(Value::as_str) {
            let text = entry(list, record, text, &mut room)
                .map_err(|why| wrong(list, format!("Invalid entry `{text}` in {list}: {why}")))?;
            if seen.insert(text.clone()) {
                kept.push(Value::String(text));
            }
        }
        *given = kept;
    }
    Ok(())
}

/// What an update says is done with the lists; what was reviewed is added.
fn action<'a>(cx: &Context<'a>) -> Option<&'a str> {
    let reviewed = cx.operation().is_ok_and(|operation| operation.does.as_deref() == Some("domain-review"));
    let asked = || cx.query("action").filter(|action| !action.is_empty());
    if reviewed { Some("ADD_TO_LIST") } else { asked() }
}

impl CategoryLists {
    /// What an action makes of the record as it was.
    fn act(
        &self,
        cx: &mut Context<'_>,
        (action, id): (&str, &Id),
        old: &Record,
        sent: &Record,
    ) -> Result<Record, Fault> {
        let adds = match action {
            "ADD_TO_LIST" => true,
            "REMOVE_FROM_LIST" => false,
            _ => {
                let known = ["ADD_TO_LIST", "REMOVE_FROM_LIST"].map(str::to_owned).to_vec();
                let fix = Fix::Enum(known);
                return Err(Fault::Invalid { kind: member::KIND.into(), field: "action".into(), fix });
            }
        };
        let own = is_own(old);
        let mut new = old.clone();
        for (name, given) in sent {
            let list = self.counts.iter().find(|(list, _)| list == name).and(given.as_array());
            match list {
                Some(given) => {
                    let (of, held) = (of(id, name), old.get(name));
                    let changed = if adds {
                        cx.with_entries(of, held, given)?
                    } else if own && *name != *member::URLS && cx.same_entries(of, held, given)? {
                        // A client that takes a site out sends the other lists as they are (client: terraform).
                        continue;
                    } else {
                        cx.without_entries(of, held, given)?
                    };
                    new.insert(name.clone(), changed);
                }
                // Other members follow the caller as in any update (client: terraform), of the vendor's the keywords.
                None if follows(name, own) => {
                    new.insert(name.clone(), given.clone());
                }
                None => {}
            }
        }
        Ok(new)
    }
}

fn is_own(record: &Record) -> bool {
    member::CUSTOM_CATEGORY.of(record)
}

/// Whether a member that is no counted list changes with an action.
fn follows(name: &str, own: bool) -> bool {
    is_one(name, &KEYWORDS) || own && name != member::TYPE.name && name != member::CUSTOM_CATEGORY.name
}

fn of<'a>(id: &'a Id, member: &'a str) -> Entries<'a> {
    Entries { kind: member::KIND, id, member }
}

impl Behaviour for CategoryLists {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        form(&change.new, &mut change.sent)?;
        let action = action(cx);
        if let (Some(action), Some(old)) = (action, &change.old) {
            change.new = self.act(cx, (action, &change.id), old, &change.sent)?;
        } else {
            for list in FORMED {
                if let Some(formed) = change.sent.get(*list) {
                    change.new.insert((*list).to_owned(), formed.clone());
                }
            }
            // To the vendor's sites a plain update adds (client: terraform); what holds nothing takes nothing away.
            if let Some(old) = change.old.as_ref().filter(|old| !is_own(old)) {
                for (list, _) in &self.counts {
                    let given = items(&change.sent, list);
                    let all = cx.with_entries(of(&change.id, list), old.get(list), given)?;
                    change.new.insert(list.clone(), all);
                }
            }
        }
        let resource = cx.resource(member::KIND)?;
        for (list, count) in &self.counts {
            let counted = list_length(resource, list, change.new.get(list));
            change.new.insert(count.clone(), Value::from(counted));
        }
        Ok(())
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.query("type") != Some("ALL")
    }

    /// A list is of one type; of both with `ALL` alone (client: terraform zia).
    fn accepts(&self, cx: &Context<'_>, _: &Id, record: &Record) -> Result<bool, Fault> {
        let wanted = cx.query("type").filter(|wanted| !wanted.is_empty()).unwrap_or("URL_CATEGORY");
        Ok(member::TYPE.of(record) == Some(wanted))
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let [keywords, retaining] = KEYWORDS.map(|list| list.name);
        // Seen, of the vendor's categories and of the tenant's own: both lists of keywords are told once either was
        // ever set, those of addresses while they hold something.
        if record.contains_key(keywords) || record.contains_key(retaining) {
            for list in [keywords, retaining] {
                record.entry(list).or_insert_with(|| json!([]));
            }
        }
        for list in ADDRESSES.map(|list| list.name) {
            if items(record, list).is_empty() {
                record.shift_remove(list);
            }
        }
        if verb == Verb::List && cx.flag("includeOnlyUrlKeywordCounts") {
            let resource = cx.resource(member::KIND)?;
            let count = |list: &str| list_length(resource, list, record.get(list));
            let counts = json!({
                "totalUrlCount": count(&member::URLS) + count(&member::DB_CATEGORIZED_URLS),
                "retainParentUrlCount": count(&member::DB_CATEGORIZED_URLS),
                "totalKeywordCount": count(keywords) + count(retaining),
                "retainParentKeywordCount": count(retaining),
            });
            record.insert(member::URL_KEYWORD_COUNTS.into(), counts);
            for list in FORMED {
                record.shift_remove(*list);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::form;

    fn record(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).expect("an object")
    }

    #[test]
    fn repeats_go_and_one_wrong_entry_refuses_all() {
        let exact = record(json!({ "type": "URL_CATEGORY", "urlType": "EXACT" }));
        let mut sent = record(json!({ "urls": ["A.example", "a.example", "b.example/X"] }));
        form(&exact, &mut sent).expect("all are well formed");
        assert_eq!(sent["urls"], json!(["a.example", "b.example/X"]));
        for wrong in ["https://a.example", "*.a.example", "localhost", "a b.example"] {
            assert!(
                form(&exact, &mut record(json!({ "urls": ["fine.example", wrong] }))).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_an_entry_may_be_depends_on_the_category() {
        let tld = record(json!({ "type": "TLD_CATEGORY" }));
        assert!(form(&tld, &mut record(json!({ "urls": [".cn"] }))).is_ok());
        let regex = record(json!({ "type": "URL_CATEGORY", "urlType": "REGEX" }));
        assert!(form(&regex, &mut record(json!({ "urls": ["^a+\\.example"] }))).is_ok());
        assert!(form(&regex, &mut record(json!({ "urls": ["(a"] }))).is_err());
        assert!(form(&regex, &mut record(json!({ "ipRanges": ["10.0.0.0/33"] }))).is_err());
        assert!(form(&regex, &mut record(json!({ "ipRanges": ["10.0.0.0/24"] }))).is_ok());
    }
}
