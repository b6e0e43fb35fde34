//! The commands as a user types them, against servers of their own on ports of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

/// `zuno` in an environment that says nothing of any cloud.
fn zuno(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("zuno"));
    for (name, _) in std::env::vars() {
        if name.starts_with("ZUNO_") || name.starts_with("ZSCALER_") || name.starts_with("ZPA_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).env("ZUNO_DATA", "/nowhere").stdin(Stdio::null());
    command
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A server in memory that ends with the test.
struct Server {
    process: Child,
    origin: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Server {
        let all = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut process = zuno(&all).env_remove("ZUNO_DATA").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let origin = line.trim().strip_prefix("listening on ").expect("the first line says where").to_owned();
        Server { process, origin }
    }

    fn in_memory() -> Server {
        Server::start(&["--memory", "--client-id", "a", "--client-secret", "b"])
    }

    /// `zuno` with this server and its client.
    fn zuno(&self, arguments: &[&str]) -> Command {
        let mut command = zuno(arguments);
        command.env("ZUNO_SERVER", &self.origin).env("ZUNO_CLIENT_ID", "a").env("ZUNO_CLIENT_SECRET", "b");
        command
    }

    /// What a command prints, as JSON; it must succeed.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.zuno(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", complained(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn run_gives_a_command_its_cloud_and_takes_its_output_and_status() {
    let script = "printf '%s' \"$ZSCALER_VANITY_DOMAIN:$ZSCALER_PRIVATE_KEY:$ZSCALER_CLOUD\"; test -s \"$SSL_CERT_FILE\" && exit 7";
    let output = zuno(&["run", "--vanity", "example", "--", "sh", "-c", script])
        .env("ZSCALER_PRIVATE_KEY", "of another cloud")
        .env("ZSCALER_CLOUD", "beta")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(7), "{}", complained(&output));
    assert_eq!(said(&output), "example::", "nothing of the server's own mixes in");
    assert_eq!(complained(&output), "");
}

#[test]
fn run_leaves_nothing_behind() {
    let output = zuno(&["run", "--", "sh", "-c", "dirname \"$SSL_CERT_FILE\""]).output().unwrap();
    let folder = said(&output);
    assert!(!folder.trim().is_empty() && !Path::new(folder.trim()).exists(), "{folder}");
}

#[test]
fn run_says_what_cannot_be_started_as_shells_do() {
    let output = zuno(&["run", "--", "no-such-program"]).output().unwrap();
    assert_eq!(output.status.code(), Some(127));
    assert!(complained(&output).contains("no-such-program"));
    let output = zuno(&["run", "--", "/"]).output().unwrap();
    assert_eq!(output.status.code(), Some(126));
}

#[cfg(unix)]
#[test]
fn run_passes_signals_on_and_tells_of_them() {
    let output = zuno(&["run", "--", "sh", "-c", "kill -TERM $$"]).output().unwrap();
    assert_eq!(output.status.code(), Some(128 + 15));

    let script = "trap 'echo caught; exit 9' TERM; echo ready; while :; do read -r line; done";
    let mut process = zuno(&["run", "--", "sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    let kill = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(kill.success());
    // The shell looks at its trap once its read ends.
    process.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "caught");
    assert_eq!(process.wait().unwrap().code(), Some(9));
}

#[test]
fn run_takes_a_server_that_is_there() {
    let server = Server::in_memory();
    let script = "printf %s \"$ZUNO_SERVER $ZSCALER_CLIENT_ID $ZPA_CUSTOMER_ID\"";
    let output = server.zuno(&["run", "--", "sh", "-c", script]).output().unwrap();
    assert_eq!(said(&output), format!("{} a 216196257331281920", server.origin), "{}", complained(&output));
}

#[test]
fn run_finds_its_state_again_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud");
    let program = assert_cmd::cargo::cargo_bin!("zuno").display().to_string();
    let run = |words: &str| {
        let script = format!("'{program}' api zpa segment-group {words}");
        let output =
            zuno(&["run", "--data", path.to_str().unwrap(), "--", "sh", "-c", &script]).output().unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        said(&output)
    };
    run("create --set name=Kept --set enabled=true");
    assert!(run("list --columns name").contains("Kept"));
}

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

#[test]
fn tenants_come_are_made_fresh_and_go() {
    let server = Server::in_memory();
    let made = server.json(&["tenant", "create", "other", "--bare"]);
    let as_other = |arguments: &[&str]| {
        let mut command = server.zuno(arguments);
        command.env("ZUNO_CLIENT_ID", made["client_id"].as_str().unwrap());
        command.env("ZUNO_CLIENT_SECRET", made["client_secret"].as_str().unwrap());
        command.env("ZUNO_VANITY", "other").output().unwrap()
    };
    let created =
        as_other(&["api", "zpa", "segment-group", "create", "--set", "name=Mine", "--set", "enabled=true"]);
    assert!(created.status.success(), "{}", complained(&created));
    let list = ["api", "zpa", "segment-group", "list", "--all"];
    assert!(said(&as_other(&list)).contains("Mine"));
    assert!(!server.json(&list).to_string().contains("Mine"), "another tenant's");

    assert!(server.zuno(&["tenant", "reset", "other"]).status().unwrap().success());
    let fresh = as_other(&list);
    assert!(fresh.status.success(), "its API client stays: {}", complained(&fresh));
    assert_eq!(said(&fresh).trim(), "[]");

    assert!(server.zuno(&["tenant", "delete", "other"]).status().unwrap().success());
    assert!(!as_other(&list).status.success());
    let missing = server.zuno(&["tenant", "delete", "other"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(complained(&missing).contains("no tenant"), "{}", complained(&missing));
}

#[test]
fn modes_are_switched() {
    let server = Server::in_memory();
    assert!(server.zuno(&["tenant", "mode", "zia", "read-only", "on"]).status().unwrap().success());
    let refused = server.zuno(&["activate"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("STATE_READONLY"), "{}", complained(&refused));
    assert!(server.zuno(&["tenant", "mode", "zia", "read-only", "off"]).status().unwrap().success());
    assert_eq!(server.json(&["activate"])["status"], "ACTIVE");
}

#[test]
fn clients_come_change_their_secret_and_go() {
    let server = Server::in_memory();
    let made = server.json(&["client", "create", "ci"]);
    let id = made["client_id"].as_str().unwrap().to_owned();
    let works = |secret: &Value| {
        let mut command = server.zuno(&["token"]);
        command.env("ZUNO_CLIENT_ID", &id).env("ZUNO_CLIENT_SECRET", secret.as_str().unwrap());
        command.output().unwrap().status.success()
    };
    assert!(works(&made["client_secret"]));
    let second = server.json(&["client", "rotate", &id]);
    assert!(works(&made["client_secret"]) && works(&second["client_secret"]), "both, for a while");
    let third = server.json(&["client", "rotate", &id, "--drop-old"]);
    assert!(
        !works(&made["client_secret"]) && !works(&second["client_secret"]) && works(&third["client_secret"])
    );
    let listed = server.json(&["client", "list"]);
    assert!(listed.to_string().contains(&id));
    assert!(server.zuno(&["client", "delete", &id]).status().unwrap().success());
    assert!(!works(&third["client_secret"]));
}

#[test]
fn a_private_key_of_the_vendors_variable_gets_a_token() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let (private, public) = (folder.path().join("private.pem"), folder.path().join("public.pem"));
    let openssl = |arguments: &[&str]| Command::new("openssl").args(arguments).stderr(Stdio::null()).status();
    let (private_text, public_text) = (private.to_str().unwrap(), public.to_str().unwrap());
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private_text])
        .unwrap();
    openssl(&["pkey", "-in", private_text, "-pubout", "-out", public_text]).unwrap();
    let made = server.json(&["client", "create", "robot", "--key", public_text]);
    assert_eq!(made.get("client_secret"), None);
    for key in [private_text.to_owned(), std::fs::read_to_string(&private).unwrap()] {
        let output = zuno(&["token", "--decode", "--server", &server.origin])
            .env("ZSCALER_CLIENT_ID", made["client_id"].as_str().unwrap())
            .env("ZSCALER_PRIVATE_KEY", key)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        assert!(said(&output).contains(made["client_id"].as_str().unwrap()));
    }
    let wrong = server.zuno(&["client", "create", "robot2", "--key", private_text]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn the_tour_is_answered_as_documented() {
    let output = zuno(&["demo"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for never in ["WRONG", "eyJ", "BEGIN"] {
        assert!(!said(&output).contains(never), "{never} in {}", said(&output));
    }
}

#[test]
fn documents_are_printed() {
    let document = zuno(&["openapi", "zpa"]).output().unwrap();
    let document: Value = serde_json::from_slice(&document.stdout).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(zuno(&["openapi", "zap"]).output().unwrap().status.code(), Some(2));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(said(&zuno(&["completions", shell]).output().unwrap()).contains("lookup"), "{shell}");
    }
    assert!(said(&zuno(&["man"]).output().unwrap()).contains(".TH zuno 1"));
    let folder = tempfile::tempdir().unwrap();
    let written = zuno(&["man", "--dir", folder.path().to_str().unwrap()]).status().unwrap();
    assert!(written.success() && folder.path().join("zuno-tenant-create.1").exists());
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    for arguments in [&["api", "--list"][..], &["openapi"], &["demo"]] {
        let mut process = zuno(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(process.stdout.take());
        let output = process.wait_with_output().unwrap();
        assert_eq!((output.status.code(), complained(&output)), (Some(0), String::new()), "{arguments:?}");
    }
}

#[test]
fn simulated_machines_enrol_with_a_key_stop_and_start() {
    let server = Server::in_memory();
    let keys = server.json(&["api", "zpa", "provisioning-key", "list", "CONNECTOR_GRP"]);
    let key = keys["list"][0]["provisioningKey"].as_str().unwrap();
    let joined = server.json(&["sim", "enrol", "--key", key, "--count", "2", "--name", "lab"]);
    assert_eq!((&joined[0]["name"], &joined[1]["name"]), (&json!("lab-1"), &json!("lab-2")));
    assert_eq!(joined[0]["group"], "San Jose");

    let stopped = server.json(&["sim", "stop", "lab-2"]);
    assert_eq!(stopped["status"], "ZPN_STATUS_DISCONNECTED");
    let seen = server.json(&["api", "zpa", "app-connector", "read", joined[1]["id"].as_str().unwrap()]);
    assert_eq!(seen["controlChannelStatus"], "ZPN_STATUS_DISCONNECTED");
    assert_eq!(server.json(&["sim", "start", "lab-2"])["status"], "ZPN_STATUS_AUTHENTICATED");
    let listed = server.json(&["sim", "list"]);
    assert!(listed.as_array().unwrap().contains(&joined[0]));

    // The fleet's key has eight uses left, two of them taken above.
    let refused = server.zuno(&["sim", "enrol", "--key", key, "--count", "7"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("nonce.usage.exceeded"), "{}", complained(&refused));
    let nonsense = server.zuno(&["sim", "enrol", "--key", "hush-hush"]).output().unwrap();
    assert_eq!(nonsense.status.code(), Some(2));
    assert!(!complained(&nonsense).contains("hush-hush"), "{}", complained(&nonsense));
}
