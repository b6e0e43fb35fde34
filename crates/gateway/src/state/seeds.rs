//! The seeds of changes: drawn, or counted from a number so that the same calls give the same ids and secrets.

use zuno_engine::Seed;
use zuno_model::TenantId;
use zuno_store::{StoreError, Write};

/// Where the ids and secrets of changes come from.
#[derive(Clone, Copy, Debug)]
pub enum Seeds {
    /// From the system's randomness.
    Random,
    /// From a number: the same changes in the same order give the same ids and secrets.
    Chosen(u64),
}

impl Seeds {
    /// Where the seed of a change comes from that is about to be queued.
    pub fn next(self) -> Next {
        match self {
            Seeds::Random => Next::Drawn(zuno_identity::random()),
            Seeds::Chosen(number) => Next::Counted(number),
        }
    }
}

/// The seed of one change; the same again when the store runs its job again.
#[derive(Clone, Copy)]
pub enum Next {
    Drawn(Seed),
    Counted(u64),
}

impl Next {
    /// The seed, told inside of the change's own transaction.
    pub fn seed(self, tx: &mut dyn Write) -> Result<Seed, StoreError> {
        match self {
            Next::Drawn(seed) => Ok(seed),
            Next::Counted(number) => {
                let count = tx.next(TenantId::SERVER, "seeds", 0)?;
                let mut seed = [0; 32];
                seed[..8].copy_from_slice(&number.to_le_bytes());
                seed[8..16].copy_from_slice(&count.to_le_bytes());
                Ok(seed)
            }
        }
    }
}
