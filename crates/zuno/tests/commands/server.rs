//! A server, its note in the data folder, and `zuno env` that leads others to it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::common::{Server, complained, said, zuno};

#[test]
fn env_finds_the_server_of_a_folder_and_is_enough_for_other_programs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud");
    let server = Server::start(&["--data", path.to_str().unwrap()]);
    let script = zuno(&["env", "--shell", "sh"]).env("ZUNO_DATA", &path).output().unwrap();
    assert!(script.status.success(), "{}", complained(&script));
    let program = assert_cmd::cargo::cargo_bin!("zuno").display().to_string();
    // Through the proxy and the local CA, as any client goes: this program's own client, told of no server.
    let whole = format!("{}\nunset ZUNO_SERVER\n'{program}' token --decode", said(&script));
    let output = Command::new("sh").args(["-c", &whole]).env("ZUNO_DATA", "/nowhere").output().unwrap();
    assert!(output.status.success(), "{}", complained(&output));
    let claims: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(claims["iss"], "https://acme.zslogin.net");

    let told = zuno(&["env", "--json"]).env("ZUNO_DATA", &path).output().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["ZUNO_SERVER"], server.origin.as_str());
    assert!(Path::new(told["SSL_CERT_FILE"].as_str().unwrap()).starts_with(&path));
    drop(server);
    let late = zuno(&["env"]).env("ZUNO_DATA", &path).output().unwrap();
    assert_eq!(late.status.code(), Some(1));
    assert!(complained(&late).contains("zuno serve"), "{}", complained(&late));
}

#[test]
fn a_stopped_server_takes_its_note_along() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud");
    let mut server = Server::start(&["--data", path.to_str().unwrap()]);
    let _ = Command::new("kill").arg(server.process.id().to_string()).status().unwrap();
    assert!(server.process.wait().unwrap().success());
    assert!(path.join("credentials.json").exists() && !path.join("server.json").exists());
}

#[test]
fn env_without_a_client_says_what_to_give() {
    let server = Server::in_memory();
    let output = zuno(&["env", "--server", &server.origin]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(complained(&output).contains("--client-id"), "{}", complained(&output));
    let cache = tempfile::tempdir().unwrap();
    let output =
        server.zuno(&["env", "--shell", "fish"]).env("XDG_CACHE_HOME", cache.path()).output().unwrap();
    assert!(said(&output).contains("set -gx ZSCALER_VANITY_DOMAIN 'acme'"), "{}", complained(&output));
    assert!(said(&output).contains("set -e ZSCALER_PRIVATE_KEY"));
}
