//! `zuno run`: any command against a cloud of its own, or one that is there.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{Server, complained, program, said, zuno};

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

    let script = "trap 'echo caught; exit 9' TERM; echo ready; while read -r line; do :; done";
    let mut process = zuno(&["run", "--", "sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    let kill = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(kill.success());
    // The shell looks at its trap whenever a read ends.
    let mut input = process.stdin.take().unwrap();
    std::thread::spawn(move || while input.write_all(b"\n").is_ok() {});
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
    let run = |words: &str| {
        let script = format!("{} api zpa segment-group {words}", program());
        let output =
            zuno(&["run", "--data", path.to_str().unwrap(), "--", "sh", "-c", &script]).output().unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        said(&output)
    };
    run("create --set name=Kept --set enabled=true");
    assert!(run("list --columns name").contains("Kept"));
}

#[test]
fn run_says_what_went_with_its_cloud_and_how_to_keep_it() {
    let script = format!("{} api zpa segment-group create --set name=A --set enabled=true", program());
    let run = |options: &[&str]| {
        let output = zuno(&[&["run"], options, &["--", "sh", "-c", &script]].concat()).output().unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        complained(&output)
    };
    let told = run(&[]);
    assert!(told.contains("zuno: 1 change went with the cloud of this command"), "{told}");
    // The hint is a command line: a shell takes it as it stands.
    let (_, hint) = told.split_once("to keep it: zuno ").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let again = format!("{} {hint}", program());
    let kept = crate::common::shell("sh", &again).current_dir(folder.path()).output().unwrap();
    assert!(kept.status.success() && folder.path().join("cloud").exists(), "{}", complained(&kept));
    assert_eq!(complained(&kept), "", "nothing is lost");
    assert_eq!(run(&["--memory"]), "", "who says so knows");
}

#[test]
fn what_is_not_built_is_told_once_and_counted() {
    let call =
        r#"curl -s --noproxy '*' -H 'Host: api.us1.zsworkflow.net' "$ZUNO_SERVER/dlp/v1/incidents" > answer"#;
    let folder = tempfile::tempdir().unwrap();
    let script = format!("cd {}; {call}; {call}; true", folder.path().display());
    let output = zuno(&["run", "--", "sh", "-c", &script]).output().unwrap();
    let answer = std::fs::read_to_string(folder.path().join("answer")).unwrap();
    assert!(answer.contains("this Zuno does not have `workflow automation` yet"), "{answer}");
    let told = complained(&output);
    let line = "GET /dlp/v1/incidents was refused: workflow automation is not built yet";
    assert_eq!(told.matches(line).count(), 1, "{told}");
    assert!(told.contains("zuno: 2 calls of what is not built yet: workflow automation;"), "{told}");
}
