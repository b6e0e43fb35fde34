//! A list of the OpenAPI document's operations, each with a digest: a change of what is promised shows in review
//! without megabytes of JSON in the repository.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use serde_json::Value;
use zuno_catalogue::{Catalogue, openapi};

/// Writes `docs/openapi.tsv`, or checks it.
///
/// # Errors
/// A catalogue that does not hold together; a list that differs.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let catalogue = Catalogue::from_folder(&root.join("catalogue"))?;
    crate::page(&root.join("docs/openapi.tsv"), &list(&openapi(&catalogue, None)), check, "openapi")
}

fn list(document: &Value) -> String {
    let mut rows = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in
            item.as_object().into_iter().flatten().filter(|(name, _)| *name != "parameters")
        {
            // What is not built promises nothing that could change.
            if operation["x-zuno-grade"] == "absent" {
                continue;
            }
            let mut digest = Digest::default();
            digest.value(document, operation);
            digest.value(document, &item["parameters"]);
            let id = operation["operationId"].as_str().unwrap_or_default();
            rows.insert(id.to_owned(), format!("{}\t{path}\t{:016x}", method.to_uppercase(), digest.sum));
        }
    }
    let mut text = String::from("operation\tmethod\tpath\tdigest\n");
    for (id, row) in rows {
        let _ = writeln!(text, "{id}\t{row}");
    }
    text
}

/// FNV-1a over a value and all that its references lead to.
struct Digest {
    sum: u64,
    open: Vec<String>,
}

impl Default for Digest {
    fn default() -> Digest {
        Digest { sum: 0xcbf2_9ce4_8422_2325, open: Vec::new() }
    }
}

impl Digest {
    fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.sum = (self.sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn value(&mut self, document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    self.text(name);
                    match value.as_str().filter(|_| name == "$ref") {
                        Some(reference) => self.reference(document, reference),
                        None => self.value(document, value),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.value(document, item)),
            plain => self.text(&plain.to_string()),
        }
    }

    fn reference(&mut self, document: &Value, reference: &str) {
        self.text(reference);
        if self.open.iter().any(|open| open == reference) {
            return;
        }
        if let Some(target) = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer)) {
            self.open.push(reference.to_owned());
            self.value(document, target);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::list;

    #[test]
    fn a_change_behind_a_reference_changes_the_digest() {
        let document = |kind: &str| {
            json!({
                "paths": {"/x": {"get": {"operationId": "a.b", "responses": {"$ref": "#/s/x"}}}},
                "s": {"x": {"type": kind, "loop": {"$ref": "#/s/x"}}},
            })
        };
        assert_eq!(list(&document("string")), list(&document("string")));
        assert_ne!(list(&document("string")), list(&document("integer")));
    }
}
