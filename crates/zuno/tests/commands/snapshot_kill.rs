//! A server that is killed in the midst of taking or restoring a snapshot has, when it is started again, one state or the other,
//! and every snapshot that it said it has.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use crate::common::{OPERATOR, SECRET, Server};

const ROUNDS: usize = 10;
const RECORDS: usize = 600;

fn started(data: &Path) -> Server {
    let data = data.to_str().unwrap();
    Server::start(&["--data", data, "--bare", "--es256", "--client-id", "a", "--client-secret", SECRET])
}

/// One call of the operator's; nothing where the server is gone.
fn operated(origin: &str, method: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{origin}/_zuno{path}"))
        .header("authorization", format!("Bearer {OPERATOR}"))
        .body(body.to_string())
        .unwrap();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.run(request).ok()?;
    let text = answer.body_mut().read_to_string().ok()?;
    Some((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
}

fn done(server: &Server, method: &str, path: &str, body: &Value) -> Value {
    let (status, answer) = operated(&server.origin, method, path, body).unwrap();
    assert!(status < 300, "{method} {path}: {status} {answer}");
    answer
}

/// What the tenant is: the word that all of its labels begin with.
fn state(server: &Server) -> String {
    let labels = server.json(&["api", "zia", "rule-label", "list", "--all"]);
    let labels = labels.as_array().unwrap();
    let word = |label: &Value| label["name"].as_str().unwrap().split('-').next().unwrap().to_owned();
    let first = labels.first().map(word).unwrap_or_default();
    assert!(labels.iter().all(|label| word(label) == first), "a mixture");
    assert_eq!(labels.len(), RECORDS, "{first}");
    first
}

#[test]
fn a_restore_that_is_killed_is_done_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = started(folder.path());
    done(&server, "PUT", "/snapshots/empty", &Value::Null);
    let empty = done(&server, "GET", "/snapshots/empty/document", &Value::Null);
    for word in ["one", "two"] {
        let mut document = empty.clone();
        let label = |number: usize| {
            let id = (9_000 + number).to_string();
            json!({ "id": id, "record": { "id": id, "name": format!("{word}-{number}") } })
        };
        document["kinds"]["zia.rule_label"] = (0..RECORDS).map(label).collect();
        done(&server, "PUT", &format!("/snapshots/{word}/document"), &document);
    }
    done(&server, "POST", "/snapshots/one/restore", &json!({ "clients": "keep" }));
    drop(server);
    let (mut seen, mut saved) = (std::collections::BTreeSet::new(), 0);
    for round in 0..ROUNDS {
        let server = started(folder.path());
        seen.insert(state(&server));
        for name in (0..saved).map(|number| format!("saved-{number}")).chain(["one".into(), "two".into()]) {
            let document = done(&server, "GET", &format!("/snapshots/{name}/document"), &Value::Null);
            assert_eq!(document["kinds"]["zia.rule_label"].as_array().unwrap().len(), RECORDS, "{name}");
        }
        let (kept, asked) = (Arc::new(AtomicUsize::new(saved)), Arc::new(AtomicUsize::new(0)));
        let worker = {
            let (origin, kept, asked) = (server.origin.clone(), Arc::clone(&kept), Arc::clone(&asked));
            thread::spawn(move || {
                for turn in round.. {
                    asked.fetch_add(1, Ordering::Relaxed);
                    let name = if turn % 2 == 0 { "two" } else { "one" };
                    let restore = format!("/snapshots/{name}/restore");
                    if operated(&origin, "POST", &restore, &json!({ "clients": "keep" })).is_none() {
                        return;
                    }
                    let save = format!("/snapshots/saved-{}", kept.load(Ordering::Relaxed));
                    match operated(&origin, "PUT", &save, &json!({ "replace": true })) {
                        Some((201, _)) => kept.fetch_add(1, Ordering::Relaxed),
                        _ => return,
                    };
                }
            })
        };
        // Another moment each round, told by what has been done.
        while asked.load(Ordering::Relaxed) <= round % 3 {
            thread::yield_now();
        }
        for _ in 0..round * 400 {
            thread::yield_now();
        }
        drop(server);
        worker.join().unwrap();
        saved = kept.load(Ordering::Relaxed);
    }
    let server = started(folder.path());
    seen.insert(state(&server));
    assert_eq!(seen.len(), 2, "both states were there: {seen:?}");
}
