//! From a body's JSON to a record's members: types, ranges and words checked against the fields.

use serde_json::{Map, Value};
use zuno_catalogue::{Access, Catalogue, Field, Fields, Product, Resource, Shape, Unknown};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The longest text that stands for an id: no product's ids come near it.
const LONGEST_ID: usize = 255;

/// The most bytes of JSON that a member of no described shape may have (guessed).
const LARGEST_ANY: usize = 1 << 20;

/// Reads a body as members of a resource. What the server alone writes is passed over, as is `null`.
///
/// # Errors
/// The first member that is wrong, with its dotted name.
pub fn body(catalogue: &Catalogue, resource: &Resource, body: &Value) -> Result<Record, Fault> {
    let Value::Object(members) = body else {
        return Err(Fault::Unreadable(format!("a JSON object is wanted for a {}", resource.noun)));
    };
    let unknown = resource.unknown.unwrap_or(catalogue.owner(resource).unknown);
    Decoder::of_callers(catalogue, resource, unknown).object("", &resource.fields, members, false)
}

/// Reads a body as a value type of a resource, with its defaults.
///
/// # Errors
/// The first member that is wrong, with its dotted name.
pub fn named(catalogue: &Catalogue, resource: &Resource, named: &str, body: &Value) -> Result<Record, Fault> {
    let Value::Object(members) = body else {
        return Err(Fault::Unreadable("a JSON object is wanted".into()));
    };
    let fields = catalogue.value_type(resource, named);
    let fields = fields.ok_or_else(|| Fault::broken(format!("{} has no type `{named}`", resource.kind)))?;
    let unknown = resource.unknown.unwrap_or(catalogue.owner(resource).unknown);
    Decoder::of_callers(catalogue, resource, unknown).object("", fields, members, true)
}

/// Reads one of a resource's first objects: everything is taken, whoever may write it.
pub fn baseline(catalogue: &Catalogue, resource: &Resource, members: Map<String, Value>) -> Record {
    let product = catalogue.owner(resource);
    let decoder = Decoder { catalogue, resource, product, unknown: Unknown::Ignore, trusted: true };
    let mut record = Record::new();
    for (name, field) in &resource.fields {
        // The catalogue's check has read it; what a tenant's own values make longer than a caller may write stays.
        let given = members.get(name).and_then(|value| {
            decoder.value(name, field, &field.shape, value).unwrap_or_else(|_| Some(value.clone()))
        });
        let default =
            || field.default.as_ref().filter(|_| field.access != Access::Server).map(|json| json.0.clone());
        if let Some(value) = given.or_else(default) {
            record.insert(name.clone(), value);
        }
    }
    record
}

pub(crate) struct Decoder<'a> {
    catalogue: &'a Catalogue,
    resource: &'a Resource,
    product: &'a Product,
    unknown: Unknown,
    /// The server's own data: members that the server alone writes are read too, inside objects as well.
    trusted: bool,
}

impl<'a> Decoder<'a> {
    /// One that reads what callers say of a resource.
    pub fn of_callers(catalogue: &'a Catalogue, resource: &'a Resource, unknown: Unknown) -> Decoder<'a> {
        Decoder { catalogue, resource, product: catalogue.owner(resource), unknown, trusted: false }
    }

    /// The members of an object; `complete` also fills in defaults, for objects inside a record.
    pub fn object(
        &self,
        prefix: &str,
        fields: &Fields,
        members: &Map<String, Value>,
        complete: bool,
    ) -> Result<Record, Fault> {
        if self.unknown == Unknown::Reject
            && let Some(stranger) = members.keys().find(|name| !fields.contains_key(*name))
        {
            return Err(self.wrong(&format!("{prefix}{stranger}"), Fix::Unknown));
        }
        let mut record = Record::new();
        for (name, field) in fields {
            if !self.trusted && matches!(field.access, Access::Server | Access::Hidden) {
                if complete && let Some(default) = &field.default {
                    record.insert(name.clone(), default.0.clone());
                }
                continue;
            }
            let place = format!("{prefix}{name}");
            let given = match members.get(name) {
                None | Some(Value::Null) => None,
                Some(value) => self.value(&place, field, &field.shape, value)?,
            };
            let default = || field.default.as_ref().filter(|_| complete).map(|json| json.0.clone());
            match given.or_else(default) {
                Some(value) => {
                    record.insert(name.clone(), value);
                }
                None if complete && field.access == Access::Required => {
                    return Err(self.wrong(&place, Fix::Missing));
                }
                None => {}
            }
        }
        Ok(record)
    }

    /// One value; nothing for a link that names nobody.
    pub fn value(
        &self,
        place: &str,
        field: &Field,
        shape: &Shape,
        value: &Value,
    ) -> Result<Option<Value>, Fault> {
        let wrong = |fix| Err(self.wrong(place, fix));
        // Clients send `""` for a number, a flag, a word or an id that is not set (client: terraform).
        let worded = !matches!(shape, Shape::String | Shape::Any | Shape::Named(_) | Shape::List(_));
        if worded && value.as_str() == Some("") {
            return Ok(None);
        }
        Ok(Some(match shape {
            Shape::String => match value {
                Value::String(text) => Value::String(self.text(place, field, text)?),
                Value::Number(number) => Value::String(number.to_string()),
                Value::Bool(flag) => Value::String(flag.to_string()),
                _ => return wrong(Fix::Type("string")),
            },
            // Some clients have no other way to leave a number out than to send 0 (client: go).
            Shape::Int if *value == 0 && field.access == Access::Optional && field.min > Some(0) => {
                return Ok(None);
            }
            Shape::Int | Shape::Time => match whole(value) {
                Some(number) => self.number(place, field, number)?,
                None => return wrong(Fix::Type("integer")),
            },
            Shape::Float => match fraction(value) {
                Some(number) => Value::from(number),
                None => return wrong(Fix::Type("number")),
            },
            Shape::Bool => match value {
                Value::Bool(flag) => Value::Bool(*flag),
                Value::String(text) if text.eq_ignore_ascii_case("true") => Value::Bool(true),
                Value::String(text) if text.eq_ignore_ascii_case("false") => Value::Bool(false),
                _ => return wrong(Fix::Type("boolean")),
            },
            Shape::Enum => match value {
                Value::String(word) => match field.word(word) {
                    Some(word) => Value::String(word.to_owned()),
                    None => return wrong(Fix::Enum(field.values.clone())),
                },
                // Words that are numbers, or flags in letters or as `0` and `1`, are sent as either.
                Value::Number(_) | Value::Bool(_) => {
                    let digit = value.as_bool().map(|flag| u8::from(flag).to_string());
                    let said = [Some(value.to_string()), digit];
                    let known =
                        |word: &String| field.values.iter().find(|known| known.eq_ignore_ascii_case(word));
                    match said.iter().flatten().find_map(known) {
                        Some(word) => Value::String(word.clone()),
                        None => return wrong(Fix::Type("string")),
                    }
                }
                _ => return wrong(Fix::Type("string")),
            },
            Shape::Any => {
                if value.to_string().len() > LARGEST_ANY {
                    return wrong(Fix::Length(LARGEST_ANY));
                }
                value.clone()
            }
            Shape::Id | Shape::Ref(_) => match Id::from_value(value) {
                Some(id) if id.as_str().len() > LONGEST_ID => return wrong(Fix::Length(LONGEST_ID)),
                Some(id) => Value::String(id.0),
                None => return wrong(Fix::Type("id")),
            },
            Shape::Link(_) => match value {
                Value::Object(members) => match members.get("id").and_then(Id::from_value) {
                    Some(id) if id.as_str().len() > LONGEST_ID => return wrong(Fix::Length(LONGEST_ID)),
                    // Clients send `{"id": 0}` or `{}` for nobody.
                    Some(id) if id.as_str() != "0" => Value::String(id.0),
                    _ => return Ok(None),
                },
                Value::String(_) | Value::Number(_) => match Id::from_value(value) {
                    Some(id) if id.as_str().len() > LONGEST_ID => return wrong(Fix::Length(LONGEST_ID)),
                    Some(id) => Value::String(id.0),
                    None => return Ok(None),
                },
                _ => return wrong(Fix::Type("object")),
            },
            Shape::Named(name) => {
                let Value::Object(members) = value else { return wrong(Fix::Type("object")) };
                // Clients that never leave an object out send `{}` for none (client: go).
                if members.is_empty() && field.access != Access::Required && !self.trusted {
                    return Ok(None);
                }
                let fields = self.catalogue.value_type(self.resource, name);
                let fields = fields.expect("the catalogue's check found every value type");
                if matches!(field.shape, Shape::Named(_)) && !self.trusted && names_nobody(fields, members) {
                    return Ok(None);
                }
                Value::Object(self.object(&format!("{place}."), fields, members, true)?)
            }
            Shape::List(inner) => {
                let items = match (value, &**inner) {
                    (Value::Array(items), _) => items.as_slice(),
                    // One where several may be named (client: oneapi-python).
                    (Value::Object(_), Shape::Link(_)) => std::slice::from_ref(value),
                    _ => return wrong(Fix::Type("array")),
                };
                if field.max.is_some_and(|max| items.len() as i64 > max) {
                    return wrong(Fix::Length(field.max.unwrap_or_default().unsigned_abs() as usize));
                }
                // An empty list of a member that may be left out says nothing.
                let said = !items.is_empty() || field.access == Access::Required;
                if said && field.min.is_some_and(|min| (items.len() as i64) < min) {
                    return wrong(Fix::Said(format!("needs at least {}", field.min.unwrap_or_default())));
                }
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.extend(self.value(place, field, inner, item)?);
                }
                Value::Array(list)
            }
        }))
    }

    fn text(&self, place: &str, field: &Field, text: &str) -> Result<String, Fault> {
        // The length of a list is not that of the texts in it.
        let longest = if field.shape == Shape::String { field.max } else { self.product.longest_text("any") };
        let longest = longest.and_then(|longest| usize::try_from(longest).ok());
        if longest.is_some_and(|longest| text.len() > longest && text.chars().count() > longest) {
            return Err(self.wrong(place, Fix::Length(longest.unwrap_or_default())));
        }
        let shortest = field.min.filter(|_| field.shape == Shape::String && field.access == Access::Required);
        if shortest.is_some_and(|shortest| (text.chars().count() as i64) < shortest) {
            // Of a text that must be there, none is as little as too little of it.
            let missing = text.is_empty();
            let words = || format!("needs at least {} characters", shortest.unwrap_or_default());
            return Err(self.wrong(place, if missing { Fix::Missing } else { Fix::Said(words()) }));
        }
        let formed = field.format.filter(|_| !text.is_empty());
        if let Some(Err(words)) = formed.map(|format| format.check(text)) {
            return Err(self.wrong(place, Fix::Said(words)));
        }
        Ok(text.to_owned())
    }

    fn number(&self, place: &str, field: &Field, number: i64) -> Result<Value, Fault> {
        let scalar = !matches!(field.shape, Shape::List(_));
        if scalar && (field.min.is_some_and(|min| number < min) || field.max.is_some_and(|max| number > max))
        {
            return Err(self.wrong(place, Fix::Range { min: field.min, max: field.max }));
        }
        Ok(Value::from(number))
    }

    fn wrong(&self, place: &str, fix: Fix) -> Fault {
        Fault::Invalid { kind: Kind(self.resource.kind.clone()), field: place.to_owned(), fix }
    }
}

/// Whether an object that is told by its id has none: clients send `{}`, `{"id": 0}` or `{"id": ""}` for nobody.
fn names_nobody(fields: &Fields, members: &Map<String, Value>) -> bool {
    let told = fields.get("id").is_some_and(|id| id.access == Access::Required);
    let nobody =
        |id: &Value| id.is_null() || *id == 0 || id.as_str().is_some_and(|id| id.is_empty() || id == "0");
    told && members.get("id").is_none_or(nobody)
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64()?;
            (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn fraction(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_catalogue::{Access, Catalogue, Field, Shape, Unknown};
    use zuno_model::{Fault, Fix, Record};

    use super::Decoder;

    /// What clients that send every member write for one that nobody set.
    fn zeros(shape: &Shape) -> Vec<Value> {
        match shape {
            Shape::String | Shape::Enum | Shape::Id | Shape::Ref(_) => vec![json!(""), Value::Null],
            Shape::Int | Shape::Time | Shape::Float => vec![json!(0), Value::Null],
            Shape::Bool => vec![json!(false), Value::Null],
            Shape::Link(_) => vec![json!({}), json!({"id": ""}), json!({"id": 0}), Value::Null],
            Shape::Named(_) => vec![json!({}), Value::Null],
            Shape::List(_) => vec![json!([]), Value::Null],
            Shape::Any => vec![Value::Null],
        }
    }

    #[test]
    fn a_member_that_nobody_set_is_taken_as_every_client_writes_it() {
        let catalogue = Catalogue::compiled();
        let mut refused = Vec::new();
        for resource in catalogue.resources() {
            let writable =
                |field: &&Field| !matches!(field.access, Access::Server | Access::Hidden | Access::Required);
            for (name, field) in resource.fields.iter().filter(|(_, field)| writable(field)) {
                for zero in zeros(&field.shape) {
                    match super::body(&catalogue, resource, &json!({ name: zero })) {
                        // A number that has a least one is not among those that are sent without being set.
                        Ok(_) | Err(Fault::Invalid { fix: Fix::Range { .. }, .. }) => {}
                        Err(fault) => refused.push(format!("{} {name} = {zero}: {fault}", resource.kind)),
                    }
                }
            }
        }
        assert!(refused.is_empty(), "{}", refused.join("\n"));
    }

    #[test]
    fn what_a_tenant_has_from_the_start_is_read_as_it_is_written() {
        let catalogue = Catalogue::compiled();
        let mut members = 0;
        for resource in catalogue.resources() {
            let product = catalogue.owner(resource);
            let decoder =
                Decoder { catalogue: &catalogue, resource, product, unknown: Unknown::Reject, trusted: true };
            let kind = resource.kind.as_str();
            for text in [catalogue.fresh(kind), catalogue.fleet(kind)].into_iter().flatten() {
                let text = text.replace("\"{created}\"", "1").replace("\"{org}\"", "1");
                for record in serde_json::from_str::<Vec<Record>>(&text).expect("records") {
                    for (name, value) in record.iter().filter(|(name, _)| resource.field(name).is_some()) {
                        let field = &resource.fields[name];
                        let read = decoder.value(name, field, &field.shape, value);
                        assert!(matches!(read, Ok(Some(_))), "{kind} {name} = {value}: {read:?}");
                        members += 1;
                    }
                }
            }
        }
        assert!(members > 1000);
    }
}
