use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const AUDIENCE: &str = "https://api.zscaler.com";

fn code(result: Result<TokenRequest, OAuthError>) -> &'static str {
    result.unwrap_err().code.as_str()
}

fn secrets(request: &TokenRequest) -> &[String] {
    match request.proof() {
        Proof::Secret(secrets) => secrets,
        Proof::Assertion(_) => panic!("an assertion"),
    }
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

#[test]
fn both_sdks_forms_are_read() {
    for body in [
        "audience=https%3A%2F%2Fapi.zscaler.com&client_id=id1&client_secret=s%3A%23%2C&grant_type=client_credentials",
        "grant_type=client_credentials&client_id=id1&client_secret=s%3A%23%2C&audience=https%3A%2F%2Fapi.zscaler.com",
    ] {
        let request = TokenRequest::parse(FORM, body.as_bytes(), None).unwrap();
        assert_eq!(request.client_ids(), ["id1"]);
        assert_eq!(secrets(&request), ["s:#,"]);
        assert_eq!(request.audience(), Some(AUDIENCE));
    }
}

#[test]
fn json_is_read_when_it_says_so() {
    let body = br#"{"grant_type":"client_credentials","client_id":"a","client_secret":"b","scope":["x"]}"#;
    let request = TokenRequest::parse(Some("application/json; charset=utf-8"), body, None).unwrap();
    assert_eq!((request.client_ids(), secrets(&request)), (&["a".to_owned()][..], &["b".to_owned()][..]));
    let number = br#"{"grant_type":"client_credentials","client_id":7}"#;
    assert_eq!(code(TokenRequest::parse(Some("application/json"), number, None)), "invalid_request");
    let broken = b"{\"grant_type\":\"client_credentials\",}";
    assert_eq!(code(TokenRequest::parse(Some("application/json"), broken, None)), "invalid_request");
}

#[test]
fn the_documents_examples_work_as_printed() {
    let comma = "{\n\"grant_type\": \"client_credentials\",\n\"client_id\": \"a\",\n\"client_secret\": \"b\",\n\
                 \"audience\": \"https://api.zscaler.com\",\n}";
    let request = TokenRequest::parse(FORM, comma.as_bytes(), None).unwrap();
    assert_eq!(request.client_ids(), ["a"]);
    assert_eq!(request.audience(), Some(AUDIENCE));

    let equals = "{\n\"grant_type\"=\"client_credentials\"\n\"client_id\"=\"a\"\n\"client_assertion\"=\"x.y.z\"\n\
                  \"client_assertion_type\"=\"urn:ietf:params:oauth:client-assertion-type:jwt-bearer\"\n\
                  \"audience\"=\"https://api.zscaler.com\"\n}";
    let request = TokenRequest::parse(FORM, equals.as_bytes(), None).unwrap();
    assert_eq!(request.proof(), &Proof::Assertion("x.y.z".into()));

    let header = "{\n\"grant_type\": \"client_credentials\",\n\"audience\": \"https://api.zscaler.com\"\n}";
    let request = TokenRequest::parse(FORM, header.as_bytes(), Some(&basic("a:b"))).unwrap();
    assert_eq!(secrets(&request), ["b"]);
    assert_eq!(
        code(TokenRequest::parse(FORM, b"{\"grant_type\" \"client_credentials\"}", None)),
        "invalid_request"
    );
    assert_eq!(code(TokenRequest::parse(FORM, b"{", None)), "invalid_request");
}

#[test]
fn a_basic_header_is_read_raw_first_and_then_decoded() {
    let body = b"grant_type=client_credentials";
    let request = TokenRequest::parse(FORM, body, Some(&basic("id:p%3Aq+r"))).unwrap();
    assert_eq!(request.client_ids(), ["id"]);
    assert_eq!(secrets(&request), ["p%3Aq+r", "p:q r"]);
    let request = TokenRequest::parse(FORM, body, Some("basic aWQ6YQ")).unwrap();
    assert_eq!(secrets(&request), ["a"], "any case of the scheme, no padding");
    let request = TokenRequest::parse(FORM, body, Some(&basic("id:a:b%"))).unwrap();
    assert_eq!(
        secrets(&request),
        ["a:b%"],
        "the first colon parts them, a lone percent sign stands for itself"
    );
}

#[test]
fn credentials_in_two_places_must_agree() {
    let header = basic("id:sec%41ret");
    let with = |body: &str| TokenRequest::parse(FORM, body.as_bytes(), Some(&header));
    assert!(with("grant_type=client_credentials&client_id=id&client_secret=sec%2541ret").is_ok());
    assert!(with("grant_type=client_credentials&client_id=id&client_secret=secAret").is_ok());
    assert!(with("grant_type=client_credentials&client_id=id").is_ok());
    assert_eq!(
        code(with("grant_type=client_credentials&client_id=id&client_secret=other")),
        "invalid_request"
    );
    assert_eq!(code(with("grant_type=client_credentials&client_id=other")), "invalid_request");
    let assertion =
        "grant_type=client_credentials&client_id=id&client_assertion=a.b.c&client_assertion_type=x";
    assert_eq!(code(with(assertion)), "invalid_request");
}

#[test]
fn what_is_missing_or_doubled_is_an_invalid_request() {
    let urn = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    for body in [
        String::new(),
        "client_id=a&client_secret=b".into(),
        "grant_type=&client_id=a&client_secret=b".into(),
        "grant_type=client_credentials".into(),
        "grant_type=client_credentials&client_id=a".into(),
        "grant_type=client_credentials&client_id=a&client_secret=".into(),
        "grant_type=client_credentials&client_secret=b".into(),
        "grant_type=client_credentials&client_id=a&client_id=a&client_secret=b".into(),
        "grant_type=client_credentials&client_id=a&client_assertion=x.y.z".into(),
        "grant_type=client_credentials&client_id=a&client_assertion=x.y.z&client_assertion_type=saml".into(),
        format!("grant_type=client_credentials&client_assertion=x.y.z&client_assertion_type={urn}"),
        format!(
            "grant_type=client_credentials&client_id=a&client_secret=b&client_assertion=c&client_assertion_type={urn}"
        ),
    ] {
        assert_eq!(code(TokenRequest::parse(FORM, body.as_bytes(), None)), "invalid_request", "{body}");
    }
    let body = b"grant_type=client_credentials&client_id=a&client_secret=b";
    for header in ["Basic", "Basic !!!", "Basic YQ==", "Basic OmI=", "Basic YTo="] {
        assert_eq!(code(TokenRequest::parse(FORM, body, Some(header))), "invalid_request", "{header}");
    }
    assert!(TokenRequest::parse(FORM, body, Some("Bearer x")).is_ok());
    assert!(TokenRequest::parse(None, body, None).is_ok());
    assert_eq!(code(TokenRequest::parse(Some("text/plain"), body, None)), "invalid_request");
    assert_eq!(code(TokenRequest::parse(FORM, b"\xff\xfe", None)), "invalid_request");
    assert_eq!(code(TokenRequest::parse(FORM, &[b'a'; LONGEST + 1], None)), "invalid_request");
}

#[test]
fn another_grant_is_unsupported() {
    for grant in ["password", "authorization_code", "refresh_token", "CLIENT_CREDENTIALS"] {
        let body = format!("grant_type={grant}&client_id=a&client_secret=b");
        assert_eq!(code(TokenRequest::parse(FORM, body.as_bytes(), None)), "unsupported_grant_type");
    }
}

#[test]
fn an_assertion_may_name_its_client_itself() {
    let payload = URL_SAFE_NO_PAD.encode(r#"{"iss":"me"}"#);
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
    let body = format!(
        "grant_type=client_credentials&client_assertion={header}.{payload}.AAAA&client_assertion_type={JWT_BEARER}"
    );
    let request = TokenRequest::parse(FORM, body.as_bytes(), None).unwrap();
    assert_eq!(request.client_ids(), ["me"]);
}

#[test]
fn debug_shows_no_proof() {
    let body = b"grant_type=client_credentials&client_id=a&client_secret=hunter2";
    let request = TokenRequest::parse(FORM, body, None).unwrap();
    assert!(!format!("{request:?}").contains("hunter2"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        media in prop::option::of("(application/json|application/x-www-form-urlencoded|[ -~]{0,20})"),
        body in prop::collection::vec(any::<u8>(), 0..200),
        header in prop::option::of("(Basic )?[ -~]{0,40}"),
    ) {
        let _ = TokenRequest::parse(media.as_deref(), &body, header.as_deref());
    }

    #[test]
    fn near_json_is_read_or_refused(body in r#"\{("[a-z_]{0,12}"|[:=,{}\[\] \\"]){0,20}\}?"#) {
        let _ = TokenRequest::parse(FORM, body.as_bytes(), None);
    }

    #[test]
    fn what_is_encoded_is_read_back(id in "\\PC{1,20}", secret in "\\PC{1,40}") {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &id)
            .append_pair("client_secret", &secret)
            .finish();
        let request = TokenRequest::parse(FORM, body.as_bytes(), None).unwrap();
        prop_assert_eq!(request.client_ids(), [id.as_str()]);
        prop_assert_eq!(secrets(&request), [secret.as_str()]);
    }
}
