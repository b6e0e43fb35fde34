//! What the documents tell their readers to type is typed here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{SECRET, Server, complained, program, said, shell, zuno};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(document: &str) -> String {
    std::fs::read_to_string(root().join(document)).unwrap()
}

/// The blocks of a document that are set in, each without its margin.
fn blocks(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for line in text.lines() {
        match line.strip_prefix("    ") {
            Some(line) => {
                let block = found.last_mut().unwrap();
                block.push_str(line.strip_prefix("   ").unwrap_or(line));
                block.push('\n');
            }
            None if !line.trim().is_empty() && found.last().is_some_and(|block| !block.is_empty()) => {
                found.push(String::new());
            }
            None => {}
        }
    }
    found.retain(|block| !block.is_empty());
    found
}

/// Every call of this program that a text tells to make, as its words.
fn calls(text: &str) -> Vec<Vec<String>> {
    let set_in = blocks(text).join("\n").replace("\\\n", " ");
    let inline = text.split('`').skip(1).step_by(2).map(|code| code.replace('\n', " "));
    let lines = set_in.lines().map(str::to_owned).chain(inline.filter(|code| code.starts_with("zuno ")));
    let mut found = Vec::new();
    for line in lines {
        // Within what a shell puts in place of a call, or after an assignment or another command.
        let commands = line
            .replace(" '", " QUOTED\n")
            .replace(['\'', ';'], "\n")
            .replace("$(", "\n")
            .replace("&&", "\n");
        for part in commands.lines() {
            let part = part
                .trim()
                .trim_start_matches("/usr/local/bin/")
                .trim_start_matches("ExecStart=/usr/local/bin/");
            if !part.starts_with("zuno ") || part.contains('…') {
                continue;
            }
            let part = part.trim_end_matches(['"', ')', '&', ' ']);
            let Some(words) = shlex::split(part) else { continue };
            let ours =
                words.into_iter().skip(1).take_while(|word| word != "--" && word != "|" && word != ">");
            found.push(ours.collect());
        }
    }
    found
}

#[test]
fn every_call_in_the_documents_is_one_that_there_is() {
    let mut seen = 0;
    for document in [
        "README.md",
        "docs/clients.md",
        "docs/endpoints.md",
        "docs/record.md",
        "docs/add-a-resource.md",
        "examples/private_access/README.md",
    ] {
        for mut words in calls(&read(document)) {
            if words.first().is_none_or(|word| word == "help" || word.to_ascii_uppercase() == *word) {
                continue;
            }
            // Everything before it is read first, and refused if it is not known.
            words.push("--help".into());
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let output = zuno(&words).output().unwrap();
            assert!(output.status.success(), "{document}: {words:?}: {}", complained(&output));
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} calls were found");
}

#[test]
fn the_readmes_calls_of_a_server_are_answered() {
    if !crate::common::is_installed("curl") {
        return;
    }
    let server = Server::start(&["--memory", "--client-id", "X", "--client-secret", SECRET]);
    let block = blocks(&read("README.md")).into_iter().find(|block| block.contains("$TOKEN")).unwrap();
    let own: String = ["health", "ready", "_zuno/ca"]
        .iter()
        .map(|path| format!("curl {}/{path}\n", server.origin))
        .collect();
    let block = block.replace("http://127.0.0.1:8080", &server.origin);
    let script =
        format!("set -e\nzuno() {{ {} \"$@\"; }}\n{block}{own}", program()).replace("curl ", "curl -sS -f ");
    let mut command = shell("sh", &script);
    let output = command.env("ZUNO_CLIENT_ID", "X").env("ZUNO_CLIENT_SECRET", SECRET).output().unwrap();
    let told = said(&output);
    assert!(output.status.success(), "{told} {}", complained(&output));
    for words in ["\"access_token\"", "\"superCategory\"", "BEGIN CERTIFICATE"] {
        assert!(told.contains(words), "{words}");
    }
}

#[test]
fn the_operators_calls_of_endpoints_are_answered() {
    if !crate::common::is_installed("curl") {
        return;
    }
    let server = {
        let mut command = zuno(&["serve", "--memory", "--listen", "127.0.0.1:0"]);
        command.env("ZUNO_OPERATOR_TOKEN", "the-operators-own-token-of-a-test");
        Server::of(command)
    };
    let wanted = blocks(&read("docs/endpoints.md"));
    let wanted: Vec<&String> =
        wanted.iter().filter(|block| block.contains("/_zuno/") && block.contains("127.0.0.1:8080")).collect();
    assert!(wanted.len() >= 2, "{wanted:?}");
    for block in wanted {
        let script = block.replace("http://127.0.0.1:8080", &server.origin).replace("curl ", "curl -sS -f ");
        // The reader's server follows a site; this one has what is built in, which a list must ask for.
        let script = script.replace("\"format\":", "\"synthetic\": true, \"format\":");
        let mut command: Command = shell("sh", &format!("set -e\n{script}"));
        let output =
            command.env("ZUNO_OPERATOR_TOKEN", "the-operators-own-token-of-a-test").output().unwrap();
        assert!(output.status.success(), "{script}: {} {}", said(&output), complained(&output));
    }
}
