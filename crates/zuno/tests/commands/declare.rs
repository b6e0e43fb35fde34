//! A tenant in files: pulled, changed, planned, applied, pushed and watched for drift.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::common::{Server, complained, said};

/// A server with a name in its data folder, which another command can take for the real cloud.
struct Real {
    server: Server,
    folder: tempfile::TempDir,
}

impl Real {
    fn start() -> Real {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud");
        let path = path.to_str().unwrap();
        let server = Server::start(&[
            "--data",
            path,
            "--vanity",
            "theirs",
            "--client-id",
            "a",
            "--client-secret",
            crate::common::SECRET,
        ]);
        Real { server, folder }
    }

    /// A command for which this server is the real cloud, led there as a company's proxy leads.
    fn led(&self, mut command: Command) -> Command {
        let trust = self.folder.path().join("cloud/trust/ca.pem");
        command.env_remove("ZUNO_SERVER").env_remove("ZUNO_CLIENT_ID").env_remove("ZUNO_CLIENT_SECRET");
        command.env("HTTPS_PROXY", &self.server.origin).env("SSL_CERT_FILE", trust);
        command.env("ZSCALER_CLIENT_ID", "a").env("ZSCALER_CLIENT_SECRET", crate::common::SECRET);
        command.env("ZSCALER_VANITY_DOMAIN", "theirs");
        command
    }

    fn zuno(&self, arguments: &[&str]) -> Output {
        self.led(crate::common::zuno(arguments)).output().unwrap()
    }
}

/// The output of a command that must succeed.
fn fine(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", said(output), complained(output));
    said(output)
}

/// Makes a few objects that refer to each other, with names that tell them from those of another tenant.
fn furnish(server: &Server) {
    let make = |arguments: &[&str]| server.json(&[&["api"], arguments].concat());
    let id = |value: &Value| value["id"].as_str().map_or_else(|| value["id"].to_string(), str::to_owned);
    let group =
        id(&make(&["zpa", "segment-group", "create", "--set", "name=Finance", "--set", "enabled=true"]));
    let connectors = make(&["zpa", "app-connector-group", "list"])["list"][0]["id"].clone();
    let body = json!({"name": "Payroll servers", "dynamicDiscovery": true, "appConnectorGroups": [{"id": connectors}]});
    let servers = id(&make(&["zpa", "server-group", "create", "--body", &body.to_string()]));
    let body = json!({
        "name": "Payroll", "segmentGroupId": group, "domainNames": ["payroll.example.net"], "enabled": true,
        "serverGroups": [{"id": servers}], "tcpPortRanges": ["443", "443"],
    });
    let payroll = id(&make(&["zpa", "application-segment", "create", "--body", &body.to_string()]));
    let set = id(&make(&["zpa", "policy-set", "read-by-type", "ACCESS_POLICY"]));
    let conditions =
        json!([{"operator": "OR", "operands": [{"objectType": "APP", "lhs": "id", "rhs": payroll}]}]);
    for name in ["Payroll for all", "Payroll for some"] {
        let body = json!({"name": name, "action": "ALLOW", "operator": "AND", "conditions": conditions});
        make(&["zpa", "policy-rule", "create", &set, "--body", &body.to_string()]);
    }
    make(&["zia", "rule-label", "create", "--set", "name=Finance label"]);
    let label = server.json(&["api", "zia", "rule-label", "list"]);
    let label =
        label.as_array().unwrap().iter().find(|label| label["name"] == "Finance label").unwrap()["id"]
            .clone();
    for name in ["First", "Second", "Third"] {
        let body = json!({
            "name": name, "order": 1, "rank": 7, "state": "ENABLED", "action": "BLOCK", "protocols": ["ANY_RULE"],
            "urlCategories": ["GAMBLING"], "labels": [{"id": label}],
        });
        make(&["zia", "url-filtering-rule", "create", "--body", &body.to_string()]);
    }
}

const KINDS: &str = "zpa.segment_group,zpa.server_group,zpa.application_segment,zpa.policy_rule,zia.rule_label,zia.url_filtering_rule";

fn replace(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from} in {text}");
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_tenant_is_pulled_changed_and_pushed_to_another_that_is_then_the_same() {
    let (ours, theirs) = (Server::in_memory(), Real::start());
    furnish(&ours);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme");
    let acme = path.to_str().unwrap();
    fine(&ours.zuno(&["pull", acme, "--only", KINDS]).output().unwrap());
    let segments = fs::read_to_string(path.join("zpa/application_segment.yaml")).unwrap();
    for told in ["segmentGroupId: Finance", "- Payroll servers", "payroll.example.net"] {
        assert!(segments.contains(told), "{told} in {segments}");
    }
    let rules = fs::read_to_string(path.join("zpa/policy_rule.yaml")).unwrap();
    assert!(rules.contains("zpa.application_segment: Payroll"), "{rules}");
    assert!(!path.join(".pull").exists());
    // What was pulled is what is there.
    fine(&ours.zuno(&["drift", acme]).output().unwrap());

    // A change by hand: a description, another order of rules, one rule less.
    replace(
        &path.join("zpa/segment_group.yaml"),
        "name: Finance",
        "name: Finance\n  description: Whoever pays",
    );
    let file = path.join("zia/url_filtering_rule.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let rules: Vec<Value> = serde_saphyr_list(&text);
    let names: Vec<&str> = rules.iter().map(|rule| rule["name"].as_str().unwrap()).take(3).collect();
    assert_eq!(names, ["Third", "Second", "First"]);
    let reordered: Vec<Value> = ["First", "Third"]
        .iter()
        .map(|name| rules.iter().find(|rule| rule["name"] == *name).unwrap().clone())
        .collect();
    let rest = rules.iter().skip(3).cloned();
    fs::write(&file, serde_json::to_string(&reordered.into_iter().chain(rest).collect::<Vec<_>>()).unwrap())
        .unwrap();
    let plan: Value =
        serde_json::from_str(&fine(&ours.zuno(&["plan", acme, "--json"]).output().unwrap())).unwrap();
    let steps: Vec<String> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| format!("{} {}", step["action"], step["name"]))
        .collect();
    assert_eq!(steps, ["\"update\" \"Finance\"", "\"delete\" \"Second\""], "{plan:#}");
    assert_eq!(plan["moves"][0]["rules"], 1, "{plan:#}");
    let drift = ours.zuno(&["drift", acme]).output().unwrap();
    assert_eq!(drift.status.code(), Some(1), "{}", complained(&drift));
    let applied = ours.zuno(&["apply", acme]).output().unwrap();
    assert!(applied.status.success(), "{}{}", said(&applied), complained(&applied));
    fine(&ours.zuno(&["drift", acme]).output().unwrap());

    // The other tenant, which refuses calls now and then, and is being changed by somebody else.
    let fault = |arguments: &[&str]| {
        fine(&theirs.server.zuno(&[&["fault", "add"], arguments].concat()).output().unwrap())
    };
    fault(&["zia.url_filtering_rule.create", "--status", "429", "--retry-after", "0", "--times", "1"]);
    fault(&["zpa.segment_group.list", "--status", "429", "--retry-after", "0", "--times", "1"]);
    let push = ["push", acme, "--real", "--vanity", "theirs", "--hurry"];
    let shown = theirs.zuno(&push);
    assert!(fine(&shown).contains("+ create zpa.application_segment `Payroll`"), "{}", said(&shown));
    assert!(complained(&shown).contains("--yes"), "{}", complained(&shown));
    assert_eq!(
        theirs
            .server
            .json(&["api", "zpa", "segment-group", "list", "--all"])
            .as_array()
            .unwrap()
            .iter()
            .filter(|group| group["name"] == "Finance")
            .count(),
        0
    );
    let pushed = theirs.zuno(&[&push[..], &["--yes"]].concat());
    assert!(pushed.status.success(), "{}{}", said(&pushed), complained(&pushed));
    assert!(complained(&pushed).contains("this changes the real tenant theirs"), "{}", complained(&pushed));
    let drift = theirs.zuno(&["drift", acme, "--real", "--hurry"]);
    assert!(drift.status.success(), "{}{}", said(&drift), complained(&drift));
}

fn serde_saphyr_list(text: &str) -> Vec<Value> {
    let value: Value = serde_saphyr::from_str(text).unwrap();
    value.as_array().unwrap().clone()
}

#[test]
fn a_server_and_a_command_begin_with_what_files_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme");
    fs::create_dir_all(path.join("zia")).unwrap();
    fs::write(path.join("zia/rule_label.yaml"), "- name: First\n- name: Second\n").unwrap();
    let acme = path.to_str().unwrap();
    let server = Server::start(&[
        "--memory",
        "--client-id",
        "a",
        "--client-secret",
        crate::common::SECRET,
        "--apply",
        acme,
    ]);
    let labels = server.json(&["api", "zia", "rule-label", "list", "--all"]);
    let names: Vec<&str> =
        labels.as_array().unwrap().iter().map(|label| label["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["First", "Second"]);
    let listed = crate::common::zuno(&["run", "--apply", acme, "--", "sh", "-c"])
        .arg(format!("{} api zia rule-label list --all", crate::common::program()))
        .env_remove("ZUNO_DATA")
        .output()
        .unwrap();
    assert!(fine(&listed).contains("Second"), "{}", said(&listed));

    fs::write(path.join("zia/rule_label.yaml"), "- nome: First\n").unwrap();
    let refused = crate::common::zuno(&["serve", "--memory", "--listen", "127.0.0.1:0", "--apply", acme])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        complained(&refused).contains("zia.rule_label: a record has no name"),
        "{}",
        complained(&refused)
    );
    assert!(said(&refused).is_empty(), "nobody is told of a server that is not as it was to be");
}

#[test]
fn a_pull_that_ended_early_goes_on_and_another_tenants_begins_anew() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme");
    let acme = path.to_str().unwrap();
    let only = ["pull", acme, "--only", "zpa.segment_group,zia.rule_label"];
    let began = |tenant: &str| {
        fs::create_dir_all(path.join(".pull")).unwrap();
        fs::write(path.join(".pull/tenant"), tenant).unwrap();
        let told = r#"[{"named": [], "record": {"id": 7, "name": "Read before"}}]"#;
        fs::write(path.join(".pull/zia.rule_label.json"), told).unwrap();
    };
    let labels = || fs::read_to_string(path.join("zia/rule_label.yaml")).unwrap();
    began(&format!("{} ", server.origin));
    let pulled = server.zuno(&only).output().unwrap();
    fine(&pulled);
    assert!(complained(&pulled).contains("goes on where an earlier pull ended"), "{}", complained(&pulled));
    assert!(labels().contains("Read before"), "{}", labels());
    assert!(path.join("zpa/segment_group.yaml").exists() && !path.join(".pull").exists());
    began("http://somewhere.else ");
    fine(&server.zuno(&only).output().unwrap());
    assert!(!labels().contains("Read before"), "{}", labels());
    let listed: Value = server.json(&["pull", "--list", "--only", "zpa.segment*"]);
    assert_eq!(
        listed,
        json!([{"kind": "zpa.segment_group", "noun": "segment group", "does": "create, update, delete"}])
    );
    let wrong = server.zuno(&["pull", acme, "--only", "zpa.segmnt"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_on_files_is_carried_out_as_written() {
    let (_home, script, said) = crate::operate::carried_out("files.md");
    assert!(script.contains("zuno pull") && script.contains("zuno apply"), "{script}");
    assert!(said.contains("exit status 1: the tenant is not as declared"), "{said}");
}
