//! `pem-certificate`: a text holds one certificate or a chain of them, in PEM, with its private key where that belongs to it, and
//! members tell what it says.
//!
//! Parameters: `member`; `with_key`, where the private key stands beside the certificate that it belongs to; `tells`, by member
//! what it tells of that certificate: `certificate`, `chain` (those above it), `common-name`, `issued-to`, `issued-by`,
//! `serial`, `from`, `to`, `names` or `public-key`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use x509_parser::pem::Pem;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Kind};

use crate::x509::told::Bundle;

/// The guarantee for one resource.
struct PemCertificate {
    kind: Kind,
    member: String,
    with_key: bool,
    tells: BTreeMap<String, Part>,
}

/// What can be told of a certificate.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Part {
    Certificate,
    Chain,
    CommonName,
    IssuedTo,
    IssuedBy,
    Serial,
    From,
    To,
    Names,
    PublicKey,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let tells: BTreeMap<String, Part> = params.maybe_read("tells")?;
    params.known(tells.keys())?;
    let (member, with_key) = (params.field("member")?, params.flag("with_key"));
    match tells.is_empty() || with_key {
        true => Ok(Box::new(PemCertificate { kind: Kind(params.kind()), member, with_key, tells })),
        false => Err(params.wrong("of a chain without a key nobody knows which certificate is told")),
    }
}

/// Whether every block of a text is a certificate, and there is one.
fn holds_certificates(text: &str) -> bool {
    let blocks: Vec<_> = Pem::iter_from_buffer(text.as_bytes()).collect();
    let readable = |block: &Pem| block.label == "CERTIFICATE" && block.parse_x509().is_ok();
    !blocks.is_empty() && blocks.iter().all(|block| block.as_ref().is_ok_and(readable))
}

impl Part {
    fn of(self, bundle: &Bundle) -> Value {
        let leaf = &bundle.leaf;
        match self {
            Part::Certificate => json!(leaf.pem),
            Part::Chain => json!(bundle.rest.iter().map(|above| above.pem.as_str()).collect::<String>()),
            Part::CommonName => json!(leaf.common_name),
            Part::IssuedTo => json!(leaf.subject.reversed()),
            Part::IssuedBy => json!(leaf.issuer.reversed()),
            Part::Serial => json!(leaf.serial),
            Part::From => json!(leaf.valid.0),
            Part::To => json!(leaf.valid.1),
            Part::Names => json!(leaf.names),
            Part::PublicKey => json!(bundle.public_key),
        }
    }
}

impl Behaviour for PemCertificate {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let wrong = |fix| Fault::Invalid { kind: self.kind.clone(), field: self.member.clone(), fix };
        let held = change.old.as_ref().and_then(|old| old.text(&self.member));
        let Some(text) = change.new.text(&self.member).filter(|text| Some(*text) != held) else {
            let missing = self.with_key && change.verb == Verb::Create;
            return if missing { Err(wrong(Fix::Missing)) } else { Ok(()) };
        };
        if !self.with_key {
            let said = || wrong(Fix::Said("it holds no certificate in PEM".into()));
            return holds_certificates(text).then_some(()).ok_or_else(said);
        }
        let words = "a certificate and the private key that belongs to it are wanted, as PEM";
        let bundle = Bundle::read(text).ok_or_else(|| wrong(Fix::Said(words.into())))?;
        for (member, part) in &self.tells {
            let told = part.of(&bundle);
            if !told.is_null() && told.as_str() != Some("") {
                change.new.insert(member.clone(), told);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::holds_certificates;

    #[test]
    fn only_certificates_are_certificates() {
        let made = rcgen::generate_simple_self_signed(["a.example".to_owned()]).expect("made");
        let (pem, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        assert!(holds_certificates(&pem) && holds_certificates(&format!("{pem}{pem}")));
        assert!(
            !holds_certificates("")
                && !holds_certificates(&key)
                && !holds_certificates(&format!("{pem}{key}"))
        );
        assert!(!holds_certificates("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
    }
}
