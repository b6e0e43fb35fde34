//! What a certificate tells of itself, read from PEM text, and whether a private key belongs to it.

use std::net::IpAddr;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use pem::{EncodeConfig, LineEnding, Pem};
use rcgen::KeyPair;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::objects::{oid_registry, oid2abbrev, oid2sn};
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::RSAPublicKey;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// A certificate's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The certificate alone, as PEM with plain line ends.
    pub pem: String,
    /// The common name of its subject.
    pub common_name: Option<String>,
    /// Whom it names.
    pub subject: Parts,
    /// Who signed it.
    pub issuer: Parts,
    /// Its serial number, in decimal.
    pub serial: String,
    /// First and last second, since the epoch.
    pub valid: (i64, i64),
    /// The names it stands for; its common name where it lists none (seen).
    pub names: Vec<String>,
    /// Whether it may sign others.
    pub signs: bool,
    /// How many authorities may stand below it, where it says so.
    pub path_length: Option<u32>,
    /// What it is signed with, such as `SHA256`; the number of the algorithm where it is none of the usual ones.
    pub signed_with: String,
    /// Its public key, as the certificate holds it.
    key: Vec<u8>,
}

/// A distinguished name's parts, in the certificate's order; a part may hold several attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts(Vec<Vec<(String, String)>>);

impl Parts {
    /// As the certificate orders them; so the certificates of components are told (seen).
    pub fn in_order(&self) -> String {
        self.0.iter().map(|part| spelled(part)).collect::<Vec<_>>().join(",")
    }

    /// The most particular part first, as RFC 2253 wants it; so web certificates are told (seen).
    pub fn reversed(&self) -> String {
        self.0.iter().rev().map(|part| spelled(part)).collect::<Vec<_>>().join(",")
    }

    /// The first value of an attribute, `O` say.
    pub fn value(&self, attribute: &str) -> Option<&str> {
        let found = self.0.iter().flatten().find(|(known, _)| known == attribute);
        found.map(|(_, value)| value.as_str())
    }
}

fn spelled(part: &[(String, String)]) -> String {
    let spell = |(attribute, value): &(String, String)| {
        let mut told = format!("{attribute}=");
        for letter in value.chars() {
            if matches!(letter, ',' | '+' | '"' | '\\' | '<' | '>' | ';') {
                told.push('\\');
            }
            told.push(letter);
        }
        told
    };
    part.iter().map(spell).collect::<Vec<_>>().join("+")
}

impl Told {
    /// Whether both certificates are of the same key.
    pub fn shares_key(&self, other: &Told) -> bool {
        self.key == other.key
    }

    /// Whether it is of this key, as a private key tells its public half.
    pub fn is_of_key(&self, public: &[u8]) -> bool {
        self.key == public
    }

    /// Whether the other one signed it: under the other's name, and with its key.
    pub fn is_signed_by(&self, other: &Told) -> bool {
        let (Some(own), Some(other)) = (der(&self.pem), der(&other.pem)) else { return false };
        let (Ok((_, own)), Ok((_, other))) =
            (X509Certificate::from_der(&own), X509Certificate::from_der(&other))
        else {
            return false;
        };
        own.issuer() == other.subject() && own.verify_signature(Some(other.public_key())).is_ok()
    }

    /// How many bits its key has, where that is an RSA key.
    pub fn rsa_bits(&self) -> Option<usize> {
        let (_, key) = RSAPublicKey::from_der(&self.key).ok()?;
        Some(key.key_size())
    }

    /// The SHA-1 of the whole certificate, as people compare it.
    pub fn sha1(&self) -> String {
        let bytes = der(&self.pem).unwrap_or_default();
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, &bytes);
        digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }
}

/// A certificate together with its private key, out of one text.
#[derive(Debug)]
pub struct Bundle {
    /// The certificate that the key belongs to.
    pub leaf: Told,
    /// Its public key as PEM.
    pub public_key: String,
    /// The other certificates of the text in their order.
    pub rest: Vec<Told>,
}

/// PEM as this product prints it: plain line ends (seen).
fn plain(tag: &str, contents: Vec<u8>) -> String {
    pem::encode_config(&Pem::new(tag, contents), EncodeConfig::new().set_line_ending(LineEnding::LF))
}

/// The blocks of a text; none where it has none or they are broken.
fn blocks(text: &str) -> Vec<Pem> {
    pem::parse_many(text).unwrap_or_default()
}

/// The bytes of a text with one block.
fn der(pem: &str) -> Option<Vec<u8>> {
    pem::parse(pem).ok().map(Pem::into_contents)
}

fn attribute(attribute: &AttributeTypeAndValue<'_>) -> (String, String) {
    let kind = attribute.attr_type();
    let word = oid2abbrev(kind, oid_registry()).map_or_else(|_| kind.to_id_string(), str::to_owned);
    (word, attribute.as_str().unwrap_or_default().to_owned())
}

/// The digest of a signature's algorithm.
fn digest_of(algorithm: &Oid<'_>) -> String {
    let name = oid2sn(algorithm, oid_registry()).unwrap_or_default().to_ascii_uppercase();
    let known = ["SHA256", "SHA384", "SHA512", "SHA1", "MD5"].into_iter().find(|known| name.contains(known));
    known.map_or_else(|| algorithm.to_id_string(), str::to_owned)
}

fn distinguished(name: &X509Name<'_>) -> Parts {
    Parts(name.iter().map(|part| part.iter().map(attribute).collect()).collect())
}

fn alternative(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(text) | GeneralName::RFC822Name(text) | GeneralName::URI(text) => {
            Some((*text).to_owned())
        }
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|four| IpAddr::from(four).to_string()),
            16 => <[u8; 16]>::try_from(*bytes).ok().map(|sixteen| IpAddr::from(sixteen).to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn told(block: &Pem) -> Option<Told> {
    let (left, certificate) = X509Certificate::from_der(block.contents()).ok()?;
    if !left.is_empty() {
        return None;
    }
    let common = certificate.subject().iter_common_name().next();
    let common_name = common.and_then(|name| name.as_str().ok()).map(str::to_owned);
    let listed = certificate.subject_alternative_name().ok().flatten();
    let mut names: Vec<String> =
        listed.iter().flat_map(|san| &san.value.general_names).filter_map(alternative).collect();
    if names.is_empty() {
        names.extend(common_name.clone());
    }
    let validity = certificate.validity();
    let constraints = certificate.basic_constraints().ok().flatten();
    Some(Told {
        pem: plain("CERTIFICATE", block.contents().to_vec()),
        common_name,
        subject: distinguished(certificate.subject()),
        issuer: distinguished(certificate.issuer()),
        serial: certificate.tbs_certificate.serial.to_string(),
        valid: (validity.not_before.timestamp(), validity.not_after.timestamp()),
        names,
        signs: certificate.is_ca(),
        path_length: constraints.and_then(|found| found.value.path_len_constraint),
        signed_with: digest_of(&certificate.signature_algorithm.algorithm),
        key: certificate.public_key().subject_public_key.data.to_vec(),
    })
}

/// Every certificate of a text; nothing where one of them cannot be read, or there is none.
pub fn certificates(text: &str) -> Option<Vec<Told>> {
    let found = blocks(text);
    let read: Option<Vec<Told>> =
        found.iter().filter(|block| block.tag() == "CERTIFICATE").map(told).collect();
    read.filter(|read| !read.is_empty())
}

impl Bundle {
    /// The certificates and the private key of a text; nothing where one is missing or cannot be read, the key is
    /// locked by a password, or no certificate is the key's.
    pub fn read(text: &str) -> Option<Bundle> {
        let found = blocks(text);
        let key = found
            .iter()
            .find(|block| matches!(block.tag(), "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY"))?;
        let key = KeyPair::try_from(key.contents()).ok()?;
        let mut rest = certificates(text)?;
        let own = rest.iter().position(|told| told.key == key.public_key_raw())?;
        let leaf = rest.remove(own);
        let public_key = key.public_key_pem().replace("\r\n", "\n");
        Some(Bundle { leaf, public_key, rest })
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, SerialNumber};

    use super::{Bundle, certificates};

    fn certificate(key: &KeyPair, names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.distinguished_name = rcgen::DistinguishedName::new();
        for (kind, text) in [
            (DnType::CountryName, "US"),
            (DnType::OrganizationName, "Acme, Inc"),
            (DnType::CommonName, "acme.example"),
        ] {
            params.distinguished_name.push(kind, text);
        }
        params.serial_number = Some(SerialNumber::from_slice(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        params.self_signed(key).expect("signed").pem()
    }

    #[test]
    fn a_bundle_tells_what_its_certificate_says() {
        let key = KeyPair::generate().expect("key");
        let text = format!("{}{}", certificate(&key, &["acme.example", "10.1.2.3"]), key.serialize_pem());
        let bundle = Bundle::read(&text).expect("a bundle");
        assert_eq!(bundle.leaf.subject.reversed(), "CN=acme.example,O=Acme\\, Inc,C=US");
        assert_eq!(bundle.leaf.serial, "4722366482869645213696", "decimal, of any length");
        assert_eq!(bundle.leaf.names, ["acme.example", "10.1.2.3"]);
        assert!(bundle.leaf.pem.ends_with("-----END CERTIFICATE-----\n") && !bundle.leaf.pem.contains('\r'));
        assert!(bundle.public_key.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    }

    #[test]
    fn the_certificate_of_the_key_is_found_in_a_chain() {
        let (key, other) = (KeyPair::generate().expect("key"), KeyPair::generate().expect("key"));
        let chain = format!("{}{}", certificate(&other, &["up.example"]), certificate(&key, &[]));
        let bundle = Bundle::read(&format!("{}{chain}", key.serialize_pem())).expect("a bundle");
        assert_eq!(bundle.leaf.names, ["acme.example"], "the common name stands in");
        assert_eq!(bundle.rest[0].names, ["up.example"]);
        assert_eq!(certificates(&chain).map(|all| all.len()), Some(2));
    }

    #[test]
    fn a_text_without_both_is_no_bundle() {
        let (key, other) = (KeyPair::generate().expect("key"), KeyPair::generate().expect("key"));
        let own = certificate(&key, &[]);
        let cut = own.replacen("MII", "AAA", 1);
        for text in [
            String::new(),
            "no certificate".to_owned(),
            own.clone(),
            key.serialize_pem(),
            format!("{own}{}", other.serialize_pem()),
            format!("{cut}{}", key.serialize_pem()),
        ] {
            assert!(Bundle::read(&text).is_none(), "{}", text.lines().next().unwrap_or_default());
        }
    }
}
