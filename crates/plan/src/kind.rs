//! What the API lets one do to the records of a kind: which calls read them all, and which make, change and delete one.

use serde_json::Value;
use zuno_catalogue::{Access, Catalogue, Field, Operation, Resource, Shape, Verb};
use zuno_engine::is_set_by_callers;

/// A kind of record that is configured through the API.
#[derive(Clone, Debug)]
pub struct Kind<'c> {
    /// The resource.
    pub resource: &'c Resource,
    /// What reads all of its records.
    pub source: Source<'c>,
    /// What reads one by its id.
    pub one: Option<&'c Operation>,
    /// The same, where a list does not tell all that callers set, so that each is to be read by itself.
    pub each: Option<&'c Operation>,
    /// What makes one.
    pub create: Option<&'c Operation>,
    /// What changes one.
    pub update: Option<&'c Operation>,
    /// What deletes one.
    pub delete: Option<&'c Operation>,
    /// What moves one to another place in its list, by a parameter of its path; otherwise a change of its number does.
    pub shift: Option<&'c Operation>,
}

/// The calls that read all records of a kind.
#[derive(Clone, Debug)]
pub struct Source<'c> {
    /// The operation.
    pub operation: &'c Operation,
    /// What the parameters of its path may be, each by its name; a call for each choice.
    pub choices: Vec<(&'c str, Choice)>,
}

/// What a parameter may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Each of these words.
    Words(Vec<String>),
    /// The id of each record of this kind.
    Records(String),
}

/// Every kind that is configured through the API, in the catalogue's order.
pub fn kinds(catalogue: &Catalogue) -> Vec<Kind<'_>> {
    catalogue.resources().filter_map(|resource| configured(catalogue, resource)).collect()
}

/// One kind, to be read at least, whether or not it is configured through the API.
pub fn kind<'c>(catalogue: &'c Catalogue, name: &str) -> Option<Kind<'c>> {
    let resource = catalogue.resource(catalogue.kept_as(name))?;
    let source = source(catalogue, resource)?;
    let reads = |operation: &&Operation| {
        let names_it = resource.singleton || has_id(operation);
        operation.verb == Verb::Read && operation.view.is_none() && is_plain(operation) && names_it
    };
    let writes = |verb| {
        let fits = |operation: &&Operation| {
            operation.verb == verb && operation.takes.is_none() && is_plain(operation)
        };
        let named = resource.operations.get(name_of(verb)).filter(fits);
        named.or_else(|| resource.operations.values().find(fits))
    };
    let one = resource.operations.values().find(reads);
    let shifts = |operation: &&Operation| {
        let further = || {
            operation
                .parameters()
                .any(|name| name != "id" && !is_given(name) && resource.field(name).is_none())
        };
        operation.does.as_deref() == Some("rule-order") && has_id(operation) && further()
    };
    Some(Kind {
        resource,
        one,
        each: one.filter(|_| !resource.singleton && tells_less(resource)),
        create: writes(Verb::Create).filter(|_| !resource.singleton),
        update: writes(Verb::Update),
        delete: writes(Verb::Delete).filter(|_| !resource.singleton),
        shift: resource.operations.values().find(shifts),
        source,
    })
}

/// The kind of a resource, where it is configured through the API.
pub fn configured<'c>(catalogue: &'c Catalogue, resource: &'c Resource) -> Option<Kind<'c>> {
    if resource.records.is_some() {
        return None;
    }
    let kind = kind(catalogue, &resource.kind)?;
    let changes = kind.update.is_some() || (kind.create.is_some() && kind.delete.is_some());
    let is_told_apart = resource.singleton || !names(resource).is_empty();
    (changes && is_told_apart && !kind.source.operation.confidential).then_some(kind)
}

impl Kind<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.resource.kind
    }

    /// The members beside its name by which a record is told from others: those that a path must name, and those within which
    /// names are unique.
    pub fn within(&self) -> Vec<&str> {
        let paths =
            [self.create, self.update, self.delete].into_iter().flatten().flat_map(Operation::parameters);
        let paths =
            paths.filter(|name| !is_given(name) && *name != "id" && self.resource.field(name).is_some());
        let fields =
            names(self.resource).into_iter().filter_map(|name| self.resource.field(name)?.within.as_deref());
        let mut within: Vec<&str> = Vec::new();
        for name in paths.chain(fields) {
            if !within.contains(&name) {
                within.push(name);
            }
        }
        within
    }

    /// Whether a member is declared: callers set it, a path must name it, or the record is known by it.
    pub fn declares(&self, name: &str) -> bool {
        // What stands for a secret in answers would become the secret, sent elsewhere.
        let obfuscated = self.resource.behaviours.get("obfuscated");
        if obfuscated.is_some_and(|params| params.0["member"] == name) {
            return false;
        }
        let set = self.resource.field(name).is_some_and(is_set_by_callers);
        set || names(self.resource).contains(&name) || self.within().contains(&name)
    }
}

/// The members that may name a record, the likeliest first.
pub fn names(resource: &Resource) -> Vec<&str> {
    let told = resource.views.get("ref").into_iter().flatten().map(String::as_str);
    let is_text = |field: &Field| field.shape == Shape::String;
    let unique = resource.fields.iter().filter(|(_, field)| {
        field.unique.is_some() && field.access != Access::Server && field.access != Access::Hidden
    });
    let mut found: Vec<&str> = Vec::new();
    for name in told.chain(["name"]).chain(unique.map(|(name, _)| name.as_str())) {
        if resource.field(name).is_some_and(is_text) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Whether a parameter of a path is filled in for everybody.
pub fn is_given(parameter: &str) -> bool {
    matches!(parameter, "customer" | "customerId")
}

fn has_id(operation: &Operation) -> bool {
    operation.parameters().any(|name| name == "id")
}

/// Whether the engine's own verb carries an operation out, with the record itself as its body or answer.
fn is_plain(operation: &Operation) -> bool {
    let bare = operation.member.is_none() && operation.gives.is_none();
    bare && operation.refused.is_none() && operation.sets.is_empty() && !operation.unpublished
}

fn name_of(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "create",
        Verb::Update => "update",
        _ => "delete",
    }
}

/// Whether a list does not tell all that callers set.
fn tells_less(resource: &Resource) -> bool {
    let in_lists = |field: &Field| field.shown.as_ref().is_none_or(|verbs| verbs.contains(&Verb::List));
    let in_reads = |field: &Field| field.shown.as_ref().is_none_or(|verbs| verbs.contains(&Verb::Read));
    resource.fields.values().any(|field| is_set_by_callers(field) && in_reads(field) && !in_lists(field))
}

/// The calls that read all records of a resource; none where there are none that are known without knowing a record.
fn source<'c>(catalogue: &'c Catalogue, resource: &'c Resource) -> Option<Source<'c>> {
    let of = |verb| {
        resource.operations.values().filter(move |operation| operation.verb == verb && is_plain(operation))
    };
    let lists = of(Verb::List).filter(|_| !resource.singleton);
    let candidates =
        lists.chain(of(Verb::Read)).filter(|operation| operation.view.is_none() || operation.name == "list");
    let known = candidates.filter_map(|operation| choices(catalogue, resource, operation));
    known.min_by_key(|source| source.choices.len())
}

fn choices<'c>(
    catalogue: &'c Catalogue,
    resource: &'c Resource,
    operation: &'c Operation,
) -> Option<Source<'c>> {
    let named = operation.parameters().filter(|name| !is_given(name));
    let choices = named.map(|name| Some((name, choice(catalogue, resource, name)?)));
    Some(Source { operation, choices: choices.collect::<Option<_>>()? })
}

fn choice(catalogue: &Catalogue, resource: &Resource, parameter: &str) -> Option<Choice> {
    let field = resource.field(parameter)?;
    match &field.shape {
        Shape::Enum => return Some(Choice::Words(field.values.clone())),
        Shape::Ref(kind) | Shape::Link(kind) => return Some(Choice::Records(kind.clone())),
        _ => {}
    }
    // A member that a record takes from the one that it belongs to has the words of those that every tenant has.
    let (of, member) = match resource.behaviours.get("kept-from").map(|params| &params.0) {
        Some(taken) if taken["members"][parameter].is_string() => {
            let through = resource.field(taken["through"].as_str()?)?;
            (catalogue.resource(through.shape.target()?)?, taken["members"][parameter].as_str()?)
        }
        _ => (resource, parameter),
    };
    words(catalogue, of, member).map(Choice::Words)
}

/// The words that a member of the records that every tenant has says, of several that one says the first.
fn words(catalogue: &Catalogue, resource: &Resource, member: &str) -> Option<Vec<String>> {
    let records: Vec<Value> = serde_json::from_str(catalogue.fresh(&resource.kind)?).ok()?;
    let said = records.iter().filter_map(|record| match &record[member] {
        Value::Array(words) => words.first()?.as_str(),
        word => word.as_str(),
    });
    let mut words: Vec<String> = said.map(str::to_owned).collect();
    words.dedup();
    (!words.is_empty()).then_some(words)
}
