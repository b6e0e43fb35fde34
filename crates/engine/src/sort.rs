//! Sort keys: texts whose byte order is the order a list has.

use serde_json::Value;
use zuno_catalogue::{Resource, Shape};
use zuno_model::{Id, Record};

/// A text's place among others: letters and digits first, whatever their case; spaces and punctuation only
/// settle what is otherwise equal (seen: `BDTrusted…`, `BD Trusted…` and `BD    Trusted…` interleave).
pub fn collate(text: &str) -> String {
    let mut key: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    key.push('\u{1}');
    key.push_str(text);
    key
}

/// A number as twenty digits that sort like it.
fn digits(number: i64, turned: bool) -> String {
    let place = i128::from(number) - i128::from(i64::MIN);
    let place = if turned { i128::from(u64::MAX) - place } else { place };
    format!("{place:020}")
}

/// The key of an id: by number where it is one.
pub fn of_id(id: &Id, turned: bool) -> String {
    id.as_str().parse().map_or_else(|_| collate(id.as_str()), |number| digits(number, turned))
}

/// The key of a record in the order its resource names.
pub fn key(resource: &Resource, id: &Id, record: &Record) -> String {
    let Some(order) = &resource.order_by else { return of_id(id, false) };
    let (member, turned) = order.strip_prefix('-').map_or((order.as_str(), false), |member| (member, true));
    if resource.field(member).is_some_and(|field| field.shape == Shape::Id) {
        return of_id(id, turned);
    }
    of_value(record.get(member), turned)
}

/// The key of one value; a missing one comes last.
pub fn of_value(value: Option<&Value>, turned: bool) -> String {
    match value {
        Some(Value::Number(number)) => digits(number.as_i64().unwrap_or_default(), turned),
        Some(Value::String(text)) => {
            text.parse().map_or_else(|_| collate(text), |number| digits(number, turned))
        }
        Some(Value::Bool(flag)) => digits(i64::from(*flag), turned),
        _ => "\u{10ffff}".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{collate, digits};

    #[test]
    fn punctuation_settles_only_what_is_otherwise_equal() {
        let mut names = ["Microsoft", "iOS_trust", "faa-defender", "faa_certtrust", "faa-cfe", "BD B", "BDA"];
        names.sort_by_key(|name| collate(name));
        assert_eq!(
            names,
            ["BDA", "BD B", "faa_certtrust", "faa-cfe", "faa-defender", "iOS_trust", "Microsoft"]
        );
    }

    #[test]
    fn numbers_sort_as_numbers_either_way() {
        assert!(digits(-5, false) < digits(3, false) && digits(9, false) < digits(10, false));
        assert!(digits(10, true) < digits(9, true) && digits(3, true) < digits(-5, true));
    }
}
