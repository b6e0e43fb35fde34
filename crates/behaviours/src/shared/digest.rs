//! `digest`: a member tells a fingerprint: of the rest of the record, in 32 hexadecimal digits; or of a text, as a UUID.
//! Parameters: `member`; `of`, that text, with the tenant's customer id for `{customer}`.
//!
//! How the cloud computes it is not known; clients only compare two of them.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record, fingerprint};

/// The guarantee for one resource.
pub struct Digest {
    member: String,
    of: Option<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Digest { member: params.field("member")?, of: params.maybe_text("of") }))
}

impl Behaviour for Digest {
    fn on_read(&self, cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        record.shift_remove(&self.member);
        let told = match &self.of {
            None => format!("{:032x}", fingerprint(&serde_json::to_vec(record).map_err(Fault::broken)?)),
            Some(text) => {
                let text = text.replace("{customer}", &cx.tenant().customer_id.to_string());
                Id::uuid(fingerprint(text.as_bytes())).0
            }
        };
        record.insert(self.member.clone(), Value::String(told));
        Ok(())
    }
}
