//! What questions and answers look like, as OpenAPI 3.1: their words and members are drawn from the types themselves.

use serde::Serialize;
use serde_json::{Map, Value, json};
use zuno_policy::{Action, Assumption, Module, Options, Outcome, Product, Question, VERSION};

/// The document.
pub fn document() -> Value {
    let verdict = json!({
        "type": "object",
        "required": ["version", "action", "module", "rule", "product", "path", "assumed", "unknown"],
        "properties": {
            "version": {"const": VERSION},
            "action": words(Action::ALL),
            "module": words(Module::ALL),
            "rule": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Rule"}]},
            "reason": {"type": "string"},
            "product": words(Product::ALL),
            "path": list(json!({"type": "object", "properties": {
                "module": words(Module::ALL), "outcome": words(Outcome::ALL),
                "rule": {"$ref": "#/components/schemas/Rule"}, "note": {"type": "string"},
            }})),
            "trace": list(json!({"type": "object", "properties": {
                "module": words(Module::ALL), "rule": {"$ref": "#/components/schemas/Rule"},
                "failed": {"type": ["string", "null"]}, "detail": {"type": "string"},
            }})),
            "assumed": list(words(Assumption::ALL)),
            "unknown": list(json!({"type": "object", "properties": {
                "module": words(Module::ALL), "criteria": list(json!({"type": "string"})),
                "rule": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Rule"}]},
            }})),
            "details": {"type": "object"},
        },
    });
    let answers = json!({"type": "object", "properties": {"answers": list(json!({"$ref": "#/components/schemas/Verdict"}))}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "What if", "version": VERSION.to_string()},
        "paths": {"/_zuno/what-if": {"post": {
            "operationId": "what_if",
            "summary": "What would become of a request, by which rule, and why.",
            "security": [{"operator": []}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "tenant": {"type": "string"}, "staged": {"type": "boolean"}, "trace": {"type": "boolean"},
                    "options": members(&Options::default(), &json!({"type": "boolean"})),
                    "question": {"$ref": "#/components/schemas/Question"},
                    "questions": list(json!({"$ref": "#/components/schemas/Question"})),
                },
            }}}},
            "responses": {
                "200": {"description": "The answer, or those of a list.", "content": {"application/json": {"schema": {
                    "oneOf": [{"$ref": "#/components/schemas/Verdict"}, answers],
                }}}},
                "400": {"description": "It cannot be understood; `error` says why."},
                "404": {"description": "There is no such tenant."},
            },
        }}},
        "components": {
            "securitySchemes": {"operator": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Question": members(&Question::default(), &json!({})),
                "Rule": {"type": "object", "properties": {
                    "id": {"type": "string"}, "name": {"type": "string"}, "order": {"type": "integer"},
                }},
                "Verdict": verdict,
            },
        },
    })
}

fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

fn words<T: Serialize>(all: &[T]) -> Value {
    json!({"type": "string", "enum": all})
}

/// An object with the members that a value has, and no others.
fn members<T: Serialize>(value: &T, each: &Value) -> Value {
    let value = serde_json::to_value(value).unwrap_or_default();
    let names = value.as_object().into_iter().flat_map(Map::keys);
    let properties: Map<String, Value> = names.map(|name| (name.clone(), each.clone())).collect();
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn questions_have_their_members_and_answers_their_words() {
        let document = document();
        let question = &document["components"]["schemas"]["Question"]["properties"];
        assert!(question.get("url").is_some() && question.get("scim_groups").is_some(), "{question}");
        let actions = &document["components"]["schemas"]["Verdict"]["properties"]["action"]["enum"];
        assert!(actions.as_array().is_some_and(|all| all.contains(&"DENY_DEFAULT".into())), "{actions}");
    }
}
