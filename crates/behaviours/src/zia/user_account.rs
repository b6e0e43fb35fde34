//! `user-account`: a user's email is fixed once made, and who administers the tenant is not deleted (documented).
//! Parameters: `email`, `admin`.

use serde_json::Value;
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Refusal};

/// The guarantee for one resource.
struct UserAccount {
    email: String,
    admin: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(UserAccount { email: params.text("email")?, admin: params.text("admin")? }))
}

impl Behaviour for UserAccount {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(old) = &change.old else { return Ok(()) };
        if let Some(email) = old.get(&self.email) {
            change.new.insert(self.email.clone(), email.clone());
        }
        Ok(())
    }

    fn before_delete(&self, _: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        // The words are guessed.
        match stored.record.get(&self.admin) {
            Some(Value::Bool(true)) => Err(Fault::Refused {
                class: Refusal::Forbidden,
                code: "INVALID_OPERATION".into(),
                message: "An administrator cannot be deleted as a user".into(),
                params: Vec::new(),
            }),
            _ => Ok(()),
        }
    }
}
