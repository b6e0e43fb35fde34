//! What a call changes: ids, and records as a caller of the plain verbs would change them, with all hooks and checks.

use serde_json::Value;
use zuno_catalogue::{Resource, Verb};
use zuno_model::{Fault, Id, Record};

use super::{Context, broken};
use crate::Change;

/// The first number of a tenant's series; what a fresh tenant and the sample fleet have lies below.
const SERIES_START: i64 = 131_072;

impl<'a> Context<'a> {
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

    /// Removes everything that the tenant has, so that it is as when it was made.
    ///
    /// # Errors
    /// The store failed.
    pub fn clear(&mut self) -> Result<(), Fault> {
        let tenant = self.tenant().id;
        self.change()?.clear_tenant(tenant).map_err(broken)?;
        self.found.get_mut().clear();
        self.own.get_mut().clear();
        self.kinds.forget();
        self.changed.extend(self.catalogue().resources().iter().map(|resource| resource.kind.as_str()));
        Ok(())
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
        let sent = self.decode(kind, body)?;
        let old = self.need(kind, id)?;
        let mut new = old.record.clone();
        new.extend(sent.clone());
        let (id, scope, old) = (old.id, old.scope, Some(old.record));
        self.write(resource, Change { verb: Verb::Update, id, scope, old, new, sent })
    }

    /// Carries out a change with all hooks and checks, as if a caller had asked for it.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn write(&mut self, resource: &'a Resource, change: Change) -> Result<Change, Fault> {
        crate::compose::write(self, resource, change)
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
}
