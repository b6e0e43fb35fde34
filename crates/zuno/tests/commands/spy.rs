//! A server that reads through to the real tenant, for which a second Zuno stands.

use serde_json::{Value, json};

use crate::common::{OPERATOR, SECRET, Server, complained, said, zuno};

/// The real tenant, and a server that reads through to it.
fn stand(folder: &std::path::Path) -> (Server, Server) {
    let cloud = Server::in_memory();
    let trust = folder.join("cloud.pem");
    let text = ureq::get(format!("{}/_zuno/ca", cloud.origin)).call().unwrap().body_mut().read_to_string();
    std::fs::write(&trust, text.unwrap()).unwrap();
    let arguments =
        ["serve", "--memory", "--listen", "127.0.0.1:0", "--client-id", "a", "--client-secret", SECRET];
    let mut command = zuno(&[&arguments[..], &["--customer-id", "268435456", "--spy"]].concat());
    command.env_remove("ZUNO_DATA").env("ZUNO_OPERATOR_TOKEN", OPERATOR).env("SSL_CERT_FILE", trust);
    command.envs([("HTTPS_PROXY", &cloud.origin), ("https_proxy", &cloud.origin)]);
    command.envs([
        ("ZSCALER_CLIENT_ID", "a"),
        ("ZSCALER_CLIENT_SECRET", SECRET),
        ("ZSCALER_VANITY_DOMAIN", "acme"),
    ]);
    let spy = Server::of(command);
    (cloud, spy)
}

fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().or_else(|| list["list"].as_array()).expect("a list");
    list.iter().filter_map(|record| record["name"].as_str()).collect()
}

const LIST: [&str; 4] = ["api", "zia", "rule-label", "list"];

#[test]
fn what_is_not_here_is_read_there_and_nothing_is_changed_there() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, spy) = stand(folder.path());
    // Both begin to count alike: the first label here has the id of the first one there.
    cloud.json(&["api", "zia", "rule-label", "create", "--set", "name=First"]);
    let made = cloud.json(&["api", "zia", "rule-label", "create", "--set", "name=There"]);
    cloud.json(&["api", "zpa", "segment-group", "create", "--set", "name=Group"]);
    let (id, before) = (made["id"].to_string(), cloud.json(&LIST));
    // Of a kind that was never changed here, all is the real tenant's; a customer id is each one's own.
    assert_eq!(names(&spy.json(&LIST)), ["First", "There"]);
    let groups = spy.json(&["api", "zpa", "segment-group", "list"]);
    assert!(names(&groups).contains(&"Group"), "{groups:#}");
    // From the first change on the kind is this server's, and records that it has not are read there still.
    spy.json(&["api", "zia", "rule-label", "create", "--set", "name=Here"]);
    assert_eq!(names(&spy.json(&LIST)), ["Here"]);
    assert_eq!(spy.json(&["api", "zia", "rule-label", "read", &id])["name"], "There");
    let gone = spy.zuno(&["api", "zia", "rule-label", "delete", &id]).output().unwrap();
    assert!(complained(&gone).contains("404"), "{}", complained(&gone));
    let nowhere = spy.zuno(&["api", "zia", "rule-label", "read", "1"]).output().unwrap();
    assert!(complained(&nowhere).contains("404"), "{}", complained(&nowhere));
    assert_eq!(cloud.json(&LIST), before);
    let told = spy.json(&["logs", "--json"]);
    let carried = told.as_array().unwrap().iter().filter(|call| call["carried"] == true).count();
    assert_eq!(carried, 3, "{told:#}");
    // What follows from this server's own changes is this server's.
    assert_eq!(spy.json(&["api", "zia", "activation", "read"])["status"], "PENDING");
}

#[test]
fn a_real_cloud_at_its_worst_is_waited_for_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, spy) = stand(folder.path());
    let fault = |arguments: &[&str]| {
        assert!(
            cloud
                .zuno(&[&["fault", "add", "zia.rule_label"], arguments].concat())
                .status()
                .unwrap()
                .success()
        );
    };
    fault(&["--status", "429", "--retry-after", "0", "--times", "1"]);
    assert_eq!(spy.json(&LIST), json!([]));
    fault(&["--status", "500", "--times", "1"]);
    let refused = spy.zuno(&LIST).output().unwrap();
    assert!(complained(&refused).contains("500"), "{}", complained(&refused));
    fault(&["--cut", "answer", "--times", "1"]);
    let refused = spy.zuno(&LIST).output().unwrap();
    let told = complained(&refused);
    assert!(told.contains("502") && told.contains("cannot be asked"), "{told}{}", said(&refused));
    assert_eq!(spy.json(&LIST), json!([]));
}

#[test]
fn a_spy_is_told_whose_eyes_it_has() {
    let output = zuno(&["serve", "--memory", "--spy"]).output().unwrap();
    assert!(
        output.status.code() == Some(2) && complained(&output).contains("ZSCALER_VANITY_DOMAIN"),
        "{}",
        complained(&output)
    );
    let output = zuno(&["serve", "--memory", "--spy", "--record", "x.json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
