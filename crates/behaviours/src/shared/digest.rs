//! `digest`: a member tells a fingerprint of the rest of the record, 32 hexadecimal digits. Parameter: `member`.
//!
//! How the cloud computes it is not known; clients only compare two of them.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record, fingerprint};

/// The guarantee for one resource.
pub struct Digest {
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Digest { member: params.text("member")? }))
}

impl Behaviour for Digest {
    fn on_read(&self, _cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        record.shift_remove(&self.member);
        let bytes = serde_json::to_vec(record).map_err(Fault::broken)?;
        record.insert(self.member.clone(), Value::String(format!("{:032x}", fingerprint(&bytes))));
        Ok(())
    }
}
