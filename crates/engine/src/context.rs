//! What code that carries out a call may see and do: one tenant's records, at one moment, under one clock reading.

mod keep;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::{Catalogue, Operation, Resource, Verb};
use zuno_model::{Actor, Fault, Id, Kind, Link, Record, Tenant, Time};
use zuno_store::{Read, Row, StoreError, Stretch, Write};

use self::keep::{claim_key, fold};
use crate::{Baselines, Call, Change, Engine, Outcome, Wish, value};

/// The first number of a tenant's series; what a fresh tenant and the sample fleet have lies below.
const SERIES_START: i64 = 131_072;

/// A record with what the store keeps beside its members.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its id.
    pub id: Id,
    /// The scope it belongs to.
    pub scope: String,
    /// Its place in its kind's order.
    pub sort: String,
    /// Its members in engine form: references as texts, numbers as numbers.
    pub record: Record,
}

/// Read access to a moment, or write access inside a transaction.
pub enum Access<'a> {
    /// Reads only.
    Read(&'a dyn Read),
    /// Reads and writes.
    Write(&'a mut dyn Write),
}

/// The world of one call.
pub struct Context<'a> {
    pub(crate) engine: &'a Engine,
    /// The call that is carried out.
    pub call: &'a Call,
    access: Access<'a>,
    own: RefCell<HashMap<String, bool>>,
    found: RefCell<HashMap<String, Value>>,
    drawn: u128,
}

fn broken(cause: StoreError) -> Fault {
    Fault::broken(cause)
}

impl<'a> Context<'a> {
    /// The world of a call at a moment.
    pub fn new(engine: &'a Engine, call: &'a Call, access: Access<'a>) -> Context<'a> {
        Context { engine, call, access, own: RefCell::default(), found: RefCell::default(), drawn: 0 }
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &'a Catalogue {
        self.engine.catalogue()
    }

    /// The resource of a kind.
    ///
    /// # Errors
    /// There is none: a behaviour's parameter names a kind that the catalogue lacks.
    pub fn resource(&self, kind: &str) -> Result<&'a Resource, Fault> {
        self.catalogue()
            .resource(kind)
            .ok_or_else(|| Fault::broken(format!("the catalogue has no resource `{kind}`")))
    }

    /// The operation that is carried out.
    pub fn operation(&self) -> &'a Operation {
        self.engine.operation(self.call).1
    }

    /// What `find` found under this key earlier in the call, or finds now; a change of any record forgets it.
    /// So a list of many records that each tell something of the whole list asks the store once.
    ///
    /// # Errors
    /// What `find` says.
    pub fn once(&self, key: &str, find: impl FnOnce() -> Result<Value, Fault>) -> Result<Value, Fault> {
        if let Some(known) = self.found.borrow().get(key) {
            return Ok(known.clone());
        }
        let value = find()?;
        self.found.borrow_mut().insert(key.to_owned(), value.clone());
        Ok(value)
    }

    /// Whose cloud.
    pub fn tenant(&self) -> &'a Tenant {
        &self.call.tenant
    }

    /// Who asks.
    pub fn actor(&self) -> &'a Actor {
        &self.call.actor
    }

    /// The clock's reading.
    pub fn now(&self) -> Time {
        self.call.now
    }

    /// Random bits, different at each draw of a call.
    pub fn draw(&mut self) -> u128 {
        self.drawn += 1;
        // A multiplication by an odd constant keeps draws of one call apart; the call's bits are the randomness.
        (self.call.entropy ^ self.drawn)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
            .rotate_left(61)
    }

    /// The store at this moment.
    pub fn store(&self) -> &dyn Read {
        match &self.access {
            Access::Read(read) => *read,
            Access::Write(write) => write.as_read(),
        }
    }

    /// The store, to change it.
    ///
    /// # Errors
    /// The operation was declared as one that only reads.
    pub fn change(&mut self) -> Result<&mut dyn Write, Fault> {
        match &mut self.access {
            Access::Write(write) => Ok(*write),
            Access::Read(_) => Err(Fault::broken("an operation that only reads tried to write")),
        }
    }

    /// Whether the tenant's first objects of a kind have become its own.
    fn owns(&self, kind: &str) -> Result<bool, Fault> {
        if !Baselines::any(self.catalogue(), kind) {
            return Ok(true);
        }
        if let Some(&known) = self.own.borrow().get(kind) {
            return Ok(known);
        }
        let known = self.store().note(self.tenant().id, &format!("own:{kind}")).map_err(broken)?.is_some();
        self.own.borrow_mut().insert(kind.to_owned(), known);
        Ok(known)
    }

    fn shared(&self, resource: &Resource) -> Arc<Vec<Stored>> {
        self.engine.baselines().of(self.catalogue(), resource, self.tenant())
    }

    /// One record, whatever its scope.
    ///
    /// # Errors
    /// The store failed.
    pub fn get(&self, kind: &str, id: &Id) -> Result<Option<Stored>, Fault> {
        if !self.owns(kind)? {
            let resource = self.resource(kind)?;
            return Ok(self.shared(resource).iter().find(|stored| stored.id == *id).cloned());
        }
        self.store().get(self.tenant().id, kind, id).map_err(broken)?.map(read_row).transpose()
    }

    /// One record that must exist.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or the store failed.
    pub fn need(&self, kind: &str, id: &Id) -> Result<Stored, Fault> {
        self.get(kind, id)?.ok_or_else(|| Fault::NotFound { kind: kind.into(), id: id.clone() })
    }

    /// Every record of a kind in the order of its lists; of one scope, or of all.
    ///
    /// # Errors
    /// The store failed.
    pub fn all(&self, kind: &str, scope: Option<&str>) -> Result<Vec<Stored>, Fault> {
        self.stretch(kind, scope, Stretch::ALL)
    }

    /// A stretch of a kind's records.
    ///
    /// # Errors
    /// The store failed.
    pub fn stretch(&self, kind: &str, scope: Option<&str>, stretch: Stretch) -> Result<Vec<Stored>, Fault> {
        if !self.owns(kind)? {
            let resource = self.resource(kind)?;
            let shared = self.shared(resource);
            let mut matching: Vec<&Stored> =
                shared.iter().filter(|stored| scope.is_none_or(|scope| stored.scope == scope)).collect();
            if stretch.backwards {
                matching.reverse();
            }
            let skip = usize::try_from(stretch.skip).unwrap_or(usize::MAX);
            let take = usize::try_from(stretch.take).unwrap_or(usize::MAX);
            return Ok(matching.into_iter().skip(skip).take(take).cloned().collect());
        }
        let rows = self.store().list(self.tenant().id, kind, scope, stretch).map_err(broken)?;
        rows.into_iter().map(read_row).collect()
    }

    /// How many records of a kind there are, in constant time.
    ///
    /// # Errors
    /// The store failed.
    pub fn count(&self, kind: &str, scope: Option<&str>) -> Result<u64, Fault> {
        if !self.owns(kind)? {
            let shared = self.shared(self.resource(kind)?);
            return Ok(
                shared.iter().filter(|stored| scope.is_none_or(|scope| stored.scope == scope)).count() as u64,
            );
        }
        self.store().count(self.tenant().id, kind, scope).map_err(broken)
    }

    /// The records of one kind whose member points at a record, in the order of their lists.
    ///
    /// # Errors
    /// The store failed.
    pub fn pointing(&self, from: &str, field: &str, kind: &str, id: &Id) -> Result<Vec<Stored>, Fault> {
        if !self.owns(from)? {
            let shared = self.shared(self.resource(from)?);
            let points = |stored: &&Stored| {
                stored.record.get(field).is_some_and(|held| value::same(held, id.as_str()))
            };
            return Ok(shared.iter().filter(points).cloned().collect());
        }
        let rows = self.store().pointing(self.tenant().id, from, field, kind, id).map_err(broken)?;
        rows.into_iter().map(read_row).collect()
    }

    /// Who points at a record, with what people call them.
    ///
    /// # Errors
    /// The store failed.
    pub fn referrers(&self, kind: &str, id: &Id) -> Result<Vec<Link>, Fault> {
        let mut links: Vec<Link> = Vec::new();
        for reference in self.store().referrers(self.tenant().id, kind, id).map_err(broken)? {
            let resource = self.resource(&reference.kind)?;
            let name =
                self.get(&reference.kind, &reference.id)?.map(|stored| name_of(&stored)).unwrap_or_default();
            let link = Link { kind: Kind(reference.kind), id: reference.id, noun: resource.title(), name };
            if !links.contains(&link) {
                links.push(link);
            }
        }
        Ok(links)
    }

    /// Who holds a unique value.
    ///
    /// # Errors
    /// The store failed.
    pub fn holder(
        &self,
        resource: &Resource,
        field: &str,
        wanted: &str,
        scope: &str,
    ) -> Result<Option<Id>, Fault> {
        let Some(unique) = resource.field(field).and_then(|field| field.unique) else { return Ok(None) };
        let folded = fold(unique, wanted);
        if !self.owns(&resource.kind)? {
            let has = |stored: &&Stored| {
                stored.scope == scope
                    && stored
                        .record
                        .get(field)
                        .and_then(value::text)
                        .is_some_and(|text| fold(unique, &text) == folded)
            };
            return Ok(self.shared(resource).iter().find(has).map(|stored| stored.id.clone()));
        }
        let key = claim_key(resource, &folded, scope, "");
        self.store().holder(self.tenant().id, &resource.kind, field, &key).map_err(broken)
    }

    /// The next value of one of the tenant's counters.
    ///
    /// # Errors
    /// The store failed.
    pub fn next(&mut self, counter: &str, start: i64) -> Result<i64, Fault> {
        let tenant = self.tenant().id;
        self.change()?.next(tenant, counter, start).map_err(broken)
    }

    /// The next id of the series that all kinds with tenant-series ids share.
    ///
    /// # Errors
    /// The store failed.
    pub fn next_in_series(&mut self) -> Result<Id, Fault> {
        Ok(Id::from(self.tenant().customer_id + self.next("series", SERIES_START)?))
    }

    /// The part of the call's own list that is wished for, where a body says which.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn list_part(&self, wish: &Wish) -> Result<Outcome, Fault> {
        let (resource, operation) = self.engine.operation(self.call);
        crate::listing::run(self, resource, operation, wish)
    }

    /// A record as an answer of this verb shows it, or in a view of its resource: hooks run, references shown.
    ///
    /// # Errors
    /// The store failed.
    pub fn show(
        &self,
        resource: &Resource,
        verb: Verb,
        view: Option<&str>,
        stored: Stored,
    ) -> Result<Value, Fault> {
        crate::show::record(self, resource, verb, view, stored)
    }

    /// Some records of a resource as a list of its own shows them: sorted, filtered, searched and cut as the call
    /// wishes.
    ///
    /// # Errors
    /// The search names a member that does not exist, or the store failed.
    pub fn list(&self, resource: &Resource, view: Option<&str>, rows: Vec<Stored>) -> Result<Outcome, Fault> {
        crate::listing::among(self, resource, view, rows)
    }

    /// Reads a body as members of a kind, checked as a plain create or update would.
    ///
    /// # Errors
    /// The first member that is wrong.
    pub fn decode(&self, kind: &str, body: &Value) -> Result<Record, Fault> {
        crate::decode::body(self.catalogue(), self.resource(kind)?, body)
    }

    /// Makes a record in a scope as a plain create with this body would; what the call's path names stays out of it.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn create(&mut self, kind: &str, scope: &str, body: &Value) -> Result<Change, Fault> {
        let sent = self.decode(kind, body)?;
        self.insert(kind, scope, sent)
    }

    /// Makes a record of these members, in engine form, which may be the server's own: over the defaults, with an id
    /// of its own and all hooks.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn insert(&mut self, kind: &str, scope: &str, members: Record) -> Result<Change, Fault> {
        let resource = self.resource(kind)?;
        let draft = crate::compose::draft(self, resource, members)?;
        self.write(resource, Change { scope: scope.to_owned(), ..draft })
    }

    /// Changes a record as a plain update with this body would.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn update(&mut self, kind: &str, id: &Id, body: &Value) -> Result<Change, Fault> {
        let resource = self.resource(kind)?;
        let sent = self.decode(kind, body)?;
        let old = self.need(kind, id)?;
        let change = crate::compose::merge(resource, self.catalogue().owner(resource), old, sent);
        self.write(resource, change)
    }

    /// Changes the members of a record that a body names, and leaves all others as they are.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn amend(&mut self, kind: &str, id: &Id, body: &Value) -> Result<Change, Fault> {
        let resource = self.resource(kind)?;
        let sent = crate::decode::body(self.catalogue(), resource, body)?;
        let old = self.need(kind, id)?;
        let mut new = old.record.clone();
        new.extend(sent.clone());
        let (id, scope, old) = (old.id, old.scope, Some(old.record));
        self.write(resource, Change { verb: Verb::Update, id, scope, old, new, sent })
    }

    /// Records of other scopes that are seen, not changed, from a scope.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn lent(&self, resource: &Resource, scope: &str) -> Result<Vec<Stored>, Fault> {
        let mut lent = Vec::new();
        for behaviour in self.engine.bound(resource).all() {
            lent.extend(behaviour.lends(self, scope)?);
        }
        Ok(lent)
    }

    /// Removes a record with all hooks, as if a caller had asked for it; `guarded` refuses while it is pointed at.
    ///
    /// # Errors
    /// [`Fault::NotFound`], [`Fault::InUse`], another refusal, or the store failed.
    pub fn erase(&mut self, resource: &'a Resource, id: &Id, guarded: bool) -> Result<(), Fault> {
        let old = self.need(&resource.kind, id)?;
        crate::erase::erase(self, resource, Change::removal(old), guarded, false).map(|_| ())
    }

    /// Takes the pointers at a record out of another one; its hooks for changes do not run.
    ///
    /// # Errors
    /// The store failed.
    pub fn detach(&mut self, from: &str, id: &Id, kind: &str, target: &Id) -> Result<(), Fault> {
        crate::erase::detach(self, from, id, kind, target)
    }

    /// The one record of a singleton: as it was last written, or its defaults.
    ///
    /// # Errors
    /// The store failed.
    pub fn only(&self, kind: &str) -> Result<Stored, Fault> {
        crate::engine::only_one(self, self.resource(kind)?)
    }

    /// Carries out a change with all hooks and checks, as if a caller had asked for it.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn write(&mut self, resource: &'a Resource, change: Change) -> Result<Change, Fault> {
        crate::compose::write(self, resource, change)
    }
}

fn read_row(row: Row) -> Result<Stored, Fault> {
    let record = serde_json::from_slice(&row.body).map_err(Fault::broken)?;
    Ok(Stored { id: row.id, scope: row.scope, sort: row.sort, record })
}

/// What people call a record: its name, or the first member that serves as one.
fn name_of(stored: &Stored) -> String {
    let candidates = ["name", "configuredName", "displayName", "loginName", "networkName"];
    let named = candidates.iter().find_map(|member| stored.record.get(*member).and_then(Value::as_str));
    named.unwrap_or(stored.id.as_str()).to_owned()
}
