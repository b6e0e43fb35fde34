//! What happened at a tenant, as its operator is told of it: the newest first.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use zuno_catalogue::Catalogue;
use zuno_model::{Entry, Fault, Interface, Tenant, Time};

use crate::Cloud;
use crate::request::Request;
use crate::respond::{Response, in_json};

/// How many entries are told when the operator does not say.
const FEW: usize = 100;

/// How many are told at most.
const MOST: usize = 1_000;

/// Which entries are asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    times: (Time, Time),
    below: u64,
    most: usize,
    product: Option<String>,
}

impl Asked {
    /// From a query: `from`, `until`, `below`, `most`, `product`.
    fn read(query: &[(String, String)]) -> Result<Asked, String> {
        let mut asked = Asked { times: (Time::MIN, Time::MAX), below: u64::MAX, most: FEW, product: None };
        for (name, value) in query {
            let wrong = |_| format!("`{name}` is a number, not `{value}`");
            match name.as_str() {
                "from" => asked.times.0 = value.parse().map_err(wrong)?,
                "until" => asked.times.1 = value.parse().map_err(wrong)?,
                "below" => asked.below = value.parse().map_err(wrong)?,
                "most" => asked.most = value.parse::<usize>().map_err(wrong)?.min(MOST),
                "product" => asked.product = Some(value.clone()),
                _ => {
                    return Err(format!(
                        "there is no `{name}`: ask for `from`, `until`, `below`, `most` or `product`"
                    ));
                }
            }
        }
        Ok(asked)
    }
}

/// Tells of a tenant's entries.
pub fn answer(cloud: &Cloud, tenant: &Arc<Tenant>, request: &Request) -> Result<Response, String> {
    let asked = Asked::read(&request.query)?;
    let catalogue = cloud.catalogue();
    let mut told = Vec::new();
    let outcome = cloud.own(tenant).map_err(Fault::from).and_then(|own| {
        cloud.read(&own, |cx| {
            cx.look_through_log(asked.times, true, |number, at, entry| {
                let wanted = asked.product.as_deref().is_none_or(|product| entry.product() == product);
                if wanted && number < asked.below && told.len() < asked.most {
                    told.push(entry_told(&catalogue, number, at, entry));
                }
                told.len() < asked.most
            })
        })
    });
    Ok(match outcome {
        Ok(()) => in_json(200, &json!({ "entries": told })),
        Err(cause) => {
            tracing::error!(%cause, "a log cannot be told");
            in_json(500, &json!({ "error": cause.to_string() }))
        }
    })
}

fn entry_told(catalogue: &Catalogue, number: u64, at: Time, entry: Entry) -> Value {
    let mut members = Map::new();
    let mut tell = |name: &str, value: Value| {
        if value != Value::Null && value != "" {
            members.insert(name.to_owned(), value);
        }
    };
    let resource = catalogue.resource(&entry.kind);
    let operation = resource.and_then(|resource| resource.operations.get(&entry.operation));
    let product = entry.product().to_owned();
    tell("number", json!(number));
    tell("at", json!(at));
    tell("product", product.into());
    tell("kind", entry.kind.into());
    tell("operation", entry.operation.into());
    tell("action", operation.map(|operation| operation.action()).into());
    tell("category", resource.map(|resource| resource.log_category()).into());
    tell("part", resource.map(|resource| resource.log_part()).into());
    tell("id", entry.id.into());
    tell("object", entry.object.into());
    tell("client", json!({ "id": entry.client_id, "name": entry.name }));
    tell("roles", if entry.roles.is_empty() { Value::Null } else { json!(entry.roles) });
    tell("address", entry.address.map(|address| address.to_string()).into());
    tell("interface", json!(if entry.interface == Interface::Scim { "SCIM" } else { "API" }));
    tell("trace", entry.trace.into());
    tell("result", json!(if entry.refused.is_none() { "SUCCESS" } else { "FAILURE" }));
    if let Some(refused) = entry.refused {
        tell("status", refused.status.into());
        tell("code", refused.code.into());
        tell("why", refused.words.into());
    }
    let record = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    tell("before", record(entry.before).unwrap_or_default());
    tell("after", record(entry.after).unwrap_or_default());
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::{Asked, MOST};

    #[test]
    fn a_question_is_read_strictly_and_bounded() {
        let asked = |name: &str, value: &str| Asked::read(&[(name.to_owned(), value.to_owned())]);
        assert_eq!(asked("most", "9000000").map(|asked| asked.most), Ok(MOST));
        assert_eq!(asked("from", "5").map(|asked| asked.times.0), Ok(5));
        assert!(asked("from", "yesterday").is_err_and(|why| why.contains("`from` is a number")));
        assert!(asked("form", "5").is_err_and(|why| why.contains("there is no `form`")));
    }
}
