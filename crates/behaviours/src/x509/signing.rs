//! A signing key of the tenant's own: made here, told to an authority elsewhere by a request, and good once the certificate
//! that comes back has been held against it. Its words of refusal are the cloud's (documented).

use std::fmt;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, Error, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_RSA_SHA256,
};
use zuno_engine::Upload;
use zuno_model::Time;

use super::derived::plain;
use super::told::{Told, certificates};

/// The largest file, in bytes (documented).
const LARGEST: usize = 64 << 10;

/// The longest name of a file with a chain (documented).
const LONGEST_NAME: usize = 64;

/// The most certificates of a chain (documented).
const LONGEST_CHAIN: usize = 16;

/// A key pair as PEM.
#[derive(Clone, Debug)]
pub struct Key {
    /// The private half; a secret.
    pub private: String,
    /// The public half.
    pub public: String,
}

impl Key {
    /// A new RSA key of 2,048 bits, which takes a tenth of a second or so.
    ///
    /// # Errors
    /// The cryptographic library failed.
    pub fn generate() -> Result<Key, Error> {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256)?;
        Ok(Key { private: plain(&key.serialize_pem()), public: plain(&key.public_key_pem()) })
    }
}

/// The key pair of a private key as PEM.
///
/// # Errors
/// It is none.
pub fn pair(private: &str) -> Result<KeyPair, Error> {
    KeyPair::from_pem_and_sign_algo(private, &PKCS_RSA_SHA256)
}

/// Whom a request names, and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Two letters, if known.
    pub country: Option<&'a str>,
    /// Province or region.
    pub state: &'a str,
    /// Town.
    pub city: &'a str,
    /// Company.
    pub organisation: &'a str,
    /// Its department.
    pub department: &'a str,
    /// The common name.
    pub common_name: &'a str,
    /// How many authorities may stand below it, where that is asked for.
    pub path_length: Option<u8>,
}

/// The request for a certificate that may sign others, as PEM.
///
/// # Errors
/// A part of the name has letters that a certificate cannot hold, or the library failed.
pub fn request(key: &KeyPair, wanted: &Wanted<'_>) -> Result<String, Error> {
    let mut name = DistinguishedName::new();
    if let Some(country) = wanted.country {
        name.push(DnType::CountryName, country);
    }
    for (kind, text) in [
        (DnType::StateOrProvinceName, wanted.state),
        (DnType::LocalityName, wanted.city),
        (DnType::OrganizationName, wanted.organisation),
        (DnType::OrganizationalUnitName, wanted.department),
        (DnType::CommonName, wanted.common_name),
    ] {
        name.push(kind, text);
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    let constraints =
        wanted.path_length.map_or(BasicConstraints::Unconstrained, BasicConstraints::Constrained);
    params.is_ca = IsCa::Ca(constraints);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(plain(&params.serialize_request(key)?.pem()?))
}

/// Why an uploaded file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no file, or nothing in it.
    NoFile,
    /// The file has no name.
    Unnamed,
    /// The name of a chain's file is too long.
    LongName,
    /// It is not called a PEM file.
    Unsupported,
    /// It is too large.
    Large,
    /// No request was made that it could answer.
    NoRequest,
    /// It holds no PEM.
    Format(What),
    /// What it holds as PEM is no certificate.
    Unread(What),
    /// It may sign no others.
    NoAuthority,
    /// It has ended.
    Ended(What),
    /// It has not begun.
    Early(What),
    /// It is of another key, or the chain does not lead up from the certificate.
    Foreign(What),
    /// The chain is too long; holds its length.
    LongChain(usize),
}

/// What a file is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// One certificate.
    Certificate,
    /// What stands above it.
    Chain,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use What::{Certificate, Chain};
        f.write_str(match self {
            Wrong::NoFile => "No file selected",
            Wrong::Unnamed => "Invalid file name",
            Wrong::LongName => "File name cannot be greater than 64 characters",
            Wrong::Unsupported => "Unsupported file format",
            Wrong::Large => "File size cannot exceed 64K",
            Wrong::NoRequest => "No CSR found",
            Wrong::Format(Certificate) => "Error in certificate format",
            Wrong::Format(Chain) => "Error in certificate chain format",
            Wrong::Unread(Certificate) => "Certificate cannot be parsed properly",
            Wrong::Unread(Chain) => "Certificate chain cannot be parsed properly",
            Wrong::NoAuthority => "Not a valid root certificate",
            Wrong::Ended(Certificate) => "Certificate has already expired",
            Wrong::Ended(Chain) => "Certificate chain has already expired",
            Wrong::Early(Certificate) => "Certificate not yet valid",
            Wrong::Early(Chain) => "Certificate chain not valid",
            Wrong::Foreign(Certificate) => "Invalid certificate contents, certificate and key do not match",
            Wrong::Foreign(Chain) => "Invalid certificate chain contents, certificate and chain do not match",
            Wrong::LongChain(length) => {
                let allowed = LONGEST_CHAIN;
                return write!(
                    f,
                    "This certificate chain has {length} elements. Maximum number of chains allowed: {allowed}"
                );
            }
        })
    }
}

/// The certificates of a file, in their order.
fn read(file: Option<&Upload>, what: What) -> Result<Vec<Told>, Wrong> {
    let file = file.filter(|file| !file.bytes.is_empty()).ok_or(Wrong::NoFile)?;
    if file.name.trim().is_empty() {
        return Err(Wrong::Unnamed);
    }
    if what == What::Chain && file.name.chars().count() > LONGEST_NAME {
        return Err(Wrong::LongName);
    }
    // The file must be a PEM file (documented).
    if !file.name.to_ascii_lowercase().ends_with(".pem") {
        return Err(Wrong::Unsupported);
    }
    if file.bytes.len() > LARGEST {
        return Err(Wrong::Large);
    }
    let text = file.text();
    if !text.contains("-----BEGIN ") {
        return Err(Wrong::Format(what));
    }
    certificates(&text).ok_or(Wrong::Unread(what))
}

fn valid(told: &Told, now: Time, what: What) -> Result<(), Wrong> {
    match told.valid {
        (_, last) if last < now => Err(Wrong::Ended(what)),
        (first, _) if first > now => Err(Wrong::Early(what)),
        _ => Ok(()),
    }
}

/// The certificate that an authority made of the request of this private key.
///
/// # Errors
/// What is wrong with the file, or that nothing was requested.
pub fn certificate(file: Option<&Upload>, private: Option<&str>, now: Time) -> Result<Told, Wrong> {
    let what = What::Certificate;
    let told = read(file, what)?.swap_remove(0);
    valid(&told, now, what)?;
    let key = private.and_then(|private| pair(private).ok()).ok_or(Wrong::NoRequest)?;
    if !told.is_of_key(key.public_key_raw()) {
        return Err(Wrong::Foreign(what));
    }
    if told.signs { Ok(told) } else { Err(Wrong::NoAuthority) }
}

/// What stands above a certificate, from what signed it upwards; the root need not be there.
///
/// # Errors
/// What is wrong with the file.
pub fn chain(file: Option<&Upload>, certificate: &Told, now: Time) -> Result<Vec<Told>, Wrong> {
    let what = What::Chain;
    let mut found = read(file, what)?;
    if found.len() > LONGEST_CHAIN {
        return Err(Wrong::LongChain(found.len()));
    }
    // A chain may begin with the certificate itself.
    if found[0] == *certificate {
        found.remove(0);
    }
    let mut below = certificate;
    for above in &found {
        valid(above, now, what)?;
        if !below.is_signed_by(above) || !above.signs {
            return Err(Wrong::Foreign(what));
        }
        below = above;
    }
    if found.is_empty() { Err(Wrong::Foreign(what)) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, Issuer, date_time_ymd};

    use super::super::derived::PublicKey;
    use super::*;

    /// Noon of the day on which the tests' certificates are good.
    const NOW: Time = 1_750_000_000;

    fn file(name: &str, text: &str) -> Upload {
        Upload { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn params(name: &str, years: (i32, i32)) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        params
    }

    fn issuer(name: &str) -> Issuer<'static, KeyPair> {
        Issuer::new(params(name, (2020, 2040)), KeyPair::generate().expect("a key"))
    }

    fn signed(key: &KeyPair, params: CertificateParams, by: &Issuer<'static, KeyPair>) -> String {
        params.signed_by(&PublicKey::of(key), by).expect("signed").pem()
    }

    fn wanted() -> Wanted<'static> {
        Wanted {
            country: Some("DE"),
            state: "Bayern",
            city: "M\u{fc}nchen",
            organisation: "Acme",
            department: "IT",
            common_name: "acme.example",
            path_length: Some(1),
        }
    }

    #[test]
    fn a_request_is_of_the_key_and_asks_for_an_authority() {
        use x509_parser::prelude::FromDer;
        let key = pair(&Key::generate().expect("a key").private).expect("it is read again");
        let text = request(&key, &wanted()).expect("a request");
        assert!(text.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n") && !text.contains('\r'));
        let der = pem::parse(text).expect("PEM").into_contents();
        let (_, read) =
            x509_parser::certification_request::X509CertificationRequest::from_der(&der).expect("a request");
        assert!(read.verify_signature().is_ok());
        let told = read.certification_request_info.subject.to_string();
        assert_eq!(told, "C=DE, ST=Bayern, L=M\u{fc}nchen, O=Acme, OU=IT, CN=acme.example");
        let asked: Vec<_> = read.requested_extensions().into_iter().flatten().collect();
        assert!(format!("{asked:?}").contains("path_len_constraint: Some(1)"), "{asked:?}");
    }

    #[test]
    fn only_the_keys_own_certificate_is_taken_while_it_is_good() {
        let key = Key::generate().expect("a key");
        let own = pair(&key.private).expect("a pair");
        let (root, other) = (issuer("Root"), KeyPair::generate().expect("a key"));
        let taken = |text: &str| certificate(Some(&file("a.pem", text)), Some(&key.private), NOW);
        let good = signed(&own, params("Acme", (2020, 2040)), &root);
        assert_eq!(taken(&good).map(|told| told.common_name), Ok(Some("Acme".to_owned())));
        assert_eq!(certificate(Some(&file("a.pem", &good)), None, NOW), Err(Wrong::NoRequest));
        let what = What::Certificate;
        assert_eq!(taken(&signed(&own, params("Acme", (2020, 2021)), &root)), Err(Wrong::Ended(what)));
        assert_eq!(taken(&signed(&own, params("Acme", (2039, 2040)), &root)), Err(Wrong::Early(what)));
        assert_eq!(taken(&signed(&other, params("Acme", (2020, 2040)), &root)), Err(Wrong::Foreign(what)));
        let mut leaf = params("Acme", (2020, 2040));
        leaf.is_ca = IsCa::NoCa;
        assert_eq!(taken(&signed(&own, leaf, &root)), Err(Wrong::NoAuthority));
        assert_eq!(taken("no certificate"), Err(Wrong::Format(what)));
        assert_eq!(taken(&good.replacen("MII", "AAA", 1)), Err(Wrong::Unread(what)));
        assert_eq!(taken(&key.private), Err(Wrong::Unread(what)), "a private key is no certificate");
        let large = good.clone() + &" ".repeat(LARGEST);
        assert_eq!(taken(&large), Err(Wrong::Large));
        let named = |name: &str| certificate(Some(&file(name, &good)), Some(&key.private), NOW);
        assert_eq!(named(""), Err(Wrong::Unnamed));
        assert_eq!(named("a.txt"), Err(Wrong::Unsupported));
        assert_eq!(certificate(None, Some(&key.private), NOW), Err(Wrong::NoFile));
    }

    proptest::proptest! {
        #[test]
        fn any_file_is_read_or_refused(text in "(-----BEGIN CERTIFICATE-----\n|-----END CERTIFICATE-----\n|MII|[A-Za-z0-9+/=\n]{0,40}|\\PC){0,8}") {
            let sent = file("a.pem", &text);
            proptest::prop_assert!(certificate(Some(&sent), None, NOW).is_err());
        }
    }

    #[test]
    fn a_chain_leads_up_from_the_certificate() {
        let key = pair(&Key::generate().expect("a key").private).expect("a pair");
        let (root, middle) = (issuer("Root"), issuer("Middle"));
        let middle_pem = params("Middle", (2020, 2040)).signed_by(middle.key(), &root).expect("signed").pem();
        let root_pem = params("Root", (2020, 2040)).self_signed(root.key()).expect("signed").pem();
        let leaf_pem = signed(&key, params("Acme", (2020, 2040)), &middle);
        let leaf = certificates(&leaf_pem).expect("read").remove(0);
        let names = |text: &str| {
            let found = chain(Some(&file("c.pem", text)), &leaf, NOW);
            found.map(|all| all.into_iter().filter_map(|told| told.common_name).collect::<Vec<_>>())
        };
        let both = format!("{middle_pem}{root_pem}");
        assert_eq!(names(&both), Ok(vec!["Middle".to_owned(), "Root".to_owned()]));
        assert_eq!(names(&format!("{leaf_pem}{both}")), names(&both), "it may begin with the certificate");
        assert_eq!(names(&middle_pem), Ok(vec!["Middle".to_owned()]), "the root need not be there");
        let what = What::Chain;
        for foreign in [root_pem.clone(), format!("{root_pem}{middle_pem}"), leaf_pem.clone()] {
            assert_eq!(names(&foreign), Err(Wrong::Foreign(what)));
        }
        let forged =
            params("Middle", (2020, 2040)).signed_by(issuer("Middle").key(), &root).expect("signed").pem();
        assert_eq!(names(&forged), Err(Wrong::Foreign(what)), "the name is right and the key is not");
        let words = names(&root_pem.repeat(17)).expect_err("too long").to_string();
        assert_eq!(words, "This certificate chain has 17 elements. Maximum number of chains allowed: 16");
        let long = chain(Some(&file(&("c".repeat(61) + ".pem"), &both)), &leaf, NOW);
        assert_eq!(long, Err(Wrong::LongName));
    }
}
