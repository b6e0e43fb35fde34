//! Two versions of Zuno, asked the same.

#[cfg(unix)]
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::common::{complained, zuno};

fn compared(arguments: &[&str]) -> (Option<i32>, Value, String) {
    let output = zuno(&[&["compare", "--json"], arguments].concat()).output().unwrap();
    let told = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), told, complained(&output))
}

fn this() -> String {
    assert_cmd::cargo::cargo_bin!("zuno").to_str().unwrap().to_owned()
}

/// A version that differs: the same program, with an option that makes it another.
#[cfg(unix)]
fn otherwise(folder: &std::path::Path, option: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("otherwise");
    std::fs::write(&path, format!("#!/bin/sh\nexec '{}' \"$@\" {option}\n", this())).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_version_is_the_same_as_itself_in_the_examples_and_in_a_recording() {
    let (status, told, why) = compared(&[&this(), &this()]);
    assert_eq!(status, Some(0), "{told:#} {why}");
    assert!(told["calls"].as_u64().unwrap() > 25, "{told:#}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("r.json");
    let call = |method: &str, path: &str, request: Value, status: u16, response: Value| json!({ "method": method, "path": path, "request": request, "status": status, "response": response });
    let recording = json!([
        call(
            "POST",
            "/zia/api/v1/ruleLabels",
            json!({ "name": "A" }),
            200,
            json!({ "id": 4711, "name": "A" })
        ),
        call("GET", "/zia/api/v1/ruleLabels/4711", json!({}), 200, json!({ "id": 4711, "name": "A" })),
        call("GET", "/zia/api/v1/urlCategories", json!({}), 200, json!([])),
    ]);
    std::fs::write(&file, recording.to_string()).unwrap();
    let (status, told, why) = compared(&[&this(), &this(), file.to_str().unwrap()]);
    assert_eq!((status, &told["calls"], &told["same"]), (Some(0), &json!(3), &json!(3)), "{told:#} {why}");
}

#[cfg(unix)]
#[test]
fn a_version_that_answers_otherwise_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let other = otherwise(folder.path(), "--bare");
    let (status, told, why) = compared(&[&this(), other.to_str().unwrap()]);
    assert_eq!(status, Some(1), "{told:#} {why}");
    let text = told.to_string();
    assert!(text.contains("/zcc/papi/public/v1/getDevices") && text.contains("instead of"), "{told:#}");
}

#[test]
fn what_is_no_zuno_is_named() {
    let (status, _, why) = compared(&["/no/such/zuno", &this()]);
    assert!(status == Some(1) && why.contains("/no/such/zuno"), "{why}");
    #[cfg(unix)]
    {
        let (status, _, why) = compared(&[&this(), "/bin/echo"]);
        assert!(status == Some(1) && why.contains("does not start as Zuno does"), "{why}");
    }
}
