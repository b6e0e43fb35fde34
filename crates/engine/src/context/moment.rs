//! A moment: whose records, at what time, and the store as it then is.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource};
use zuno_model::{Actor, Fault, Tenant, Time};
use zuno_store::{Read, Write};

use super::{Context, Engine, Transaction};
use crate::noted::Noted;
use crate::session::Drawn;
use crate::small_kinds::SmallKinds;
use crate::{Call, Session};

impl<'a> Context<'a> {
    /// A moment as the server itself sees it, with no call to answer.
    pub fn new(engine: &'a Engine, session: &'a Session, transaction: Transaction<'a>) -> Context<'a> {
        let drawn = match &transaction {
            Transaction::Read(_) => None,
            Transaction::Write(_, seed) => Some(Drawn::from(*seed)),
        };
        Context {
            engine,
            session,
            call: None,
            transaction,
            own: RefCell::default(),
            found: RefCell::default(),
            small: SmallKinds::default(),
            orders: RefCell::default(),
            drawn,
            changed: BTreeSet::new(),
            noted: Noted::default(),
            wrote: false,
            has_told: Cell::default(),
            idle: Cell::default(),
            asked_beyond: Cell::default(),
        }
    }

    /// A moment as a call finds it.
    pub fn of_call(engine: &'a Engine, call: &'a Call, transaction: Transaction<'a>) -> Context<'a> {
        Context { call: Some(call), ..Context::new(engine, &call.session, transaction) }
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

    /// What [`Engine::with`] was given of this type.
    ///
    /// # Errors
    /// Nothing was: the server lacks what a behaviour asks.
    pub fn given<T: std::any::Any>(&self) -> Result<&'a T, Fault> {
        self.asked_beyond.set(true);
        let name = std::any::type_name::<T>();
        self.engine.given().ok_or_else(|| Fault::broken(format!("the engine was given no {name}")))
    }

    /// What `find` found under this key earlier, or finds now; a change of any record forgets it.
    /// So a list of many records that each tell something of the whole list asks the store once.
    ///
    /// # Errors
    /// What `find` says.
    pub fn once(&self, key: &str, find: impl FnOnce() -> Result<Value, Fault>) -> Result<Value, Fault> {
        self.once_for_all(key, find).map(|found| Value::clone(&found))
    }

    /// As [`Context::once`], for what is too large to be copied for each who asks.
    ///
    /// # Errors
    /// As there.
    pub fn once_for_all(
        &self,
        key: &str,
        find: impl FnOnce() -> Result<Value, Fault>,
    ) -> Result<Rc<Value>, Fault> {
        if let Some(known) = self.found.borrow().get(key) {
            return Ok(Rc::clone(known));
        }
        let value = Rc::new(find()?);
        self.found.borrow_mut().insert(key.to_owned(), Rc::clone(&value));
        Ok(value)
    }

    /// A record of this kind changes: what was found before may be so no longer.
    pub(super) fn changes(&mut self, kind: &str) -> Result<&'a Resource, Fault> {
        let resource = self.resource(kind)?;
        self.found.get_mut().clear();
        self.small.forget();
        self.forget_derived();
        self.changed.insert(resource.kept_as());
        Ok(resource)
    }

    /// The kinds of which a record was changed here.
    pub fn changed(&self) -> &BTreeSet<&'a str> {
        &self.changed
    }

    /// Whether anything at all may have been written here.
    pub fn has_written(&self) -> bool {
        self.wrote
    }

    /// Whose cloud.
    pub fn tenant(&self) -> &'a Tenant {
        &self.session.tenant
    }

    /// Who acts.
    pub fn actor(&self) -> &'a Actor {
        &self.session.actor
    }

    /// The clock's reading.
    pub fn now(&self) -> Time {
        self.asked_beyond.set(true);
        self.session.now
    }

    /// Whether all that was found here follows from the tenant's records, and stays so until one of them changes.
    pub fn follows_from_records(&self) -> bool {
        !self.asked_beyond.get()
    }

    /// Whether what the product would fill in by itself is left out.
    pub(crate) fn as_sent(&self) -> bool {
        self.asked_beyond.set(true);
        self.session.as_sent
    }

    /// Random bytes, different at each draw.
    ///
    /// # Errors
    /// Nothing may be changed here, and so nothing needs to be drawn.
    pub fn random<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let drawn = self.drawn.as_mut();
        drawn.map(Drawn::bytes).ok_or_else(|| Fault::broken("what only reads tried to draw something"))
    }

    /// Random bits, as [`Context::random`] draws them.
    ///
    /// # Errors
    /// As there.
    pub fn draw(&mut self) -> Result<u128, Fault> {
        self.random().map(u128::from_le_bytes)
    }

    /// The store at this moment.
    pub fn store(&self) -> &dyn Read {
        match &self.transaction {
            Transaction::Read(read) => *read,
            Transaction::Write(write, _) => write.as_read(),
        }
    }

    /// The store, to change it.
    ///
    /// # Errors
    /// The operation was declared as one that only reads.
    pub fn change(&mut self) -> Result<&mut dyn Write, Fault> {
        self.wrote = true;
        match &mut self.transaction {
            Transaction::Write(write, _) => Ok(*write),
            Transaction::Read(_) => Err(Fault::broken("an operation that only reads tried to write")),
        }
    }
}
