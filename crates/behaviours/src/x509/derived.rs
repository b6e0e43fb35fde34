//! Certificates of a tenant that are the same at every read, though none is kept: key, serial number and dates all
//! follow from the tenant and the name. They are well formed and signed; nothing trusts them and nothing should.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, Error, IsCa, Issuer, KeyPair,
    PKCS_ED25519, PublicKeyData, SerialNumber, SignatureAlgorithm,
};
use time::OffsetDateTime;
use zuno_model::fingerprint;

/// What precedes the 32 secret bytes in the standard form of an Ed25519 key.
const KEY_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Whose certificate it is, and for how long.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What the key follows from; never shown.
    pub seed: String,
    /// The common name.
    pub common_name: String,
    /// Organisation and unit, where it tells them.
    pub organisation: Option<(&'static str, &'static str)>,
    /// First and last second, since the epoch.
    pub valid: (i64, i64),
    /// Whether it signs others.
    pub signs: bool,
}

/// A certificate with what products tell beside it.
#[derive(Debug)]
pub struct Made {
    /// The certificate.
    pub pem: String,
    /// The request it was made from.
    pub request: String,
    /// Its serial number, in decimal.
    pub serial: String,
}

/// PEM with plain line ends.
pub fn plain(pem: &str) -> String {
    pem.replace("\r\n", "\n")
}

impl Subject {
    fn key(&self) -> Result<KeyPair, Error> {
        let mut der = KEY_HEAD.to_vec();
        for half in ["first", "second"] {
            der.extend(fingerprint(format!("{half} {}", self.seed).as_bytes()).to_be_bytes());
        }
        let text = STANDARD.encode(der);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
        KeyPair::from_pem_and_sign_algo(&pem, &PKCS_ED25519)
    }

    /// Its private key, as PEM.
    ///
    /// # Errors
    /// The cryptographic library refused; no input of a caller can make it.
    pub fn private_key(&self) -> Result<String, Error> {
        Ok(plain(&self.key()?.serialize_pem()))
    }

    /// A positive number of at most 127 bits, as the recorded ones are.
    fn serial(&self) -> u128 {
        fingerprint(format!("serial {}", self.seed).as_bytes()) >> 1
    }

    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::default();
        let mut name = DistinguishedName::new();
        if let Some((organisation, unit)) = self.organisation {
            name.push(DnType::OrganizationName, organisation);
            name.push(DnType::OrganizationalUnitName, unit);
        }
        name.push(DnType::CommonName, self.common_name.as_str());
        params.distinguished_name = name;
        let moment =
            |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        (params.not_before, params.not_after) = (moment(self.valid.0), moment(self.valid.1));
        params.serial_number = Some(SerialNumber::from_slice(&self.serial().to_be_bytes()));
        if self.signs {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        params
    }

    /// The certificate, signed by the issuer or by itself.
    ///
    /// # Errors
    /// The cryptographic library refused; no input of a caller can make it.
    pub fn make(&self, issuer: Option<&Subject>) -> Result<Made, Error> {
        let key = self.key()?;
        let params = self.params();
        let made = match issuer {
            Some(issuer) => params.signed_by(&key, &Issuer::new(issuer.params(), issuer.key()?))?,
            None => params.self_signed(&key)?,
        };
        let mut request = CertificateParams::default();
        request.distinguished_name = params.distinguished_name.clone();
        let request = request.serialize_request(&key)?.pem()?;
        Ok(Made { pem: plain(&made.pem()), request: plain(&request), serial: self.serial().to_string() })
    }

    /// A certificate of another's key, signed by this one: the signer vouches for it.
    ///
    /// # Errors
    /// The cryptographic library refused; no input of a caller can make it.
    pub fn vouch(&self, key: &PublicKey, common_name: &str) -> Result<String, Error> {
        let about = Subject {
            seed: format!("{} for {common_name}", self.seed),
            common_name: common_name.to_owned(),
            signs: false,
            ..self.clone()
        };
        let made = about.params().signed_by(key, &Issuer::new(self.params(), self.key()?))?;
        Ok(plain(&made.pem()))
    }
}

/// A public key without its private half.
#[derive(Debug)]
pub struct PublicKey {
    raw: Vec<u8>,
    algorithm: &'static SignatureAlgorithm,
}

impl PublicKey {
    /// That of a key pair.
    pub fn of(key: &KeyPair) -> PublicKey {
        PublicKey { raw: key.public_key_raw().to_vec(), algorithm: key.algorithm() }
    }
}

impl PublicKeyData for PublicKey {
    fn der_bytes(&self) -> &[u8] {
        &self.raw
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn a_certificate_is_the_same_whenever_it_is_made() {
        let root = Subject {
            seed: "1 Root".into(),
            common_name: "1.zpa-customer.com/Root".into(),
            organisation: Some(("Zscaler", "Private Access")),
            valid: (1_000_000, 2_000_000_000),
            signs: true,
        };
        let leaf = Subject { seed: "1 Client".into(), common_name: "Client".into(), ..root.clone() };
        let (one, other) = (leaf.make(Some(&root)).expect("made"), leaf.make(Some(&root)).expect("made"));
        assert_eq!(one.pem, other.pem);
        assert_eq!(one.request, other.request);
        assert!(one.pem.starts_with("-----BEGIN CERTIFICATE-----\n") && !one.pem.contains('\r'));
        assert_ne!(one.pem, root.make(None).expect("made").pem);
        assert!(one.serial.parse::<u128>().is_ok_and(|serial| serial > 0));
    }
}
