//! What would become of a request, asked from the command line.

use serde_json::{Value, json};

use crate::common::{Server, complained, said};

#[test]
fn a_question_is_answered_in_json_for_a_pipe() {
    let server = Server::in_memory();
    let asked = ["what-if", "--private", "docs.example.com:443", "--user", "ada.berg@acme.example"];
    let answer = server.json(&asked);
    assert_eq!((&answer["version"], &answer["action"]), (&json!(1), &json!("DENY_DEFAULT")));
    assert_eq!(answer["trace"], Value::Null);
    let answer = server.json(&["what-if", "--url", "https://www.facebook.com/", "--why", "--set", "risk=80"]);
    assert_eq!(answer["action"], "ALLOW");
    assert_eq!(answer["details"]["categories"], json!(["SOCIAL_NETWORKING"]));
    assert!(answer["trace"].as_array().is_some_and(|trace| !trace.is_empty()), "{answer}");
}

#[test]
fn a_question_that_is_none_is_refused_with_a_word_on_what_to_write() {
    let server = Server::in_memory();
    for (words, wanted) in [
        (&["what-if"][..], "--url, --to, --dns or --private"),
        (&["what-if", "--url", "http://a.example", "--from", "Nowhere"], "there is no location `Nowhere`"),
        (&["what-if", "--url", "http://a.example", "--set", "colour=red"], "colour"),
        (&["what-if", "--url", "http://a.example", "--dns", "a.example"], "cannot be used with"),
    ] {
        let output = server.zuno(words).output().unwrap();
        assert!(!output.status.success(), "{words:?}");
        assert!(complained(&output).contains(wanted), "{words:?}: {}", complained(&output));
    }
}

#[test]
fn what_a_staged_change_would_alter_is_told_of_many_questions() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("questions.csv");
    std::fs::write(&file, "url,user\nhttp://www.facebook.com/,ada.berg@acme.example\nhttp://www.bbc.com/,\n")
        .unwrap();
    let file = file.to_str().unwrap();
    let output = server.zuno(&["what-if", "--questions", file, "--compare", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", complained(&output));
    assert_eq!(said(&output).trim(), "[]");
    let rule = r#"{"name": "No social media", "order": 1, "rank": 7, "action": "BLOCK", "state": "ENABLED",
        "protocols": ["ANY_RULE"], "urlCategories": ["SOCIAL_NETWORKING"]}"#;
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", rule]);
    let output = server.zuno(&["what-if", "--questions", file, "--compare", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
    let told: Value = serde_json::from_str(&said(&output)).unwrap();
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(
        (&told[0]["active"]["action"], &told[0]["staged"]["action"]),
        (&json!("ALLOW"), &json!("BLOCK"))
    );
    let answers = server.json(&["what-if", "--questions", file, "--staged"]);
    let actions: Vec<&Value> = answers.as_array().unwrap().iter().map(|answer| &answer["action"]).collect();
    assert_eq!(actions, ["BLOCK", "ALLOW"]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_on_what_if_is_carried_out_as_written() {
    let (_home, script, said) = crate::operate::carried_out("what-if.md");
    assert!(script.matches("zuno what-if").count() >= 5, "{script}");
    for wanted in ["\"DENY_DEFAULT\"", "\"action\": \"BLOCK\"", "\"staged\"", "\"url_filtering\""] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}
