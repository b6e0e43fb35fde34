//! What clients that are written in Go put into every write, though nobody has set it: members without `omitempty`, each with
//! the zero value of its type. The cloud takes them all, and so must each operation here (client: sdk-go 3.8.47).

use serde_json::{Map, Value, json};
use zuno_catalogue::{Method, Operation, Resource, Verb};
use zuno_model::{Fault, Fix, Refusal};

use crate::cloud::Cloud;

/// Method and path, a tab, and `member=zero value` between spaces; a member of each item of a list as `list[].member`.
const FACTS: &str = include_str!("always_sent.tsv");

/// The same of the other families, with whole paths (client: sdk-go 3.8.40); without what asks for a choice that must be made.
const ELSEWHERE: &str = include_str!("always_sent_elsewhere.tsv");

/// One operation with the body that a client sends which has set nothing.
struct Sent<'c> {
    resource: &'c Resource,
    operation: &'c Operation,
    path: String,
    members: Vec<(String, Value)>,
}

/// Puts a value at a path such as `phrases[].action` or `location.id`.
fn put(body: &mut Value, path: &str, zero: Value) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let (name, listed) = first.strip_suffix("[]").map_or((first, false), |name| (name, true));
    let held = match name {
        "" => body,
        name => {
            if !body.is_object() {
                *body = json!({});
            }
            body.as_object_mut().expect("an object").entry(name).or_insert(Value::Null)
        }
    };
    let held = match listed {
        true => {
            if held.as_array().is_none_or(Vec::is_empty) {
                *held = json!([null]);
            }
            &mut held[0]
        }
        false => held,
    };
    match rest {
        Some(rest) => put(held, rest, zero),
        None if held.is_null() => *held = zero,
        None => {}
    }
}

fn facts<'c>(cloud: &'c Cloud, facts: &'static str) -> Vec<Sent<'c>> {
    let read = |line: &'static str| {
        let (asked, members) = line.split_once('\t').expect("an operation and its members");
        let (method, path) = asked.split_once(' ').expect("a method and a path");
        let method = if method == "PUT" { Method::Put } else { Method::Post };
        let (resource, operation) = cloud.described(method, &filled(path));
        let members = members.split(' ').map(|member| {
            let (path, zero) = member.split_once('=').expect("a member and its value");
            (path.to_owned(), serde_json::from_str(zero).unwrap_or_else(|_| panic!("{member} is no JSON")))
        });
        Sent { resource, operation, path: filled(path), members: members.collect() }
    };
    facts.lines().map(read).collect()
}

/// A path with something in the place of each parameter.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

impl Sent<'_> {
    fn name(&self) -> String {
        format!("{}.{} {}", self.resource.kind, self.operation.name, self.path)
    }

    fn body<'m>(&self, members: impl IntoIterator<Item = &'m (String, Value)>) -> Value {
        let mut body = json!({});
        members.into_iter().for_each(|(path, zero)| put(&mut body, path, zero.clone()));
        body
    }

    /// Whether the operation reads a body: as a record, as the value type that it says, or as its behaviour does. That
    /// something else is missing, or not there, is no matter of the body's members.
    fn reads(&self, cloud: &Cloud, body: Value) -> Result<(), Fault> {
        let kind = &self.resource.kind;
        let named = self.operation.body.as_deref().filter(|named| self.resource.types.contains_key(*named));
        let read = match named {
            _ if self.operation.verb == Verb::Act => {
                cloud.call(self.operation.method, &self.path, Some(body)).map(drop)
            }
            Some(named) => cloud.look(|cx| cx.decode_as(kind, named, &body).map(drop)),
            None => cloud.look(|cx| cx.decode(kind, &body).map(drop)),
        };
        match read {
            Err(Fault::Invalid { fix: Fix::Missing | Fix::Said(_), .. } | Fault::NotFound { .. }) => Ok(()),
            Err(Fault::Refused { class, .. }) if class != Refusal::Failure => Ok(()),
            read => read,
        }
    }
}

#[test]
fn every_member_that_is_always_sent_is_taken_with_its_zero_value() {
    let (members, operations) = all_taken("/zia/api/v1", FACTS);
    assert!(members > 500 && operations > 100, "{members} members of {operations} operations");
}

#[test]
fn every_member_that_is_always_sent_elsewhere_is_taken_too() {
    let (members, operations) = all_taken("", ELSEWHERE);
    assert!(members > 1500 && operations > 100, "{members} members of {operations} operations");
}

/// That every member is taken; how many there were, of how many operations.
fn all_taken(base: &'static str, text: &'static str) -> (usize, usize) {
    let cloud = Cloud::new(base, false);
    let facts = facts(&cloud, text);
    let mut refused = Vec::new();
    let mut told = 0;
    for sent in &facts {
        // One by one, so that each wrong one is named, and all together.
        for member in &sent.members {
            told += 1;
            // What each item of a body that is a list holds makes sense together alone.
            if member.0.starts_with("[]") {
                continue;
            }
            if let Err(fault) = sent.reads(&cloud, sent.body([member])) {
                refused.push(format!("{} {} = {}: {fault}", sent.name(), member.0, member.1));
            }
        }
        if let Err(fault) = sent.reads(&cloud, sent.body(&sent.members)) {
            refused.push(format!("{}: {fault}", sent.name()));
        }
    }
    assert!(refused.is_empty(), "{} of {told}:\n{}", refused.len(), refused.join("\n"));
    (told, facts.len())
}

#[test]
fn settings_take_a_body_in_which_nothing_is_set() {
    let cloud = Cloud::new("/zia/api/v1", false);
    let facts = facts(&cloud, FACTS);
    let mut refused = Vec::new();
    let settings = facts.iter().filter(|sent| sent.resource.singleton && sent.operation.verb == Verb::Update);
    let mut written = 0;
    for sent in settings {
        written += 1;
        let body = sent.body(&sent.members);
        if let Err(fault) = cloud.call(sent.operation.method, &sent.path, Some(body)) {
            // What must be chosen is refused for being missing, not for being empty.
            let missing = matches!(&fault, Fault::Invalid { fix: Fix::Missing | Fix::Said(_), .. });
            if !missing {
                refused.push(format!("{}: {fault}", sent.name()));
            }
        }
    }
    assert!(refused.is_empty() && written > 5, "{written} written:\n{}", refused.join("\n"));
}

#[test]
fn a_path_leads_into_lists_and_objects() {
    let mut body = json!({});
    for (path, zero) in [("a", json!(0)), ("b.c", json!("")), ("d[].e", json!(null)), ("d[].f", json!(false))]
    {
        put(&mut body, path, zero);
    }
    assert_eq!(body, json!({ "a": 0, "b": { "c": "" }, "d": [{ "e": null, "f": false }] }));
    let _: Map<String, Value> = serde_json::from_value(body).expect("an object");
}
