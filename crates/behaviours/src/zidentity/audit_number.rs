//! Gives every new API client a number that audit members such as `modifiedBy` can hold.

use serde_json::Value;
use zuno_catalogue::handles::zidentity::api_client::NUMBER;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

/// How far above the tenant's customer id the first client's number lies: below the ids that are given out to
/// objects (guessed; seen numbers of callers lie in the tenant's own range).
pub(crate) const FIRST: i64 = 60_000;

struct AuditNumber;

pub(crate) fn make(_: Params<'_>, _: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(AuditNumber))
}

impl Behaviour for AuditNumber {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            let number = cx.tenant().customer_id + cx.next("zidentity.audit-number", FIRST + 1)?;
            change.new.insert(NUMBER.into(), Value::from(number));
        }
        Ok(())
    }
}
