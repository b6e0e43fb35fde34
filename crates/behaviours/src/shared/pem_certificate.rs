//! `pem-certificate`: a text holds one certificate or a chain of them, in PEM. Parameter: `member`.

use x509_parser::pem::Pem;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct PemCertificate {
    kind: Kind,
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PemCertificate { kind: Kind(params.kind()), member: params.field("member")? }))
}

/// Whether every block of a text is a certificate, and there is one.
fn holds_certificates(text: &str) -> bool {
    let blocks: Vec<_> = Pem::iter_from_buffer(text.as_bytes()).collect();
    let readable = |block: &Pem| block.label == "CERTIFICATE" && block.parse_x509().is_ok();
    !blocks.is_empty() && blocks.iter().all(|block| block.as_ref().is_ok_and(readable))
}

impl Behaviour for PemCertificate {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let sent = change.sent.text(&self.member);
        if sent.is_some_and(|text| !holds_certificates(text)) {
            return Err(Fault::said(&self.kind, &self.member, "it holds no certificate in PEM"));
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
