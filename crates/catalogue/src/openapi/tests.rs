use std::collections::HashSet;

use serde_json::Value;

use super::{distinct, openapi};
use crate::Catalogue;

/// Every `$ref` of a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// Every operation with its path and method.
fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten().filter(|(name, _)| *name != "parameters");
        methods.map(move |(method, operation)| (path, method, operation))
    })
}

#[test]
fn every_known_operation_is_there_once_and_every_reference_leads_somewhere() {
    let catalogue = Catalogue::compiled();
    let document = openapi(&catalogue, None);
    let mut found = Vec::new();
    references(&document, &mut found);
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("references stay within the document");
        let target = document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        assert!(!target.is_null(), "{reference} was never made");
    }
    let mut ids = HashSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("every operation has an id");
        assert!(ids.insert(id), "{method} {path}: another operation is called {id}");
    }
    let routes: HashSet<(&str, String)> = catalogue
        .ledger()
        .iter()
        .map(|line| (line.method.as_str(), crate::router::positional(&line.path)))
        .collect();
    assert_eq!(ids.len(), routes.len());
}

#[test]
fn a_paths_parameters_are_declared_and_bear_different_names() {
    let document = openapi(&Catalogue::compiled(), None);
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let named: Vec<&str> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let declared: Vec<&str> = item["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|parameter| parameter["$ref"].as_str()?.rsplit("path.").next())
            .collect();
        assert_eq!(declared, named, "{path}");
        assert_eq!(named.iter().collect::<HashSet<_>>().len(), named.len(), "{path}");
    }
}

#[test]
fn a_products_document_holds_its_own_operations_alone() {
    let catalogue = Catalogue::compiled();
    for family in catalogue.products() {
        let document = openapi(&catalogue, Some(&family.name));
        let known = catalogue.ledger().iter().filter(|line| line.product == family.name).count();
        assert!(known > 0);
        assert_eq!(operations(&document).count(), known, "{}", family.name);
    }
}

#[test]
fn what_is_absent_promises_its_refusal_and_nothing_else_and_what_is_not_published_a_404() {
    let catalogue = Catalogue::compiled();
    let document = openapi(&catalogue, None);
    let mut unknown = 0;
    for (path, method, operation) in operations(&document) {
        let responses = operation["responses"].as_object().expect("every operation has responses");
        if operation["x-zuno-grade"] == "absent" && operation["x-zuno-evidence"].is_null() {
            assert_eq!(responses.keys().collect::<Vec<_>>(), ["405"], "{method} {path}");
        } else if responses.keys().eq(["default"]) {
            assert!(operation["x-zuno-evidence"].to_string().contains("at:"), "{method} {path}");
        } else if responses.keys().eq(["404"]) {
            unknown += 1;
        } else {
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
        }
    }
    let described = catalogue.resources().flat_map(|resource| resource.operations.values());
    assert_eq!(unknown, described.filter(|operation| operation.unpublished).count());
}

#[test]
fn the_oddest_spellings_are_told() {
    let document = openapi(&Catalogue::compiled(), Some("zpa"));
    let schema = |name: &str| &document["components"]["schemas"][name]["properties"];
    let read = schema("zpa.application_segment.read");
    assert_eq!(read["creationTime"]["type"], "string", "numbers are printed as strings");
    assert!(schema("zpa.application_segment.created")["creationTime"].is_null(), "a create does not show it");
    let new = schema("zpa.application_segment.new");
    assert!(
        new["id"].is_null() && new["segmentGroupName"].is_null(),
        "what the server writes is not asked for"
    );
    assert_eq!(
        new["serverGroups"]["items"]["properties"]["id"]["type"], "string",
        "a link is sent as its id"
    );
    let created = &schema("zpa.application_segment.created")["serverGroups"]["items"]["properties"];
    assert_eq!(created["configSpace"]["const"], "DEFAULT", "a link that is not hydrated shows its stub");
}

#[test]
fn the_same_catalogue_gives_the_same_document() {
    let catalogue = Catalogue::compiled();
    assert_eq!(openapi(&catalogue, None).to_string(), openapi(&Catalogue::compiled(), None).to_string());
    assert_eq!(openapi(&catalogue, Some("none"))["paths"], serde_json::json!({}));
}

#[test]
fn a_name_that_occurs_twice_in_a_path_is_told_apart() {
    assert_eq!(distinct("/a/{id}/b/{id}:go/{x}"), "/a/{id}/b/{id2}:go/{x}");
}
