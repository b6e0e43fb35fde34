//! What the server keeps for its operator beside the tenants: one note of the store each, read whole and changed in one
//! transaction.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use zuno_model::TenantId;
use zuno_store::{Store, StoreError, read, write};

use crate::respond::{Response, in_json};

/// What a change comes to.
pub enum Changed {
    /// It is kept, and this is the answer.
    Kept(Response),
    /// Everything stays as it was, and this is the answer.
    Refused(Response),
}

/// A note that holds a `T`, as JSON; the default before anyone has written it.
pub struct Note<T> {
    name: &'static str,
    what: &'static str,
    holds: PhantomData<fn() -> T>,
}

impl<T: Default + Serialize + DeserializeOwned> Note<T> {
    /// The note of this name; `what` it holds is told when it cannot be read.
    pub const fn named(name: &'static str, what: &'static str) -> Note<T> {
        Note { name, what, holds: PhantomData }
    }

    fn parse(&self, bytes: Option<Vec<u8>>) -> Result<T, StoreError> {
        let Some(bytes) = bytes else { return Ok(T::default()) };
        serde_json::from_slice(&bytes)
            .map_err(|cause| StoreError::because(format!("{} cannot be read", self.what), cause))
    }

    /// What it holds.
    ///
    /// # Errors
    /// The store failed, or the note is spoilt.
    pub fn read(&self, store: &dyn Store) -> Result<T, StoreError> {
        self.parse(read(store, |tx| tx.note(TenantId::SERVER, self.name))?)
    }

    /// Changes it and answers. Two changes at once both last.
    pub fn change(
        &'static self,
        store: &dyn Store,
        mut change: impl FnMut(&mut T) -> Changed + Send + 'static,
    ) -> Response {
        let outcome = write(store, move |tx| {
            let mut value = self.parse(tx.note(TenantId::SERVER, self.name)?)?;
            Ok(match change(&mut value) {
                Changed::Kept(answer) => {
                    tx.set_note(TenantId::SERVER, self.name, Some(json!(value).to_string().as_bytes()))?;
                    answer
                }
                Changed::Refused(answer) => answer,
            })
        });
        outcome.unwrap_or_else(|cause| {
            tracing::error!(%cause, "{} cannot be changed", self.what);
            in_json(500, &json!({"error": cause.to_string()}))
        })
    }
}

#[cfg(test)]
mod tests {
    use zuno_store_sqlite::SqliteStore;

    use super::*;
    use crate::respond::respond;

    static NUMBERS: Note<Vec<u32>> = Note::named("test:numbers", "the numbers");

    #[test]
    fn changes_at_once_all_last_and_a_refused_one_leaves_no_trace() {
        let store = SqliteStore::in_memory().expect("a store in memory opens");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let store = &store;
                scope.spawn(move || {
                    for number in (0..100).filter(|number| number % 4 == writer) {
                        NUMBERS.change(store, move |numbers| {
                            numbers.push(number);
                            match number % 10 {
                                7 => Changed::Refused(respond(400, None, "")),
                                _ => Changed::Kept(respond(200, None, "")),
                            }
                        });
                    }
                });
            }
        });
        let mut kept = NUMBERS.read(&store).expect("it is read");
        kept.sort_unstable();
        assert_eq!(kept, (0..100).filter(|number| number % 10 != 7).collect::<Vec<u32>>());
    }

    #[test]
    fn a_spoilt_note_is_told_and_not_written_over() {
        let store = SqliteStore::in_memory().expect("a store in memory opens");
        let spoil =
            |tx: &mut dyn zuno_store::Write| tx.set_note(TenantId::SERVER, "test:numbers", Some(b"[1,"));
        write(&store, spoil).expect("it is written");
        let answer = NUMBERS.change(&store, |_| Changed::Kept(respond(200, None, "")));
        assert_eq!(answer.status(), 500);
        assert!(NUMBERS.read(&store).is_err_and(|wrong| wrong.to_string().contains("the numbers")));
    }
}
