//! A new record gets a random UUID in one of its members, and keeps it.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

struct MintedGuid {
    field: String,
}

/// Parameters: `field`, the member.
pub fn make(params: Params<'_>, _: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MintedGuid { field: params.text("field")? }))
}

/// Version 4 of a UUID, from random bits.
fn uuid(bits: u128) -> String {
    let bits = (bits & !(0xf << 76) & !(0b11 << 62)) | (4 << 76) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

impl Behaviour for MintedGuid {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            change.new.insert(self.field.clone(), Value::String(uuid(cx.draw())));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn version_and_variant_are_set_whatever_the_bits() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
