//! How code that wants a value back runs against a store.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use zuno_model::TenantId;

use crate::job::{Done, Job, Verdict};
use crate::moment::{Read, Result, StoreError, Write};
use crate::store::Store;

/// Runs a read job and answers what it found.
///
/// # Errors
/// The store failed, or the job did.
pub fn read<T>(store: &dyn Store, mut job: impl FnMut(&dyn Read) -> Result<T>) -> Result<T> {
    let mut found = None;
    store.view(&mut |moment| found = Some(job(moment)))?;
    found.unwrap_or_else(|| Err(StoreError::new("the store did not run a read job")))
}

/// Runs a write job, waits until its changes are durable, and answers what it found. An `Err` drops its changes.
///
/// # Errors
/// The store failed, or the job did.
pub fn write<T: Send + 'static>(
    store: &dyn Store,
    job: impl FnMut(&mut dyn Write) -> Result<T> + Send + 'static,
) -> Result<T> {
    wait(job, |job, done| store.submit(job, done))
}

/// The same for a job that is about one tenant: see [`Store::submit_for`].
///
/// # Errors
/// The store failed, or the job did.
pub fn write_for<T: Send + 'static>(
    store: &dyn Store,
    tenant: TenantId,
    job: impl FnMut(&mut dyn Write) -> Result<T> + Send + 'static,
) -> Result<T> {
    wait(job, |job, done| store.submit_for(tenant, job, done))
}

fn wait<T: Send + 'static>(
    mut job: impl FnMut(&mut dyn Write) -> Result<T> + Send + 'static,
    submit: impl FnOnce(Job, Done),
) -> Result<T> {
    let found = Arc::new(Mutex::new(None));
    let place = Arc::clone(&found);
    let (tell, told) = mpsc::sync_channel(1);
    submit(
        Box::new(move |moment| {
            let outcome = job(moment);
            let verdict = if outcome.is_ok() { Verdict::Keep } else { Verdict::Drop };
            *place.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(outcome);
            verdict
        }),
        Box::new(move |outcome| {
            // The receiver waits below until this is sent.
            let _ = tell.send(outcome);
        }),
    );
    told.recv().map_err(|_| StoreError::new("the store stopped before a write was done"))??;
    let outcome = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    outcome.unwrap_or_else(|| Err(StoreError::new("the store did not run a write job")))
}
