//! What a call finds: records by id, by list and by pointer, and as answers show them.

use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::Resource;
use zuno_model::{Fault, Id, Kind, Link, Record};
use zuno_store::Stretch;

use super::Context;
use crate::claim::{claim_key, fold};
use crate::{Baselines, Stored, value};

impl Context<'_> {
    /// Whether the tenant's first objects of a kind have become its own.
    pub(super) fn owns(&self, kind: &str) -> Result<bool, Fault> {
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
        self.store()
            .get(self.tenant().id, kind, id)
            .map_err(Fault::broken)?
            .map(|row| self.read_row(kind, row))
            .transpose()
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
        let rows = self.store().list(self.tenant().id, kind, scope, stretch).map_err(Fault::broken)?;
        rows.into_iter().map(|row| self.read_row(kind, row)).collect()
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
        self.store().count(self.tenant().id, kind, scope).map_err(Fault::broken)
    }

    /// The records of one kind whose member points at a record, in the order of their lists.
    ///
    /// # Errors
    /// The store failed.
    pub fn pointing(&self, from: &str, field: &str, kind: &str, id: &Id) -> Result<Vec<Stored>, Fault> {
        let points =
            |stored: &&Stored| stored.record.get(field).is_some_and(|held| value::same(held, id.as_str()));
        let resource = self.resource(from)?;
        if !self.owns(from)? {
            return Ok(self.shared(resource).iter().filter(points).cloned().collect());
        }
        // Behaviours point in ways that no member shows; what a member shows can be looked through.
        let shown = resource.field(field).and_then(|field| field.shape.target()) == Some(kind);
        if shown
            && let Some(few) = self.small.records(from, || self.count(from, None), || self.all(from, None))?
        {
            return Ok(few.iter().filter(points).cloned().collect());
        }
        let rows = self.store().pointing(self.tenant().id, from, field, kind, id).map_err(Fault::broken)?;
        rows.into_iter().map(|row| self.read_row(from, row)).collect()
    }

    /// Who points at a record, with what people call them.
    ///
    /// # Errors
    /// The store failed.
    pub fn referrers(&self, kind: &str, id: &Id) -> Result<Vec<Link>, Fault> {
        let mut links: Vec<Link> = Vec::new();
        for reference in self.store().referrers(self.tenant().id, kind, id).map_err(Fault::broken)? {
            let resource = self.resource(&reference.kind)?;
            let stored = self.get(&reference.kind, &reference.id)?;
            let name = stored.map(|stored| name_of(resource, &stored)).unwrap_or_default();
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
        let defaults = resource.fields.iter().filter_map(|(name, field)| {
            let default = field.default.as_ref()?;
            Some((name.clone(), default.0.clone()))
        });
        let id = Id("1".into());
        Ok(Stored { id, scope: "0".into(), sort: String::new(), record: defaults.collect() })
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

/// What people call a record: the text that its `ref` view shows beside the id, or else its name, or its id.
fn name_of(resource: &Resource, stored: &Stored) -> String {
    let told = resource.views.get("ref").into_iter().flatten().map(String::as_str);
    let mut candidates = told.filter(|member| *member != "id").chain(["name"]);
    let named = candidates.find_map(|member| stored.record.get(member).and_then(Value::as_str));
    named.unwrap_or(stored.id.as_str()).to_owned()
}
