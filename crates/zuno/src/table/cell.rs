//! A value in a few words that a terminal can be given, whatever a tenant's administrators have typed into it.

use serde_json::Value;
use unicode_width::UnicodeWidthChar as _;
use unicode_width::UnicodeWidthStr as _;

/// What stands for the part of a cell that is not shown.
const CUT: char = '…';
/// Members that people know a thing by, in this order.
pub const NAMES: [&str; 11] = [
    "name",
    "displayName",
    "configuredName",
    "loginName",
    "url",
    "ipAddress",
    "userName",
    "label",
    "hostname",
    "machineHostname",
    "email",
];

/// A record's member, by its name or by its dotted path.
pub fn found<'a>(record: &'a Value, column: &str) -> Option<&'a Value> {
    record.get(column).or_else(|| column.split('.').try_fold(record, |value, part| value.get(part)))
}

/// A member for people: a moment is read where its name and its number say that it is one.
pub fn shown(name: &str, value: &Value) -> String {
    moment(name, value).unwrap_or_else(|| plain(value))
}

/// A value in a few words: a thing by its name or id, a list by its elements.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => clean(&text.replace(['\n', '\r', '\t'], " ")),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(object) => {
            let known = NAMES.iter().chain(&["id"]).find_map(|name| object.get(*name));
            known
                .map(plain)
                .unwrap_or_else(|| if object.is_empty() { String::new() } else { clean(&value.to_string()) })
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Text without what would move the cursor, change colours or turn the line around; line ends stay.
pub fn clean(text: &str) -> String {
    let seen = |letter: char| match letter {
        '\n' | '\t' => letter,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        _ if is_control(letter) => char::REPLACEMENT_CHARACTER,
        _ => letter,
    };
    text.chars().map(seen).collect()
}

/// JSON that means the same, without what a terminal would obey.
pub fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        // Below the blank, JSON has only its own line ends.
        if letter >= ' ' && is_control(letter) {
            text.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            text.push(letter);
        }
    }
    text
}

fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text in a width; of a path the end is kept, which tells more.
pub fn cut(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(1);
    let mut used = 0;
    let mut fits = |letter: &char| {
        used += letter.width().unwrap_or(0);
        used <= room
    };
    if text.starts_with('/') {
        let mut end: Vec<char> = text.chars().rev().take_while(&mut fits).collect();
        end.push(CUT);
        return end.into_iter().rev().collect();
    }
    let mut start: String = text.chars().take_while(&mut fits).collect();
    start.push(CUT);
    start
}

/// A moment in UTC, of seconds or milliseconds since the epoch.
fn moment(name: &str, value: &Value) -> Option<String> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let small = last.to_ascii_lowercase();
    let is_time = ["time", "date", "epoch", "expir", "lastheardfrom", "lastseen", "timestamp"];
    let is_span = ["timeout", "lifetime", "timezone"];
    let named =
        is_time.iter().any(|part| small.contains(part)) || last.ends_with("At") || small.ends_with("_at");
    if !named || is_span.iter().any(|part| small.contains(part)) {
        return None;
    }
    let number = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    // From 2001 on; what is less is a count of something.
    let seconds = match number {
        1_000_000_000..10_000_000_000 => number,
        1_000_000_000_000..10_000_000_000_000 => number / 1000,
        _ => return None,
    };
    Some(jiff::Timestamp::from_second(seconds).ok()?.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{clean, cut, escaped, shown};

    #[test]
    fn moments_are_read_and_other_numbers_are_left() {
        for (name, value, text) in [
            ("creationTime", json!("1700000000"), "2023-11-14 22:13:20Z"),
            ("lastModTime", json!(1_700_000_000), "2023-11-14 22:13:20Z"),
            ("secret.expiresAt", json!(1_700_000_000_000_u64), "2023-11-14 22:13:20Z"),
            ("registration_time", json!("2023-11-14 22:13:20 GMT"), "2023-11-14 22:13:20 GMT"),
            ("accessTokenLifeTime", json!(1_700_000_000), "1700000000"),
            ("idleTimeoutInSecs", json!("1700000000"), "1700000000"),
            ("creationTime", json!("0"), "0"),
            ("id", json!("1700000000"), "1700000000"),
        ] {
            assert_eq!(shown(name, &value), text, "{name}");
        }
    }

    #[test]
    fn json_for_a_terminal_means_the_same() {
        let value = json!({"name": "a\u{1b}\u{7f}\u{9b}\u{202e}\n é 語"});
        let text = escaped(&format!("{value:#}"));
        assert!(!text.contains(['\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}']));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_cell_is_cut_to_its_width_and_a_path_keeps_its_end() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("/a/b/c/d", 5), "…/c/d");
        assert_eq!(cut("語語語", 4), "語…");
        assert_eq!(clean("a\tb\r"), "a\tb␍");
    }
}
