//! `rule-terms`: what rules of some actions must say, and must not, beyond their own members (documented).
//!
//! Capabilities are a list; isolation is for web browsers; a
//! redirection that allows nothing else does not reach connectors. Parameters: `action`, `conditions`.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Kind, Record};

/// Web browsers, as client types name them.
const BROWSER: &str = "zpn_client_type_exporter";

/// The client types that a strict redirection does not reach.
const CONNECTORS: [&str; 2] = ["zpn_client_type_edge_connector", "zpn_client_type_branch_connector"];

/// The guarantee for one resource.
struct RuleTerms {
    kind: Kind,
    action: String,
    conditions: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (action, conditions) = (params.text("action")?, params.text("conditions")?);
    Ok(Box::new(RuleTerms { kind: Kind(params.kind()), action, conditions }))
}

/// The client types that a rule's conditions name, in either form of operands.
fn client_types(record: &Record, conditions: &str) -> Vec<String> {
    let operands = record.items(conditions).iter().flat_map(|condition| condition.items("operands"));
    let meant = operands.filter(|operand| operand.text("objectType") == Some("CLIENT_TYPE"));
    meant.flat_map(|operand| operand.texts("values").chain(operand.text("rhs"))).map(str::to_owned).collect()
}

/// The member that is wrong, with what is wrong about it.
fn wrong(record: &Record, action: &str, conditions: &str) -> Option<(&'static str, Fix)> {
    let said = |words: &str| Fix::Said(words.to_owned());
    let listed = |member: &str| {
        record.get(member).is_some_and(|held| held.get("capabilities").is_some_and(Value::is_array))
    };
    match action {
        "CHECK_CAPABILITIES" if !listed("privilegedCapabilities") => {
            Some(("privilegedCapabilities", Fix::Missing))
        }
        "CHECK_PRIVILEGED_PORTAL_CAPABILITIES" if !listed("privilegedPortalCapabilities") => {
            Some(("privilegedPortalCapabilities", Fix::Missing))
        }
        "ISOLATE" if client_types(record, conditions).iter().any(|name| name != BROWSER) => {
            Some(("conditions", said("isolation is for web browsers alone")))
        }
        "REDIRECT_ALWAYS"
            if client_types(record, conditions).iter().any(|name| CONNECTORS.contains(&name.as_str())) =>
        {
            Some(("conditions", said("connectors cannot be redirected strictly")))
        }
        _ => None,
    }
}

impl Behaviour for RuleTerms {
    fn before_write(&self, _cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let action = change.new.text(&self.action).unwrap_or_default();
        match wrong(&change.new, action, &self.conditions) {
            Some((field, fix)) => {
                Err(Fault::Invalid { kind: self.kind.clone(), field: field.to_owned(), fix })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_model::Record;

    fn field(action: &str, record: Value) -> Option<&'static str> {
        let Value::Object(record) = record else { return None };
        let record: Record = record.into_iter().collect();
        super::wrong(&record, action, "conditions").map(|(field, _)| field)
    }

    #[test]
    fn actions_ask_for_what_they_need() {
        let clients = |name: &str| json!({"conditions": [{"operands": [{"objectType": "CLIENT_TYPE", "values": [name]}]}]});
        assert_eq!(
            field("CHECK_CAPABILITIES", json!({"privilegedCapabilities": {}})),
            Some("privilegedCapabilities")
        );
        assert_eq!(
            field("CHECK_CAPABILITIES", json!({"privilegedCapabilities": {"capabilities": []}})),
            None
        );
        assert_eq!(field("ISOLATE", clients("zpn_client_type_zapp")), Some("conditions"));
        assert_eq!(field("ISOLATE", clients("zpn_client_type_exporter")), None);
        assert_eq!(field("REDIRECT_ALWAYS", clients("zpn_client_type_branch_connector")), Some("conditions"));
    }
}
