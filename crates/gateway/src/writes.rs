//! How a request changes a tenant's records: in one transaction, to its end even when its caller has gone.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use zuno_model::TenantId;
use zuno_store::{StoreError, Verdict, Write};

use crate::Cloud;

impl Cloud {
    /// Runs some work on the store; what it changed is kept, or dropped where it refuses. A caller that goes away is no
    /// reason to lose the write, nor to go on believing what it changed: what is remembered of the tenant is outdated
    /// before anybody is told, and what is known of callers too, if the work `changes_callers`.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn write<T: Send + 'static, E: Send + 'static>(
        self: &Arc<Self>,
        tenant: TenantId,
        changes_callers: bool,
        mut work: impl FnMut(&mut dyn Write) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, StoreError> {
        let slot = Arc::new(Mutex::new(None));
        let place = Arc::clone(&slot);
        let (tell, told) = oneshot::channel();
        let job = move |tx: &mut dyn Write| {
            let outcome = work(tx);
            let verdict = if outcome.is_ok() { Verdict::Keep } else { Verdict::Drop };
            *place.lock() = Some(outcome);
            verdict
        };
        let cloud = Arc::clone(self);
        let done = move |kept| {
            cloud.rendered.outdate(tenant);
            if changes_callers {
                cloud.raise_generation();
            }
            drop(tell.send(kept));
        };
        self.store.submit(Box::new(job), Box::new(done));
        told.await.map_err(|_| StoreError::new("the store stopped"))??;
        let outcome = slot.lock().take();
        outcome.ok_or_else(|| StoreError::new("the store did not run a write"))
    }
}
