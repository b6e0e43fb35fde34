use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;
use crate::testing::{CLIENT_ID, NOW, assertion_claims, client, ec_key_pair, public_pem, ring, rsa_key_pair};
use crate::{Algorithm, AllowedHosts};

const SECRET: &str = "s3cr3t:#,";
const ONE_API: &str = "audience=https%3A%2F%2Fapi.zscaler.com";

struct Service {
    issuer: Issuer,
    pepper: Pepper,
    jwks: JwksCache,
    audience: AudienceRule,
}

impl Service {
    fn new() -> Service {
        Service {
            issuer: Issuer::new("https://acme.zslogin.net"),
            pepper: Pepper::new(&[3; 32]),
            jwks: JwksCache::new(AllowedHosts::default()),
            audience: AudienceRule::Required,
        }
    }

    fn exchange(&self) -> Exchange<'_> {
        Exchange {
            issuer: &self.issuer,
            pepper: &self.pepper,
            jwks: &self.jwks,
            signer: rsa_key_pair(),
            audience: self.audience,
            now: NOW,
            real_now: NOW,
        }
    }

    fn answer(&self, body: &str, client: Option<&ApiClient>) -> Result<TokenAnswer, OAuthError> {
        let request = TokenRequest::parse(Some("application/x-www-form-urlencoded"), body.as_bytes(), None)?;
        self.exchange().answer(&request, client)
    }

    fn secrets(&self, ends: &[(&str, Option<Time>)]) -> ApiClient {
        let stored = |(text, expires_at): &(&str, Option<Time>)| StoredSecret {
            id: "s".into(),
            digest: self.pepper.digest(text),
            created_at: NOW - 1000,
            expires_at: *expires_at,
        };
        client(Authentication::Secrets(ends.iter().map(stored).collect()))
    }
}

fn with_secret(secret: &str) -> String {
    form_urlencoded::Serializer::new(format!("grant_type=client_credentials&{ONE_API}"))
        .append_pair("client_id", CLIENT_ID)
        .append_pair("client_secret", secret)
        .finish()
}

fn with_assertion(claims: &Value) -> String {
    let assertion = rsa_key_pair().sign(claims).unwrap();
    format!(
        "grant_type=client_credentials&{ONE_API}&client_id={CLIENT_ID}&client_assertion={assertion}\
         &client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    )
}

/// Asserts a refusal of this code, with status 400 and a description of some use.
#[track_caller]
fn refused(result: Result<TokenAnswer, OAuthError>, code: OAuthCode) -> String {
    let error = result.unwrap_err();
    assert_eq!((error.code, error.status()), (code, 400), "{error}");
    let body: Value = serde_json::from_slice(&error.body()).unwrap();
    assert_eq!(body["error"], code.as_str());
    assert!(body["error_description"].as_str().unwrap().len() > 20);
    error.description
}

#[test]
fn a_secret_buys_a_token_with_what_clients_read() {
    let service = Service::new();
    let mut client = service.secrets(&[("other", None), (SECRET, Some(NOW + 1))]);
    client.token_lifetime = 84_000;
    let answer = service.answer(&with_secret(SECRET), Some(&client)).unwrap();
    let body = String::from_utf8(answer.body()).unwrap();
    let token = &answer.access_token;
    assert_eq!(body, format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":83999}}"#));
    let claims = ring().verify(token).unwrap();
    assert_eq!(claims, answer.claims);
    assert_eq!((claims.iss.as_str(), claims.exp), ("https://acme.zslogin.net", NOW + 84_000));
    assert!(claims.is_for(ONE_API_AUDIENCE));
    assert_eq!(claims.service_info[0].prd, "ZIA");
    assert!(!format!("{answer:?}").contains(token.as_str()));
}

#[test]
fn a_wrong_client_secret_or_time_is_told_apart_from_nothing() {
    let service = Service::new();
    let good = service.secrets(&[(SECRET, None)]);
    assert!(service.answer(&with_secret(SECRET), Some(&good)).is_ok());
    let expired = service.secrets(&[(SECRET, Some(NOW))]);
    let mut disabled = good.clone();
    disabled.enabled = false;
    let mut other = good.clone();
    other.id = "other".into();
    let outcomes = [
        service.answer(&with_secret(SECRET), None),
        service.answer(&with_secret("wrong"), Some(&good)),
        service.answer(&with_secret(SECRET), Some(&expired)),
        service.answer(&with_secret(SECRET), Some(&disabled)),
        service.answer(&with_secret(SECRET), Some(&other)),
        service.answer(&with_secret(SECRET), Some(&service.secrets(&[]))),
    ];
    for outcome in outcomes {
        assert_eq!(refused(outcome, OAuthCode::InvalidClient), DENIED);
    }
}

#[test]
fn an_encoded_basic_header_finds_its_client_and_secret() {
    use base64::Engine;
    let service = Service::new();
    let mut client = service.secrets(&[(SECRET, None)]);
    client.id = "id@x".into();
    let header = base64::engine::general_purpose::STANDARD.encode("id%40x:s3cr3t%3A%23%2C");
    let body = format!("grant_type=client_credentials&{ONE_API}");
    let request = TokenRequest::parse(None, body.as_bytes(), Some(&format!("Basic {header}"))).unwrap();
    assert!(service.exchange().answer(&request, Some(&client)).is_ok());
}

#[test]
fn a_signature_buys_a_token() {
    let service = Service::new();
    let client = client(Authentication::Keys(KeySet::from_pem([
        public_pem(ec_key_pair()).as_str(),
        public_pem(rsa_key_pair()).as_str(),
    ])));
    let body = with_assertion(&assertion_claims());
    assert!(service.answer(&body, Some(&client)).is_ok());
    assert!(service.answer(&body, Some(&client)).is_ok(), "the same assertion may come again");
}

#[test]
fn a_bad_signature_says_what_to_do() {
    let service = Service::new();
    let keys = |pem: &str| client(Authentication::Keys(KeySet::from_pem([pem])));
    let body = with_assertion(&assertion_claims());
    let ec_only = keys(&public_pem(ec_key_pair()));
    let text = refused(service.answer(&body, Some(&ec_only)), OAuthCode::InvalidClient);
    assert!(text.contains("register the public key"), "{text}");
    let small = keys(include_str!("../testing/rsa1024.pem"));
    let text = refused(service.answer(&body, Some(&small)), OAuthCode::InvalidClient);
    assert!(text.contains("an RSA key of 1024 bits"), "{text}");
    let mut late = assertion_claims();
    late["exp"] = json!(NOW - 600);
    let good = keys(&public_pem(rsa_key_pair()));
    let text = refused(service.answer(&with_assertion(&late), Some(&good)), OAuthCode::InvalidClient);
    assert!(text.contains("exp is in the past"), "{text}");
}

#[test]
fn an_assertion_goes_by_real_time_and_the_token_by_the_servers() {
    let service = Service::new();
    let client = client(Authentication::Keys(KeySet::from_pem([public_pem(rsa_key_pair()).as_str()])));
    let body = with_assertion(&assertion_claims());
    let request = TokenRequest::parse(None, body.as_bytes(), None).unwrap();
    let moved = Exchange { now: NOW + 1_000_000, ..service.exchange() };
    assert_eq!(moved.answer(&request, Some(&client)).unwrap().claims.iat, NOW + 1_000_000);
}

#[test]
fn the_wrong_kind_of_proof_is_refused() {
    let service = Service::new();
    let secret_client = service.secrets(&[(SECRET, None)]);
    let text = refused(
        service.answer(&with_assertion(&assertion_claims()), Some(&secret_client)),
        OAuthCode::InvalidClient,
    );
    assert!(text.contains("client_secret"), "{text}");
    for authentication in [Authentication::Keys(KeySet::default()), Authentication::Jwks("http://x/".into())]
    {
        let text = refused(
            service.answer(&with_secret(SECRET), Some(&client(authentication))),
            OAuthCode::InvalidClient,
        );
        assert!(text.contains("client_assertion"), "{text}");
    }
}

#[test]
fn a_policy_rule_blocks_a_client_that_proved_itself() {
    let service = Service::new();
    let mut client = service.secrets(&[(SECRET, None)]);
    client.blocked_by = Some("Nights".into());
    let text = refused(service.answer(&with_secret(SECRET), Some(&client)), OAuthCode::UnauthorizedClient);
    assert!(text.contains("`Nights`"));
    refused(service.answer(&with_secret("wrong"), Some(&client)), OAuthCode::InvalidClient);
}

#[test]
fn the_audience_is_known_and_named_as_the_tenant_wants_it() {
    let mut service = Service::new();
    let client = service.secrets(&[(SECRET, None)]);
    let body = |audience: &str| with_secret(SECRET).replace(ONE_API, audience);
    assert!(service.answer(&body("audience=https%3A%2F%2Fapi.zscaler.com%2F"), Some(&client)).is_ok());
    let unknown = service.answer(&body("audience=https%3A%2F%2Fapi.example.com"), Some(&client));
    assert!(refused(unknown, OAuthCode::InvalidTarget).contains(ONE_API_AUDIENCE));
    let missing = |service: &Service| service.answer(&body("scope=x"), Some(&client));
    assert!(refused(missing(&service), OAuthCode::InvalidRequest).contains(ONE_API_AUDIENCE));
    for rule in [AudienceRule::Either, AudienceRule::Refused] {
        service.audience = rule;
        assert_eq!(missing(&service).unwrap().claims.aud.as_deref(), Some(ONE_API_AUDIENCE));
    }
    let named = service.answer(&body(ONE_API), Some(&client));
    assert!(refused(named, OAuthCode::InvalidRequest).contains("leave the parameter"));
}

#[test]
fn an_es256_signer_is_an_option() {
    let service = Service::new();
    let client = service.secrets(&[(SECRET, None)]);
    let request = TokenRequest::parse(None, with_secret(SECRET).as_bytes(), None).unwrap();
    let exchange = Exchange { signer: ring().get(Algorithm::Es256).unwrap(), ..service.exchange() };
    let answer = exchange.answer(&request, Some(&client)).unwrap();
    assert!(ring().verify(&answer.access_token).is_ok());
}

#[test]
fn an_absurd_lifetime_is_cut() {
    let service = Service::new();
    let mut client = service.secrets(&[(SECRET, None)]);
    for (set, expires_in) in [(i64::MAX, 86_399), (-5, 0), (60, 59)] {
        client.token_lifetime = set;
        assert_eq!(service.answer(&with_secret(SECRET), Some(&client)).unwrap().expires_in, expires_in);
    }
}

#[test]
fn published_keys_may_rotate_without_notice() {
    let sets = [json!({ "keys": [ec_key_pair().jwk()] }), json!({ "keys": [rsa_key_pair().jwk()] })];
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let next = Mutex::new(0);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let mut next = next.lock().unwrap();
            let body = sets[std::cmp::min(*next, 1)].to_string();
            *next += 1;
            let _ = stream.write_all(
                format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                )
                .as_bytes(),
            );
        }
    });
    let mut service = Service::new();
    let client = client(Authentication::Jwks(url));
    let body = with_assertion(&assertion_claims());
    let request = TokenRequest::parse(None, body.as_bytes(), None).unwrap();
    assert!(Exchange::may_block(&request, &client));
    let text = refused(service.answer(&body, Some(&client)), OAuthCode::InvalidClient);
    assert!(text.contains("allowed JWKS hosts"), "{text}");

    service.jwks = JwksCache::new(AllowedHosts::new(["127.0.0.1"]).unwrap());
    refused(service.answer(&body, Some(&client)), OAuthCode::InvalidClient);
    let later = Exchange { real_now: NOW + 5, ..service.exchange() };
    assert!(later.answer(&request, Some(&client)).is_ok(), "the second fetch brings the key");
}

#[test]
fn an_unreachable_or_useless_key_url_is_an_invalid_client() {
    let mut service = Service::new();
    service.jwks = JwksCache::new(AllowedHosts::new(["127.0.0.0/8"]).unwrap());
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for url in [format!("http://{closed}/"), "not a url".to_owned()] {
        let outcome =
            service.answer(&with_assertion(&assertion_claims()), Some(&client(Authentication::Jwks(url))));
        refused(outcome, OAuthCode::InvalidClient);
    }
}

#[test]
fn only_published_keys_may_block() {
    let service = Service::new();
    let request = TokenRequest::parse(None, with_secret(SECRET).as_bytes(), None).unwrap();
    assert!(!Exchange::may_block(&request, &service.secrets(&[])));
    assert!(!Exchange::may_block(&request, &client(Authentication::Jwks("http://x/".into()))));
}
