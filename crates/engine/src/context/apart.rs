//! Lists that are kept apart from their records: read, changed, and written as records are kept.
//!
//! The parts are notes of the tenant, `apart:KIND.MEMBER:ID#PART`, each an array of entries with their places. The record
//! holds how many there are and by which change each was written. What is active of a part until the next activation is an
//! image of its own, taken at its first change. A list that is short stands in its record, and so does one that was kept
//! when there were no parts, until it is written again.

use serde_json::Value;
use zuno_catalogue::Resource;
use zuno_model::{Fault, Id, Kind, Record};

use super::Context;
use crate::Stored;
use crate::apart::{Apart, Opened, Part, SHORT};
use crate::images::{Images, PART};

/// One list: of which record, and in which member.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'a> {
    /// The record's kind.
    pub kind: &'a str,
    /// Its id.
    pub id: &'a Id,
    /// The member.
    pub member: &'a str,
}

/// A member that may be kept apart, what the kept record holds of it that is, and the list that another one has instead.
type MemberApart<'r> = (&'r str, Option<Apart>, &'r [Value]);

fn texts(items: &[Value]) -> impl Iterator<Item = &str> {
    items.iter().filter_map(Value::as_str)
}

/// A list that is in its record.
fn listed(held: Option<&Value>) -> &[Value] {
    held.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn owned(items: &[Value]) -> Vec<String> {
    texts(items).map(str::to_owned).collect()
}

fn values(entries: Vec<String>) -> Value {
    entries.into_iter().map(Value::String).collect()
}

fn read(text: &[u8]) -> Result<Part, Fault> {
    serde_json::from_slice(text)
        .map_err(|cause| Fault::broken(format!("a part of a list is damaged: {cause}")))
}

impl Context<'_> {
    fn note_of(&self, of: Entries<'_>, part: usize) -> String {
        format!("apart:{}.{}:{}#{part}", self.catalogue().kept_as(of.kind), of.member, of.id)
    }

    fn part(&self, of: Entries<'_>, part: usize) -> Result<Part, Fault> {
        let note = self.store().note(self.tenant().id, &self.note_of(of, part)).map_err(Fault::broken)?;
        note.map_or_else(
            || Err(Fault::broken(format!("{} is not there", self.note_of(of, part)))),
            |text| read(&text),
        )
    }

    /// What a record holds of a list that is kept apart; nothing where the list is in it.
    fn apart(&self, of: Entries<'_>, held: Option<&Value>) -> Result<Option<Apart>, Fault> {
        Ok(Apart::of(self.resource(of.kind)?, of.member, held))
    }

    /// All entries of what a record holds as a list.
    ///
    /// # Errors
    /// The store failed.
    pub fn entries(&self, of: Entries<'_>, held: Option<&Value>) -> Result<Vec<String>, Fault> {
        match self.apart(of, held)? {
            Some(apart) => Opened::new(apart, |part| self.part(of, part)).entries(),
            None => Ok(owned(listed(held))),
        }
    }

    /// A part of a list as it is in force.
    ///
    /// # Errors
    /// The store failed.
    pub fn part_in_force(&self, of: Entries<'_>, part: usize, images: &Images) -> Result<Vec<String>, Fault> {
        let part = self.part_as(of, part, images)?;
        Ok(part.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Whether two lists have the same entries, in whatever order.
    ///
    /// # Errors
    /// The store failed.
    pub fn same_entries(
        &self,
        of: Entries<'_>,
        held: Option<&Value>,
        given: &[Value],
    ) -> Result<bool, Fault> {
        let Some(apart) = self.apart(of, held)? else {
            let set = |items: &[Value]| owned(items).into_iter().collect::<std::collections::BTreeSet<_>>();
            return Ok(set(listed(held)) == set(given));
        };
        let mut list = Opened::new(apart, |part| self.part(of, part));
        let mut given: Vec<&str> = texts(given).collect();
        given.sort_unstable();
        given.dedup();
        if given.len() != list.apart.count {
            return Ok(false);
        }
        for entry in given {
            if !list.has(entry)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What a record holds of a list with some entries more, each once.
    ///
    /// # Errors
    /// The store failed.
    pub fn with_entries(
        &mut self,
        of: Entries<'_>,
        held: Option<&Value>,
        given: &[Value],
    ) -> Result<Value, Fault> {
        let Some(apart) = self.apart(of, held)? else {
            let held = listed(held);
            let mut known: std::collections::HashSet<&Value> = held.iter().collect();
            let more = given.iter().filter(|entry| known.insert(entry));
            return Ok(held.iter().chain(more.collect::<Vec<_>>()).cloned().collect());
        };
        let mut list = Opened::new(apart, |part| self.part(of, part));
        for entry in texts(given) {
            list.add(entry)?;
        }
        let closed = list.closed();
        self.write_parts(of, closed)
    }

    /// What a record holds of a list without some entries.
    ///
    /// # Errors
    /// The store failed.
    pub fn without_entries(
        &mut self,
        of: Entries<'_>,
        held: Option<&Value>,
        given: &[Value],
    ) -> Result<Value, Fault> {
        let Some(apart) = self.apart(of, held)? else {
            let gone: std::collections::HashSet<&Value> = given.iter().collect();
            return Ok(listed(held).iter().filter(|entry| !gone.contains(entry)).cloned().collect());
        };
        let parts = apart.parts.len();
        let mut list = Opened::new(apart, |part| self.part(of, part));
        for entry in texts(given) {
            list.take(entry)?;
        }
        if list.is_sparse() {
            let entries = list.entries()?;
            // A short one goes back into its record, and its parts go when that is kept.
            return match entries.len() {
                ..=SHORT => Ok(values(entries)),
                _ => self.replaced(of, parts, entries),
            };
        }
        let closed = list.closed();
        self.write_parts(of, closed)
    }

    /// A list in place of one that had so many parts.
    fn replaced(&mut self, of: Entries<'_>, before: usize, entries: Vec<String>) -> Result<Value, Fault> {
        let (now, kept) = match entries.len() {
            ..=SHORT => (values(entries), 0),
            _ => {
                let origin = self.draw()? as u64;
                let closed = Opened::of(origin, entries, |part| self.part(of, part)).closed();
                let parts = closed.1.len();
                (self.write_parts(of, closed)?, parts)
            }
        };
        for part in kept..before {
            self.write_part(of, part, None)?;
        }
        Ok(now)
    }

    fn write_parts(
        &mut self,
        of: Entries<'_>,
        (apart, parts): (Apart, Vec<(usize, Part)>),
    ) -> Result<Value, Fault> {
        for (number, part) in parts {
            let text = serde_json::to_vec(&part).map_err(Fault::broken)?;
            self.write_part(of, number, Some(&text))?;
        }
        Ok(apart.to_value())
    }

    /// Keeps a part or removes it; what is active of it is remembered.
    fn write_part(&mut self, of: Entries<'_>, part: usize, text: Option<&[u8]>) -> Result<(), Fault> {
        let (tenant, key) = (self.tenant().id, self.note_of(of, part));
        if self.resource(of.kind)?.staged {
            let (product, id) = (Kind(of.kind.to_owned()), Id(key.clone()));
            if !self.store().waits(tenant, product.product(), PART, &id).map_err(Fault::broken)? {
                let before = self.store().note(tenant, &key).map_err(Fault::broken)?;
                let change = self.change()?;
                change
                    .stage(tenant, product.product(), PART, &id, before.as_deref())
                    .map_err(Fault::broken)?;
            }
        }
        self.change()?.set_note(tenant, &key, text).map_err(Fault::broken)
    }

    /// A record as it is kept once its long lists are kept apart; nothing where it is kept as it is.
    pub(super) fn keep_apart(
        &mut self,
        resource: &Resource,
        id: &Id,
        record: &Record,
    ) -> Result<Option<Record>, Fault> {
        let mut changed: Option<Record> = None;
        for (member, before, now) in self.lists_apart(resource, id, Some(record))? {
            let of = Entries { kind: &resource.kind, id, member };
            let kept = match (before, now) {
                (None, now) if now.len() <= SHORT => continue,
                (None, now) => self.replaced(of, 0, owned(now))?,
                (Some(before), now) => self.changed_to(of, before, owned(now))?,
            };
            // What is not there is not there, whatever was.
            if record.contains_key(member) {
                changed.get_or_insert_with(|| record.clone()).insert(member.to_owned(), kept);
            }
        }
        Ok(changed)
    }

    /// Another list in place of one that is kept apart: where it only grew and shrank, the few parts are written that did.
    fn changed_to(&mut self, of: Entries<'_>, before: Apart, now: Vec<String>) -> Result<Value, Fault> {
        let parts = before.parts.len();
        let mut list = Opened::new(before, |part| self.part(of, part));
        let mut gone = Vec::new();
        let (wanted, mut stay) = (now.iter().collect::<std::collections::HashSet<_>>(), now.iter());
        let mut in_order = wanted.len() == now.len() && now.len() > SHORT;
        for held in list.entries()? {
            match wanted.contains(&held) {
                true => in_order = in_order && stay.next() == Some(&held),
                false => gone.push(held),
            }
        }
        if !in_order {
            return self.replaced(of, parts, now);
        }
        for entry in &gone {
            list.take(entry)?;
        }
        for entry in stay {
            list.add(entry)?;
        }
        // Else each update that takes out a few would leave the parts of the longest list that there ever was.
        if list.is_sparse() {
            return self.replaced(of, parts, now);
        }
        let closed = list.closed();
        self.write_parts(of, closed)
    }

    /// The lists of a record that is removed go with it.
    pub(super) fn remove_apart(&mut self, resource: &Resource, id: &Id) -> Result<(), Fault> {
        for (member, before, _) in self.lists_apart(resource, id, None)? {
            let of = Entries { kind: &resource.kind, id, member };
            self.replaced(of, before.map_or(0, |before| before.parts.len()), Vec::new())?;
        }
        Ok(())
    }

    /// The members of a resource that are kept apart when they are long, but for those that another record leaves apart.
    fn lists_apart<'r>(
        &self,
        resource: &'r Resource,
        id: &Id,
        record: Option<&'r Record>,
    ) -> Result<Vec<MemberApart<'r>>, Fault> {
        let mut members = resource.fields.iter().filter(|(_, field)| field.apart).peekable();
        if members.peek().is_none() {
            return Ok(Vec::new());
        }
        let kept = self.store().get(self.tenant().id, &resource.kind, id).map_err(Fault::broken)?;
        let kept: Record = kept
            .map_or_else(|| Ok(Record::new()), |row| serde_json::from_slice(&row.body))
            .map_err(Fault::broken)?;
        let of_each = members.filter_map(|(member, _)| {
            let now = record.and_then(|record| record.get(member));
            let is_apart = now.is_some_and(Value::is_object);
            let list = listed(now);
            (!is_apart).then(|| (member.as_str(), Apart::of(resource, member, kept.get(member)), list))
        });
        Ok(of_each.collect())
    }

    /// A record with all of its lists in it.
    ///
    /// # Errors
    /// The store failed.
    pub fn whole(&self, kind: &str, mut stored: Stored) -> Result<Stored, Fault> {
        self.fill(kind, &stored.id, &mut stored.record, &Images::default())?;
        Ok(stored)
    }

    /// Puts all of its lists into a record, as they are in force.
    ///
    /// # Errors
    /// The store failed.
    pub fn fill(&self, kind: &str, id: &Id, record: &mut Record, images: &Images) -> Result<(), Fault> {
        let resource = self.resource(kind)?;
        for (member, _) in resource.fields.iter().filter(|(_, field)| field.apart) {
            let Some(apart) = Apart::of(resource, member, record.get(member)) else { continue };
            let of = Entries { kind, id, member };
            let all = Opened::new(apart, |part| self.part_as(of, part, images)).entries()?;
            record.insert(member.clone(), values(all));
        }
        Ok(())
    }

    fn part_as(&self, of: Entries<'_>, part: usize, images: &Images) -> Result<Part, Fault> {
        images.part(&self.note_of(of, part)).map_or_else(|| self.part(of, part), read)
    }
}
