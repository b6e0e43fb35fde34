//! What a call finds: records by id, by list and by pointer, and as answers show them.

use std::sync::Arc;

use zuno_catalogue::Resource;
use zuno_model::{Fault, Id, Kind, Link, Record};
use zuno_store::{Row, Stretch};

use super::Context;
use crate::claim::{claim_key, fold};
use crate::told::name_of;
use crate::{Baselines, Stored, value};

impl Context<'_> {
    /// Whether the tenant's first objects of a kind have become its own.
    pub(super) fn owns(&self, kind: &str) -> Result<bool, Fault> {
        let kind = self.catalogue().kept_as(kind);
        if !Baselines::any(self.catalogue(), kind) {
            return Ok(true);
        }
        if let Some(&known) = self.own.borrow().get(kind) {
            return Ok(known);
        }
        let known =
            self.store().note(self.tenant().id, &format!("own:{kind}")).map_err(Fault::broken)?.is_some();
        self.own.borrow_mut().insert(kind.to_owned(), known);
        Ok(known)
    }

    pub(super) fn shared(&self, resource: &Resource) -> Arc<Vec<Stored>> {
        self.engine.baselines().of(self.catalogue(), self.catalogue().home(resource), self.tenant())
    }

    /// A record that is kept under one kind as the resource of another shows it.
    fn through(&self, kind: &str, mut stored: Stored) -> Stored {
        if let Some(resource) = self.catalogue().resource(kind).filter(|resource| resource.records.is_some())
        {
            for behaviour in self.engine.bound(resource).all() {
                behaviour.seen_through(&mut stored.record);
            }
        }
        stored
    }

    /// The same of several.
    fn all_through(&self, kind: &str, rows: Vec<Stored>) -> Vec<Stored> {
        match self.catalogue().kept_as(kind) == kind {
            true => rows,
            false => rows.into_iter().map(|stored| self.through(kind, stored)).collect(),
        }
    }

    /// One record, whatever its scope.
    ///
    /// # Errors
    /// The store failed.
    pub fn get(&self, kind: &str, id: &Id) -> Result<Option<Stored>, Fault> {
        let home = self.catalogue().kept_as(kind);
        let found = if self.owns(home)? {
            let row = self.store().get(self.tenant().id, home, id).map_err(Fault::broken)?;
            row.map(|row| self.read_row(home, row)).transpose()?
        } else {
            self.shared(self.resource(home)?).iter().find(|stored| stored.id == *id).cloned()
        };
        Ok(found.map(|stored| self.through(kind, stored)))
    }

    /// One record that must exist.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or the store failed.
    pub fn need(&self, kind: &str, id: &Id) -> Result<Stored, Fault> {
        self.get(kind, id)?.ok_or_else(|| Fault::NotFound { kind: kind.into(), id: id.clone() })
    }

    /// One record that must exist where the call reaches: in its scope, and below what its path names.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or the store failed.
    pub fn reached(&self, kind: &str, id: &Id) -> Result<Stored, Fault> {
        let (resource, stored) = (self.resource(kind)?, self.need(kind, id)?);
        let scoped =
            resource.scope.is_none() || self.scope().for_store().is_none_or(|scope| scope == stored.scope);
        if scoped && self.belongs(resource, &stored.record) {
            return Ok(stored);
        }
        Err(Fault::NotFound { kind: kind.into(), id: id.clone() })
    }

    /// The record that the call's path names by `{id}`, as [`Context::reached`] finds it.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or the store failed.
    pub fn named(&self, kind: &str) -> Result<Stored, Fault> {
        self.reached(kind, &self.param("id").unwrap_or_default().into())
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
        let home = self.catalogue().kept_as(kind);
        Ok(self.all_through(kind, self.kept_stretch(home, scope, stretch)?))
    }

    fn kept_stretch(&self, kind: &str, scope: Option<&str>, stretch: Stretch) -> Result<Vec<Stored>, Fault> {
        if !self.owns(kind)? {
            let resource = self.resource(kind)?;
            let shared = self.shared(resource);
            let matching = shared.iter().filter(|stored| scope.is_none_or(|scope| stored.scope == scope));
            return Ok(stretch.of(matching.collect()).into_iter().cloned().collect());
        }
        let resource = self.resource(kind)?;
        let read = |stretch| -> Result<Vec<Stored>, Fault> {
            let rows = self.store().list(self.tenant().id, kind, scope, stretch).map_err(Fault::broken)?;
            self.read_rows(kind, rows)
        };
        if self.ordered_by(resource).is_none() {
            return read(stretch);
        }
        let mut records = read(Stretch::ALL)?;
        self.sort(resource, &mut records);
        Ok(stretch.of(records))
    }

    /// The same as the store keeps it, in the same order. None where that is not how the records stand: of the tenant's first
    /// objects, of numbered ones and of another kind's.
    pub(crate) fn rows(
        &self,
        kind: &str,
        scope: Option<&str>,
        stretch: Stretch,
    ) -> Result<Option<Vec<Row>>, Fault> {
        let resource = self.resource(kind)?;
        if resource.records.is_some() || self.ordered_by(resource).is_some() || !self.owns(kind)? {
            return Ok(None);
        }
        self.store().list(self.tenant().id, kind, scope, stretch).map(Some).map_err(Fault::broken)
    }

    /// Records out of what the store keeps.
    pub(crate) fn read_rows(&self, kind: &str, rows: Vec<Row>) -> Result<Vec<Stored>, Fault> {
        rows.into_iter().map(|row| self.read_row(kind, row)).collect()
    }

    /// How many records of a kind there are, in constant time.
    ///
    /// # Errors
    /// The store failed.
    pub fn count(&self, kind: &str, scope: Option<&str>) -> Result<u64, Fault> {
        let kind = self.catalogue().kept_as(kind);
        if !self.owns(kind)? {
            let shared = self.shared(self.resource(kind)?);
            return Ok(
                shared.iter().filter(|stored| scope.is_none_or(|scope| stored.scope == scope)).count() as u64,
            );
        }
        self.store().count(self.tenant().id, kind, scope).map_err(Fault::broken)
    }

    /// The records of one kind whose member points at a record, in the order of their lists.
    ///
    /// # Errors
    /// The store failed.
    pub fn pointing(&self, from: &str, field: &str, kind: &str, id: &Id) -> Result<Vec<Stored>, Fault> {
        let (home, kind) = (self.catalogue().kept_as(from), self.catalogue().kept_as(kind));
        Ok(self.all_through(from, self.kept_pointing(home, field, kind, id)?))
    }

    fn kept_pointing(&self, from: &str, field: &str, kind: &str, id: &Id) -> Result<Vec<Stored>, Fault> {
        let points =
            |stored: &&Stored| stored.record.get(field).is_some_and(|held| value::same(held, id.as_str()));
        let resource = self.resource(from)?;
        if !self.owns(from)? {
            return Ok(self.shared(resource).iter().filter(points).cloned().collect());
        }
        // Behaviours point in ways that no member shows; what a member shows can be looked through.
        let shown = resource.field(field).and_then(|field| field.shape.target()) == Some(kind);
        if shown
            && let Some(records) =
                self.small.records(from, || self.count(from, None), || self.all(from, None))?
        {
            return Ok(records.iter().filter(points).cloned().collect());
        }
        let rows = self.store().pointing(self.tenant().id, from, field, kind, id).map_err(Fault::broken)?;
        let mut found =
            rows.into_iter().map(|row| self.read_row(from, row)).collect::<Result<Vec<_>, _>>()?;
        if self.ordered_by(resource).is_some() {
            self.sort(resource, &mut found);
        }
        Ok(found)
    }

    /// Who points at a record, with what people call them.
    ///
    /// # Errors
    /// The store failed.
    pub fn referrers(&self, kind: &str, id: &Id) -> Result<Vec<Link>, Fault> {
        let kind = self.catalogue().kept_as(kind);
        let mut links: Vec<Link> = Vec::new();
        for reference in self.store().referrers(self.tenant().id, kind, id).map_err(Fault::broken)? {
            let resource = self.resource(&reference.kind)?;
            let stored = self.get(&reference.kind, &reference.id)?;
            let name = stored.map(|stored| name_of(resource, &stored.id, &stored.record)).unwrap_or_default();
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
        let resource = self.catalogue().home(resource);
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
        self.store().holder(self.tenant().id, &resource.kind, field, &key).map_err(Fault::broken)
    }

    /// The one record of a singleton: as it was last written, or its defaults.
    ///
    /// # Errors
    /// The store failed.
    pub fn only(&self, kind: &str) -> Result<Stored, Fault> {
        let resource = self.resource(kind)?;
        if let Some(stored) = self.all(kind, None)?.into_iter().next() {
            return Ok(stored);
        }
        Ok(Stored::first(resource))
    }

    /// Records of other scopes that are seen, not changed, from a scope.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn lent(&self, resource: &Resource, scope: &str) -> Result<Vec<Stored>, Fault> {
        let mut lent = Vec::new();
        for behaviour in self.engine.bound(resource).all() {
            lent.extend(behaviour.shared_from(self, scope)?);
        }
        Ok(lent)
    }

    /// Whether a record has the members that the path names.
    pub(crate) fn belongs(&self, resource: &Resource, record: &Record) -> bool {
        self.params()
            .iter()
            .filter(|(name, _)| name != "id" && resource.field(name).is_some())
            .all(|(name, wanted)| record.get(name).is_some_and(|held| value::same(held, wanted)))
    }
}
