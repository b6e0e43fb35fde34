//! Whether the store did its work when that was last tried.

use std::time::Instant;

use tokio::sync::Mutex;

/// What was found last, and when.
#[derive(Debug, Default)]
pub struct Readiness(pub Mutex<Option<(Instant, Result<(), String>)>>);
