//! The state of a tenant under a name and in a file.

use serde_json::json;

use crate::common::{Server, complained, said};
#[cfg(target_os = "linux")]
use crate::operate::carried_out;

fn with_a_label() -> Server {
    let server = Server::in_memory();
    server.json(&["api", "zia", "rule-label", "create", "--set", "name=Kept"]);
    server
}

#[test]
fn a_tenant_is_what_it_was_and_what_changed_since_is_told_by_name() {
    let server = with_a_label();
    let label = server.json(&["api", "zia", "rule-label", "list"])[0]["id"].to_string();
    let rule = json!({
        "name": "Block it", "order": 1, "rank": 7, "action": "BLOCK", "state": "ENABLED", "protocols": ["HTTPS_RULE"], "urlCategories": ["GAMBLING"],
        "labels": [{ "id": label.parse::<i64>().unwrap() }],
    });
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", &rule.to_string()]);
    let kept = server.json(&["snapshot", "save", "before", "--note", "Friday"]);
    assert_eq!([&kept["name"], &kept["note"]], [&json!("before"), &json!("Friday")]);
    let diff = |arguments: &[&str]| {
        server.zuno(&[&["snapshot", "diff", "--json"], arguments].concat()).output().unwrap()
    };
    let told = |output: &std::process::Output| -> serde_json::Value {
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", complained(output)))
    };
    let same = diff(&["before"]);
    assert_eq!((same.status.code(), &told(&same)["same"]), (Some(0), &json!(true)));

    let mut other = rule.clone();
    other["name"] = "Comes first".into();
    other["labels"] = json!([]);
    server.json(&["api", "zia", "url-filtering-rule", "create", "--body", &other.to_string()]);
    let rules = server.json(&["api", "zia", "url-filtering-rule", "list"]);
    let first = rules.as_array().unwrap().iter().find(|rule| rule["name"] == "Block it").unwrap().clone();
    let mut freed = first.clone();
    freed["labels"] = json!([]);
    let id = first["id"].to_string();
    server.json(&["api", "zia", "url-filtering-rule", "update", &id, "--body", &freed.to_string()]);
    assert!(server.zuno(&["api", "zia", "rule-label", "delete", &label]).status().unwrap().success());
    let found = diff(&["before"]);
    assert_eq!(found.status.code(), Some(1));
    let differences = told(&found)["differences"].clone();
    let of = |change: &str| {
        let mut found = differences.as_array().unwrap().iter().filter(|found| found["change"] == change);
        let one = found.next().unwrap_or_else(|| panic!("none is {change}: {differences:#}")).clone();
        assert_eq!(found.next(), None);
        one
    };
    assert_eq!(of("added")["name"], "Comes first");
    assert_eq!([&of("removed")["kind"], &of("removed")["name"]], [&json!("zia.rule_label"), &json!("Kept")]);
    assert_eq!(of("removed")["referrers"][0]["name"], "Block it");
    // That it made room is no change of it.
    let changed = of("changed");
    assert_eq!(changed["name"], "Block it");
    let removed = json!([{ "id": label, "name": "Kept" }]);
    assert_eq!(changed["members"], json!([{ "member": "labels", "added": [], "removed": removed }]));
    let table =
        server.zuno(&["snapshot", "diff", "before", "--columns", "change,name,what"]).output().unwrap();
    let table = said(&table);
    assert!(table.contains("referred to by zia.url_filtering_rule `Block it`"), "{table}");
    assert!(table.contains("1 added, 1 removed, 1 changed"), "{table}");

    server.json(&["snapshot", "save", "after"]);
    assert_eq!(told(&diff(&["before", "after"]))["differences"], differences);
    let restored = server.json(&["snapshot", "restore", "before"]);
    assert_eq!(restored["clients"]["sign_in_as_before"], json!(["a"]));
    assert_eq!(diff(&["before"]).status.code(), Some(0));
    assert_eq!(diff(&["after", "acme:now"]).status.code(), Some(1));
    assert_eq!(server.json(&["api", "zia", "rule-label", "list"])[0]["name"], "Kept");

    let names =
        |list: serde_json::Value| list.as_array().unwrap().iter().map(|kept| kept["name"].clone()).collect();
    let names: Vec<serde_json::Value> = names(server.json(&["snapshot", "list"]));
    assert_eq!(names, ["after", "before"]);
    assert_eq!(server.json(&["snapshot", "show", "before"])["kinds"]["zia.rule_label"], 1);
    assert!(server.zuno(&["snapshot", "delete", "after"]).status().unwrap().success());
    let gone = server.zuno(&["snapshot", "restore", "after"]).output().unwrap();
    assert_eq!(gone.status.code(), Some(1));
    assert!(complained(&gone).contains("there is no snapshot `after`"), "{}", complained(&gone));
    let taken = server.zuno(&["snapshot", "save", "before"]).output().unwrap();
    assert!(complained(&taken).contains("already a snapshot `before`"), "{}", complained(&taken));
    server.json(&["snapshot", "save", "before", "--replace"]);
}

#[test]
fn a_snapshot_goes_into_a_file_and_to_another_server() {
    let server = with_a_label();
    server.json(&["snapshot", "save", "acme"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme.json");
    let path = file.to_str().unwrap();
    let written = server.zuno(&["snapshot", "export", "acme", path]).output().unwrap();
    assert!(complained(&written).contains("secrets left out: 1"), "{}", complained(&written));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("{\n  \"zuno_snapshot\": 1,\n  \"name\": \"acme\","), "{text}");
    let line = text.lines().find(|line| line.contains("\"Kept\"")).unwrap();
    assert!(line.trim_start().starts_with("{\"id\":") && line.ends_with("}}"), "a record a line: {line}");
    let printed = server.zuno(&["snapshot", "export", "acme", "-"]).output().unwrap();
    assert_eq!(said(&printed), text);

    let other = Server::in_memory();
    other.json(&["snapshot", "import", path]);
    let refused = other.zuno(&["snapshot", "restore", "acme"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("keep"), "{}", complained(&refused));
    other.json(&["snapshot", "restore", "acme", "--clients", "keep"]);
    assert_eq!(other.json(&["api", "zia", "rule-label", "list"])[0]["name"], "Kept");
    let again = other.zuno(&["snapshot", "import", path]).output().unwrap();
    assert!(complained(&again).contains("already a snapshot `acme`"), "{}", complained(&again));
    other.json(&["snapshot", "import", path, "--name", "theirs"]);

    std::fs::write(&file, text.replace("\"zuno_snapshot\": 1", "\"zuno_snapshot\": 9")).unwrap();
    let newer = other.zuno(&["snapshot", "import", path, "--replace"]).output().unwrap();
    assert!(complained(&newer).contains("the form 9"), "{}", complained(&newer));
    std::fs::write(&file, &text[..text.len() / 2]).unwrap();
    let half = other.zuno(&["snapshot", "import", path, "--replace"]).output().unwrap();
    assert!(complained(&half).contains("no snapshot"), "{}", complained(&half));
    assert_eq!(other.json(&["snapshot", "show", "acme"])["kinds"]["zia.rule_label"], 1, "it is as it was");
    let nowhere = folder.path().join("nowhere/acme.json");
    let lost = server.zuno(&["snapshot", "export", "acme", nowhere.to_str().unwrap()]).output().unwrap();
    assert!(complained(&lost).contains("cannot write"), "{}", complained(&lost));
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_on_snapshots_is_carried_out_as_written() {
    let (home, script, said) = carried_out("snapshots.md");
    assert!(script.matches("zuno snapshot").count() >= 9, "{script}");
    assert!(said.contains("exit status 1: something differs"), "{said}");
    let file = std::fs::read_to_string(home.path().join("acme.json")).unwrap();
    assert!(file.contains("\"note\": \"as it was on Friday\"") && !file.contains("Tried"), "{file}");
}
