//! What the server's own keys do for records: one digests the secrets that are only compared, the other seals those that
//! must be read again. Both are given to the engine.

use std::sync::Arc;

use zuno_engine::{Context, Engine, Seal};
use zuno_identity::{Pepper, SealingKey};
use zuno_model::Fault;

/// Gives an engine the keys.
pub fn give(engine: Engine, pepper: &Arc<Pepper>, sealing: &Arc<SealingKey>) -> Engine {
    let seal: Arc<dyn Seal> = Arc::new(Sealing(Arc::clone(sealing)));
    engine.with(Arc::clone(pepper)).with(seal)
}

/// The key under which secrets are digested.
///
/// # Errors
/// The engine was given none.
pub fn pepper<'a>(cx: &Context<'a>) -> Result<&'a Pepper, Fault> {
    cx.given::<Arc<Pepper>>().map(Arc::as_ref)
}

struct Sealing(Arc<SealingKey>);

impl Seal for Sealing {
    fn seal(&self, about: &str, clear: &[u8]) -> String {
        self.0.seal(about, clear)
    }

    fn open(&self, about: &str, sealed: &str) -> Result<Vec<u8>, String> {
        self.0.open(about, sealed).map_err(|cause| cause.to_string())
    }
}
