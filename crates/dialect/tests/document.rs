//! The OpenAPI document tells the refusals that the dialects write: every status, with its body or without.

use std::time::Duration;

use serde_json::Value;
use zuno_catalogue::{Catalogue, Method, Operation, openapi};
use zuno_dialect::{Answer, Body, Throttled, of};
use zuno_model::{Fault, Fix, Id, Kind, Link, Misplacement, Refusal};

/// One fault of each sort, with every fix and class.
fn faults() -> Vec<Fault> {
    let kind = || Kind("zia.rule_label".into());
    let id = || Id("7".into());
    let fixes = vec![
        Fix::Missing,
        Fix::Type("string"),
        Fix::Enum(vec!["A".into()]),
        Fix::Range { min: Some(1), max: None },
        Fix::Length(31),
        Fix::Unresolved(kind()),
        Fix::Unknown,
        Fix::Said("words".into()),
    ];
    let mut all: Vec<Fault> =
        fixes.into_iter().map(|fix| Fault::Invalid { kind: kind(), field: "name".into(), fix }).collect();
    for class in
        [Refusal::BadRequest, Refusal::Conflict, Refusal::Forbidden, Refusal::NotFound, Refusal::Together]
    {
        for code in ["CODE", ""] {
            let params = vec!["x".to_owned()];
            all.push(Fault::Refused { class, code: code.into(), message: code.to_lowercase(), params });
        }
    }
    let link = Link { kind: kind(), id: id(), noun: "Rule".into(), name: "first".into() };
    let (class, code, message) = (Refusal::Failure, "CODE".into(), String::new());
    all.push(Fault::Refused { class, code, message, params: Vec::new() });
    let why = [
        Misplacement::Rank { rank: 1, order: 2 },
        Misplacement::Beyond(9),
        Misplacement::Last(id()),
        Misplacement::Restricted(id()),
        Misplacement::Length,
        Misplacement::Foreign(id()),
        Misplacement::Missing(vec![id()]),
    ];
    all.extend(why.map(|why| Fault::Misplaced { kind: kind(), list: "5".into(), why }));
    all.extend([
        Fault::NotFound { kind: kind(), id: id() },
        Fault::Duplicate { kind: kind(), field: "name".into(), value: "x".into() },
        Fault::InUse { kind: kind(), id: id(), by: vec![link] },
        Fault::Unreadable("no JSON".into()),
        Fault::Predefined { kind: kind(), id: id(), verb: "changed" },
        Fault::Quota { kind: kind(), limit: 5, message: None },
        Fault::Locked { retry_after: Duration::from_secs(1) },
        Fault::Stale { kind: kind(), id: id(), at: Some(5) },
        Fault::Unavailable { retry_after: Duration::from_secs(10) },
        Fault::ReadOnly,
        Fault::NotSubscribed { feature: "IoT Device Visibility".into(), customer: 7 },
        Fault::Forbidden("no".into()),
        Fault::NotBuilt("x.y".into()),
        Fault::broken("inside"),
    ]);
    all
}

/// Whether a schema allows a value, as far as these schemas go.
fn allows(document: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("it leads somewhere");
        return allows(document, target, value);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        return any.iter().any(|schema| allows(document, schema, value));
    }
    match (schema["type"].as_str(), value) {
        (Some("object"), Value::Object(members)) => members.iter().all(|(name, value)| {
            let known = &schema["properties"][name];
            !known.is_null() && allows(document, known, value)
        }),
        (Some("array"), Value::Array(items)) => {
            items.iter().all(|item| allows(document, &schema["items"], item))
        }
        (Some("string"), Value::String(_)) | (Some("null"), Value::Null) => true,
        _ => false,
    }
}

#[test]
fn every_refusal_of_every_family_is_documented_as_it_is_written() {
    let document = openapi(&Catalogue::compiled(), None);
    for family in Catalogue::compiled().products() {
        let dialect = of(family.dialect);
        let read = Operation { method: Method::Get, ..Operation::default() };
        let write = Operation { method: Method::Post, ..Operation::default() };
        let mut answers: Vec<Answer> = Vec::new();
        for fault in faults() {
            answers
                .extend([None, Some(&read), Some(&write)].map(|operation| dialect.fault(&fault, operation)));
        }
        let limit = Throttled { calls: 1, unit: "SECOND", retry_after_secs: 1 };
        answers.extend([
            dialect.unknown_path(),
            dialect.other_method(),
            dialect.wrong_media_type(),
            dialect.throttled(&limit),
        ]);
        for answer in answers {
            // One family tells some failures under the status of success; the operations document those.
            if answer.status == 200 {
                continue;
            }
            let name = format!("{}.{}", family.name, answer.status);
            let response = &document["components"]["responses"][&name];
            assert!(!response.is_null(), "{name} is not documented");
            let schema = &response["content"]["application/json"]["schema"];
            match &answer.body {
                Body::Empty => {
                    let told = response["description"].as_str().unwrap_or_default();
                    assert!(schema.is_null() || told.contains("without a body"), "{name} may be empty");
                }
                Body::Text(_, text) => {
                    let text = Value::String(text.clone());
                    assert!(allows(&document, schema, &text), "{name} does not tell of text");
                }
                Body::Shared(_) | Body::Bytes(..) => panic!("a refusal is neither shared nor a file"),
                Body::Json(bytes) => {
                    let value: Value = serde_json::from_slice(bytes).expect("the dialect writes JSON");
                    assert!(allows(&document, schema, &value), "{name} does not tell of {value}");
                }
            }
        }
    }
}
