//! `mapped-providers`: every identity provider of private access has an id in the identity service, the same at every
//! read.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::{iam_idp_mapping as mapping, idp};
use zuno_engine::{Behaviour, Context};
use zuno_model::{Fault, Id, Record, fingerprint};

/// The guarantee for one resource.
#[derive(Default)]
pub struct MappedProviders;

impl Behaviour for MappedProviders {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let mut mappings = Vec::new();
        for provider in cx.all(idp::KIND, None)? {
            let seed = fingerprint(format!("{} {}", cx.tenant().customer_id, provider.id).as_bytes());
            mappings.push(json!({
                "idpName": provider.record.get("name").cloned().unwrap_or(Value::Null),
                "iamIdpId": Id::opaque("i", seed).0,
                "idpId": provider.id.0,
            }));
        }
        let told = json!({
            "mappings": mappings,
            "deliveryTag": 0,
            "orgId": cx.tenant().org_id.to_string(),
            "syncVersion": "0",
        });
        record.insert(mapping::IAM_IDP_ID_TO_IAM_ID_MAPPING.into(), told);
        Ok(())
    }
}
