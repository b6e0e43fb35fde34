//! Bodies that never end, over real sockets: nobody can make the server hold what it did not ask for.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use zuno_gateway::{BodyLimits, HttpService, Options};
use zuno_intercept::{Foreign, Front, Listener, LocalCa, Timeouts, Upstream, serve};
use zuno_store_sqlite::SqliteStore;

use crate::client::{Client, OPERATOR};

const LONG: Duration = Duration::from_secs(20);
const LABELS: &str = "/zia/api/v1/ruleLabels";

/// A server with these limits, at an address, and its client.
async fn start(bodies: BodyLimits, connections: usize) -> (SocketAddr, Client) {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options { bodies, ..Options::default() }).await;
    let front = Front {
        ca: Arc::new(LocalCa::in_memory().expect("an authority is made")),
        intercepts: Arc::new(|host| zuno_intercept::Host::of(host).is_cloud()),
        foreign: Foreign::Nobody,
        how_to_allow: "",
        upstream: Arc::new(Upstream::direct()),
        timeouts: Timeouts::default(),
        connections,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let service = HttpService::new(Arc::clone(&client.cloud));
    tokio::spawn(serve(vec![Listener::Plain(listener)], front, service, std::future::pending()));
    (address, client)
}

fn limits(time: Duration) -> BodyLimits {
    BodyLimits { time, ..BodyLimits::default() }
}

/// The head of a request that announces a body.
fn head(path: &str, host: &str, length: usize, more: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n"
    )
}

async fn sending(address: SocketAddr, text: &str) -> TcpStream {
    let mut io = TcpStream::connect(address).await.expect("it listens");
    io.write_all(text.as_bytes()).await.expect("it reads");
    io
}

/// What the server says until it closes, or until there is a whole head.
async fn said(io: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let mut some = [0; 4096];
    let reading = async {
        while !heard.windows(4).any(|four| four == b"\r\n\r\n") {
            match io.read(&mut some).await {
                Ok(0) | Err(_) => break,
                Ok(length) => heard.extend_from_slice(&some[..length]),
            }
        }
    };
    timeout(LONG, reading).await.expect("the server answers or closes");
    String::from_utf8_lossy(&heard).into_owned()
}

async fn is_healthy(address: SocketAddr) -> bool {
    let mut io = sending(address, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    said(&mut io).await.starts_with("HTTP/1.1 200 ")
}

#[tokio::test(flavor = "multi_thread")]
async fn half_sent_bodies_are_gone_after_their_time() {
    let (address, client) = start(limits(Duration::from_millis(200)), 1000).await;
    let token = format!("Authorization: Bearer {}\r\n", client.token());
    let mut held = Vec::new();
    for number in 0..300 {
        // Where a caller is known, and where nobody need be.
        let half = match number % 3 {
            0 => head(LABELS, "api.zsapi.net", 1000, &token) + "{\"name\":",
            1 => head("/oauth2/v1/token", "acme.zslogin.net", 1000, "") + "grant_type=",
            _ => head(LABELS, "api.zsapi.net", 1000, "") + "{\"name\":",
        };
        held.push(sending(address, &half).await);
    }
    assert!(is_healthy(address).await);
    for (number, mut io) in held.into_iter().enumerate() {
        let answer = said(&mut io).await;
        let status = if number % 3 == 2 { "HTTP/1.1 401 " } else { "HTTP/1.1 408 " };
        assert!(answer.starts_with(status), "{number}: {answer}");
        let closed = timeout(LONG, io.read_to_end(&mut Vec::new())).await;
        assert!(closed.is_ok(), "{number}: the server lets go");
    }
}

/// What comes on a new connection until the server ends it.
async fn all_said(address: SocketAddr, request: &str) -> String {
    let mut io = sending(address, request).await;
    let mut heard = Vec::new();
    // A connection that is cut may end in an error; what came before it counts.
    let _ = timeout(LONG, io.read_to_end(&mut heard)).await.expect("the server closes");
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_cuts_an_answer_though_its_call_was_carried_out() {
    let (address, client) = start(limits(LONG), 100).await;
    let send = |name: &str, fault: &str| {
        let body = format!("{{\"name\":\"{name}\"}}");
        let more = format!("Authorization: Bearer {}\r\nZuno-Fault: {fault}\r\n", client.token());
        head(LABELS, "api.zsapi.net", body.len(), &more) + &body
    };
    assert_eq!(all_said(address, &send("Unheard", "cut=answer")).await, "");
    let half = all_said(address, &send("Half heard", "cut=body")).await;
    let (told, came) = half.split_once("\r\n\r\n").expect("a head");
    let length = told.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    assert_eq!(came.len(), length.parse::<usize>().expect("a number") / 2, "{half}");
    let (_, _, labels) = client.call("GET", LABELS, None).await;
    let names: Vec<&str> =
        labels.as_array().into_iter().flatten().filter_map(|label| label["name"].as_str()).collect();
    assert_eq!(names, ["Unheard", "Half heard"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_known_is_refused_before_any_of_a_body_is_read() {
    let (address, _client) = start(limits(LONG), 100).await;
    for (path, host, more, status) in [
        (LABELS, "api.zsapi.net", "", 401),
        ("/mgmtconfig/v1/admin/customers/1/segmentGroup", "config.private.zscaler.com", "", 401),
        ("/admin/api/v1/users", "acme-admin.zslogin.net", "Authorization: Bearer x\r\n", 401),
        ("/scim/1/72058304855015424/v2/Users", "scim1.private.zscaler.com", "", 401),
        ("/_zuno/tenants", "localhost", "", 401),
        ("/_zuno/tenants", "evil.example", "", 403),
        // What is small everywhere is small here too.
        ("/oauth2/v1/token", "acme.zslogin.net", "", 413),
        ("/signin", "config.private.zscaler.com", "", 413),
    ] {
        let mut io = sending(address, &head(path, host, 31 << 20, more)).await;
        let answer = said(&mut io).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
    }
    let operator = format!("Authorization: Bearer {OPERATOR}\r\n");
    let mut io = sending(address, &head("/_zuno/tenants", "localhost", 31 << 20, &operator)).await;
    assert!(said(&mut io).await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_caller_that_goes_on_sending_reads_its_refusal() {
    let (address, _client) = start(limits(LONG), 100).await;
    let mut io = sending(address, &head(LABELS, "api.zsapi.net", 4 << 20, "")).await;
    let part = vec![b' '; 1 << 20];
    for _ in 0..4 {
        io.write_all(&part).await.expect("the rest is passed over, not cut off");
    }
    assert!(said(&mut io).await.starts_with("HTTP/1.1 401 "));
    io.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("the connection goes on");
    let mut answer = String::new();
    while !answer.contains("200 OK") {
        let more = said(&mut io).await;
        assert!(!more.is_empty(), "it ended: {answer}");
        answer += &more;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_share_a_budget_and_small_ones_pass_them() {
    let bodies = BodyLimits { large: 1 << 20, ..limits(Duration::from_millis(300)) };
    let (address, client) = start(bodies, 100).await;
    let token = format!("Authorization: Bearer {}\r\n", client.token());
    let mut first = sending(address, &head(LABELS, "api.zsapi.net", 1 << 20, &token)).await;
    // Until one is refused for its lateness, nothing else is taken of the budget.
    let mut second = sending(address, &head(LABELS, "api.zsapi.net", 1 << 20, &token)).await;
    let body = "{\"name\": \"small\"}";
    let mut small = sending(address, &(head(LABELS, "api.zsapi.net", body.len(), &token) + body)).await;
    let small = said(&mut small).await;
    assert!(small.starts_with("HTTP/1.1 200 "), "{small}");
    // Whichever had the budget was too late; the other was too, or never got it.
    let answers = [said(&mut first).await, said(&mut second).await];
    assert!(answers.iter().any(|answer| answer.starts_with("HTTP/1.1 408 ")), "{answers:?}");
    let refused =
        |answer: &String| answer.starts_with("HTTP/1.1 408 ") || answer.starts_with("HTTP/1.1 503 ");
    assert!(answers.iter().all(refused), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_told_where_there_is_no_room_for_more() {
    let (address, _client) = start(limits(LONG), 8).await;
    let mut held = Vec::new();
    for _ in 0..8 {
        let mut io = sending(address, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        assert!(said(&mut io).await.starts_with("HTTP/1.1 200 "));
        io.write_all(head("/oauth2/v1/token", "acme.zslogin.net", 1000, "").as_bytes())
            .await
            .expect("it reads");
        held.push(io);
    }
    let more = head("/oauth2/v1/token", "acme.zslogin.net", 1000, "");
    for _ in 0..200 {
        held.push(sending(address, &more).await);
    }
    let mut last = sending(address, &more).await;
    let refused = said(&mut last).await;
    assert!(refused.starts_with("HTTP/1.1 503 ") && refused.contains("retry-after"), "{refused}");
    assert!(is_healthy(address).await);
}
