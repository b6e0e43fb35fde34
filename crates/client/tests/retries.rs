//! The client against a server that answers as told, on a port of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use zuno_client::{Client, Credentials, Error, Method, Remote, Retries, Settings};

const TOKEN: &str = "HTTP/1.1 200 OK\r\n\r\n{\"access_token\":\"t1\",\"expires_in\":3600}";

/// Answers one connection after the other; hands back the address and the heads of the requests.
fn server(answers: Vec<String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let heads = Arc::clone(&seen);
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
                head.push_str(&line);
            }
            reader.take(length).read_to_string(&mut head).unwrap();
            heads.lock().unwrap().push(head);
            let (start, body) = answer.split_once("\r\n\r\n").unwrap();
            let length = body.len();
            write!(stream, "{start}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
        }
    });
    (address, seen)
}

fn client(address: &str) -> (Client, Arc<Mutex<Vec<Duration>>>) {
    client_that(address, false)
}

fn client_that(address: &str, stubborn: bool) -> (Client, Arc<Mutex<Vec<Duration>>>) {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&waits);
    let retries = Retries {
        attempts: 3,
        longest: Duration::from_secs(60),
        stubborn,
        wait: Box::new(move |wait, _| told.lock().unwrap().push(wait)),
    };
    let credentials = Credentials::Secret { id: "abc".into(), secret: "s3cret-word".into() };
    let remote = Remote::server(address, Some("acme".into())).unwrap();
    (Client::new(Settings { remote, credentials, retries }), waits)
}

fn get(client: &Client) -> Result<String, Error> {
    let answer = client.call(&Method::GET, "/zia/api/v1/status", &[], None)?;
    Ok(String::from_utf8(answer.body).unwrap())
}

#[test]
fn a_refusal_that_asks_to_wait_is_waited_out() {
    let slow = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 4s\r\n\r\n{}".to_owned();
    let busy = "HTTP/1.1 503 Busy\r\nretry-after: 10s\r\n\r\n{}".to_owned();
    let (address, seen) = server(vec![TOKEN.into(), slow, busy, "HTTP/1.1 200 OK\r\n\r\nfine".into()]);
    let (client, waits) = client(&address);
    assert_eq!(get(&client).unwrap(), "fine");
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(4), Duration::from_secs(10)]);
    let seen = seen.lock().unwrap();
    assert!(seen[0].to_lowercase().contains("host: acme.zslogin.net"), "{}", seen[0]);
    assert!(seen[0].contains("client_secret=s3cret-word"), "{}", seen[0]);
    assert!(seen[1].to_lowercase().contains("authorization: bearer t1"), "{}", seen[1]);
}

#[test]
fn retries_end() {
    let slow = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\n\r\n{\"message\":\"slow\"}".to_owned();
    let (address, _) = server(vec![TOKEN.into(), slow.clone(), slow.clone(), slow]);
    let (one, waits) = client(&address);
    assert_eq!(get(&one).unwrap_err().refusal().unwrap().message.as_deref(), Some("slow"));
    assert_eq!(waits.lock().unwrap().len(), 2);

    let late = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 61\r\n\r\n{}".to_owned();
    let (address, _) = server(vec![TOKEN.into(), late]);
    let (other, waits) = client(&address);
    assert!(get(&other).is_err());
    assert!(waits.lock().unwrap().is_empty());
}

#[test]
fn long_work_goes_on_after_a_failed_read_and_somebody_elses_change() {
    let failed = "HTTP/1.1 500 Internal Server Error\r\n\r\n{}".to_owned();
    let locked = "HTTP/1.1 409 Conflict\r\n\r\n{\"code\":\"EDIT_LOCK_NOT_AVAILABLE\"}".to_owned();
    let fine = "HTTP/1.1 200 OK\r\n\r\nfine".to_owned();
    let (address, _) =
        server(vec![TOKEN.into(), failed.clone(), fine.clone(), locked.clone(), fine.clone(), failed]);
    let (stubborn, waits) = client_that(&address, true);
    assert_eq!(get(&stubborn).unwrap(), "fine");
    let write = || stubborn.call(&Method::POST, "/zia/api/v1/x", &[], Some(&serde_json::json!({})));
    write().unwrap();
    // Whether a write that failed was done nobody knows.
    assert_eq!(write().unwrap_err().refusal().unwrap().status, 500);
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(1), Duration::from_secs(1)]);

    let (address, _) = server(vec![TOKEN.into(), locked]);
    assert!(
        get(&client(&address).0).unwrap_err().refusal().unwrap().is_locked(),
        "a single call does not wait"
    );
}

#[test]
fn a_refused_token_is_fetched_anew_once() {
    let no = "HTTP/1.1 401 Unauthorized\r\n\r\n{\"detail\": \"unauthorized\"}".to_owned();
    let fine = "HTTP/1.1 200 OK\r\n\r\nfine".to_owned();
    let (address, _) = server(vec![TOKEN.into(), no.clone(), TOKEN.into(), fine]);
    assert_eq!(get(&client(&address).0).unwrap(), "fine");

    let (address, _) = server(vec![TOKEN.into(), no.clone(), TOKEN.into(), no]);
    let refused = get(&client(&address).0).unwrap_err();
    assert_eq!(refused.to_string(), "GET /zia/api/v1/status was answered with 401: unauthorized");
}

#[test]
fn wrong_credentials_are_no_token_and_no_secret_is_shown() {
    let no = "HTTP/1.1 400 Bad Request\r\n\r\n{\"error\":\"invalid_client\"}".to_owned();
    let (address, _) = server(vec![no]);
    let (client, _) = client(&address);
    let refused = get(&client).unwrap_err();
    assert!(matches!(refused, Error::NoToken(_)), "{refused:?}");
    assert!(!format!("{refused} {refused:?}").contains("s3cret"));
}

#[test]
fn client_connector_says_no_under_status_200() {
    let no = "HTTP/1.1 200 OK\r\n\r\n{\"success\":\"false\",\"errorCode\":\"1001\"}".to_owned();
    let (address, _) = server(vec![TOKEN.into(), no]);
    let refused =
        client(&address).0.call(&Method::DELETE, "/zcc/papi/public/v1/x", &[], Some(&serde_json::json!({})));
    assert_eq!(refused.unwrap_err().refusal().unwrap().code.as_deref(), Some("1001"));
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let text = get(&client(&address).0).unwrap_err().to_string();
    assert!(text.contains(&address), "{text}");
}

#[test]
fn a_tenant_that_takes_no_audience_is_asked_without() {
    let refused = |error: &str| format!("HTTP/1.1 400 Bad Request\r\n\r\n{{\"error\":\"{error}\"}}");
    let answers = vec![refused("invalid_request"), TOKEN.to_owned(), "HTTP/1.1 200 OK\r\n\r\n{}".into()];
    let (address, seen) = server(answers);
    get(&client(&address).0).unwrap();
    let asked = |number: usize| seen.lock().unwrap()[number].contains("audience=");
    assert!(asked(0) && !asked(1));

    let (address, seen) = server(vec![refused("invalid_client")]);
    assert!(matches!(get(&client(&address).0), Err(Error::NoToken(_))));
    assert_eq!(seen.lock().unwrap().len(), 1, "wrong credentials are not tried again");
}
