//! Verdicts as people read them.

use serde_json::{Value, json};

use crate::table::clean;

/// What decided, in a few words.
pub fn decided(answer: &Value) -> String {
    match (&answer["error"], &answer["rule"]) {
        (Value::String(why), _) => why.clone(),
        (_, Value::Null) => format!("{} by default", words(&answer["module"])),
        (_, rule) => format!("{} #{} {}", words(&answer["module"]), rule["order"], text(&rule["name"])),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A word of a closed list, as people write it.
fn words(value: &Value) -> String {
    text(value).replace('_', " ")
}

/// What a question is about.
pub fn subject(question: &Value) -> &str {
    let subjects = ["url", "destination", "dns", "private"];
    subjects.iter().find_map(|subject| question[*subject].as_str()).unwrap_or_default()
}

/// One line of many.
pub fn row((question, answer): (&Value, &Value)) -> Value {
    json!({
        "action": text(&answer["action"]),
        "for": subject(question),
        "user": text(&question["user"]),
        "decided by": decided(answer),
        "reason": text(&answer["reason"]),
        "not told": not_told(answer).len(),
    })
}

/// Whether two answers treat a request otherwise: by another action, or by another rule.
pub fn differ(one: &Value, other: &Value) -> bool {
    ["action", "error"].iter().any(|member| one[*member] != other[*member])
        || one["rule"]["id"] != other["rule"]["id"]
}

/// A difference in a line.
pub fn difference(difference: &Value) -> Value {
    let (active, staged) = (&difference["active"], &difference["staged"]);
    json!({
        "for": subject(&difference["question"]),
        "user": text(&difference["question"]["user"]),
        "now": text(&active["action"]),
        "by": decided(active),
        "then": text(&staged["action"]),
        "then by": decided(staged),
    })
}

fn not_told(answer: &Value) -> Vec<String> {
    let told = |unknown: &Value| {
        let criteria = unknown["criteria"].as_array().into_iter().flatten();
        let criteria: Vec<String> = criteria.map(words).collect();
        let rule = text(&unknown["rule"]["name"]);
        let by = if rule.is_empty() { words(&unknown["module"]) } else { format!("rule `{rule}`") };
        format!("{} ({by} asks for it)", criteria.join(", "))
    };
    answer["unknown"].as_array().into_iter().flatten().map(told).collect()
}

/// One verdict with its path.
pub fn sheet(answer: &Value) -> String {
    let mut sheet = format!("{}   {}\n", text(&answer["action"]), decided(answer));
    if let Some(reason) = answer["reason"].as_str() {
        sheet += &format!("  {reason}\n");
    }
    sheet += "\n";
    let trace = answer["trace"].as_array();
    for step in answer["path"].as_array().into_iter().flatten() {
        let rule = match &step["rule"] {
            Value::Null => String::new(),
            rule => format!("#{} {}", rule["order"], text(&rule["name"])),
        };
        let note = text(&step["note"]);
        let gap = if rule.is_empty() || note.is_empty() { "" } else { "; " };
        let line =
            format!("  {:<20} {:<9} {rule}{gap}{note}", words(&step["module"]), words(&step["outcome"]));
        sheet += &format!("{}\n", line.trim_end());
        let of_module = |trial: &&Value| trial["module"] == step["module"];
        for trial in trace.into_iter().flatten().filter(of_module).filter(|_| step["outcome"] != "skipped") {
            let came_to = match (&trial["failed"], text(&trial["detail"])) {
                (Value::Null, _) => "matches".to_owned(),
                (failed, "") => format!("fails by {}", words(failed)),
                (_, detail) => format!("fails by {detail}"),
            };
            let rule = &trial["rule"];
            sheet += &format!("    #{} {}: {came_to}\n", rule["order"], text(&rule["name"]));
        }
    }
    for member in ["categories", "segments", "connectors", "status_code"] {
        let value = &answer["details"][member];
        if !value.is_null() {
            sheet += &format!("\n  {}: {}", member.replace('_', " "), plain(value));
        }
    }
    let assumed: Vec<String> = answer["assumed"].as_array().into_iter().flatten().map(words).collect();
    if !assumed.is_empty() {
        sheet += &format!("\n  assumed: {}", assumed.join(", "));
    }
    let unknown = not_told(answer);
    if !unknown.is_empty() {
        sheet += &format!("\n  not told: {}", unknown.join("; "));
    }
    let lines: Vec<String> = sheet.lines().map(clean).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

/// A value in a line: names of objects, and what is in lists.
fn plain(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(members) => match members.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => {
                let told = members
                    .iter()
                    .map(|(name, value)| format!("{} {}", name.replace('_', " "), plain(value)));
                told.collect::<Vec<_>>().join("; ")
            }
        },
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
