//! A server whose service endpoints follow another's.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Folder, OLD, Server};
use crate::common::zuno;

const CENR: &str = "/api/zscaler.net/cenr/json";
const FUTURE: &str = "/api/zscaler.net/future/json";

/// Waits until a condition holds; a minute is long for any of them.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < patience, "{what}");
    }
}

/// Puts a file in its place in one step, as a server that reads it meanwhile expects.
fn put(folder: &Folder, name: &str, text: &str) {
    folder.file(".aside", text);
    fs::rename(folder.path(".aside"), folder.path(name)).unwrap();
}

fn future(prefixes: &str) -> String {
    format!(r#"{{"cloudName":"zscaler.net","prefixes":[{prefixes}]}}"#)
}

#[test]
fn a_server_follows_another() {
    let (there, here) = (Folder::new(), Folder::new());
    put(&there, "zscaler.net.cenr.json", OLD);
    let site = Server::start(&["--endpoints", &there.0.path().display().to_string()]);
    let log = fs::File::create(here.path("log")).unwrap();
    let kept = here.path("kept");
    let mirror = Server::start_logging(
        &[
            ["--mirror-endpoints", &site.origin, "--mirror-every", "1s"],
            ["--mirror-cloud", "zscaler.net", "--mirror-kind", "cenr,future"],
            ["--endpoints", &kept.display().to_string(), "-v", "-v"],
        ]
        .concat(),
        log,
    );
    let is = |path: &str, body: &str| {
        let (status, headers, bytes) = mirror.get(path, &[]);
        status == 200 && bytes == body.as_bytes() && !headers.contains_key("x-zuno-data")
    };
    until("what the site has is answered, without the mark of what is built in", || is(CENR, OLD));
    assert_eq!(fs::read_to_string(kept.join("zscaler.net.cenr.json")).unwrap(), OLD, "byte for byte");
    let list = |name: &str, wish: &str| {
        assert_eq!(mirror.operate("PUT", &format!("/_zuno/lists/{name}"), wish).0, 201);
        let (status, headers, text) = mirror.get(&format!("/lists/{name}.txt"), &[]);
        assert!(!headers.contains_key("x-zuno-data"));
        (status, String::from_utf8(text).unwrap())
    };
    let lines = "192.0.2.0/24\n198.51.100.0/24\n2001:db8::/40\n";
    assert_eq!(list("firewall", r#"{"kinds":["cenr"]}"#), (200, lines.to_owned()));
    let (status, why) = list("more", r#"{"kinds":["cenr","future"]}"#);
    assert!(
        status == 503 && why.contains("does not have future of zscaler.net"),
        "none of what is built in: {why}"
    );
    for path in [FUTURE, "/api/zscloud.net/cenr/json"] {
        let (status, headers, _) = mirror.get(path, &[]);
        assert!(status == 200 && headers.contains_key("x-zuno-data"), "{path} stays built in");
    }

    let grown = OLD.replace("198.51.100.0/24", "198.51.100.0/23");
    put(&there, "zscaler.net.cenr.json", &grown);
    until("what changed there changes here", || is(CENR, &grown));
    until("the change is told", || here.text("log").contains("prefix added: 198.51.100.0/23"));

    let shrunk = OLD.replace("198.51.100.0/24", "198.51.100.0/26");
    put(&there, "zscaler.net.cenr.json", &shrunk);
    put(&there, "zscaler.net.future.json", &future(r#""192.0.2.0/24""#));
    until("a document of its own comes when the site has it", || is(FUTURE, &future(r#""192.0.2.0/24""#)));
    until("what shrank too much is told", || here.text("log").contains("the last good document answers"));
    assert!(is(CENR, &grown), "and is not taken");

    let origin = site.origin.clone();
    drop((site, mirror));
    let kept = kept.display().to_string();
    let again = Server::start(&["--mirror-endpoints", &origin, "--endpoints", &kept]);
    assert_eq!(again.get(CENR, &[]).2, grown.as_bytes(), "the next start has it without the site");
}

#[test]
fn a_first_start_without_a_site_answers_what_is_built_in_and_stops_at_once() {
    // A site that takes calls and never answers them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let mut server = zuno(&["serve", "--memory", "--listen", "127.0.0.1:0", "--mirror-endpoints", &origin])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map(Result::unwrap);
    let listening = lines.next().unwrap();
    let origin_here = listening.strip_prefix("listening on ").unwrap();
    let (_held, _) = silent.accept().unwrap();
    let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
    let answer = agent.get(format!("{origin_here}{CENR}")).call().unwrap();
    assert!(answer.headers().contains_key("x-zuno-data"), "{:?}", answer.headers());
    let about = lines.find(|line| line.contains("follow")).unwrap();
    assert!(about.contains(&origin) && about.contains("every 3600 s"), "{about}");
    let folder = about.rsplit_once("kept in ").unwrap().1.to_owned();
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap().success());
    assert!(server.wait().unwrap().success());
    assert!(asked.elapsed() < Duration::from_secs(60), "it does not wait for the site");
    assert!(!std::path::Path::new(&folder).exists(), "a server that keeps nothing leaves nothing");
}

#[test]
fn a_wish_that_cannot_be_followed_is_told() {
    for (arguments, why) in [
        (&["--mirror-endpoints", "--mirror-every", "10s"][..], "every 300 s at most"),
        (&["--mirror-endpoints", "https://api.config.zscaler.com", "--mirror-every", "10s"], "every 300 s"),
        (&["--mirror-endpoints", "http://127.0.0.1:1/x"], "no address of a server"),
        (
            &["--mirror-endpoints", "--mirror-cloud", "zscaler.net", "--mirror-kind", "zpa"],
            "none of these kinds",
        ),
        (&["--mirror-every", "1h"], "--mirror-endpoints"),
    ] {
        let serve = ["serve", "--memory", "--listen", "127.0.0.1:0"];
        let output = zuno(&[&serve, arguments].concat()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(why), "{arguments:?}: {said}");
    }
}
