//! What names and values of the cloud's JSON are: ids, times, texts that are drawn anew each time.

use serde_json::Value;

use crate::body::REDACTED;

/// The members by which people know an object.
const LABELS: [&str; 2] = ["name", "configuredName"];

/// An id that is shorter than this says nothing by itself: `1` is a rule's order as well as a group's id.
pub const TELLING: usize = 5;

/// How the names of members end that hold an id, or ids, or who did something.
const IDS: [&str; 7] = ["Id", "ID", "_id", "Ids", "IDs", "_ids", "By"];

/// Whether a member of this name holds an id, or ids.
pub fn is_id(name: &str) -> bool {
    matches!(name, "id" | "ids") || IDS.iter().any(|end| name.ends_with(end))
}

/// Whether a member of this name counts what the tenant has: a place in an order, a running number.
pub fn is_count(name: &str) -> bool {
    matches!(name, "val" | "version")
        || ["order", "Order", "priority", "Count", "count"].iter().any(|end| name.ends_with(end))
}

/// What an object is known by: its id, or the first of its members that holds one.
pub fn identity(object: &Value) -> Option<String> {
    let members = object.as_object()?;
    let first = || members.iter().find(|(name, value)| is_id(name) && plain(value).is_some());
    members.get("id").or_else(|| Some(first()?.1)).and_then(plain)
}

/// An id as a text, whichever way it is written.
pub fn plain(id: &Value) -> Option<String> {
    match id {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// By which name people know an object.
pub fn label(object: &Value) -> Option<&str> {
    let said = LABELS.iter().find_map(|name| object.get(*name)?.as_str());
    said.filter(|name| !name.is_empty() && !is_redacted(name))
}

/// Whether a text stands where a secret, or somebody's name, was taken out.
pub fn is_redacted(text: &str) -> bool {
    text.contains(REDACTED)
}

/// Whether a member tells a moment, by its name or by what it holds: seconds or milliseconds since 1970, or a date.
pub fn is_time(name: &str, value: &Value) -> bool {
    let name = name.to_ascii_lowercase();
    let named = ["time", "date", "timestamp", "modified", "created", "_at", "expires_in"];
    let digits = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return false,
    };
    let is_count = digits.bytes().all(|byte| byte.is_ascii_digit());
    // From the year 2001 to 2128 in seconds, and in milliseconds.
    let since = is_count && digits.starts_with(['1', '2', '3', '4']) && matches!(digits.len(), 10 | 13);
    since || is_date(digits.as_bytes()) || named.iter().any(|end| name.ends_with(end))
}

/// `2026-11-30T…`, or with a blank.
fn is_date(text: &[u8]) -> bool {
    let shape = b"dddd-dd-dd";
    let fits = |(letter, wanted): (&u8, &u8)| {
        if *wanted == b'd' { letter.is_ascii_digit() } else { letter == wanted }
    };
    text.len() >= shape.len() && text.iter().zip(shape).all(fits)
}

/// Whether a text looks drawn: a key, a digest, a UUID, a token.
pub fn is_random(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-.:".contains(&byte);
    text.starts_with("-----BEGIN ")
        || text.len() >= 16
            && text.bytes().all(is_word)
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_alphabetic)
}

/// Whether a text is one of a few that a cloud knows: `ALLOW`, `READ_WRITE`.
pub fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{identity, is_count, is_id, is_random, is_time, is_word, label};

    #[test]
    fn names_and_values_are_told_apart() {
        assert!(["id", "customerId", "zpaID", "trace_id", "groupIds"].iter().all(|name| is_id(name)));
        assert_eq!(identity(&json!({ "name": "A", "profileId": 7 })).as_deref(), Some("7"));
        assert!(is_count("ruleOrder") && !is_count("rank"));
        assert!(!["valid", "idp", "android", "Identity", "name"].iter().any(|name| is_id(name)));
        for time in [json!(1_790_000_000), json!("1790000000123"), json!("2026-11-30T12:00:00Z")] {
            assert!(is_time("x", &time), "{time}");
        }
        assert!(is_time("lastModifiedTime", &json!(0)) && !is_time("quota", &json!(1024)));
        assert!(!is_time("x", &json!("2026")) && !is_time("modifiedTime", &json!([1])));
        assert!(
            is_random("3f2b9c1e-8a77-4c1d-9e0b-123456789abc")
                && is_random("-----BEGIN CERTIFICATE-----\nMII")
        );
        assert!(!is_random("SOCIAL_NETWORKING_AND_MORE") && !is_random("a text of words and 1 number"));
        assert!(is_word("READ_WRITE") && !is_word("Read") && !is_word("7") && !is_word(""));
    }

    #[test]
    fn a_name_that_was_taken_out_names_nothing() {
        assert_eq!(label(&json!({ "name": "REDACTED" })), None);
        assert_eq!(label(&json!({ "configuredName": "A" })), Some("A"));
    }
}
