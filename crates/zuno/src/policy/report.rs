//! Outcomes of tests, findings and differences, for people and for programs that read reports.

use std::collections::BTreeSet;

use anyhow::Result;
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Value, json};

use super::cases::Outcome;
use crate::table::clean;

/// Rules that are on and decided nothing that was asked, by module.
pub fn unreached(rules: &Value, outcomes: &[Outcome]) -> Vec<Value> {
    let steps = outcomes.iter().flat_map(|outcome| outcome.answer["path"].as_array().into_iter().flatten());
    let reached: BTreeSet<(String, String)> = steps.filter(|step| !step["rule"].is_null()).map(key).collect();
    let all = rules.as_array().into_iter().flatten();
    all.filter(|rule| !reached.contains(&key(rule))).cloned().collect()
}

fn key(of: &Value) -> (String, String) {
    (text(&of["module"]).to_owned(), text(&of["rule"]["id"]).to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn words(value: &Value) -> String {
    text(value).replace('_', " ")
}

/// A rule as people call it.
fn named(rule: &Value) -> String {
    match rule {
        Value::Null => "no rule".to_owned(),
        rule => format!("#{} {}", rule["order"], text(&rule["name"])),
    }
}

/// Lines for people: each group with its tests, what went wrong, and which rules no test reached.
pub fn for_people(outcomes: &[Outcome], unreached: &[Value]) -> String {
    let mut told = String::new();
    let mut before = None;
    for outcome in outcomes {
        let place = (&outcome.file, &outcome.group);
        if before != Some(place) {
            told += &format!("{}: {}\n", clean(&outcome.file), clean(&outcome.group));
            before = Some(place);
        }
        let word = if outcome.wrong.is_empty() { "ok    " } else { "FAILED" };
        told += &format!("  {word} {}\n", clean(&outcome.name));
        for wrong in &outcome.wrong {
            told += &format!("         {}\n", clean(wrong));
        }
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.wrong.is_empty()).count();
    told += &format!("\n{} passed, {failed} failed\n", outcomes.len() - failed);
    if !unreached.is_empty() {
        told += "rules that no test reached:\n";
        for rule in unreached {
            told += &format!("  {} {}\n", words(&rule["module"]), clean(&named(&rule["rule"])));
        }
    }
    told
}

/// The same in JSON.
pub fn json(outcomes: &[Outcome], unreached: &[Value]) -> String {
    let tests: Vec<Value> = outcomes
        .iter()
        .map(|outcome| {
            json!({
                "file": outcome.file, "group": outcome.group, "name": outcome.name,
                "passed": outcome.wrong.is_empty(), "wrong": outcome.wrong, "answer": outcome.answer,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "tests": tests, "unreached": unreached }))
}

/// Annotations: a line for each test that failed.
pub fn github(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| !outcome.wrong.is_empty());
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
    failed
        .map(|outcome| {
            format!(
                "::error file={},title={}::{}\n",
                property(&outcome.file),
                property(&format!("{}: {}", outcome.group, outcome.name)),
                escaped(&outcome.wrong.join("\n"))
            )
        })
        .collect()
}

/// JUnit's XML: a suite for each group.
pub fn junit(outcomes: &[Outcome]) -> Result<String> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    let count = |outcomes: &[Outcome]| {
        let failed = outcomes.iter().filter(|outcome| !outcome.wrong.is_empty()).count();
        (outcomes.len().to_string(), failed.to_string())
    };
    let (tests, failures) = count(outcomes);
    let all = BytesStart::new("testsuites")
        .with_attributes([("tests", tests.as_str()), ("failures", failures.as_str())]);
    out.write_event(Event::Start(all))?;
    for group in outcomes.chunk_by(|one, other| (&one.file, &one.group) == (&other.file, &other.group)) {
        let (tests, failures) = count(group);
        let (name, file) = (visible(&group[0].group), visible(&group[0].file));
        let suite = BytesStart::new("testsuite").with_attributes([
            ("name", name.as_str()),
            ("file", file.as_str()),
            ("tests", tests.as_str()),
            ("failures", failures.as_str()),
        ]);
        out.write_event(Event::Start(suite))?;
        for outcome in group {
            let case = visible(&outcome.name);
            let start = BytesStart::new("testcase")
                .with_attributes([("name", case.as_str()), ("classname", name.as_str())]);
            if outcome.wrong.is_empty() {
                out.write_event(Event::Empty(start))?;
                continue;
            }
            out.write_event(Event::Start(start))?;
            let message = visible(&outcome.wrong[0]);
            let failure = BytesStart::new("failure").with_attributes([("message", message.as_str())]);
            out.write_event(Event::Start(failure))?;
            out.write_event(Event::Text(BytesText::new(&visible(&outcome.wrong.join("\n")))))?;
            out.write_event(Event::End(BytesEnd::new("failure")))?;
            out.write_event(Event::End(BytesEnd::new("testcase")))?;
        }
        out.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    out.write_event(Event::End(BytesEnd::new("testsuites")))?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", String::from_utf8(out.into_inner())?))
}

/// A text without what XML cannot hold.
fn visible(text: &str) -> String {
    let holds = |letter: &char| match letter {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        letter => !letter.is_control(),
    };
    text.chars().filter(holds).collect()
}

/// Findings as rows.
pub fn findings(findings: &Value) -> Value {
    let row = |finding: &Value| {
        json!({
            "finding": words(&finding["lint"]),
            "module": words(&finding["module"]),
            "rule": match &finding["more"] {
                Value::Null => named(&finding["rule"]),
                more => format!("{} and {more} behind it", named(&finding["rule"])),
            },
            "by": finding["by"].as_array().into_iter().flatten().map(named).collect::<Vec<_>>().join(", "),
            "for": match (&finding["names"], &finding["witness"]) {
                (Value::Null, Value::Null) => String::new(),
                (Value::Null, witness) => holding(witness),
                (names, _) => holding(names),
            },
        })
    };
    findings.as_array().into_iter().flatten().map(row).collect()
}

/// Differences as rows.
pub fn differences(differences: &Value) -> Value {
    let side = |side: &Value| match &side["rule"] {
        Value::Null if side["does"] == "nothing" => "no rule".to_owned(),
        // Before any rule is asked.
        Value::Null => text(&side["does"]).to_owned(),
        rule => format!("{} by {}", text(&side["does"]), named(rule)),
    };
    let row = |difference: &Value| {
        json!({
            "module": words(&difference["module"]),
            "before": side(&difference["before"]),
            "after": side(&difference["after"]),
            "for": holding(&difference["witness"]),
        })
    };
    differences.as_array().into_iter().flatten().map(row).collect()
}

/// What holds of a witness, in words.
fn holding(witness: &Value) -> String {
    let told = witness.as_array().into_iter().flatten();
    let told: Vec<String> =
        told.map(|holding| format!("{} {}", words(&holding["of"]), text(&holding["name"]))).collect();
    if told.is_empty() { "anything else".to_owned() } else { told.join(", ") }
}

/// What a comparison proves, and what it does not.
pub fn conclusion(comparison: &Value) -> String {
    if comparison["same"] == true {
        return "the same: no traffic that rules can name is treated otherwise\n".to_owned();
    }
    let count = comparison["differences"].as_array().map_or(0, Vec::len);
    let mut told = match count {
        1 => "1 kind of traffic is treated otherwise\n".to_owned(),
        _ => format!("{count} kinds of traffic are treated otherwise\n"),
    };
    let beyond: Vec<&str> = comparison["beyond"].as_array().into_iter().flatten().map(text).collect();
    if !beyond.is_empty() {
        told += &format!("these differ and are not held against traffic: {}\n", beyond.join(", "));
    }
    if comparison["undecided"] != 0 {
        told += &format!("{} pairs of rules were not decided\n", comparison["undecided"]);
    }
    told
}
