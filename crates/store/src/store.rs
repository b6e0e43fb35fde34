//! A store: jobs go in, and what they found and kept comes out.

use zuno_model::TenantId;

use crate::job::{Done, Job};
use crate::moment::{Aspect, Read, Result};

/// A store.
pub trait Store: Send + Sync {
    /// Runs a read job at one moment, on the calling thread. It may be run more than once, if the store must try again;
    /// only its last run counts.
    ///
    /// # Errors
    /// The store failed; what the job itself finds is the job's affair.
    fn view(&self, job: &mut dyn FnMut(&dyn Read)) -> Result<()>;
    /// How often an aspect of a tenant has changed; cheap enough to ask at every call. A change that was acknowledged
    /// has moved it, by whichever server on this store it was made: look at the version first, and read afterwards.
    ///
    /// # Errors
    /// The store failed.
    fn version(&self, tenant: TenantId, aspect: Aspect) -> Result<u64>;
    /// Queues a write job. `done` is told once the job's changes are durable, or dropped, or could not be kept.
    /// A job may be run more than once, if the store must retry it; only its last run counts.
    fn submit(&self, job: Job, done: Done);
    /// The same for a job that is about one tenant, or about what the server keeps for itself: a store may run such jobs of
    /// different tenants at the same time. One that turns out to touch another's is run again by itself.
    fn submit_for(&self, tenant: TenantId, job: Job, done: Done) {
        let _ = tenant;
        self.submit(job, done);
    }

    /// Takes what was removed or written over out of the store's files as well. It may take as long as copying them;
    /// what keeps no files has nothing to do.
    ///
    /// # Errors
    /// The store failed.
    fn scrub(&self) -> Result<()> {
        Ok(())
    }

    /// What is wrong with the store as a whole, and what to do about it, in words that name no place; nothing while it
    /// reads and keeps what it is asked to.
    fn trouble(&self) -> Option<String> {
        None
    }
}
