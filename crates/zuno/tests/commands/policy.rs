//! Policies as a whole, asked from the command line.

use serde_json::{Value, json};

use crate::common::{Server, complained, said, zuno};

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

#[test]
fn a_configuration_in_a_file_is_asked_without_a_server() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (before, after, tests, questions) =
        (path("before.json"), path("after.json"), path("social.yaml"), path("questions.csv"));
    let export = |words: &[&str]| {
        let output = server.zuno(&[&["policy", "export"], words].concat()).output().unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        said(&output)
    };
    export(&["-o", &before]);
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", RULE]);
    let told: Value = serde_json::from_str(&export(&["--staged"])).unwrap();
    assert_eq!((&told["zuno_policy"], &told["staged"]), (&json!(1), &json!(true)));
    assert!(
        told["records"]["zia.user"].as_array().is_some_and(|users| !users.is_empty()),
        "people are part of it"
    );
    std::fs::write(&after, told.to_string()).unwrap();
    let served = |words: &[&str]| -> Value {
        let output = server.zuno(words).output().unwrap();
        serde_json::from_str(&said(&output)).unwrap()
    };
    let (findings, differences) =
        (served(&["policy", "lint", "--staged"]), served(&["policy", "diff", "active", "staged"]));
    assert_eq!(served(&["policy", "diff", &before, "staged"]), differences, "a file and a server");
    drop(server);
    std::fs::write(&tests, TESTS).unwrap();
    std::fs::write(&questions, "url\nhttp://www.facebook.com/\nhttp://www.bbc.com/\n").unwrap();
    let run = |words: &[&str], code: i32| {
        let output = zuno(words).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {} {}", said(&output), complained(&output));
        said(&output)
    };
    let json = |words: &[&str], code: i32| -> Value { serde_json::from_str(&run(words, code)).unwrap() };
    run(&["policy", "test", &tests, "--snapshot", &before], 1);
    run(&["policy", "test", &tests, "--snapshot", &after], 0);
    assert_eq!(json(&["policy", "lint", "--snapshot", &after], 1), findings);
    assert_eq!(json(&["policy", "diff", &before, &after], 1), differences);
    assert_eq!(json(&["policy", "diff", &before, &before], 0)["same"], true);
    let asked = ["what-if", "--url", "http://www.facebook.com/", "--snapshot"];
    assert_eq!(json(&[&asked[..], &[&after]].concat(), 0)["action"], "BLOCK");
    let asked = ["what-if", "--questions", &questions, "--snapshot", &before, "--against", &after];
    assert_eq!(json(&asked, 1).as_array().map(Vec::len), Some(1));
    let output = zuno(&["policy", "lint", "--snapshot", &tests]).output().unwrap();
    assert!(complained(&output).contains("social.yaml"), "{}", complained(&output));
}

#[test]
fn what_nobody_may_read_again_is_in_no_file() {
    let server = Server::in_memory();
    let person = r#"{"name": "Eve", "email": "eve@acme.example", "password": "Swordfish-77", "groups": [{"id": 21000201}], "department": {"id": 21000101}}"#;
    let made = server.zuno(&["api", "zia", "user", "create", "--body", person]).output().unwrap();
    assert!(made.status.success(), "{}", complained(&made));
    let output = server.zuno(&["policy", "export", "--staged"]).output().unwrap();
    assert!(output.status.success(), "{}", complained(&output));
    let told = said(&output);
    assert!(!told.contains("Swordfish-77"));
    assert!(told.contains("eve@acme.example"));
}

#[test]
fn todays_behaviour_is_written_as_tests_that_pass_and_fail_once_it_changes() {
    let server = Server::in_memory();
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", RULE]);
    let narrow = RULE.replace("No social media", "Not on Mondays").replace("\"order\": 1", "\"order\": 2");
    let made = server.json(&["api", "zia", "url-filtering-rule", "create", "--body", &narrow]);
    assert_eq!(made["name"], "Not on Mondays");
    server.json(&["activate"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("today.yaml");
    let file = file.to_str().unwrap();
    let run = |words: &[&str], code: i32| {
        let output = server.zuno(&[&["policy", "test"], words].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {} {}", said(&output), complained(&output));
        said(&output) + &complained(&output)
    };
    run(&["--init", file], 0);
    let text = std::fs::read_to_string(file).unwrap();
    let without_moments = text.lines().skip(1).map(|line| match line.split_once("\"at\":") {
        Some((before, after)) => {
            format!("{before}\"at\":…{}", after.trim_start_matches(|sign: char| sign.is_ascii_digit()))
        }
        None => line.to_owned(),
    });
    insta::assert_snapshot!(without_moments.collect::<Vec<_>>().join("\n"));
    let told = run(&[file], 0);
    assert!(!told.contains("FAILED"), "{told}");
    assert!(run(&["--init", file], 1).contains("--force"));
    assert_eq!(std::fs::read_to_string(file).unwrap(), text, "it was not touched");
    run(&["--init", file, "--force"], 0);
    let rules = server.json(&["api", "zia", "url-filtering-rule", "list"]);
    let rule = rules.as_array().unwrap().iter().find(|rule| rule["name"] == "No social media").unwrap();
    let delete = server.zuno(&["api", "zia", "url-filtering-rule", "delete", &rule["id"].to_string()]);
    let delete = { delete }.output().unwrap();
    assert!(delete.status.success(), "{}", complained(&delete));
    assert!(run(&[file, "--staged"], 1).contains("expected No social media, got Not on Mondays"));
}
