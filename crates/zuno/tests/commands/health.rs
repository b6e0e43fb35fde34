//! Whether the server says of its store what is so: on a full disk, and on pages that are damaged.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::{SECRET, Server, zuno};

/// Status and body of a path of the server's own.
fn get(server: &Server, path: &str) -> (u16, Value) {
    let agent =
        ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
    let mut answer = agent.get(format!("{}{path}", server.origin)).call().unwrap();
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&body).unwrap_or_default())
}

/// Asks until the answer is the one that is awaited: each holds for a second.
fn ready(server: &Server, wanted: u16) -> Value {
    let begun = Instant::now();
    loop {
        let (status, body) = get(server, "/ready");
        if status == wanted {
            return body;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "/ready stays {status}: {body}");
    }
}

fn start(path: &Path, log: &Path) -> Server {
    let own = ["--data", path.to_str().unwrap(), "--client-id", "a", "--client-secret", SECRET, "--es256"];
    Server::start_logging(&own, fs::File::create(log).unwrap())
}

fn stop(mut server: Server) {
    assert!(Command::new("kill").arg(server.process.id().to_string()).status().unwrap().success());
    server.process.wait().unwrap();
}

/// A file system of its own that ends with the test.
struct Small(tempfile::TempDir);

impl Small {
    /// Nothing where this user may not mount.
    fn mount(size: &str) -> Option<Small> {
        let folder = tempfile::tempdir().unwrap();
        let options = ["-t", "tmpfs", "-o", size, "tmpfs"];
        let mut mount = Command::new("mount");
        let mounted = mount.args(options).arg(folder.path()).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then_some(Small(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_makes_the_server_unready_and_alive_until_there_is_room() {
    let Some(small) = Small::mount("size=4m") else {
        eprintln!("skipped: this user may not mount a small file system");
        return;
    };
    let (data, log) = (small.0.path().join("cloud"), tempfile::NamedTempFile::new().unwrap());
    let server = start(&data, log.path());
    assert_eq!(ready(&server, 200)["status"], "ok");
    let filler = small.0.path().join("filler");
    let mut file = fs::File::create(&filler).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    let create = |name: &str| {
        let set = format!("name={name}");
        let arguments = ["api", "zpa", "segment-group", "create", "--set", &set, "--set", "enabled=true"];
        server.zuno(&arguments).output().unwrap().status.success()
    };
    // What the log before the write-ahead log still has room for is kept; then nothing more is.
    let mut kept = 0;
    while create(&format!("{}{kept}", "g".repeat(200))) {
        kept += 1;
        assert!(kept < 2000, "the disk never filled");
    }
    let told = ready(&server, 503);
    assert!(told["cause"].as_str().unwrap().contains("disk is full"), "{told}");
    assert_eq!(get(&server, "/health").0, 200);
    let said = fs::read_to_string(log.path()).unwrap();
    assert!(
        said.contains("zuno.db") && said.contains("disk is full") && said.contains("free some space"),
        "{said}"
    );
    drop(file);
    fs::remove_file(filler).unwrap();
    ready(&server, 200);
    assert!(create("again"));
    stop(server);
}

#[test]
fn damaged_pages_are_found_and_told_with_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("cloud"), folder.path().join("log"));
    let server = start(&data, &log);
    for number in 0..40 {
        let set = format!("name={}{number}", "g".repeat(100));
        let arguments = ["api", "zpa", "segment-group", "create", "--set", &set, "--set", "enabled=true"];
        assert!(server.zuno(&arguments).output().unwrap().status.success());
    }
    stop(server);
    let path = data.join("zuno.db");
    let mut file = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let mut head = [0; 100];
    file.read_exact(&mut head).unwrap();
    let page = u64::from(u16::from_be_bytes([head[16], head[17]]));
    // Every page behind the schema's: whatever is read now is damaged.
    let pages = file.metadata().unwrap().len() / page;
    for number in 1..pages {
        file.seek(SeekFrom::Start(number * page)).unwrap();
        file.write_all(&[0xa5; 512]).unwrap();
    }
    drop(file);
    let own = ["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
    let output = zuno(&own).output().unwrap();
    let told = crate::common::complained(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("zuno.db is damaged") && told.contains("back-up"), "{told}");
}

#[test]
fn a_damaged_page_that_nobody_asks_for_makes_the_server_unready() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("cloud"), folder.path().join("log"));
    let server = start(&data, &log);
    stop(server);
    let path = data.join("zuno.db");
    let mut bytes = fs::read(&path).unwrap();
    // The page of a table that no start reads, whose number stands behind its name in the schema. The first byte of a page
    // says of what kind it is; this is none.
    let page = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let named = b"tableuniquesuniques";
    let at = bytes.windows(named.len()).position(|part| part == named).unwrap() + named.len();
    let root = usize::from(bytes[at]);
    bytes[(root - 1) * page] = 0x77;
    fs::write(&path, bytes).unwrap();
    let server = start(&data, &log);
    let told = ready(&server, 503);
    assert!(told["cause"].as_str().unwrap().contains("damaged"), "{told}");
    assert_eq!(get(&server, "/health").0, 200);
    let said = fs::read_to_string(&log).unwrap();
    assert!(said.contains("zuno.db is damaged") && said.contains("back-up"), "{said}");
}
