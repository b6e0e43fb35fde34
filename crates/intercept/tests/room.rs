//! Where there is no more room: whoever comes is told, and the server's health can be asked all the same.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::{sync::Arc, time::Duration};

use common::*;
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpStream, time::timeout};
use zuno_intercept::{Front, Via};

const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

/// A server with this many places, which tells whether a request came when they were taken.
async fn narrow(connections: usize) -> Server {
    start_with(Front { connections, ..front() }, |request| async move {
        let crowded = request.extensions().get::<Arc<Via>>().unwrap().is_crowded();
        if crowded { "crowded" } else { "welcome" }.to_owned()
    })
    .await
}

/// A connection that has begun a request and lets the server wait; it is taken in when this returns.
async fn halting(server: &Server) -> TcpStream {
    let mut io = dial(server.plain).await;
    // An answer to a first request shows that the connection has its place.
    io.write_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"welcome") && !answer.ends_with(b"crowded") {
        answer.push(io.read_u8().await.unwrap());
    }
    io.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
    io
}

#[tokio::test]
async fn beyond_its_places_a_server_still_hears_and_says_so() {
    let server = narrow(2).await;
    let held = [halting(&server).await, halting(&server).await];
    assert!(exchange(dial(server.plain).await, GET).await.ends_with("crowded"));
    let tunnel = exchange(dial(server.plain).await, "CONNECT api.zsapi.net:443 HTTP/1.1\r\n\r\n").await;
    assert!(tunnel.starts_with("HTTP/1.1 503 "), "{tunnel}");
    drop(held);
    // The server hears of the end in its own time.
    let room = async { while !exchange(dial(server.plain).await, GET).await.ends_with("welcome") {} };
    timeout(Duration::from_secs(20), room).await.expect("the places are free again");
}

#[tokio::test]
async fn those_who_wait_beyond_the_places_make_room_for_the_next() {
    let server = narrow(1).await;
    let _held = halting(&server).await;
    let mut waiting = Vec::new();
    for _ in 0..100 {
        waiting.push(halting(&server).await);
    }
    assert!(exchange(dial(server.plain).await, GET).await.ends_with("crowded"), "the hundredth is heard");
    let mut rest = Vec::new();
    let longest = timeout(Duration::from_secs(20), waiting[0].read_to_end(&mut rest)).await;
    assert!(longest.is_ok() && rest.is_empty(), "the one that waited longest was let go");
}

#[tokio::test]
async fn both_ends_of_a_tunnel_are_counted() {
    let (server, foreign) = (narrow(2).await, start(front()).await);
    let io = connect(server.plain, &foreign.plain.to_string()).await.unwrap();
    assert!(exchange(dial(server.plain).await, GET).await.ends_with("crowded"));
    let reply = exchange(io, GET).await;
    assert!(reply.contains("in no tunnel"), "the tunnel goes on: {reply}");
}

#[tokio::test]
async fn what_a_connection_led_to_keeps_its_place() {
    let server = narrow(1).await;
    let inside = connect(server.plain, "api.zsapi.net:80").await.unwrap();
    assert!(exchange(dial(server.plain).await, GET).await.ends_with("crowded"));
    drop(inside);
}
