//! Killed at any moment under load, the server has lost nothing it acknowledged, and starts again as if stopped. Killed
//! at any moment of its first start, it leaves a folder that the next start makes whole.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

const ROUNDS: usize = 12;
/// First starts that are killed; `FIRST_STARTS` asks for another number.
const FIRST_STARTS: usize = 200;
const WRITERS: usize = 8;
const SERVERS: &str = "/zpa/mgmtconfig/v1/admin/customers/216196257331281920/server";

/// A running server.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts on a data folder and waits for the line that says where it listens.
    fn start(data: &Path) -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_zuno"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--client-id",
                "killer",
                "--client-secret",
                "kill-secret",
                "--es256",
            ])
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().strip_prefix("listening on ").expect("the first line names the address");
        Server { process, address: address.to_owned() }
    }

    fn token(&self) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "killer"),
            ("client_secret", "kill-secret"),
            ("audience", "https://api.zscaler.com"),
        ];
        let mut answer =
            ureq::post(format!("{}/oauth2/v1/token", self.address)).send_form(form).expect("a token");
        let body: Value =
            serde_json::from_str(&answer.body_mut().read_to_string().expect("a body")).expect("JSON");
        body["access_token"].as_str().expect("a token").to_owned()
    }

    /// Kills without warning: no handler runs, nothing is flushed.
    fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it is gone");
    }
}

/// The names of all application servers, page by page.
fn names(server: &Server, token: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for page in 1.. {
        let url = format!("{}{SERVERS}?pagesize=500&page={page}", server.address);
        let mut answer =
            ureq::get(url).header("authorization", format!("Bearer {token}")).call().expect("a list");
        let body: Value =
            serde_json::from_str(&answer.body_mut().read_to_string().expect("a body")).expect("JSON");
        let rows = body["list"].as_array().cloned().unwrap_or_default();
        let total: usize = body["totalCount"].as_str().and_then(|count| count.parse().ok()).expect("a count");
        found.extend(rows.iter().filter_map(|row| row["name"].as_str()).map(str::to_owned));
        if rows.is_empty() || found.len() >= total {
            assert_eq!(found.len(), total, "the count and the list agree");
            return found;
        }
    }
    unreachable!("pages come to an end")
}

/// Writes until the server is killed; every acknowledged name is remembered.
fn write(
    address: &str,
    token: &str,
    round: usize,
    writer: usize,
    kept: &Mutex<Vec<String>>,
    count: &AtomicUsize,
    stop: &AtomicBool,
) {
    for turn in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let name = format!("r{round} w{writer} t{turn}");
        let sent = ureq::post(format!("{address}{SERVERS}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .send(json!({"name": name, "address": "192.0.2.1"}).to_string());
        match sent {
            Ok(answer) if answer.status() == 201 => {
                kept.lock().expect("no writer panics").push(name);
                count.fetch_add(1, Ordering::Relaxed);
            }
            // The server was killed while this one was on its way.
            _ => return,
        }
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    for round in 0..ROUNDS {
        let server = Server::start(folder.path());
        let token = server.token();
        let found = names(&server, &token);
        let lost: Vec<_> = acknowledged.difference(&found).collect();
        assert!(lost.is_empty(), "round {round}: acknowledged and lost: {lost:?}");
        let kept = Arc::new(Mutex::new(Vec::new()));
        let (count, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (address, token) = (server.address.clone(), token.clone());
                let (kept, count, stop) = (Arc::clone(&kept), Arc::clone(&count), Arc::clone(&stop));
                thread::spawn(move || write(&address, &token, round, writer, &kept, &count, &stop))
            })
            .collect();
        // A different moment each round, told by what has been done and not by a clock.
        let moment = 5 + (round * 37) % 120;
        while count.load(Ordering::Relaxed) < moment {
            assert!(
                !writers.iter().all(thread::JoinHandle::is_finished),
                "the writers gave up: nothing is written"
            );
            thread::yield_now();
        }
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.join().expect("a writer came through");
        }
        acknowledged.extend(kept.lock().expect("no writer panicked").drain(..));
    }
    let server = Server::start(folder.path());
    let found = names(&server, &server.token());
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(acknowledged.len() > ROUNDS, "something was written");
    server.kill();
}

/// Starts on a folder that is new, or was left by a first start that was killed.
fn first_start(data: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_zuno"))
        .args(["serve", "--listen", "127.0.0.1:0", "--bare", "--es256", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts")
}

/// The line that says where the server listens, if it comes to that.
fn address(process: &mut Child) -> Option<String> {
    let mut line = String::new();
    BufReader::new(process.stdout.take()?).read_line(&mut line).ok()?;
    line.trim().strip_prefix("listening on ").map(str::to_owned)
}

/// Whether the client that the folder names opens the server.
fn opens(address: &str, data: &Path) -> bool {
    let Ok(kept) = std::fs::read(data.join("credentials.json")) else { return false };
    let kept: Value = serde_json::from_slice(&kept).expect("whole credentials, or none");
    let text = |name: &str| kept[name].as_str().expect("a text").to_owned();
    let form = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", text("client_id")),
        ("client_secret", text("client_secret")),
        ("audience", "https://api.zscaler.com".to_owned()),
    ];
    ureq::post(format!("{address}/oauth2/v1/token")).send_form(form).is_ok()
}

/// What a first start leaves behind on its way, in its order.
const STAGES: [&str; 8] = [
    "server.json",
    "zuno.db",
    "zuno.db-wal",
    "ca/ca-key.pem",
    "ca/ca.pem",
    "keys/pepper",
    "keys/sealing",
    "credentials.json",
];

/// Whether a folder's server is done with its start.
fn listens(data: &Path) -> bool {
    std::fs::read_to_string(data.join("server.json")).is_ok_and(|note| note.contains("address"))
}

#[test]
fn a_first_start_that_is_killed_leaves_no_client_that_nobody_knows() {
    let wanted = std::env::var("FIRST_STARTS").ok().and_then(|text| text.parse().ok());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut broken = Vec::new();
    for round in 0..wanted.unwrap_or(FIRST_STARTS) {
        let data = folder.path().join(round.to_string());
        let mut process = first_start(&data);
        // Most rounds stop about the moment at which the client is made, each a little later than the one before.
        let stage = STAGES.len() - 1 - (round % 16).saturating_sub(8);
        while !data.join(STAGES[stage]).exists() && !listens(&data) {
            assert!(process.try_wait().expect("it can be asked").is_none(), "it ended by itself");
            thread::yield_now();
        }
        for _ in 0..round / 16 * 40 + round % 16 {
            thread::yield_now();
        }
        process.kill().expect("it can be killed");
        process.wait().expect("it is gone");
        let mut process = first_start(&data);
        match address(&mut process) {
            Some(address) if opens(&address, &data) => {}
            Some(_) => broken.push(format!("round {round}: its client does not open it")),
            None => {
                let mut told = String::new();
                let mut errors = process.stderr.take().expect("its errors are piped");
                let _ = errors.read_to_string(&mut told);
                broken.push(format!("round {round}: {told}"));
            }
        }
        process.kill().expect("it can be killed");
        process.wait().expect("it is gone");
        std::fs::remove_dir_all(&data).expect("the folder goes");
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
