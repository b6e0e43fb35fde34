//! Users with their groups and departments.

use foldhash::HashMap;

use crate::matching::{Atom, Atoms, Of};
use crate::question::{Question, Unclear};
use crate::record::{id, text, words};
use crate::snapshot::Snapshot;

/// Everybody whom the configuration knows.
#[derive(Debug, Default)]
pub(super) struct People {
    users: HashMap<Box<str>, u32>,
    known: Vec<Person>,
    /// Groups that users are in: ids, and the atoms of those that rules name.
    table: Vec<(Box<str>, Option<Atom>)>,
    groups: HashMap<Box<str>, Box<str>>,
    departments: HashMap<Box<str>, Box<str>>,
}

#[derive(Debug)]
struct Person {
    id: Box<str>,
    user: Option<Atom>,
    /// Places in the table of groups.
    groups: Box<[u32]>,
    department: Option<Atom>,
}

impl People {
    pub fn new(snapshot: &Snapshot, atoms: &Atoms) -> People {
        let mut people = People {
            groups: by_name(snapshot, "zia.group"),
            departments: by_name(snapshot, "zia.department"),
            ..People::default()
        };
        let mut places: HashMap<String, u32> = HashMap::default();
        for (record, number) in snapshot.records("zia.user").iter().zip(0..) {
            let Some(id) = id(record, "id") else { continue };
            for key in ["email", "name"].iter().filter_map(|member| text(record, member)) {
                people.users.entry(key.to_lowercase().into()).or_insert(number);
            }
            people.users.insert(id.as_str().into(), number);
            let place = |group: String| {
                *places.entry(group).or_insert_with_key(|group| {
                    people.table.push((group.as_str().into(), atoms.find(Of::Group, group)));
                    u32::try_from(people.table.len() - 1).expect("a tenant has fewer than 2^32 groups")
                })
            };
            let department = crate::record::id(record, "department");
            let person = Person {
                groups: words(record, "groups").into_iter().map(place).collect(),
                user: atoms.find(Of::User, &id),
                department: department.and_then(|id| atoms.find(Of::Department, &id)),
                id: id.into(),
            };
            people.known.push(person);
        }
        people
    }

    /// Whether the user of a question is one of these, or in one of these groups, by their ids.
    pub fn is_among(&self, question: &Question, users: &[String], groups: &[String]) -> bool {
        let key = question.user.as_deref().map(str::to_lowercase);
        let person =
            key.as_deref().and_then(|key| self.users.get(key)).map(|number| &self.known[*number as usize]);
        let told =
            question.groups.iter().flatten().filter_map(|name| self.groups.get(name.to_lowercase().as_str()));
        let own = person.into_iter().flat_map(|person| person.groups.iter());
        let own = own.map(|place| &self.table[*place as usize].0).filter(|_| question.groups.is_none());
        person.is_some_and(|person| users.iter().any(|id| **id == *person.id))
            || told.chain(own).any(|group| groups.iter().any(|id| **id == **group))
    }

    /// Who asks: the user, the groups and the department. A user whom nothing knows is told apart by name alone.
    ///
    /// # Errors
    /// A group or department is named that there is not.
    pub fn who(&self, question: &Question, atoms: &Atoms) -> Result<Vec<Atom>, Unclear> {
        let key = question.user.as_deref().map(str::to_lowercase);
        let person =
            key.as_deref().and_then(|key| self.users.get(key)).map(|number| &self.known[*number as usize]);
        // Somebody may be in hundreds of groups.
        let mut found = Vec::with_capacity(2 + person.map_or(0, |person| person.groups.len()));
        if let Some(person) = person {
            found.extend(person.user);
        } else if let Some(name) = question.user.as_deref() {
            found.extend(atoms.find(Of::User, name));
        }
        match (&question.groups, person) {
            (Some(groups), _) => {
                for group in groups {
                    found.extend(atoms.find(Of::Group, named(&self.groups, "groups", "group", group)?));
                }
            }
            (None, Some(person)) => {
                found.extend(person.groups.iter().filter_map(|place| self.table[*place as usize].1));
            }
            (None, None) => {}
        }
        match (&question.department, person) {
            (Some(name), _) => {
                let id = named(&self.departments, "department", "department", name)?;
                found.extend(atoms.find(Of::Department, id));
            }
            (None, Some(person)) => {
                found.extend(person.department);
            }
            (None, None) => {}
        }
        Ok(found)
    }
}

/// Ids by name in lower case and by id.
pub(super) fn by_name(snapshot: &Snapshot, kind: &str) -> HashMap<Box<str>, Box<str>> {
    let mut ids = HashMap::default();
    for record in snapshot.records(kind) {
        let Some(id) = id(record, "id") else { continue };
        if let Some(name) = text(record, "name") {
            ids.entry(name.to_lowercase().into()).or_insert_with(|| id.as_str().into());
        }
        ids.insert(id.as_str().into(), id.into());
    }
    ids
}

/// The id of what a question names by name or id.
pub(super) fn named<'i>(
    ids: &'i HashMap<Box<str>, Box<str>>,
    member: &'static str,
    noun: &'static str,
    value: &str,
) -> Result<&'i str, Unclear> {
    let known = ids.get(value).or_else(|| ids.get(value.to_lowercase().as_str()));
    known.map(|id| &**id).ok_or_else(|| Unclear::NoSuch { member, noun, value: value.to_owned() })
}
