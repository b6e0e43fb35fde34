//! Keys, clients and claims that the tests of several modules share; keys are drawn once per run.

use std::sync::OnceLock;

use serde_json::{Value, json};
use zuno_model::{Permission, Right, Time};

use crate::{Algorithm, ApiClient, Authentication, Grant, Keyring, SigningKey};

pub(crate) const NOW: Time = 1_700_000_000;
pub(crate) const CLIENT_ID: &str = "iq41q3fpgg6st";

/// A ring with both keys.
pub(crate) fn ring() -> &'static Keyring {
    static RING: OnceLock<Keyring> = OnceLock::new();
    RING.get_or_init(|| {
        let ring = Keyring::new();
        ring.put(SigningKey::generate(Algorithm::Rs256));
        ring.put(SigningKey::generate(Algorithm::Es256));
        ring
    })
}

pub(crate) fn rsa_key_pair() -> &'static SigningKey {
    ring().get(Algorithm::Rs256).unwrap()
}

pub(crate) fn ec_key_pair() -> &'static SigningKey {
    ring().get(Algorithm::Es256).unwrap()
}

fn rcgen_pair(key: &SigningKey) -> rcgen::KeyPair {
    let algorithm = match key.algorithm() {
        Algorithm::Rs256 => &rcgen::PKCS_RSA_SHA256,
        Algorithm::Es256 => &rcgen::PKCS_ECDSA_P256_SHA256,
    };
    let der = rustls::pki_types::PrivatePkcs8KeyDer::from(key.to_pkcs8());
    rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, algorithm).unwrap()
}

pub(crate) fn public_pem(key: &SigningKey) -> String {
    rcgen_pair(key).public_key_pem()
}

pub(crate) fn certificate_pem(key: &SigningKey) -> String {
    let params = rcgen::CertificateParams::new(["client.example".to_owned()]).unwrap();
    params.self_signed(&rcgen_pair(key)).unwrap().pem()
}

/// The claims that both SDKs put into an assertion.
pub(crate) fn assertion_claims() -> Value {
    json!({ "iss": CLIENT_ID, "sub": CLIENT_ID, "aud": "https://api.zscaler.com", "exp": NOW + 600 })
}

pub(crate) fn client(authentication: Authentication) -> ApiClient {
    let grant = |product: &str, tenant: &str, role: &str| Grant {
        product: product.to_owned(),
        tenant: tenant.to_owned(),
        role: role.to_owned(),
        right: Right::everything(Permission::Full),
    };
    ApiClient {
        id: CLIENT_ID.to_owned(),
        number: 7,
        name: "pipeline".to_owned(),
        enabled: true,
        session: "1-0".to_owned(),
        blocked_by: None,
        token_lifetime: 3600,
        authentication,
        grants: vec![
            grant("ZIA", "24326813", "API_Role01"),
            grant("ZPA", "216196257331281920", "API Full Access"),
        ],
    }
}
