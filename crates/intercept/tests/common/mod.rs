//! A server on loopback whose service tells how a request reached it, and the few words of a client.

#![allow(dead_code, reason = "each test file uses its part")]

use std::{convert::Infallible, future::Future, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::{body::Incoming, service::service_fn};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use zuno_intercept::{
    Foreign, Front, Host, Listener, LocalCa, Scheme, Timeouts, Upstream, Via, authority, serve,
};

/// A running server.
pub struct Server {
    pub plain: SocketAddr,
    pub tls: SocketAddr,
    pub ca: Arc<LocalCa>,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

impl Server {
    /// Sends the shutdown signal and returns what ends when everything has.
    pub fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).unwrap();
        self.done
    }
}

pub fn front() -> Front {
    Front {
        ca: Arc::new(LocalCa::in_memory().unwrap()),
        intercepts: Arc::new(|host| Host::of(host).is_cloud()),
        foreign: Foreign::ThisMachine,
        how_to_allow: "say the word",
        upstream: Arc::new(Upstream::direct()),
        timeouts: Timeouts::default(),
        connections: 1000,
    }
}

/// Timeouts that a test can wait for.
pub fn short() -> Timeouts {
    let blink = Duration::from_millis(40);
    Timeouts { silence: blink, handshake: blink, dial: Duration::from_secs(5), farewell: blink }
}

pub async fn start(front: Front) -> Server {
    start_with(front, |request| async move { tell(&request) }).await
}

pub async fn start_with<F, A>(front: Front, answer: F) -> Server
where
    F: Fn(Request<Incoming>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = String> + Send + 'static,
{
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tls = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let (plain_at, tls_at) = (plain.local_addr().unwrap(), tls.local_addr().unwrap());
    let ca = front.ca.clone();
    let service = service_fn(move |request| {
        let text = answer(request);
        async move { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(text.await)))) }
    });
    let listeners = vec![Listener::Plain(plain), Listener::Tls(tls)];
    let done =
        tokio::spawn(async move { serve(listeners, front, service, async { drop(stopped.await) }).await });
    Server { plain: plain_at, tls: tls_at, ca, stop, done }
}

/// `https api.zsapi.net /path in api.zsapi.net:443`
pub fn tell(request: &Request<Incoming>) -> String {
    let via = request.extensions().get::<Arc<Via>>().unwrap();
    assert!(via.from_this_machine());
    let scheme = if via.scheme == Scheme::Https { "https" } else { "http" };
    let tunnel = via.tunnel.as_ref().map_or("no tunnel", |target| target.as_str());
    format!("{scheme} {} {} in {tunnel}", authority(request).unwrap_or("-"), request.uri().path())
}

/// Sends `request` and reads until the peer closes.
pub async fn exchange(mut io: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    io.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    // A peer that resets after its answer has still answered.
    let _ = io.read_to_end(&mut reply).await;
    String::from_utf8(reply).unwrap()
}

pub async fn dial(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// A connection on which the proxy has said 200 to `CONNECT target`, else its whole answer.
pub async fn connect(proxy: SocketAddr, target: &str) -> Result<TcpStream, String> {
    let mut io = dial(proxy).await;
    io.write_all(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(io.read_u8().await.unwrap());
    }
    let mut head = String::from_utf8(head).unwrap();
    if head.starts_with("HTTP/1.1 200 ") {
        return Ok(io);
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut text = vec![0; length.parse().unwrap()];
    io.read_exact(&mut text).await.unwrap();
    head += std::str::from_utf8(&text).unwrap();
    Err(head)
}

/// TLS as a client that trusts `root` alone.
pub async fn tls<IO>(
    io: IO,
    root: &CertificateDer<'static>,
    host: &str,
    alpn: &[&str],
) -> std::io::Result<TlsStream<IO>>
where
    IO: AsyncRead + AsyncWrite + Unpin,
{
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from(host.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, io).await
}

/// `GET path` over HTTP/2, as a client with prior knowledge or after ALPN.
pub async fn http2<IO>(io: IO, uri: &str) -> String
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    use http_body_util::BodyExt;
    let io = hyper_util::rt::TokioIo::new(io);
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, io).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get(uri).body(Full::<Bytes>::default()).unwrap();
    let body = sender.send_request(request).await.unwrap().into_body();
    String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap()
}
