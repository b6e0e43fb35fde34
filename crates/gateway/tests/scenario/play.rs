//! Plays a conversation against a cloud of its own.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt;
use serde_json::Value;
use zuno_catalogue::Catalogue;
use zuno_gateway::{Clock, Cloud, FirstTenant, Options};
use zuno_identity::{KeysInMemory, Secret};
use zuno_store::Store;

use super::authority::Authorities;
use super::pattern::{self, Names};
use super::read::{Body, Exchange};

const CLIENT: &str = "scenario";
const SECRET: &str = "scenario-secret";
const OPERATOR: &str = "scenario-operator";

/// A fresh tenant with the sample fleet, and a super-admin's token.
pub struct Player {
    cloud: Arc<Cloud>,
    token: String,
    customer: String,
    portal: String,
    key: String,
    names: Names,
    authorities: Authorities,
    began: i64,
}

/// What came back.
struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: Bytes,
}

/// The catalogue built in, or the folder that `CATALOGUE` names, read afresh: who writes one needs no build between tries.
fn catalogue() -> Catalogue {
    match std::env::var_os("CATALOGUE") {
        None => Catalogue::compiled(),
        Some(folder) => Catalogue::from_folder(Path::new(&folder)).unwrap_or_else(|wrong| panic!("{wrong}")),
    }
}

/// A key as clients of the older hosts obfuscate it: its letters at the last six digits of the time in milliseconds, then at
/// those of half their number, moved on by two (documented).
fn obfuscated(key: &str, time_ms: i64) -> String {
    let key: Vec<char> = key.chars().collect();
    let last = time_ms % 1_000_000;
    let (last, half) = (format!("{last:06}"), format!("{:06}", last / 2));
    let place = |digit: char| digit.to_digit(10).expect("a digit") as usize;
    let first = last.chars().map(|digit| key[place(digit)]);
    first.chain(half.chars().map(|digit| key[place(digit) + 2])).collect()
}

impl Player {
    /// Starts a cloud on a store and signs in.
    pub async fn start(store: Arc<dyn Store>) -> Player {
        let first = FirstTenant {
            client_id: Some(CLIENT.into()),
            client_secret: Some(Secret::chosen(SECRET)),
            ..FirstTenant::default()
        };
        // ES256: making an RSA key for every conversation would take most of the time.
        let operator = Some(Secret::chosen(OPERATOR));
        let options = Options { first, es256: true, operator, ..Options::default() };
        let cloud = Cloud::open(store, Arc::new(KeysInMemory::default()), catalogue(), options)
            .expect("a cloud opens");
        cloud.first_tenant(|_| Ok(())).expect("the first tenant is made");
        let tenant = Arc::clone(&cloud.tenants().expect("they are read")[0]);
        let older = cloud.older_keys(&tenant, CLIENT).expect("they are read").expect("the client is there");
        let (customer, portal) = (tenant.customer_id.to_string(), older.sandbox_token);
        let (names, authorities, began) = (Names::new(), Authorities::default(), Clock::real());
        let key = obfuscated(&older.api_key, began * 1000);
        let mut player =
            Player { cloud, token: String::new(), customer, portal, key, names, authorities, began };
        let form = format!(
            "grant_type=client_credentials&client_id={CLIENT}&client_secret={SECRET}&audience=https://api.zscaler.com"
        );
        let headers = [("host", "acme.zslogin.net"), ("content-type", "application/x-www-form-urlencoded")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = player.send("POST", "/oauth2/v1/token", &headers, form.into()).await;
        let body: Value = serde_json::from_slice(&answer.body).expect("the token's answer is JSON");
        player.token = body["access_token"].as_str().expect("a token came").to_owned();
        player
    }

    async fn send(&self, method: &str, target: &str, headers: &[(String, String)], body: Bytes) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        let named = |name: &str| headers.iter().any(|(given, _)| given == name);
        // What lies below is the operator's; all else is an administrator's at the cloud's gateway.
        let operates = target.starts_with("/_zuno/");
        if !named("host") {
            request = request.header("host", if operates { "localhost" } else { "api.zsapi.net" });
        }
        if !named("authorization") && !self.token.is_empty() {
            let token = if operates { OPERATOR } else { &self.token };
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if !named("content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers.iter().filter(|(name, value)| name != "authorization" || value != "none")
        {
            request = request.header(name.as_str(), value.as_str());
        }
        let (head, ()) = request.body(()).expect("the request is well formed").into_parts();
        let response = self.cloud.answer(head, body).await;
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("the body is whole").to_bytes();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// A text with what is known from the beginning: the customer id, the client's token of the sandbox portal, the time at
    /// which the conversation began, and the organization's key as it is obfuscated with that.
    fn known(&self, text: &str) -> String {
        let text = text.replace("{customer}", &self.customer).replace("{sandbox-token}", &self.portal);
        pattern::at(&text.replace("{obfuscated-key}", &self.key), self.began)
    }

    /// Plays one exchange; the error tells how the answer differs.
    pub async fn play(&mut self, exchange: &Exchange, folder: &Path) -> Result<(), String> {
        let fill = |text: &str| pattern::in_text(&self.known(text), &self.names);
        let target = fill(&exchange.target).replace(' ', "%20");
        let headers: Vec<_> =
            exchange.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
        let is_json = !headers.iter().any(|(name, value)| name == "content-type" && !value.contains("json"));
        let body = match &exchange.body {
            Body::None => Bytes::new(),
            Body::Inline(text) if is_json => {
                let pattern = pattern::read(&self.known(text))?;
                pattern::filled(pattern, &self.names)?.to_string().into()
            }
            Body::Inline(text) => {
                let signed = self.authorities.fill(text, &self.names)?;
                let text = pattern::in_text(&self.known(&signed), &self.names);
                let form = headers.iter().any(|(_, value)| value.starts_with("multipart/"));
                // The lines of a form end as those of a header do.
                if form { format!("{}\r\n", text.replace('\n', "\r\n")).into() } else { text.into() }
            }
            Body::File(name) => {
                let text =
                    fs::read_to_string(folder.join(name)).map_err(|cause| format!("{name}: {cause}"))?;
                let pattern = pattern::read(&self.known(&text))?;
                pattern::filled(pattern, &self.names)?.to_string().into()
            }
        };
        let answer = self.send(&exchange.method, &target, &headers, body).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let short: String = text.chars().take(800).collect();
        let shown = || format!("  {} {target}\n  answered {} {short}", exchange.method, answer.status);
        if answer.status != exchange.status {
            return Err(format!("  wanted status {}\n{}", exchange.status, shown()));
        }
        for (name, wanted) in &exchange.wanted_headers {
            let got = answer.headers.get(name).and_then(|value| value.to_str().ok());
            if got.is_none_or(|got| got != wanted && wanted != "...") {
                let got = got.map_or("none".into(), |got| format!("`{got}`"));
                return Err(format!("  wanted the header {name}: {wanted}, got {got}\n{}", shown()));
            }
        }
        self.compare(&exchange.answer, &text).map_err(|problem| format!("  {problem}\n{}", shown()))
    }

    fn compare(&mut self, wanted: &str, got: &str) -> Result<(), String> {
        let wanted = self.known(wanted);
        match (wanted.is_empty(), got.is_empty()) {
            (true, true) => return Ok(()),
            (true, false) => return Err("no body was expected".into()),
            (false, true) if wanted != "..." => return Err("a body was expected".into()),
            _ => {}
        }
        if wanted == "..." {
            return Ok(());
        }
        match serde_json::from_str::<Value>(got) {
            Ok(got) => pattern::matches(&pattern::read(&wanted)?, &got, "", &mut self.names),
            Err(_) if pattern::is_text(&pattern::in_text(&wanted, &self.names), got) => Ok(()),
            // A file's whole text has a name, as a value of JSON has.
            Err(_) if pattern::names(&wanted).any(|name| wanted == format!("${name}")) => {
                let text = Value::String(got.to_owned());
                pattern::matches(&pattern::read(&wanted)?, &text, "", &mut self.names)
            }
            Err(_) => Err("the answer is no JSON and not the text wanted".into()),
        }
    }
}
