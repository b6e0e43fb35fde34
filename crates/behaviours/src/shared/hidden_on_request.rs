//! `hidden-on-request`: a query flag leaves a costly member out of an answer. Parameters: `member`, `flag`.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
pub struct HiddenOnRequest {
    member: String,
    flag: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(HiddenOnRequest { member: params.text("member")?, flag: params.text("flag")? }))
}

impl Behaviour for HiddenOnRequest {
    fn on_read(&self, cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        if cx.flag(&self.flag) {
            record.insert(self.member.clone(), Value::Null);
        }
        Ok(())
    }
}
