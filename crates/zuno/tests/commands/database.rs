//! Servers that share a PostgreSQL database: what is done at one counts at the other at once.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use zuno_store_postgres::local::{self, Local, PASSWORD};

use crate::common::{OPERATOR, SECRET, Server, complained, said, zuno};

/// A node with a data folder of its own, on keys that all share.
fn node(folder: &Path, name: &str, url: &str) -> Server {
    let (data, keys) = (folder.join(name), folder.join("keys"));
    let mut command = zuno(&["serve", "--listen", "127.0.0.1:0", "--es256", "--bare"]);
    command
        .args(["--client-id", "a", "--client-secret", SECRET])
        .env("ZUNO_DATA", data)
        .env("ZUNO_KEYS", keys);
    command.env("ZUNO_DATABASE", url).env("ZUNO_OPERATOR_TOKEN", OPERATOR);
    Server::of(command)
}

/// Ends a server as its operator does.
fn stop(mut server: Server) {
    assert!(Command::new("kill").arg(server.process.id().to_string()).status().unwrap().success());
    assert!(server.process.wait().unwrap().success());
}

fn status(server: &Server, path: &str, token: &str) -> u16 {
    let agent =
        ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
    let asked =
        agent.get(format!("{}{path}", server.origin)).header("authorization", format!("Bearer {token}"));
    asked.call().unwrap().status().as_u16()
}

#[test]
fn two_servers_on_one_database_answer_as_one() {
    let Some(database) = local::server().map(Local::database) else { return };
    let folder = tempfile::tempdir().unwrap();
    let one = node(folder.path(), "one", &database.url());
    let other = node(folder.path(), "other", &database.url());
    for server in [&one, &other] {
        assert_eq!(status(server, "/ready", ""), 200);
    }
    for turn in 0..6 {
        let (here, there) = if turn % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let name = format!("name=group {turn}");
        here.json(&["api", "zpa", "segment-group", "create", "--set", &name, "--set", "enabled=true"]);
        let listed = there.json(&["api", "zpa", "segment-group", "list"]);
        let listed = listed.to_string();
        assert!(listed.contains(&format!("group {turn}")), "{listed}");
    }
    let token = one.zuno(&["token"]).output().unwrap();
    let token = said(&token).trim().to_owned();
    let path = "/zia/api/v1/ruleLabels";
    assert_eq!((status(&one, path, &token), status(&other, path, &token)), (200, 200));
    // The client's secret is another from now on, and what it held is out.
    let deleted = one.zuno(&["client", "delete", "a"]).output().unwrap();
    assert!(deleted.status.success(), "{}", complained(&deleted));
    assert_eq!((status(&one, path, &token), status(&other, path, &token)), (401, 401));
}

#[test]
fn a_server_with_other_keys_is_refused() {
    let Some(database) = local::server().map(Local::database) else { return };
    let folder = tempfile::tempdir().unwrap();
    drop(node(folder.path(), "one", &database.url()));
    let mut command = zuno(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("ZUNO_DATA", folder.path().join("two")).env("ZUNO_DATABASE", database.url());
    let refused = command.stdout(Stdio::null()).output().unwrap();
    assert!(!refused.status.success());
    assert!(complained(&refused).contains("key"), "{}", complained(&refused));
}

#[test]
fn a_database_that_cannot_be_reached_is_told_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    for (url, words) in [
        (
            "postgres://zuno:hunter2@127.0.0.1:1/zuno",
            "zuno at 127.0.0.1:1 cannot be reached; see that it runs",
        ),
        ("postgres://zuno:hunter2@127.0.0.1:1/zuno?sslmode=off", "the database's URL cannot be used"),
        ("hunter2", "it does not begin with postgres://"),
    ] {
        let mut command = zuno(&["serve", "--listen", "127.0.0.1:0", "-vv"]);
        command.env("ZUNO_DATA", folder.path().join("data")).env("ZUNO_DATABASE", url);
        let output = command.output().unwrap();
        let told = complained(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(
            told.contains(words) && !told.contains("hunter2") && !said(&output).contains("hunter2"),
            "{told}"
        );
    }
    let Some(server) = local::server() else { return };
    let database = server.database();
    let name = database.url().rsplit('/').next().unwrap().to_owned();
    let url = format!("postgres://zuno@127.0.0.1:{}/{name}", server.port());
    let mut command = zuno(&["serve", "--listen", "127.0.0.1:0", "--bare", "--es256"]);
    command
        .env("ZUNO_DATA", folder.path().join("data"))
        .env("ZUNO_DATABASE", &url)
        .env("PGPASSWORD", PASSWORD);
    let started = Server::of(command);
    assert_eq!(status(&started, "/ready", ""), 200);
}

/// What `zuno db` tells, without its words on tenants.
fn held(arguments: &[&str]) -> Vec<(String, u64)> {
    let output = zuno(&[&["db"], arguments].concat()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", complained(&output));
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    let all = all.as_array().unwrap().iter();
    all.map(|one| (one["digest"].as_str().unwrap().to_owned(), one["records"].as_u64().unwrap())).collect()
}

#[test]
fn a_folder_goes_into_a_database_and_back_whole() {
    let Some(database) = local::server().map(Local::database) else { return };
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    let (first, back) = (place("first"), place("back"));
    let own = ["--data", &first, "--client-id", "a", "--client-secret", SECRET, "--es256"];
    let server = Server::start(&own);
    for number in 0..5 {
        let name = format!("name=group {number}");
        server.json(&["api", "zpa", "segment-group", "create", "--set", &name, "--set", "enabled=true"]);
    }
    server.json(&["api", "zia", "rule-label", "create", "--set", "name=label"]);
    stop(server);
    let before = held(&["status", "--data", &first]);
    assert!(before.len() == 2 && before[1].1 >= 6, "{before:?}");
    assert_eq!(held(&["copy", "--from", &first, "--to", &database.url()]), before);
    assert_eq!(held(&["status", "--database", &database.url()]), before);
    let again = zuno(&["db", "copy", "--from", &first, "--to", &database.url()]).output().unwrap();
    assert!(complained(&again).contains("name an empty one"), "{}", complained(&again));

    let mut command = zuno(&["serve", "--listen", "127.0.0.1:0", "--es256", "--keys", &place("first/keys")]);
    command.env("ZUNO_DATA", place("node")).env("ZUNO_DATABASE", database.url());
    command.args(["--client-id", "a", "--client-secret", SECRET]).env("ZUNO_OPERATOR_TOKEN", OPERATOR);
    let node = Server::of(command);
    let listed = node.json(&["api", "zpa", "segment-group", "list"]).to_string();
    assert!((0..5).all(|number| listed.contains(&format!("group {number}"))), "{listed}");
    node.json(&["api", "zia", "rule-label", "create", "--set", "name=of the node"]);
    stop(node);
    let after = held(&["status", "--database", &database.url()]);
    assert_ne!(after, before);
    assert_eq!(held(&["copy", "--from", &database.url(), "--to", &back]), after);
    assert_eq!(held(&["status", "--data", &back]), after);
}
