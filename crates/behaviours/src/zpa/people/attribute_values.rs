//! `attribute-values`: the distinct values that a provider's users have under one attribute, as a page of plain texts
//! in their order. Parameter: `owners`, the members by which the path names provider and attribute.

use std::collections::BTreeSet;

use serde_json::Value;
use zuno_catalogue::handles::zpa::{scim_attribute, scim_attribute_value as member, scim_user};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Search};
use zuno_model::{Fault, Fix, Id, Kind, Record};

use super::scim::Path;
use crate::part;

/// The guarantee for one resource.
pub struct AttributeValues {
    kind: String,
    owners: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut owners = Vec::new();
    for owner in params.texts("owners") {
        let kind = params.target(&owner)?;
        owners.push((owner, kind));
    }
    Ok(Box::new(AttributeValues { kind: params.kind(), owners }))
}

impl Behaviour for AttributeValues {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        for (owner, kind) in &self.owners {
            let named = call.param(owner).unwrap_or_default();
            if cx.get(kind, &Id(named.to_owned()))?.is_none() {
                let (own, fix) = (Kind(self.kind.clone()), Fix::Unresolved(Kind(kind.clone())));
                return Err(Fault::Invalid { kind: own, field: owner.clone(), fix });
            }
        }
        let attribute = call.param(member::ATTRIBUTE_ID.name).unwrap_or_default();
        let attribute = cx.need(scim_attribute::KIND, &Id(attribute.to_owned()))?.record;
        let mut items = values(cx, call.param(member::IDP_ID.name).unwrap_or_default(), &attribute)?;
        let wanted = match &call.list_query.search {
            Some(Search::Text(text)) => Some(text.to_lowercase()),
            // Clients ask for plain texts here; of a clause its value counts.
            Some(Search::Clauses(clauses)) => clauses.first().map(|clause| clause.value.to_lowercase()),
            None => None,
        };
        if let Some(wanted) = wanted {
            items.retain(|item| item.to_lowercase().contains(&wanted));
        }
        Ok(part::of(call, items.into_iter().map(Value::String).collect()))
    }
}

/// The values in their order.
fn values(cx: &Context<'_>, idp: &str, attribute: &Record) -> Result<BTreeSet<String>, Fault> {
    let (schema, name) = (
        scim_attribute::SCHEMA_URI.of(attribute).unwrap_or_default(),
        scim_attribute::NAME.of(attribute).unwrap_or_default(),
    );
    let path = if schema.is_empty() { name.to_owned() } else { format!("{schema}:{name}") };
    let Ok(path) = Path::read(&path) else { return Ok(BTreeSet::new()) };
    let mut found = BTreeSet::new();
    for user in cx.all(scim_user::KIND, None)? {
        if scim_user::IDP_ID.of(&user.record) == Some(idp) {
            let resource = user.record.get(scim_user::RESOURCE.name).unwrap_or(&Value::Null);
            found.extend(path.values(resource).into_iter().filter_map(|value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
                _ => None,
            }));
        }
    }
    Ok(found)
}
