//! The key under which a tenant's secrets are digested: drawn once, kept as a note of the tenant.

use zuno_identity::Pepper;
use zuno_model::{Fault, TenantId};
use zuno_store::{Read, Write};

const NOTE: &str = "zidentity.pepper";

/// The tenant's pepper; none before its first secret.
///
/// # Errors
/// The store failed.
pub fn pepper(store: &dyn Read, tenant: TenantId) -> Result<Option<Pepper>, Fault> {
    let Some(note) = store.note(tenant, NOTE).map_err(Fault::broken)? else { return Ok(None) };
    let bytes: [u8; 32] = note.try_into().map_err(|_| Fault::broken("a pepper is not 32 bytes"))?;
    Ok(Some(Pepper::new(&bytes)))
}

/// The tenant's pepper, drawn now if there is none yet.
///
/// # Errors
/// The store failed.
pub fn ensure_pepper(store: &mut dyn Write, tenant: TenantId) -> Result<Pepper, Fault> {
    if let Some(known) = pepper(store.as_read(), tenant)? {
        return Ok(known);
    }
    let bytes = Pepper::generate();
    store.set_note(tenant, NOTE, Some(&bytes)).map_err(Fault::broken)?;
    Ok(Pepper::new(&bytes))
}
