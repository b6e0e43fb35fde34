//! Authorities elsewhere, by name, that sign what a conversation's tenant asks them to: `{certificate of NAME}` is an
//! authority's own certificate, `{certificate by NAME for KEY}` one that it made for a public key or
//! a request, both as PEM.

use std::collections::BTreeMap;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, PKCS_RSA_SHA256,
    PublicKeyData, SignatureAlgorithm,
};
use serde_json::Value;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::pattern::Names;

/// All that were named so far.
#[derive(Default)]
pub struct Authorities(BTreeMap<String, Issuer<'static, KeyPair>>);

/// An RSA key that is known by its public half alone.
struct PublicKey(Vec<u8>);

impl PublicKeyData for PublicKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

impl PublicKey {
    /// A public key as PEM, or that of a request.
    fn read(pem: &str) -> Result<PublicKey, String> {
        let block = pem::parse(pem).map_err(|cause| format!("no public key: {cause}"))?;
        let der = block.contents();
        let wrong = |_| format!("a {} that cannot be read", block.tag());
        let bits = match block.tag() {
            "CERTIFICATE REQUEST" => {
                let (_, request) = X509CertificationRequest::from_der(der).map_err(wrong)?;
                request.certification_request_info.subject_pki.subject_public_key.data.to_vec()
            }
            _ => SubjectPublicKeyInfo::from_der(der).map_err(wrong)?.1.subject_public_key.data.to_vec(),
        };
        Ok(PublicKey(bits))
    }
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params
}

impl Authorities {
    fn named(&mut self, name: &str) -> &Issuer<'static, KeyPair> {
        self.0
            .entry(name.to_owned())
            .or_insert_with(|| Issuer::new(params(name), KeyPair::generate().expect("a key is made")))
    }

    /// A text with its certificates filled in.
    pub fn fill(&mut self, text: &str, names: &Names) -> Result<String, String> {
        let Some((before, rest)) = text.split_once("{certificate ") else { return Ok(text.to_owned()) };
        let (asked, after) = rest.split_once('}').ok_or("a `{certificate` is not closed")?;
        let pem = match asked.split_once(' ') {
            Some(("of", name)) => {
                let issuer = self.named(name);
                params(name).self_signed(issuer.key()).map_err(|cause| cause.to_string())?.pem()
            }
            Some(("by", rest)) => {
                let (name, key) = rest.split_once(" for $").ok_or("`{certificate by NAME for $KEY}`")?;
                let key = names.get(key).and_then(Value::as_str).ok_or("the key was not bound")?;
                let made = params("Acme inspection").signed_by(&PublicKey::read(key)?, self.named(name));
                made.map_err(|cause| cause.to_string())?.pem()
            }
            _ => return Err(format!("`{{certificate {asked}}}` is no certificate")),
        };
        Ok(format!("{before}{}{}", pem.trim_end(), self.fill(after, names)?))
    }
}
