//! What code that carries out a call may see and do: one tenant's records, at one moment, under one clock reading.

mod few;
mod keep;
mod read;
mod write;

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;
use zuno_catalogue::{Catalogue, Operation, Resource};
use zuno_model::{Actor, Fault, Id, Record, Tenant, Time};
use zuno_store::{Read, StoreError, Write};

use self::few::Kinds;
use crate::{Call, Engine};

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
    kinds: Kinds,
    drawn: u128,
}

fn broken(cause: StoreError) -> Fault {
    Fault::broken(cause)
}

impl<'a> Context<'a> {
    /// The world of a call at a moment.
    pub fn new(engine: &'a Engine, call: &'a Call, access: Access<'a>) -> Context<'a> {
        Context {
            engine,
            call,
            access,
            own: RefCell::default(),
            found: RefCell::default(),
            kinds: Kinds::default(),
            drawn: 0,
        }
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
        let name = std::any::type_name::<T>();
        self.engine.given().ok_or_else(|| Fault::broken(format!("the engine was given no {name}")))
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

    /// A record has changed: what was found before may be so no longer.
    fn forget(&mut self) {
        self.found.get_mut().clear();
        self.kinds.forget();
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
}
