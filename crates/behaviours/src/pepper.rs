//! The key under which secrets are digested: drawn once for a server, kept among its own notes.

use zuno_identity::Pepper;
use zuno_model::{Fault, TenantId};
use zuno_store::{Read, Write};

const NOTE: &str = "pepper";

/// The server's pepper; none before its first secret.
///
/// # Errors
/// The store failed.
pub fn pepper(store: &dyn Read) -> Result<Option<Pepper>, Fault> {
    let Some(note) = store.note(TenantId::SERVER, NOTE).map_err(Fault::broken)? else { return Ok(None) };
    let bytes: [u8; 32] = note.try_into().map_err(|_| Fault::broken("the pepper is not 32 bytes"))?;
    Ok(Some(Pepper::new(&bytes)))
}

/// The server's pepper, drawn now if there is none yet.
///
/// # Errors
/// The store failed.
pub fn ensure_pepper(store: &mut dyn Write) -> Result<Pepper, Fault> {
    if let Some(known) = pepper(store.as_read())? {
        return Ok(known);
    }
    let bytes = Pepper::generate();
    store.set_note(TenantId::SERVER, NOTE, Some(&bytes)).map_err(Fault::broken)?;
    Ok(Pepper::new(&bytes))
}
