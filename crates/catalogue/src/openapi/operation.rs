//! Operations: a described one with everything it takes and answers, an absent one with its refusal.

use serde_json::{Map, Value, json};
use zuno_notation::{
    Family, LedgerLine, Method, Numbers, Operation, PageStyle, Paging, Product, Resource, Takes, Verb,
};

use super::document::Document;
use super::schema::{Side, constant};
use super::{parameter, refusal};

/// An operation that is known and not described: another host answers it, or it is not built.
pub(super) fn undescribed(document: &Document<'_>, line: &LedgerLine, noun: &str, id: &str) -> Value {
    let family = document.catalogue.product(&line.product);
    let verb = line.operation.rsplit('.').next().unwrap_or_default().replace('_', " ");
    if let Some((host, path)) = line.answered_at() {
        return json!({
            "operationId": id,
            "tags": [document.tag_name(line, noun)],
            "summary": format!("{noun}: {verb} (at a host of its own)"),
            "description": format!("Answered at `{host}{path}`."),
            "x-zuno-grade": line.grade,
            "x-zuno-evidence": line.evidence,
            "responses": {"default": {"description": format!("Not answered here: `{host}{path}` does.")}},
        });
    }
    json!({
        "operationId": id,
        "tags": [document.tag_name(line, noun)],
        "summary": format!("{noun}: {verb} (not built)"),
        "x-zuno-grade": "absent",
        "responses": family.map(|family| refusal::alone(family, 405)),
    })
}

/// An operation that is described.
pub(super) fn described<'a>(
    document: &mut Document<'a>,
    line: &LedgerLine,
    resource: &'a Resource,
    operation: &'a Operation,
    id: &str,
) -> Value {
    let family = document.catalogue.owner(resource);
    let mut written = Map::new();
    written.insert("operationId".into(), json!(id));
    written.insert("tags".into(), json!([document.tag_name(line, &resource.noun)]));
    written.insert("summary".into(), json!(summary(resource, operation)));
    written.insert("description".into(), json!(description(resource, operation)));
    written.insert("x-zuno-grade".into(), json!(line.grade));
    written.insert("x-zuno-evidence".into(), json!(line.evidence));
    let query = parameter::of_query(family, resource, operation);
    if !query.is_empty() {
        written.insert("parameters".into(), Value::Array(query));
    }
    if let Some(body) = request_body(document, resource, operation) {
        written.insert("requestBody".into(), body);
    }
    if operation.unpublished {
        written.insert("responses".into(), refusal::alone(family, 404));
        return Value::Object(written);
    }
    let mut responses = Map::new();
    let status = document.catalogue.success(resource, operation);
    responses.insert(status.to_string(), success(document, family, resource, operation, status));
    if let Some(failure) = told_failure(family, operation).filter(|_| status != 200) {
        let body = json!({"application/json": {"schema": failure}});
        responses.insert("200".into(), json!({"description": "Refused.", "content": body}));
    }
    refusal::of_operation(family, operation, &mut responses);
    written.insert("responses".into(), Value::Object(responses));
    Value::Object(written)
}

/// One line for lists: what the operation says of itself, or verb and noun.
fn summary(resource: &Resource, operation: &Operation) -> String {
    if !operation.doc.is_empty() {
        let first = operation.doc.split(". ").next().unwrap_or_default();
        return first.trim_end_matches('.').to_owned();
    }
    let noun = &resource.noun;
    let one = match (resource.singleton, noun.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O'])) {
        (true, _) => format!("the {noun}"),
        (false, true) => format!("an {noun}"),
        (false, false) => format!("a {noun}"),
    };
    match operation.verb {
        Verb::List => format!("List {}", plural(noun)),
        Verb::Read => format!("Read {one}"),
        Verb::Create => format!("Create {one}"),
        Verb::Update => format!("Change {one}"),
        Verb::Delete => format!("Delete {one}"),
        Verb::Count => format!("Count {}", plural(noun)),
        Verb::Patch => format!("Change parts of {one}"),
        Verb::BulkCreate => format!("Create {}", plural(noun)),
        Verb::BulkDelete | Verb::DeleteAll => format!("Delete {}", plural(noun)),
        Verb::Act => format!("{}: {}", resource.title(), operation.name.replace('_', " ")),
    }
}

fn plural(noun: &str) -> String {
    let vowel_before = noun.chars().rev().nth(1).is_some_and(|letter| "aeiou".contains(letter));
    match noun {
        _ if noun.ends_with('y') && !vowel_before => format!("{}ies", &noun[..noun.len() - 1]),
        _ if noun.ends_with("settings") => noun.to_owned(),
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

fn description(resource: &Resource, operation: &Operation) -> String {
    let mut text = if operation.doc.is_empty() { resource.doc.clone() } else { operation.doc.clone() };
    if resource.staged && operation.writes() {
        text.push_str(" Pending until the next activation.");
    }
    if operation.unless.is_some() {
        text.push_str(" Refused while others point at it.");
    }
    if let Some(limit) = resource.limit.filter(|_| operation.verb == Verb::Create) {
        text.push_str(&format!(" A tenant may have {limit}."));
    }
    text
}

fn request_body<'a>(
    document: &mut Document<'a>,
    resource: &'a Resource,
    operation: &'a Operation,
) -> Option<Value> {
    let asks_nothing = !operation.sets.is_empty() && operation.members.is_empty();
    if asks_nothing || matches!(operation.method, Method::Get | Method::Delete) {
        return None;
    }
    match operation.takes {
        Some(Takes::Text) => return Some(json!({"content": {"*/*": {"schema": {"type": "string"}}}})),
        Some(Takes::File) => {
            let file = json!({"type": "string", "contentMediaType": "application/octet-stream"});
            let form = json!({"type": "object", "properties": {"fileUpload": file}});
            return Some(json!({"required": true, "content": {"multipart/form-data": {"schema": form}}}));
        }
        None => {}
    }
    let side = match (operation.verb, operation.method) {
        (Verb::Create, _) | (_, Method::Post) => Side::New,
        _ => Side::Change,
    };
    let named = operation.body.as_deref().and_then(|shape| document.schemas.typed(resource, shape, side));
    let (schema, needed) = match (named, operation.verb) {
        (Some(schema), _) => (schema, true),
        (None, Verb::Create | Verb::Update) => (document.schemas.record(resource, side), true),
        (None, Verb::Patch) => (document.schemas.patch(resource, &operation.members), true),
        (None, Verb::BulkCreate) => {
            let record = document.schemas.record(resource, Side::New);
            (
                several(
                    operation,
                    json!({"type": "array", "items": record, "maxItems": operation.at_most()}),
                ),
                true,
            )
        }
        (None, Verb::BulkDelete) => {
            (several(operation, json!({"type": "array", "maxItems": operation.at_most()})), true)
        }
        // What a behaviour reads is its own affair: it may want nothing at all.
        (None, _) => (json!({}), false),
    };
    Some(json!({"required": needed, "content": {"application/json": {"schema": schema}}}))
}

fn success<'a>(
    document: &mut Document<'a>,
    family: &'a Product,
    resource: &'a Resource,
    operation: &'a Operation,
    status: u16,
) -> Value {
    if let Some(media) = &operation.gives {
        return json!({"description": "Done.", "content": { media.as_str(): {"schema": {"type": "string"}} }});
    }
    let schema = match shown(document, family, resource, operation, status) {
        Content::Nothing => return json!({"description": "Done; no body."}),
        Content::Anything => return json!({"description": "Done.", "content": {"*/*": {}}}),
        Content::Json(schema) => schema,
    };
    let schema = match told_failure(family, operation) {
        Some(failure) => json!({"anyOf": [schema, failure]}),
        None => schema,
    };
    json!({"description": "Done.", "content": {"application/json": {"schema": schema}}})
}

/// One family tells some failures under the status 200.
fn told_failure(family: &Product, operation: &Operation) -> Option<Value> {
    let usual = || json!({"success": "false", "id": 0});
    let failure = operation.failure.as_ref().map(|failure| failure.0.clone());
    let told = failure.or_else(|| (family.dialect == Family::Zcc && operation.writes()).then(usual))?;
    Some(constant(&told))
}

/// What a count or a bulk verb is about, bare or as the member that the operation names.
fn several(operation: &Operation, schema: Value) -> Value {
    match &operation.listed_in {
        Some(member) => json!({"type": "object", "properties": { member: schema }, "required": [member]}),
        None => schema,
    }
}

/// What a success answers with.
enum Content {
    Nothing,
    Anything,
    Json(Value),
}

fn shown<'a>(
    document: &mut Document<'a>,
    family: &'a Product,
    resource: &'a Resource,
    operation: &'a Operation,
    status: u16,
) -> Content {
    if let Some(constant_answer) = &operation.answer {
        return Content::Json(constant(&constant_answer.0));
    }
    if status == 204 {
        return Content::Nothing;
    }
    let verb = match operation.returns.as_deref().unwrap_or_default() {
        "list" => Verb::List,
        "read" => Verb::Read,
        "" => implied(operation),
        shape => {
            let side = Side::Shown(implied(operation));
            return document.schemas.typed(resource, shape, side).map_or(Content::Anything, Content::Json);
        }
    };
    let member = operation.member.as_ref().and_then(|name| resource.field(name));
    let record = |document: &mut Document<'a>| match (member, &operation.view) {
        (Some(field), _) => {
            let shape = field.shape.to_string();
            document.schemas.typed(resource, &shape, Side::Shown(verb)).unwrap_or(json!({}))
        }
        (None, Some(view)) => document.schemas.view(resource, view, verb),
        (None, None) => document.schemas.record(resource, Side::Shown(verb)),
    };
    match verb {
        Verb::List => {
            let rule = operation.page.as_ref().or(resource.page.as_ref()).unwrap_or(&family.page);
            let item = record(document);
            Content::Json(envelope(family, resource, rule, &item))
        }
        Verb::Read | Verb::Create | Verb::Update => Content::Json(record(document)),
        Verb::Count => Content::Json(several(operation, json!({"type": "integer"}))),
        Verb::Patch => Content::Json(document.schemas.record(resource, Side::Shown(Verb::Update))),
        Verb::BulkCreate => {
            let record = document.schemas.record(resource, Side::Shown(Verb::Create));
            Content::Json(several(operation, json!({"type": "array", "items": record})))
        }
        Verb::BulkDelete if operation.listed_in.is_some() => {
            Content::Json(several(operation, json!({"type": "array"})))
        }
        Verb::Delete | Verb::BulkDelete | Verb::DeleteAll => Content::Nothing,
        Verb::Act => Content::Anything,
    }
}

/// The verb whose answer an operation's looks like; a behaviour that stands in for a plain verb keeps its name.
fn implied(operation: &Operation) -> Verb {
    match (operation.verb, operation.name.as_str()) {
        (Verb::Act, "list") => Verb::List,
        (Verb::Act, "read") => Verb::Read,
        (verb, _) => verb,
    }
}

/// A list's envelope around a record.
fn envelope(family: &Product, resource: &Resource, rule: &Paging, item: &Value) -> Value {
    let wire = resource.wire.as_ref().unwrap_or(&family.wire);
    let count = match wire.numbers {
        Numbers::Numbers => json!({"type": "integer"}),
        Numbers::Strings => json!({"type": "string", "format": "int64"}),
    };
    let plain = json!({"type": "integer"});
    let items = json!({"type": "array", "items": item});
    let named = |default: &str| rule.items.clone().unwrap_or_else(|| default.to_owned());
    let mut members = Map::new();
    match rule.style {
        PageStyle::Whole | PageStyle::Array => return items,
        PageStyle::Totals => {
            members.insert("totalPages".into(), count.clone());
            if rule.current {
                members.insert("currentCount".into(), count.clone());
            }
            members.insert("totalCount".into(), count);
            members.insert(named("list"), items);
        }
        PageStyle::Counted => {
            members.insert("totalCount".into(), plain);
            members.insert(named("items"), items);
        }
        PageStyle::Offset => {
            for name in ["pageOffset", "pageSize", "totalRecord", "results_total"] {
                members.insert(name.into(), plain.clone());
            }
            members.insert("records".into(), items);
            for name in ["next_link", "prev_link"] {
                members.insert(name.into(), json!({"type": "string", "format": "uri"}));
            }
        }
        PageStyle::Skip => {
            members.insert(named("items"), items);
            for name in ["total", "offset", "limit", "count"] {
                members.insert(name.into(), plain.clone());
            }
        }
        PageStyle::Cursor => {
            members.insert(named("items"), items);
            members.insert("next_offset".into(), json!({"type": ["string", "null"]}));
        }
    }
    json!({"type": "object", "properties": members})
}
