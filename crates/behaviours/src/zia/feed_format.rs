//! `feed-format`: whoever wants to know is told whether a text says how a line of a log is written: values stand as `%s{name}`,
//! and braces of the text's own behind a backslash.
//!
//! Names of values are those of the formats that the vendor has for the web's log; of other logs any name is taken. A log that
//! there is not is answered as an unknown path (seen). Parameters: `log`, the query's; `logs`, the words for logs; `web`, the
//! one of the web; `formats`, the kind of the vendor's.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id, Kind};

/// The longest format, in bytes (guessed).
const LONGEST: usize = 32_768;

/// The guarantee for feeds.
struct FeedFormat {
    log: String,
    logs: Vec<String>,
    web: String,
    formats: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(FeedFormat {
        log: params.text("log")?,
        logs: params.texts("logs"),
        web: params.text("web")?,
        formats: params.other("formats")?,
    }))
}

/// The names of values that a format has, each with its place; or the place that is wrong, and why.
fn names(text: &str) -> Result<Vec<(usize, &str)>, (usize, &'static str)> {
    if text.len() > LONGEST {
        return Err((LONGEST, "The format is too long"));
    }
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(next) = rest.find(['%', '\\', '{', '}']) {
        let at = text.len() - rest.len() + next;
        let behind = &rest[next + 1..];
        match rest.as_bytes()[next] {
            b'\\' => rest = behind.get(behind.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default(),
            b'%' if behind.starts_with('%') => rest = &behind[1..],
            b'%' => {
                let kind = behind.trim_start_matches(|letter: char| letter.is_ascii_digit());
                let Some(named) =
                    ["s{", "d{", "x{", "ld{", "lld{", "u{"].iter().find_map(|start| kind.strip_prefix(start))
                else {
                    return Err((at, "A value is written as %s{name}"));
                };
                let Some(end) = named.find('}') else {
                    return Err((at, "The brace of a value is not closed"));
                };
                let name = &named[..end];
                if name.is_empty()
                    || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
                {
                    return Err((at, "A value has no name"));
                }
                found.push((at, name));
                rest = &named[end + 1..];
            }
            _ => return Err((at, "A brace that is not a value's stands behind a backslash")),
        }
    }
    Ok(found)
}

impl FeedFormat {
    /// The names of values in the vendor's formats.
    fn known(&self, cx: &Context<'_>) -> Result<BTreeSet<String>, Fault> {
        let formats = cx.only(&self.formats)?.record;
        let texts = formats.values().filter_map(Value::as_str);
        Ok(texts.filter_map(|text| names(text).ok()).flatten().map(|(_, name)| name.to_owned()).collect())
    }
}

impl Behaviour for FeedFormat {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let log = call.query(&self.log).unwrap_or_default();
        if !self.logs.iter().any(|known| known == log) {
            return Err(Fault::NotFound { kind: Kind(self.formats.clone()), id: Id(log.to_owned()) });
        }
        let text = call.upload.as_ref().map(|upload| upload.text().into_owned()).unwrap_or_default();
        // Clients that send JSON put the text into quotes.
        let text = serde_json::from_str::<String>(&text).unwrap_or(text);
        let judged = match names(&text) {
            _ if text.trim().is_empty() => Some((0, "There is no format".to_owned(), None)),
            Err((at, words)) => Some((at, words.to_owned(), None)),
            Ok(found) if log == self.web => {
                let known = self.known(cx)?;
                let strange = found.into_iter().find(|(_, name)| !known.contains(*name));
                strange.map(|(at, name)| (at, format!("There is no value {name}"), Some(name.to_owned())))
            }
            Ok(_) => None,
        };
        let status = i32::from(judged.is_some());
        let (at, words, name) = judged
            .map_or((-1, "Valid feed format".to_owned(), None), |(at, words, name)| {
                (i64::try_from(at).unwrap_or_default(), words, name)
            });
        Ok(Outcome::Value(json!({
            "status": status, "errPosition": at, "errMsg": words, "errParameter": name, "errSuggestion": null,
            "idList": null, "subIdsMap": null,
        })))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::names;

    proptest! {
        #[test]
        fn whatever_comes_is_read_to_a_place_within_it(text in ".{0,200}") {
            if let Err((at, _)) = names(&text) {
                prop_assert!(at <= text.len());
            }
        }
    }

    #[test]
    fn values_have_names_and_other_braces_a_backslash() {
        let found = names(r#"\{ "time": "%02d{hh}:%s{time}", "full": "100%%" \}"#).expect("it is one");
        assert_eq!(found.iter().map(|(_, name)| *name).collect::<Vec<_>>(), ["hh", "time"]);
        assert_eq!(names("a {b}"), Err((2, "A brace that is not a value's stands behind a backslash")));
        assert_eq!(names("%q{b}"), Err((0, "A value is written as %s{name}")));
        assert_eq!(names("x%s{b"), Err((1, "The brace of a value is not closed")));
        assert_eq!(names("%s{}"), Err((0, "A value has no name")));
        assert_eq!(names(r"ends with \"), Ok(vec![]));
    }
}
