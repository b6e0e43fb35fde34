//! Kinds of few records, read whole once while a list asks of each of its records who points at it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use zuno_model::Fault;

use crate::Stored;

/// The most records of a kind that are looked through instead of asking the store.
const FEW: u64 = 32;

/// What a call knows of the kinds that it asks about.
#[derive(Default)]
pub(crate) struct SmallKinds(RefCell<HashMap<String, Known>>);

#[derive(Clone)]
enum Known {
    /// Asked once; one question is not worth reading all.
    Asked,
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

    /// All records of a kind that has few, from the second time on that the call asks.
    pub fn records(
        &self,
        kind: &str,
        count: impl FnOnce() -> Result<u64, Fault>,
        read: impl FnOnce() -> Result<Vec<Stored>, Fault>,
    ) -> Result<Option<Rc<Vec<Stored>>>, Fault> {
        let known = self.0.borrow().get(kind).cloned();
        let now = match known {
            None => Known::Asked,
            Some(Known::Asked) if count()? <= FEW => Known::Few(Rc::new(read()?)),
            Some(Known::Asked) => Known::Many,
            Some(Known::Many) => return Ok(None),
            Some(Known::Few(records)) => return Ok(Some(records)),
        };
        let few = match &now {
            Known::Few(records) => Some(Rc::clone(records)),
            _ => None,
        };
        self.0.borrow_mut().insert(kind.to_owned(), now);
        Ok(few)
    }
}
