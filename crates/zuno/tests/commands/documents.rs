//! The tour, and what is printed for people and pipes.

use std::process::Stdio;

use serde_json::Value;

use crate::common::{complained, said, zuno};

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
    for arguments in [
        &["api", "--list"][..],
        &["openapi"],
        &["demo"],
        &["--help"],
        &["api", "zpa", "--help"],
        &["completions", "bash"],
        &["man"],
        &["env", "--help"],
    ] {
        let mut process = zuno(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(process.stdout.take());
        let output = process.wait_with_output().unwrap();
        assert_eq!((output.status.code(), complained(&output)), (Some(0), String::new()), "{arguments:?}");
    }
}

#[test]
fn a_reader_of_complaints_that_is_gone_changes_no_outcome() {
    for (arguments, code) in
        [(&["token"][..], 2), (&["nonsense"], 2), (&["run", "--", "no-such-program"], 127)]
    {
        let mut process = zuno(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        drop(process.stderr.take());
        assert_eq!(process.wait().unwrap().code(), Some(code), "{arguments:?}");
    }
}
