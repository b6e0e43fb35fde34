//! One port: plain HTTP, HTTP/2 by prior knowledge, and the proxy, for cloud hosts and for others.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use tokio::{io::AsyncWriteExt, net::TcpListener};
use zuno_intercept::Foreign;

const CLOSE: &str = "Connection: close\r\n\r\n";

#[tokio::test]
async fn plain_http_is_answered_in_both_versions() {
    let server = start(front()).await;
    let reply = exchange(dial(server.plain).await, &format!("GET /a HTTP/1.1\r\nHost: h\r\n{CLOSE}")).await;
    assert!(reply.ends_with("http h /a in no tunnel"), "{reply}");
    let reply = http2(dial(server.plain).await, "http://api.zsapi.net/b").await;
    assert_eq!(reply, "http api.zsapi.net /b in no tunnel");
}

#[tokio::test]
async fn a_cloud_host_is_answered_inside_its_tunnel_under_its_own_certificate() {
    let server = start(front()).await;
    for host in ["api.zsapi.net", "acme.zslogin.net", "acme-admin.zslogin.net", "config.private.zscaler.com"]
    {
        let target = format!("{host}:443");
        let io = connect(server.plain, &target).await.unwrap();
        let io = tls(io, &server.ca.certificate(), host, &["h2", "http/1.1"]).await.unwrap();
        assert_eq!(io.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        assert_eq!(http2(io, &format!("https://{host}/x")).await, format!("https {host} /x in {target}"));

        let io = connect(server.plain, &target.to_uppercase()).await.unwrap();
        let io = tls(io, &server.ca.certificate(), host, &["http/1.1"]).await.unwrap();
        let reply = exchange(io, &format!("GET /y HTTP/1.1\r\nHost: {host}\r\n{CLOSE}")).await;
        assert!(reply.ends_with(&format!("https {host} /y in {}", target.to_uppercase())), "{reply}");
    }
}

#[tokio::test]
async fn port_80_of_a_cloud_host_is_plain_http_in_the_tunnel() {
    let server = start(front()).await;
    let io = connect(server.plain, "config.zscaler.com:80").await.unwrap();
    let reply = exchange(io, &format!("GET /z HTTP/1.1\r\nHost: config.zscaler.com\r\n{CLOSE}")).await;
    assert!(reply.ends_with("http config.zscaler.com /z in config.zscaler.com:80"), "{reply}");
}

#[tokio::test]
async fn the_absolute_form_reaches_the_cloud_and_ourselves() {
    let server = start(front()).await;
    for host in
        ["api.zsapi.net".to_owned(), format!("localhost:{}", server.plain.port()), server.plain.to_string()]
    {
        let request = format!("GET http://{host}/a HTTP/1.1\r\nHost: other\r\n{CLOSE}");
        let reply = exchange(dial(server.plain).await, &request).await;
        assert!(reply.ends_with(&format!("http {host} /a in no tunnel")), "{reply}");
    }
}

#[tokio::test]
async fn a_foreign_host_is_tunnelled_unread() {
    let (server, foreign) = (start(front()).await, start(front()).await);
    let io = connect(server.plain, &format!("localhost:{}", foreign.tls.port())).await.unwrap();
    // Its certificate, not ours: the tunnel ends at the foreign host.
    let io = tls(io, &foreign.ca.certificate(), "localhost", &["http/1.1"]).await.unwrap();
    let reply = exchange(io, &format!("GET /f HTTP/1.1\r\nHost: localhost\r\n{CLOSE}")).await;
    assert!(reply.ends_with("https localhost /f in no tunnel"), "{reply}");

    let io = connect(server.plain, &format!("localhost:{}", foreign.tls.port())).await.unwrap();
    tls(io, &server.ca.certificate(), "localhost", &[]).await.expect_err("not our certificate");
}

#[tokio::test]
async fn a_foreign_host_over_plain_http_is_asked_in_the_callers_place() {
    let (server, foreign) = (start(front()).await, start(front()).await);
    let host = format!("localhost:{}", foreign.plain.port());
    let request =
        format!("GET http://{host}/f?q HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n{CLOSE}");
    let reply = exchange(dial(server.plain).await, &request).await;
    assert!(reply.ends_with(&format!("http {host} /f in no tunnel")), "{reply}");
}

#[tokio::test]
async fn foreign_hosts_are_refused_with_the_way_to_allow_them() {
    let server = start(zuno_intercept::Front { foreign: Foreign::Nobody, ..front() }).await;
    let refusal = connect(server.plain, "registry.example:443").await.unwrap_err();
    assert!(refusal.starts_with("HTTP/1.1 403 "), "{refusal}");
    assert!(refusal.contains("`registry.example`") && refusal.contains("say the word"), "{refusal}");
    let request = format!("GET http://registry.example/ HTTP/1.1\r\nHost: registry.example\r\n{CLOSE}");
    let refusal = exchange(dial(server.plain).await, &request).await;
    assert!(refusal.starts_with("HTTP/1.1 403 ") && refusal.contains("say the word"), "{refusal}");
    connect(server.plain, "api.zsapi.net:443").await.unwrap();
}

#[tokio::test]
async fn a_foreign_host_that_does_not_answer_is_a_bad_gateway() {
    let server = start(front()).await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refusal = connect(server.plain, &free.to_string()).await.unwrap_err();
    assert!(refusal.starts_with("HTTP/1.1 502 ") && refusal.contains("cannot reach"), "{refusal}");
}

#[tokio::test]
async fn a_connect_without_port_or_inside_a_tunnel_is_refused() {
    let server = start(front()).await;
    let refusal = connect(server.plain, "api.zsapi.net").await.unwrap_err();
    assert!(refusal.starts_with("HTTP/1.1 400 "), "{refusal}");
    let mut io = connect(server.plain, "api.zsapi.net:80").await.unwrap();
    io.write_all(b"CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let refusal = exchange(io, "").await;
    assert!(refusal.starts_with("HTTP/1.1 400 "), "{refusal}");
}

#[tokio::test]
async fn a_tunnel_to_the_server_itself_ends_at_one_level() {
    let server = start(front()).await;
    for target in [server.plain.to_string(), format!("localhost:{}", server.plain.port())] {
        let io = connect(server.plain, &target).await.unwrap();
        let reply = exchange(io, &format!("GET /a HTTP/1.1\r\nHost: h\r\n{CLOSE}")).await;
        assert!(
            reply.ends_with(&format!("http h /a in {target}")),
            "answered here, and not dialled: {reply}"
        );

        let io = connect(server.plain, &target).await.unwrap();
        let again = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{CLOSE}");
        let refusal = exchange(io, &again).await;
        assert!(refusal.starts_with("HTTP/1.1 400 ") && refusal.contains("tunnel already"), "{refusal}");
    }
    let target = format!("localhost:{}", server.tls.port());
    let io = connect(server.plain, &target).await.unwrap();
    let io = tls(io, &server.ca.certificate(), "localhost", &["http/1.1"]).await.unwrap();
    let reply = exchange(io, &format!("GET /t HTTP/1.1\r\nHost: localhost\r\n{CLOSE}")).await;
    assert!(reply.ends_with(&format!("https localhost /t in {target}")), "{reply}");
}

#[tokio::test]
async fn a_request_for_no_host_or_for_two_is_refused() {
    let server = start(front()).await;
    for hosts in ["", "Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n", "Host: a b\r\n"] {
        let reply = exchange(dial(server.plain).await, &format!("GET / HTTP/1.1\r\n{hosts}{CLOSE}")).await;
        assert!(reply.starts_with("HTTP/1.1 400 ") && reply.contains("Host"), "{hosts}: {reply}");
    }
    let reply = exchange(dial(server.plain).await, "GET /old HTTP/1.0\r\n\r\n").await;
    assert!(reply.contains("200 OK") && reply.contains("/old"), "{reply}");
}

#[tokio::test]
async fn the_tls_listener_takes_the_certificate_from_the_name_asked_for() {
    let server = start(front()).await;
    for host in ["api.zsapi.net", "localhost", "127.0.0.1"] {
        let io = tls(dial(server.tls).await, &server.ca.certificate(), host, &["http/1.1"]).await.unwrap();
        let reply = exchange(io, &format!("GET /t HTTP/1.1\r\nHost: {host}\r\n{CLOSE}")).await;
        assert!(reply.ends_with(&format!("https {host} /t in no tunnel")), "{reply}");
    }
    let refused =
        tls(dial(server.tls).await, &server.ca.certificate(), "bank.example", &[]).await.unwrap_err();
    assert!(refused.to_string().contains("AccessDenied"), "an alert, not a cut: {refused}");
}

#[tokio::test]
async fn curl_needs_only_the_variables() {
    let server = start(front()).await;
    let folder = tempfile::tempdir().unwrap();
    let trust = zuno_intercept::ClientFiles::write(folder.path(), &server.ca).unwrap();
    let setup = zuno_intercept::ClientSetup {
        proxy: server.plain,
        trust,
        vanity: "acme".into(),
        customer_id: "1".into(),
        client: zuno_intercept::Credentials { id: "id".into(), secret: "secret".into() },
        zpa: None,
        before: zuno_intercept::Before::default(),
        platform: zuno_intercept::Platform::here(),
    };
    let mut curl = std::process::Command::new("curl");
    curl.args(["-sS", "--max-time", "20", "https://acme.zslogin.net/oauth2/v1/token"])
        .envs(zuno_intercept::client_variables(&setup).into_iter().map(|v| (v.name, v.value)));
    let Ok(said) = tokio::task::spawn_blocking(move || curl.output()).await.unwrap() else {
        eprintln!("curl is not installed: nothing tested");
        return;
    };
    let said = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert_eq!(said, "https acme.zslogin.net /oauth2/v1/token in acme.zslogin.net:443");
}
