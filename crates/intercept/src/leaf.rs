//! Certificates of single hosts: made on demand, kept, and renewed before a client would refuse them.

use std::{
    collections::HashMap,
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::{
    RootCertStore, ServerConfig,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};

use crate::{
    certificate::{self, CaError, DAY, serial},
    files,
};

/// Public clients refuse a server certificate that runs for more than 397 days.
const LIFETIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A kept certificate is used only while a client would still accept it this much later.
const MARGIN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Bounds memory and disk against a caller that invents host names without end.
const HOSTS: usize = 4096;

/// The certificates of hosts under one authority.
pub(crate) struct Leaves {
    issuer: Issuer<'static, KeyPair>,
    verifier: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
    /// Everything but the certificate, so that all hosts share one session cache.
    common: Arc<ServerConfig>,
    folder: Option<PathBuf>,
    ready: RwLock<HashMap<String, Ready>>,
    /// Held while a certificate is made, so that a host never gets two.
    making: Mutex<()>,
}

struct Ready {
    tls: Arc<ServerConfig>,
    /// When to look again whether it must be renewed.
    check_at: SystemTime,
}

pub(crate) struct Leaf {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Leaves {
    pub(crate) fn new(
        issuer: Issuer<'static, KeyPair>,
        authority: CertificateDer<'static>,
        folder: Option<PathBuf>,
    ) -> Result<Leaves, CaError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates([authority]);
        // An authority too broken to be parsed leaves no root; the caller's own check then tells.
        let verifier = match roots.is_empty() {
            true => return Err(CaError::Tls(rustls::Error::NoCertificatesPresented)),
            false => WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .build()
                .map_err(|error| rustls::Error::General(error.to_string()))?,
        };
        let mut common = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(rustls::server::ResolvesServerCertUsingSni::new()));
        common.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let common = Arc::new(common);
        let (ready, making) = (RwLock::default(), Mutex::default());
        Ok(Leaves { issuer, verifier, provider, common, folder, ready, making })
    }

    pub(crate) fn accepts_its_own(&self) -> bool {
        self.issue("localhost", SystemTime::now())
            .is_ok_and(|made| self.accepts("localhost", &made, SystemTime::now()))
    }

    pub(crate) fn tls_at_hand(&self, host: &str) -> Option<Arc<ServerConfig>> {
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        ready.get(host).filter(|found| SystemTime::now() < found.check_at).map(|found| found.tls.clone())
    }

    pub(crate) fn tls_refusing(&self) -> Arc<ServerConfig> {
        self.common.clone()
    }

    pub(crate) fn tls_for(&self, host: &str) -> Result<Arc<ServerConfig>, CaError> {
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        if let Some(tls) = self.tls_at_hand(&host) {
            return Ok(tls);
        }
        let _one_at_a_time = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tls) = self.tls_at_hand(&host) {
            return Ok(tls);
        }
        let leaf = self.kept_or_new(&host)?;
        let key = aws_lc_rs::sign::any_ecdsa_type(&leaf.key)?;
        let certified = CertifiedKey::new(vec![leaf.certificate], key);
        let mut tls = ServerConfig::clone(&self.common);
        tls.cert_resolver = Arc::new(SingleCertAndKey::from(certified));
        let tls = Arc::new(tls);
        let mut ready = self.ready.write().unwrap_or_else(PoisonError::into_inner);
        if ready.len() >= HOSTS
            && let Some(any) = ready.keys().next().cloned()
        {
            ready.remove(&any);
        }
        ready.insert(host, Ready { tls: tls.clone(), check_at: SystemTime::now() + DAY });
        Ok(tls)
    }

    fn kept_or_new(&self, host: &str) -> Result<Leaf, CaError> {
        let Some(folder) = &self.folder else { return self.issue(host, SystemTime::now()) };
        // INVARIANT: a host that `server_name` accepts has no separator and is not `..`; colons are not portable.
        server_name(host)?;
        let path = folder.join(format!("{}.pem", host.replace(':', "_")));
        // A kept certificate is only a copy of what can be made again: a damaged or foreign one is replaced.
        if let Some(kept) = files::read(&path).ok().flatten().as_deref().and_then(Leaf::parse)
            && self.accepts(host, &kept, SystemTime::now() + MARGIN)
        {
            return Ok(kept);
        }
        let made = self.issue(host, SystemTime::now())?;
        let write = |source| CaError::Write { path: folder.clone(), source };
        std::fs::create_dir_all(folder).map_err(write)?;
        if path.exists() || std::fs::read_dir(folder).map_err(write)?.count() < HOSTS {
            files::replace(&path, made.pem().as_bytes(), files::Readers::User)
                .map_err(|source| CaError::Write { path, source })?;
        }
        Ok(made)
    }

    pub(crate) fn issue(&self, host: &str, now: SystemTime) -> Result<Leaf, CaError> {
        server_name(host)?;
        let mut params = CertificateParams::new(vec![host.to_owned()])?;
        params.serial_number = Some(serial()?);
        params.not_before = (now - DAY).into();
        params.not_after = (now + LIFETIME).into();
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.distinguished_name = DistinguishedName::new();
        // Clients read the alternative name. A common name ends at 64 characters; and OpenSSL would take an address there
        // for a host that the authority may not sign for.
        let plain = host.len() <= 64 && host.parse::<IpAddr>().is_err();
        let name = if plain { host } else { "Zuno" };
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let certificate = params.signed_by(&key, &self.issuer)?.der().clone();
        Ok(Leaf { certificate, key: key.into() })
    }

    /// Whether a client that trusts the authority would take `leaf` for `host` at `time`.
    pub(crate) fn accepts(&self, host: &str, leaf: &Leaf, time: SystemTime) -> bool {
        let Ok(name) = server_name(host) else { return false };
        let Ok(since) = time.duration_since(SystemTime::UNIX_EPOCH) else { return false };
        let time = UnixTime::since_unix_epoch(since);
        let chain = vec![leaf.certificate.clone()];
        CertifiedKey::from_der(chain, leaf.key.clone_key(), &self.provider)
            .is_ok_and(|certified| certified.keys_match().is_ok())
            && self.verifier.verify_server_cert(&leaf.certificate, &[], &name, &[], time).is_ok()
    }
}

impl Leaf {
    fn parse(text: &str) -> Option<Leaf> {
        Some(Leaf {
            certificate: CertificateDer::from_pem_slice(text.as_bytes()).ok()?,
            key: PrivateKeyDer::from_pem_slice(text.as_bytes()).ok()?,
        })
    }

    fn pem(&self) -> String {
        let key = certificate::pem("PRIVATE KEY", self.key.secret_der());
        certificate::pem("CERTIFICATE", &self.certificate) + &key
    }
}

fn server_name(host: &str) -> Result<ServerName<'static>, CaError> {
    let name = match host.parse::<IpAddr>() {
        Ok(address) => Ok(ServerName::IpAddress(address.into())),
        Err(_) => ServerName::try_from(host.to_owned()),
    };
    name.map_err(|_| CaError::NotAHost(host.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LocalCa;

    fn leaves(folder: &std::path::Path) -> LocalCa {
        LocalCa::open(folder).unwrap()
    }

    fn kept(folder: &std::path::Path, host: &str) -> Leaf {
        let text = std::fs::read_to_string(folder.join("hosts").join(format!("{host}.pem"))).unwrap();
        Leaf::parse(&text).unwrap()
    }

    #[test]
    fn a_host_keeps_its_certificate_over_restarts() {
        let folder = tempfile::tempdir().unwrap();
        leaves(folder.path()).tls_for("API.zsapi.net.").unwrap();
        let first = kept(folder.path(), "api.zsapi.net");
        leaves(folder.path()).tls_for("api.zsapi.net").unwrap();
        assert_eq!(kept(folder.path(), "api.zsapi.net").certificate, first.certificate);
    }

    #[test]
    fn a_certificate_is_renewed_before_a_client_would_refuse_it() {
        let folder = tempfile::tempdir().unwrap();
        let ca = leaves(folder.path());
        let host = "api.zsapi.net";
        for (age_days, stays) in [(300, true), (340, false), (400, false)] {
            let old = ca.leaves().issue(host, SystemTime::now() - age_days * DAY).unwrap();
            std::fs::create_dir_all(folder.path().join("hosts")).unwrap();
            std::fs::write(folder.path().join("hosts/api.zsapi.net.pem"), old.pem()).unwrap();
            let used = ca.leaves().kept_or_new(host).unwrap();
            assert_eq!(used.certificate == old.certificate, stays, "{age_days} days old");
            assert_eq!(kept(folder.path(), host).certificate, used.certificate);
        }
    }

    #[test]
    fn a_damaged_or_foreign_certificate_of_a_host_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let ca = leaves(folder.path());
        let host = "api.zsapi.net";
        let stranger = LocalCa::in_memory().unwrap();
        let now = SystemTime::now();
        let of_stranger = stranger.leaves().issue(host, now).unwrap().pem();
        let of_other_host = ca.leaves().issue("acme.zslogin.net", now).unwrap().pem();
        let (one, other) = (ca.leaves().issue(host, now).unwrap(), ca.leaves().issue(host, now).unwrap());
        let mixed = Leaf { certificate: one.certificate.clone(), key: other.key }.pem();
        let half = one.pem()[..400].to_owned();
        std::fs::create_dir_all(folder.path().join("hosts")).unwrap();
        for spoilt in [of_stranger, of_other_host, mixed, half, String::new()] {
            std::fs::write(folder.path().join("hosts/api.zsapi.net.pem"), spoilt).unwrap();
            let used = ca.leaves().kept_or_new(host).unwrap();
            assert!(ca.leaves().accepts(host, &used, now));
        }
    }

    #[test]
    fn what_is_no_host_gets_no_certificate_and_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let ca = leaves(folder.path());
        for bad in ["", "..", "../x", "a/b", "a b", "é.net", "a..b"] {
            assert!(matches!(ca.tls_for(bad), Err(CaError::NotAHost(_))), "{bad}");
        }
        assert!(!folder.path().join("hosts").exists());
        for good in ["127.0.0.1", "::1", "localhost", &format!("{}.zslogin.net", "a".repeat(63))] {
            let made = ca.leaves().kept_or_new(good).unwrap();
            assert!(ca.leaves().accepts(good, &made, SystemTime::now()), "{good}");
        }
    }
}
