//! How many tokens a second one thread issues, beside what the cryptographic library alone can sign.
//!
//! `cargo run --release -p zuno-identity --example token_rate`

use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use zuno_identity::{
    Algorithm, AllowedHosts, ApiClient, Authentication, Exchange, Grant, Issuer, JwksCache, Keyring, Pepper,
    SigningKey, StoredSecret, TokenMemory, TokenRequest,
};
use zuno_model::{AudienceRule, Permission, Right};

const NOW: i64 = 1_700_000_000;
const ROUND: Duration = Duration::from_millis(500);
const ROUNDS: usize = 5;

/// Calls per second: the median of several rounds, which are taken in turn with those of the other.
fn compare(mut ours: impl FnMut(), mut raw: impl FnMut()) -> (f64, f64) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        first.push(rate(&mut ours));
        second.push(rate(&mut raw));
    }
    (median(first), median(second))
}

fn rate(call: &mut impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut calls = 0;
    while started.elapsed() < ROUND {
        call();
        calls += 1;
    }
    f64::from(calls) / started.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn client(authentication: Authentication) -> ApiClient {
    let grants = ["ZIA", "ZPA", "ZCC", "ZDX", "CLOUD_CONNECTOR", "ZIAM"].map(|product| Grant {
        product: product.to_owned(),
        tenant: "216196257331281920".to_owned(),
        role: "Super Admin".to_owned(),
        right: Right::everything(Permission::Full),
    });
    ApiClient {
        id: "iq41q3fpgg6st".to_owned(),
        number: 1,
        name: "bench".to_owned(),
        enabled: true,
        session: String::new(),
        blocked_by: None,
        token_lifetime: 3600,
        authentication,
        grants: grants.to_vec(),
    }
}

fn main() {
    let started = Instant::now();
    let ring = Keyring::new();
    ring.put(SigningKey::generate(Algorithm::Rs256));
    println!("one RSA key made in {:?}", started.elapsed());
    ring.put(SigningKey::generate(Algorithm::Es256));
    let key = |algorithm| ring.get(algorithm).expect("put above");
    let (rsa, ec) = (key(Algorithm::Rs256), key(Algorithm::Es256));
    let rng = SystemRandom::new();
    let raw_rsa = RsaKeyPair::from_pkcs8(&rsa.to_pkcs8()).expect("a key just made");
    let raw_ec =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &ec.to_pkcs8()).expect("a key just made");
    let message = [b'a'; 900];

    let issuer = Issuer::new("https://acme.zslogin.net");
    let pepper = Pepper::new(&Pepper::generate());
    let jwks = JwksCache::new(AllowedHosts::default());
    let secret =
        StoredSecret { id: "s".to_owned(), digest: pepper.digest("secret"), created_at: 0, expires_at: None };
    let client = client(Authentication::Secrets(vec![secret]));
    let body = "grant_type=client_credentials&client_id=iq41q3fpgg6st&client_secret=secret&audience=https%3A%2F%2Fapi.zscaler.com";
    let form = Some("application/x-www-form-urlencoded");
    let exchange = Exchange {
        issuer: &issuer,
        pepper: &pepper,
        jwks: &jwks,
        signer: rsa,
        audience: AudienceRule::Either,
        now: NOW,
        real_now: NOW,
    };
    let token = |signer: &SigningKey| {
        let request = TokenRequest::parse(form, body.as_bytes(), None).expect("a good form");
        Exchange { signer, ..exchange }.answer(&request, Some(&client)).expect("the right secret").body()
    };

    let sign_rsa = || {
        let mut signature = [0; 256];
        raw_rsa.sign(&RSA_PKCS1_SHA256, &rng, &message, &mut signature).expect("room for 2048 bits");
    };
    let sign_ec = || {
        raw_ec.sign(&rng, &message).expect("a good key");
    };
    for (name, (ours, raw)) in
        [("RS256", compare(|| drop(token(rsa)), sign_rsa)), ("ES256", compare(|| drop(token(ec)), sign_ec))]
    {
        println!(
            "{name}: {ours:.0} exchanges/s by secret, {raw:.0} raw signatures/s, ratio {:.3}",
            ours / raw
        );
    }

    let memory = TokenMemory::new(1000);
    for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
        let signer = key(algorithm);
        let request = TokenRequest::parse(form, body.as_bytes(), None).expect("a good form");
        let token = Exchange { signer, ..exchange }
            .answer(&request, Some(&client))
            .expect("the right secret")
            .access_token;
        let claims = ring.verify(&token).expect("a token just made");
        memory.remember(&token, claims, std::sync::Arc::new(()));
        let (verified, known) = compare(
            || drop(ring.verify(&token).expect("a token just made")),
            || drop(memory.get(&token).expect("remembered above")),
        );
        println!(
            "{}: {verified:.0} verified/s, {known:.0} known again/s, {} bytes",
            algorithm.as_str(),
            token.len()
        );
    }
}
