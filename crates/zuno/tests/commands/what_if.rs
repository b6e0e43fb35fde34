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

/// Lines of a web log in the cloud's own JSON, cut to what counts.
const WEB_LOG: &str = r#"
{ "sourcetype" : "zscalernss-web", "event" : {"datetime":"2026-03-02 10:00:00","action":"Allowed","requestmethod":"GET","protocol":"HTTP","location":"Road%20Warrior","user":"ada.berg%40acme.example","url":"www.facebook.com/","serverip":"0.0.0.0","appname":"General Browsing"}}
{ "sourcetype" : "zscalernss-web", "event" : {"datetime":"2026-03-02 10:00:01","action":"Allowed","requestmethod":"GET","protocol":"HTTP","location":"Road%20Warrior","user":"ada.berg%40acme.example","url":"www.facebook.com/me","appname":"General Browsing"}}
{ "sourcetype" : "zscalernss-web", "event" : {"datetime":"2026-03-02 10:00:02","action":"Blocked","requestmethod":"GET","protocol":"HTTP","location":"Road%20Warrior","user":"Road%20Warrior","url":"www.bbc.com/","appname":"General Browsing"}}
{ "sourcetype" : "zscalernss-web", "event" : {"datetime":"2026-03-02 10:00:03","action":"Allowed","protocol":"HTTP","location":"Nowhere","user":"None","url":"www.bbc.com/"}}
{ "sourcetype" : "zscalernss-web", "event" : {"datetime":
"#;

/// A documented line of a firewall log.
const FIREWALL_LOG: &str = "\"Mon Jun 20 15:35:48 2022\",\"new-gre\",\"Default Department\",\"new-gre\",\"80\",\"36084\",\"80\",\
    \"0\",\"172.17.3.49\",\"216.113.179.53\",\"0.0.0.0\",\"216.113.179.53\",\"10.66.89.115\",\"0\",\"GRE\",\"Drop\",\"No\",\
    \"Yes\",\"No\",\"HTTP\",\"ebay\",\"TCP\",\"Online Shopping\",\"United States\",\"21\",\"Firewall_1\",\"14693\",\"548\",\
    \"0\",\"21\",\"1\",\"None\",\"None\",\"None\",\"NA\",\"NA\"\n";

const NO_SOCIAL_MEDIA: &str = r#"{"name": "No social media", "order": 1, "rank": 7, "action": "BLOCK", "state": "ENABLED",
    "protocols": ["ANY_RULE"], "urlCategories": ["SOCIAL_NETWORKING"]}"#;

#[test]
fn a_days_log_tells_what_is_staged_would_treat_otherwise() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("yesterday.json");
    std::fs::write(&file, WEB_LOG).unwrap();
    let file = file.to_str().unwrap();
    let ask = |code: i32, words: &[&str]| -> String {
        let output = server.zuno(&[&["what-if", "--log"], words].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{} {}", said(&output), complained(&output));
        assert_eq!(complained(&output), "", "no bar where nobody looks");
        said(&output)
    };
    let told: Value = serde_json::from_str(&ask(0, &[file])).unwrap();
    assert_eq!(told["answered"], json!({"web": 3, "firewall": 0}), "{told}");
    assert_eq!(told["otherwise"], json!({"count": 0, "kinds": []}));
    assert_eq!(told["unread"]["kinds"][0]["line"], 6, "{told}");
    assert_eq!(told["unclear"]["kinds"][0]["why"], "`from`: there is no location `Nowhere`");
    let logged = &told["logged_otherwise"]["kinds"][0];
    assert_eq!((&logged["logged"]["action"], &logged["now"]["action"]), (&json!("Blocked"), &json!("ALLOW")));
    assert_eq!(
        logged["witness"],
        json!({"url": "http://www.bbc.com/", "method": "GET", "at": 1_772_445_602, "applications": []}),
        "nobody was signed in where the location stands for the user"
    );
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", NO_SOCIAL_MEDIA]);
    let told: Value = serde_json::from_str(&ask(1, &[file])).unwrap();
    assert_eq!(told["otherwise"]["count"], 2, "{told}");
    let kind = &told["otherwise"]["kinds"][0];
    assert_eq!((&kind["count"], &kind["line"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&kind["now"]["action"], &kind["then"]["rule"]["name"]),
        (&json!("ALLOW"), &json!("No social media"))
    );
    assert_eq!(kind["witness"]["user"], "ada.berg@acme.example");
    let table = ask(1, &[file, "--columns", "lines,now,then,then by,first"]);
    insta::assert_snapshot!(table);
}

#[test]
fn each_way_of_writing_a_log_is_read_alike() {
    let server = Server::in_memory();
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", NO_SOCIAL_MEDIA]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let with_header = "datetime,user,url,action,protocol\n2026-03-02 10:00:00,ada.berg%40acme.example,www.facebook.com/,Allowed,HTTP\n";
    let pairs = "2026-03-02 10:00:00|www.facebook.com/|ada.berg@acme.example|Allowed\n";
    for (text, words) in [
        (with_header.to_owned(), &[][..]),
        (with_header.replace(',', "\t"), &[]),
        (pairs.to_owned(), &["--log-feed", "%s{time}|%s{url}|%s{login}|%s{action}"]),
    ] {
        std::fs::write(&file, &text).unwrap();
        let output =
            server.zuno(&[&["what-if", "--log", file.to_str().unwrap()], words].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}: {} {}", said(&output), complained(&output));
        let told: Value = serde_json::from_str(&said(&output)).unwrap();
        assert_eq!(
            told["otherwise"]["kinds"][0]["witness"]["user"], "ada.berg@acme.example",
            "{text}: {told}"
        );
        assert_eq!(told["otherwise"]["kinds"][0]["witness"]["at"], 1_772_445_600, "{text}");
    }
    let allowed = FIREWALL_LOG.replace("\"Drop\"", "\"Allow\"");
    std::fs::write(&file, format!("{FIREWALL_LOG}{allowed}")).unwrap();
    let asked = ["what-if", "--log", file.to_str().unwrap(), "--set", "from=null", "--set", "via=tunnel2"];
    let told = server.json(&asked);
    assert_eq!(told["answered"], json!({"web": 0, "firewall": 2}), "{told}");
    assert_eq!(told["logged_otherwise"]["count"], 1, "what was dropped is dropped: {told}");
    let kind = &told["logged_otherwise"]["kinds"][0];
    assert_eq!(kind["logged"], json!({"action": "Allow", "rule": "Firewall_1"}), "{told}");
    assert_eq!((&kind["now"]["action"], &kind["line"]), (&json!("DROP"), &json!(2)), "{told}");
    assert_eq!(kind["witness"]["destination"], "216.113.179.53:80");
    std::fs::write(&file, "nothing that is known\n").unwrap();
    for words in [&[][..], &["--log-feed", "SYSLOG"], &["--log-feed", "%s{time}"], &["--log-zone", "Nowhere"]]
    {
        let output =
            server.zuno(&[&["what-if", "--log", file.to_str().unwrap()], words].concat()).output().unwrap();
        assert!(!output.status.success(), "{words:?}");
        assert!(complained(&output).contains("log-"), "{words:?}: {}", complained(&output));
    }
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
