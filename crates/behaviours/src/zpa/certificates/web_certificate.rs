//! `web-certificate`: a certificate is kept only with the private key that belongs to it, and tells what it says.

use serde_json::json;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::certificate as member;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Kind};

use crate::x509::told::Bundle;

/// The guarantee for one resource.
struct WebCertificate;

/// Makes it; there are no parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(WebCertificate))
}

impl Behaviour for WebCertificate {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Create {
            return Ok(());
        }
        let wrong =
            |fix| Fault::Invalid { kind: Kind(member::KIND.into()), field: member::CERT_BLOB.into(), fix };
        let text = member::CERT_BLOB.of(&change.new).ok_or_else(|| wrong(Fix::Missing))?;
        let bundle = Bundle::read(text).ok_or_else(|| {
            wrong(Fix::Said("a certificate and the private key that belongs to it are wanted, as PEM".into()))
        })?;
        let chain: String = bundle.rest.iter().map(|above| above.pem.as_str()).collect();
        let leaf = bundle.leaf;
        let told = [
            (member::CERTIFICATE.name, json!(leaf.pem)),
            (member::CERT_CHAIN.name, json!(chain)),
            (member::C_NAME.name, json!(leaf.common_name)),
            (member::ISSUED_TO.name, json!(leaf.subject.reversed())),
            (member::ISSUED_BY.name, json!(leaf.issuer.reversed())),
            (member::SERIAL_NO.name, json!(leaf.serial)),
            (member::VALID_FROM_IN_EPOCH_SEC.name, json!(leaf.valid.0)),
            (member::VALID_TO_IN_EPOCH_SEC.name, json!(leaf.valid.1)),
            (member::SAN.name, json!(leaf.names)),
            (member::PUBLIC_KEY.name, json!(bundle.public_key)),
        ];
        for (name, value) in told {
            if !value.is_null() && value.as_str() != Some("") {
                change.new.insert(name.into(), value);
            }
        }
        Ok(())
    }
}
