//! What came of a log, for people.

use serde_json::{Value, json};

use super::super::told::{decided, subject};
use crate::table::clean;

/// Kinds of requests that would be treated otherwise, as rows.
pub fn otherwise(told: &Value) -> Value {
    let row = |kind: &Value| {
        json!({
            "lines": kind["count"],
            "now": kind["now"]["action"],
            "by": decided(&kind["now"]),
            "then": kind["then"]["action"],
            "then by": decided(&kind["then"]),
            "first": first(kind),
        })
    };
    kinds(&told["otherwise"]).map(row).collect()
}

/// Kinds of requests that are treated otherwise than the log says, as rows.
pub fn logged(told: &Value) -> Value {
    let row = |kind: &Value| {
        let rule = kind["logged"]["rule"].as_str().map(|rule| format!(" by {rule}")).unwrap_or_default();
        json!({
            "lines": kind["count"],
            "logged": format!("{}{rule}", kind["logged"]["action"].as_str().unwrap_or_default()),
            "now": kind["now"]["action"],
            "by": decided(&kind["now"]),
            "first": first(kind),
        })
    };
    kinds(&told["logged_otherwise"]).map(row).collect()
}

fn kinds(told: &Value) -> impl Iterator<Item = &Value> {
    told["kinds"].as_array().into_iter().flatten()
}

/// The first line of a kind, and what it was for.
fn first(kind: &Value) -> String {
    let user = kind["witness"]["user"].as_str().map(|user| format!(" for {user}")).unwrap_or_default();
    format!("line {}: {}{user}", kind["line"], subject(&kind["witness"]))
}

/// How much was asked, and what was left out and why.
pub fn conclusion(told: &Value, compared: bool) -> String {
    let answered = &told["answered"];
    let mut text = format!(
        "{} requests of the web and {} connections were asked\n",
        answered["web"], answered["firewall"]
    );
    if compared {
        text += &match told["otherwise"]["count"].as_u64() {
            Some(0) => "none would be treated otherwise\n".to_owned(),
            _ => format!("{} would be treated otherwise\n", told["otherwise"]["count"]),
        };
    }
    text += &format!("{} are treated otherwise than the log says\n", told["logged_otherwise"]["count"]);
    for (name, words) in [("unread", "cannot be read"), ("unclear", "cannot be asked")] {
        if told[name]["count"] == 0 {
            continue;
        }
        text += &format!("{} lines {words}:\n", told[name]["count"]);
        for kind in kinds(&told[name]).take(10) {
            text += &format!(
                "  {} from line {}: {}\n",
                kind["count"],
                kind["line"],
                kind["why"].as_str().unwrap_or_default()
            );
        }
    }
    let untold = told["not_told"].as_array().map_or(&[][..], Vec::as_slice);
    if !untold.is_empty() {
        text += "the log does not tell, and these rules ask for it (say it for all lines with --set):\n";
        for kind in untold.iter().take(10) {
            let criteria = kind["criteria"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let criteria = criteria.collect::<Vec<_>>().join(", ").replace('_', " ");
            text += &format!("  {criteria}: {}, {} lines\n", decided(kind), kind["count"]);
        }
    }
    // Names of rules and what lines hold are others' text.
    clean(&text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::conclusion;

    #[test]
    fn what_a_line_holds_cannot_steer_a_terminal() {
        let kind = json!({"count": 1, "line": 1, "why": "no location `No\u{1b}]0;pwned\u{7}where`"});
        let told = json!({
            "answered": {"web": 1, "firewall": 0}, "logged_otherwise": {"count": 0}, "unread": {"count": 0},
            "unclear": {"count": 1, "kinds": [kind]}, "not_told": [],
        });
        let text = conclusion(&told, false);
        assert!(text.contains("pwned") && !text.contains(['\u{1b}', '\u{7}']), "{text:?}");
    }
}
