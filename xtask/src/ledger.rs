//! The ledger is true: what it grades is described, what is described is graded, and a faithful operation has a
//! scenario that really calls it and fields that are explained.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use zuno_catalogue::{Catalogue, Fields, Grade, LedgerLine, OperationNumber, Resource, Router, Target};

use crate::scenarios::{self, Called};

/// Checks the ledger.
///
/// # Errors
/// Every line that says what is not so.
pub fn run(root: &Path) -> Result<()> {
    let catalogue = Catalogue::from_folder(&root.join("catalogue"))?;
    let problems = problems(&catalogue, &scenarios::read(root)?);
    let built = catalogue.ledger().iter().filter(|line| line.grade != Grade::Absent).count();
    crate::report(&problems, &format!("{built} graded operations are what the ledger says"))
}

/// The scenarios that a line names as its evidence.
pub fn named(line: &LedgerLine) -> impl Iterator<Item = &str> {
    line.evidence.split(' ').filter_map(|word| word.strip_prefix("scenario:"))
}

fn problems(catalogue: &Catalogue, scenarios: &BTreeMap<String, Vec<Called>>) -> Vec<String> {
    let router = Router::new(catalogue);
    let mut problems = Vec::new();
    let mut called: HashMap<&str, HashSet<OperationNumber>> = HashMap::new();
    for (name, calls) in scenarios {
        let routes = calls.iter().filter_map(|(method, path)| router.find(*method, path));
        let built = routes.filter_map(|route| match route.target {
            Target::Built(operation) => Some(operation),
            Target::Absent { .. } => None,
        });
        called.insert(name, built.collect());
    }
    let mut seen = HashSet::new();
    let mut faithful: BTreeSet<&str> = BTreeSet::new();
    for line in catalogue.ledger() {
        let at = format!("{} {}", line.method, line.path);
        let Some(route) = router.find(line.method, &line.path) else {
            problems.push(format!("{at}: the router does not know it"));
            continue;
        };
        let place = match route.target {
            Target::Built(operation) => {
                seen.insert(operation);
                Some(operation)
            }
            Target::Absent { .. } => None,
        };
        match (line.grade, place) {
            (Grade::Absent, None) => {}
            (Grade::Absent, Some(_)) => problems.push(format!("{at}: described, and called absent")),
            (_, None) => problems.push(format!("{at}: graded, and not described")),
            (Grade::Stored, Some(_)) => {
                if !line.evidence.contains("missing: ") {
                    problems.push(format!("{at}: stored, and does not say what is missing (`missing: …`)"));
                }
            }
            (Grade::Faithful, Some(place)) => {
                faithful.insert(&catalogue.operation(place).0.kind);
                problems.extend(unproven(line, place, &called).map(|what| format!("{at}: {what}")));
            }
        }
    }
    for (number, resource, operation) in catalogue.operations() {
        if !seen.contains(&number) {
            problems.push(format!("{}.{}: no line of the ledger leads to it", resource.kind, operation.name));
        }
    }
    for kind in faithful {
        problems.extend(catalogue.resource(kind).into_iter().flat_map(unexplained));
    }
    problems
}

/// Why a faithful operation is not shown to be so.
fn unproven(
    line: &LedgerLine,
    place: OperationNumber,
    called: &HashMap<&str, HashSet<OperationNumber>>,
) -> Option<String> {
    let names: Vec<&str> = named(line).collect();
    if names.is_empty() {
        return Some("faithful, and names no scenario".into());
    }
    let full =
        |name: &str| if name.contains('/') { name.to_owned() } else { format!("{}/{name}", line.product) };
    if let Some(missing) = names.iter().find(|name| !called.contains_key(full(name).as_str())) {
        return Some(format!("there is no scenario {}", full(missing)));
    }
    let proven = names.iter().any(|name| called[full(name).as_str()].contains(&place));
    (!proven).then(|| format!("scenario {} does not call it", names.join(", ")))
}

/// The members of a resource and its value types that have no doc.
fn unexplained(resource: &Resource) -> Vec<String> {
    let bare = |prefix: &str, fields: &Fields| -> Vec<String> {
        let silent = fields.iter().filter(|(_, field)| field.doc.trim().is_empty());
        silent.map(|(name, _)| format!("{}: `{prefix}{name}` has no doc", resource.kind)).collect()
    };
    let mut found = bare("", &resource.fields);
    for (name, fields) in &resource.types {
        found.extend(bare(&format!("{name}."), fields));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use zuno_catalogue::{Catalogue, Method};

    use super::problems;
    use crate::{root, scenarios};

    #[test]
    fn the_ledger_is_true() {
        let catalogue = Catalogue::compiled();
        let found = problems(&catalogue, &scenarios::read(&root()).expect("the scenarios can be read"));
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    #[test]
    fn a_scenario_that_calls_something_else_proves_nothing() {
        let catalogue = Catalogue::compiled();
        let line = catalogue
            .ledger()
            .iter()
            .find(|line| line.grade == zuno_catalogue::Grade::Faithful)
            .expect("something is faithful");
        let elsewhere = (Method::Get, "/nowhere".to_owned());
        let held: BTreeMap<_, _> = super::named(line)
            .map(|name| (format!("{}/{name}", line.product), vec![elsewhere.clone()]))
            .collect();
        let wanted = format!("{} {}: scenario", line.method, line.path);
        assert!(problems(&catalogue, &held).iter().any(|problem| problem.starts_with(&wanted)));
        let gone = format!("{} {}: there is no scenario", line.method, line.path);
        assert!(problems(&catalogue, &BTreeMap::new()).iter().any(|problem| problem.starts_with(&gone)));
    }
}
