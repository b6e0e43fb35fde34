//! Drafts a resource's members from an inventory of the wire: names, types, words and limits as told there, in its order.
//! Docs stay empty, for a person to write.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use zuno_catalogue::{Access, Catalogue, Field, LedgerLine, Product, Resource};

/// What could be drafted.
#[derive(Debug)]
pub struct Draft {
    /// The lines of `[fields]`, and after them the value types that these need.
    pub fields: String,
    /// The members by which a record is told from others.
    pub known_by: Vec<&'static str>,
}

/// The operation of an inventory that a line of the ledger tells of; parameters have names of their own in each.
pub fn operation<'i>(inventory: &'i Value, line: &LedgerLine) -> Option<&'i Value> {
    let resources = inventory["resources"].as_array()?;
    let mut all = resources.iter().filter_map(|resource| resource["operations"].as_array()).flatten();
    let path = blank(&line.path);
    all.find(|told| {
        told["method"] == line.method.as_str() && told["path"].as_str().map(blank) == Some(path.clone())
    })
}

/// Whether the inventory says nothing else than that an operation answers many.
pub fn answers_many(told: Option<&Value>) -> bool {
    told.is_none_or(|told| matches!(told["response"]["shape"].as_str(), Some("array" | "page")))
}

fn blank(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/").to_lowercase()
}

/// The members of what the lines' operations answer, and then of what they take besides.
pub fn draft(catalogue: &Catalogue, product: &Product, inventory: &Value, lines: &[&LedgerLine]) -> Draft {
    let told = |name: &str| {
        let line = lines.iter().find(|line| line.operation.rsplit('.').next() == Some(name));
        line.and_then(|line| operation(inventory, line))
    };
    let answers = ["read", "list", "update", "create"].into_iter().filter_map(told);
    let answers = answers.filter_map(|told| told["response"]["schema"].as_str());
    let bodies =
        ["create", "update"].into_iter().filter_map(told).filter_map(|told| told["request"].as_str());
    let empty = Map::new();
    let schemas = inventory["schemas"].as_object().unwrap_or(&empty);
    let mut drafter = Drafter { catalogue, product, schemas, open: BTreeSet::new(), types: String::new() };
    let mut names = BTreeSet::new();
    let mut fields = String::new();
    let members = answers.chain(bodies).filter_map(|schema| drafter.members(schema)).flatten();
    let members: Vec<(&String, &Value)> = members.collect();
    for (name, told) in members {
        if is_on_the_wire(told) && names.insert(name.as_str()) {
            fields.push_str(&drafter.member(name, told, true));
        }
    }
    let known_by = ["id", "name"].into_iter().filter(|name| names.contains(name)).collect();
    Draft { fields: fields + &drafter.types, known_by }
}

struct Drafter<'a> {
    catalogue: &'a Catalogue,
    product: &'a Product,
    schemas: &'a Map<String, Value>,
    /// Value types that are drafted or being drafted: one that holds itself is held as it comes.
    open: BTreeSet<&'a str>,
    types: String,
}

impl<'a> Drafter<'a> {
    fn members(&self, schema: &str) -> Option<&'a Map<String, Value>> {
        self.schemas.get(schema)?["fields"].as_object()
    }

    /// The line of one member; only those of the resource itself can be the server's.
    fn member(&mut self, name: &str, told: &'a Value, is_own: bool) -> String {
        if is_own && name == "id" {
            return "id = \"identity\"\n".to_owned();
        }
        let is_servers = is_own && told["read_only"] == true;
        if is_servers && let Some((shape, stamp)) = self.stamped(name) {
            return format!(
                "{name} = {{ type = {shape}, access = \"server\", stamp = {stamp}, doc = \"\" }}\n"
            );
        }
        let shape = self.shape(name, told);
        let mut line = format!("{name} = {{ type = \"{shape}\"");
        let words = words(told);
        if shape.contains("enum") {
            let _ = write!(line, ", values = {}", Value::from(words.clone()));
        }
        let is_required = !is_servers && told["required"] == true;
        if is_servers || is_required {
            let _ = write!(line, ", access = \"{}\"", if is_servers { "server" } else { "required" });
        }
        let default = &told["default"];
        let fits = match shape.as_str() {
            "bool" => default.is_boolean(),
            "int" => default.is_i64(),
            "string" => default.is_string(),
            "enum" => words.contains(default),
            _ => false,
        };
        if fits && !is_required {
            let _ = write!(line, ", default = {default}");
        }
        let bounds = match told["type"].as_str() {
            Some("integer" | "number") => ["min", "max"],
            Some("array") => ["min_items", "max_items"],
            Some("string") if shape == "string" => ["min_len", "max_len"],
            _ => ["", ""],
        };
        for (key, bound) in ["min", "max"].into_iter().zip(bounds) {
            if let Some(bound) = told[bound].as_i64().filter(|bound| (key, *bound) != ("min", 0)) {
                let _ = write!(line, ", {key} = {bound}");
            }
        }
        if told["sensitive"] == true && shape == "string" {
            line.push_str(", secret = true");
        }
        if !told["guessed"].is_null() {
            line.push_str(", evidence = \"guessed\"");
        }
        line + ", doc = \"\" }\n"
    }

    fn shape(&mut self, name: &str, told: &'a Value) -> String {
        let target = told["ref"].as_str().filter(|_| name != "id").and_then(|resource| self.kind(resource));
        match told["type"].as_str() {
            Some("array") => match &told["items"] {
                Value::String(of) => format!("list<{}>", self.part(of, target, !words(told).is_empty())),
                _ => "list<any>".to_owned(),
            },
            Some("object") => match &told["schema"] {
                Value::String(of) => self.part(of, target, false),
                _ => "any".to_owned(),
            },
            Some(of) => self.part(of, target, !words(told).is_empty()),
            None => "any".to_owned(),
        }
    }

    /// What stands at one place: a scalar, or an object of a schema.
    fn part(&mut self, of: &str, target: Option<&str>, has_words: bool) -> String {
        let scalar = match of {
            "string" | "bytes" | "integer|string" if has_words => "enum",
            "string" | "bytes" | "integer|string" => "string",
            "integer" => "int",
            "number" => "float",
            "boolean" => "bool",
            _ => return target.map_or_else(|| self.value_type(of), |kind| format!("link {kind}")),
        };
        target.map_or_else(|| scalar.to_owned(), |kind| format!("ref {kind}"))
    }

    /// The value type for a schema, drafted at its first use; anything goes where there is none.
    fn value_type(&mut self, schema: &str) -> String {
        if self.product.types.contains_key(schema) {
            return schema.to_owned();
        }
        let Some((name, held)) = self.schemas.get_key_value(schema) else { return "any".to_owned() };
        let Some(members) = held["fields"].as_object().filter(|members| !members.is_empty()) else {
            return "any".to_owned();
        };
        let heading = format!("\n[types.{name}]\n");
        if !self.open.insert(name) {
            return if self.types.contains(&heading) { name.clone() } else { "any".to_owned() };
        }
        let members = members.iter().filter(|(_, told)| is_on_the_wire(told));
        let lines: String = members.map(|(member, told)| self.member(member, told, false)).collect();
        self.types.push_str(&(heading + &lines));
        name.clone()
    }

    /// The kind of the resource that stands at this place of the product: `locations.groups`.
    fn kind(&self, resource: &str) -> Option<&'a str> {
        let tail = format!("/{}", resource.replace('.', "/"));
        self.own().find(|resource| resource.path.ends_with(&tail)).map(|resource| resource.kind.as_str())
    }

    /// How the product's other resources describe a member of this name that the engine writes.
    fn stamped(&self, name: &str) -> Option<(Value, Value)> {
        let is_written = |field: &&Field| field.access == Access::Server && field.stamp.is_some();
        let field = self.own().filter_map(|resource| resource.field(name)).find(is_written)?;
        let word = |value| serde_json::to_value(value).ok();
        Some((Value::from(field.shape.to_string()), word(field.stamp)?))
    }

    fn own(&self) -> impl Iterator<Item = &'a Resource> {
        let (catalogue, product) = (self.catalogue, self.product);
        let is_own = move |resource: &&Resource| catalogue.owner(resource).name == product.name;
        catalogue.resources().filter(is_own)
    }
}

/// Whether it goes by this name: a doubt says that it may not.
fn is_on_the_wire(told: &Value) -> bool {
    told["doubt"].is_null()
}

/// The words of an enum: those that were told and, beside them, those that were seen.
fn words(told: &Value) -> Vec<Value> {
    let mut words = told["enum"].as_array().cloned().unwrap_or_default();
    let seen = told["enum_seen"].as_array().into_iter().flatten();
    if !words.is_empty() {
        for word in seen {
            if !words.contains(word) {
                words.push(word.clone());
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;
    use zuno_catalogue::{Catalogue, LedgerLine, Method};

    use super::{draft, operation};
    use crate::new::tests::line;

    #[test]
    fn members_are_drafted_as_the_inventory_tells_them() {
        let inventory = json!({
            "resources": [{ "name": "things", "operations": [
                { "method": "GET", "path": "/zia/api/v1/things/{thingId}", "response": { "schema": "Thing" } },
                { "method": "POST", "path": "/zia/api/v1/things", "request": "NewThing", "response": { "schema": "Thing" } },
            ] }],
            "schemas": {
                "Thing": { "fields": {
                    "id": { "type": "integer", "read_only": true },
                    "name": { "type": "string", "required": true, "min_len": 0, "max_len": 31 },
                    "mode": { "type": "string", "enum": ["ON", "OFF"], "enum_seen": ["HALF", "ON"], "default": "ON" },
                    "ports": { "type": "array", "items": "integer", "max_items": 8 },
                    "places": { "type": "array", "items": "IdName", "ref": "locations" },
                    "owner": { "type": "object", "schema": "IdName", "guessed": true },
                    "tree": { "type": "object", "schema": "Tree" },
                    "lastModifiedTime": { "type": "integer", "read_only": true },
                    "last_modified": { "type": "integer", "doubt": "another spelling" },
                } },
                "NewThing": { "fields": { "name": { "type": "string" }, "key": { "type": "string", "sensitive": true } } },
                "IdName": { "fields": { "id": { "type": "integer", "required": true }, "name": { "type": "string" } } },
                "Tree": { "fields": { "leaf": { "type": "boolean" }, "parts": { "type": "array", "items": "Tree" } } },
            },
        });
        let catalogue = Catalogue::from_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalogue"))
            .expect("the catalogue");
        let lines = [line(Method::Get, "things/{id}", "read"), line(Method::Post, "things", "create")];
        let lines: Vec<&LedgerLine> = lines.iter().collect();
        assert!(operation(&inventory, lines[0]).is_some());
        let product = catalogue.product("zia").expect("the product");
        let draft = draft(&catalogue, product, &inventory, &lines);
        assert_eq!(draft.known_by, ["id", "name"]);
        let wanted = r#"id = "identity"
name = { type = "string", access = "required", max = 31, doc = "" }
mode = { type = "enum", values = ["ON","OFF","HALF"], default = "ON", doc = "" }
ports = { type = "list<int>", max = 8, doc = "" }
places = { type = "list<link zia.location>", doc = "" }
owner = { type = "IdName", evidence = "guessed", doc = "" }
tree = { type = "Tree", doc = "" }
lastModifiedTime = { type = "time", access = "server", stamp = "modified", doc = "" }
key = { type = "string", secret = true, doc = "" }

[types.IdName]
id = { type = "int", access = "required", doc = "" }
name = { type = "string", doc = "" }

[types.Tree]
leaf = { type = "bool", doc = "" }
parts = { type = "list<any>", doc = "" }
"#;
        assert_eq!(draft.fields, wanted);
    }
}
