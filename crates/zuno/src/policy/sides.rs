//! Two configurations, wherever each of them is, held against each other.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};
use zuno_client::{Method, Operator};
use zuno_policy::analysis::compare;

use crate::asking::Held;
use crate::operator::AsOperator;

/// Where a configuration is, as the command line says it.
#[derive(Debug, PartialEq, Eq)]
enum Side {
    /// At a tenant of the server: the one that is meant, or another.
    Tenant { other: Option<String>, staged: bool },
    /// In a file.
    File(PathBuf),
}

impl Side {
    fn read(word: &str) -> Side {
        match word {
            "active" => Side::Tenant { other: None, staged: false },
            "staged" => Side::Tenant { other: None, staged: true },
            // No label has these.
            path if path.contains(['/', '.']) || Path::new(path).is_file() => Side::File(path.into()),
            label => {
                let staged = label.strip_suffix(":staged");
                Side::Tenant { other: Some(staged.unwrap_or(label).to_owned()), staged: staged.is_some() }
            }
        }
    }
}

/// The server that is meant, and the label of the tenant.
type AtServer = (Operator, String);

/// What one treats otherwise than the other: told by the server where it has both, else found out here.
pub fn compared(before: &str, after: &str, server: &AsOperator) -> Result<Value> {
    let sides = [Side::read(before), Side::read(after)];
    let is_file = |side: &Side| matches!(side, Side::File(_));
    let at = if sides.iter().all(is_file) { None } else { Some(server.of_tenant()?) };
    if let (Some((operator, tenant)), false) = (&at, sides.iter().any(is_file)) {
        let [before, after] = sides.map(|side| match side {
            Side::Tenant { other, staged } => {
                json!({ "tenant": other.as_deref().unwrap_or(tenant), "staged": staged })
            }
            Side::File(_) => Value::Null,
        });
        let body = json!({ "before": before, "after": after });
        return Ok(operator.call(&Method::POST, "/policy/diff", Some(&body))?);
    }
    let [before, after] = sides.map(|side| held(&side, at.as_ref()));
    let (before, after) = (before?, after?);
    let (old, new) = (&before.configuration.records, &after.configuration.records);
    Ok(json!(compare((&before.policy, old), (&after.policy, new))))
}

fn held(side: &Side, at: Option<&AtServer>) -> Result<Held> {
    match (side, at) {
        (Side::File(path), _) => Held::read(path),
        (Side::Tenant { other, staged }, Some((operator, tenant))) => {
            Held::taken(operator, other.as_deref().unwrap_or(tenant), *staged)
        }
        (Side::Tenant { .. }, None) => unreachable!("a server was found where a side is a tenant"),
    }
}

#[cfg(test)]
mod tests {
    use super::Side;

    #[test]
    fn a_side_is_a_state_a_file_or_a_tenant() {
        let tenant = |other: Option<&str>, staged| Side::Tenant { other: other.map(str::to_owned), staged };
        assert_eq!(Side::read("active"), tenant(None, false));
        assert_eq!(Side::read("staged"), tenant(None, true));
        assert_eq!(Side::read("./active"), Side::File("./active".into()));
        assert_eq!(Side::read("acme.json"), Side::File("acme.json".into()));
        assert_eq!(Side::read("acme-copy"), tenant(Some("acme-copy"), false));
        assert_eq!(Side::read("acme-copy:staged"), tenant(Some("acme-copy"), true));
    }
}
