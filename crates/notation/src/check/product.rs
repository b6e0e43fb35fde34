//! A product's words: statuses, what an update clears, lengths, and the types that its files share.

use super::checker::{Checker, listed, owns};
use super::member::innermost;
use crate::{Shape, Verb};

/// The types by which `update` tells what an update that leaves a member out does.
const LENGTHS: [&str; 3] = ["any", "list", "record"];
const UPDATED: [&str; 8] = ["bool", "enum", "int", "time", "string", "ref", "list", "any"];

impl Checker<'_> {
    pub(super) fn product(&mut self) {
        let product = self.product;
        for (name, fields) in &product.types {
            self.fields(None, &format!("types.{name}."), fields);
        }
        for latency in product.latency.iter().flat_map(|latency| [latency.read, latency.write]) {
            if let Err(why) = latency.check() {
                self.tell("latency", &why);
            }
        }
        for status in product.status.values() {
            self.status("status", *status);
        }
        for verb in [Verb::List, Verb::Read, Verb::Create, Verb::Update, Verb::Delete] {
            if !product.status.contains_key(&verb) {
                self.tell("status", &format!("it needs one for {verb:?}").to_lowercase());
            }
        }
        for shape in product.update.keys().filter(|shape| !UPDATED.contains(&shape.as_str())) {
            self.tell("update", &format!("`{shape}` is none of {}", listed(UPDATED)));
        }
        for name in product.lengths.keys().filter(|name| !LENGTHS.contains(&name.as_str())) {
            let own = self.index.catalogue.resources.iter().filter(|resource| owns(product, resource));
            let types = own.flat_map(|resource| resource.types.values().chain([&resource.fields]));
            let mut fields = types.chain(product.types.values()).filter_map(|fields| fields.get(name));
            if !fields.any(|field| *innermost(&field.shape) == Shape::String) {
                self.tell(
                    "lengths",
                    &format!("no text is named `{name}`; {} are of the rest", listed(LENGTHS)),
                );
            }
        }
        for length in product.lengths.values().filter(|length| **length < 1) {
            self.tell("lengths", &format!("{length} is no length"));
        }
        if !product.prefix.strip_prefix('/').is_some_and(|label| !label.is_empty() && !label.contains('/')) {
            self.tell("prefix", &format!("`{}` is no label such as `/{}`", product.prefix, product.name));
        }
        if let Some(classes) = &product.classes {
            self.far("classes", classes);
        }
        self.ids(&product.ids, None);
        self.page("page", &product.page);
    }
}
