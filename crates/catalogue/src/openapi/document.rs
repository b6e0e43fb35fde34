//! The document while it grows: what its operations share is in it once.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value, json};
use zuno_notation::LedgerLine;

use super::parameter;
use super::schema::Schemas;
use crate::Catalogue;

/// The document while it grows.
pub(super) struct Document<'a> {
    /// Of what it tells.
    pub catalogue: &'a Catalogue,
    /// The bodies named so far.
    pub schemas: Schemas<'a>,
    /// How each path is written.
    pub names: HashMap<String, String>,
    /// The tags with what each is.
    pub tags: BTreeMap<String, String>,
    /// The parameters of paths.
    pub parameters: BTreeMap<String, Value>,
    /// The ids that are taken.
    pub ids: HashSet<String>,
}

impl Document<'_> {
    /// A tag is the product's name and the noun, since two products have locations.
    pub fn tag(&mut self, line: &LedgerLine, noun: &str, doc: &str) {
        let tag = self.tag_name(line, noun);
        let held = self.tags.entry(tag).or_default();
        if held.is_empty() {
            doc.clone_into(held);
        }
    }

    /// A tag by its name.
    pub fn tag_name(&self, line: &LedgerLine, noun: &str) -> String {
        let title = self.catalogue.product(&line.product).map_or("", |family| family.title.as_str());
        format!("{title}: {noun}")
    }

    /// The id, told apart by a number where a described and an absent operation have the same.
    pub fn id(&mut self, wanted: String) -> String {
        let mut id = wanted.clone();
        let mut count = 1;
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{wanted}_{count}");
        }
        id
    }

    /// References to the parameters of a path.
    pub fn path_parameters(&mut self, path: &str) -> Vec<Value> {
        let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        names
            .map(|name| {
                let place = format!("path.{name}");
                let reference = json!({"$ref": format!("#/components/parameters/{place}")});
                self.parameters.entry(place).or_insert_with(|| parameter::in_path(name));
                reference
            })
            .collect()
    }
}
