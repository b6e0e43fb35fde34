//! The OpenAPI 3.1 document, drawn from the catalogue: what it describes with bodies, parameters and refusals, what is
//! only known with its refusal. The same catalogue gives the same document, byte for byte.

mod condition;
mod document;
mod operation;
mod parameter;
mod refusal;
mod schema;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};
use zuno_notation::{Grade, LedgerLine, Method, Operation, Resource};

use crate::Catalogue;
use crate::router::positional;
use document::Document;
use schema::Schemas;

/// The document of one product, or of all six; of a product that does not exist it has no paths.
///
/// Ids are `PRODUCT.RESOURCE.OPERATION`. `x-zuno-grade` and `x-zuno-evidence` tell how far an operation is built and
/// what proves it. The token URL and the first server are relative, so that they follow the server it is read from.
pub fn openapi(catalogue: &Catalogue, product: Option<&str>) -> Value {
    let wanted = |name: &str| product.is_none_or(|product| product == name);
    let lines: Vec<&LedgerLine> = catalogue.ledger().iter().filter(|line| wanted(&line.product)).collect();
    let described = described(catalogue);
    let mut document = Document {
        catalogue,
        schemas: Schemas::new(catalogue),
        names: names(&lines, &described),
        tags: BTreeMap::new(),
        parameters: BTreeMap::new(),
        ids: HashSet::new(),
    };
    let mut paths = Map::new();
    for line in &lines {
        document.line(&mut paths, line, described.get(&(line.method, positional(&line.path))));
    }
    let mut schemas = document.schemas.finish();
    let mut responses = Map::new();
    for family in catalogue.products().iter().filter(|family| wanted(&family.name)) {
        refusal::components(family, &mut schemas, &mut responses);
    }
    let tags: Vec<Value> =
        document.tags.into_iter().map(|(name, doc)| json!({"name": name, "description": doc})).collect();
    json!({
        "openapi": "3.1.0",
        "info": info(catalogue, product, &lines),
        "servers": [
            {"url": "/", "description": "This server."},
            {"url": "https://api.zsapi.net", "description": "The cloud's own gateway."},
        ],
        "security": [{"oauth": []}, {"bearer": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {
                "oauth": {
                    "type": "oauth2",
                    "description": "Client credentials: a secret, or an assertion signed with the client's key.",
                    "flows": {"clientCredentials": {"tokenUrl": "/oauth2/v1/token", "scopes": {}}},
                },
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
            "parameters": document.parameters,
            "responses": responses,
            "schemas": schemas,
        },
    })
}

/// A described operation with its resource.
type Described<'a> = (&'a Resource, &'a Operation);

/// The described operations by method and path.
fn described(catalogue: &Catalogue) -> HashMap<(Method, String), Described<'_>> {
    let mut found = HashMap::new();
    for resource in catalogue.resources() {
        let prefix = &catalogue.owner(resource).prefix;
        for operation in resource.operations.values() {
            let key = (operation.method, positional(&format!("{prefix}{}", operation.path)));
            found.entry(key).or_insert((resource, operation));
        }
    }
    found
}

/// How each path is written: two that differ in their parameters' names alone are one path to OpenAPI, so a described
/// operation's names are taken, or else those of the ledger's first line.
fn names(
    lines: &[&LedgerLine],
    described: &HashMap<(Method, String), Described<'_>>,
) -> HashMap<String, String> {
    let mut names: HashMap<String, (bool, String)> = HashMap::new();
    for line in lines {
        let key = positional(&line.path);
        let own = described.get(&(line.method, key.clone())).map(|(_, operation)| operation.path.as_str());
        let known = names.entry(key).or_insert_with(|| (false, line.path.clone()));
        if let Some(own) = own.filter(|_| !known.0) {
            let prefix = line.path.split('/').nth(1).unwrap_or_default();
            *known = (true, format!("/{prefix}{own}"));
        }
    }
    names.into_iter().map(|(key, (_, path))| (key, distinct(&path))).collect()
}

/// The path with a number behind a parameter's name that occurs before.
fn distinct(path: &str) -> String {
    let mut seen = HashSet::new();
    let mut written = String::with_capacity(path.len());
    for (place, piece) in path.split('{').enumerate() {
        match piece.split_once('}').filter(|_| place > 0) {
            Some((name, rest)) => {
                let name = if seen.insert(name) { name.to_owned() } else { format!("{name}{place}") };
                written.push_str(&format!("{{{name}}}{rest}"));
            }
            None => written.push_str(piece),
        }
    }
    written
}

impl<'a> Document<'a> {
    /// Adds one line of the ledger to the paths.
    fn line(&mut self, paths: &mut Map<String, Value>, line: &LedgerLine, found: Option<&Described<'a>>) {
        let path = self.names[&positional(&line.path)].clone();
        let written = match found {
            Some((resource, operation)) => {
                self.tag(line, &resource.noun, &resource.doc);
                let id = self.id(format!("{}.{}", resource.kind, operation.name));
                operation::described(self, line, resource, operation, &id)
            }
            None => {
                let noun = line.operation.split('.').next().unwrap_or_default().replace('_', " ");
                self.tag(line, &noun, "");
                let id = self.id(format!("{}.{}", line.product, line.operation));
                operation::undescribed(self, line, &noun, &id)
            }
        };
        let parameters = self.path_parameters(&path);
        let item = paths.entry(path).or_insert_with(|| match parameters.is_empty() {
            true => json!({}),
            false => json!({"parameters": parameters}),
        });
        item[line.method.as_str().to_lowercase()] = written;
    }
}

fn info(catalogue: &Catalogue, product: Option<&str>, lines: &[&LedgerLine]) -> Value {
    let family = product.and_then(|name| catalogue.product(name));
    let title = family.map_or("OneAPI", |family| family.title.as_str());
    let graded = |grade: Grade| lines.iter().filter(|line| line.grade == grade).count();
    let about = family.map_or("Six API families behind one gateway.", |family| family.doc.as_str());
    let description = format!(
        "{about}\n\nOf {} known operations {} are faithful, {} are stored with a named part missing, and {} are \
         refused as absent (405). Not affiliated with the vendor.",
        lines.len(),
        graded(Grade::Faithful),
        graded(Grade::Stored),
        graded(Grade::Absent),
    );
    json!({
        "title": format!("Zuno: {title}"),
        "version": env!("CARGO_PKG_VERSION"),
        "description": description,
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
    })
}

#[cfg(test)]
mod tests;
