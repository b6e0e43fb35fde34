//! The authority that signs the certificates of the cloud's hosts on this machine, and that no one else trusts.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, SerialNumber,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::{files, leaf::Leaves};

/// The start of the common name of every authority made here, by which an old one is known in a bundle.
pub(crate) const NAME: &str = "Zuno local CA";

pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Long enough to outlive any machine it is trusted on; the limits on lifetimes concern leaves.
const LIFETIME: Duration = Duration::from_secs(20 * 365 * 24 * 60 * 60);

/// Why a certificate could not be made or read. No message carries key material.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// A file or folder could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the authority is there but is not what it should be.
    #[error(
        "{} {why}; restore it, or remove both `ca.pem` and `ca-key.pem` there to start a new local CA, which clients must then trust anew",
        path.display()
    )]
    Spoilt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A certificate was asked for something that is neither a host name nor an address.
    #[error("`{0}` is no host name that a certificate can carry")]
    NotAHost(String),
    /// The cryptographic library refused.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library refused its own certificate.
    #[error("cannot set up TLS")]
    Tls(#[from] rustls::Error),
}

/// A certificate authority of this machine's own: ECDSA P-256, made at its first start and kept in a folder.
///
/// The folder holds `ca-key.pem` (readable by the user alone), `ca.pem` and `hosts/`, a certificate per host.
/// Certificates of hosts are made on demand and stay the same over restarts until 30 days before they end.
pub struct LocalCa {
    pem: String,
    der: CertificateDer<'static>,
    leaves: Leaves,
}

impl LocalCa {
    /// The authority kept in `folder`, made there if there is none.
    ///
    /// Two processes that start at once get the same one. A key without its certificate (a start cut short) is
    /// completed; a certificate without its key, or either of them damaged, is an error naming the file.
    pub fn open(folder: &Path) -> Result<LocalCa, CaError> {
        std::fs::create_dir_all(folder).map_err(|source| CaError::Write { path: folder.into(), source })?;
        let (key_path, cert_path) = (folder.join("ca-key.pem"), folder.join("ca.pem"));
        let key = match read(&key_path)? {
            Some(text) => text,
            None if cert_path.exists() => {
                return Err(CaError::Spoilt { path: key_path, why: "is missing beside `ca.pem`" });
            }
            None => {
                let text = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?.serialize_pem();
                create(&key_path, &text, files::Readers::User)?
            }
        };
        files::keep_private(&key_path).map_err(|source| CaError::Write { path: key_path.clone(), source })?;
        let key = KeyPair::from_pem_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256)
            .map_err(|_| CaError::Spoilt { path: key_path, why: "is not a whole P-256 private key" })?;
        let pem = match read(&cert_path)? {
            Some(text) => text,
            None => create(&cert_path, &certificate(&key)?.pem(), files::Readers::All)?,
        };
        let der = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| CaError::Spoilt { path: cert_path.clone(), why: "is not a whole certificate" })?;
        // Proves in one step that certificate and key belong together and that the certificate is well formed.
        match LocalCa::new(key, pem, der, Some(folder.join("hosts"))) {
            Ok(ca) if ca.leaves.accepts_its_own() => Ok(ca),
            Ok(_) => Err(CaError::Spoilt { path: cert_path, why: "is not the certificate of `ca-key.pem`" }),
            Err(_) => Err(CaError::Spoilt { path: cert_path, why: "is not a certificate authority's" }),
        }
    }

    /// An authority that leaves nothing on disk and ends with the process.
    pub fn in_memory() -> Result<LocalCa, CaError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let made = certificate(&key)?;
        LocalCa::new(key, made.pem(), made.der().clone(), None)
    }

    /// The certificate that clients must trust, as PEM text.
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// The certificate that clients must trust.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.der
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
        pem: String,
        der: CertificateDer<'static>,
        hosts: Option<PathBuf>,
    ) -> Result<LocalCa, CaError> {
        let issuer = Issuer::new(params(&key), key);
        Ok(LocalCa { leaves: Leaves::new(issuer, der.clone(), hosts)?, pem, der })
    }
}

impl std::fmt::Debug for LocalCa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalCa").finish_non_exhaustive()
    }
}

/// A number that no other certificate of any authority has: browsers refuse a reused one.
pub(crate) fn serial() -> Result<SerialNumber, CaError> {
    let mut bytes = [0; 16];
    rustls::crypto::aws_lc_rs::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|error| CaError::Tls(error.into()))?;
    // A serial number is positive and has no leading zero.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
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
mod tests {
    use super::*;
    use std::{error::Error, fs};

    #[test]
    fn an_authority_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("new/folder");
        let first = LocalCa::open(&home).unwrap();
        assert_eq!(LocalCa::open(&home).unwrap().certificate(), first.certificate());
        assert_ne!(LocalCa::in_memory().unwrap().certificate(), first.certificate());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |name: &str| fs::metadata(home.join(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode("ca-key.pem"), mode("ca.pem")), (0o600, 0o644));
            fs::set_permissions(home.join("ca-key.pem"), fs::Permissions::from_mode(0o644)).unwrap();
            LocalCa::open(&home).unwrap();
            assert_eq!(mode("ca-key.pem"), 0o600);
        }
        let names: Vec<_> = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "no temporary file stays: {names:?}");
    }

    #[test]
    fn starts_at_once_agree_on_one_authority() {
        let folder = tempfile::tempdir().unwrap();
        let made: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> =
                (0..8).map(|_| scope.spawn(|| LocalCa::open(folder.path()).unwrap())).collect();
            starts.into_iter().map(|start| start.join().unwrap().certificate().clone()).collect()
        });
        assert!(made.iter().all(|certificate| *certificate == made[0]));
    }

    #[test]
    fn a_start_cut_short_after_the_key_is_completed() {
        let folder = tempfile::tempdir().unwrap();
        LocalCa::open(folder.path()).unwrap();
        let key = fs::read(folder.path().join("ca-key.pem")).unwrap();
        fs::remove_file(folder.path().join("ca.pem")).unwrap();
        LocalCa::open(folder.path()).unwrap();
        assert_eq!(fs::read(folder.path().join("ca-key.pem")).unwrap(), key);
    }

    #[test]
    fn a_spoilt_file_is_named_and_its_content_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        LocalCa::open(folder.path()).unwrap();
        LocalCa::open(other.path()).unwrap();
        let of = |home: &tempfile::TempDir, name: &str| fs::read(home.path().join(name)).unwrap();
        for name in ["ca-key.pem", "ca.pem"] {
            let whole = of(&folder, name);
            let half = whole[..whole.len() / 2].to_vec();
            // Whole PEM around bytes that are nothing.
            let hollow = crate::trust::pem("CERTIFICATE", b"nothing").into_bytes();
            for spoilt in [half, hollow, Vec::new(), b"\xff\xfe\x00".to_vec(), of(&other, name)] {
                fs::write(folder.path().join(name), &spoilt).unwrap();
                let error = LocalCa::open(folder.path()).unwrap_err();
                let mut text = format!("{error} {error:?}");
                text.extend(error.source().map(|source| source.to_string()));
                assert!(matches!(error, CaError::Spoilt { .. }), "{text}");
                // A key that is whole but another's is as likely the certificate's fault.
                assert!(text.contains(if spoilt == of(&other, name) { "ca.pem" } else { name }), "{text}");
                assert!(!text.contains("BEGIN"), "{text}");
            }
            fs::write(folder.path().join(name), &whole).unwrap();
        }
        LocalCa::open(folder.path()).unwrap();
        fs::remove_file(folder.path().join("ca-key.pem")).unwrap();
        let text = LocalCa::open(folder.path()).unwrap_err().to_string();
        assert!(text.contains("ca-key.pem") && text.contains("missing"), "{text}");
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a-file");
        fs::write(&file, "").unwrap();
        let text = LocalCa::open(&file.join("below")).unwrap_err().to_string();
        assert!(text.contains("a-file"), "{text}");
    }
}
