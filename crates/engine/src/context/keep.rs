//! How records reach the store: with their unique values claimed, their pointers recorded and the change staged; and
//! the numbers that the store counts.

use zuno_catalogue::Resource;
use zuno_model::{Fault, Id, Kind};
use zuno_store::Row;

use super::Context;
use crate::claim::{claim_key, fold};
use crate::{Stored, pointers, sort, value};

/// The first number of a tenant's series; what a fresh tenant and the sample fleet have lies below.
const SERIES_START: i64 = 131_072;

impl Context<'_> {
    /// Makes the tenant's first objects of a kind its own, and those of every kind that may point at them.
    pub(crate) fn make_own(&mut self, kind: &str) -> Result<(), Fault> {
        if self.owns(kind)? {
            return Ok(());
        }
        self.own.borrow_mut().insert(kind.to_owned(), true);
        let tenant = self.tenant().id;
        self.change()?.set_note(tenant, &format!("own:{kind}"), Some(b"1")).map_err(Fault::broken)?;
        let resource = self.resource(kind)?;
        for stored in self.shared(resource).iter() {
            match self.keep(resource, stored) {
                // Two of a tenant's first objects may share a name (seen in the examples); the first one holds it.
                Err(Fault::Duplicate { .. }) => self.keep_claiming(resource, stored, &[])?,
                other => other?,
            }
        }
        let inward: Vec<String> =
            self.catalogue().pointing_at(kind).map(|(from, _)| from.kind.clone()).collect();
        for from in inward {
            self.make_own(&from)?;
        }
        Ok(())
    }

    /// Keeps a record as it is given: unique values claimed, pointers recorded, the change staged. No hook runs.
    ///
    /// # Errors
    /// [`Fault::Duplicate`], or the store failed.
    pub fn save(&mut self, kind: &str, stored: &Stored) -> Result<(), Fault> {
        let resource = self.changes(kind)?;
        self.make_own(kind)?;
        self.may_change(resource, &stored.id, Some(&stored.scope))?;
        self.stage(resource, &stored.id)?;
        match self.keep(resource, stored) {
            Err(Fault::Duplicate { field, .. }) if self.leaves(kind, stored, &field)? => {
                self.keep_claiming(resource, stored, &[])
            }
            other => other,
        }
    }

    /// Whether the record that is there has the same value, in the same scope. One of a tenant's first objects may
    /// share a name with another; as long as it keeps it, so be it.
    fn leaves(&self, kind: &str, stored: &Stored, field: &str) -> Result<bool, Fault> {
        let before = self.get(kind, &stored.id)?;
        Ok(before.is_some_and(|before| {
            before.scope == stored.scope && before.record.get(field) == stored.record.get(field)
        }))
    }

    /// Removes a record. No hook runs.
    ///
    /// # Errors
    /// The store failed.
    pub fn remove(&mut self, kind: &str, id: &Id) -> Result<(), Fault> {
        let resource = self.changes(kind)?;
        self.make_own(kind)?;
        self.may_change(resource, id, None)?;
        self.stage(resource, id)?;
        let tenant = self.tenant().id;
        self.change()?.remove(tenant, kind, id).map_err(Fault::broken)?;
        Ok(())
    }

    /// Remembers what is active of a record before it changes.
    fn stage(&mut self, resource: &Resource, id: &Id) -> Result<(), Fault> {
        if !resource.staged {
            return Ok(());
        }
        let tenant = self.tenant().id;
        let before = self.store().get(tenant, &resource.kind, id).map_err(Fault::broken)?.map(|row| row.body);
        let product = Kind(resource.kind.clone());
        self.change()?
            .stage(tenant, product.product(), &resource.kind, id, before.as_deref())
            .map_err(Fault::broken)
    }

    fn keep(&mut self, resource: &Resource, stored: &Stored) -> Result<(), Fault> {
        let mut claims = Vec::new();
        for (name, field) in &resource.fields {
            if let (Some(unique), Some(text)) = (field.unique, stored.record.get(name).and_then(value::text))
            {
                let within =
                    field.within.as_ref().and_then(|member| stored.record.get(member)).and_then(value::text);
                let key =
                    claim_key(resource, &fold(unique, &text), &stored.scope, &within.unwrap_or_default());
                claims.push((name.clone(), key));
            }
        }
        self.keep_claiming(resource, stored, &claims)
    }

    fn keep_claiming(
        &mut self,
        resource: &Resource,
        stored: &Stored,
        claims: &[(String, String)],
    ) -> Result<(), Fault> {
        let tenant = self.tenant().id;
        let mut outward: Vec<_> = pointers::of(self.catalogue(), resource, &stored.record)
            .into_iter()
            .map(|found| found.pointer)
            .collect();
        for behaviour in self.engine.bound(resource).all() {
            behaviour.pointers(&stored.record, &mut outward);
        }
        let sort = sort::key(resource, &stored.id, &stored.record);
        let body = self.kept(&resource.kind, &stored.id, &stored.record)?;
        let row = Row { id: stored.id.clone(), scope: stored.scope.clone(), sort, body };
        let kind = resource.kind.as_str();
        let change = self.change()?;
        if let Some((field, _)) = change.claim(tenant, kind, &stored.id, claims).map_err(Fault::broken)? {
            let value = stored.record.get(&field).and_then(value::text).unwrap_or_default();
            return Err(Fault::Duplicate { kind: kind.into(), field, value });
        }
        change.put(tenant, kind, &row).map_err(Fault::broken)?;
        change.point(tenant, kind, &stored.id, &outward).map_err(Fault::broken)
    }

    /// The next value of one of the tenant's counters.
    ///
    /// # Errors
    /// The store failed.
    pub fn next(&mut self, counter: &str, start: i64) -> Result<i64, Fault> {
        let tenant = self.tenant().id;
        self.change()?.next(tenant, counter, start).map_err(Fault::broken)
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
        self.change()?.clear_tenant(tenant).map_err(Fault::broken)?;
        self.found.get_mut().clear();
        self.own.get_mut().clear();
        self.small.forget();
        self.changed.extend(self.catalogue().resources().iter().map(|resource| resource.kind.as_str()));
        Ok(())
    }
}
