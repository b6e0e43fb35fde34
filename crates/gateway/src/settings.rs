//! What the operator has set, as it is now, and the time that follows from it.

use std::sync::Arc;

use zuno_model::{TenantId, Time};
use zuno_store::StoreError;

use crate::state::course::Course;
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
        self.keep_for(tenant, move |tx| settings::change(tx, tenant, &change))
    }

    /// What is set for a tenant, and the time there.
    ///
    /// # Errors
    /// As for either.
    pub(crate) fn settings_now(&self, tenant: TenantId) -> Result<(Arc<Settings>, Time), StoreError> {
        let settings = self.settings(tenant)?;
        let now = settings.clock.at(self.beside(tenant)?);
        Ok((settings, now))
    }

    /// The time in a tenant, in seconds: as its own clock goes beside the server's, and the server's beside real time. Under
    /// [`TenantId::SERVER`], the server's own.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn now(&self, tenant: TenantId) -> Result<Time, StoreError> {
        self.settings_now(tenant).map(|(_, now)| now)
    }

    /// The time beside which a clock goes: the server's for a tenant's, real time for the server's.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn beside(&self, tenant: TenantId) -> Result<Time, StoreError> {
        let real = Clock::real();
        match tenant {
            TenantId::SERVER => Ok(real),
            _ => Ok(self.settings(TenantId::SERVER)?.clock.at(real)),
        }
    }

    /// Lets a tenant's clock, or under [`TenantId::SERVER`] everybody's, go otherwise than it went, and does what that has made
    /// due. `turn` is told how it went and what the clock beside it shows. Two turns at once both count.
    ///
    /// # Errors
    /// The store failed; within, `turn` refused, and the clock goes as it did.
    pub(crate) fn turn_clock(
        &self,
        tenant: TenantId,
        turn: impl Fn(Course, Time) -> Result<Course, String> + Send + 'static,
    ) -> Result<Result<(), String>, StoreError> {
        let beside = self.beside(tenant)?;
        let turned = self.keep_for(tenant, move |tx| {
            let mut turned = Ok(());
            settings::change(tx, tenant, |settings| {
                turned = turn(settings.clock, beside).map(|course| settings.clock = course);
            })?;
            Ok(turned)
        })?;
        self.tidy();
        Ok(turned)
    }

    /// Sets how many seconds a clock is ahead, at its own pace.
    ///
    /// # Errors
    /// The store failed.
    pub fn move_clock(&self, tenant: TenantId, ahead: i64) -> Result<Time, StoreError> {
        self.set(tenant, move |settings| settings.clock = Course { ahead, ..Course::default() })?;
        self.tidy();
        self.now(tenant)
    }
}
