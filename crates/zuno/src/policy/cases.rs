//! Files of questions with what is expected of the answers.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest file, in bytes.
const LONGEST: u64 = 4 << 20;
/// How long the questions of one file may be together, fixtures laid beneath each.
const ALL: usize = 64 << 20;

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Members of questions under a name that tests use.
    #[serde(default)]
    fixtures: BTreeMap<String, Map<String, Value>>,
    groups: Vec<Group>,
}

/// Tests that belong together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    /// Fixtures of every test, in this order.
    #[serde(default)]
    with: Names,
    tests: Vec<Test>,
}

/// A question, and what is expected.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    name: String,
    #[serde(default)]
    with: Names,
    ask: Map<String, Value>,
    expect: Expected,
}

/// One name or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Names {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl Names {
    fn each(&self) -> &[String] {
        match self {
            Names::None => &[],
            Names::One(one) => std::slice::from_ref(one),
            Names::Several(several) => several,
        }
    }
}

/// An action alone, or members of the answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Expected {
    Action(String),
    Members(Members),
}

/// What is expected of an answer; what is left out may be anything.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Members {
    /// The action, or any of several.
    action: Option<Value>,
    /// The module that decides.
    module: Option<String>,
    /// The rule that decides, by name or id; null where a default or a setting does.
    #[serde(deserialize_with = "given")]
    rule: Option<Value>,
    /// The label that a log would carry.
    reason: Option<String>,
}

/// A member that is there, be it null.
fn given<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(reader).map(Some)
}

/// A test that can be asked.
#[derive(Debug)]
pub struct Case {
    file: String,
    group: String,
    name: String,
    pub question: Value,
    expected: Members,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    pub file: String,
    pub group: String,
    pub name: String,
    /// What is not as expected, a line each.
    pub wrong: Vec<String>,
    pub answer: Value,
}

/// The tests of a file.
///
/// # Errors
/// It cannot be read, or is no such file; the text says where.
pub fn read(path: &Path) -> Result<Vec<Case>> {
    let name = path.display().to_string();
    let mut text = String::new();
    let read = fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_string(&mut text));
    if read.with_context(|| format!("cannot read {name}"))? as u64 > LONGEST {
        bail!("{name}: it is longer than {LONGEST} bytes");
    }
    cases(&name, &text)
}

pub fn cases(file: &str, text: &str) -> Result<Vec<Case>> {
    // The reader bounds depth, aliases and what they stand for by itself.
    let read: File = serde_saphyr::from_str(text).with_context(|| format!("{file} is no file of tests"))?;
    let (mut cases, mut bytes) = (Vec::new(), 0);
    for group in &read.groups {
        for test in &group.tests {
            let mut question = Map::new();
            for name in group.with.each().iter().chain(test.with.each()) {
                let Some(fixture) = read.fixtures.get(name) else {
                    let known: Vec<&str> = read.fixtures.keys().map(String::as_str).collect();
                    bail!(
                        "{file}: `{}`: there is no fixture `{name}`; there are {}",
                        test.name,
                        known.join(", ")
                    );
                };
                question.extend(fixture.clone());
            }
            question.extend(test.ask.clone());
            bytes += question.iter().map(|(name, value)| name.len() + value.to_string().len()).sum::<usize>();
            if bytes > ALL {
                bail!("{file}: its questions are longer than {ALL} bytes together");
            }
            let expected = match test.expect.clone() {
                Expected::Action(action) => Members { action: Some(action.into()), ..Members::default() },
                Expected::Members(members) => members,
            };
            cases.push(Case {
                file: file.to_owned(),
                group: group.name.clone(),
                name: test.name.clone(),
                question: Value::Object(question),
                expected,
            });
        }
    }
    Ok(cases)
}

impl Case {
    /// Holds an answer against what is expected.
    pub fn held_against(&self, answer: &Value) -> Outcome {
        let mut wrong = Vec::new();
        let mut hold = |what: &str, fits: bool, wanted: String| {
            if !fits {
                wrong.push(format!("{what}: expected {wanted}, got {}", got(what, answer)));
            }
        };
        if let Some(why) = answer["error"].as_str() {
            wrong.push(why.to_owned());
        } else {
            let Members { action, module, rule, reason } = &self.expected;
            if let Some(action) = action {
                let any = action.as_array().is_some_and(|any| any.contains(&answer["action"]));
                hold("action", any || *action == answer["action"], plain(action));
            }
            if let Some(module) = module {
                hold("module", answer["module"] == module.as_str(), module.clone());
            }
            if let Some(rule) = rule {
                let named = |member: &str| !rule.is_null() && plain(&answer["rule"][member]) == plain(rule);
                hold(
                    "rule",
                    named("name") || named("id") || (rule.is_null() && answer["rule"].is_null()),
                    plain(rule),
                );
            }
            if let Some(reason) = reason {
                hold("reason", answer["reason"] == reason.as_str(), reason.clone());
            }
        }
        Outcome {
            file: self.file.clone(),
            group: self.group.clone(),
            name: self.name.clone(),
            wrong,
            answer: answer.clone(),
        }
    }
}

fn got(what: &str, answer: &Value) -> String {
    match (what, &answer[what]) {
        ("rule", rule) if !rule.is_null() => plain(&rule["name"]),
        (_, other) => plain(other),
    }
}

/// A value in words.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" or "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FILE: &str = "
fixtures:
  ada: { user: ada.berg@acme.example }
  office: { from: HQ, method: GET }
groups:
  - name: social networks
    with: [ada, office]
    tests:
      - name: nobody posts
        ask: { url: 'https://www.facebook.com/', method: POST }
        expect: BLOCK
      - name: by this rule
        ask: { url: 'https://www.facebook.com/' }
        expect: { action: [BLOCK, CAUTION], rule: No social media }
      - name: by none
        ask: { url: 'https://www.bbc.com/' }
        expect: { rule: null, module: url_filtering }
";

    #[test]
    fn fixtures_are_laid_beneath_what_a_test_asks() {
        let cases = cases("a.yaml", FILE).unwrap();
        assert_eq!(
            cases[0].question,
            json!({"user": "ada.berg@acme.example", "from": "HQ", "method": "POST", "url": "https://www.facebook.com/"})
        );
        assert_eq!(cases[1].question["method"], "GET");
    }

    #[test]
    fn an_answer_is_held_against_what_is_named_alone() {
        let cases = cases("a.yaml", FILE).unwrap();
        let blocked = json!({"action": "BLOCK", "module": "url_filtering", "rule": {"id": "7", "name": "No social media"}});
        let allowed = json!({"action": "ALLOW", "module": "url_filtering", "rule": null});
        let wrong = |case: usize, answer: &Value| cases[case].held_against(answer).wrong;
        assert!(
            wrong(0, &blocked).is_empty() && wrong(1, &blocked).is_empty() && wrong(2, &allowed).is_empty()
        );
        assert_eq!(wrong(0, &allowed), ["action: expected BLOCK, got ALLOW"]);
        assert_eq!(
            wrong(1, &allowed),
            ["action: expected BLOCK or CAUTION, got ALLOW", "rule: expected No social media, got none"]
        );
        assert_eq!(wrong(2, &blocked), ["rule: expected none, got No social media"]);
        assert_eq!(wrong(2, &json!({"error": "there is no user `x`"})), ["there is no user `x`"]);
    }

    #[test]
    fn what_is_no_file_of_tests_is_told_with_its_place() {
        let told = |text: &str| format!("{:#}", cases("a.yaml", text).unwrap_err());
        assert!(told("groups: [{name: x, tests: [{name: y, ask: {}, expectt: BLOCK}]}]").contains("expectt"));
        assert!(
            told("groups: [{name: x, with: nobody, tests: [{name: y, ask: {}, expect: BLOCK}]}]")
                .contains("nobody")
        );
        let deep = format!("groups: {}", "[".repeat(200_000));
        assert!(cases("a.yaml", &deep).is_err());
    }
}
