//! How records reach the store: with their unique values claimed, their pointers recorded and the change staged; and
//! the numbers that the store counts.

use serde_json::Value;
use zuno_catalogue::{Product, Resource};
use zuno_model::{Fault, Fix, Id, Kind, Record};
use zuno_store::Row;

use super::Context;
use crate::claim::{claim_key, fold};
use crate::{Apart, Stored, pointers, sort, value};

/// The first number of a tenant's series; what a fresh tenant and the sample fleet have lies below.
const SERIES_START: i64 = 131_072;

impl Context<'_> {
    /// Makes the tenant's first objects of a kind its own, and those of every kind that may point at them.
    pub(crate) fn make_own(&mut self, kind: &str) -> Result<(), Fault> {
        let kind = self.catalogue().kept_as(kind);
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
        for from in self.catalogue().kinds_pointing_at(kind) {
            self.make_own(from)?;
        }
        Ok(())
    }

    /// Keeps a record as it is given: unique values claimed, pointers recorded, the change staged. No hook runs.
    ///
    /// # Errors
    /// [`Fault::Duplicate`], or the store failed.
    pub fn save(&mut self, kind: &str, stored: &Stored) -> Result<(), Fault> {
        let resource = self.changes(kind)?;
        let home = self.catalogue().home(resource);
        self.make_own(kind)?;
        self.may_change(resource, &stored.id, Some(&stored.scope))?;
        self.stage(resource, &stored.id)?;
        let numbering = self.numbering(home);
        let noted = self.is_to_be_noted(kind, &stored.id);
        let before = if noted || numbering.is_some() { self.get(kind, &stored.id)? } else { None };
        self.note_before(resource, &stored.id, before.as_ref().map(|before| &before.record))?;
        match self.keep(home, stored) {
            Err(Fault::Duplicate { field, .. }) if self.leaves(kind, stored, &field)? => {
                self.keep_claiming(home, stored, &[])?;
            }
            other => other?,
        }
        self.note_after(resource, &stored.id, Some(&stored.record))?;
        numbering.map_or(Ok(()), |numbering| self.stand(numbering, &home.kind, before.as_ref(), stored))
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
        let home = self.catalogue().home(resource);
        self.make_own(kind)?;
        self.may_change(resource, id, None)?;
        self.stage(resource, id)?;
        let numbering = self.numbering(home);
        let noted = self.is_to_be_noted(kind, id);
        let before = if noted || numbering.is_some() { self.get(kind, id)? } else { None };
        self.note_before(resource, id, before.as_ref().map(|before| &before.record))?;
        self.note_after(resource, id, None)?;
        if let (Some(numbering), Some(before)) = (numbering, before) {
            self.leave(&self.list_of(numbering, &home.kind, &before), id)?;
        }
        if let Some(below) = self.taken_below(kind)?
            && let Some(freed) = id.as_str().parse().ok().filter(|freed| *freed < below)
        {
            self.set_taken_below(kind, freed)?;
        }
        self.remove_apart(home, id)?;
        let tenant = self.tenant().id;
        self.change()?.remove(tenant, &home.kind, id).map_err(Fault::broken)?;
        Ok(())
    }

    /// Remembers what is active of a record before it changes.
    fn stage(&mut self, resource: &Resource, id: &Id) -> Result<(), Fault> {
        if !resource.staged {
            return Ok(());
        }
        let tenant = self.tenant().id;
        let kind = resource.kept_as();
        let before = self.store().get(tenant, kind, id).map_err(Fault::broken)?.map(|row| row.body);
        let product = Kind(resource.kind.clone());
        let editor = format!("editing:{}:{}", product.product(), self.actor().name);
        let change = self.change()?;
        change.set_note(tenant, &editor, Some(b"1")).map_err(Fault::broken)?;
        change.stage(tenant, product.product(), kind, id, before.as_deref()).map_err(Fault::broken)
    }

    /// Who has edits of a product that wait, by name, and has not been passed over since.
    ///
    /// # Errors
    /// The store failed.
    pub fn editors(&self, product: &str) -> Result<Vec<String>, Fault> {
        let beginning = format!("editing:{product}:");
        let notes = self.store().notes(self.tenant().id, &beginning).map_err(Fault::broken)?;
        Ok(notes.into_iter().map(|(key, _)| key[beginning.len()..].to_owned()).collect())
    }

    /// Somebody counts as editing no longer, until the next edit.
    ///
    /// # Errors
    /// The store failed.
    pub fn pass_over(&mut self, product: &str, editor: &str) -> Result<(), Fault> {
        let tenant = self.tenant().id;
        self.change()?.set_note(tenant, &format!("editing:{product}:{editor}"), None).map_err(Fault::broken)
    }

    /// Makes every staged change of a product active, whoever made it.
    ///
    /// # Errors
    /// The store failed.
    pub fn activate(&mut self, product: &str) -> Result<(), Fault> {
        for editor in self.editors(product)? {
            self.pass_over(product, &editor)?;
        }
        let tenant = self.tenant().id;
        self.change()?.activate(tenant, product).map_err(Fault::broken)?;
        Ok(())
    }

    pub(super) fn keep(&mut self, resource: &Resource, stored: &Stored) -> Result<(), Fault> {
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

    pub(super) fn keep_claiming(
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
        let kind = resource.kind.as_str();
        let claimed = self.change()?.claim(tenant, kind, &stored.id, claims).map_err(Fault::broken)?;
        if let Some((field, _)) = claimed {
            let value = stored.record.get(&field).and_then(value::text).unwrap_or_default();
            return Err(Fault::Duplicate { kind: kind.into(), field, value });
        }
        let apart = self.keep_apart(resource, &stored.id, &stored.record)?;
        let record = apart.as_ref().unwrap_or(&stored.record);
        let body = self.kept(kind, &stored.id, record)?;
        let apart = record.iter().filter_map(|(member, held)| Apart::of(resource, member, Some(held)));
        let beside = apart.map(|apart| apart.bytes).sum::<usize>();
        bounded(self.catalogue().owner(resource), resource, record, body.len() + beside)?;
        let row = Row { id: stored.id.clone(), scope: stored.scope.clone(), sort, body };
        let change = self.change()?;
        change.put(tenant, kind, &row).map_err(Fault::broken)?;
        change.point(tenant, kind, &stored.id, &outward).map_err(Fault::broken)?;
        self.tell_texts(resource, &stored.id, &stored.record)
    }

    /// The next value of one of the tenant's counters.
    ///
    /// # Errors
    /// The store failed.
    pub fn next(&mut self, counter: &str, start: i64) -> Result<i64, Fault> {
        let tenant = self.tenant().id;
        self.change()?.next(tenant, counter, start).map_err(Fault::broken)
    }

    /// The least number, from one on, that no record of a kind has as its id. Below which all are taken is noted, so that
    /// those need not be looked at again.
    pub(crate) fn least_free(&mut self, kind: &str, from: i64) -> Result<Id, Fault> {
        let mut number = self.taken_below(kind)?.map_or(from, |noted| noted.max(from));
        while self.get(kind, &Id::from(number))?.is_some() {
            number += 1;
        }
        self.set_taken_below(kind, number)?;
        Ok(Id::from(number))
    }

    fn taken_below(&self, kind: &str) -> Result<Option<i64>, Fault> {
        let note = self.store().note(self.tenant().id, &format!("taken:{kind}")).map_err(Fault::broken)?;
        Ok(note.and_then(|note| std::str::from_utf8(&note).ok()?.parse().ok()))
    }

    fn set_taken_below(&mut self, kind: &str, number: i64) -> Result<(), Fault> {
        let (tenant, text) = (self.tenant().id, number.to_string());
        self.change()?
            .set_note(tenant, &format!("taken:{kind}"), Some(text.as_bytes()))
            .map_err(Fault::broken)
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
        self.forget_all();
        Ok(())
    }

    /// Everything has changed.
    pub(super) fn forget_all(&mut self) {
        self.found.get_mut().clear();
        self.own.get_mut().clear();
        self.small.forget();
        self.orders.get_mut().clear();
        self.changed.extend(self.catalogue().outlines().iter().map(|outline| outline.kind.as_str()));
    }
}

/// A record is of a size that a list of them can be read; the member that takes most is told.
fn bounded(product: &Product, resource: &Resource, record: &Record, bytes: usize) -> Result<(), Fault> {
    let most = product.largest_record();
    if bytes <= most {
        return Ok(());
    }
    let size = |(member, held): &(&String, &Value)| {
        Apart::of(resource, member, Some(held)).map_or_else(|| held.to_string().len(), |apart| apart.bytes)
    };
    let largest = record.iter().max_by_key(size);
    let field = largest.map(|(name, _)| name.clone()).unwrap_or_default();
    let words = format!("all members together take {bytes} bytes, and {most} are allowed");
    Err(Fault::Invalid { kind: Kind(resource.kind.clone()), field, fix: Fix::Said(words) })
}
