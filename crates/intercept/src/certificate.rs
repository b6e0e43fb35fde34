//! What all certificates made here share: why one may not come about, its number, and its text.

use std::{io, path::PathBuf, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::SerialNumber;

/// A day: how early a certificate begins, for clients whose clock is behind.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

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

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for start in (0..text.len()).step_by(64) {
        out += &text[start..text.len().min(start + 64)];
        out.push('\n');
    }
    out + &format!("-----END {label}-----\n")
}
