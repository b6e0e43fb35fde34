//! SCIM: filters, paths, and the changes of a PATCH, nested.
#![no_main]

mod deep;

use deep::Grammar;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, json};
use zuno_behaviours::zpa::scim::{Filter, Path, apply};

const SCIM: Grammar = Grammar {
    levels: &[("(", ")"), ("emails[", "]"), ("a[b[", "] pr]"), ("(a pr and ", ")"), ("\"", "\""), ("\"\\", "\"")],
    leaves: &["a pr", "type eq \"work\"", "urn:x:2.0:User:a.b sw \"c\"", "members", "value", "1"],
    joins: &[" or ", " and ", " eq ", ".", ":", " pr"],
};

deep!(Text, SCIM);

fuzz_target!(|input: (Text, u8)| {
    let (Text(text), op) = input;
    let user = json!({ "emails": [{ "type": "work", "value": "a" }], "a": [{ "b": [{ "c": 1 }] }], "members": [] });
    if let Ok(filter) = Filter::read(&text) {
        filter.accepts(&user);
        assert!(text.len() <= 8192 && filter.clauses() <= text.len());
    }
    let _ = Path::read(&text);
    let op = ["add", "replace", "remove"][usize::from(op) % 3];
    let mut resource: Map<_, _> = user.as_object().cloned().unwrap_or_default();
    for body in [
        json!({ "Operations": [{ "op": op, "path": text, "value": "x" }] }),
        json!({ "Operations": [{ "op": op, "value": { text: "x" } }] }),
    ] {
        if let Err(refused) = apply(&mut resource, &body) {
            assert!(refused.detail.len() < 1_000, "a refusal repeats no long input");
        }
    }
});
