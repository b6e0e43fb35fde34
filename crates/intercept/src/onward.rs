//! Calls carried on to the real cloud: over TLS under its own names, as the network that this machine is in is left.

use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, Uri, header::VIA};
use http_body_util::Full;
use hyper::{
    body::Incoming,
    rt::{Read, ReadBufCursor, Write},
};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{Connected, Connection},
    },
    rt::{TokioExecutor, TokioIo},
};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName};
use rustls_native_certs::load_native_certs;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tower_service::Service;

use crate::{
    front::host_name,
    socket::set_options,
    upstream::{Far, Upstream},
};

/// Where the cloud's hosts listen.
const PORT: u16 = 443;
/// How long a connection may take to be made, TLS included.
const DIAL: Duration = Duration::from_secs(15);
/// How long an answer may take to begin: the slowest documented operations answer within minutes.
const ANSWER: Duration = Duration::from_secs(300);
/// How many connections to a host are kept for the next call.
const IDLE: usize = 8;

/// Why a call was not answered by the real cloud.
#[derive(Debug, thiserror::Error)]
pub enum NotCarried {
    /// It has been carried by this very server already.
    #[error("it came back to this server: what leads there, a proxy or a name, leads here")]
    Circle,
    /// The answer did not begin in time.
    #[error("no answer within {} s", ANSWER.as_secs())]
    Late,
    /// The host cannot be reached, or what it says is no answer.
    #[error("{0}")]
    Failed(String),
}

/// The way to the real cloud.
pub struct Onward {
    client: Client<Dialler, Full<Bytes>>,
    /// By which name this server passes calls on (RFC 9110, 7.6.3).
    name: String,
}

impl fmt::Debug for Onward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Onward").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Onward {
    /// By the proxies of the environment as it was before; this machine's trust store tells who the cloud is. `name` is this
    /// server's alone.
    ///
    /// # Errors
    /// This machine trusts nobody.
    pub fn new(upstream: Arc<Upstream>, name: &str) -> io::Result<Onward> {
        let mut roots = RootCertStore::empty();
        // What cannot be read is left out, as other programs of this machine do.
        roots.add_parsable_certificates(load_native_certs().certs);
        if roots.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "this machine has no certificates that it trusts",
            ));
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let dialler = Dialler { upstream, tls: TlsConnector::from(Arc::new(tls)) };
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(IDLE).build(dialler);
        Ok(Onward { client, name: format!("zuno-{name}") })
    }

    /// Sends a request whose URI names one of the cloud's hosts, and answers once the answer begins.
    ///
    /// # Errors
    /// It was carried here already, or nobody answers.
    pub async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<Response<Incoming>, NotCarried> {
        if self.has_carried(request.headers()) {
            return Err(NotCarried::Circle);
        }
        let via = HeaderValue::try_from(format!("1.1 {}", self.name)).expect("a name is a header's text");
        request.headers_mut().append(VIA, via);
        match timeout(ANSWER, self.client.request(request)).await {
            Ok(answer) => answer.map_err(|wrong| NotCarried::Failed(causes(&wrong))),
            Err(_) => Err(NotCarried::Late),
        }
    }

    fn has_carried(&self, headers: &HeaderMap) -> bool {
        let said = headers.get_all(VIA).iter().filter_map(|value| value.to_str().ok());
        said.flat_map(|value| value.split(',')).any(|hop| hop.trim().ends_with(&self.name))
    }
}

/// An error with what caused it, whose own words often say nothing.
fn causes(wrong: &dyn std::error::Error) -> String {
    let mut words = wrong.to_string();
    let mut next = wrong.source();
    while let Some(cause) = next {
        words = cause.to_string();
        next = cause.source();
    }
    words
}

/// Makes connections.
#[derive(Clone)]
struct Dialler {
    upstream: Arc<Upstream>,
    tls: TlsConnector,
}

impl Dialler {
    async fn dial(self, uri: Uri) -> io::Result<Secured> {
        let host = host_name(uri.host().unwrap_or_default());
        let far: Far = match self.upstream.proxy("https", &host) {
            Some(next) => next.tunnel(&host, PORT, DIAL).await?,
            None => {
                let far = TcpStream::connect((host.as_str(), PORT)).await?;
                set_options(&far);
                Box::new(far)
            }
        };
        let name = ServerName::try_from(host).map_err(io::Error::other)?;
        Ok(Secured(TokioIo::new(self.tls.connect(name, far).await?)))
    }
}

impl Service<Uri> for Dialler {
    type Response = Secured;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Secured>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialler = self.clone();
        let late = || io::Error::new(io::ErrorKind::TimedOut, "no connection in time");
        Box::pin(async move { timeout(DIAL, dialler.dial(uri)).await.map_err(|_| late())? })
    }
}

/// A connection to one of the cloud's hosts.
struct Secured(TokioIo<TlsStream<Far>>);

impl Connection for Secured {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl Write for Secured {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_not_carried_in_a_circle() {
        let roots = load_native_certs().certs;
        if roots.is_empty() {
            eprintln!("SKIPPED: this machine trusts nobody");
            return;
        }
        let onward = Onward::new(Arc::new(Upstream::direct()), "a1b2").unwrap();
        let with = |via: &str| {
            let mut headers = HeaderMap::new();
            headers.append(VIA, HeaderValue::try_from(via).unwrap());
            onward.has_carried(&headers)
        };
        assert!(with("1.1 zuno-a1b2") && with("1.1 corp, 1.1 zuno-a1b2"));
        assert!(!with("1.1 zuno-ffff") && !with("1.1 corp"));
    }
}
