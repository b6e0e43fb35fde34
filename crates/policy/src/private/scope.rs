//! Microtenants: whose a user is, and what they see.

use super::rules::Whose;
use super::segments::Segment;
use crate::question::{Question, Unclear};
use crate::record::{id, on, text, whole, words};
use crate::snapshot::Snapshot;

/// All of them, in the order in which they are matched.
#[derive(Debug, Default)]
pub(super) struct Microtenants {
    known: Vec<Microtenant>,
}

#[derive(Debug)]
struct Microtenant {
    id: Box<str>,
    name: Box<str>,
    enabled: bool,
    domains: Vec<String>,
}

impl Microtenants {
    pub fn new(snapshot: &Snapshot) -> Microtenants {
        let mut records: Vec<_> = snapshot.records("zpa.microtenant").iter().collect();
        records.sort_by_key(|record| whole(record, "scopeOrder").unwrap_or(i64::MAX));
        let known = records.into_iter().filter_map(|record| {
            Some(Microtenant {
                id: id(record, "id").filter(|id| id != "0")?.into(),
                name: text(record, "name").unwrap_or_default().into(),
                enabled: on(record, "enabled"),
                domains: words(record, "criteriaAttributeValues")
                    .iter()
                    .map(|domain| domain.to_lowercase())
                    .collect(),
            })
        });
        Microtenants { known: known.collect() }
    }

    /// Those that are on, by id and name.
    pub fn enabled(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known.iter().filter(|known| known.enabled).map(|known| (&*known.id, &*known.name))
    }

    /// The microtenant of a user: the first whose domains hold the user's; nothing is Default. One that is off has no users:
    /// they are Default's, whatever comes behind it (documented; that no other takes them is guessed).
    ///
    /// # Errors
    /// The question names one that there is not.
    pub fn of(&self, question: &Question) -> Result<Option<&str>, Unclear> {
        if let Some(name) = question.microtenant.as_deref() {
            if name == "0" || name.eq_ignore_ascii_case("default") {
                return Ok(None);
            }
            let found =
                self.known.iter().find(|known| *known.id == *name || known.name.eq_ignore_ascii_case(name));
            return found.map(|known| Some(&*known.id)).ok_or_else(|| Unclear::NoSuch {
                member: "microtenant",
                noun: "microtenant",
                value: name.to_owned(),
            });
        }
        let domain = question
            .user
            .as_deref()
            .and_then(|user| user.rsplit_once('@'))
            .map(|(_, domain)| domain.to_lowercase());
        let Some(domain) = domain else { return Ok(None) };
        let found = self.known.iter().find(|known| known.domains.contains(&domain));
        Ok(found.filter(|known| known.enabled).map(|known| &*known.id))
    }
}

/// Whether users of a microtenant see a segment: Default's, their own and what is shared with them.
pub(super) fn sees(scope: Option<&str>, segment: &Segment) -> bool {
    match (&segment.owner, scope) {
        (None, _) => true,
        (Some(owner), Some(scope)) => **owner == *scope || segment.shared_to.iter().any(|to| **to == *scope),
        (Some(_), None) => false,
    }
}

/// Whose rules count for a segment.
pub(super) fn whose<'a>(scope: Option<&'a str>, segment: Option<&Segment>, default_first: bool) -> Whose<'a> {
    match (scope, segment.and_then(|segment| segment.owner.as_deref())) {
        (None, _) => Whose::Default,
        (Some(own), Some(_)) => Whose::Own(own),
        (Some(own), None) => Whose::Both(own, default_first),
    }
}
