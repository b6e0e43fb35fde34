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
        let routes = calls.iter().filter_map(|call| router.find(call.method, &call.path));
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
            (Grade::Absent, None) if line.answered_at().is_none() => {}
            (Grade::Absent, _) => problems.push(format!("{at}: answered, and called absent")),
            (Grade::Stored, _) if !line.evidence.contains("missing: ") => {
                problems.push(format!("{at}: stored, and does not say what is missing (`missing: …`)"));
            }
            (_, _) if line.answered_at().is_some() => {
                problems.extend(unproven_elsewhere(line, scenarios).map(|what| format!("{at}: {what}")));
            }
            (_, None) => problems.push(format!("{at}: graded, and not described")),
            (Grade::Stored, Some(_)) => {}
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

/// Why an operation of a host of its own is not shown to be answered there: a scenario that it names calls it there, and is
/// answered.
fn unproven_elsewhere(line: &LedgerLine, scenarios: &BTreeMap<String, Vec<Called>>) -> Option<String> {
    let (host, path) = line.answered_at()?;
    let shows = |call: &Called| {
        let there = call.host.as_deref() == Some(host) && call.path.ends_with(path);
        there && call.method == line.method && call.succeeds
    };
    let proven = named(line).any(|name| {
        let calls = scenarios.get(&format!("{}/{name}", line.product)).or_else(|| scenarios.get(name));
        calls.is_some_and(|calls| calls.iter().any(shows))
    });
    (!proven).then(|| format!("no scenario that it names has {host}{path} answer it"))
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

    use zuno_catalogue::{Catalogue, Grade, LedgerLine, Method};

    use super::problems;
    use crate::scenarios::Called;
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
            .find(|line| line.grade == Grade::Faithful && line.answered_at().is_none())
            .expect("something is faithful");
        let elsewhere =
            || Called { method: Method::Get, path: "/nowhere".into(), host: None, succeeds: true };
        let held: BTreeMap<_, _> =
            super::named(line).map(|name| (format!("{}/{name}", line.product), vec![elsewhere()])).collect();
        let wanted = format!("{} {}: scenario", line.method, line.path);
        assert!(problems(&catalogue, &held).iter().any(|problem| problem.starts_with(&wanted)));
        let gone = format!("{} {}: there is no scenario", line.method, line.path);
        assert!(problems(&catalogue, &BTreeMap::new()).iter().any(|problem| problem.starts_with(&gone)));
    }

    #[test]
    fn what_another_host_answers_is_proven_by_an_answer_of_that_host() {
        let catalogue = Catalogue::compiled();
        let elsewhere = |line: &&LedgerLine| line.grade == Grade::Faithful && line.answered_at().is_some();
        let line = catalogue.ledger().iter().find(elsewhere).expect("something is answered elsewhere");
        let (host, path) = line.answered_at().expect("a host");
        let call = |host: &str, succeeds| Called {
            method: line.method,
            path: path.into(),
            host: Some(host.into()),
            succeeds,
        };
        for (host, succeeds) in [(host, true), (host, false), ("api.zsapi.net", true)] {
            let name = super::named(line).next().expect("it names a scenario");
            let name = if name.contains('/') { name.into() } else { format!("{}/{name}", line.product) };
            let problem =
                super::unproven_elsewhere(line, &BTreeMap::from([(name, vec![call(host, succeeds)])]));
            let proves = succeeds && Some(host) == line.answered_at().map(|(host, _)| host);
            assert_eq!(problem.is_none(), proves, "{host} {succeeds}");
        }
    }
}
