//! `isolation-number`: a rule that isolates has its profile's number as well, by which clients know that it has one (client:
//! sdk-go looks the profile up in the list when a rule that it reads has the number alone). Which number is guessed: it
//! follows from the profile's id.
//!
//! Parameters: `profile`, the member with the profile; `number`, the member that tells its number.

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
struct IsolationNumber {
    profile: String,
    number: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(IsolationNumber { profile: params.field("profile")?, number: params.field("number")? }))
}

/// A number above zero that fits into 31 bits, the same for the same id.
fn number_of(id: &Id) -> u32 {
    let mixed =
        id.as_str().bytes().fold(0_u32, |mixed, byte| mixed.wrapping_mul(31).wrapping_add(byte.into()));
    (mixed & 0x7fff_ffff).max(1)
}

impl Behaviour for IsolationNumber {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let id = change
            .new
            .get(&self.profile)
            .and_then(|profile: &Value| profile.get("id"))
            .and_then(Id::from_value);
        match id {
            Some(id) => change.new.insert(self.number.clone(), json!(number_of(&id))),
            None => change.new.shift_remove(&self.number),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_profile_has_a_number_that_clients_can_read(id in ".{0,80}") {
            let number = number_of(&Id(id));
            prop_assert!(number > 0 && i32::try_from(number).is_ok());
        }
    }
}
