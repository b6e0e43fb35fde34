//! Calls of the API, and the everyday ones.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::common::{Server, complained, said, zuno};

#[test]
fn api_makes_reads_lists_and_removes() {
    let server = Server::in_memory();
    let made = server.json(&[
        "api",
        "zpa",
        "segment-group",
        "create",
        "--set",
        "name=Finance",
        "--set",
        "enabled=true",
    ]);
    let id = made["id"].as_str().unwrap();
    let read = server.json(&["api", "zpa", "segment_group", "read", id]);
    assert_eq!((&read["name"], &read["enabled"]), (&json!("Finance"), &json!(true)));
    assert_eq!(server.json(&["api", "zpa", "segment-group", "read", "--id", id])["id"], id);
    let all = server.json(&["api", "zpa", "segment-group", "list", "--all", "--query", "pagesize=1"]);
    assert_eq!(all.as_array().unwrap().len(), 3, "{all}");
    let table =
        server.zuno(&["api", "zpa", "segment-group", "list", "--columns", "name,enabled"]).output().unwrap();
    assert!(said(&table).starts_with("name     enabled\nFinance  true\n"), "{}", said(&table));
    let gone = server.zuno(&["api", "zpa", "segment-group", "delete", id]).output().unwrap();
    assert!(gone.status.success() && gone.stdout.is_empty());
}

#[test]
fn api_reads_a_body_from_a_file_and_from_standard_input() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("group.json");
    std::fs::write(&file, r#"{"name": "From a file", "enabled": true}"#).unwrap();
    let at = format!("@{}", file.display());
    assert_eq!(server.json(&["api", "zpa", "segment-group", "create", "--body", &at])["name"], "From a file");
    let mut process = server
        .zuno(&["api", "zpa", "segment-group", "create", "--body", "-", "--set", "name=Renamed"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(br#"{"name": "Piped", "enabled": true}"#).unwrap();
    let made: Value = serde_json::from_slice(&process.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(made["name"], "Renamed");
}

#[test]
fn api_is_plain_about_what_is_wrong() {
    let server = Server::in_memory();
    for (arguments, code, words) in [
        (vec!["api", "zpa", "segmnt-group", "list"], 2, "segment-group"),
        (vec!["api", "zpa", "segment-group", "lst"], 2, "list"),
        (vec!["api", "zpa", "segment-group", "read"], 2, "needs its id"),
        (vec!["api", "zpa", "segment-group", "read", "1", "2"], 2, "'2'"),
        (vec!["api", "zpa", "segment-group", "create", "--body", "{"], 2, "no JSON"),
        (vec!["api", "zpa", "segment-group", "list", "--query", "a"], 2, "NAME=VALUE"),
        (vec!["api", "zpa", "segment-group", "read", "1"], 1, "resource.not.found"),
        (vec!["api", "zia", "status", "read", "--server", "http://127.0.0.1:1"], 2, ""),
    ] {
        let output = server.zuno(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", complained(&output));
        assert!(complained(&output).contains(words), "{arguments:?}: {}", complained(&output));
        assert_eq!(said(&output), "");
    }
}

#[test]
fn whoever_is_refused_is_told_what_to_check() {
    let server = Server::in_memory();
    let output = server.zuno(&["token"]).env("ZUNO_CLIENT_SECRET", "s3cret-word").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complained(&output).contains("invalid_client") && complained(&output).contains("--client-secret")
    );
    assert!(!complained(&output).contains("s3cret-word"));
    let nobody = zuno(&["token"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(2));
    assert!(complained(&nobody).contains("zuno serve"), "{}", complained(&nobody));
}

#[test]
fn api_lists_every_operation_with_its_grade() {
    let output = zuno(&["api", "--list", "--json"]).output().unwrap();
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = list.as_array().unwrap();
    assert!(list.len() > 1500, "{}", list.len());
    let row = list.iter().find(|row| row["resource"] == "segment-group" && row["verb"] == "create").unwrap();
    assert_eq!(row["method"], "POST");
    assert_ne!(row["grade"], "absent");
    let output = zuno(&["api", "--list", "zpa", "segment_group", "--columns", "verb"]).output().unwrap();
    assert!(said(&output).starts_with("verb\n") && said(&output).contains("\nlist\n"), "{}", said(&output));
}

#[test]
fn lookups_go_in_batches_and_keep_their_order() {
    let server = Server::in_memory();
    let mut process = server.zuno(&["lookup"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let urls: Vec<String> = (0..250).map(|n| format!("host{n}.example.com")).collect();
    process.stdin.take().unwrap().write_all(urls.join("\n").as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found: Vec<&str> = found.as_array().unwrap().iter().map(|one| one["url"].as_str().unwrap()).collect();
    assert_eq!(found, urls);
    let table =
        server.zuno(&["lookup", "facebook.com", "--columns", "url,urlClassifications"]).output().unwrap();
    assert!(said(&table).contains("facebook.com  SOCIAL_NETWORKING"), "{}", said(&table));
}

#[test]
fn changes_are_activated() {
    let server = Server::in_memory();
    assert_eq!(server.json(&["activate"])["status"], "ACTIVE");
    assert!(server.json(&["activate", "--product", "ztw"])["orgEditStatus"].is_string());
}
