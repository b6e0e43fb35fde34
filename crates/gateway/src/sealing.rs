//! The secrets of records are sealed, and no key is left in the database, where an older version kept them.

use std::sync::Arc;

use zuno_engine::{Context, Transaction};
use zuno_identity::Algorithm;
use zuno_model::{Fault, TenantId};
use zuno_store::{StoreError, read, write};

use crate::Cloud;
use crate::state::keys::{PEPPER, SEALED_BY, note};

/// The note that tells which members are sealed in every record.
const SEALED_MEMBERS: &str = "sealed-members";

impl Cloud {
    /// Seals what the records of an older version, or of an older catalogue, hold in clear, and takes that version's keys
    /// out of the store, so that no trace of them is left in its files. Done once for a catalogue's sealed members.
    pub(crate) fn seal_what_is_in_clear(&self) -> Result<(), StoreError> {
        let names = self.engine.kept_sealed().join("\n").into_bytes();
        if read(self.store.as_ref(), |tx| tx.note(TenantId::SERVER, SEALED_MEMBERS))?
            .is_some_and(|done| done == names)
        {
            return Ok(());
        }
        let failed = |fault: Fault| StoreError::because("the secrets of records cannot be sealed", fault);
        let engine = Arc::clone(&self.engine);
        let sessions: Vec<_> =
            self.tenants()?.iter().map(|tenant| self.own_session(tenant)).collect::<Result<_, _>>()?;
        let had_tenants = !sessions.is_empty();
        let sealed = names.clone();
        let sealed_by = self.keys.sealing.name().as_bytes().to_vec();
        write(self.store.as_ref(), move |tx| {
            for session in &sessions {
                // Nothing is drawn, so that any seed does.
                let mut cx = Context::new(&engine, session, Transaction::Write(tx, [0; 32]));
                cx.seal_what_is_in_clear().map_err(failed)?;
            }
            tx.set_note(TenantId::SERVER, PEPPER, None)?;
            for algorithm in Algorithm::ALL {
                tx.set_note(TenantId::SERVER, &note(algorithm), None)?;
            }
            tx.set_note(TenantId::SERVER, SEALED_BY, Some(&sealed_by))?;
            // Nothing was in clear, so that nothing needs to be wiped first.
            if sessions.is_empty() {
                tx.set_note(TenantId::SERVER, SEALED_MEMBERS, Some(&sealed))
            } else {
                Ok(())
            }
        })?;
        if !had_tenants {
            return Ok(());
        }
        self.store.scrub()?;
        write(self.store.as_ref(), move |tx| tx.set_note(TenantId::SERVER, SEALED_MEMBERS, Some(&names)))
    }
}
