//! Policies as a whole, asked from the command line.

use serde_json::{Value, json};

use crate::common::{Server, complained, said};

const TESTS: &str = "
fixtures:
  ada: { user: ada.berg@acme.example }
groups:
  - name: Social networks
    with: ada
    tests:
      - name: nobody reads them
        ask: { url: 'http://www.facebook.com/' }
        expect: { action: BLOCK, rule: No social media }
      - name: news are read
        ask: { url: 'http://www.bbc.com/' }
        expect: ALLOW
";

const RULE: &str = r#"{"name": "No social media", "order": 1, "rank": 7, "action": "BLOCK", "state": "ENABLED",
    "protocols": ["ANY_RULE"], "urlCategories": ["SOCIAL_NETWORKING"]}"#;

#[test]
fn questions_of_a_file_fail_until_the_rule_is_staged_and_pass_in_force_once_it_is_activated() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("social.yaml");
    std::fs::write(&file, TESTS).unwrap();
    let file = file.to_str().unwrap();
    let run = |words: &[&str]| {
        let output = server.zuno(&[&["policy", "test", file], words].concat()).output().unwrap();
        (output.status.code(), said(&output))
    };
    let (code, text) = run(&[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("FAILED nobody reads them") && text.contains("expected BLOCK, got ALLOW"),
        "{text}"
    );
    assert!(text.contains("1 passed, 1 failed"), "{text}");
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", RULE]);
    assert_eq!(run(&[]).0, Some(1), "it waits for activation");
    let (code, text) = run(&["--staged"]);
    assert_eq!(code, Some(0), "{text}");
    let unreached = text.split("no test reached").nth(1).unwrap_or_default();
    assert!(unreached.contains("ssl inspection") && !unreached.contains("No social media"), "{text}");
    let (_, xml) = run(&["--format", "junit"]);
    assert!(xml.contains("<testsuites tests=\"2\" failures=\"1\">"), "{xml}");
    let (_, lines) = run(&["--format", "github"]);
    assert!(lines.starts_with("::error file=") && lines.contains("nobody reads them"), "{lines}");
    server.json(&["activate"]);
    let (code, told) = run(&["--format", "json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &told["tests"][0]["passed"]), (Some(0), &json!(true)), "{told}");
}

#[test]
fn a_staged_rule_behind_a_wider_one_is_found_and_what_it_changes_is_told() {
    let server = Server::in_memory();
    let diff = |code: i32| -> Value {
        let output = server.zuno(&["policy", "diff", "--json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", complained(&output));
        serde_json::from_str(&said(&output)).unwrap()
    };
    assert_eq!(diff(0)["same"], true);
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", RULE]);
    let told = diff(1);
    assert_eq!(told["differences"][0]["after"]["rule"]["name"], "No social media", "{told}");
    let witness = &told["differences"][0]["witness"];
    assert_eq!(witness, &json!([{"of": "category", "name": "SOCIAL_NETWORKING"}]), "{told}");
    server.json(&["activate"]);
    assert_eq!(diff(0)["same"], true);
    let narrow = RULE.replace("No social media", "Not on Mondays").replace("\"order\": 1", "\"order\": 2");
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", &narrow]);
    let output = server.zuno(&["policy", "lint", "--staged", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
    let findings: Value = serde_json::from_str(&said(&output)).unwrap();
    let found =
        findings.as_array().unwrap().iter().find(|finding| finding["rule"]["name"] == "Not on Mondays");
    let found = found.unwrap_or_else(|| panic!("it is not found: {findings}"));
    assert_eq!(
        (&found["lint"], &found["by"][0]["name"]),
        (&json!("never_reached"), &json!("No social media"))
    );
}

#[test]
fn a_question_that_cannot_be_read_fails_alone() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slips.yaml");
    let slips =
        TESTS.replace("ask: { url: 'http://www.facebook.com/' }", "ask: { ulr: 'http://www.facebook.com/' }");
    std::fs::write(&file, slips).unwrap();
    let output = server.zuno(&["policy", "test", file.to_str().unwrap()]).output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
    assert!(text.contains("FAILED nobody reads them") && text.contains("unknown field `ulr`"), "{text}");
    assert!(text.contains("ok     news are read") && text.contains("1 passed, 1 failed"), "{text}");
}

#[test]
fn a_file_that_is_none_is_refused_with_its_place() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.yaml");
    std::fs::write(&file, "groups:\n  - name: x\n    tests:\n      - name: y\n        expects: BLOCK\n")
        .unwrap();
    let output = server.zuno(&["policy", "test", file.to_str().unwrap()]).output().unwrap();
    assert!(!output.status.success());
    assert!(complained(&output).contains("wrong.yaml"), "{}", complained(&output));
}
