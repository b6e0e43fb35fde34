//! Calls that go through a server to the real cloud, for which a second Zuno stands, and the recordings of them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::common::{SECRET, Server, complained, program, said, shell, zuno};

/// A cloud, and a server that records what goes there: it finds the cloud as a network's proxy leads to it.
struct Stand {
    cloud: Server,
    recorder: Server,
    folder: tempfile::TempDir,
}

/// Where a server's local CA is written for others to trust.
fn ca(server: &Server, folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let text = ureq::get(format!("{}/_zuno/ca", server.origin)).call().unwrap().body_mut().read_to_string();
    std::fs::write(&path, text.unwrap()).unwrap();
    path
}

/// As a program is led to the real cloud, or to what stands for it.
fn led(command: &mut Command, origin: &str, trust: &Path) {
    for name in ["HTTPS_PROXY", "https_proxy"] {
        command.env(name, origin);
    }
    command.env("SSL_CERT_FILE", trust);
}

impl Stand {
    fn in_folder(cloud: Server, folder: tempfile::TempDir, arguments: &[&str]) -> Stand {
        let trust = ca(&cloud, folder.path(), "cloud.pem");
        let file = folder.path().join("r.json");
        let all = ["serve", "--memory", "--listen", "127.0.0.1:0", "--record", file.to_str().unwrap()];
        let mut command = zuno(&[&all, arguments].concat());
        command.env_remove("ZUNO_DATA").env("ZUNO_OPERATOR_TOKEN", crate::common::OPERATOR);
        led(&mut command, &cloud.origin, &trust);
        let recorder = Server::of(command);
        ca(&recorder, folder.path(), "recorder.pem");
        Stand { cloud, recorder, folder }
    }

    fn new(arguments: &[&str]) -> Stand {
        Stand::in_folder(Server::in_memory(), tempfile::tempdir().unwrap(), arguments)
    }

    /// What a user's command of the real tenant does, led through the recorder.
    fn client(&self, arguments: &[&str]) -> Output {
        let mut command = zuno(&[arguments, &["--real"]].concat());
        command.envs([
            ("ZSCALER_CLIENT_ID", "a"),
            ("ZSCALER_CLIENT_SECRET", SECRET),
            ("ZSCALER_VANITY_DOMAIN", "acme"),
        ]);
        led(&mut command, &self.recorder.origin, &self.folder.path().join("recorder.pem"));
        command.output().unwrap()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("r.json")
    }

    /// The recording as it is now, which any reader of JSON reads.
    fn recorded(&self) -> Vec<Value> {
        let text = std::fs::read(self.file()).unwrap();
        serde_json::from_slice::<Value>(&text).unwrap().as_array().unwrap().clone()
    }

    fn calls(&self) -> Vec<String> {
        let call = |exchange: &Value| {
            format!(
                "{} {} {}",
                exchange["method"].as_str().unwrap(),
                exchange["path"].as_str().unwrap(),
                exchange["status"]
            )
        };
        self.recorded().iter().map(call).collect()
    }

    fn fault(&self, arguments: &[&str]) {
        assert!(self.cloud.zuno(&[&["fault", "add"], arguments].concat()).status().unwrap().success());
    }
}

const TOKEN: &str = "POST /oauth2/v1/token 200";
const LABELS: [&str; 4] = ["api", "zia", "rule-label", "list"];

#[test]
fn reads_are_carried_and_kept_without_secrets_and_writes_are_refused() {
    let stand = Stand::new(&[]);
    assert!(
        stand
            .cloud
            .zuno(&["api", "zia", "rule-label", "create", "--set", "name=There"])
            .status()
            .unwrap()
            .success()
    );
    let output = stand.client(&LABELS);
    assert!(said(&output).contains("There"), "{}", complained(&output));
    assert_eq!(stand.calls(), [TOKEN, "GET /zia/api/v1/ruleLabels 200"]);
    let refused = stand.client(&["api", "zia", "rule-label", "create", "--set", "name=Never"]);
    assert!(
        !refused.status.success() && complained(&refused).contains("--record-writes"),
        "{}",
        complained(&refused)
    );
    assert!(!stand.cloud.json(&["api", "zia", "rule-label", "list"]).to_string().contains("Never"));
    // What only looks up by POST is no write.
    let looked = stand.client(&["lookup", "bbc.com"]);
    assert!(said(&looked).contains("NEWS"), "{}", complained(&looked));

    let text = std::fs::read_to_string(stand.file()).unwrap();
    assert!(
        !text.contains(SECRET) && !text.contains("eyJ") && !text.to_lowercase().contains("bearer e"),
        "{text}"
    );
    assert!(
        text.contains("client_secret=REDACTED") && text.contains("\"access_token\": \"REDACTED\""),
        "{text}"
    );
    let told = stand.recorder.json(&["logs", "--json"]);
    let carried = told.as_array().unwrap().iter().filter(|call| call["carried"] == true).count();
    assert!(carried >= 4, "{told:#}");
    // What comes by the server's own address is answered by it.
    let own = ureq::get(format!("{}/zia/api/v1/ruleLabels", stand.recorder.origin)).call();
    assert!(own.is_err_and(|wrong| wrong.to_string().contains("401")));
}

#[test]
fn what_was_recorded_is_answered_alike_by_another_zuno_and_goes_on_after_a_kill() {
    let mut stand = Stand::new(&["--record-writes"]);
    let created =
        stand.client(&["api", "zia", "rule-label", "create", "--set", "name=A", "--set", "description=b"]);
    assert!(created.status.success(), "{}", complained(&created));
    let made: Value = serde_json::from_slice(&created.stdout).unwrap();
    let id = made["id"].to_string();
    for arguments in [
        &["api", "zia", "rule-label", "update", &id, "--set", "name=B"][..],
        &["api", "zia", "rule-label", "read", &id],
        &LABELS,
        &["api", "zpa", "segment-group", "create", "--set", "name=G"],
        &["api", "zpa", "segment-group", "list"],
        &["api", "zia", "rule-label", "delete", &id],
    ] {
        let output = stand.client(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", complained(&output));
    }
    let before = stand.recorded().len();
    assert!(before >= 10, "{:?}", stand.calls());
    stand.recorder.process.kill().unwrap();
    stand.recorder.process.wait().unwrap();
    let file = stand.file();
    let output =
        zuno(&["replay", "-v", "--columns", "recording,same", file.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success(), "{}{}", said(&output), complained(&output));
    // Another start goes on behind what is there.
    let Stand { cloud, folder, .. } = stand;
    let next = Stand::in_folder(cloud, folder, &[]);
    assert!(next.client(&LABELS).status.success());
    assert_eq!(next.recorded().len(), before + 2);
}

#[test]
fn what_a_real_cloud_does_at_its_worst_reaches_the_client_and_the_file() {
    let stand = Stand::new(&[]);
    stand.fault(&["zia.rule_label", "--status", "429", "--retry-after", "0", "--times", "1"]);
    let output = stand.client(&LABELS);
    assert!(output.status.success(), "the client waits as it is told: {}", complained(&output));
    let [_, refused, _] = &stand.recorded()[..] else { panic!("{:?}", stand.calls()) };
    assert_eq!(
        (&refused["status"], &refused["headers"]["retry-after"]),
        (&json!(429), &json!("0")),
        "{refused:#}"
    );

    stand.fault(&["zia.rule_label", "--status", "500", "--times", "1"]);
    assert!(complained(&stand.client(&LABELS)).contains("500"));
    assert!(stand.calls().last().unwrap().ends_with("500"));
    let before = stand.recorded().len();
    for cut in ["answer", "body"] {
        stand.fault(&["zia.rule_label", "--cut", cut, "--times", "1"]);
        let output = stand.client(&LABELS);
        assert!(complained(&output).contains("502"), "{cut}: {}", complained(&output));
        assert!(complained(&output).contains("api.zsapi.net"), "{cut}: {}", complained(&output));
    }
    let kept: Vec<String> = stand.calls().into_iter().skip(before).collect();
    assert_eq!(kept, [TOKEN, TOKEN], "what was not answered is not kept");
    assert!(stand.client(&LABELS).status.success());
}

#[test]
fn a_call_that_would_come_back_for_ever_is_refused() {
    let cloud = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("r.json");
    // A server that is led to itself: an earlier run of it had the same port and the same local CA.
    let data = folder.path().join("data");
    let start = |listen: &str, arguments: &[&str]| {
        let all = ["serve", "--data", data.to_str().unwrap(), "--listen", listen];
        let mut command = zuno(&[&all, arguments].concat());
        command.env_remove("ZUNO_DATA");
        command
    };
    let first = Server::of(start("127.0.0.1:0", &[]));
    let (origin, trust) = (first.origin.clone(), ca(&first, folder.path(), "recorder.pem"));
    drop(first);
    let mut command = start(origin.trim_start_matches("http://"), &["--record", file.to_str().unwrap()]);
    led(&mut command, &origin, &trust);
    let recorder = Server::of(command);
    let stand = Stand { cloud, recorder, folder };
    let output = stand.client(&LABELS);
    assert!(
        complained(&output).contains("508") && complained(&output).contains("leads here"),
        "{}",
        complained(&output)
    );
    assert_eq!(stand.recorded(), Vec::<Value>::new());
}

#[test]
fn a_shell_is_led_to_a_recorder_with_the_credentials_that_it_has() {
    let stand = Stand::new(&[]);
    let script = format!(
        "eval \"$({} env --shell sh --keep-credentials --server {})\"\n\
         echo \"$ZSCALER_CLIENT_ID $ZSCALER_VANITY_DOMAIN $HTTPS_PROXY $ZUNO_SERVER $ZSCALER_CLOUD\"",
        program(),
        stand.recorder.origin
    );
    let mut command = shell("sh", &script);
    command
        .env("ZSCALER_CLIENT_ID", "mine")
        .env("ZSCALER_VANITY_DOMAIN", "acme")
        .env("ZSCALER_CLOUD", "beta");
    let output = command.env("XDG_CACHE_HOME", stand.folder.path()).output().unwrap();
    assert_eq!(
        said(&output),
        format!("mine acme {}  beta\n", stand.recorder.origin),
        "{}",
        complained(&output)
    );
}

#[test]
fn nothing_but_the_command_line_leads_to_the_real_cloud() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[serve]\nrecord = \"r.json\"\n").unwrap();
    let output =
        zuno(&["serve", "--memory", "--listen", "127.0.0.1:0"]).env("ZUNO_CONFIG", &config).output().unwrap();
    assert!(
        output.status.code() == Some(2) && complained(&output).contains("record"),
        "{}",
        complained(&output)
    );
    let output = zuno(&["serve", "--record-writes"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
