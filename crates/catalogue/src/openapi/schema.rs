//! Schemas: what a caller may send, what an answer of each verb shows, in the product's spelling.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zuno_notation::{
    Access, Field, Fields, Format, Ids, Numbers, OnUpdate, Product, Resource, Shape, Stamp, Unknown, Verb,
    Wire,
};

use super::condition::conditions;
use crate::Catalogue;

/// In which body a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// A create's request.
    New,
    /// An update's request.
    Change,
    /// The answer to a verb.
    Shown(Verb),
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Side::New => "new",
            Side::Change => "change",
            Side::Shown(Verb::List) => "listed",
            Side::Shown(Verb::Create | Verb::BulkCreate) => "created",
            Side::Shown(Verb::Update | Verb::Patch) => "updated",
            Side::Shown(_) => "read",
        }
    }

    fn verb(self) -> Option<Verb> {
        match self {
            Side::Shown(verb) => Some(verb),
            Side::New | Side::Change => None,
        }
    }
}

/// The schemas that the document has needed so far, by name.
pub(super) struct Schemas<'a> {
    catalogue: &'a Catalogue,
    built: BTreeMap<String, Value>,
}

/// Where a value is spelt: the resource whose file it is from, and that resource's product and spelling.
#[derive(Clone, Copy)]
struct Place<'a> {
    resource: &'a Resource,
    product: &'a Product,
    wire: &'a Wire,
    side: Side,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Schemas<'a> {
        Schemas { catalogue, built: BTreeMap::new() }
    }

    /// Everything that was needed, in the order of the names.
    pub(super) fn finish(self) -> Map<String, Value> {
        self.built.into_iter().collect()
    }

    fn place(&self, resource: &'a Resource, side: Side) -> Place<'a> {
        let product = self.catalogue.owner(resource);
        Place { resource, product, wire: resource.wire.as_ref().unwrap_or(&product.wire), side }
    }

    /// A whole record.
    pub(super) fn record(&mut self, resource: &'a Resource, side: Side) -> Value {
        let place = self.place(resource, side);
        let name = format!("{}.{}", resource.kind, side.name());
        self.named(name, |schemas| {
            // What the path names is taken from there, whatever the body says.
            let in_path = |name: &str| name != "id" && resource.path.contains(&format!("{{{name}}}"));
            let mut schema = schemas.object(place, &resource.fields, &|name| !in_path(name));
            let properties = schema["properties"].as_object();
            let conditions =
                properties.map(|properties| conditions(resource, properties)).unwrap_or_default();
            if side.verb().is_none() && !conditions.is_empty() {
                schema["allOf"] = Value::Array(conditions);
            }
            schema
        })
    }

    /// The members that a patch may change, any of them.
    pub(super) fn patch(&mut self, resource: &'a Resource, members: &[String]) -> Value {
        let place = self.place(resource, Side::Change);
        let is_open = |name: &str| members.is_empty() || members.iter().any(|member| member == name);
        let mut schema = self.object(place, &resource.fields, &is_open);
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("required");
        }
        schema
    }

    /// A record in one of its views; its id and name when the resource has no such view.
    pub(super) fn view(&mut self, resource: &'a Resource, view: &str, verb: Verb) -> Value {
        let side = Side::Shown(verb);
        let place = self.place(resource, side);
        let name = format!("{}.{view}.{}", resource.kind, side.name());
        self.named(name, |schemas| {
            let id_and_name = ["id".to_owned(), "name".to_owned()];
            let members = resource.views.get(view).map_or(&id_and_name[..], Vec::as_slice);
            let mut properties = Map::new();
            for name in members {
                if let Some(field) = resource.field(name) {
                    properties.insert(name.clone(), schemas.member(place, field));
                }
            }
            json!({"type": "object", "properties": properties})
        })
    }

    /// What an operation's `body` or `returns` says: a type as fields have it, a record as `read`, or a list of either.
    pub(super) fn typed(&mut self, resource: &'a Resource, shape: &str, side: Side) -> Option<Value> {
        if let Some(inner) = shape.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            return self.typed(resource, inner, side).map(|items| json!({"type": "array", "items": items}));
        }
        if shape == "read" {
            let side = if side.verb().is_some() { Side::Shown(Verb::Read) } else { side };
            return Some(self.record(resource, side));
        }
        let shape = Shape::try_from(shape.to_owned()).ok()?;
        let place = self.place(resource, side);
        Some(self.value(place, None, &shape))
    }

    /// A reference to a schema of this name, which is made unless it is there.
    fn named(&mut self, name: String, make: impl FnOnce(&mut Self) -> Value) -> Value {
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        if !self.built.contains_key(&name) {
            // The name is taken first: a value that holds its own kind ends here.
            self.built.insert(name.clone(), Value::Null);
            let schema = make(self);
            self.built.insert(name, schema);
        }
        reference
    }

    fn object(&mut self, place: Place<'a>, fields: &'a Fields, keeps: &dyn Fn(&str) -> bool) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let requests = place.side.verb().is_none();
        for (name, field) in fields {
            let there = match place.side {
                Side::Shown(verb) => is_shown(field, verb),
                side => keeps(name) && may_be_sent(field, side),
            };
            if !there {
                continue;
            }
            let top = std::ptr::eq(fields, &place.resource.fields);
            if requests && must_be_sent(place, field, top) {
                required.push(Value::String(name.clone()));
            }
            properties.insert(name.clone(), self.member(place, field));
        }
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = Value::Array(required);
        }
        if requests && place.resource.unknown.unwrap_or(place.product.unknown) == Unknown::Reject {
            schema["additionalProperties"] = json!(false);
        }
        schema
    }

    /// A member with what its field says about it.
    fn member(&mut self, place: Place<'a>, field: &'a Field) -> Value {
        let mut schema = match field.stamp {
            Some(Stamp::ScopeName) => json!({"type": "string"}),
            _ => self.value(place, Some(field), &field.shape),
        };
        let mut doc = field.doc.clone();
        if let Some(unit) = &field.unit {
            doc.push_str(&format!(" In {unit}."));
        } else if field.shape == Shape::Time {
            doc.push_str(" In seconds since 1970.");
        }
        if !doc.is_empty() {
            schema["description"] = json!(doc.trim());
        }
        if place.side.verb().is_none() {
            if let Some(default) = field.default.as_ref().filter(|_| place.side == Side::New) {
                schema["default"] = spelt(place.wire, &field.shape, &default.0);
            }
            if field.secret {
                schema["writeOnly"] = json!(true);
            }
        }
        if let Some(evidence) = &field.evidence {
            schema["x-zuno-evidence"] = json!(evidence);
        }
        schema
    }

    fn value(&mut self, place: Place<'a>, field: Option<&'a Field>, shape: &Shape) -> Value {
        let limits = field.filter(|field| place.side.verb().is_none() && field.shape == *shape);
        let mut schema = match shape {
            Shape::String => match field.and_then(|field| field.format) {
                Some(Format::Email) => json!({"type": "string", "format": "email"}),
                Some(Format::Ipv4) => json!({"type": "string", "format": "ipv4"}),
                Some(Format::Host) => json!({"type": "string", "format": "hostname"}),
                _ => json!({"type": "string"}),
            },
            Shape::Int | Shape::Time => number(place.wire.numbers, "integer", "int64"),
            Shape::Float => number(place.wire.numbers, "number", "double"),
            Shape::Bool => json!({"type": "boolean"}),
            Shape::Enum => json!({"type": "string", "enum": field.map(|field| &field.values)}),
            Shape::Any => json!({}),
            Shape::Id => id(place, place.resource.ids.as_ref().unwrap_or(&place.product.ids)),
            Shape::Ref(kind) => self.reference(place, kind),
            Shape::Link(kind) => self.link(place, field, kind),
            Shape::Named(name) => self.value_type(place, name),
            Shape::List(inner) => json!({"type": "array", "items": self.value(place, field, inner)}),
        };
        if let Some(field) = limits {
            limit(&mut schema, field);
        }
        schema
    }

    fn value_type(&mut self, place: Place<'a>, name: &str) -> Value {
        let own = place.resource.types.get(name);
        let fields = own.or_else(|| place.product.types.get(name));
        let Some(fields) = fields else { return json!({}) };
        // A type of the product's is spelt once, unless this resource spells its values in a way of its own.
        let shared = own.is_none() && place.resource.wire.is_none() && place.resource.unknown.is_none();
        let home = if shared { &place.product.name } else { &place.resource.kind };
        let name = format!("{home}.{name}.{}", place.side.name());
        self.named(name, |schemas| schemas.object(place, fields, &|_| true))
    }

    fn reference(&self, place: Place<'a>, kind: &str) -> Value {
        match self.catalogue.resource(kind) {
            Some(target) => {
                let product = self.catalogue.owner(target);
                id(place, target.ids.as_ref().unwrap_or(&product.ids))
            }
            None => json!({}),
        }
    }

    /// `{id, …}`: the id in a request; in an answer the target's view, or its id with the constant stub.
    fn link(&mut self, place: Place<'a>, field: Option<&'a Field>, kind: &str) -> Value {
        let own = self.reference(place, kind);
        let only_id = json!({"type": "object", "properties": {"id": own}});
        let (Some(verb), Some(field)) = (place.side.verb(), field) else { return only_id };
        let Some(target) = self.catalogue.resource(kind) else { return only_id };
        if field.hydrated.as_ref().is_none_or(|verbs| verbs.contains(&verb)) {
            let listed = field.list_view.as_deref().filter(|_| verb == Verb::List);
            return self.view(target, listed.or(field.view.as_deref()).unwrap_or("ref"), verb);
        }
        let mut stub = only_id;
        if let Some(members) = field.stub.as_ref().and_then(|stub| stub.0.as_object()) {
            for (name, value) in members {
                stub["properties"][name] = constant(value);
            }
        }
        match &field.stub_view {
            Some(view) => json!({"allOf": [stub, self.view(target, view, verb)]}),
            None => stub,
        }
    }
}

fn is_shown(field: &Field, verb: Verb) -> bool {
    let shown = field.shown.as_ref().is_none_or(|shown| shown.contains(&verb));
    field.access != Access::Hidden && !field.secret && shown
}

/// Whether a request's member has an effect, by what its field says.
fn may_be_sent(field: &Field, side: Side) -> bool {
    let settable = match field.access {
        Access::Optional | Access::Required | Access::Once => side == Side::New || !field.is_fixed(),
        Access::Server | Access::Hidden => false,
    };
    settable && field.stamp.is_none() && field.inverse.is_none() && field.from.is_none()
}

fn must_be_sent(place: Place<'_>, field: &Field, top: bool) -> bool {
    let kept = top && place.side == Side::Change && place.product.on_update(field) != OnUpdate::Clear;
    field.access == Access::Required && field.default.is_none() && !kept
}

fn number(numbers: Numbers, kind: &str, format: &str) -> Value {
    match numbers {
        Numbers::Numbers => json!({"type": kind, "format": format}),
        Numbers::Strings => json!({"type": "string", "format": format}),
    }
}

/// A default as a request would spell it.
fn spelt(wire: &Wire, shape: &Shape, default: &Value) -> Value {
    let strings = match shape {
        Shape::Int | Shape::Time | Shape::Float => wire.numbers == Numbers::Strings,
        Shape::Id | Shape::Ref(_) => wire.ids.unwrap_or(wire.numbers) == Numbers::Strings,
        _ => return default.clone(),
    };
    match default {
        Value::Number(number) if strings => json!(number.to_string()),
        Value::String(text) if !strings => text.parse::<i64>().map_or_else(|_| default.clone(), Value::from),
        plain => plain.clone(),
    }
}

/// An id as the place spells ids of this sort: a text that happens to be a number is one where numbers are printed.
fn id(place: Place<'_>, ids: &Ids) -> Value {
    match (place.wire.ids.unwrap_or(place.wire.numbers), ids) {
        (Numbers::Strings, _) | (_, Ids::Opaque(_) | Ids::Uuid) => json!({"type": "string"}),
        (Numbers::Numbers, Ids::TenantSeries | Ids::Counter { .. } | Ids::Least { .. }) => {
            json!({"type": "integer", "format": "int64"})
        }
        (Numbers::Numbers, Ids::Chosen) => json!({"type": ["string", "integer"]}),
    }
}

/// The least and greatest value, or length, that a request may have.
fn limit(schema: &mut Value, field: &Field) {
    let (least, most) = match field.shape {
        Shape::String => ("minLength", "maxLength"),
        Shape::List(_) => ("minItems", "maxItems"),
        Shape::Int | Shape::Time | Shape::Float if schema["type"] != "string" => ("minimum", "maximum"),
        _ => return,
    };
    if let Some(min) = field.min {
        schema[least] = json!(min);
    }
    if let Some(max) = field.max {
        schema[most] = json!(max);
    }
}

/// The schema of a constant answer; a placeholder stands for an id.
pub(super) fn constant(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let properties: Map<String, Value> =
                members.iter().map(|(name, value)| (name.clone(), constant(value))).collect();
            json!({"type": "object", "properties": properties})
        }
        Value::Array(_) => json!({"type": "array"}),
        Value::String(text) if text.contains("{id}") => json!({"type": ["string", "integer"]}),
        plain => json!({"const": plain}),
    }
}
