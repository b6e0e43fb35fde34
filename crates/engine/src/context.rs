//! What an engine holds, the moment of a tenant's records that it works at, and the hooks of the behaviours that act
//! there: each is told in terms of the others, so the three stand together. What a context can do stands below.

mod asked;
mod confine;
mod engine;
mod keep;
mod moment;
mod read;
mod seal;

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::{Catalogue, Verb};
use zuno_model::{Fault, Id, Record};
use zuno_store::{Pointer, Read, Write};

use crate::seal::SealedMembers;
use crate::session::Drawn;
use crate::small_kinds::SmallKinds;
use crate::{Baselines, Call, Change, Outcome, Params, Seed, Session, Stored};

/// The catalogue with its behaviours bound, ready to carry out calls.
pub struct Engine {
    catalogue: Arc<Catalogue>,
    bound: Vec<Bound>,
    baselines: Baselines,
    sealed: SealedMembers,
    given: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

/// The behaviours of one resource, by name, in the order of its file.
pub struct Bound(Vec<(String, Box<dyn Behaviour>)>);

/// Read access to a moment, or write access inside a transaction.
pub enum Access<'a> {
    /// Reads only.
    Read(&'a dyn Read),
    /// Reads and writes, with the seed of the ids and secrets that it makes.
    Write(&'a mut dyn Write, Seed),
}

/// A tenant's records at one moment, and the plain verbs on them.
pub struct Context<'a> {
    pub(crate) engine: &'a Engine,
    session: &'a Session,
    /// The call that is carried out; none where the server itself reads or changes something.
    pub(crate) call: Option<&'a Call>,
    access: Access<'a>,
    own: RefCell<HashMap<String, bool>>,
    found: RefCell<HashMap<String, Value>>,
    small: SmallKinds,
    drawn: Option<Drawn>,
    changed: BTreeSet<&'a str>,
    wrote: bool,
}

/// A guarantee. Every hook is optional; all of them act through [`Context`] alone.
pub trait Behaviour: Send + Sync {
    /// Before a change is kept: may refuse it, complete it, or change other records.
    ///
    /// # Errors
    /// The refusal.
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let _ = (cx, change);
        Ok(())
    }

    /// After a change is kept, in the same transaction.
    ///
    /// # Errors
    /// The refusal, which drops the change as well.
    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let _ = (cx, change);
        Ok(())
    }

    /// Whether the call's query asks for a choice that [`Behaviour::accepts`] makes.
    fn chooses(&self, cx: &Context<'_>) -> bool {
        let _ = cx;
        false
    }

    /// Whether a record belongs to the list that is asked for, beside what the catalogue's filters say.
    ///
    /// # Errors
    /// The store failed.
    fn accepts(&self, cx: &Context<'_>, id: &Id, record: &Record) -> Result<bool, Fault> {
        let _ = (cx, id, record);
        Ok(true)
    }

    /// Records of other scopes that are listed and read from this scope as well; they cannot be changed from it.
    ///
    /// # Errors
    /// The store failed.
    fn shared_from(&self, cx: &Context<'_>, scope: &str) -> Result<Vec<Stored>, Fault> {
        let _ = (cx, scope);
        Ok(Vec::new())
    }

    /// Members that follow from the clock, which the clauses of a search may ask for though no record keeps them.
    fn derived(&self, cx: &Context<'_>, record: &Record) -> Vec<(String, Value)> {
        let _ = (cx, record);
        Vec::new()
    }

    /// Before a record is shown: may complete members that depend on others or on the clock.
    ///
    /// # Errors
    /// The store failed.
    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let _ = (cx, verb, id, record);
        Ok(())
    }

    /// What is said of an id that no record has, where that is not that it is not found.
    fn on_missing(&self, cx: &Context<'_>, id: &Id) -> Option<Fault> {
        let _ = (cx, id);
        None
    }

    /// An operation that names this behaviour with `does`.
    ///
    /// # Errors
    /// The refusal.
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let _ = cx;
        Err(Fault::NotBuilt(call.operation.to_string()))
    }

    /// What a record points at beside what its fields say.
    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        let _ = (record, found);
    }

    /// Takes such a pointer out of a record.
    fn detach(&self, record: &mut Record, kind: &str, id: &Id) {
        let _ = (record, kind, id);
    }
}

/// Makes a behaviour for one resource from its parameters; the error says which parameter is wrong.
pub type Maker = fn(Params<'_>) -> Result<Box<dyn Behaviour>, String>;
