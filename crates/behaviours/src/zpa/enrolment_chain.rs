//! `enrolment-chain`: a tenant's enrolment certificates are real ones, all but the root signed by their parent.
//!
//! The root lives thirty years and the others fifteen, from a day before they were made (seen).

use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::enrollment_cert as member;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

use super::certificate::Subject;

const DAY: i64 = 86_400;

/// The guarantee for one resource.
pub struct EnrolmentChain;

/// Makes it; there are no parameters.
pub fn make(_: Params<'_>, _: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(EnrolmentChain))
}

fn subject(cx: &Context<'_>, record: &Record) -> Subject {
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
    let made = record.get(member::CREATION_TIME).and_then(Value::as_i64).unwrap_or_default();
    let years = if record.contains_key(member::PARENT_CERT_ID) { 15 } else { 30 };
    Subject {
        seed: format!("{} {}", cx.tenant().customer_id, text(member::NAME)),
        common_name: text(member::C_NAME).to_owned(),
        organisation: Some(("Zscaler", "Private Access")),
        valid: (made - DAY, made + years * 365 * DAY),
        signs: true,
    }
}

impl Behaviour for EnrolmentChain {
    fn on_read(&self, cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        let own = subject(cx, record);
        let parent = record.get(member::PARENT_CERT_ID).and_then(Id::from_value);
        let parent = parent.map(|id| cx.get(member::KIND, &id)).transpose()?.flatten();
        let issuer = parent.map(|stored| subject(cx, &stored.record));
        let made = own.make(issuer.as_ref()).map_err(Fault::broken)?;
        record.insert(member::VALID_FROM_IN_EPOCH_SEC.into(), json!(own.valid.0));
        record.insert(member::VALID_TO_IN_EPOCH_SEC.into(), json!(own.valid.1));
        record.insert(member::CERTIFICATE.into(), json!(made.pem));
        record.insert(member::SERIAL_NO.into(), json!(made.serial));
        record.insert(member::CSR.into(), json!(made.request));
        Ok(())
    }
}
