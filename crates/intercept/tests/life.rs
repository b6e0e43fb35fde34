//! How connections end: at a shutdown, and when the peer is slow, silent or broken.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::{sync::Arc, time::Duration};

use common::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
    time::timeout,
};
use zuno_intercept::{Front, Timeouts};

const LONG: Duration = Duration::from_secs(20);

/// Waits for the server to close, and returns what it said before.
async fn last_words(mut io: TcpStream) -> Vec<u8> {
    let mut words = Vec::new();
    let _ = timeout(LONG, io.read_to_end(&mut words)).await.expect("the server closes");
    words
}

/// A server whose answers wait for `go`, and which tells by `begun` that it has begun one.
async fn waiting(front: Front) -> (Server, Arc<Semaphore>, Arc<Semaphore>) {
    let (begun, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (begin, wait) = (begun.clone(), go.clone());
    let server = start_with(front, move |request| {
        let (begin, wait) = (begin.clone(), wait.clone());
        async move {
            begin.add_permits(1);
            wait.acquire().await.unwrap().forget();
            tell(&request)
        }
    })
    .await;
    (server, begun, go)
}

#[tokio::test]
async fn a_shutdown_finishes_what_is_in_flight_and_then_returns() {
    let (server, begun, go) = waiting(front()).await;
    let idle = dial(server.plain).await;
    let in_tunnel = connect(server.plain, "api.zsapi.net:443").await.unwrap();
    let in_tunnel = tls(in_tunnel, &server.ca.certificate(), "api.zsapi.net", &["http/1.1"]).await.unwrap();
    let request = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";
    let open = dial(server.plain).await;
    let replies =
        tokio::spawn(async move { tokio::join!(exchange(open, request), exchange(in_tunnel, request)) });
    begun.acquire_many(2).await.unwrap().forget();

    let address = server.plain;
    let done = server.stop();
    assert!(last_words(idle).await.is_empty());
    TcpStream::connect(address).await.expect_err("no new connections");
    assert!(!done.is_finished());
    go.add_permits(2);
    let (plain, tunnelled) = timeout(LONG, replies).await.unwrap().unwrap();
    assert!(plain.ends_with("/slow in no tunnel"), "{plain}");
    assert!(tunnelled.ends_with("/slow in api.zsapi.net:443"), "{tunnelled}");
    timeout(LONG, done).await.expect("the server ends").unwrap();
}

#[tokio::test]
async fn a_shutdown_waits_no_longer_than_its_patience() {
    let timeouts = Timeouts { farewell: short().farewell, ..Timeouts::default() };
    let (server, begun, _never) = waiting(Front { timeouts, ..front() }).await;
    let mut io = dial(server.plain).await;
    io.write_all(b"GET /slow HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    begun.acquire().await.unwrap().forget();
    timeout(LONG, server.stop()).await.expect("the server ends").unwrap();
    assert!(last_words(io).await.is_empty());
}

#[tokio::test]
async fn a_shutdown_ends_foreign_tunnels() {
    let (server, foreign) = (start(front()).await, start(front()).await);
    let io = connect(server.plain, &foreign.plain.to_string()).await.unwrap();
    timeout(LONG, server.stop()).await.expect("the server ends").unwrap();
    assert!(last_words(io).await.is_empty());
}

#[tokio::test]
async fn silent_and_half_spoken_peers_are_let_go() {
    let server = start(Front { timeouts: short(), ..front() }).await;
    let words: [&[u8]; 5] = [
        b"",
        b"PRI * HT",
        b"GET / HTTP/1.1\r\nHost: ",
        b"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    for word in words {
        let mut io = dial(server.plain).await;
        io.write_all(word).await.unwrap();
        let reply = last_words(io).await;
        assert_eq!(reply.starts_with(b"HTTP/1.1 200"), word.starts_with(b"GET / HTTP/1.1\r\nHost: h\r\n"));
    }
    for word in [&b""[..], b"\x16\x03\x01\x02\x00\x01"] {
        let mut io = dial(server.tls).await;
        io.write_all(word).await.unwrap();
        assert!(last_words(io).await.is_empty());
        let mut io = connect(server.plain, "api.zsapi.net:443").await.unwrap();
        io.write_all(word).await.unwrap();
        assert!(last_words(io).await.is_empty());
    }
    timeout(LONG, server.stop()).await.expect("nothing is left behind").unwrap();
}

#[tokio::test]
async fn a_peer_that_drips_its_headers_is_let_go() {
    let server = start(Front { timeouts: short(), ..front() }).await;
    let (reader, mut writer) = dial(server.plain).await.into_split();
    let dripping = tokio::spawn(async move {
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        writer.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        while writer.write_all(b"A: b\r\n").await.is_ok() {
            pace.tick().await;
        }
    });
    let mut words = Vec::new();
    let mut reader = reader;
    let _ = timeout(LONG, reader.read_to_end(&mut words)).await.expect("the server closes");
    timeout(LONG, dripping).await.expect("the peer notices").unwrap();
}

#[tokio::test]
async fn a_slow_service_is_not_taken_for_a_silent_peer() {
    let timeouts = Timeouts { silence: Duration::from_millis(5), ..Timeouts::default() };
    let (server, begun, go) = waiting(Front { timeouts, ..front() }).await;
    let io = dial(server.plain).await;
    let reply = tokio::spawn(exchange(io, "GET /slow HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    begun.acquire().await.unwrap().forget();
    // Other peers come and are let go for their silence meanwhile: several times that silence passes.
    for _ in 0..5 {
        last_words(dial(server.plain).await).await;
    }
    go.add_permits(1);
    let reply = timeout(LONG, reply).await.unwrap().unwrap();
    assert!(reply.ends_with("/slow in no tunnel"), "{reply}");
}
