//! The proxy of the network this machine is in: foreign hosts are reached through it, as its programs would.

use std::{fmt, io, net::IpAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::Empty;
use hyper_util::{
    client::{
        legacy::connect::{
            HttpConnector,
            proxy::{SocksV4, SocksV5},
        },
        proxy::matcher::{Intercept, Matcher},
    },
    rt::TokioIo,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use tower_service::Service as _;

use crate::{before::Before, beyond, socket::set_options};

/// How foreign hosts are reached: directly, or through the proxy that the environment names for them.
pub struct Upstream {
    matcher: Option<Matcher>,
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream").field("matcher", &self.matcher).finish()
    }
}

/// A connection to a foreign host.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// The far end of a connection to a foreign host.
pub(crate) type Far = Box<dyn Stream>;

impl Upstream {
    /// No proxy: every host directly.
    pub fn direct() -> Upstream {
        Upstream { matcher: None }
    }

    /// By `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either spelling, as they were before.
    pub fn of(before: &Before) -> Upstream {
        let matcher = Matcher::builder()
            .all(before.either("ALL_PROXY"))
            .http(before.either("HTTP_PROXY"))
            .https(before.either("HTTPS_PROXY"))
            .no(before.either("NO_PROXY"));
        Upstream { matcher: Some(matcher.build()) }
    }

    /// The proxy for a host; this machine's own names never have one.
    pub(crate) fn proxy(&self, scheme: &str, host: &str) -> Option<Next> {
        let here = host.parse::<IpAddr>().map_or(host == "localhost", |ip| ip.to_canonical().is_loopback());
        if here {
            return None;
        }
        let uri: Uri = format!("{scheme}://{}/", bracketed(host)).parse().ok()?;
        self.matcher.as_ref()?.intercept(&uri).map(Next)
    }
}

/// The next proxy on the way to a host.
pub(crate) struct Next(Intercept);

impl Next {
    /// Whether it runs on this machine, and so would reach what this machine alone may.
    pub(crate) fn is_here(&self) -> bool {
        let host = self.0.uri().host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        host.parse::<IpAddr>().map_or(host.eq_ignore_ascii_case("localhost"), beyond::is_this_machine)
    }

    /// A connection to a host, on which nothing has been said.
    pub(crate) async fn tunnel(&self, host: &str, port: u16, limit: Duration) -> io::Result<Far> {
        let made = async {
            match is_socks(&self.0) {
                true => by_socks(&self.0, host, port).await,
                false => through(&self.0, host, port).await,
            }
        };
        timeout(limit, made).await.map_err(|_| late())?
    }

    /// A connection to the proxy itself with the credentials that it was given, if it is one that reads plain requests.
    pub(crate) async fn for_plain(
        &self,
        limit: Duration,
    ) -> io::Result<Option<(TcpStream, Option<HeaderValue>)>> {
        if is_socks(&self.0) {
            return Ok(None);
        }
        let far = timeout(limit, dial_proxy(&self.0)).await.map_err(|_| late())??;
        Ok(Some((far, self.0.basic_auth().cloned())))
    }
}

async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    let far = TcpStream::connect((host, port)).await?;
    set_options(&far);
    Ok(far)
}

async fn dial_proxy(proxy: &Intercept) -> io::Result<TcpStream> {
    let uri = proxy.uri();
    let host = uri.host().unwrap_or_default();
    if uri.scheme_str() != Some("http") {
        let scheme = uri.scheme_str().unwrap_or_default();
        let text = format!("the proxy {} speaks {scheme}; http:// and socks5:// are chained", named(proxy));
        return Err(io::Error::new(io::ErrorKind::Unsupported, text));
    }
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    let dialled = dial(plain, uri.port_u16().unwrap_or(80)).await;
    dialled.map_err(|cause| {
        io::Error::new(cause.kind(), format!("the proxy {} of the environment: {cause}", named(proxy)))
    })
}

fn is_socks(proxy: &Intercept) -> bool {
    proxy.uri().scheme_str().is_some_and(|scheme| scheme.starts_with("socks"))
}

/// A connection that a SOCKS proxy makes. Who resolves the host's name the scheme says, as curl reads it.
async fn by_socks(proxy: &Intercept, host: &str, port: u16) -> io::Result<Far> {
    let wrong =
        |cause: String| io::Error::other(format!("the proxy {} of the environment: {cause}", named(proxy)));
    let uri = proxy.uri().clone();
    if uri.port().is_none() {
        return Err(wrong("its address names no port".into()));
    }
    let target: Uri = format!("socks://{}:{port}/", bracketed(host)).parse().map_err(io::Error::other)?;
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    let scheme = uri.scheme_str().unwrap_or_default().to_owned();
    let made = if scheme.starts_with("socks4") {
        let mut socks = SocksV4::new(uri, connector).local_dns(scheme == "socks4");
        socks.call(target).await.map_err(|cause| wrong(cause.to_string()))?
    } else {
        let mut socks = SocksV5::new(uri, connector).local_dns(scheme == "socks5");
        if let Some((user, password)) = proxy.raw_auth() {
            socks = socks.with_auth(user.to_owned(), password.to_owned());
        }
        socks.call(target).await.map_err(|cause| wrong(cause.to_string()))?
    };
    let far = made.into_inner();
    set_options(&far);
    Ok(Box::new(far))
}

/// A tunnel that a proxy makes.
async fn through(proxy: &Intercept, host: &str, port: u16) -> io::Result<Far> {
    let far = dial_proxy(proxy).await?;
    let (mut sender, conversation) =
        hyper::client::conn::http1::handshake(TokioIo::new(far)).await.map_err(io::Error::other)?;
    // It ends with the tunnel.
    tokio::spawn(conversation.with_upgrades());
    let authority = format!("{}:{port}", bracketed(host));
    let mut request = Request::builder()
        .method(Method::CONNECT)
        .uri(&authority)
        .header(header::HOST, &authority)
        .body(Empty::<Bytes>::new())
        .map_err(io::Error::other)?;
    if let Some(auth) = proxy.basic_auth() {
        request.headers_mut().insert(header::PROXY_AUTHORIZATION, auth.clone());
    }
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    if answer.status() != StatusCode::OK {
        return Err(io::Error::other(refused(&named(proxy), answer.status())));
    }
    let upgraded = hyper::upgrade::on(answer).await.map_err(io::Error::other)?;
    Ok(Box::new(TokioIo::new(upgraded)))
}

/// What a proxy's refusal means.
fn refused(name: &str, status: StatusCode) -> String {
    let next = if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        ": give its user and password as http://USER:PASSWORD@HOST:PORT in HTTPS_PROXY"
    } else {
        ""
    };
    format!("the proxy {name} of the environment answers {status}{next}")
}

/// The proxy's host and port, without its credentials.
fn named(proxy: &Intercept) -> String {
    proxy.uri().authority().map(|authority| format!("`{authority}`")).unwrap_or_default()
}

fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "no answer in time")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(pairs: &[(&str, &str)]) -> Upstream {
        let read =
            |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Upstream::of(&Before::of(read))
    }

    fn chosen(upstream: &Upstream, scheme: &str, host: &str) -> Option<String> {
        upstream.proxy(scheme, host).map(|proxy| proxy.0.uri().authority().unwrap().to_string())
    }

    #[test]
    fn the_proxy_is_the_one_of_the_scheme_or_else_the_one_of_all() {
        let both = upstream(&[("https_proxy", "http://u:p@secure:1"), ("ALL_PROXY", "all:2")]);
        assert_eq!(chosen(&both, "https", "pypi.org").as_deref(), Some("secure:1"));
        assert_eq!(chosen(&both, "http", "pypi.org").as_deref(), Some("all:2"));
        assert_eq!(chosen(&upstream(&[]), "https", "pypi.org"), None);
        assert_eq!(chosen(&Upstream::direct(), "https", "pypi.org"), None);
        assert!(!format!("{both:?}").contains(":p"), "{both:?}");
    }

    #[test]
    fn this_machine_and_what_the_list_names_is_reached_directly() {
        let list = "corp.example, .lab.example,10.0.0.0/8";
        let upstream = upstream(&[("HTTPS_PROXY", "http://corp:3128"), ("no_proxy", list)]);
        for host in
            ["localhost", "127.0.0.9", "::1", "corp.example", "git.corp.example", "x.lab.example", "10.1.2.3"]
        {
            assert_eq!(chosen(&upstream, "https", host), None, "{host}");
        }
        for host in ["pypi.org", "notcorp.example", "11.1.2.3", "2001:db8::1"] {
            assert_eq!(chosen(&upstream, "https", host).as_deref(), Some("corp:3128"), "{host}");
        }
    }
}
