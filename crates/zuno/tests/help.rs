//! What each command says of itself, kept as snapshots: `INSTA_UPDATE=always cargo test -p zuno --test help` renews them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::process::Command;

fn help(words: &[&str]) -> String {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("zuno"));
    for (name, _) in std::env::vars() {
        if name.starts_with("ZUNO_") {
            command.env_remove(name);
        }
    }
    let output = command.env("ZUNO_CONFIG", "/dev/null").args(words).arg("--help").output().unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_command_explains_itself() {
    for words in [
        &[][..],
        &["serve"],
        &["run"],
        &["env"],
        &["demo"],
        &["api"],
        &["token"],
        &["lookup"],
        &["activate"],
        &["tenant"],
        &["tenant", "list"],
        &["tenant", "create"],
        &["tenant", "delete"],
        &["tenant", "reset"],
        &["tenant", "mode"],
        &["tenant", "set"],
        &["client"],
        &["client", "list"],
        &["client", "create"],
        &["client", "rotate"],
        &["client", "recover"],
        &["client", "delete"],
        &["sim"],
        &["sim", "enrol"],
        &["sim", "wait"],
        &["sim", "list"],
        &["sim", "stop"],
        &["sim", "start"],
        &["sim", "fleet"],
        &["what-if"],
        &["policy"],
        &["policy", "test"],
        &["policy", "lint"],
        &["policy", "diff"],
        &["policy", "export"],
        &["test"],
        &["replay"],
        &["compare"],
        &["pull"],
        &["plan"],
        &["apply"],
        &["push"],
        &["drift"],
        &["snapshot"],
        &["snapshot", "save"],
        &["snapshot", "list"],
        &["snapshot", "show"],
        &["snapshot", "restore"],
        &["snapshot", "delete"],
        &["snapshot", "diff"],
        &["snapshot", "export"],
        &["snapshot", "import"],
        &["fault"],
        &["fault", "add"],
        &["fault", "list"],
        &["fault", "clear"],
        &["clock"],
        &["clock", "show"],
        &["clock", "set"],
        &["clock", "advance"],
        &["clock", "freeze"],
        &["clock", "run"],
        &["clock", "reset"],
        &["audit"],
        &["db"],
        &["db", "status"],
        &["db", "copy"],
        &["logs"],
        &["endpoints"],
        &["endpoints", "list"],
        &["endpoints", "lookup"],
        &["endpoints", "diff"],
        &["endpoints", "allowlist"],
        &["endpoints", "watch"],
        &["endpoints", "map"],
        &["openapi"],
        &["completions"],
        &["man"],
    ] {
        let text = help(words);
        assert!(text.contains("Example") || words.is_empty(), "{words:?} has no example");
        let name = if words.is_empty() { "zuno".to_owned() } else { words.join("-") };
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn an_operation_explains_its_parameters_and_its_body() {
    let text = help(&["api", "zpa", "segment-group", "update"]);
    for words in ["PUT /zpa/mgmtconfig", "--id", "Members of the body", "name: string", "--customer-id"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}
