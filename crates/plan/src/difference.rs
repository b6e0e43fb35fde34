//! What of a record is not as it is to be.

use serde_json::{Map, Value};
use zuno_catalogue::Resource;

/// A member that is not as it is to be, as a file tells both.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Difference {
    /// The member.
    pub member: String,
    /// What it is; nothing where it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Value>,
    /// What it is to be.
    pub wanted: Value,
}

/// The members of a wish that a record does not have so. Lists of plain values are the same in any order, and what says nothing
/// is the same as the default, and as what is not there.
pub fn members<'w>(
    resource: &Resource,
    is: &Map<String, Value>,
    wish: &'w Map<String, Value>,
) -> Vec<&'w str> {
    let differs = |name: &str, wanted: &Value| {
        // A secret is never told: what it is cannot be compared.
        let field = resource.field(name).filter(|field| !field.secret)?;
        let default = field.default.as_ref().map(|json| &json.0);
        (!same(is.get(name), Some(wanted), default)).then_some(())
    };
    wish.iter()
        .filter(|(name, wanted)| differs(name, wanted).is_some())
        .map(|(name, _)| name.as_str())
        .collect()
}

fn same(one: Option<&Value>, other: Option<&Value>, default: Option<&Value>) -> bool {
    let said = |value: Option<&Value>| {
        value.filter(|value| !says_nothing(value) && Some(*value) != default).map(settled)
    };
    said(one) == said(other)
}

/// Whether a value is as good as none.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// A value in the one form that all that are the same have.
fn settled(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(settled).collect();
            if items.iter().all(|item| !item.is_object() && !item.is_array()) {
                items.sort_by_cached_key(Value::to_string);
            }
            Value::Array(items)
        }
        Value::Object(members) => {
            let said = members.iter().filter(|(_, value)| !says_nothing(value));
            let mut said: Vec<(String, Value)> =
                said.map(|(name, value)| (name.clone(), settled(value))).collect();
            said.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(said.into_iter().collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::same;

    #[test]
    fn what_says_the_same_is_the_same() {
        let pairs = [
            (json!(["b", "a"]), json!(["a", "b"]), true),
            (json!([{"a": 1, "b": ""}]), json!([{"a": 1}]), true),
            (json!([{"a": 1}, {"a": 2}]), json!([{"a": 2}, {"a": 1}]), false),
            (json!(""), json!(null), true),
            (json!(false), json!(null), false),
            (json!("a"), json!("b"), false),
        ];
        for (one, other, wanted) in pairs {
            assert_eq!(same(Some(&one), Some(&other), None), wanted, "{one} {other}");
        }
        assert!(same(None, Some(&json!(false)), Some(&json!(false))));
    }
}
