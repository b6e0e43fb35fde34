//! What the operator has set for one tenant, or for the whole server: kept by the store beside the tenant's records, gone
//! with the tenant, and there after a restart.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use zuno_model::TenantId;
use zuno_store::{Aspect, Read, Store, StoreError, Write, read};

use super::course::Course;
use super::faults::SetFault;

/// The note that keeps them.
const NOTE: &str = "settings";

/// How many tenants' settings are remembered; they cost only the time to read them again.
const REMEMBERED: usize = 4096;

/// A switch of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Writes are refused as during a scheduled upgrade.
    ReadOnly,
    /// Writes are refused as while another administrator edits.
    Locked,
    /// What the cloud fills in by itself is left out: some clients take it for somebody's change.
    AsSent,
}

impl Mode {
    /// The word the operator uses.
    pub fn named(word: &str) -> Option<Mode> {
        match word {
            "read-only" => Some(Mode::ReadOnly),
            "locked" => Some(Mode::Locked),
            "as-sent" => Some(Mode::AsSent),
            _ => None,
        }
    }
}

/// What is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The products that only read.
    read_only: BTreeSet<String>,
    /// The products that another administrator edits.
    locked: BTreeSet<String>,
    /// The products that fill nothing in.
    as_sent: BTreeSet<String>,
    /// How the clock goes, beside real time or, a tenant's, beside the server's.
    #[serde(alias = "clock_ahead")]
    pub clock: Course,
    /// The calls that are to fail, in the order that they are tried in.
    pub faults: Vec<SetFault>,
    /// The number of the last fault that was set.
    pub last_fault: u64,
}

/// What of it belongs to the state of a tenant: a fault does not, which is set for a test and over with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lasting {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    read_only: BTreeSet<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    locked: BTreeSet<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    as_sent: BTreeSet<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<Course>,
}

impl Lasting {
    /// Whether a server could have come to it: the products are known ones, and its clock can go so.
    pub fn is_fit(&self, is_product: impl Fn(&str) -> bool) -> bool {
        let modes = [&self.read_only, &self.locked, &self.as_sent];
        modes.into_iter().flatten().all(|product| is_product(product))
            && self.clock.as_ref().is_none_or(Course::is_fit)
    }
}

impl Settings {
    /// What belongs to the tenant's state.
    pub fn lasting(&self) -> Lasting {
        let Settings { read_only, locked, as_sent, clock, .. } = self.clone();
        Lasting { read_only, locked, as_sent, clock: Some(clock).filter(|clock| *clock != Course::default()) }
    }

    /// What a state has, and no fault.
    pub fn of(lasting: &Lasting) -> Settings {
        let Lasting { read_only, locked, as_sent, clock } = lasting.clone();
        Settings { read_only, locked, as_sent, clock: clock.unwrap_or_default(), ..Settings::default() }
    }

    /// Whether a product's switch is on.
    pub fn is_on(&self, product: &str, mode: Mode) -> bool {
        let products = match mode {
            Mode::ReadOnly => &self.read_only,
            Mode::Locked => &self.locked,
            Mode::AsSent => &self.as_sent,
        };
        products.contains(product)
    }

    /// Turns a product's switch.
    pub fn turn(&mut self, product: &str, mode: Mode, on: bool) {
        let products = match mode {
            Mode::ReadOnly => &mut self.read_only,
            Mode::Locked => &mut self.locked,
            Mode::AsSent => &mut self.as_sent,
        };
        if on {
            products.insert(product.to_owned());
        } else {
            products.remove(product);
        }
    }
}

/// Settings as they were last read, each with the version they were read at.
#[derive(Debug, Default)]
pub struct Remembered(RwLock<HashMap<TenantId, (u64, Arc<Settings>)>>);

/// What is set for a tenant at a moment of the store.
///
/// # Errors
/// The store failed, or what it keeps is spoilt.
pub fn kept(tx: &dyn Read, tenant: TenantId) -> Result<Settings, StoreError> {
    let Some(note) = tx.note(tenant, NOTE)? else { return Ok(Settings::default()) };
    serde_json::from_slice(&note)
        .map_err(|cause| StoreError::because("what is set for a tenant cannot be read", cause))
}

impl Remembered {
    /// What is set for a tenant now.
    ///
    /// # Errors
    /// The store failed, or what it keeps is spoilt.
    pub fn get(&self, store: &dyn Store, tenant: TenantId) -> Result<Arc<Settings>, StoreError> {
        let version = store.version(tenant, Aspect::Settings)?;
        if let Some((seen, known)) = self.0.read().get(&tenant)
            && *seen == version
        {
            return Ok(Arc::clone(known));
        }
        let settings = Arc::new(read(store, |tx| kept(tx, tenant))?);
        let mut known = self.0.write();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(tenant, (version, Arc::clone(&settings)));
        Ok(settings)
    }
}

/// Changes what is set, in a transaction of the store's.
///
/// # Errors
/// The store failed, or what it keeps is spoilt.
pub fn change(
    tx: &mut dyn Write,
    tenant: TenantId,
    change: impl FnOnce(&mut Settings),
) -> Result<(), StoreError> {
    let mut settings = kept(tx.as_read(), tenant)?;
    change(&mut settings);
    let note = serde_json::to_vec(&settings)
        .map_err(|cause| StoreError::because("what is set cannot be kept", cause))?;
    let is_default = settings == Settings::default();
    tx.set_note(tenant, NOTE, (!is_default).then_some(&note))?;
    tx.touch(tenant, Aspect::Settings)
}
