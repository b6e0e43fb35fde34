//! `url-lists`: every entry of a list of URLs is one, once, its host in lower case; what is none is refused in the words
//! of the cloud (reported, at the denylist): `Invalid urls [justaword]`. Parameter: `lists`.

use std::collections::HashSet;

use serde_json::Value;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};
use zuno_urls::UrlEntry;

/// The guarantee for one resource.
struct UrlLists {
    kind: Kind,
    lists: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(UrlLists { kind: Kind(params.kind()), lists: params.fields("lists")? }))
}

/// The host in lower case; path and query as they were typed (seen).
fn lower_host(text: &str) -> String {
    let text = text.trim();
    let (host, rest) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
    format!("{}{rest}", host.to_ascii_lowercase())
}

/// A URL as it is kept, if it is one.
pub fn url(text: &str) -> Option<String> {
    UrlEntry::parse(text).is_ok().then(|| lower_host(text))
}

/// The entries as they are kept, each once; or what is said of those that are none.
pub fn formed(given: &[Value], entry: impl Fn(&str) -> Option<String>) -> Result<Vec<Value>, String> {
    let (mut kept, mut wrong) = (Vec::with_capacity(given.len()), Vec::new());
    let mut seen = HashSet::with_capacity(given.len());
    for text in given.iter().filter_map(Value::as_str) {
        match entry(text) {
            Some(entry) if seen.contains(&entry) => {}
            Some(entry) => {
                kept.push(Value::String(entry.clone()));
                seen.insert(entry);
            }
            None => wrong.push(text),
        }
    }
    if wrong.is_empty() { Ok(kept) } else { Err(format!("Invalid urls [{}]", wrong.join(", "))) }
}

impl Behaviour for UrlLists {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for list in &self.lists {
            let Some(given) = change.sent.get(list).and_then(Value::as_array) else { continue };
            let kept = formed(given, url).map_err(|words| Fault::said(&self.kind, list, words))?;
            change.new.insert(list.clone(), Value::Array(kept));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{formed, lower_host, url};

    #[test]
    fn hosts_are_kept_in_lower_case_and_paths_as_typed() {
        assert_eq!(lower_host(" .Example.COM/Some/Path?X=1 "), ".example.com/Some/Path?X=1");
    }

    #[test]
    fn repeats_go_and_all_that_are_none_are_named() {
        let given = [json!("A.example"), json!("a.example"), json!("192.0.2.1")];
        assert_eq!(formed(&given, url), Ok(vec![json!("a.example"), json!("192.0.2.1")]));
        let given = [json!("justaword"), json!("a.example"), json!("https://b.example")];
        assert_eq!(formed(&given, url), Err("Invalid urls [justaword, https://b.example]".into()));
    }
}
