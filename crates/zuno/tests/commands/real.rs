//! The real cloud is called when the command line says so, and never because of what stands in the environment.

use std::process::Command;

use crate::common::{SECRET, Server, complained, program, said, shell, zuno};

/// What a user of a real tenant has in the environment. A proxy that nobody listens at stands before the network.
const TENANT: [(&str, &str); 6] = [
    ("ZSCALER_CLIENT_ID", "real"),
    ("ZSCALER_CLIENT_SECRET", "real-secret"),
    ("ZSCALER_VANITY_DOMAIN", "real"),
    ("ZPA_CUSTOMER_ID", "1"),
    ("HTTPS_PROXY", "http://127.0.0.1:1"),
    ("https_proxy", "http://127.0.0.1:1"),
];

fn with_tenant(mut command: Command) -> Command {
    command.envs(TENANT);
    command
}

#[test]
fn every_command_means_a_zuno_whatever_the_vendors_variables_say() {
    for arguments in [
        &["token"][..],
        &["lookup", "example.com"],
        &["activate"],
        &["api", "zpa", "segment-group", "list"],
        &["client", "list"],
        &["client", "create", "x"],
        &["tenant", "list"],
        &["sim", "list"],
        &["env"],
    ] {
        let output = with_tenant(zuno(arguments)).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains("no server is known"), "{arguments:?}: {}", complained(&output));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud");
    let _server = Server::start(&["--data", path.to_str().unwrap()]);
    for arguments in
        [&["token"][..], &["activate"], &["api", "zpa", "segment-group", "list"], &["client", "list"]]
    {
        let output = with_tenant(zuno(arguments)).env("ZUNO_DATA", &path).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", complained(&output));
    }
}

#[test]
fn a_real_tenant_is_called_on_request_and_named_before_it_is_changed() {
    for (arguments, changes) in [
        (&["api", "zpa", "segment-group", "list", "--real"][..], false),
        (&["lookup", "--real", "example.com"], false),
        (&["token", "--real"], false),
        (&["activate", "--real"], true),
        (&["api", "zpa", "segment-group", "create", "--set", "name=A", "--real"], true),
        (&["api", "zia", "static-ip", "delete", "1", "--real"], true),
        (&["client", "delete", "x", "--real"], true),
    ] {
        let output = with_tenant(zuno(arguments)).output().unwrap();
        let told = complained(&output);
        assert!(
            !output.status.success() && told.contains("cannot reach real.zslogin.net"),
            "{arguments:?}: {told}"
        );
        let named = told.starts_with("zuno: this changes the real tenant real at https://api.zsapi.net");
        assert_eq!(named, changes, "{arguments:?}: {told}");
    }
    let output = zuno(&["activate", "--real"]).output().unwrap();
    assert!(output.status.code() == Some(2) && complained(&output).contains("ZSCALER_VANITY_DOMAIN"));
    for arguments in [&["token"][..], &["api", "zpa", "segment-group", "list"]] {
        let both = [arguments, &["--real", "--server", "http://127.0.0.1:1"]].concat();
        let output = with_tenant(zuno(&both)).output().unwrap();
        assert!(output.status.code() == Some(2) && complained(&output).contains("one of them"), "{output:?}");
        // The variable of a shell that was pointed at a server is no contradiction.
        let asked = with_tenant(zuno(&[arguments, &["--real"]].concat()));
        let output = { asked }.env("ZUNO_SERVER", "http://127.0.0.1:1").output().unwrap();
        assert!(complained(&output).contains("real.zslogin.net"), "{}", complained(&output));
    }
}

/// A script that evaluates what `zuno env` prints, and then tells what a client would read.
fn evaluated(with: &str, arguments: &str) -> String {
    let asked = format!("$({} env --shell sh {arguments})", program());
    let asked = if with == "quoted" { format!("\"{asked}\"") } else { asked };
    format!(
        "eval {asked}; echo \"status $?\"; echo \"id $ZSCALER_CLIENT_ID at $ZUNO_SERVER by $HTTPS_PROXY\""
    )
}

#[test]
fn what_env_prints_works_with_quotes_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a  cloud [of] mine*");
    let server = Server::start(&["--data", path.to_str().unwrap()]);
    for name in ["sh", "bash"] {
        for with in ["quoted", "unquoted"] {
            let script = evaluated(with, "") + "; test -s \"$SSL_CERT_FILE\" && echo trusted";
            let output = with_tenant(shell(name, &script)).env("ZUNO_DATA", &path).output().unwrap();
            let told = said(&output);
            assert!(told.contains("status 0\n") && told.contains(" at http://127"), "{name} {with}: {told}");
            assert!(!told.contains("id real") && told.contains(&format!("by {}\n", server.origin)), "{told}");
            assert!(told.ends_with("trusted\n"), "{name} {with}: {told}");
        }
    }
}

#[test]
fn a_shell_that_finds_no_server_fails_and_keeps_no_cloud() {
    for name in ["sh", "bash"] {
        for arguments in ["--data /nonexist", "--no-such-option", "--server", "--server http://127.0.0.1:1"] {
            for with in ["quoted", "unquoted"] {
                let script = evaluated(with, arguments);
                let output = with_tenant(shell(name, &script)).output().unwrap();
                assert!(
                    said(&output).contains("status 1\nid  at"),
                    "{name} {with} {arguments}: {}",
                    said(&output)
                );
                assert!(!complained(&output).is_empty());
                let output = with_tenant(shell(name, &format!("set -e; {script}"))).output().unwrap();
                assert_eq!((output.status.code(), said(&output).as_str()), (Some(1), ""), "{name} {with}");
            }
        }
    }
    // Help, JSON and another command's arguments are evaluated by nobody.
    for arguments in [&["env", "--json"][..], &["run", "--", "no-such-program", "env"]] {
        assert_eq!(said(&zuno(arguments).output().unwrap()), "", "{arguments:?}");
    }
}

#[test]
fn unset_puts_back_what_was_there_and_no_client() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud");
    let _server = Server::start(&["--data", path.to_str().unwrap()]);
    let script = format!(
        "eval \"$({0} env --shell sh)\"; eval \"$({0} env --shell sh)\"; eval $({0} env --shell sh --unset); env",
        program()
    );
    let mut command = with_tenant(shell("sh", &script));
    command
        .env("ZUNO_DATA", &path)
        .env("NODE_OPTIONS", "--a  b*")
        .env_remove("PYTHONPATH")
        .env_remove("SSL_CERT_FILE");
    let output = command.output().unwrap();
    let left = said(&output);
    for there in
        ["HTTPS_PROXY=http://127.0.0.1:1\n", "https_proxy=http://127.0.0.1:1\n", "NODE_OPTIONS=--a  b*\n"]
    {
        assert!(left.contains(there), "{there} {left}");
    }
    for gone in ["ZSCALER_", "ZPA_", "ZUNO_SERVER", "ZUNO_BEFORE", "PYTHONPATH", "SSL_CERT_FILE"] {
        assert!(!left.contains(&format!("\n{gone}")), "{gone} {left}");
    }
    let nothing =
        with_tenant(shell("sh", &format!("eval \"$({} env --unset)\"; env", program()))).output().unwrap();
    assert!(complained(&nothing).contains("nothing to put back"));
    assert!(
        said(&nothing).contains("ZSCALER_CLIENT_ID=real\n"),
        "a shell that leads elsewhere is left alone"
    );
}

#[test]
fn fish_and_powershell_read_what_is_written_for_them() {
    let server = Server::in_memory();
    let cache = tempfile::tempdir().unwrap();
    for (name, kind, ask, tell) in [
        ("fish", "fish", "| source", "echo $ZSCALER_VANITY_DOMAIN; echo $status"),
        ("pwsh", "powershell", "| Out-String | Invoke-Expression", "Write-Output $env:ZSCALER_VANITY_DOMAIN"),
    ] {
        if !crate::common::is_installed(name) {
            continue;
        }
        let call = if name == "pwsh" { "& " } else { "" };
        let whole =
            |arguments: &str| format!("{call}{} env --shell {kind} {arguments} {ask}; {tell}", program());
        let with = |arguments: &str| {
            let mut command = with_tenant(shell(name, &whole(arguments)));
            command.env("XDG_CACHE_HOME", cache.path()).output().unwrap()
        };
        let found = with(&format!("--server {} --client-id a --client-secret {SECRET}", server.origin));
        assert!(said(&found).starts_with("acme"), "{name}: {found:?}");
        let lost = with("--data /nonexist");
        assert!(!said(&lost).contains("real"), "{name}: {lost:?}");
    }
}

#[test]
fn run_works_from_the_variables_of_a_shell_that_was_pointed_at_a_server() {
    let server = Server::in_memory();
    let cache = tempfile::tempdir().unwrap();
    let script = format!(
        "eval \"$({0} env --shell sh --server {1} --client-id a --client-secret {SECRET})\"\n\
         {0} run -- sh -c 'echo \"$ZSCALER_CLIENT_ID $ZUNO_SERVER\"'\n{0} api zpa segment-group list\n{0} activate",
        program(),
        server.origin
    );
    let output = with_tenant(shell("sh", &script)).env("XDG_CACHE_HOME", cache.path()).output().unwrap();
    assert!(said(&output).starts_with(&format!("a {}\n", server.origin)), "{}", complained(&output));
    assert!(output.status.success() && said(&output).contains("ACTIVE"), "{}", complained(&output));
}
