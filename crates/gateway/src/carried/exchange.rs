//! A call with its answer as it is recorded: with what says something of the cloud, and without secrets.

use std::io::Read as _;

use flate2::read::GzDecoder;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, OperationNumber, Takes};
use zuno_intercept::Host;
use zuno_recording::{Body, Exchange, REDACTED};

use crate::destination::{self, Destination};
use crate::json::depth;
use crate::mask::Mask;
use crate::request::Request;

/// The largest answer that is carried back and recorded, in bytes, as it came and unpacked.
pub const LARGEST_ANSWER: usize = 64 << 20;

/// The headers that say something of the cloud and nothing of who called.
const HEADERS: [&str; 6] = [
    "content-type",
    "content-disposition",
    "retry-after",
    "x-oneapi-version",
    "x-zscaler-mode",
    "deprecation",
];

/// How the names of others begin that do.
const HEADERS_BEGIN: [&str; 3] = ["x-ratelimit-", "ratelimit-", "x-rate-limit-"];

/// What of a form is told that signs somebody in.
const TOLD: [&str; 3] = ["grant_type", "audience", "client_assertion_type"];

/// How deep a body may be that is kept: a recording has it three levels deeper, and is read to 127.
const DEEPEST: usize = 120;

/// A call that was carried on.
pub struct Call<'a> {
    /// As it came.
    pub request: &'a Request,
    /// The service that it is for.
    pub destination: &'a Destination,
    /// The host that it went to.
    pub host: &'a str,
    /// The operation that it is of.
    pub number: Option<OperationNumber>,
}

impl Call<'_> {
    fn signs_in(&self) -> bool {
        matches!(self.destination, Destination::Identity { .. } | Destination::SignIn(_))
    }
}

/// A call with its answer.
pub fn recorded(
    catalogue: &Catalogue,
    call: &Call<'_>,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Exchange {
    let request = call.request;
    let product = match call.destination {
        Destination::Api { path, .. } => {
            catalogue.products().iter().find(|product| destination::is_below(path, &product.prefix))
        }
        _ => None,
    };
    let mask = Mask::of(catalogue, product.map(|product| product.name.as_str())).reading(REDACTED);
    let operation = call.number.map(|number| catalogue.operation(number).1);
    let is_secret = operation.is_some_and(|operation| operation.confidential);
    let sent = match Body::of(&request.body) {
        Body::None => Body::None,
        sent if call.signs_in() => signing_in(&sent),
        Body::Json(value)
            if !is_secret && (operation.is_some() || *call.destination == Destination::Provisioning) =>
        {
            masked(&mask, value, &request.body)
        }
        Body::Text(text)
            if !is_secret && operation.is_some_and(|operation| operation.takes == Some(Takes::Text)) =>
        {
            Body::Text(mask.text(&text))
        }
        // What was sent to no operation, or as a form, may be a secret of which nothing says where it stands.
        _ => Body::Text(REDACTED.into()),
    };
    let unpacked = unpacked(headers, body);
    let answered = match unpacked.as_deref().map(Body::of) {
        Some(Body::None) => Body::None,
        Some(Body::Json(value)) if !is_secret => {
            masked(&mask, value, unpacked.as_deref().unwrap_or_default())
        }
        Some(Body::Text(text)) if !is_secret => Body::Text(mask.text(&text)),
        Some(Body::Bytes(bytes)) if !is_secret => Body::Bytes(bytes),
        _ => Body::Text(REDACTED.into()),
    };
    let by_path =
        matches!(Host::of(call.host), Host::Gateway { .. } | Host::Token { .. } | Host::Admin { .. });
    let is_json = matches!(sent, Body::Json(_) | Body::None);
    let media = request.header("content-type").filter(|_| !is_json).map(str::to_owned);
    let mut query = request.query.clone();
    mask.query(&mut query);
    Exchange {
        method: request.head.method.to_string(),
        host: (!by_path).then(|| call.host.to_owned()),
        path: request.head.uri.path().to_owned(),
        query,
        media,
        request: sent.written(json!({})),
        status,
        headers: told(headers),
        response: answered.written(Value::Null),
    }
}

fn told(headers: &HeaderMap) -> std::collections::BTreeMap<String, String> {
    let is_told =
        |name: &str| HEADERS.contains(&name) || HEADERS_BEGIN.iter().any(|begin| name.starts_with(begin));
    let pairs = headers.iter().filter(|(name, _)| is_told(name.as_str()));
    pairs.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect()
}

/// JSON without its secrets; nothing of it where it is deeper than a recording is read.
fn masked(mask: &Mask, mut value: Value, bytes: &[u8]) -> Body {
    if depth(bytes) > DEEPEST {
        return Body::Text(REDACTED.into());
    }
    mask.put_on(&mut value);
    Body::Json(value)
}

/// Who signs in tells nothing but secrets, and how it does.
fn signing_in(sent: &Body) -> Body {
    let hidden = |name: &str, value: &str| match TOLD.contains(&name) {
        true => value.to_owned(),
        false => REDACTED.to_owned(),
    };
    match sent {
        Body::Json(Value::Object(members)) => {
            Body::Json(members.keys().map(|name| (name.clone(), Value::from(REDACTED))).collect())
        }
        Body::Text(text) if text.contains('=') => {
            let pairs = form_urlencoded::parse(text.as_bytes());
            let pairs =
                pairs.map(|(name, value)| (hidden(&name, &value), name)).map(|(value, name)| (name, value));
            Body::Text(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
        }
        _ => Body::Text(REDACTED.into()),
    }
}

/// A body as it was before it was packed; nothing where it cannot be read, or is too long then.
fn unpacked(headers: &HeaderMap, body: &[u8]) -> Option<Vec<u8>> {
    match headers.get(CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"identity") => Some(body.to_vec()),
        _ if body.is_empty() => Some(Vec::new()),
        Some(b"gzip") => {
            let mut whole = Vec::new();
            let most = u64::try_from(LARGEST_ANSWER).unwrap_or(u64::MAX);
            GzDecoder::new(body).take(most + 1).read_to_end(&mut whole).ok()?;
            (whole.len() <= LARGEST_ANSWER).then_some(whole)
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;
    use serde_json::json;
    use zuno_catalogue::{Catalogue, Target};

    use super::{Call, recorded};
    use crate::api::method;
    use crate::destination::{self, Destination};
    use crate::request::Request;
    use crate::respond::gzip;

    /// A call as it is recorded, in the words of the file.
    fn kept(
        method_name: &str,
        target: &str,
        sent: &str,
        headers: &[(&'static str, &str)],
        answered: &[u8],
    ) -> String {
        let catalogue = Catalogue::compiled();
        let builder = http::Request::builder().method(method_name).uri(target);
        let (head, ()) =
            builder.header("authorization", "Bearer swordfish").body(()).expect("a request").into_parts();
        let request = Request::new(head, Bytes::copy_from_slice(sent.as_bytes()));
        let host = request.host().to_owned();
        let destination = destination::of(&host, &request.path);
        let router = zuno_catalogue::Router::new(&catalogue);
        let number = match &destination {
            Destination::Api { path, .. } => {
                let route = method(&request.head.method).and_then(|method| router.find(method, path));
                route.and_then(|route| match route.target {
                    Target::Built(number) => Some(number),
                    Target::Absent { .. } => None,
                })
            }
            _ => None,
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a header"));
        }
        let call = Call { request: &request, destination: &destination, host: &host, number };
        recorded(&catalogue, &call, 200, &map, answered).to_string()
    }

    #[test]
    fn no_secret_gets_into_a_recording() {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzd29yZGZpc2gifQ.c3dvcmRmaXNo";
        let form = "grant_type=client_credentials&client_id=swordfish&client_secret=swordfish&client_assertion=swordfish";
        let token = format!("{{\"access_token\":\"{jwt}\",\"expires_in\":5}}");
        let login = r#"{"username":"swordfish","password":"swordfish","apiKey":"swordfish","timestamp":"1"}"#;
        let pem = "-----BEGIN RSA PRIVATE KEY-----\\nswordfish\\n-----END RSA PRIVATE KEY-----";
        for (method, target, sent, answered) in [
            ("POST", "https://acme.zslogin.net/oauth2/v1/token", form, token.as_str()),
            ("POST", "https://zsapi.zscaler.net/api/v1/authenticatedSession", login, r#"{"authType":"x"}"#),
            ("POST", "https://config.private.zscaler.com/signin", form, r#"{"access_token":"swordfish"}"#),
            (
                "POST",
                "https://api.zsapi.net/zia/api/v1/vpnCredentials",
                r#"{"preSharedKey":"swordfish"}"#,
                r#"{"preSharedKey":"swordfish"}"#,
            ),
            ("GET", "https://api.zsapi.net/zcc/papi/public/v1/getOtp?udid=1", "", r#"{"otp":"swordfish"}"#),
            ("POST", "https://api.zsapi.net/zia/api/v1/unheardOf", r#"{"secretly":"swordfish"}"#, "{}"),
            ("GET", "https://csbapi.zscaler.net/zscsb/report?api_token=swordfish", "", "{}"),
            (
                "GET",
                "https://api.zsapi.net/zia/api/v1/unheardOf",
                "",
                &format!("[{{\"note\":\"{pem}\"}},\"see {jwt}\"]"),
            ),
        ] {
            let text =
                kept(method, target, sent, &[("set-cookie", "JSESSIONID=swordfish")], answered.as_bytes());
            let told = text.contains("swordfish") || text.contains("eyJ") || text.contains("c3dvcmRmaXNo");
            assert!(!told, "{target}: {text}");
            assert!(text.contains("REDACTED") || !target.contains("zslogin"), "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_is_kept_as_it_was() {
        let headers = [
            ("content-encoding", "gzip"),
            ("x-ratelimit-limit", "500"),
            ("content-type", "application/json"),
            ("server", "x"),
        ];
        let packed = gzip(br#"{"id":7,"name":"A"}"#);
        let text = kept(
            "PUT",
            "https://api.zsapi.net/zia/api/v1/ruleLabels/7?a=b+c",
            r#"{"name":"A"}"#,
            &headers,
            &packed,
        );
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(
            read,
            json!({
                "method": "PUT", "path": "/zia/api/v1/ruleLabels/7", "query": [["a", "b c"]], "request": { "name": "A" },
                "status": 200, "headers": { "content-type": "application/json", "x-ratelimit-limit": "500" },
                "response": { "id": 7, "name": "A" },
            })
        );
        let older = kept("GET", "https://connector.zscaler.net/api/v1/ecgroup", "", &[], b"\"a\",\"b\"\n");
        assert!(older.contains(r#""host": "connector.zscaler.net""#) && older.contains("$text"), "{older}");
    }
}
