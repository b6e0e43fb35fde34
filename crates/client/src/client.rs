//! Calls with a token: fetched when needed, fetched anew when refused, patient when asked to be.

use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use serde_json::Value;
use ureq::http::Method;

use crate::{ApiError, Error, Remote, Response, Wire, assertion, wait};

/// How an API client proves who it is.
#[derive(Clone)]
pub enum Credentials {
    /// An id and a secret.
    Secret {
        /// The API client's id.
        id: String,
        /// Its secret.
        secret: String,
    },
    /// An id and a private key, whose public half the identity service knows.
    Key {
        /// The API client's id.
        id: String,
        /// The key in PEM: RSA, or EC on P-256.
        pem: String,
    },
}

impl Credentials {
    /// The API client's id.
    pub fn id(&self) -> &str {
        match self {
            Credentials::Secret { id, .. } | Credentials::Key { id, .. } => id,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if matches!(self, Credentials::Key { .. }) { "Key" } else { "Secret" };
        f.debug_struct(way).field("id", &self.id()).finish_non_exhaustive()
    }
}

/// What to do when the cloud asks to wait (429, 503).
pub struct Retries {
    /// How often one call is sent at most; 1 never waits.
    pub attempts: u32,
    /// The longest wait that is obeyed; a longer one makes the call fail at once.
    pub longest: Duration,
    /// Whether a call is sent again as well that was refused because somebody else was changing things, and one that changes
    /// nothing when it failed (5xx) or was cut off: what long work wants, and a single call need not wait for.
    pub stubborn: bool,
    /// Waits; told why.
    #[expect(clippy::type_complexity, reason = "said once")]
    pub wait: Box<dyn Fn(Duration, &Error) + Send + Sync>,
}

impl Default for Retries {
    fn default() -> Retries {
        Retries {
            attempts: 5,
            longest: Duration::from_secs(300),
            stubborn: false,
            wait: Box::new(|wait, _| std::thread::sleep(wait)),
        }
    }
}

/// What a client needs to know.
#[derive(Debug)]
pub struct Settings {
    /// Where calls go.
    pub remote: Remote,
    /// How the client proves who it is.
    pub credentials: Credentials,
    /// What it does when it is asked to wait.
    pub retries: Retries,
}

impl fmt::Debug for Retries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retries").field("attempts", &self.attempts).finish_non_exhaustive()
    }
}

/// A client with its token.
pub struct Client {
    settings: Settings,
    wire: Wire,
    token: Mutex<Option<Token>>,
}

struct Token {
    text: String,
    ends: Instant,
}

/// A token this close to its end is not used any more.
const MARGIN: Duration = Duration::from_secs(30);

/// The media type of most bodies.
const JSON: &str = "application/json";

impl Client {
    /// A client that has not called yet.
    pub fn new(settings: Settings) -> Client {
        let server = match &settings.remote {
            Remote::Server { origin, .. } => Some(origin.as_str()),
            Remote::Cloud { .. } => None,
        };
        let wire = Wire::new(server);
        Client { settings, wire, token: Mutex::new(None) }
    }

    /// Where it calls.
    pub fn remote(&self) -> &Remote {
        &self.settings.remote
    }

    /// As whom it calls.
    pub fn credentials(&self) -> &Credentials {
        &self.settings.credentials
    }

    /// The access token: the one at hand, or a new one.
    ///
    /// # Errors
    /// The token endpoint cannot be reached or refuses.
    pub fn token(&self) -> Result<String, Error> {
        let mut kept = self.token.lock();
        if let Some(token) = kept.as_ref().filter(|token| Instant::now() + MARGIN < token.ends) {
            return Ok(token.text.clone());
        }
        let answer = self.new_token()?;
        let body = answer.json();
        let text = body.get("access_token").and_then(Value::as_str).unwrap_or_default().to_owned();
        let seconds = body.get("expires_in").and_then(Value::as_u64).unwrap_or(0);
        let ends = Instant::now() + Duration::from_secs(seconds);
        *kept = Some(Token { text: text.clone(), ends });
        Ok(text)
    }

    /// Asks the token endpoint; the whole answer. Some tenants refuse a request that names its audience, where others want
    /// it named (client): refused for anything but the credentials, it asks once more without.
    ///
    /// # Errors
    /// It cannot be reached or refuses.
    pub fn new_token(&self) -> Result<Response, Error> {
        match self.ask_token(true) {
            Err(Error::NoToken(refusal)) if refusal.status == 400 && !blames_client(&refusal) => {
                self.ask_token(false).map_err(|_| Error::NoToken(refusal))
            }
            other => other,
        }
    }

    fn ask_token(&self, names_audience: bool) -> Result<Response, Error> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        match &self.settings.credentials {
            Credentials::Secret { id, secret } => {
                form.append_pair("client_id", id).append_pair("client_secret", secret);
            }
            Credentials::Key { id, pem } => {
                let assertion = assertion::signed(id, pem, assertion::AUDIENCE, now())?;
                form.append_pair("client_id", id)
                    .append_pair(
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                    )
                    .append_pair("client_assertion", &assertion);
            }
        }
        if names_audience {
            form.append_pair("audience", assertion::AUDIENCE);
        }
        let form = form.finish();
        let host = self.settings.remote.token_host();
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(host.as_deref().map(|host| ("host", host)));
        let url = self.settings.remote.token_url();
        let sent = self.with_retries(&Method::POST, "/oauth2/v1/token", || {
            self.wire.send(&Method::POST, &url, &headers, Some(form.as_bytes()))
        });
        match sent {
            Err(Error::Refused(refusal)) => Err(Error::NoToken(refusal)),
            Ok(answer) if answer.json().get("access_token").is_none_or(|token| !token.is_string()) => {
                let refusal = ApiError::read("POST", "/oauth2/v1/token", answer.status, None, answer.body);
                Err(Error::NoToken(refusal))
            }
            other => other,
        }
    }

    /// Calls an operation: `path` with the product's prefix, as in `/zia/api/v1/status`.
    ///
    /// # Errors
    /// No token, no answer, or a refusal, which one family gives under status 200.
    pub fn call(
        &self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> Result<Response, Error> {
        let body = body.map(|body| body.to_string().into_bytes());
        self.call_with(method, path, query, body.as_deref().map(|bytes| (JSON, bytes)))
    }

    /// As [`Client::call`], with a body of any media type.
    ///
    /// # Errors
    /// As there.
    pub fn call_with(
        &self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        body: Option<(&str, &[u8])>,
    ) -> Result<Response, Error> {
        let mut url = format!("{}{path}", self.settings.remote.gateway());
        if !query.is_empty() {
            url.push('?');
            url.push_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish());
        }
        let first = self.send(method, path, &url, body);
        match first {
            // The token may have been revoked, or the server started anew: once more with a new one.
            Err(Error::Refused(refusal)) if refusal.status == 401 => {
                *self.token.lock() = None;
                self.send(method, path, &url, body)
            }
            other => other,
        }
    }

    fn send(
        &self,
        method: &Method,
        path: &str,
        url: &str,
        body: Option<(&str, &[u8])>,
    ) -> Result<Response, Error> {
        let bearer = format!("Bearer {}", self.token()?);
        let mut headers = vec![("authorization", bearer.as_str()), ("accept", "application/json")];
        headers.extend(body.map(|(media, _)| ("content-type", media)));
        let body = body.map(|(_, bytes)| bytes);
        let answer = self.with_retries(method, path, || self.wire.send(method, url, &headers, body))?;
        // Client Connector refuses with a 200 that says so in its body (seen).
        let success = answer.json().get("success").cloned();
        let refused = matches!(&success, Some(Value::Bool(false))) || success == Some("false".into());
        if path.starts_with("/zcc/") && refused {
            return Err(Error::Refused(ApiError::read(
                method.as_str(),
                path,
                answer.status,
                None,
                answer.body,
            )));
        }
        Ok(answer)
    }

    fn with_retries(
        &self,
        method: &Method,
        path: &str,
        send: impl Fn() -> Result<Response, Error>,
    ) -> Result<Response, Error> {
        let retries = &self.settings.retries;
        let reads = *method == Method::GET || *method == Method::HEAD;
        let mut sent = 0;
        loop {
            let reply = send();
            sent += 1;
            let (wrong, asked, wanted) = match reply {
                Ok(reply) if reply.status < 400 => return Ok(reply),
                Ok(reply) => {
                    let wanted = wait::wanted(|name| reply.header(name), &reply.body, now());
                    let id = reply.header("x-oneapi-request-id").map(str::to_owned);
                    let refusal =
                        ApiError::read(method.as_str(), path, reply.status, id.as_deref(), reply.body);
                    let failed = reads && refusal.status >= 500 && refusal.status != 501;
                    let stubborn = retries.stubborn && (failed || refusal.is_locked());
                    let asked = matches!(refusal.status, 429 | 503) || stubborn;
                    (Error::Refused(refusal), asked, wanted)
                }
                Err(wrong) => {
                    let cut_off = matches!(wrong, Error::Unreachable { .. });
                    (wrong, retries.stubborn && reads && cut_off, None)
                }
            };
            // Without a wish: one second, then two, then four.
            let wait = wanted.unwrap_or(Duration::from_secs(1 << (sent - 1).min(5)));
            if !asked || sent >= retries.attempts || wait > retries.longest {
                return Err(wrong);
            }
            (retries.wait)(wait, &wrong);
        }
    }
}

/// Seconds since the Unix epoch.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Whether a refused token request is so for who asked, and not for how.
fn blames_client(refusal: &ApiError) -> bool {
    let body: Value = serde_json::from_slice(&refusal.body).unwrap_or_default();
    matches!(body["error"].as_str(), Some("invalid_client" | "unauthorized_client" | "access_denied"))
}
