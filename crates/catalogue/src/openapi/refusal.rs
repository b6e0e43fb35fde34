//! What a family answers when it refuses: a schema for its errors, and a response for each status.
//!
//! The families' dialects write these answers; a test of theirs holds every one of them against this page.

use serde_json::{Map, Value, json};
use zuno_notation::{Failure, Family, Method, Operation, Product};

/// How a refusal's body looks.
#[derive(Clone, Copy)]
enum Shown {
    /// The family's error object.
    Error,
    /// The family's error object; or nothing, where a rule of the product has no words.
    Perhaps,
    /// No body, and so no media type.
    Nothing,
    /// The same, or for a path text that is no JSON although its media type says so (seen).
    PerhapsText,
    /// The gateway's own object.
    Gateway,
    /// The gateway's own object, or the family's error object.
    Either,
}

/// The refusals of a family by status.
fn statuses(family: Family) -> Vec<(u16, &'static str, Shown)> {
    let (ruled, path, method) = match family {
        Family::Zia | Family::Ztw => (Shown::Perhaps, Shown::Perhaps, Shown::Perhaps),
        Family::Zcc => (Shown::Perhaps, Shown::PerhapsText, Shown::Perhaps),
        Family::Zpa | Family::Zdx | Family::Zidentity => (Shown::Error, Shown::Error, Shown::Error),
    };
    let media =
        if matches!(family, Family::Zia | Family::Ztw | Family::Zcc) { Shown::Nothing } else { Shown::Error };
    vec![
        (400, "The request is wrong in itself.", ruled),
        match family {
            Family::Zpa => (
                401,
                "The token is missing, malformed, expired or revoked; or the tenant has not bought this.",
                Shown::Either,
            ),
            _ => (401, "The token is missing, malformed, expired or revoked.", Shown::Gateway),
        },
        (403, "The API client may not do this, or the product serves reads only.", ruled),
        (404, "There is no such record or path.", path),
        (405, "The path has other methods, or Zuno does not have the operation yet and says so.", method),
        (409, "It clashes with the tenant's state, or another writer holds the lock.", ruled),
        (413, "The body is larger than 32 MiB.", Shown::Gateway),
        (415, "The body is not announced as JSON.", media),
        (429, "The limit of calls is used up; `Retry-After` says when to go on.", Shown::Error),
        (500, "The server failed.", Shown::Error),
        (
            503,
            "The product cannot answer for the moment; `Retry-After` says when to try again.",
            Shown::Error,
        ),
    ]
}

/// The family's error object. Every member may be absent: which are there depends on the refusal.
fn error(family: Family) -> Value {
    let text = json!({"type": "string"});
    match family {
        Family::Zpa => json!({"type": "object", "properties": {
            "params": {"type": "array", "items": {"type": "string"}},
            "id": text, "reason": text, "exception": text, "code": text, "message": text,
        }}),
        Family::Zcc => json!({"type": "object", "properties": {
            "title": text, "errorCode": {"type": "null"}, "errorMessage": text, "code": text, "message": text,
        }}),
        Family::Zia | Family::Ztw => json!({"type": "object", "properties": {
            "code": text, "message": text, "Retry-After": text,
        }}),
        Family::Zdx | Family::Zidentity => {
            json!({"type": "object", "properties": {"code": text, "message": text}})
        }
    }
}

/// Adds a family's responses and the schemas they speak of.
pub(super) fn components(
    family: &Product,
    schemas: &mut Map<String, Value>,
    responses: &mut Map<String, Value>,
) {
    let gateway = json!({"type": "object", "properties": {
        "detail": {"type": "string"}, "type": {"type": "string"}, "title": {"type": "string"},
        "status": {"type": "string"},
    }});
    schemas.insert("GatewayError".into(), gateway);
    let name = format!("{}.Error", family.name);
    schemas.insert(name.clone(), error(family.dialect));
    let own = json!({"$ref": format!("#/components/schemas/{name}")});
    let gateway = json!({"$ref": "#/components/schemas/GatewayError"});
    for (status, doc, shown) in statuses(family.dialect) {
        let json =
            |schema: Value| json!({"description": doc, "content": {"application/json": {"schema": schema}}});
        let mut response = match shown {
            Shown::Nothing => json!({"description": doc}),
            Shown::PerhapsText => {
                let text =
                    json!({"type": "string", "description": "Not JSON, whatever its media type says."});
                json(json!({"anyOf": [own.clone(), text]}))
            }
            Shown::Gateway => json(gateway.clone()),
            Shown::Either => json(json!({"anyOf": [own.clone(), gateway.clone()]})),
            // The gateway refuses a product that the client has no entitlement for in words of its own.
            _ if status == 403 => json(json!({"anyOf": [own.clone(), gateway.clone()]})),
            Shown::Error | Shown::Perhaps => json(own.clone()),
        };
        if matches!(shown, Shown::Perhaps | Shown::PerhapsText) {
            response["description"] = json!(format!("{doc} It may come without a body."));
        }
        if status == 429 {
            response["headers"] = json!({"Retry-After": {"schema": {"type": "string"}}});
        }
        responses.insert(format!("{}.{status}", family.name), response);
    }
}

/// The refusals an operation may answer with.
pub(super) fn of_operation(family: &Product, operation: &Operation, responses: &mut Map<String, Value>) {
    let method = operation.method;
    for (status, ..) in statuses(family.dialect) {
        // Only what carries a body can have a wrong or too large one.
        if matches!(status, 413 | 415) && matches!(method, Method::Get | Method::Delete) {
            continue;
        }
        let reference = json!({"$ref": format!("#/components/responses/{}.{status}", family.name)});
        responses.insert(status.to_string(), reference);
    }
    if let Some(failure) = &operation.fails {
        responses.insert("500".into(), known_failure(family, failure));
    }
}

/// The response of a failure that the product itself is known for, with the very body.
fn known_failure(family: &Product, failure: &Failure) -> Value {
    let description = format!("The server failed, as the product itself does on this: {}.", failure.on);
    if failure.code.is_empty() && failure.message.is_empty() {
        return json!({"description": description, "x-zuno-known": null});
    }
    let mut body = json!({"code": failure.code});
    if !failure.message.is_empty() {
        body["message"] = json!(failure.message);
    }
    let own = json!({"$ref": format!("#/components/schemas/{}.Error", family.name)});
    json!({
        "description": description,
        "content": {"application/json": {"schema": own, "example": body}},
        "x-zuno-known": body,
    })
}

/// The one answer of an operation that is not built, or that the cloud does not publish.
pub(super) fn alone(family: &Product, status: u16) -> Value {
    let reference = format!("#/components/responses/{}.{status}", family.name);
    Value::Object([(status.to_string(), json!({ "$ref": reference }))].into_iter().collect())
}
