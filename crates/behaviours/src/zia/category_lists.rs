//! `category-lists`: what a category holds is well formed, counted, and may be added to or taken from by `?action=`.
//!
//! One entry that is wrong refuses them all (documented). With an action, members that are not sent stay as they were
//! (seen). A plain update of the vendor's categories adds.
//! Parameter: `lists`, the lists that an action changes, each with the member that counts it.

use std::collections::HashSet;

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::url_category as member;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Record};
use zuno_urls::{CustomCategories, CustomCategory, Holds, IpEntry, TldEntry};

use super::url_lists::{formed, url};

/// The guarantee for the kind.
struct CategoryLists {
    counts: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut counts = Vec::new();
    for (list, count) in params.given.get("lists").and_then(Value::as_object).into_iter().flatten() {
        let count = count.as_str().unwrap_or_default();
        params.known([list, count])?;
        counts.push((list.clone(), count.to_owned()));
    }
    Ok(Box::new(CategoryLists { counts }))
}

fn items<'r>(record: &'r Record, list: &str) -> &'r [Value] {
    record.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn wrong(list: &str, words: String) -> Fault {
    Fault::said(&member::KIND.into(), list, words)
}

/// Whether one pattern can be read.
fn pattern(text: &str) -> Result<(), String> {
    let one =
        CustomCategory { id: "-", holds: Holds::Patterns, urls: vec![text], ..CustomCategory::default() };
    match CustomCategories::new([one]).unreadable() {
        [] => Ok(()),
        [first, ..] => Err(first.why.to_string()),
    }
}

/// One entry as it is kept, or what is wrong with it.
fn entry(list: &str, record: &Record, text: &str) -> Result<String, String> {
    let is = |name: &str, value: &str| record.get(name).and_then(Value::as_str) == Some(value);
    match list {
        member::URLS | member::DB_CATEGORIZED_URLS if is(member::URL_TYPE, "REGEX") => {
            pattern(text).map(|()| text.to_owned())
        }
        member::IP_RANGES | member::IP_RANGES_RETAINING_PARENT_CATEGORY => {
            IpEntry::parse(text).map(|_| text.trim().to_owned()).map_err(|fault| fault.to_string())
        }
        member::REGEX_PATTERNS | member::REGEX_PATTERNS_RETAINING_PARENT_CATEGORY => {
            pattern(text).map(|()| text.to_owned())
        }
        _ if text.trim().is_empty() => Err("it is empty".into()),
        _ => Ok(text.trim().to_owned()),
    }
}

/// How a list reads an entry that is a site or a top-level domain; nothing where it holds something else.
fn site(list: &str, record: &Record) -> Option<fn(&str) -> Option<String>> {
    let is = |name: &str, value: &str| record.get(name).and_then(Value::as_str) == Some(value);
    match list {
        member::URLS | member::DB_CATEGORIZED_URLS if is(member::TYPE, "TLD_CATEGORY") => {
            Some(|text| TldEntry::parse(text).is_ok().then(|| text.trim().to_ascii_lowercase()))
        }
        member::URLS | member::DB_CATEGORIZED_URLS if !is(member::URL_TYPE, "REGEX") => Some(url),
        _ => None,
    }
}

/// The lists that hold entries of some form.
pub(super) const FORMED: &[&str] = &[
    member::URLS,
    member::DB_CATEGORIZED_URLS,
    member::KEYWORDS,
    member::KEYWORDS_RETAINING_PARENT_CATEGORY,
    member::IP_RANGES,
    member::IP_RANGES_RETAINING_PARENT_CATEGORY,
    member::REGEX_PATTERNS,
    member::REGEX_PATTERNS_RETAINING_PARENT_CATEGORY,
];

/// What was sent, checked and without repeats, in place of what was sent.
fn form(record: &Record, sent: &mut Record) -> Result<(), Fault> {
    for list in FORMED {
        let Some(Value::Array(given)) = sent.get_mut(*list) else { continue };
        if let Some(entry) = site(list, record) {
            *given = formed(given, entry).map_err(|words| wrong(list, words))?;
            continue;
        }
        let mut kept: Vec<Value> = Vec::with_capacity(given.len());
        let mut seen = HashSet::with_capacity(given.len());
        for text in given.iter().filter_map(Value::as_str) {
            let text = entry(list, record, text)
                .map_err(|why| wrong(list, format!("Invalid entry `{text}` in {list}: {why}")))?;
            if seen.insert(text.clone()) {
                kept.push(Value::String(text));
            }
        }
        *given = kept;
    }
    Ok(())
}

impl CategoryLists {
    /// What an action makes of the record as it was.
    fn act(&self, action: &str, old: &Record, sent: &Record) -> Result<Record, Fault> {
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
                    let held = items(old, name);
                    // A client that takes a site out sends the other lists as they are (client: terraform).
                    let untouched = own && name != member::URLS && same_items(held, given);
                    let changed = match adds {
                        true => with(held, given),
                        false if untouched => held.to_vec(),
                        false => without(held, given),
                    };
                    new.insert(name.clone(), Value::Array(changed));
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
    record.get(member::CUSTOM_CATEGORY) == Some(&Value::Bool(true))
}

/// Whether a member that is no counted list changes with an action.
fn follows(name: &str, own: bool) -> bool {
    match name {
        member::KEYWORDS | member::KEYWORDS_RETAINING_PARENT_CATEGORY => true,
        member::TYPE | member::CUSTOM_CATEGORY => false,
        _ => own,
    }
}

fn set(items: &[Value]) -> HashSet<&Value> {
    items.iter().collect()
}

fn same_items(one: &[Value], other: &[Value]) -> bool {
    set(one) == set(other)
}

fn with(held: &[Value], given: &[Value]) -> Vec<Value> {
    let known = set(held);
    held.iter().chain(given.iter().filter(|item| !known.contains(item))).cloned().collect()
}

fn without(held: &[Value], given: &[Value]) -> Vec<Value> {
    let gone = set(given);
    held.iter().filter(|item| !gone.contains(item)).cloned().collect()
}

impl Behaviour for CategoryLists {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        form(&change.new, &mut change.sent)?;
        let action = cx.query("action").filter(|action| !action.is_empty());
        if let (Some(action), Some(old)) = (action, &change.old) {
            change.new = self.act(action, old, &change.sent)?;
        } else {
            for list in FORMED {
                if let Some(formed) = change.sent.get(*list) {
                    change.new.insert((*list).to_owned(), formed.clone());
                }
            }
            // To the vendor's sites a plain update adds (client: terraform); what holds nothing takes nothing away.
            if let Some(old) = change.old.as_ref().filter(|old| !is_own(old)) {
                for (list, _) in &self.counts {
                    let all = with(items(old, list), items(&change.sent, list));
                    change.new.insert(list.clone(), Value::Array(all));
                }
            }
        }
        for (list, count) in &self.counts {
            let counted = items(&change.new, list).len();
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
        Ok(record.get(member::TYPE).and_then(Value::as_str) == Some(wanted))
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let [keywords, retaining] = [member::KEYWORDS, member::KEYWORDS_RETAINING_PARENT_CATEGORY];
        // Seen, of the vendor's categories and of the tenant's own: both lists of keywords are told once either was
        // ever set, those of addresses while they hold something.
        if record.contains_key(keywords) || record.contains_key(retaining) {
            for list in [keywords, retaining] {
                record.entry(list).or_insert_with(|| json!([]));
            }
        }
        for list in [member::IP_RANGES, member::IP_RANGES_RETAINING_PARENT_CATEGORY] {
            if items(record, list).is_empty() {
                record.shift_remove(list);
            }
        }
        if verb == Verb::List && cx.flag("includeOnlyUrlKeywordCounts") {
            let count = |list: &str| items(record, list).len();
            let counts = json!({
                "totalUrlCount": count(member::URLS) + count(member::DB_CATEGORIZED_URLS),
                "retainParentUrlCount": count(member::DB_CATEGORIZED_URLS),
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

    use super::{form, with, without};

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
    fn a_list_grows_and_shrinks_by_what_it_does_and_does_not_hold() {
        let list = |items: &[&str]| items.iter().map(|item| json!(item)).collect::<Vec<Value>>();
        assert_eq!(with(&list(&["a", "b"]), &list(&["b", "c"])), list(&["a", "b", "c"]));
        assert_eq!(without(&list(&["a", "b"]), &list(&["b", "c"])), list(&["a"]));
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
