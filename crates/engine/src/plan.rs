//! How the records of a resource are shown in the answers of a verb, settled once: which members in which order, which of
//! them are copied from what the store keeps, and which are found elsewhere.

use std::collections::HashMap;

use zuno_catalogue::{Access, Field, Resource, Stamp, Verb};

use crate::Numbering;

/// How deep members may be told by others.
const DEEPEST: usize = 8;

/// What is settled.
#[derive(Debug)]
pub struct Plan {
    /// The names that count in a kept record.
    pub names: Vec<String>,
    places: HashMap<String, usize>,
    /// Those that hooks or members found elsewhere look at, by their places.
    pub read: Vec<usize>,
    /// The fields whose value is counted or left out, by their places among the resource's.
    pub settled: Vec<usize>,
    /// The members, in their order.
    pub members: Vec<Member>,
    /// A member without a value is told as null.
    pub nulls: bool,
}

/// A member that is shown.
#[derive(Debug)]
pub struct Member {
    /// Its place among the resource's fields.
    pub field: usize,
    /// Its place among the plan's names.
    pub place: usize,
    /// Its name as it is written, with the colon behind it.
    pub lead: String,
    /// Where its value is.
    pub source: Source,
}

/// Where a member's value is.
#[derive(Debug)]
pub enum Source {
    /// In the kept record, or else it is this text.
    Kept(Option<String>),
    /// It follows from the value of another member alone: the place of that among the plan's names.
    Follows(usize),
    /// It is found as of any record.
    Found,
}

/// What the members of a record are found by, beside its fields.
pub struct Around<'a> {
    /// Members that hooks look at or set.
    pub touched: Vec<String>,
    /// What the records are numbered by.
    pub numbering: Option<&'a Numbering>,
    /// Members that are kept sealed, or hold such.
    pub sealed: Vec<&'a str>,
    /// A member without a value is told as null.
    pub nulls: bool,
}

impl Plan {
    /// Settles it for an answer of a verb, or for a view of the resource.
    pub fn of(resource: &Resource, verb: Verb, view: Option<&str>, around: Around<'_>) -> Plan {
        let mut plan = Plan {
            names: Vec::new(),
            places: HashMap::new(),
            read: Vec::new(),
            settled: Vec::new(),
            members: Vec::new(),
            nulls: around.nulls && view.is_none(),
        };
        let mut found = around.touched;
        found.extend(around.sealed.iter().map(|name| (*name).to_owned()));
        if let Some(numbering) = around.numbering {
            found.push(numbering.member.clone());
            found.extend(numbering.shifts.iter().flat_map(|(time, by)| [time.clone(), by.clone()]));
            for name in [&numbering.within, &numbering.fixed, &numbering.last].into_iter().flatten() {
                plan.look_at(name);
            }
        }
        for (place, (name, field)) in resource.fields.iter().enumerate() {
            let rules =
                || field.absent.iter().filter(|rule| rule.verbs.is_empty() || rule.verbs.contains(&verb));
            // What is kept apart is read when it is shown.
            found.extend(field.apart.then(|| name.clone()));
            if field.counts.is_some() || rules().next().is_some() {
                plan.settled.push(place);
                found.push(name.clone());
                rules().flat_map(|rule| rule.unless.keys()).for_each(|name| plan.look_at(name));
                field.counts.iter().for_each(|list| plan.look_at(list));
            }
        }
        found.iter().for_each(|name| plan.look_at(name));
        let is_found = |name: &str| found.iter().any(|found| found == name);
        let viewed = view.map(|view| resource.views.get(view).map(Vec::as_slice).unwrap_or_default());
        let shown: Vec<&str> = match viewed {
            Some(names) => names.iter().map(String::as_str).collect(),
            None => {
                let shown = resource.fields.iter().filter(|(_, field)| is_shown(field, verb));
                shown.map(|(name, _)| name.as_str()).collect()
            }
        };
        for name in shown {
            let Some((field, _, described)) =
                resource.fields.get_full(name).filter(|(.., field)| !field.secret)
            else {
                continue;
            };
            let source = plan.source(resource, name, described, &is_found);
            if matches!(source, Source::Found) {
                plan.look_through(resource, name, 0);
            }
            let lead = format!("{}:", serde_json::Value::from(name));
            let place = plan.place(name);
            plan.members.push(Member { field, place, lead, source });
        }
        plan
    }

    fn source(
        &mut self,
        resource: &Resource,
        name: &str,
        field: &Field,
        is_found: &impl Fn(&str) -> bool,
    ) -> Source {
        let scoped = matches!(field.stamp, Some(Stamp::Scope | Stamp::ScopeName));
        if is_found(name) || scoped || field.made.is_some() || field.inverse.is_some() {
            return Source::Found;
        }
        if let Some(from) = &field.from {
            return match from.split_once('.') {
                Some((first, _)) if !is_found(first) && resource.field(first).is_some() => {
                    Source::Follows(self.place(first))
                }
                _ => Source::Found,
            };
        }
        let default = field.default.as_ref().filter(|_| field.access == Access::Server);
        Source::Kept(default.map(|json| json.0.to_string()))
    }

    /// The place of a name that counts.
    pub fn known(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.known(name) {
            return place;
        }
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    fn look_at(&mut self, name: &str) {
        let place = self.place(name);
        if !self.read.contains(&place) {
            self.read.push(place);
        }
    }

    /// Looks at a member and at those that it is told by.
    fn look_through(&mut self, resource: &Resource, name: &str, depth: usize) {
        self.look_at(name);
        let Some(field) = resource.field(name).filter(|_| depth < DEEPEST) else { return };
        if let Some(from) = &field.from {
            self.look_through(resource, from.split('.').next().unwrap_or(from), depth + 1);
        }
        for word in field.made_of() {
            self.look_through(resource, word, depth + 1);
        }
    }
}

/// Whether an answer of a verb has a member at all.
pub fn is_shown(field: &Field, verb: Verb) -> bool {
    field.access != Access::Hidden
        && !field.secret
        && field.shown.as_ref().is_none_or(|shown| shown.contains(&verb))
}
