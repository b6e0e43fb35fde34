//! Whether a record is what a list is asked for: one filter, one clause, one word at a time.

use serde_json::Value;
use zuno_catalogue::{Match, Resource};
use zuno_model::Record;

use crate::value::text;
use crate::{Clause, Comparison, at_path, value};

/// Whether a member is as a filter of the list wants it.
pub fn filtered(held: Option<&Value>, how: Match, on: Option<&Value>, given: &[&str]) -> bool {
    let low = |wanted: &str| wanted.to_lowercase();
    let flag = || given.iter().any(|value| value.eq_ignore_ascii_case("true") || *value == "1");
    match how {
        Match::Is => held.is_some_and(|held| {
            given.iter().flat_map(|list| list.split(',')).any(|wanted| value::same(held, wanted.trim()))
        }),
        Match::Not => !filtered(held, Match::Is, on, given),
        Match::Contains => {
            each_text(held, &mut |text| given.iter().any(|wanted| text.contains(&low(wanted))))
        }
        Match::Starts => {
            each_text(held, &mut |text| given.iter().any(|wanted| text.starts_with(&low(wanted))))
        }
        Match::Flag => !flag() || held == on,
        Match::Unless => !flag() || held != on,
        Match::Reveals => flag() || held != on,
    }
}

/// Whether any text of a value, lower-cased, satisfies a test.
pub fn each_text(held: Option<&Value>, test: &mut dyn FnMut(&str) -> bool) -> bool {
    match held {
        Some(Value::Array(items)) => items.iter().any(|item| each_text(Some(item), test)),
        Some(Value::Object(members)) => members.get("name").is_some_and(|name| each_text(Some(name), test)),
        Some(value) => text(value).is_some_and(|text| test(&text.to_lowercase())),
        None => false,
    }
}

/// A number; a length of time such as `15d` counts in seconds.
fn quantity(text: &str) -> Option<f64> {
    let (digits, seconds) = match text.char_indices().next_back()? {
        (end, 's') => (&text[..end], 1.0),
        (end, 'm') => (&text[..end], 60.0),
        (end, 'h') => (&text[..end], 3600.0),
        (end, 'd') => (&text[..end], 86_400.0),
        _ => (text, 1.0),
    };
    digits.parse::<f64>().ok().map(|number| number * seconds)
}

/// Whether a record is as one clause of a search wants it.
pub fn holds(record: &Record, clause: &Clause) -> bool {
    let held = at_path(record, &clause.field);
    let wanted = clause.value.to_lowercase();
    let number = || {
        let held = held.and_then(text).and_then(|text| text.parse::<f64>().ok());
        held.zip(quantity(clause.value.trim()))
    };
    match clause.comparison {
        Comparison::Equal => held.is_some_and(|held| value::same(held, &clause.value)),
        Comparison::NotEqual => !held.is_some_and(|held| value::same(held, &clause.value)),
        Comparison::Contains => each_text(held, &mut |text| text.contains(&wanted)),
        Comparison::StartsWith => each_text(held, &mut |text| text.starts_with(&wanted)),
        Comparison::EndsWith => each_text(held, &mut |text| text.ends_with(&wanted)),
        Comparison::Greater => number().is_some_and(|(held, wanted)| held > wanted),
        Comparison::Less => number().is_some_and(|(held, wanted)| held < wanted),
        Comparison::AtLeast => number().is_some_and(|(held, wanted)| held >= wanted),
        Comparison::AtMost => number().is_some_and(|(held, wanted)| held <= wanted),
    }
}

/// Whether any member that a plain search looks into has these words, which are lower-cased.
pub fn mentions(resource: &Resource, record: &Record, words: &str) -> bool {
    resource.search.iter().any(|member| each_text(at_path(record, member), &mut |text| text.contains(words)))
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn a_length_of_time_counts_in_seconds_and_other_words_are_no_numbers() {
        assert_eq!(quantity("15d"), Some(1_296_000.0));
        assert_eq!(quantity("1.5h"), Some(5400.0));
        assert_eq!(quantity("-3"), Some(-3.0));
        assert_eq!((quantity("d"), quantity("soon"), quantity("")), (None, None, None));
    }
}
