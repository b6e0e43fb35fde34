//! Kinds of few records, read whole once while a list asks of each of its records who points at it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use zuno_model::Fault;

use crate::Stored;

/// The most records of a kind that are looked through instead of asking the store.
const FEW: u64 = 32;

/// How often the store is asked before it is worth reading all: a call about one record asks a few times.
const ASKS: u8 = 8;

/// What a call knows of the kinds that it asks about.
#[derive(Default)]
pub(crate) struct SmallKinds(RefCell<HashMap<String, Cached>>);

#[derive(Clone)]
enum Cached {
    /// Asked so often; few questions are not worth reading all.
    Asked(u8),
    /// Too many to look through.
    Many,
    /// All of them, in the order of their lists.
    Few(Rc<Vec<Stored>>),
}

impl SmallKinds {
    /// A record has changed: nothing is known any more.
    pub fn forget(&self) {
        self.0.borrow_mut().clear();
    }

    /// All records of a kind that has few, once the call has asked often enough.
    pub fn records(
        &self,
        kind: &str,
        count: impl Fn() -> Result<u64, Fault>,
        read: impl FnOnce() -> Result<Vec<Stored>, Fault>,
    ) -> Result<Option<Rc<Vec<Stored>>>, Fault> {
        let cached = self.0.borrow().get(kind).cloned();
        let now = match cached {
            // Of most kinds that might point at a record there is none at all.
            None if count()? == 0 => Cached::Few(Rc::default()),
            None => Cached::Asked(1),
            Some(Cached::Asked(times)) if times < ASKS => Cached::Asked(times + 1),
            Some(Cached::Asked(_)) if count()? <= FEW => Cached::Few(Rc::new(read()?)),
            Some(Cached::Asked(_)) => Cached::Many,
            Some(Cached::Many) => return Ok(None),
            Some(Cached::Few(records)) => return Ok(Some(records)),
        };
        let records = match &now {
            Cached::Few(records) => Some(Rc::clone(records)),
            _ => None,
        };
        self.0.borrow_mut().insert(kind.to_owned(), now);
        Ok(records)
    }
}
