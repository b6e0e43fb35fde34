//! `web-certificate`: a certificate is kept only with the private key that belongs to it, and tells what it says.
//!
//! Parameters: `blob`, the member that a create gives both in; the members of what is told of it: `pem`, `chain`,
//! `common_name`, `subject`, `issuer`, `serial`, `from`, `to`, `names`, `public_key`.

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Kind};

use super::certificate_text::Bundle;

/// The guarantee for one resource.
pub struct WebCertificate {
    kind: Kind,
    blob: String,
    members: [String; 10],
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(WebCertificate {
        kind: Kind(resource.kind.clone()),
        blob: params.text("blob")?,
        members: [
            params.text("pem")?,
            params.text("chain")?,
            params.text("common_name")?,
            params.text("subject")?,
            params.text("issuer")?,
            params.text("serial")?,
            params.text("from")?,
            params.text("to")?,
            params.text("names")?,
            params.text("public_key")?,
        ],
    }))
}

impl Behaviour for WebCertificate {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Create {
            return Ok(());
        }
        let wrong = |fix| Fault::Invalid { kind: self.kind.clone(), field: self.blob.clone(), fix };
        let text = change.new.get(&self.blob).and_then(Value::as_str).ok_or_else(|| wrong(Fix::Missing))?;
        let bundle = Bundle::read(text).ok_or_else(|| {
            wrong(Fix::Said("a certificate and the private key that belongs to it are wanted, as PEM".into()))
        })?;
        let chain: String = bundle.rest.iter().map(|above| above.pem.as_str()).collect();
        let leaf = bundle.leaf;
        let told = [
            json!(leaf.pem),
            json!(chain),
            json!(leaf.common_name),
            json!(leaf.subject.reversed()),
            json!(leaf.issuer.reversed()),
            json!(leaf.serial),
            json!(leaf.valid.0),
            json!(leaf.valid.1),
            json!(leaf.names),
            json!(bundle.public_key),
        ];
        for (member, value) in self.members.iter().zip(told) {
            if !value.is_null() && value.as_str() != Some("") {
                change.new.insert(member.clone(), value);
            }
        }
        Ok(())
    }
}
