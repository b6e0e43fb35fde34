//! Gives every new API client a number that audit members such as `modifiedBy` can hold.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zidentity::api_client::NUMBER;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

/// The number of a tenant's first client, of the size that audit members were seen with.
const FIRST: i64 = 117_810_311;

/// The number of the tenant's next client.
pub(crate) fn next(cx: &mut Context<'_>) -> Result<i64, Fault> {
    cx.next("zidentity.audit-number", FIRST)
}

struct AuditNumber;

pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(AuditNumber))
}

impl Behaviour for AuditNumber {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            change.new.insert(NUMBER.into(), Value::from(next(cx)?));
        }
        Ok(())
    }
}
