//! Records put back that were taken, of this tenant or of another: kept by the code that keeps every record, and no behaviour runs.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use zuno_catalogue::{Resource, Stamp};
use zuno_model::{Fault, Id, Record, Tenant, TenantId};
use zuno_store::{Row, Stretch};

use super::Context;
use super::search::SEARCHED;
use crate::baseline::expand;
use crate::images::ORDER;
use crate::taken::{FormerOrder, Taken, Waiting};
use crate::{Baselines, List, Stored, sort};

impl Context<'_> {
    /// Removes what the tenant has beside its records and its log. What the store knows of the texts of records it still knows.
    ///
    /// # Errors
    /// The store failed.
    pub fn clear_beside_records(&mut self) -> Result<(), Fault> {
        let tenant = self.tenant().id;
        let told = self.store().notes(tenant, SEARCHED).map_err(Fault::broken)?;
        let change = self.change()?;
        change.clear_beside_records(tenant).map_err(Fault::broken)?;
        for (key, note) in told {
            change.set_note(tenant, &key, Some(&note)).map_err(Fault::broken)?;
        }
        self.forget_all();
        Ok(())
    }

    /// The records of a kind as the store keeps them.
    ///
    /// # Errors
    /// The store failed.
    pub fn kept_rows(&self, kind: &str) -> Result<HashMap<Id, Row>, Fault> {
        let rows = self.store().list(self.tenant().id, kind, None, Stretch::ALL).map_err(Fault::broken)?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
    }

    /// Whether the store keeps a record as it would keep one that was taken, so that it need not be put back.
    ///
    /// # Errors
    /// There is no such kind.
    pub fn stands(&self, kind: &str, row: &Row, scope: &str, record: &Record) -> Result<bool, Fault> {
        let resource = self.resource(kind)?;
        // What is sealed is never sealed the same way twice.
        Ok(self.engine.sealed().of_kind(kind).is_empty()
            && row.scope == scope
            && row.sort == sort::key(resource, &row.id, record)
            && row.body == serde_json::to_vec(record).map_err(Fault::broken)?)
    }

    /// Removes a record as it is kept, and nothing that stands beside it.
    ///
    /// # Errors
    /// The store failed.
    pub fn remove_row(&mut self, kind: &str, id: &Id) -> Result<(), Fault> {
        let tenant = self.tenant().id;
        self.change()?.remove(tenant, kind, id).map(drop).map_err(Fault::broken)
    }

    /// The records of a kind are the tenant's own from now on, those that are put back and no others.
    ///
    /// # Errors
    /// There is no such kind, or the store failed.
    pub fn begin_kind(&mut self, kind: &str) -> Result<(), Fault> {
        self.changes(kind)?;
        // What the store is told of texts is told of the first record of each kind.
        self.has_told.set(false);
        if Baselines::any(self.catalogue(), kind) {
            let tenant = self.tenant().id;
            self.own.borrow_mut().insert(kind.to_owned(), true);
            self.change()?.set_note(tenant, &format!("own:{kind}"), Some(b"1")).map_err(Fault::broken)?;
        }
        Ok(())
    }

    /// Keeps a record that was taken of a tenant of this number. What waits of it is put back by [`Context::wait_again`].
    ///
    /// # Errors
    /// It is too large, or cannot be opened; or the store failed.
    pub fn put_back(
        &mut self,
        kind: &str,
        id: &Id,
        scope: &str,
        record: Record,
        former: TenantId,
    ) -> Result<(), Fault> {
        let resource = self.resource(kind)?;
        let record = self.as_ours(resource, id, record, former)?;
        let stored = Stored { id: id.clone(), scope: scope.to_owned(), sort: String::new(), record };
        match self.keep(resource, &stored) {
            // Of two first objects that share a name, one holds it.
            Err(Fault::Duplicate { .. }) => self.keep_claiming(resource, &stored, &[]),
            other => other,
        }
    }

    /// Nothing waits; called once all records are kept, since a long list that is written waits by itself.
    ///
    /// # Errors
    /// The store failed.
    pub fn nothing_waits(&mut self) -> Result<(), Fault> {
        let tenant = self.tenant().id;
        for product in self.catalogue().products() {
            self.change()?.activate(tenant, &product.name).map_err(Fault::broken)?;
        }
        Ok(())
    }

    /// What was in force of a record, while a change of it waited, is so again.
    ///
    /// # Errors
    /// As [`Context::put_back`].
    pub fn wait_again(&mut self, kind: &str, taken: Taken, former: TenantId) -> Result<(), Fault> {
        let resource = self.resource(kind)?;
        let tenant = self.tenant().id;
        for (product, image) in taken.in_force {
            let body = match image {
                None => None,
                Some(record) => {
                    let record = self.as_ours(resource, &taken.id, record, former)?;
                    Some(self.kept(kind, &taken.id, &record)?)
                }
            };
            self.change()?
                .stage(tenant, &product, kind, &taken.id, body.as_deref())
                .map_err(Fault::broken)?;
        }
        Ok(())
    }

    /// What waits beside changes of records waits again.
    ///
    /// # Errors
    /// The store failed.
    pub fn wait_beside_records(&mut self, beside: &BTreeMap<String, Waiting>) -> Result<(), Fault> {
        let tenant = self.tenant().id;
        for (product, waiting) in beside {
            for FormerOrder { kind, scope, within, ids } in &waiting.orders {
                let list = List { kind: kind.clone(), scope: scope.clone(), within: within.clone() };
                let order = serde_json::to_vec(&json!({ "ids": ids })).map_err(Fault::broken)?;
                self.change()?
                    .stage(tenant, product, ORDER, &Id(list.name()), Some(&order))
                    .map_err(Fault::broken)?;
            }
            for editor in &waiting.editors {
                let note = format!("editing:{product}:{editor}");
                self.change()?.set_note(tenant, &note, Some(b"1")).map_err(Fault::broken)?;
            }
        }
        Ok(())
    }

    /// Keeps as the tenant's own what another tenant had at first, of every kind that is not the tenant's own and in which the
    /// two are called otherwise: what is put back may point at it, and ids and addresses stay what they are. The numbers of the
    /// tenant, its customer's and organization's, are its own.
    ///
    /// # Errors
    /// The store failed.
    pub fn keep_first_of(&mut self, former: &Tenant) -> Result<(), Fault> {
        let kinds: Vec<_> = self.catalogue().outlines().iter().map(|outline| outline.kind.as_str()).collect();
        for kind in kinds {
            if self.catalogue().kept_as(kind) != kind || self.owns(kind)? {
                continue;
            }
            let resource = self.resource(kind)?;
            let theirs = expand(self.catalogue(), resource, self.tenant(), former);
            if theirs != *self.shared(resource) {
                self.keep_first(kind, former)?;
            }
        }
        Ok(())
    }

    fn keep_first(&mut self, kind: &str, former: &Tenant) -> Result<(), Fault> {
        let kind = self.catalogue().kept_as(kind);
        if self.owns(kind)? {
            return Ok(());
        }
        self.begin_kind(kind)?;
        let resource = self.resource(kind)?;
        let own = self.tenant().id;
        for stored in expand(self.catalogue(), resource, self.tenant(), former) {
            self.put_back(kind, &stored.id, &stored.scope, stored.record, own)?;
        }
        for from in self.catalogue().kinds_pointing_at(kind) {
            self.keep_first(from, former)?;
        }
        Ok(())
    }

    /// A record of a former tenant as this one has it: opened, and told to be of this customer.
    fn as_ours(
        &self,
        resource: &Resource,
        id: &Id,
        mut record: Record,
        former: TenantId,
    ) -> Result<Record, Fault> {
        self.engine.sealed().open(self.seal(), former, &resource.kind, id, &mut record)?;
        self.stamp(resource, &mut record);
        Ok(record)
    }

    fn stamp(&self, resource: &Resource, record: &mut Record) {
        for (name, field) in &resource.fields {
            if field.stamp == Some(Stamp::Customer)
                && let Some(value) = record.get_mut(name)
            {
                *value = Value::String(self.tenant().customer_id.to_string());
            }
        }
    }
}
