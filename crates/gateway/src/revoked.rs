//! Single tokens that no longer count although their time is not over: kept beside the tenant's records until they would
//! have ended anyway.

use zuno_identity::Claims;
use zuno_model::{Tenant, Time};
use zuno_store::{Aspect, Read, StoreError, Write, read};

use crate::Cloud;

/// What the notes' keys begin with; a token's own name follows.
pub const NOTES: &str = "revoked:";

fn note(jti: &str) -> String {
    format!("{NOTES}{jti}")
}

fn ends(note: &[u8]) -> Time {
    std::str::from_utf8(note).ok().and_then(|text| text.parse().ok()).unwrap_or(Time::MAX)
}

impl Cloud {
    /// Revokes one token.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn revoke(&self, tenant: &Tenant, claims: &Claims) -> Result<(), StoreError> {
        let (id, name, end) = (tenant.id, note(&claims.jti), claims.exp.to_string());
        self.keep_for(id, move |tx| {
            tx.set_note(id, &name, Some(end.as_bytes()))?;
            tx.touch(id, Aspect::Callers)
        })
    }

    /// Whether one token was revoked.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn is_revoked(&self, tenant: &Tenant, claims: &Claims) -> Result<bool, StoreError> {
        let found = read(self.store.as_ref(), |tx| tx.note(tenant.id, &note(&claims.jti)))?;
        Ok(found.is_some())
    }

    /// Forgets what would have ended by itself.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn forget_revoked(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let (id, now) = (tenant.id, self.now(tenant.id)?);
        let over = move |tx: &dyn Read| -> Result<Vec<String>, StoreError> {
            let notes = tx.notes(id, NOTES)?;
            Ok(notes.into_iter().filter(|(_, note)| now >= ends(note)).map(|(key, _)| key).collect())
        };
        if read(self.store.as_ref(), over)?.is_empty() {
            return Ok(());
        }
        self.keep_for(id, move |tx: &mut dyn Write| {
            over(tx.as_read())?.iter().try_for_each(|key| tx.set_note(id, key, None))
        })
    }
}
