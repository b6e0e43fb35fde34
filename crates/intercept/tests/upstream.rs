//! Foreign hosts in a network that is left by a proxy alone.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::{net::SocketAddr, sync::Arc};

use common::*;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};
use zuno_intercept::{Before, Front, Upstream};

/// A company's proxy: whatever host is asked for, it leads to `far`, if the password is right. Hands on each head.
async fn company(far: SocketAddr, password: bool) -> (SocketAddr, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (tell, told) = unbounded_channel();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move {
                let mut near = BufReader::new(stream);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    near.read_line(&mut head).await.unwrap();
                }
                // `user:pass word`, as the URL below says it.
                let right = head.contains("Basic dXNlcjpwYXNzIHdvcmQ=");
                let (is_connect, mut far) =
                    (head.starts_with("CONNECT "), TcpStream::connect(far).await.unwrap());
                if password && !right {
                    near.write_all(b"HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n").await.unwrap();
                } else if is_connect {
                    near.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                } else {
                    far.write_all(head.replace("HTTP/1.1\r\n", "HTTP/1.1\r\nX-Passed: 1\r\n").as_bytes())
                        .await
                        .unwrap();
                }
                tell.send(head).unwrap();
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    (address, told)
}

/// A server in an environment of these variables.
async fn behind(pairs: &[(&str, String)]) -> Server {
    let before =
        Before::of(|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()));
    start(Front { upstream: Arc::new(Upstream::of(&before)), ..front() }).await
}

#[tokio::test]
async fn a_tunnel_to_a_foreign_host_goes_through_the_companys_proxy() {
    let foreign = start(front()).await;
    let (proxy, mut told) = company(foreign.tls, true).await;
    let server = behind(&[("HTTPS_PROXY", format!("http://user:pass%20word@{proxy}"))]).await;
    // A name that no resolver knows: only the company's proxy does.
    let io = connect(server.plain, "registry.invalid:443").await.unwrap();
    let io = tls(io, &foreign.ca.certificate(), "localhost", &["http/1.1"]).await.unwrap();
    let reply = exchange(io, "GET /f HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert!(reply.ends_with("https localhost /f in no tunnel"), "{reply}");
    let head = told.recv().await.unwrap();
    assert!(head.starts_with("CONNECT registry.invalid:443 HTTP/1.1\r\n"), "{head}");

    connect(server.plain, "api.zsapi.net:443").await.unwrap();
    assert!(told.try_recv().is_err(), "the cloud's hosts are answered here");
}

#[tokio::test]
async fn a_plain_request_goes_through_it_too() {
    let foreign = start(front()).await;
    let (proxy, mut told) = company(foreign.plain, true).await;
    let server = behind(&[("ALL_PROXY", format!("http://user:pass%20word@{proxy}"))]).await;
    // The far side is the foreign server: it takes the absolute form for one to itself.
    let host = format!("localhost:{}", foreign.plain.port());
    let request = |host: &str| {
        format!(
            "GET http://{host}/f HTTP/1.1\r\nHost: {host}\r\nProxy-Authorization: Basic mine\r\nConnection: close\r\n\r\n"
        )
    };
    let reply = exchange(dial(server.plain).await, &request(&host)).await;
    assert!(reply.ends_with(&format!("http {host} /f in no tunnel")), "this machine directly: {reply}");
    assert!(told.try_recv().is_err());

    let _ = exchange(dial(server.plain).await, &request("registry.invalid")).await;
    let head = told.recv().await.unwrap();
    assert!(head.starts_with("GET http://registry.invalid/f HTTP/1.1\r\n"), "{head}");
    assert!(!head.contains("mine"), "what the client said to us is not handed on: {head}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_of_with_what_to_do() {
    let foreign = start(front()).await;
    let (proxy, _told) = company(foreign.tls, true).await;
    let proxy_url = format!("http://user:wrong@{proxy}");
    let server = behind(&[("HTTPS_PROXY", proxy_url.clone()), ("HTTP_PROXY", proxy_url)]).await;
    let refusal = connect(server.plain, "registry.invalid:443").await.unwrap_err();
    assert!(refusal.starts_with("HTTP/1.1 502 ") && refusal.contains("407"), "{refusal}");
    assert!(refusal.contains("http://USER:PASSWORD@HOST:PORT") && !refusal.contains("wrong"), "{refusal}");
    let request = "GET http://registry.invalid/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    let refusal = exchange(dial(server.plain).await, request).await;
    assert!(refusal.starts_with("HTTP/1.1 502 ") && refusal.contains("HTTP_PROXY"), "{refusal}");

    let server = behind(&[("HTTPS_PROXY", "https://127.0.0.1:9".into())]).await;
    let refusal = connect(server.plain, "registry.invalid:443").await.unwrap_err();
    assert!(refusal.contains("http:// and socks5:// are chained"), "{refusal}");
}

#[tokio::test]
async fn a_socks_proxy_makes_the_connection_and_resolves_the_name() {
    let foreign = start(front()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = listener.local_addr().unwrap();
    let far = foreign.tls;
    let asked = tokio::spawn(async move {
        let mut near = listener.accept().await.unwrap().0;
        let mut greeting = [0; 3];
        near.read_exact(&mut greeting).await.unwrap();
        near.write_all(&[5, 0]).await.unwrap();
        let mut start = [0; 5];
        near.read_exact(&mut start).await.unwrap();
        let mut name = vec![0; usize::from(start[4]) + 2];
        near.read_exact(&mut name).await.unwrap();
        near.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 1]).await.unwrap();
        let mut far = TcpStream::connect(far).await.unwrap();
        tokio::spawn(async move { copy_bidirectional(&mut near, &mut far).await });
        (start[3], name)
    });
    let server = behind(&[("ALL_PROXY", format!("socks5h://{proxy}"))]).await;
    let io = connect(server.plain, "registry.invalid:443").await.unwrap();
    let io = tls(io, &foreign.ca.certificate(), "localhost", &["http/1.1"]).await.unwrap();
    let reply = exchange(io, "GET /f HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert!(reply.ends_with("https localhost /f in no tunnel"), "{reply}");
    assert_eq!(asked.await.unwrap(), (3, b"registry.invalid\x01\xbb".to_vec()));
}
