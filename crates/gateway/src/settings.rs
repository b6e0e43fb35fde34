//! What the operator has set, as it is now, and the time that follows from it.

use std::sync::Arc;

use zuno_model::{TenantId, Time};
use zuno_store::StoreError;

use crate::state::settings::{self, Settings};
use crate::{Clock, Cloud};

impl Cloud {
    /// What is set for a tenant, or under [`TenantId::SERVER`] for all of them.
    ///
    /// # Errors
    /// The store failed, or what it keeps is spoilt.
    pub(crate) fn settings(&self, tenant: TenantId) -> Result<Arc<Settings>, StoreError> {
        self.settings.get(self.store.as_ref(), tenant)
    }

    /// Changes what is set. Two changes at once both last.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn set(
        &self,
        tenant: TenantId,
        change: impl Fn(&mut Settings) + Send + 'static,
    ) -> Result<(), StoreError> {
        self.keep(move |tx| settings::change(tx, tenant, &change))
    }

    /// The time in a tenant, in seconds: real time, moved by as much as its operator and the server's have set. Under
    /// [`TenantId::SERVER`], the server's own.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn now(&self, tenant: TenantId) -> Result<Time, StoreError> {
        let now = Clock::real().saturating_add(self.settings(TenantId::SERVER)?.clock_ahead);
        match tenant {
            TenantId::SERVER => Ok(now),
            _ => Ok(now.saturating_add(self.settings(tenant)?.clock_ahead)),
        }
    }

    /// Sets how many seconds a tenant's clock is ahead, or under [`TenantId::SERVER`] everybody's, and does what that
    /// has made due.
    ///
    /// # Errors
    /// The store failed.
    pub fn set_clock(&self, tenant: TenantId, ahead: i64) -> Result<Time, StoreError> {
        self.set(tenant, move |settings| settings.clock_ahead = ahead)?;
        self.tidy();
        self.now(tenant)
    }
}
