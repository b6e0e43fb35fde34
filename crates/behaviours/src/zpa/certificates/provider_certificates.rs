//! `provider-certificates`: an identity provider shows the certificates it signs assertions with, which hold for ten years
//! from when it was made.

use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::idp as member;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Context};
use zuno_model::{Fault, Id, Record};

use crate::x509::derived::Subject;

/// The guarantee for one resource.
#[derive(Default)]
pub struct ProviderCertificates;

impl Behaviour for ProviderCertificates {
    fn on_read(&self, cx: &Context<'_>, _verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let made = member::CREATION_TIME.of(record).unwrap_or_default();
        let listed = record.get_mut(member::CERTIFICATES.name).and_then(Value::as_array_mut);
        for held in listed.into_iter().flatten().filter_map(Value::as_object_mut) {
            let common_name = held.text("cName").unwrap_or_default().to_owned();
            let subject = Subject {
                seed: format!("{} {id} {common_name}", cx.tenant().customer_id),
                common_name,
                organisation: None,
                valid: (made, made + 10 * 365 * 86_400),
                signs: false,
            };
            let certificate = subject.make(None).map_err(Fault::broken)?;
            held.insert("serialNo".into(), json!(certificate.serial));
            held.insert("certificate".into(), json!(certificate.pem));
            held.insert("validFromInSec".into(), json!(subject.valid.0));
            held.insert("validToInSec".into(), json!(subject.valid.1));
        }
        Ok(())
    }
}
