//! The classes of permissions: which there are, and that every resource of a product that has them is of one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::check::checker::{file_of, listed};
use crate::{Catalogue, Product};

/// The words at a dotted member of a value, through every list on the way.
fn words(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    if let Value::Array(items) = value {
        return items.iter().for_each(|item| words(item, at, found));
    }
    let (first, rest) = at.split_once('.').unwrap_or((at, ""));
    match value.get(first) {
        Some(Value::String(word)) if rest.is_empty() => drop(found.insert(word.clone())),
        Some(inner) if !rest.is_empty() => words(inner, rest, found),
        _ => {}
    }
}

/// The classes of a product; nothing where it has none.
fn known(catalogue: &Catalogue, product: &Product) -> Option<BTreeSet<String>> {
    let classes = product.classes.as_ref()?;
    let mut found = BTreeSet::new();
    let named = catalogue
        .fresh
        .iter()
        .filter_map(|(kind, text)| Some((classes.strip_prefix(kind.as_str())?.strip_prefix('.')?, text)));
    for (at, text) in named {
        words(&serde_json::from_str(text).unwrap_or_default(), at, &mut found);
    }
    Some(found)
}

/// Resources without a class where there must be one, with one where there is none, and with one that is not known.
pub(crate) fn check(catalogue: &Catalogue, problems: &mut Vec<String>) {
    for product in &catalogue.products {
        let known = known(catalogue, product);
        if let (Some(known), Some(classes)) = (&known, &product.classes)
            && known.is_empty()
        {
            problems.push(format!(
                "{}/_product.toml: classes: `{classes}` names none in what a fresh tenant has",
                product.name
            ));
        }
        let own = |kind: &str| kind.split('.').next() == Some(product.name.as_str());
        for resource in catalogue.resources.iter().filter(|resource| own(&resource.kind)) {
            let file = file_of(&resource.kind, "toml");
            if known.is_some() && resource.class.is_none() {
                problems.push(format!(
                    "{file}: it needs a `class`: the product's roles give access class by class"
                ));
            }
            let of_operations = resource.operations.values().filter_map(|operation| operation.class.as_ref());
            for class in resource.class.iter().chain(of_operations) {
                if !known.as_ref().is_some_and(|known| known.contains(class)) {
                    problems.push(format!(
                        "{file}: class: there is no class `{class}`; there are {}",
                        listed(known.iter().flatten())
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use serde_json::json;

    use super::{check, words};
    use crate::read_folder;

    #[test]
    fn classes_are_found_through_lists() {
        let mut found = BTreeSet::new();
        words(&json!([{"a": [{"b": "x"}, {"b": {"c": 1}}]}, {"a": {"b": "y"}}]), "a.b", &mut found);
        assert_eq!(found, ["x", "y"].map(str::to_owned).into());
    }

    #[test]
    fn a_resource_needs_a_class_that_is_known() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
        let mut catalogue = read_folder(&root).expect("the catalogue reads");
        let told = |catalogue: &crate::Catalogue| {
            let mut problems = Vec::new();
            check(catalogue, &mut problems);
            problems.join("\n")
        };
        assert_eq!(told(&catalogue), "");
        for resource in &mut catalogue.resources {
            match resource.kind.as_str() {
                "zpa.role" => resource.class = None,
                "zpa.server" => resource.class = Some("Sever".into()),
                "zia.rule_label" => resource.class = Some("Server".into()),
                _ => {}
            }
        }
        let told = told(&catalogue);
        for problem in
            ["zpa/role.toml: it needs a `class`", "there is no class `Sever`", "zia/rule_label.toml: class"]
        {
            assert!(told.contains(problem), "{told}");
        }
    }
}
