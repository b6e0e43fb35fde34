//! What no cloud lets its users do: make calls fail, and move the clock.

use serde_json::json;

use crate::common::{Server, complained, said};

#[test]
fn calls_fail_as_they_are_told_to_and_no_longer() {
    let server = Server::in_memory();
    let set = |arguments: &[&str]| server.zuno(&[&["fault", "add"], arguments].concat()).output().unwrap();
    let told = set(&["zia.rule_label", "--refusal", "locked", "--writes", "--times", "1"]);
    assert!(told.status.success(), "{}", complained(&told));
    let fault = server.json(&["fault", "list"])[0].clone();
    assert_eq!(fault["failure"], "locked");
    let create =
        || server.zuno(&["api", "zia", "rule-label", "create", "--set", "name=Tried"]).output().unwrap();
    let refused = create();
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("EDIT_LOCK_NOT_AVAILABLE"), "{}", complained(&refused));
    assert!(create().status.success());
    assert_eq!(server.json(&["fault", "list"])[0]["hit"], 1);

    assert!(set(&["--cut", "answer", "--reads"]).status.success());
    let cut = server.zuno(&["api", "zia", "rule-label", "list"]).output().unwrap();
    assert!(!cut.status.success() && said(&cut).is_empty(), "{}", said(&cut));
    assert!(server.zuno(&["fault", "clear"]).status().unwrap().success());
    assert_eq!(server.json(&["fault", "list"]), json!([]));
    assert!(server.json(&["api", "zia", "rule-label", "list"]).to_string().contains("Tried"));

    for (wrong, word) in [
        (&["zia.rule_lable", "--status", "429"][..], "zuno api --list"),
        (&["zia", "--status", "418"], "known are"),
        (&["zia"], "required"),
    ] {
        let refused = set(wrong);
        assert!(complained(&refused).contains(word), "{wrong:?}: {}", complained(&refused));
    }
}

#[test]
fn the_clock_is_moved_stopped_and_let_go_again() {
    let server = Server::in_memory();
    let shows = |arguments: &[&str]| server.json(&[&["clock"], arguments].concat());
    assert_eq!(shows(&["set", "2027-01-01T00:00:00Z"])["time"], "2027-01-01T00:00:00Z");
    shows(&["freeze"]);
    let stopped = shows(&["set", "2027-01-01T00:00:00Z"]);
    assert_eq!([&stopped["time"], &stopped["pace"]], [&json!("2027-01-01T00:00:00Z"), &json!(0)]);
    assert_eq!(shows(&["advance", "2h"])["time"], "2027-01-01T02:00:00Z");
    assert_eq!(shows(&["show", "--vanity", "acme"])["time"], "2027-01-01T02:00:00Z");
    assert_eq!(shows(&["run", "--pace", "60"])["pace"], 60);
    shows(&["set", "2025-01-01T00:00:00Z"]);
    server.json(&["client", "create", "dated"]);
    assert_ne!(server.json(&["audit", "--since", "2h"]), json!([]), "so long ago by the tenant's clock");
    let reset = shows(&["reset"]);
    assert_eq!([&reset["offset"], &reset["pace"]], [&json!(0), &json!(1)]);
    let nobody = server.zuno(&["clock", "show", "--vanity", "nobody"]).output().unwrap();
    assert!(complained(&nobody).contains("there is no tenant `nobody`"), "{}", complained(&nobody));
}

#[test]
fn calls_are_told_and_held_against_what_was_expected() {
    let server = Server::in_memory();
    server.json(&[
        "api",
        "zpa",
        "segment-group",
        "create",
        "--body",
        r#"{"name": "Finance", "descripton": "x"}"#,
    ]);
    let refused = server.zuno(&["api", "zia", "rule-label", "create", "--body", "{}"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let told = server.json(&["logs", "--operation", "zpa"]);
    assert_eq!(told[0]["unread"], json!(["descripton"]));
    assert_eq!(server.json(&["logs", "--failed"])[0]["about"]["member"], "name");
    let expect = |calls: &[&str]| {
        let options: Vec<&str> = calls.iter().flat_map(|call| ["--expect", call]).collect();
        let output = server.zuno(&[&["logs"], options.as_slice()].concat()).output().unwrap();
        (output.status.code(), said(&output) + &complained(&output))
    };
    let (code, told) = expect(&["POST zpa.segment_group 201 x1", "zia.rule_label 4xx", "5xx x0"]);
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = expect(&["POST zpa.segment_group x2", "DELETE x0"]);
    assert_eq!(code, Some(1));
    assert_eq!(told, "NOT MET  POST zpa.segment_group x2  (came once)\nok       DELETE x0  (never came)\n");
    let (code, told) = expect(&["zpa zia"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("a second operation"), "{told}");
    assert!(server.zuno(&["logs", "--clear"]).status().unwrap().success());
    assert_eq!(server.json(&["logs"]), json!([]));
}
