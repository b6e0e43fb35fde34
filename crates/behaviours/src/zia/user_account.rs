//! `user-account`: a user who administers the tenant is not deleted (documented). Parameter: `admin`, the flag.

use serde_json::Value;
use zuno_engine::{Behaviour, Context, Params, Stored};
use zuno_model::{Fault, Refusal};

/// The guarantee for one resource.
struct UserAccount {
    admin: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(UserAccount { admin: params.field("admin")? }))
}

impl Behaviour for UserAccount {
    fn before_delete(&self, _: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        // The words are guessed.
        match stored.record.get(&self.admin) {
            Some(Value::Bool(true)) => Err(Fault::refused(
                Refusal::Forbidden,
                "INVALID_OPERATION",
                "An administrator cannot be deleted as a user",
            )),
            _ => Ok(()),
        }
    }
}
