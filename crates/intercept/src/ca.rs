//! The authority that signs the certificates of the cloud's hosts on this machine, and that no one else trusts.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, pem::PemObject},
};

use x509_parser::{
    certificate::X509Certificate, oid_registry::OID_X509_EXT_NAME_CONSTRAINTS, prelude::FromDer,
};

use crate::{
    certificate::{CaError, DAY, serial},
    files, hosts,
    leaf::Leaves,
};

/// The start of the common name of every authority made here, by which an old one is known in a bundle.
pub(crate) const NAME: &str = "Zuno local CA";

/// How long what is trusted once stays trusted.
const LIFETIME: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);

/// It is renewed this long before it ends.
const AHEAD: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A certificate authority of this machine's own: ECDSA P-256, made at its first start and kept in a folder.
///
/// It can sign for the cloud's hosts and for this machine's loopback alone, and for two years; before they end it is
/// renewed under the same key, so that whoever trusts the old certificate or the new one trusts what it signs.
///
/// The folder holds `ca-key.pem` (readable by the user alone), `ca.pem` and `hosts/`, a certificate per host.
/// Certificates of hosts are made on demand and stay the same over restarts until 30 days before they end.
pub struct LocalCa {
    certificate: RwLock<Certificate>,
    leaves: Leaves,
    folder: Option<PathBuf>,
    became: Became,
}

#[derive(Clone)]
struct Certificate {
    pem: String,
    der: CertificateDer<'static>,
}

/// What became of a kept authority when it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It is as it was, or new.
    Kept,
    /// It has a new certificate under the same key; the old one is good until it ends.
    Renewed,
    /// It could sign for any host, or for too long, and is another one now: clients must trust it anew.
    Replaced,
}

impl LocalCa {
    /// The authority kept in `folder`, made there if there is none.
    ///
    /// Two processes that start at once get the same one. A key without its certificate (a start cut short) is
    /// completed; a certificate without its key, or either of them damaged, is an error naming the file.
    pub fn open(folder: &Path) -> Result<LocalCa, CaError> {
        std::fs::create_dir_all(folder).map_err(|source| CaError::Write { path: folder.into(), source })?;
        let (key_path, cert_path) = (folder.join("ca-key.pem"), folder.join("ca.pem"));
        let key = kept_key(&key_path, &cert_path)?;
        let Some(pem) = read(&cert_path)? else {
            let pem = create(&cert_path, &certificate(&key)?.pem(), files::Readers::All)?;
            return LocalCa::kept(folder, key, pem, Became::Kept);
        };
        let renewed = |key: KeyPair, became| {
            let pem = certificate(&key)?.pem();
            replace(&cert_path, &pem, files::Readers::All)?;
            LocalCa::kept(folder, key, pem, became)
        };
        match Validity::of(&der(&cert_path, &pem)?, &key, SystemTime::now()) {
            Some(Validity::Good) => LocalCa::kept(folder, key, pem, Became::Kept),
            Some(Validity::Due) => renewed(key, Became::Renewed),
            Some(Validity::TooMuch) => {
                // The key goes as well: whoever trusts the old certificate would trust all that it signs. A start cut
                // short in between finds a key without a certificate.
                std::fs::remove_file(&cert_path)
                    .map_err(|source| CaError::Write { path: cert_path.clone(), source })?;
                let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
                replace(&key_path, &key.serialize_pem(), files::Readers::User)?;
                renewed(key, Became::Replaced)
            }
            None => Err(CaError::Spoilt { path: cert_path, why: "is not the certificate of `ca-key.pem`" }),
        }
    }

    fn kept(folder: &Path, key: KeyPair, pem: String, became: Became) -> Result<LocalCa, CaError> {
        let path = folder.join("ca.pem");
        let certificate = Certificate { der: der(&path, &pem)?, pem };
        // Proves in one step that certificate and key belong together and that the certificate is well formed.
        match LocalCa::new(key, certificate, Some(folder), became) {
            Ok(ca) if ca.leaves.accepts_its_own() => Ok(ca),
            Ok(_) => Err(CaError::Spoilt { path, why: "is not the certificate of `ca-key.pem`" }),
            Err(_) => Err(CaError::Spoilt { path, why: "is not a certificate authority's" }),
        }
    }

    /// An authority that leaves nothing on disk and ends with the process.
    pub fn in_memory() -> Result<LocalCa, CaError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let made = certificate(&key)?;
        let certificate = Certificate { pem: made.pem(), der: made.der().clone() };
        LocalCa::new(key, certificate, None, Became::Kept)
    }

    /// The certificate that clients must trust, as PEM text.
    pub fn certificate_pem(&self) -> String {
        self.now_trusted().pem
    }

    /// The certificate that clients must trust.
    pub fn certificate(&self) -> CertificateDer<'static> {
        self.now_trusted().der
    }

    /// What became of it when it was opened.
    pub fn became(&self) -> Became {
        self.became
    }

    /// Renews a kept authority that ends soon, under the same key; tells whether it did. What it signed stays good.
    ///
    /// # Errors
    /// Its files cannot be read or written.
    pub fn renew_when_due(&self, now: SystemTime) -> Result<bool, CaError> {
        let Some(folder) = &self.folder else { return Ok(false) };
        let (key_path, cert_path) = (folder.join("ca-key.pem"), folder.join("ca.pem"));
        let key = kept_key(&key_path, &cert_path)?;
        if Validity::of(&self.certificate(), &key, now) != Some(Validity::Due) {
            return Ok(false);
        }
        let made = certificate(&key)?;
        replace(&cert_path, &made.pem(), files::Readers::All)?;
        *self.certificate.write().unwrap_or_else(PoisonError::into_inner) =
            Certificate { pem: made.pem(), der: made.der().clone() };
        Ok(true)
    }

    fn now_trusted(&self) -> Certificate {
        self.certificate.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What a TLS server needs to be `host`, a name or an IP address: its certificate and ALPN for h2 and http/1.1.
    ///
    /// May read and write files on the first call for a host: not for an async thread. Later calls are a look-up.
    pub fn tls_for(&self, host: &str) -> Result<Arc<ServerConfig>, CaError> {
        self.leaves.tls_for(host)
    }

    /// As [`LocalCa::tls_for`], but only what is at hand without touching files or keys.
    pub(crate) fn tls_at_hand(&self, host: &str) -> Option<Arc<ServerConfig>> {
        self.leaves.tls_at_hand(host)
    }

    /// Ends any handshake with an alert, for hosts that are not the cloud's.
    pub(crate) fn tls_refusing(&self) -> Arc<ServerConfig> {
        self.leaves.tls_refusing()
    }

    #[cfg(test)]
    pub(crate) fn leaves(&self) -> &Leaves {
        &self.leaves
    }

    fn new(
        key: KeyPair,
        certificate: Certificate,
        folder: Option<&Path>,
        became: Became,
    ) -> Result<LocalCa, CaError> {
        let issuer = Issuer::new(params(&key), key);
        let hosts = folder.map(|folder| folder.join("hosts"));
        let leaves = Leaves::new(issuer, certificate.der.clone(), hosts)?;
        let folder = folder.map(Path::to_owned);
        Ok(LocalCa { certificate: RwLock::new(certificate), leaves, folder, became })
    }
}

impl std::fmt::Debug for LocalCa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalCa").finish_non_exhaustive()
    }
}

/// How a kept certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Validity {
    /// It can go on.
    Good,
    /// It ends soon, or the cloud has hosts that it does not reach.
    Due,
    /// It is good for any host, or for longer than one is now.
    TooMuch,
}

impl Validity {
    /// How the key's certificate stands at a time; nothing where it is not the key's, or none at all.
    fn of(certificate: &[u8], key: &KeyPair, now: SystemTime) -> Option<Validity> {
        let (_, read) = X509Certificate::from_der(certificate).ok()?;
        if *read.public_key().subject_public_key.data != *key.public_key_raw() {
            return None;
        }
        let fresh = self::certificate(key).ok()?;
        let (_, wanted) = X509Certificate::from_der(fresh.der()).ok()?;
        let seconds = |time: SystemTime| {
            time.duration_since(SystemTime::UNIX_EPOCH)
                .ok()
                .and_then(|since| i64::try_from(since.as_secs()).ok())
        };
        let (from, until) = (read.validity().not_before.timestamp(), read.validity().not_after.timestamp());
        let longest = i64::try_from((LIFETIME + 2 * DAY).as_secs()).ok()?;
        let reach = reach(&read);
        Some(if reach.is_none() || until - from > longest {
            Validity::TooMuch
        } else if reach != self::reach(&wanted) || until < seconds(now + AHEAD)? {
            Validity::Due
        } else {
            Validity::Good
        })
    }
}

/// The extension that says which hosts a certificate can sign for.
fn reach<'a>(certificate: &X509Certificate<'a>) -> Option<&'a [u8]> {
    let found = certificate.extensions().iter().find(|found| found.oid == OID_X509_EXT_NAME_CONSTRAINTS);
    found.map(|found| found.value)
}

/// The key that a folder keeps, drawn now where it has neither key nor certificate.
fn kept_key(path: &Path, certificate: &Path) -> Result<KeyPair, CaError> {
    let key = match read(path)? {
        Some(text) => text,
        None if certificate.exists() => {
            return Err(CaError::Spoilt { path: path.into(), why: "is missing beside `ca.pem`" });
        }
        None => {
            let text = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?.serialize_pem();
            create(path, &text, files::Readers::User)?
        }
    };
    files::keep_private(path).map_err(|source| CaError::Write { path: path.into(), source })?;
    KeyPair::from_pem_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256)
        .map_err(|_| CaError::Spoilt { path: path.into(), why: "is not a whole P-256 private key" })
}

fn der(path: &Path, pem: &str) -> Result<CertificateDer<'static>, CaError> {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| CaError::Spoilt { path: path.into(), why: "is not a whole certificate" })
}

fn replace(path: &Path, text: &str, readers: files::Readers) -> Result<(), CaError> {
    files::replace(path, text.as_bytes(), readers)
        .map_err(|source| CaError::Write { path: path.into(), source })
}

fn certificate(key: &KeyPair) -> Result<rcgen::Certificate, CaError> {
    let now = SystemTime::now();
    let mut params = params(key);
    params.serial_number = Some(serial()?);
    // A day early, for clients whose clock is behind.
    params.not_before = (now - DAY).into();
    params.not_after = (now + LIFETIME).into();
    Ok(params.self_signed(key)?)
}

/// All of the authority's certificate but its number and dates follows from the key, so it can be issued again.
fn params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // A root that is lost is no danger to any other host. OpenSSL, Go, Python, Node and rustls hold a root to it; Java
    // passes over it (each was tried).
    let names = hosts::domains().map(GeneralSubtree::DnsName);
    let loopback = [
        CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0]),
        CidrSubnet::V6(std::net::Ipv6Addr::LOCALHOST.octets(), [255; 16]),
    ];
    let permitted_subtrees = names.chain(loopback.map(GeneralSubtree::IpAddress)).collect();
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    // Two authorities under one name in one trust store confuse clients: the key's mark keeps names apart.
    let mark: String = params.key_identifier(key).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Zuno");
    params.distinguished_name.push(DnType::CommonName, format!("{NAME} {mark}"));
    params
}

fn read(path: &Path) -> Result<Option<String>, CaError> {
    match files::read(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(CaError::Spoilt { path: path.into(), why: "is not a PEM file" })
        }
        Err(source) => Err(CaError::Read { path: path.into(), source }),
    }
}

/// Writes a first version, or returns what another process wrote meanwhile.
fn create(path: &Path, text: &str, readers: files::Readers) -> Result<String, CaError> {
    let made = files::create(path, text.as_bytes(), readers)
        .map_err(|source| CaError::Write { path: path.into(), source })?;
    let theirs = if made { None } else { read(path)? };
    Ok(theirs.unwrap_or_else(|| text.to_owned()))
}

#[cfg(test)]
mod tests;
