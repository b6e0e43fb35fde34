//! The files that clients are given: so that they trust the local CA, and still everything that they trusted before,
//! and so that a client that knows no proxy finds this one.
//!
//! `SSL_CERT_FILE` and its like replace the system's certificates instead of adding to them, and hosts that are not
//! the cloud's are tunnelled to the real ones. So each file here holds the system's roots as well, and those that the
//! environment named for one client or another: a company whose proxy opens TLS has its CA there.

use std::path::{Path, PathBuf};

use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls_native_certs::{load_certs_from_paths, load_native_certs};
use yasna::{DERWriter, Tag, models::ObjectIdentifier};

use crate::{
    before::Before,
    ca::{LocalCa, NAME},
    certificate::{CaError, pem},
    files,
};

/// The start-up code for Python that leads the one SDK here which does not read the proxy from its environment.
const SITECUSTOMIZE: &str = include_str!("sitecustomize.py");
/// The start-up code for Node that leads one here which does not read the proxy from its environment.
const LEAD: &str = include_str!("lead.cjs");
/// The variables by which clients are told whom to trust: a file each, or a folder.
const TRUST: [&str; 4] = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];
/// The variable that names folders.
const TRUST_FOLDERS: &str = "SSL_CERT_DIR";

/// The files by which clients are led here and made to trust a [`LocalCa`]. They hold no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFiles {
    /// `ca.pem`: the local CA alone, for clients that add it to what they trust.
    pub ca: PathBuf,
    /// `ca-bundle.pem`: the system's roots and the local CA, for clients that replace what they trust.
    pub bundle: PathBuf,
    /// `ca-bundle.p12`: the same as the bundle, for Java. It has no password.
    pub java: PathBuf,
    /// `python`: a folder for `PYTHONPATH`, whose `sitecustomize.py` tells an SDK of the proxy.
    pub python: PathBuf,
    /// `node/lead.cjs`: start-up code for `NODE_OPTIONS`, which tells Node of the proxy.
    pub node: PathBuf,
    /// How many roots beside the local CA the bundles hold. With none, only the cloud's hosts verify.
    pub other_roots: usize,
}

impl ClientFiles {
    /// Writes the files into `folder`, replacing older ones; reads the system's roots and those that the environment
    /// names.
    pub fn write(folder: &Path, ca: &LocalCa) -> Result<ClientFiles, CaError> {
        ClientFiles::write_for(folder, &ca.certificate_pem(), &ca.certificate())
    }

    /// As [`ClientFiles::write`], for the local CA of another process, of which only the certificate is known.
    pub fn write_pem(folder: &Path, ca: &str) -> Result<ClientFiles, CaError> {
        let spoilt = |_| CaError::Spoilt { path: folder.join("ca.pem"), why: "is not a whole certificate" };
        let der = CertificateDer::from_pem_slice(ca.as_bytes()).map_err(spoilt)?;
        ClientFiles::write_for(folder, ca, &der)
    }

    fn write_for(folder: &Path, text: &str, der: &CertificateDer<'_>) -> Result<ClientFiles, CaError> {
        let python = folder.join("python");
        for made in [&python, &folder.join("node")] {
            std::fs::create_dir_all(made).map_err(|source| CaError::Write { path: made.clone(), source })?;
        }
        let roots = roots_of_others(roots(&Before::here()));
        let all: Vec<&CertificateDer<'_>> = roots.iter().chain([der]).collect();
        let bundle: String = all.iter().map(|certificate| pem("CERTIFICATE", certificate)).collect();
        let put = |name: &str, content: &[u8]| {
            let path = folder.join(name);
            match files::replace(&path, content, files::Readers::All) {
                Ok(()) => Ok(path),
                Err(source) => Err(CaError::Write { path, source }),
            }
        };
        put("python/sitecustomize.py", SITECUSTOMIZE.as_bytes())?;
        Ok(ClientFiles {
            python,
            node: put("node/lead.cjs", LEAD.as_bytes())?,
            ca: put("ca.pem", text.as_bytes())?,
            bundle: put("ca-bundle.pem", bundle.as_bytes())?,
            java: put("ca-bundle.p12", &pkcs12(&all))?,
            other_roots: roots.len(),
        })
    }
}

/// The system's roots, and all that the environment names. What cannot be read is left out, as other programs of this
/// machine do.
fn roots(before: &Before) -> Vec<CertificateDer<'static>> {
    let mut found = system_roots();
    for path in TRUST.iter().filter_map(|name| before.get(name)).map(Path::new) {
        // requests takes a folder as well.
        let read = if path.is_dir() {
            load_certs_from_paths(None, Some(path))
        } else {
            load_certs_from_paths(Some(path), None)
        };
        found.extend(read.certs);
    }
    for folder in std::env::split_paths(before.get(TRUST_FOLDERS).unwrap_or_default()) {
        if !folder.as_os_str().is_empty() {
            found.extend(load_certs_from_paths(None, Some(&folder)).certs);
        }
    }
    found
}

/// The system's own store.
fn system_roots() -> Vec<CertificateDer<'static>> {
    // These take the place of the system's store in what reads it.
    let replaced = ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| std::env::var_os(name).is_some());
    #[cfg(all(unix, not(target_vendor = "apple")))]
    if replaced {
        let folders = openssl_probe::candidate_cert_dirs();
        return folders.flat_map(|folder| load_certs_from_paths(None, Some(folder)).certs).collect();
    }
    let _ = replaced;
    load_native_certs().certs
}

/// What this machine trusts, each once, without any local CA of an earlier start: a bundle written here may itself be
/// what `SSL_CERT_FILE` names.
fn roots_of_others(mut found: Vec<CertificateDer<'static>>) -> Vec<CertificateDer<'static>> {
    found.retain(|root| !root.windows(NAME.len()).any(|part| part == NAME.as_bytes()));
    found.sort_unstable_by(|one, other| one.as_ref().cmp(other.as_ref()));
    found.dedup();
    found
}

/// A PKCS#12 store (RFC 7292) of trusted certificates, neither encrypted nor sealed.
///
/// The certificates are public and lie beside the PEM files that nothing seals either, so a password would guard
/// nothing; Java reads such a store without one. Writing this plain form takes fewer lines than a crate for the whole
/// standard takes dependencies.
fn pkcs12(certificates: &[&CertificateDer<'_>]) -> Vec<u8> {
    let bags = yasna::construct_der(|w| {
        w.write_sequence_of(|w| {
            for (number, certificate) in certificates.iter().enumerate() {
                write_bag(w.next(), &format!("root-{number}"), certificate);
            }
        });
    });
    let safe = yasna::construct_der(|w| w.write_sequence_of(|w| write_data(w.next(), &bags)));
    yasna::construct_der(|w| {
        w.write_sequence(|w| {
            w.next().write_u8(3);
            write_data(w.next(), &safe);
        });
    })
}

fn write_data(w: DERWriter<'_>, content: &[u8]) {
    w.write_sequence(|w| {
        w.next().write_oid(&ObjectIdentifier::from_slice(&[1, 2, 840, 113549, 1, 7, 1]));
        w.next().write_tagged(Tag::context(0), |w| w.write_bytes(content));
    });
}

fn write_bag(w: DERWriter<'_>, alias: &str, certificate: &[u8]) {
    let oid = |w: DERWriter<'_>, arcs: &[u64]| w.write_oid(&ObjectIdentifier::from_slice(arcs));
    w.write_sequence(|w| {
        oid(w.next(), &[1, 2, 840, 113549, 1, 12, 10, 1, 3]); // certBag
        w.next().write_tagged(Tag::context(0), |w| {
            w.write_sequence(|w| {
                oid(w.next(), &[1, 2, 840, 113549, 1, 9, 22, 1]); // x509Certificate
                w.next().write_tagged(Tag::context(0), |w| w.write_bytes(certificate));
            });
        });
        w.next().write_set_of(|w| {
            w.next().write_sequence(|w| {
                oid(w.next(), &[1, 2, 840, 113549, 1, 9, 20]); // friendlyName
                w.next().write_set_of(|w| w.next().write_bmp_string(alias));
            });
            // Java takes a certificate for trusted only with this attribute of Oracle's: any extended key usage.
            w.next().write_sequence(|w| {
                oid(w.next(), &[2, 16, 840, 1, 113894, 746875, 1, 1]);
                w.next().write_set_of(|w| oid(w.next(), &[2, 5, 29, 37, 0]));
            });
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::pem::PemObject;

    #[test]
    fn the_bundle_is_the_systems_roots_and_the_local_authority() {
        let folder = tempfile::tempdir().unwrap();
        let ca = LocalCa::in_memory().unwrap();
        let trust = ClientFiles::write(folder.path(), &ca).unwrap();
        let read = |path: &Path| -> Vec<_> {
            CertificateDer::pem_file_iter(path).unwrap().collect::<Result<_, _>>().unwrap()
        };
        assert_eq!(read(&trust.ca), [ca.certificate()]);
        let bundle = read(&trust.bundle);
        assert_eq!(bundle.len(), trust.other_roots + 1);
        assert_eq!(bundle.last(), Some(&ca.certificate()));
        assert_eq!(ClientFiles::write(folder.path(), &ca).unwrap(), trust);
    }

    #[test]
    fn what_the_environment_trusted_is_trusted_still() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, serial: u8| {
            let root = CertificateDer::from(vec![0x30, 1, serial]);
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, pem("CERTIFICATE", &root)).unwrap();
            (path, root)
        };
        let files: Vec<_> = (0..4).map(|number| put(&format!("{number}.pem"), number)).collect();
        let mut wanted: Vec<_> = files.iter().map(|(_, root)| root.clone()).collect();
        wanted.extend((10..13).map(|number| put(&format!("folder-{number}/root.pem"), number).1));
        let read = |name: &str| {
            if name == TRUST_FOLDERS {
                let folders = [10, 11].map(|number| folder.path().join(format!("folder-{number}")));
                return std::env::join_paths(folders).ok()?.into_string().ok();
            }
            let place = TRUST.iter().position(|known| *known == name)?;
            let path = if place == 0 { folder.path().join("folder-12") } else { files[place].0.clone() };
            path.into_os_string().into_string().ok()
        };
        // The first variable names a folder here.
        wanted.remove(0);
        let found = roots(&Before::of(read));
        for root in &wanted {
            assert!(found.contains(root), "{root:?}");
        }
        assert!(found.len() >= wanted.len() + roots(&Before::default()).len(), "and the system's");
    }

    #[test]
    fn authorities_of_earlier_starts_do_not_pile_up() {
        let old = LocalCa::in_memory().unwrap().certificate();
        let (one, other) = (CertificateDer::from(vec![2, 1]), CertificateDer::from(vec![1]));
        let found = vec![one.clone(), old, other.clone(), one.clone()];
        assert_eq!(roots_of_others(found), [other, one]);
    }

    #[test]
    fn the_java_store_holds_every_certificate_as_trusted() {
        let certificates: Vec<_> = (0..3).map(|_| LocalCa::in_memory().unwrap().certificate()).collect();
        let store = pkcs12(&certificates.iter().collect::<Vec<_>>());
        let content = |der: &[u8]| -> Vec<u8> {
            yasna::parse_der(der, |r| {
                r.read_sequence(|r| {
                    r.next().read_oid()?;
                    r.next().read_tagged(Tag::context(0), |r| r.read_bytes())
                })
            })
            .unwrap()
        };
        let safe = yasna::parse_der(&store, |r| {
            r.read_sequence(|r| {
                assert_eq!(r.next().read_u8()?, 3);
                r.next().read_der()
            })
        });
        let contents =
            yasna::parse_der(&content(&safe.unwrap()), |r| r.collect_sequence_of(|r| r.read_der()));
        let bags = content(&contents.unwrap()[0]);
        let bags = yasna::parse_der(&bags, |r| r.collect_sequence_of(|r| r.read_der())).unwrap();
        let trusted = [0x06, 0x0c, 0x60, 0x86, 0x48, 0x01, 0x86, 0xf9, 0x66, 0xad, 0xca, 0x7b, 0x01, 0x01];
        assert_eq!(bags.len(), certificates.len());
        for (bag, certificate) in bags.iter().zip(&certificates) {
            let has = |part: &[u8]| bag.windows(part.len()).any(|window| window == part);
            assert!(has(certificate) && has(&trusted));
        }
    }
}
