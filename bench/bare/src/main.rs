//! The least a server can do: sign a token, verify an assertion and sign, or return bytes that it was given.
//!
//! `bare sign ES256` answers every POST with a fresh JWT, claims built from the clock and a counter. It reads the
//! body and nothing more: no client is looked up. `bare bytes FILE` answers every request with the file as JSON.
//! Both print their address when they are ready.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
    UnparsedPublicKey,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{any, post};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

struct Signer {
    key: Key,
    header: String,
    count: AtomicU64,
    random: SystemRandom,
    /// An RSA signature over a fixed text; verified before signing when assertions are measured.
    assertion: Option<Vec<u8>>,
}

const ASSERTED: &[u8] = &[b'a'; 300];

impl Signer {
    fn new(algorithm: &str, asserts: bool) -> Self {
        let key = match algorithm {
            "RS256" => Key::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))),
            "ES256" => Key::Ec(Box::new(
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"),
            )),
            other => panic!("RS256 or ES256, not {other}"),
        };
        let mut signer = Self {
            key,
            header: B64.encode(format!(r#"{{"alg":"{algorithm}","typ":"JWT","kid":"bare"}}"#)),
            count: AtomicU64::new(0),
            random: SystemRandom::new(),
            assertion: None,
        };
        if asserts {
            signer.assertion = Some(signer.sign(ASSERTED));
        }
        signer
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &self.random, message, &mut signature).expect("a signature");
                signature
            }
            Key::Ec(key) => key.sign(&self.random, message).expect("a signature").as_ref().to_vec(),
        }
    }

    fn verify(&self, signature: &[u8]) {
        match &self.key {
            Key::Rsa(key) => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref())
                .verify(ASSERTED, signature),
            Key::Ec(key) => UnparsedPublicKey::new(
                &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED,
                key.public_key().as_ref(),
            )
            .verify(ASSERTED, signature),
        }
        .expect("our own signature");
    }
}

async fn token(State(signer): State<Arc<Signer>>, _body: Bytes) -> impl IntoResponse {
    if let Some(signature) = &signer.assertion {
        signer.verify(signature);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let id = signer.count.fetch_add(1, Ordering::Relaxed);
    let claims = format!(
        r#"{{"iss":"https://acme.zslogin.net","sub":"iq41q3fpgg6st","aud":"https://api.zscaler.com","iat":{now},"nbf":{now},"exp":{},"jti":"{id:032x}","client_id":"iq41q3fpgg6st","service-info":[{{"prd":"ZIA","tnt":"1","rnm":"Super Admin"}},{{"prd":"ZPA","tnt":"2","rnm":"API Full Access"}}]}}"#,
        now + 3600
    );
    let mut jwt = format!("{}.{}", signer.header, B64.encode(claims));
    let signature = signer.sign(jwt.as_bytes());
    jwt.push('.');
    B64.encode_string(signature, &mut jwt);
    (
        [(header::CONTENT_TYPE, "application/json;charset=UTF-8")],
        format!(r#"{{"access_token":"{jwt}","token_type":"Bearer","expires_in":3599}}"#),
    )
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let app = match words.as_slice() {
        ["sign", algorithm] => Router::new().route("/token", post(token)).with_state(Arc::new(Signer::new(algorithm, false))),
        ["verify", algorithm] => Router::new().route("/token", post(token)).with_state(Arc::new(Signer::new(algorithm, true))),
        ["bytes", file] => {
            let body = Bytes::from(std::fs::read(file).expect("a readable file"));
            Router::new().fallback(any(move || {
                let body = body.clone();
                async move { ([(header::CONTENT_TYPE, "application/json")], body) }
            }))
        }
        _ => panic!("bare sign|verify RS256|ES256, or bare bytes FILE"),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!("http://{}", listener.local_addr().expect("an address"));
    axum::serve(listener, app).await.expect("served");
}
