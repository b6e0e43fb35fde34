//! What a report is asked for: its entries are those that have all of it.

use std::collections::HashSet;

use serde_json::Value;
use zuno_model::Record;

use super::row::Row;

/// What of an entry is looked at.
type Of = fn(&Row) -> &str;

/// What one member of a request asks of an entry.
enum Criterion {
    /// One of these words, in the form of the API or as people read it.
    Words(Of, HashSet<String>),
    /// It begins so, whatever the case of letters (documented of names, administrators and addresses).
    Begins(Of, String),
    /// It is in there, whatever the case of letters.
    Holds(Of, String),
    /// It is in the object before or after.
    Changed(String),
}

/// All that a request asks for.
pub struct Filter(Vec<Criterion>);

/// `RULE_LABEL_MANAGEMENT` and `Rule Label Management` are one word.
fn folded(text: &str) -> String {
    let letters = text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    let mut word = String::with_capacity(text.len());
    for letter in letters {
        if letter != '_' || !word.ends_with('_') {
            word.push(letter);
        }
    }
    word.trim_matches('_').to_owned()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    };
    let all: Vec<String> = match value {
        Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
        Some(value) => text(value).into_iter().collect(),
        None => Vec::new(),
    };
    all.into_iter().filter(|text| !text.is_empty()).collect()
}

impl Filter {
    /// What a request asks for.
    pub fn of(request: &Record) -> Filter {
        let mut criteria = Vec::new();
        let words: [(&str, Of); 5] = [
            ("actionTypes", |row| &row.action),
            ("category", |row| &row.category),
            ("subcategories", |row| &row.part),
            ("actionResult", |row| row.result()),
            ("actionInterface", |row| row.interface()),
        ];
        for (member, of) in words {
            let words: HashSet<String> = texts(request.get(member)).iter().map(|word| folded(word)).collect();
            if !words.is_empty() && !words.contains("ALL") {
                criteria.push(Criterion::Words(of, words));
            }
        }
        let beginnings: [(&str, Of); 4] = [
            ("clientIP", |row| &row.address),
            ("adminName", |row| &row.admin),
            ("objectName", |row| &row.object),
            ("traceId", |row| &row.trace),
        ];
        for (member, of) in beginnings {
            let wanted = texts(request.get(member)).pop();
            criteria.extend(wanted.map(|wanted| Criterion::Begins(of, wanted.to_lowercase())));
        }
        let parts: [(&str, Of); 3] = [
            ("message", |row| &row.message),
            ("errorCode", |row| &row.code),
            ("statusCode", |row| &row.status),
        ];
        for (member, of) in parts {
            let wanted = texts(request.get(member)).pop();
            criteria.extend(wanted.map(|wanted| Criterion::Holds(of, wanted.to_lowercase())));
        }
        criteria.extend(texts(request.get("changes")).pop().map(Criterion::Changed));
        Filter(criteria)
    }

    /// Whether an entry has all of it.
    pub fn takes(&self, row: &Row) -> bool {
        self.0.iter().all(|criterion| match criterion {
            Criterion::Words(of, words) => words.contains(&folded(of(row))),
            Criterion::Begins(of, wanted) => of(row).to_lowercase().starts_with(wanted),
            Criterion::Holds(of, wanted) => of(row).to_lowercase().contains(wanted),
            Criterion::Changed(wanted) => row.before.contains(wanted) || row.after.contains(wanted),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::row::Row;
    use super::{Filter, folded};

    #[test]
    fn a_word_is_one_in_both_forms() {
        for (shown, sent) in [
            ("Rule Label Management", "RULE_LABEL_MANAGEMENT"),
            ("Backup & Restore", "BACKUP_RESTORE"),
            (
                "Virtual Service Edge (formerly Virtual ZEN or VZEN)",
                "virtual service edge formerly virtual zen or vzen",
            ),
            ("Sign In", "SIGN_IN"),
        ] {
            assert_eq!(folded(shown), folded(sent));
        }
    }

    #[test]
    fn an_entry_has_all_that_is_asked_for() {
        let row = Row {
            action: "Sign In".into(),
            category: "Login".into(),
            address: "10.1.2.3".into(),
            object: "Branches".into(),
            message: "Create user ada".into(),
            ..Row::default()
        };
        let takes = |request: Value| Filter::of(request.as_object().expect("an object")).takes(&row);
        assert!(takes(json!({})));
        assert!(takes(
            json!({"actionTypes": ["UPDATE", "SIGN_IN"], "category": "LOGIN", "objectName": "bran"})
        ));
        assert!(takes(json!({"category": "ALL", "actionTypes": [], "clientIP": 0, "adminName": ""})));
        assert!(takes(json!({"actionResult": "SUCCESS", "actionInterface": "API", "message": "USER A"})));
        for other in [
            json!({"actionTypes": ["UPDATE"]}),
            json!({"actionResult": "FAILURE"}),
            json!({"actionInterface": "UI"}),
            json!({"objectName": "ranches"}),
            json!({"clientIP": "10.1.2.4"}),
            json!({"category": "LOGIN", "message": "delete"}),
        ] {
            assert!(!takes(other.clone()), "{other}");
        }
    }
}
