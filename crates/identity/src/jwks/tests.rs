use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::*;
use crate::testing::{ec_key_pair, rsa_key_pair};

/// A loopback server that hands each connection to `answer`, and counts them. It ends with the test process.
struct Server {
    url: String,
    served: Arc<AtomicU32>,
}

impl Server {
    fn start(mut answer: impl FnMut(&mut TcpStream, u32) + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let served = Arc::new(AtomicU32::new(0));
        let count = served.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let nth = count.fetch_add(1, Ordering::SeqCst);
                read_request(&mut stream);
                answer(&mut stream, nth);
            }
        });
        Server { url, served }
    }

    /// Serves the same body with the same status line every time.
    fn saying(status: &'static str, body: String) -> Server {
        Server::start(move |stream, _| respond(stream, status, &body))
    }

    fn served(&self) -> u32 {
        self.served.load(Ordering::SeqCst)
    }
}

fn read_request(stream: &mut impl Read) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap()
}

fn respond(stream: &mut impl Write, status: &str, body: &str) {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    // The client may hang up first, as it does on a body that is too large.
    let _ = stream.write_all(format!("{head}location: http://127.0.0.1:1/\r\n\r\n{body}").as_bytes());
}

fn one_key() -> String {
    json!({ "keys": [ec_key_pair().jwk()] }).to_string()
}

fn open() -> JwksCache {
    JwksCache::new(AllowedHosts::new(["127.0.0.0/8"]).unwrap())
}

#[test]
fn nothing_is_fetched_that_was_not_allowed() {
    let server = Server::saying("200 OK", one_key());
    let closed = JwksCache::new(AllowedHosts::default());
    let error = closed.keys(&server.url, 0).unwrap_err();
    assert!(error.to_string().contains("allowed JWKS hosts"), "{error}");
    assert!(!error.to_string().contains('['), "the address is the operator's to know");
    assert!(error.detail().unwrap().contains("127.0.0.1"));
    let by_name = server.url.replace("127.0.0.1", "localhost");
    assert!(matches!(closed.keys(&by_name, 0), Err(JwksError::NotAllowed { .. })));
    let elsewhere = JwksCache::new(AllowedHosts::new(["keys.example.com", "10.0.0.0/8"]).unwrap());
    assert!(matches!(elsewhere.keys(&by_name, 0), Err(JwksError::NotAllowed { .. })));
    assert_eq!(server.served(), 0);
}

#[test]
fn a_name_may_be_allowed_by_itself_or_by_its_network() {
    let server = Server::saying("200 OK", one_key());
    let by_name = server.url.replace("127.0.0.1", "localhost");
    let named = JwksCache::new(AllowedHosts::new(["localhost"]).unwrap());
    assert_eq!(named.keys(&by_name, 0).unwrap().len(), 1);
    assert!(
        matches!(named.keys(&server.url, 0), Err(JwksError::NotAllowed { .. })),
        "the address is not the name"
    );
    assert_eq!(open().keys(&by_name, 0).unwrap().len(), 1);
}

#[test]
fn a_set_is_kept_for_ten_minutes() {
    let server = Server::saying("200 OK", one_key());
    let cache = open();
    cache.keys(&server.url, 1000).unwrap();
    cache.keys(&server.url, 1599).unwrap();
    assert_eq!(server.served(), 1);
    cache.keys(&server.url, 1600).unwrap();
    assert_eq!(server.served(), 2);
    cache.keys(&server.url, 1599).unwrap();
    assert_eq!(server.served(), 3, "a clock moved back makes the set old");
}

#[test]
fn a_missing_key_causes_one_more_fetch_and_then_a_pause() {
    let (old, new) = (one_key(), json!({ "keys": [ec_key_pair().jwk(), rsa_key_pair().jwk()] }).to_string());
    let server =
        Server::start(move |stream, nth| respond(stream, "200 OK", if nth == 0 { &old } else { &new }));
    let cache = open();
    let first = cache.keys(&server.url, 1000).unwrap();
    assert!(cache.newer(&server.url, &first, 1004).is_none(), "too soon");
    let second = cache.newer(&server.url, &first, 1005).unwrap().unwrap();
    assert_eq!((first.len(), second.len()), (1, 2));
    let again = cache.newer(&server.url, &first, 1006).unwrap().unwrap();
    assert!(Arc::ptr_eq(&again, &second), "what another thread fetched is used");
    assert!(cache.newer(&server.url, &second, 1006).is_none());
    assert_eq!(server.served(), 2);
}

#[test]
fn a_failure_is_remembered_for_a_moment() {
    let server = Server::saying("503 Unavailable", String::new());
    let cache = open();
    assert_eq!(cache.keys(&server.url, 1000).unwrap_err(), JwksError::Status(503));
    assert_eq!(cache.keys(&server.url, 1009).unwrap_err(), JwksError::Status(503));
    let seen = Arc::new(KeySet::default());
    assert_eq!(cache.newer(&server.url, &seen, 1009).unwrap().unwrap_err(), JwksError::Status(503));
    assert_eq!(server.served(), 1);
    cache.keys(&server.url, 1010).unwrap_err();
    assert_eq!(server.served(), 2);
}

#[test]
fn what_is_not_a_plain_set_is_refused() {
    let cache = open();
    let redirect = Server::saying("302 Found", String::new());
    assert_eq!(cache.keys(&redirect.url, 0).unwrap_err(), JwksError::Status(302));
    let page = Server::saying("200 OK", "<html>".into());
    assert_eq!(cache.keys(&page.url, 0).unwrap_err(), JwksError::NotAKeySet(KeyError::NotASet));
    let large = Server::saying("200 OK", " ".repeat(LARGEST as usize + 1));
    assert_eq!(cache.keys(&large.url, 0).unwrap_err(), JwksError::TooLarge);
    let set = one_key();
    let padding = " ".repeat(LARGEST as usize - set.len());
    let full = Server::saying("200 OK", set + &padding);
    assert_eq!(cache.keys(&full.url, 0).unwrap().len(), 1, "the limit itself is allowed");
    for bad in
        ["", "keys", "/jwks", "ftp://127.0.0.1/", "file:///etc/passwd", "http://a:b@127.0.0.1/", "http://"]
    {
        assert_eq!(cache.keys(bad, 0).unwrap_err(), JwksError::BadUrl, "{bad}");
    }
}

#[test]
fn a_silent_or_dripping_server_is_given_up() {
    let patience = Duration::from_millis(150);
    let cache = JwksCache::with(AllowedHosts::new(["127.0.0.0/8"]).unwrap(), RootCerts::WebPki, patience);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    assert!(matches!(cache.keys(&url, 0), Err(JwksError::Unreachable(_))));
    let dripping = Server::start(move |stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 250000\r\n\r\n");
        // A byte for each time that nothing is heard: the body never ends, and no silence lasts as long as the patience.
        stream.set_read_timeout(Some(patience / 10)).unwrap();
        while stream.read(&mut [0]).is_err() && stream.write_all(b" ").is_ok() {}
    });
    assert!(matches!(cache.keys(&dripping.url, 0), Err(JwksError::Unreachable(_))));
    let closed = silent.local_addr().unwrap();
    drop(silent);
    assert!(matches!(cache.keys(&format!("http://{closed}/x"), 0), Err(JwksError::Unreachable(_))));
}

#[test]
fn many_threads_cause_one_fetch() {
    let server = Server::saying("200 OK", one_key());
    let cache = open();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(cache.keys(&server.url, 1000).unwrap().len(), 1));
        }
    });
    assert_eq!(server.served(), 1);
}

#[test]
fn tls_is_verified_against_the_authorities_given() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let pem = certified.cert.pem();
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/jwks", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream.unwrap());
            if read_request(&mut stream).is_empty() {
                continue;
            }
            respond(&mut stream, "200 OK", &one_key());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    let allowed = AllowedHosts::new(["localhost"]).unwrap();
    assert!(matches!(JwksCache::new(allowed.clone()).keys(&url, 0), Err(JwksError::Unreachable(_))));
    assert_eq!(JwksCache::trusting(allowed.clone(), &pem).unwrap().keys(&url, 0).unwrap().len(), 1);
    assert!(JwksCache::trusting(allowed, "nothing").is_none());
}
