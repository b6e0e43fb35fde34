//! Policies that were compiled, and for which version of a tenant's records they count.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use zuno_model::TenantId;
use zuno_policy::{Options, Policy};

/// How many tenants' policies are kept; one that was dropped costs the time to compile it again.
const KEPT: usize = 64;

/// Which state of a tenant is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// What is in force.
    Active,
    /// What would be after an activation.
    Staged,
}

/// Policies by tenant and state, each with the version of the records and the options that it was compiled from.
#[derive(Default)]
pub struct Policies {
    known: Mutex<HashMap<(TenantId, State), Compiled>>,
}

struct Compiled {
    version: u64,
    options: Options,
    policy: Arc<Policy>,
}

impl Policies {
    /// A tenant's policies, if they are those of this version.
    pub fn known(
        &self,
        tenant: TenantId,
        state: State,
        version: u64,
        options: Options,
    ) -> Option<Arc<Policy>> {
        let known = self.known.lock();
        let compiled = known.get(&(tenant, state))?;
        ((compiled.version, compiled.options) == (version, options)).then(|| Arc::clone(&compiled.policy))
    }

    /// Remembers policies that were compiled from a version.
    pub fn keep(&self, tenant: TenantId, state: State, version: u64, options: Options, policy: &Arc<Policy>) {
        let mut known = self.known.lock();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert((tenant, state), Compiled { version, options, policy: Arc::clone(policy) });
    }
}
