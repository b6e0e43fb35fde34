//! One side of a comparison: a snapshot, or a tenant as it is.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use zuno_catalogue::Resource;
use zuno_catalogue::handles::zidentity::api_client_secret;
use zuno_catalogue::handles::zpa::api_key;
use zuno_engine::{Context, Engine, Session, Stored, Taken, Transaction, Waits};
use zuno_model::{Fault, Id, Record, Tenant, TenantId};
use zuno_store::Read;

use super::super::form::Kept;
use super::super::kept;
use super::super::save::line;

/// What stands on a side.
#[derive(Clone, Debug)]
pub enum Of {
    /// A snapshot.
    Snapshot(Box<Kept>),
    /// A tenant as it is now, with what waits.
    Tenant(Arc<Tenant>),
}

/// A record with the scope that it belongs to.
pub type Scoped = (String, Record);

/// What was found out of the names of the records of a kind.
type Names = Rc<HashMap<Id, String>>;

/// A side at one moment.
pub struct Side<'a> {
    pub engine: &'a Engine,
    tx: &'a dyn Read,
    of: &'a Of,
    session: &'a Session,
    waits: Waits,
    /// The kinds that the tenant had made its own.
    pub own: BTreeSet<String>,
    /// Whether the other side may lack secrets, or this one does.
    without_secrets: bool,
    names: RefCell<HashMap<String, Names>>,
}

impl Of {
    /// Whether secrets were left out.
    pub fn lacks_secrets(&self) -> bool {
        matches!(self, Of::Snapshot(kept) if kept.head.secrets_left_out > 0)
    }

    /// The tenant that it is of.
    pub fn tenant(&self) -> Tenant {
        match self {
            Of::Snapshot(kept) => kept.head.tenant.as_tenant(kept.sealed_for),
            Of::Tenant(tenant) => Tenant::clone(tenant),
        }
    }

    fn sealed_for(&self) -> TenantId {
        match self {
            Of::Snapshot(kept) => kept.sealed_for,
            Of::Tenant(tenant) => tenant.id,
        }
    }
}

impl<'a> Side<'a> {
    /// A side; `session` is the server's own with the tenant.
    pub fn new(
        engine: &'a Engine,
        tx: &'a dyn Read,
        of: &'a Of,
        session: &'a Session,
        without_secrets: bool,
    ) -> Result<Side<'a>, Fault> {
        let mut side = Side {
            engine,
            tx,
            of,
            session,
            waits: Waits::default(),
            own: BTreeSet::new(),
            without_secrets,
            names: RefCell::default(),
        };
        match of {
            Of::Snapshot(kept) => side.own = kept.kinds.keys().cloned().collect(),
            Of::Tenant(_) => {
                let cx = Context::new(engine, session, Transaction::Read(tx));
                side.waits = cx.waits()?;
                side.own = cx.own_kinds(&side.waits)?.into_iter().collect();
            }
        }
        Ok(side)
    }

    /// Shows the text of every record of a kind; of a kind that is not the tenant's own, of those that it came with.
    fn each_text(
        &self,
        resource: &Resource,
        mut act: impl FnMut(Id, String) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let kind = resource.kind.as_str();
        if self.without_secrets && kind == api_client_secret::KIND {
            return Ok(());
        }
        let mut add = |taken: Taken| match taken.record {
            Some(_) => act(taken.id.clone(), line(&Taken { in_force: BTreeMap::new(), ..taken })?),
            None => Ok(()),
        };
        if !self.own.contains(kind) {
            for Stored { id, scope, record, .. } in self.engine.first_of(resource, &self.of.tenant()) {
                add(Taken { id, scope, record: Some(record), in_force: BTreeMap::new() })?;
            }
            return Ok(());
        }
        match self.of {
            Of::Snapshot(kept) => {
                for (nth, _) in kept.parts.iter().enumerate().filter(|(_, of)| *of == kind) {
                    for line in kept::lines(self.tx, kept, nth)?.lines() {
                        add(serde_json::from_str(line).map_err(Fault::broken)?)?;
                    }
                }
                Ok(())
            }
            Of::Tenant(_) => {
                let cx = Context::new(self.engine, self.session, Transaction::Read(self.tx));
                cx.take(kind, &self.waits, add)
            }
        }
    }

    /// The texts of the records of a kind: what is the same has the same, but for what is sealed.
    pub fn texts(&self, resource: &Resource) -> Result<BTreeMap<Id, String>, Fault> {
        let mut all = BTreeMap::new();
        self.each_text(resource, |id, text| {
            all.insert(id, text);
            Ok(())
        })?;
        Ok(all)
    }

    /// A record out of its text, opened.
    pub fn open(&self, resource: &Resource, text: &str) -> Result<Scoped, Fault> {
        let kind = resource.kind.as_str();
        let Taken { id, scope, record, .. } = serde_json::from_str(text).map_err(Fault::broken)?;
        let mut record = record.unwrap_or_default();
        if self.without_secrets {
            self.engine.take_secrets_out(kind, &mut record);
            if kind == api_key::KIND {
                record.shift_remove(api_key::DIGEST.name);
            }
        }
        self.engine.open_outside(self.of.sealed_for(), kind, &id, &mut record)?;
        Ok((scope, record))
    }

    /// Shows every record of a kind, none of which is held.
    pub fn each(
        &self,
        resource: &Resource,
        mut act: impl FnMut(Id, Record) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.each_text(resource, |id, text| act(id, self.open(resource, &text)?.1))
    }

    /// What people call a record of a kind, if it is there.
    pub fn name(&self, kind: &str, id: &Id) -> Result<Option<String>, Fault> {
        let catalogue = self.engine.catalogue();
        let kind = catalogue.kept_as(kind);
        if let Some(known) = self.names.borrow().get(kind) {
            return Ok(known.get(id).cloned());
        }
        let mut names = HashMap::new();
        if let Some(resource) = catalogue.resource(kind) {
            self.each(resource, |id, record| {
                let name = self.engine.called(resource, &id, &record);
                names.insert(id, name);
                Ok(())
            })?;
        }
        let found = names.get(id).cloned();
        self.names.borrow_mut().insert(kind.to_owned(), Rc::new(names));
        Ok(found)
    }
}
