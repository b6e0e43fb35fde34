//! Sends recorded calls to a server, with the ids that it gave and the token that it issued.

use std::time::Duration;

use anyhow::{Context as _, Result};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use zuno_client::{Client, Credentials, Method, Remote, Retries, Settings, Wire, wait_wanted};
use zuno_intercept::Host;
use zuno_recording::{Bindings, Body, Exchange};

/// What a path cannot hold as it is; a `%` is of an encoding that was recorded.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

/// How often a call is sent when the server asks to wait, and the longest wait that is obeyed.
const ATTEMPTS: u32 = 5;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Plays one conversation.
pub struct Player {
    wire: Wire,
    origin: String,
    bearer: String,
    customer: Option<String>,
    /// The server's ids for those of the recording.
    pub bindings: Bindings,
}

/// What a server made of a call.
pub struct Answer {
    /// What was sent.
    pub sent: Body,
    /// The status.
    pub status: u16,
    /// What came back.
    pub body: Body,
}

impl Player {
    /// For the server at an origin, with a token of its own and the customer that it is of.
    pub fn new(origin: &str, token: String, customer: Option<String>) -> Player {
        Player {
            wire: Wire::new(Some(origin)),
            origin: origin.to_owned(),
            bearer: format!("Bearer {token}"),
            customer,
            bindings: Bindings::default(),
        }
    }

    /// The same with a token that a tenant's client is given.
    ///
    /// # Errors
    /// It is given none.
    pub fn signed_in(origin: &str, vanity: &str, id: &str, secret: &str, customer: String) -> Result<Player> {
        let remote = Remote::Server { origin: origin.to_owned(), vanity: Some(vanity.to_owned()) };
        let credentials = Credentials::Secret { id: id.to_owned(), secret: secret.to_owned() };
        let client = Client::new(Settings { remote, credentials, retries: Retries::default() });
        Ok(Player::new(origin, client.token()?, Some(customer)))
    }

    /// Why a call cannot be sent elsewhere: it signs in, or its body was a secret.
    pub fn cannot_send(&self, exchange: &Exchange) -> Option<&'static str> {
        if exchange.path.starts_with("/oauth2/") || path(exchange).is_none() {
            return Some("it signs in");
        }
        exchange.sent().is_redacted().then_some("what was sent is secret")
    }

    /// Sends a recorded call as it reads here.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub fn send(&mut self, exchange: &Exchange) -> Result<Answer> {
        let path = path(exchange).unwrap_or_else(|| exchange.path.clone());
        if let (Some(recorded), Some(customer)) = (customer(&path), &self.customer) {
            self.bindings.bind(recorded, customer);
        }
        let path = self.bindings.path(&path);
        let mut url = format!("{}{}", self.origin, utf8_percent_encode(&path, NOT_IN_PATHS));
        if !exchange.query.is_empty() {
            let query = self.bindings.query(&exchange.query);
            url.push('?');
            url.push_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish());
        }
        let sent = match exchange.sent() {
            Body::Json(value) => Body::Json(self.bindings.value(&value)),
            other => other,
        };
        let method: Method =
            exchange.method.parse().with_context(|| format!("`{}` is no method", exchange.method))?;
        let bytes = sent.bytes();
        let mut headers = vec![("authorization", self.bearer.as_str()), ("accept", "application/json")];
        if bytes.is_some() {
            headers.push(("content-type", exchange.media.as_deref().unwrap_or("application/json")));
        }
        let mut attempts = 1;
        let answer = loop {
            let answer = self.wire.send(&method, &url, &headers, bytes.as_deref())?;
            let asked = matches!(answer.status, 429 | 503).then(|| {
                let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                wait_wanted(|name| answer.header(name), &answer.body, now.unwrap_or_default().as_secs())
            });
            match asked.flatten().filter(|wait| attempts < ATTEMPTS && *wait <= LONGEST_WAIT) {
                Some(wait) => std::thread::sleep(wait),
                None => break answer,
            }
            attempts += 1;
        };
        Ok(Answer { sent, status: answer.status, body: Body::of(&answer.body) })
    }

    /// Learns which ids the server gave, and what the conversation has made.
    pub fn learn(&mut self, exchange: &Exchange, answer: &Answer) {
        if let (true, Body::Json(recorded), Body::Json(answered)) =
            (answer.status < 300 && exchange.status < 300, exchange.answered(), &answer.body)
        {
            self.bindings.learn(&recorded, answered);
            if exchange.method != "GET" {
                self.bindings.made(&recorded);
            }
        }
    }
}

/// The path by which the gateway has what was called at an older host; nothing where the call signs in there, or nobody has it.
fn path(exchange: &Exchange) -> Option<String> {
    let Some(host) = exchange.host.as_deref() else { return Some(exchange.path.clone()) };
    let (product, signs_in): (&str, &[&str]) = match Host::of(host) {
        Host::LegacyZpa { .. } => ("/zpa", &["/signin", "/signout", "/logout"]),
        Host::LegacyZia { .. } => ("/zia", &["/api/v1/authenticatedSession", "/authenticatedSession"]),
        Host::LegacyConnector { .. } => ("/ztw", &["/api/v1/auth", "/auth"]),
        Host::LegacyMobile { .. } => ("/zcc", &["/papi/auth/v1/login"]),
        Host::LegacyZdx { .. } => ("/zdx", &["/v1/oauth/token", "/v1/oauth/jwks", "/v1/oauth/validate"]),
        // Reached by their paths alone.
        Host::Gateway { .. } | Host::Token { .. } | Host::Admin { .. } | Host::Endpoints | Host::Trust => {
            ("", &[])
        }
        // What counts there is a secret of its own.
        Host::Provisioning
        | Host::Sandbox { .. }
        | Host::LegacyWorkflow { .. }
        | Host::LegacyAiGuard { .. }
        | Host::Foreign => return None,
    };
    let path = exchange.path.as_str();
    (!signs_in.contains(&path)).then(|| format!("{product}{path}"))
}

/// The customer that a path of private access names.
pub fn customer(path: &str) -> Option<&str> {
    path.split_once("/customers/").and_then(|(_, rest)| rest.split('/').next())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_recording::Exchange;

    use super::{customer, path};

    #[test]
    fn calls_of_older_hosts_are_played_at_the_gateway() {
        let at = |host: &str, path: &str| -> Exchange {
            serde_json::from_value(json!({ "method": "GET", "host": host, "path": path, "status": 200 }))
                .unwrap()
        };
        for (host, called, played) in [
            ("zsapi.zscaler.net", "/api/v1/locations", Some("/zia/api/v1/locations")),
            ("zsapi.zscaler.net", "/api/v1/authenticatedSession", None),
            ("connector.zscaler.net", "/api/v1/ecgroup", Some("/ztw/api/v1/ecgroup")),
            ("config.private.zscaler.com", "/signin", None),
            ("config.zscaler.com", "/api/zscaler.net/cenr/json", Some("/api/zscaler.net/cenr/json")),
            ("csbapi.zscaler.net", "/zscsb/submit", None),
        ] {
            assert_eq!(path(&at(host, called)).as_deref(), played, "{host}{called}");
        }
        assert_eq!(customer("/zpa/mgmtconfig/v1/admin/customers/123/x"), Some("123"));
        assert_eq!(customer("/zia/api/v1/x"), None);
    }
}
