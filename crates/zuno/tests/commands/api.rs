//! Calls of the API, and the everyday ones.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::common::{SECRET, Server, complained, said, zuno};

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
    assert_eq!(complained(&gone), format!("zuno: segment group {id} is deleted\n"));
}

#[test]
fn an_update_says_what_it_did_and_a_list_that_it_goes_on() {
    let server = Server::in_memory();
    let group = |name: &str| {
        let name = format!("name={name}");
        server.json(&["api", "zpa", "segment-group", "create", "--set", &name, "--set", "enabled=true"])
    };
    let id = group("A")["id"].as_str().unwrap().to_owned();
    let updated = server
        .zuno(&["api", "zpa", "segment-group", "update", &id, "--set", "name=B", "--set", "enabled=true"])
        .output()
        .unwrap();
    assert_eq!(complained(&updated), format!("zuno: segment group {id} is updated\n"));
    let list = |more: &[&str]| {
        server.zuno(&[&["api", "zpa", "segment-group", "list"], more].concat()).output().unwrap()
    };
    assert_eq!(complained(&list(&[])), "");
    group("C");
    let part = list(&["--query", "pagesize=2"]);
    let told = complained(&part);
    assert!(told.starts_with("zuno: ") && told.ends_with("; --all\n"), "{told}");
    for more in [&["--all", "--query", "pagesize=2"][..], &["--query", "page=1", "--query", "pagesize=2"]] {
        assert_eq!(complained(&list(more)), "", "{more:?}");
    }
}

#[test]
fn more_is_told_wherever_that_is_asked_for() {
    let server = Server::in_memory();
    let told = |arguments: &[&str]| server.zuno(arguments).env("ZUNO_LOG", "").output().unwrap();
    for arguments in [
        &["-v", "api", "zpa", "segment-group", "list"][..],
        &["api", "zpa", "segment-group", "list", "-v"],
        &["api", "-vv", "zia", "--list"],
    ] {
        assert!(told(arguments).status.success(), "{arguments:?}: {}", complained(&told(arguments)));
    }
}

#[test]
fn a_file_speaks_for_calls_as_for_other_commands() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zuno.toml");
    std::fs::write(
        &file,
        format!("server = \"{}\"\nclient-id = \"a\"\n[api]\nclient-secret = \"{SECRET}\"\n", server.origin),
    )
    .unwrap();
    let output = zuno(&["api", "zpa", "segment-group", "list"]).env("ZUNO_CONFIG", &file).output().unwrap();
    assert!(output.status.success(), "{}", complained(&output));
    std::fs::write(&file, "[api]\nlisen = 1\n").unwrap();
    let output = zuno(&["api", "--list"]).env("ZUNO_CONFIG", &file).output().unwrap();
    assert!(complained(&output).contains("`zuno api` has no option `lisen`"), "{}", complained(&output));
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
        (vec!["api", "zpa", "segment-group", "list", "--server", "http://127.0.0.1:1"], 1, "cannot reach"),
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
