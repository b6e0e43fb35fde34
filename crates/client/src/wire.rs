//! One HTTP exchange: the agent, the request, and the whole answer in memory.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Method, Request};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::Error;

/// The longest a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(15);
/// The longest one exchange may take: the slowest documented operations answer within minutes.
const WHOLE: Duration = Duration::from_secs(300);
/// The largest answer read, in bytes.
const LARGEST: u64 = 512 << 20;

/// What came back, whatever the status.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A header's text, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON; null when it is empty or no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Sends requests as they are given: no token, no second try.
#[derive(Debug)]
pub struct Wire {
    agent: Agent,
}

impl Wire {
    /// For the cloud's own hosts, where the proxy variables are obeyed and what this machine trusts is trusted; or for
    /// the server at an origin such as `http://127.0.0.1:8080`, which is reached directly.
    pub fn new(server: Option<&str>) -> Wire {
        Wire { agent: agent(server) }
    }

    /// Sends a request and takes the whole answer in. Headers have lower-case names; `host` may be among them.
    ///
    /// # Errors
    /// No answer came, or the request cannot be written.
    pub fn send(
        &self,
        method: &Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Response, Error> {
        exchange(&self.agent, method, url, headers, body)
    }
}

fn agent(server: Option<&str>) -> Agent {
    let builder = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(WHOLE))
        .user_agent(concat!("zuno/", env!("CARGO_PKG_VERSION")));
    let builder = match server {
        // Reading this machine's certificates takes longer than the call.
        Some(origin) if origin.starts_with("http:") => builder.proxy(None),
        Some(_) => builder.proxy(None).tls_config(tls()),
        None => builder.tls_config(tls()),
    };
    builder.build().new_agent()
}

fn tls() -> TlsConfig {
    // Reads `SSL_CERT_FILE`, by which a local CA is made known.
    let found = rustls_native_certs::load_native_certs().certs;
    let roots = if found.is_empty() {
        RootCerts::WebPki
    } else {
        let certificates: Vec<_> = found.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
        RootCerts::Specific(Arc::new(certificates))
    };
    TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
        .build()
}

fn exchange(
    agent: &Agent,
    method: &Method,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Result<Response, Error> {
    let unreachable = |cause: ureq::Error| Error::Unreachable { host: host_of(url), why: cause.to_string() };
    let wrong = |_| Error::Setting(format!("{url} cannot be called: it is no URL, or a header is no text"));
    let answer = match (body, method) {
        // Some deletes of many read their ids from a body, which no other agent would send.
        (Some(body), &Method::DELETE | &Method::GET) => {
            let start = if method == Method::GET { agent.get(url) } else { agent.delete(url) };
            let with = headers.iter().fold(start, |request, (name, value)| request.header(*name, *value));
            with.force_send_body().send(body)
        }
        (body, _) => {
            let mut request = Request::builder().method(method).uri(url);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let bodiless = matches!(*method, Method::GET | Method::DELETE | Method::HEAD);
            if bodiless {
                agent.run(request.body(()).map_err(wrong)?)
            } else {
                agent.run(request.body(body.unwrap_or_default()).map_err(wrong)?)
            }
        }
    };
    let mut answer = answer.map_err(unreachable)?;
    let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(unreachable)?;
    Ok(Response { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
}

fn host_of(url: &str) -> String {
    let uri: Option<ureq::http::Uri> = url.parse().ok();
    uri.and_then(|uri| uri.authority().map(ToString::to_string)).unwrap_or_else(|| url.to_owned())
}
