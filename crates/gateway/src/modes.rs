//! What an administrator can switch on for a product of a tenant: read-only mode, and the edit lock.

use std::collections::HashSet;

use parking_lot::RwLock;
use zuno_model::TenantId;

/// A switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Writes are refused as during a scheduled upgrade.
    ReadOnly,
    /// Writes are refused as while another administrator edits.
    Locked,
}

impl Mode {
    /// The word the operator uses.
    pub fn named(word: &str) -> Option<Mode> {
        match word {
            "read-only" => Some(Mode::ReadOnly),
            "locked" => Some(Mode::Locked),
            _ => None,
        }
    }
}

/// The switches that are on.
#[derive(Debug, Default)]
pub struct Modes {
    on: RwLock<HashSet<(TenantId, String, Mode)>>,
}

impl Modes {
    /// Whether a switch is on.
    pub fn is_on(&self, tenant: TenantId, product: &str, mode: Mode) -> bool {
        let on = self.on.read();
        !on.is_empty() && on.contains(&(tenant, product.to_owned(), mode))
    }

    /// Turns a switch.
    pub fn set(&self, tenant: TenantId, product: &str, mode: Mode, on: bool) {
        let key = (tenant, product.to_owned(), mode);
        let mut switches = self.on.write();
        if on {
            switches.insert(key)
        } else {
            switches.remove(&key)
        };
    }
}
