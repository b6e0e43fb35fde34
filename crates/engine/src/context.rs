//! What an engine holds, the moment of a tenant's records that it works at, and the hooks of the behaviours that act
//! there: each is told in terms of the others, so the three stand together. What a context can do stands below.

mod apart;
mod asked;
mod confine;
mod engine;
mod hooks;
mod in_force;
mod keep;
mod moment;
mod noted;
mod order;
mod outside;
mod pages;
mod put_back;
mod read;
mod seal;
mod search;
mod take;

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

pub use apart::Entries;
use parking_lot::Mutex;
use serde_json::Value;
pub use take::Waits;
use zuno_catalogue::{Catalogue, Verb};
use zuno_model::{Fault, Id, Record};
use zuno_store::{Pointer, Read, Write};

use crate::noted::Noted;
use crate::order::Order;
use crate::plan::Plan;
use crate::seal::SealedMembers;
use crate::session::Drawn;
use crate::small_kinds::SmallKinds;
use crate::{Ahead, Baselines, Call, Change, Numbering, Outcome, Params, Seed, Session, Stored};

/// The catalogue with its behaviours, ready to carry out calls.
pub struct Engine {
    catalogue: Arc<Catalogue>,
    makers: Vec<(&'static str, Maker)>,
    bound: Vec<OnceLock<Bound>>,
    baselines: Baselines,
    sealed: SealedMembers,
    given: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
    plans: Mutex<Plans>,
}

/// How records are shown, by the resource's number, the verb and the view, as far as that was asked for.
type Plans = HashMap<(usize, Verb, Option<String>), Arc<Plan>>;

/// The behaviours of one resource, by name, in the order of its file.
pub struct Bound(Vec<Named>);

struct Named {
    name: String,
    behaviour: Box<dyn Behaviour>,
    /// Whether nothing happens when a record is read; nobody knows until one is.
    idle: OnceLock<bool>,
}

/// Read access to a moment, or write access inside a transaction.
pub enum Transaction<'a> {
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
    transaction: Transaction<'a>,
    own: RefCell<HashMap<String, bool>>,
    found: RefCell<HashMap<String, Rc<Value>>>,
    small: SmallKinds,
    orders: RefCell<HashMap<String, Order>>,
    drawn: Option<Drawn>,
    changed: BTreeSet<&'a str>,
    noted: Noted,
    wrote: bool,
    /// Whether the store was told the texts of records that it knew nothing of.
    has_told: Cell<bool>,
    idle: Cell<bool>,
    /// Whether something was asked that is no record: the clock, the log, what the engine was given.
    asked_beyond: Cell<bool>,
}

/// A guarantee. Every hook is optional; all of them act through [`Context`] alone.
pub trait Behaviour: Send + Sync {
    /// What an operation that names this behaviour with `does` needs, that takes long to make and follows from no record:
    /// made before the write waits for its turn, so that no other writer waits for it, and once, though the store may
    /// run the change again.
    ///
    /// # Errors
    /// It cannot be made.
    fn ahead(&self, call: &Call) -> Result<Option<Ahead>, Fault> {
        let _ = call;
        Ok(None)
    }

    /// Whether an update leaves a member of a record as it is, though it says otherwise or nothing.
    fn keeps(&self, old: &Record, member: &str) -> bool {
        let _ = (old, member);
        false
    }

    /// Before a record is made or changed: may refuse that, complete it, or change other records.
    ///
    /// # Errors
    /// The refusal.
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let _ = (cx, change);
        Ok(())
    }

    /// After the record is kept, in the same transaction.
    ///
    /// # Errors
    /// The refusal, which drops the change as well.
    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let _ = (cx, change);
        Ok(())
    }

    /// Before a record is deleted: may refuse that, or change other records.
    ///
    /// # Errors
    /// The refusal.
    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let _ = (cx, stored);
        Ok(())
    }

    /// After the record is gone, in the same transaction.
    ///
    /// # Errors
    /// The refusal, which keeps the record.
    fn after_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let _ = (cx, stored);
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

    /// Members that follow from the clock or from others' records: the clauses of a search may ask for them though no record
    /// keeps them, and whoever points at the record shows them.
    fn derived(&self, cx: &Context<'_>, record: &Record) -> Vec<(String, Value)> {
        let _ = (cx, record);
        Vec::new()
    }

    /// Before a record is shown: may complete members that depend on others or on the clock.
    ///
    /// # Errors
    /// The store failed.
    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let _ = (verb, id, record);
        cx.idle.set(true);
        Ok(())
    }

    /// The members that [`Behaviour::on_read`] looks at, sets or takes away in the answers of a verb, so that all others
    /// can be shown as they are kept; nothing where it may be any.
    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        let _ = verb;
        None
    }

    /// How a record that is kept under another kind reads in this file's members, where those differ from that kind's.
    fn seen_through(&self, record: &mut Record) {
        let _ = record;
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
        let _ = call;
        Err(Fault::NotBuilt(cx.operation()?.name.clone()))
    }

    /// What the records are numbered by, where their order is kept beside them: the number that a record shows is then
    /// that of its place.
    fn numbering(&self) -> Option<&Numbering> {
        None
    }

    /// The one record that whoever has this value of a member points at, and by which member.
    ///
    /// # Errors
    /// The store failed.
    fn implies(&self, cx: &Context<'_>, member: &str, value: &str) -> Result<Option<(String, Id)>, Fault> {
        let _ = (cx, member, value);
        Ok(None)
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
