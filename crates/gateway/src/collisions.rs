//! Writers that really collide: two at once on what the catalogue calls contended.

use std::collections::HashSet;
use std::sync::Arc;

use parking_lot::Mutex;
use zuno_model::TenantId;

type Key = (TenantId, String);

/// What is being written at this moment.
#[derive(Clone, Debug, Default)]
pub struct Collisions {
    held: Arc<Mutex<HashSet<Key>>>,
}

/// A writer's hold; let go when dropped.
#[derive(Debug)]
pub struct Hold {
    held: Arc<Mutex<HashSet<Key>>>,
    key: Key,
}

impl Collisions {
    /// Takes hold of something, unless another writer has it.
    pub fn hold(&self, tenant: TenantId, what: String) -> Option<Hold> {
        let key = (tenant, what);
        let free = self.held.lock().insert(key.clone());
        free.then(|| Hold { held: Arc::clone(&self.held), key })
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.held.lock().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use zuno_model::TenantId;

    use super::Collisions;

    #[test]
    fn a_second_writer_is_turned_away_until_the_first_is_done() {
        let collisions = Collisions::default();
        let first = collisions.hold(TenantId(1), "rule/1".into());
        assert!(first.is_some() && collisions.hold(TenantId(1), "rule/1".into()).is_none());
        assert!(collisions.hold(TenantId(2), "rule/1".into()).is_some(), "tenants do not collide");
        drop(first);
        assert!(collisions.hold(TenantId(1), "rule/1".into()).is_some());
    }
}
