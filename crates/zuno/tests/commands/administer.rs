//! What an operator does to a running server: tenants, clients, modes, simulated machines.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common::{SECRET, Server, complained, said, zuno};

#[test]
fn tenants_come_are_made_fresh_and_go() {
    let server = Server::in_memory();
    let made = server.json(&["tenant", "create", "other", "--bare"]);
    let as_other = |arguments: &[&str]| {
        let mut command = server.zuno(arguments);
        command.env("ZUNO_CLIENT_ID", made["client_id"].as_str().unwrap());
        command.env("ZUNO_CLIENT_SECRET", made["client_secret"].as_str().unwrap());
        command.env("ZUNO_VANITY", "other").output().unwrap()
    };
    let created =
        as_other(&["api", "zpa", "segment-group", "create", "--set", "name=Mine", "--set", "enabled=true"]);
    assert!(created.status.success(), "{}", complained(&created));
    let list = ["api", "zpa", "segment-group", "list", "--all"];
    assert!(said(&as_other(&list)).contains("Mine"));
    assert!(!server.json(&list).to_string().contains("Mine"), "another tenant's");

    assert!(server.zuno(&["tenant", "reset", "other"]).status().unwrap().success());
    let fresh = as_other(&list);
    assert!(fresh.status.success(), "its API client stays: {}", complained(&fresh));
    assert_eq!(said(&fresh).trim(), "[]");

    assert!(server.zuno(&["tenant", "delete", "other"]).status().unwrap().success());
    assert!(!as_other(&list).status.success());
    let missing = server.zuno(&["tenant", "delete", "other"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(complained(&missing).contains("no tenant"), "{}", complained(&missing));
}

#[test]
fn modes_are_switched() {
    let server = Server::in_memory();
    assert!(server.zuno(&["tenant", "mode", "zia", "read-only", "on"]).status().unwrap().success());
    let refused = server.zuno(&["activate"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("STATE_READONLY"), "{}", complained(&refused));
    assert!(server.zuno(&["tenant", "mode", "zia", "read-only", "off"]).status().unwrap().success());
    assert_eq!(server.json(&["activate"])["status"], "ACTIVE");
}

#[test]
fn a_tenant_says_whether_token_requests_name_their_audience() {
    let folder = tempfile::tempdir().unwrap();
    let serve = || {
        let data = folder.path().to_str().unwrap();
        Server::start(&["--data", data, "--client-id", "a", "--client-secret", SECRET])
    };
    // Whether a request with the parameter, and one without, gets a token.
    let takes = |server: &Server| {
        let ask = |audience: &str| {
            let form = format!("grant_type=client_credentials&client_id=a&client_secret={SECRET}{audience}");
            let url = format!("{}/oauth2/v1/token", server.origin);
            let mut curl = Command::new("curl");
            curl.args(["-s", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code}", "-d", &form, &url]);
            said(&curl.output().unwrap()) == "200"
        };
        (ask("&audience=https://api.zscaler.com"), ask(""))
    };
    let server = serve();
    assert_eq!(takes(&server), (true, true));
    let set = |word: &str| server.zuno(&["tenant", "set", "acme", "--audience", word]).output().unwrap();
    assert!(set("required").status.success());
    assert_eq!(takes(&server), (true, false));
    let told = set("refused");
    assert!(told.status.success(), "{}", complained(&told));
    assert_eq!(takes(&server), (false, true));
    assert!(server.zuno(&["token"]).output().unwrap().status.success(), "the command line takes either");
    drop(server);
    assert_eq!(takes(&serve()), (false, true), "it is kept");
}

#[test]
fn clients_come_change_their_secret_and_go() {
    let server = Server::in_memory();
    let made = server.json(&["client", "create", "ci"]);
    let id = made["client_id"].as_str().unwrap().to_owned();
    let works = |secret: &Value| {
        let mut command = server.zuno(&["token"]);
        command.env("ZUNO_CLIENT_ID", &id).env("ZUNO_CLIENT_SECRET", secret.as_str().unwrap());
        command.output().unwrap().status.success()
    };
    assert!(works(&made["client_secret"]));
    let second = server.json(&["client", "rotate", &id]);
    assert!(works(&made["client_secret"]) && works(&second["client_secret"]), "both, for a while");
    let third = server.json(&["client", "rotate", &id, "--drop-old"]);
    assert!(
        !works(&made["client_secret"]) && !works(&second["client_secret"]) && works(&third["client_secret"])
    );
    let listed = server.json(&["client", "list"]);
    assert!(listed.to_string().contains(&id));
    assert!(server.zuno(&["client", "delete", &id]).status().unwrap().success());
    assert!(!works(&third["client_secret"]));
}

#[test]
fn a_private_key_of_the_vendors_variable_gets_a_token() {
    let server = Server::in_memory();
    let folder = tempfile::tempdir().unwrap();
    let (private, public) = (folder.path().join("private.pem"), folder.path().join("public.pem"));
    let openssl = |arguments: &[&str]| Command::new("openssl").args(arguments).stderr(Stdio::null()).status();
    let (private_text, public_text) = (private.to_str().unwrap(), public.to_str().unwrap());
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private_text])
        .unwrap();
    openssl(&["pkey", "-in", private_text, "-pubout", "-out", public_text]).unwrap();
    let made = server.json(&["client", "create", "robot", "--key", public_text]);
    assert_eq!(made.get("client_secret"), None);
    for key in [private_text.to_owned(), std::fs::read_to_string(&private).unwrap()] {
        let output = zuno(&["token", "--decode", "--server", &server.origin])
            .env("ZSCALER_CLIENT_ID", made["client_id"].as_str().unwrap())
            .env("ZSCALER_PRIVATE_KEY", key)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        assert!(said(&output).contains(made["client_id"].as_str().unwrap()));
    }
    let wrong = server.zuno(&["client", "create", "robot2", "--key", private_text]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn simulated_machines_enrol_with_a_key_stop_and_start() {
    let server = Server::in_memory();
    let keys = server.json(&["api", "zpa", "provisioning-key", "list", "CONNECTOR_GRP"]);
    let key = keys["list"][0]["provisioningKey"].as_str().unwrap();
    let joined = server.json(&["sim", "enrol", "--key", key, "--count", "2", "--name", "lab"]);
    assert_eq!((&joined[0]["name"], &joined[1]["name"]), (&json!("lab-1"), &json!("lab-2")));
    assert_eq!(joined[0]["group"], "San Jose");

    let stopped = server.json(&["sim", "stop", "lab-2"]);
    assert_eq!(stopped["status"], "ZPN_STATUS_DISCONNECTED");
    let seen = server.json(&["api", "zpa", "app-connector", "read", joined[1]["id"].as_str().unwrap()]);
    assert_eq!(seen["controlChannelStatus"], "ZPN_STATUS_DISCONNECTED");
    assert_eq!(server.json(&["sim", "start", "lab-2"])["status"], "ZPN_STATUS_AUTHENTICATED");
    let listed = server.json(&["sim", "list"]);
    assert!(listed.as_array().unwrap().contains(&joined[0]));

    // The fleet's key has eight uses left, two of them taken above.
    let refused = server.zuno(&["sim", "enrol", "--key", key, "--count", "7"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("nonce.usage.exceeded"), "{}", complained(&refused));
    let nonsense = server.zuno(&["sim", "enrol", "--key", "hush-hush"]).output().unwrap();
    assert_eq!(nonsense.status.code(), Some(2));
    assert!(!complained(&nonsense).contains("hush-hush"), "{}", complained(&nonsense));
}

#[test]
fn what_happened_is_told_to_people_in_lines_and_to_programs_whole() {
    let server = Server::in_memory();
    let made = ["api", "zia", "rule-label", "create", "--set", "name=Branches"];
    assert!(server.zuno(&made).status().unwrap().success());
    assert!(!server.zuno(&made).status().unwrap().success(), "the name is taken");
    let told = server.json(&["audit", "--product", "zia", "--since", "1h"]);
    assert_eq!(told[0]["result"], "FAILURE");
    assert_eq!(told[1]["after"]["name"], "Branches");
    assert!(told[1]["time"].as_str().unwrap().ends_with('Z'));
    assert_eq!(server.json(&["audit", "--most", "1"]).as_array().unwrap().len(), 1);
    let refused = server.zuno(&["audit", "--since", "yesterday"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
}
