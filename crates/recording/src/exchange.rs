//! One call with its answer, and files of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::Body;

/// What a file of exchanges begins with.
pub const BEFORE: &str = "[\n";
/// What stands between two of them.
pub const BETWEEN: &str = ",\n";
/// What it ends with.
pub const AFTER: &str = "\n]\n";

/// One call with its answer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The host, where the path alone does not say which service it is for: one of the older ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The path, as it was sent.
    pub path: String,
    /// The query, decoded.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// The media type of what was sent, where it was not JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<String>,
    /// What was sent, [as a recording has it](Body); `{}` where nothing was.
    #[serde(default)]
    pub request: Value,
    /// The status.
    pub status: u16,
    /// The headers of the answer that say something of the cloud.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// What was answered; null where nothing was.
    #[serde(default)]
    pub response: Value,
}

impl Exchange {
    /// What was sent. An empty object is nothing where the method sends nothing.
    pub fn sent(&self) -> Body {
        let is_empty = self.request.as_object().is_some_and(serde_json::Map::is_empty);
        match Body::read(&self.request) {
            Body::Json(_) if is_empty && matches!(self.method.as_str(), "GET" | "HEAD" | "DELETE") => {
                Body::None
            }
            sent => sent,
        }
    }

    /// What was answered.
    pub fn answered(&self) -> Body {
        Body::read(&self.response)
    }

    /// What is wrong with it, if it can be no exchange.
    fn wrong(&self) -> Option<String> {
        let is_token = |letter: u8| letter.is_ascii_alphabetic();
        if self.method.is_empty() || !self.method.bytes().all(is_token) {
            return Some(format!("`{}` is no method", self.method.escape_debug()));
        }
        if !self.path.starts_with('/') || self.path.chars().any(char::is_control) {
            return Some(format!("`{}` is no path", self.path.escape_debug()));
        }
        (!(100..1000).contains(&self.status)).then(|| format!("{} is no status", self.status))
    }
}

impl fmt::Display for Exchange {
    /// As a file has it, without what stands around it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = serde_json::to_string_pretty(self).expect("an exchange is JSON");
        f.write_str(&written)
    }
}

/// The exchanges of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// In the order that they were answered in.
    pub exchanges: Vec<Exchange>,
    /// The file ends in the midst of another one: whoever wrote it was stopped there.
    pub is_torn: bool,
}

/// Why a file is no recording.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is no list of exchanges, or no JSON, or deeper than 127 lists and objects.
    #[error("it is no list of exchanges: {0}")]
    Malformed(#[from] serde_json::Error),
    /// One of its exchanges can be none.
    #[error("exchange {number}: {why}")]
    Wrong {
        /// Which, counted from 1.
        number: usize,
        /// Why.
        why: String,
    },
}

/// Reads a file of exchanges. What is torn off at its end is left out.
///
/// # Errors
/// It is none.
pub fn read(bytes: &[u8]) -> Result<Conversation, Unreadable> {
    let mut exchanges = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let is_torn = match (Into(&mut exchanges)).deserialize(&mut reader).and_then(|()| reader.end()) {
        Ok(()) => false,
        // A list was begun, or there is nothing of a recording.
        Err(wrong) if wrong.is_eof() && bytes.trim_ascii_start().starts_with(b"[") => true,
        Err(wrong) => return Err(wrong.into()),
    };
    let wrong = |(place, exchange): (usize, &Exchange)| Some((place, exchange.wrong()?));
    match exchanges.iter().enumerate().find_map(wrong) {
        Some((place, why)) => Err(Unreadable::Wrong { number: place + 1, why }),
        None => Ok(Conversation { exchanges, is_torn }),
    }
}

/// Reads a list one by one, so that those before a torn end are kept.
struct Into<'a>(&'a mut Vec<Exchange>);

impl<'de> DeserializeSeed<'de> for Into<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Into<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of exchanges")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(exchange) = list.next_element()? {
            self.0.push(exchange);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{AFTER, BEFORE, BETWEEN, Exchange, read};
    use crate::Body;

    fn exchange(method: &str, path: &str) -> Exchange {
        Exchange {
            method: method.into(),
            host: None,
            path: path.into(),
            query: vec![("a".into(), "b c".into())],
            media: None,
            request: json!({}),
            status: 200,
            headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
            response: json!({ "id": 1, "\u{e9}": [null, "x"] }),
        }
    }

    fn file(exchanges: &[Exchange]) -> String {
        let texts: Vec<String> = exchanges.iter().map(Exchange::to_string).collect();
        format!("{BEFORE}{}{AFTER}", texts.join(BETWEEN))
    }

    #[test]
    fn a_file_that_was_torn_at_any_byte_keeps_what_was_whole_before() {
        let whole = file(&[exchange("GET", "/a"), exchange("PUT", "/b")]);
        let first = file(&[exchange("GET", "/a")]).len() - AFTER.len();
        let second = whole.len() - AFTER.len();
        for end in 1..whole.len() - 1 {
            let kept = read(&whole.as_bytes()[..end]).expect("a beginning is a recording");
            assert!(kept.is_torn, "{end}");
            let expected = usize::from(end >= first) + usize::from(end >= second);
            assert_eq!(kept.exchanges.len(), expected, "{end}");
        }
        assert!(!read(whole.as_bytes()).expect("it is whole").is_torn);
        assert!(!read(format!("{BEFORE}{AFTER}").as_bytes()).expect("it is whole").is_torn);
    }

    #[test]
    fn what_is_no_recording_is_refused_with_the_place() {
        for wrong in ["", "{}", "[1]", "[] x", "null", "[{\"method\": \"GET\"}]"] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        for wrong in [exchange("G T", "/a"), exchange("GET", "a"), exchange("GET", "/a\r\nb")] {
            let refused = read(file(&[exchange("GET", "/a"), wrong]).as_bytes()).expect_err("it is wrong");
            assert!(refused.to_string().starts_with("exchange 2: `"), "{refused}");
        }
        let deep = format!("[{{\"response\":{}", "[".repeat(1_000_000));
        assert!(read(deep.as_bytes()).is_err(), "and takes no stack");
    }

    #[test]
    fn an_empty_object_is_sent_where_bodies_are() {
        assert_eq!(exchange("GET", "/a").sent(), Body::None);
        assert_eq!(exchange("POST", "/a").sent(), Body::Json(json!({})));
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes: Vec<u8>) {
            let _ = read(&bytes);
            let _ = read(&[b"[{\"method\":", bytes.as_slice()].concat());
        }
    }
}
