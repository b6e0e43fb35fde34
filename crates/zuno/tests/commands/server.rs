//! A server, its note in the data folder, and `zuno env` that leads others to it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::common::{OPERATOR, SECRET, Server, complained, program, said, zuno};

#[test]
fn env_finds_the_server_of_a_folder_and_is_enough_for_other_programs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud");
    let server = Server::start(&["--data", path.to_str().unwrap()]);
    let script = zuno(&["env", "--shell", "sh"]).env("ZUNO_DATA", &path).output().unwrap();
    assert!(script.status.success(), "{}", complained(&script));
    // Through the proxy and the local CA, as any client goes: this program's own client, told of no server.
    let whole = format!("{}\nunset ZUNO_SERVER\n{} token --real --decode", said(&script), program());
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

#[test]
fn clients_of_the_older_hosts_are_led_when_that_is_asked_for_and_not_otherwise() {
    let server = Server::in_memory();
    let cache = tempfile::tempdir().unwrap();
    let told = |arguments: &[&str]| -> Value {
        let output = server.zuno(arguments).env("XDG_CACHE_HOME", cache.path()).output().unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let (plain, older) = (told(&["env", "--json"]), told(&["env", "--json", "--legacy"]));
    assert!(
        plain.as_object().unwrap().keys().all(|name| !name.starts_with("ZIA_") && !name.starts_with("ZDX_"))
    );
    for (name, value) in [
        ("ZIA_USERNAME", "a@24326813.zscalerthree.net"),
        ("ZIA_PASSWORD", SECRET),
        ("ZIA_CLOUD", "zscalerthree"),
        ("ZCC_CLIENT_ID", "a"),
        ("ZDX_CLOUD", "zdxcloud"),
    ] {
        assert_eq!(older[name], value, "{name}");
    }
    assert_eq!(older["ZTW_API_KEY"].as_str().map(str::len), Some(12));
    assert_ne!(older["ZDX_CLIENT_SECRET"], SECRET);
    // Whoever does not operate the server is not told, and goes on with no other cloud.
    let mut stranger = zuno(&["env", "--legacy", "--server", &server.origin]);
    let stranger = stranger.args(["--client-id", "a", "--client-secret", SECRET]).output().unwrap();
    assert_eq!(stranger.status.code(), Some(2));
    assert!(complained(&stranger).contains("ZUNO_OPERATOR_TOKEN"), "{}", complained(&stranger));
    assert!(said(&stranger).contains("ZIA_PASSWORD"), "{}", said(&stranger));

    let script = format!(
        "zuno() {{ ZUNO_SERVER={} {} \"$@\"; }}\nexport ZIA_USERNAME=mine\neval \"$(zuno env)\"\neval \"$(zuno env --unset)\"\n\
         echo \"$ZIA_USERNAME\"\neval \"$(zuno env --legacy)\"\necho \"$ZIA_USERNAME\"\neval \"$(zuno env)\"\n\
         eval \"$(zuno env --unset)\"\necho \"${{ZIA_USERNAME-gone}}\"",
        server.origin,
        program()
    );
    let mut shell = crate::common::shell("sh", &script);
    shell.env("ZUNO_OPERATOR_TOKEN", OPERATOR).env("XDG_CACHE_HOME", cache.path());
    let output = shell.env("ZUNO_CLIENT_ID", "a").env("ZUNO_CLIENT_SECRET", SECRET).output().unwrap();
    assert_eq!(said(&output), "mine\na@24326813.zscalerthree.net\ngone\n", "{}", complained(&output));

    let run = zuno(&["run", "--legacy", "--memory", "--", "sh", "-c", "echo $ZIA_CLOUD ${#ZIA_API_KEY}"])
        .output()
        .unwrap();
    assert_eq!(said(&run), "zscalerthree 12\n", "{}", complained(&run));
}

#[test]
fn a_listener_that_cannot_be_opened_is_told_with_the_cause() {
    let there = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = there.local_addr().unwrap().to_string();
    for (listen, words) in [
        (address.as_str(), "another program is there"),
        // An address for documentation: no machine has it.
        ("192.0.2.1:8080", "this machine has no such address"),
        ("nowhere", "`nowhere` is no address: write a port (8080)"),
    ] {
        let output = zuno(&["serve", "--memory", "--listen", listen]).output().unwrap();
        assert!(!output.status.success(), "{listen}");
        assert!(complained(&output).contains(words), "{listen}: {}", complained(&output));
    }
}

#[test]
fn a_hint_can_be_given_to_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it's a cloud");
    let mut command = zuno(&["serve", "--listen", "0", "--data", path.to_str().unwrap()]);
    let mut process = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(process.stdout.take().unwrap()));
    let hint = lines.find_map(|line| {
        line.unwrap().strip_prefix("point this machine's clients at it: ").map(str::to_owned)
    });
    let script = format!("zuno() {{ {} \"$@\"; }}\n{}\necho \"$ZUNO_SERVER\"", program(), hint.unwrap());
    let output = crate::common::shell("sh", &script).output().unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(said(&output).starts_with("http://127.0.0.1:"), "{}", complained(&output));
}

#[test]
fn every_flag_is_switched_by_its_variable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    for (value, kept) in [("1", false), ("true", false), ("0", true), ("no", true)] {
        let mut command = zuno(&["serve", "--listen", "0"]);
        command.env("ZUNO_DATA", &path).env("ZUNO_MEMORY", value).env("ZUNO_BARE", "1");
        drop(Server::of(command));
        assert_eq!(path.exists(), kept, "{value}");
        let _ = std::fs::remove_dir_all(&path);
    }
    let bare = |value: &str| {
        let mut command =
            zuno(&["serve", "--listen", "0", "--memory", "--client-id", "a", "--client-secret", SECRET]);
        command.env("ZUNO_BARE", value).env("ZUNO_OPERATOR_TOKEN", OPERATOR);
        let server = Server::of(command);
        server.json(&["sim", "list"]).as_array().unwrap().is_empty()
    };
    assert!(bare("yes") && !bare("off"));
}
