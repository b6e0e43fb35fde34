//! `digest`: a member tells a fingerprint of the rest of the record, 32 hexadecimal digits. Parameter: `member`.
//!
//! How the cloud computes it is not known; clients only compare two of them.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
pub struct Digest {
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Digest { member: params.text("member")? }))
}

/// FNV-1a over 128 bits: the same for the same bytes on every machine.
pub fn fnv(bytes: &[u8]) -> u128 {
    let start = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    bytes.iter().fold(start, |hash: u128, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

impl Behaviour for Digest {
    fn on_read(&self, _cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        record.shift_remove(&self.member);
        let bytes = serde_json::to_vec(record).map_err(Fault::broken)?;
        record.insert(self.member.clone(), Value::String(format!("{:032x}", fnv(&bytes))));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::fnv;

    #[test]
    fn the_fingerprint_is_the_published_function() {
        assert_eq!(format!("{:032x}", fnv(b"")), "6c62272e07bb014262b821756295c58d");
        assert_eq!(format!("{:032x}", fnv(b"a")), "d228cb696f1a8caf78912b704e4a8964");
    }
}
