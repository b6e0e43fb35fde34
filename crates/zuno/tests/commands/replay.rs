//! Recorded conversations, played against a Zuno.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::common::{Server, complained, said, zuno};

/// A conversation as another cloud might have had it: with its own ids, and a default of its own.
fn conversation(description: &str) -> Value {
    let who = json!({ "id": 815, "name": "Ada" });
    let label = |name: &str| {
        json!({
            "id": 4711, "name": name, "description": description, "lastModifiedTime": 1_700_000_000,
            "lastModifiedBy": who, "createdBy": who, "referencedRuleCount": 0,
        })
    };
    let call = |method: &str, path: &str, request: Value, status: u16, response: Value| {
        json!({
            "method": method, "path": path, "query": [], "request": request, "status": status, "headers": {},
            "response": response,
        })
    };
    json!([
        call(
            "POST",
            "/oauth2/v1/token",
            json!({ "$text": "grant_type=client_credentials" }),
            200,
            json!({ "access_token": "REDACTED" })
        ),
        call("POST", "/zia/api/v1/ruleLabels", json!({ "name": "A", "description": "b" }), 200, label("A")),
        call("GET", "/zia/api/v1/ruleLabels/4711", json!({}), 200, label("A")),
        call(
            "PUT",
            "/zia/api/v1/ruleLabels/4711",
            json!({ "id": 4711, "name": "C", "description": "b" }),
            200,
            label("C")
        ),
        call("GET", "/zia/api/v1/ruleLabels", json!({}), 200, json!([label("C")])),
        call("GET", "/zia/api/v1/users", json!({}), 429, json!({ "message": "Rate Limit exceeded" })),
        call("DELETE", "/zia/api/v1/ruleLabels/4711", json!({}), 204, Value::Null),
        call(
            "GET",
            "/zia/api/v1/ruleLabels/4711",
            json!({}),
            404,
            json!({ "code": "RESOURCE_NOT_FOUND", "message": "none" })
        ),
    ])
}

fn file(folder: &Path, name: &str, recording: &Value) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, recording.to_string()).unwrap();
    path
}

fn played(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = zuno(&[&["replay", "--json"], arguments].concat()).output().unwrap();
    let told = serde_json::from_slice(&output.stdout);
    (output.status.code(), told.unwrap_or_else(|wrong| panic!("{wrong}: {}", complained(&output))))
}

#[test]
fn a_recording_is_played_with_the_ids_that_are_given_here() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "labels.json", &conversation("b"));
    let path = path.to_str().unwrap();
    let (status, told) = played(&[path]);
    assert_eq!((status, &told["calls"], &told["same"]), (Some(0), &json!(6), &json!(6)), "{told:#}");
    assert_eq!(told["passed_over"], 2);
    // At a server that is there, by the client that is named; and a server that a variable names is left alone on demand.
    let server = Server::in_memory();
    let there = |arguments: &[&str]| server.zuno(&[&["replay", path], arguments].concat()).output().unwrap();
    assert!(there(&[]).status.success(), "{}", said(&there(&[])));
    assert!(there(&["--serve"]).status.success());
    let logged = server.json(&["logs", "--json", "--operation", "zia.rule_label.create"]);
    assert_eq!(logged.as_array().map(Vec::len), Some(1), "{logged:#}");
}

#[test]
fn what_differs_is_named_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let mut other = conversation("another than was sent");
    other[2]["response"]["colour"] = "red".into();
    other[4]["response"] = json!([{ "id": 4711, "name": "C" }]);
    other[7]["status"] = json!(410);
    file(folder.path(), "b.json", &other);
    file(folder.path(), "a.json", &conversation("b"));
    std::fs::write(folder.path().join("notes.txt"), "no recording").unwrap();
    let (status, told) = played(&[folder.path().to_str().unwrap()]);
    assert_eq!((status, &told["calls"], &told["same"]), (Some(1), &json!(12), &json!(9)), "{told:#}");
    assert_eq!(
        [&told["status"], &told["missing"], &told["extra"]],
        [&json!(1), &json!(1), &json!(1)],
        "{told:#}"
    );
    assert_eq!(told["conversations"][1]["told"][1]["differences"][0]["at"], "colour");
    let output =
        zuno(&["replay", "-v", "--columns", "recording,calls,same", folder.path().to_str().unwrap()]);
    let output = { output }.output().unwrap();
    let told = said(&output);
    for line in [
        "b.json 3: GET /zia/api/v1/ruleLabels/4711",
        "    colour is missing",
        "9 of 12 answers are as recorded",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
}

#[test]
fn what_is_no_recording_is_refused_and_a_torn_one_is_played_to_its_tear() {
    let folder = tempfile::tempdir().unwrap();
    let text = serde_json::to_string_pretty(&conversation("b")).unwrap();
    let torn = folder.path().join("torn.json");
    std::fs::write(&torn, &text[..text.len() - 20]).unwrap();
    let output = zuno(&["replay", torn.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(complained(&output).contains("ends in the midst of an exchange"), "{}", complained(&output));
    std::fs::write(&torn, "{}").unwrap();
    let output = zuno(&["replay", torn.to_str().unwrap()]).output().unwrap();
    assert!(
        output.status.code() == Some(1) && complained(&output).contains("no recording"),
        "{}",
        complained(&output)
    );
    let empty = tempfile::tempdir().unwrap();
    let output = zuno(&["replay", empty.path().to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", complained(&output));
}
