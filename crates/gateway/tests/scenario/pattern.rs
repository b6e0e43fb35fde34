//! Patterns: JSON in which `$name` binds and then must match, `$_` is any value but none, and `...` allows more.

use std::collections::BTreeMap;

use serde_json::Value;

/// What names stand for so far.
pub type Names = BTreeMap<String, Value>;

/// Texts that stand for the marks of the pattern language once it is plain JSON.
const NAME: &str = "\u{1}name:";
const MORE: &str = "\u{1}more";

/// The name of what need not be known.
const ANY: &str = "_";

/// The names that a text speaks of, each as often as it does.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).map(name_at).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The name that a text begins with.
fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Reads a pattern: names and ellipses outside of strings become marked strings, the rest is JSON.
pub fn read(text: &str) -> Result<Value, String> {
    let plain = marked(text);
    serde_json::from_str(&plain).map_err(|wrong| format!("the pattern is no JSON: {wrong}\n{text}"))
}

fn marked(text: &str) -> String {
    let mut plain = String::new();
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let mut taken = letter.len_utf8();
        match letter {
            '"' => {
                taken = string_length(rest);
                plain.push_str(&rest[..taken]);
            }
            '$' => {
                let name = name_at(&rest[1..]);
                taken = 1 + name.len();
                plain.push_str(&Value::String(format!("{NAME}{name}")).to_string());
            }
            '.' if rest.starts_with("...") => {
                taken = 3;
                let more = Value::String(MORE.into());
                let in_object = open.last() == Some(&'{');
                plain.push_str(&if in_object { format!("{more}: true") } else { more.to_string() });
            }
            _ => {
                match letter {
                    '{' | '[' => open.push(letter),
                    '}' | ']' => drop(open.pop()),
                    _ => {}
                }
                plain.push(letter);
            }
        }
        rest = &rest[taken..];
    }
    plain
}

/// The length of the string literal that a text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (place, letter) in text.char_indices().skip(1) {
        match letter {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return place + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Fills the names of a request's body in.
pub fn filled(pattern: Value, names: &Names) -> Result<Value, String> {
    Ok(match pattern {
        Value::String(text) => match text.strip_prefix(NAME) {
            Some(name) => names.get(name).cloned().ok_or_else(|| format!("${name} is not bound yet"))?,
            None => Value::String(in_text(&text, names)),
        },
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| filled(item, names)).collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let fill = |(name, value)| filled(value, names).map(|value| (name, value));
            Value::Object(members.into_iter().map(fill).collect::<Result<_, _>>()?)
        }
        other => other,
    })
}

/// Replaces `$name` inside a text by what it is bound to; the longest name that is bound counts.
pub fn in_text(text: &str, names: &Names) -> String {
    let mut filled = text.to_owned();
    let mut known: Vec<_> = names.iter().collect();
    known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, value) in known {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        filled = filled.replace(&format!("${name}"), &value);
    }
    filled
}

/// A text in which `{now}`, `{now+60}` and `{now-60}` are these seconds and so many more or less, in milliseconds, and
/// `{seconds}` with its like the same in seconds.
pub fn at(text: &str, now: i64) -> String {
    let words = [("{now", 1000), ("{seconds", 1)];
    words.into_iter().fold(text.to_owned(), |text, (word, unit)| {
        let mut pieces = text.split(word);
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            match piece.split_once('}').and_then(|(more, rest)| Some((shift(more)?, rest))) {
                Some((more, rest)) => filled.push_str(&format!("{}{rest}", (now + more) * unit)),
                None => filled.push_str(&format!("{word}{piece}")),
            }
        }
        filled
    })
}

fn shift(text: &str) -> Option<i64> {
    if text.is_empty() { Some(0) } else { text.parse().ok() }
}

/// Whether an answer that is no JSON is the text wanted, in which `...` stands for any text.
pub fn is_text(wanted: &str, got: &str) -> bool {
    let (wanted, got) = (wanted.trim(), got.trim());
    let pieces: Vec<&str> = wanted.split("...").collect();
    let [first, middle @ .., last] = pieces.as_slice() else { return wanted == got };
    let between = got.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    let Some(mut rest) = between else { return false };
    middle.iter().all(|piece| {
        let found = rest.split_once(piece);
        rest = found.map_or(rest, |(_, after)| after);
        found.is_some()
    })
}

/// Whether an answer is what a pattern says; binds the names that it meets first. The error names the place.
pub fn matches(pattern: &Value, got: &Value, place: &str, names: &mut Names) -> Result<(), String> {
    let differs = || {
        Err(format!("at {}: wanted {pattern}, got {got}", if place.is_empty() { "the top" } else { place }))
    };
    match (pattern, got) {
        (Value::String(text), _) if text.starts_with(NAME) => {
            let name = &text[NAME.len()..];
            if got.is_null() {
                return Err(format!("at {place}: ${name} is some value, got null"));
            }
            match names.get(name) {
                None if name == ANY => Ok(()),
                Some(bound) if bound != got => Err(format!("at {place}: ${name} is {bound}, got {got}")),
                Some(_) => Ok(()),
                None => {
                    names.insert(name.to_owned(), got.clone());
                    Ok(())
                }
            }
        }
        (Value::String(text), Value::String(got)) => {
            if in_text(text, names) == *got {
                Ok(())
            } else {
                differs()
            }
        }
        (Value::Object(wanted), Value::Object(members)) => object(wanted, members, place, names),
        (Value::Array(wanted), Value::Array(items)) => array(wanted, items, place, names),
        _ if pattern == got => Ok(()),
        _ => differs(),
    }
}

type Members = serde_json::Map<String, Value>;

fn object(wanted: &Members, members: &Members, place: &str, names: &mut Names) -> Result<(), String> {
    for (name, pattern) in wanted {
        if name == MORE {
            continue;
        }
        let here = format!("{place}.{name}");
        let value = members.get(name).ok_or_else(|| {
            format!("{here} is missing; there are {:?}", members.keys().collect::<Vec<_>>())
        })?;
        matches(pattern, value, &here, names)?;
    }
    if !wanted.contains_key(MORE)
        && let Some(extra) = members.keys().find(|name| !wanted.contains_key(*name))
    {
        return Err(format!("{place}.{extra} was not expected: {}", members[extra]));
    }
    Ok(())
}

/// Items are matched one after the other; `...` passes over as many as it must until the next pattern matches, or over all
/// that are left.
fn array(wanted: &[Value], items: &[Value], place: &str, names: &mut Names) -> Result<(), String> {
    let is_more = |pattern: &Value| pattern.as_str() == Some(MORE);
    let mut at = 0;
    let mut skipping = false;
    for pattern in wanted {
        if is_more(pattern) {
            skipping = true;
            continue;
        }
        if skipping {
            let found = (at..items.len()).find(|&index| {
                let mut tried = names.clone();
                matches(pattern, &items[index], place, &mut tried).map(|()| *names = tried).is_ok()
            });
            at = 1 + found
                .ok_or_else(|| format!("at {place}: no item is {pattern} among {}", Value::from(items)))?;
        } else {
            let item =
                items.get(at).ok_or_else(|| format!("at {place}: there are {} items only", items.len()))?;
            matches(pattern, item, &format!("{place}[{at}]"), names)?;
            at += 1;
        }
        skipping = false;
    }
    let open = wanted.last().is_some_and(is_more);
    if open || at == items.len() {
        Ok(())
    } else {
        Err(format!("at {place}: {} items, {at} were expected", items.len()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Names, at, is_text, matches, read};

    fn check(pattern: &str, got: serde_json::Value) -> Result<Names, String> {
        let mut names = Names::new();
        matches(&read(pattern)?, &got, "", &mut names).map(|()| names)
    }

    #[test]
    fn a_time_is_told_from_the_beginning_of_the_conversation() {
        assert_eq!(
            at("{now} {now+60}, \"{now-1}\" {seconds-1} {nowhere} {now", 100),
            "100000 160000, \"99000\" 99 {nowhere} {now"
        );
    }

    #[test]
    fn an_ellipsis_in_a_text_is_any_text() {
        for (wanted, got) in
            [("a", "a\n"), ("a...c", "abbc"), ("...", ""), ("a...b...", "a, b, c"), ("...b", "bb")]
        {
            assert!(is_text(wanted, got), "{wanted}");
        }
        for (wanted, got) in [("a", "ab"), ("a...c", "abcd"), ("a...b...c", "ac"), ("ab...bc", "abc")] {
            assert!(!is_text(wanted, got), "{wanted}");
        }
    }

    #[test]
    fn names_bind_and_then_must_match() {
        let names = check(
            r#"{"id": $a, "again": $a, "text": "x$a"}"#,
            json!({"id": "7", "again": "7", "text": "x7"}),
        );
        assert_eq!(names.expect("it matches")["a"], json!("7"));
        assert!(check(r#"{"id": $a, "again": $a}"#, json!({"id": 7, "again": 8})).is_err());
    }

    #[test]
    fn what_need_not_be_known_must_be_something() {
        assert!(check(r#"[$_, $_]"#, json!([1, "two"])).expect("it matches").is_empty());
        assert!(check(r#"{"a": $_}"#, json!({"a": null})).is_err());
        assert!(check(r#"{"a": $a}"#, json!({"a": null})).is_err());
        assert!(check(r#"{"a": $_}"#, json!({})).is_err());
    }

    #[test]
    fn only_an_ellipsis_allows_more() {
        assert!(check(r#"{"a": 1}"#, json!({"a": 1, "b": 2})).is_err());
        assert!(check(r#"{"a": 1, ...}"#, json!({"a": 1, "b": 2})).is_ok());
        assert!(check("[1, ...]", json!([1, 2, 3])).is_ok());
        assert!(check("[..., 3]", json!([1, 2, 3])).is_ok());
        assert!(check("[..., 2]", json!([1, 2, 3])).is_err());
        assert!(check("[..., 2, ...]", json!([1, 2, 3])).is_ok());
        assert!(check("[..., 1, 3, ...]", json!([1, 2, 3])).is_err());
        assert!(check("[..., 1, ..., 3]", json!([1, 2, 3])).is_ok());
        assert!(check("[1]", json!([1, 2])).is_err());
    }
}
