//! Who is called how: from ids to names, and back.

use std::collections::{BTreeMap, HashMap};

use zuno_model::Id;

/// How the records of a tenant are called, by kind.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<String, OfKind>);

#[derive(Clone, Debug, Default)]
struct OfKind {
    names: HashMap<Id, String>,
    ids: HashMap<String, Vec<Id>>,
}

/// Whom a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Nobody.
    Nobody,
    /// This one.
    One(Id),
    /// So many.
    Several(usize),
}

impl Names {
    /// Learns how a record is called. One that has no name of its own is called by its id.
    pub fn learn(&mut self, kind: &str, id: &Id, name: &str) {
        let of = self.0.entry(kind.to_owned()).or_default();
        if of.names.insert(id.clone(), name.to_owned()).is_none() {
            of.ids.entry(name.to_owned()).or_default().push(id.clone());
        }
    }

    /// Whether the records of a kind were read.
    pub fn knows(&self, kind: &str) -> bool {
        self.0.contains_key(kind)
    }

    /// Learns that a kind was read, though it may have no record.
    pub fn learn_kind(&mut self, kind: &str) {
        self.0.entry(kind.to_owned()).or_default();
    }

    /// The name by which one record alone is meant.
    pub fn name(&self, kind: &str, id: &Id) -> Option<&str> {
        let of = self.0.get(kind)?;
        let name = of.names.get(id)?;
        (of.ids.get(name).is_some_and(|ids| ids.len() == 1)).then_some(name)
    }

    /// Whether there is a record of this id.
    pub fn has(&self, kind: &str, id: &Id) -> bool {
        self.0.get(kind).is_some_and(|of| of.names.contains_key(id))
    }

    /// Whom a name means.
    pub fn meant(&self, kind: &str, name: &str) -> Meant {
        match self.0.get(kind).and_then(|of| of.ids.get(name)).map(Vec::as_slice) {
            None | Some([]) => Meant::Nobody,
            Some([one]) => Meant::One(one.clone()),
            Some(several) => Meant::Several(several.len()),
        }
    }

    /// The names of a kind's records that come nearest to a word that means nobody: those that begin alike.
    pub fn near(&self, kind: &str, word: &str) -> Option<&str> {
        let start: String = word.chars().take(3).collect::<String>().to_lowercase();
        let names = self.0.get(kind)?.ids.keys().filter(|name| name.to_lowercase().starts_with(&start));
        names.min_by_key(|name| (name.len().abs_diff(word.len()), name.as_str())).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use zuno_model::Id;

    use super::{Meant, Names};

    #[test]
    fn a_name_that_two_have_means_neither() {
        let mut names = Names::default();
        let id = |text: &str| Id(text.to_owned());
        names.learn("k", &id("1"), "one");
        names.learn("k", &id("2"), "two");
        names.learn("k", &id("3"), "two");
        names.learn("k", &id("1"), "one");
        assert_eq!(names.name("k", &id("1")), Some("one"));
        assert_eq!((names.name("k", &id("2")), names.name("other", &id("1"))), (None, None));
        assert_eq!(names.meant("k", "one"), Meant::One(id("1")));
        assert_eq!((names.meant("k", "two"), names.meant("k", "three")), (Meant::Several(2), Meant::Nobody));
        assert_eq!(names.near("k", "Onethousand"), Some("one"));
    }
}
