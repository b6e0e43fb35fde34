//! What an engine tells of records that stand outside of a tenant, as [`Taken`](crate::Taken) has them.

use zuno_catalogue::Resource;
use zuno_model::{Fault, Id, Record, Tenant, TenantId};
use zuno_store::Pointer;

use super::Engine;
use crate::baseline::expand;
use crate::told::called;
use crate::{Numbering, Stored, pointers};

impl Engine {
    /// What a tenant like this one has of a kind before it changes anything.
    pub fn first_of(&self, resource: &Resource, tenant: &Tenant) -> Vec<Stored> {
        expand(self.catalogue(), self.catalogue().home(resource), tenant, tenant)
    }

    /// Seals what is in clear in a record and is to be kept sealed, for whoever has this number.
    ///
    /// # Errors
    /// Nothing that seals was given to the engine.
    pub fn seal_outside(&self, of: TenantId, kind: &str, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if let Some(sealed) = self.sealed().seal(self.given(), of, kind, id, record)? {
            *record = sealed;
        }
        Ok(())
    }

    /// Opens what is sealed in a record for whoever has this number.
    ///
    /// # Errors
    /// It was sealed under another key, or for another.
    pub fn open_outside(&self, of: TenantId, kind: &str, id: &Id, record: &mut Record) -> Result<(), Fault> {
        self.sealed().open(self.given(), of, kind, id, record).map(drop)
    }

    /// Takes out of a record what is to be kept sealed; tells how many members that were.
    pub fn take_secrets_out(&self, kind: &str, record: &mut Record) -> usize {
        self.sealed().take_out(kind, record)
    }

    /// The members of a kind that are kept sealed, or hold such.
    pub fn secrets_of(&self, kind: &str) -> Vec<&str> {
        self.sealed().of_kind(kind)
    }

    /// What the records of a kind are numbered by, where they are.
    pub fn numbered_by(&self, resource: &Resource) -> Option<&Numbering> {
        self.bound(resource).all().find_map(|behaviour| behaviour.numbering())
    }

    /// What a record points at.
    pub fn pointers_of(&self, resource: &Resource, record: &Record) -> Vec<Pointer> {
        let found = pointers::of(self.catalogue(), resource, record);
        let mut outward: Vec<Pointer> = found.into_iter().map(|found| found.pointer).collect();
        self.bound(resource).all().for_each(|behaviour| behaviour.pointers(record, &mut outward));
        outward
    }

    /// What people call a record; nothing where there is but one of its kind, which needs no name.
    pub fn called(&self, resource: &Resource, id: &Id, record: &Record) -> String {
        called(resource, id, record)
    }
}
