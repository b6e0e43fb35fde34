//! `zuno` as a user runs it, in an environment that says nothing of any cloud.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The secret of the client `a` that servers in memory have.
pub const SECRET: &str = "secret-b";
/// What the operator of every server here shows.
pub const OPERATOR: &str = "tests-operator";

/// The program, without the variables and the configuration of whoever runs the tests.
pub fn zuno(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("zuno"));
    for (name, _) in std::env::vars() {
        let of_clouds = ["ZUNO_", "ZSCALER_", "ZPA_"].iter().any(|start| name.starts_with(start));
        if of_clouds || name.to_ascii_uppercase().ends_with("_PROXY") {
            command.env_remove(name);
        }
    }
    command.args(arguments).env("ZUNO_DATA", "/nowhere").env("ZUNO_CONFIG", "/dev/null").stdin(Stdio::null());
    command
}

/// What it printed.
pub fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it printed on standard error.
pub fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The program's path, as a shell reads it.
pub fn program() -> String {
    format!("'{}'", assert_cmd::cargo::cargo_bin!("zuno").display())
}

/// What a shell makes of a script, in an environment that says nothing of any cloud.
pub fn shell(name: &str, script: &str) -> Command {
    let template = zuno(&[]);
    let mut command = Command::new(name);
    for (name, value) in template.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.args(["-c", script]).stdin(Stdio::null());
    command
}

/// Whether a program is installed; where it is not, what it would prove is skipped, and that is told.
pub fn is_installed(name: &str) -> bool {
    let there = Command::new(name).arg("--version").output().is_ok();
    if !there {
        eprintln!("SKIPPED: {name} is not installed");
    }
    there
}

/// A server that ends with the test.
pub struct Server {
    pub process: Child,
    pub origin: String,
}

impl Server {
    pub fn start(arguments: &[&str]) -> Server {
        Server::start_logging(arguments, Stdio::inherit())
    }

    pub fn in_memory() -> Server {
        Server::start(&["--memory", "--client-id", "a", "--client-secret", SECRET])
    }

    /// A server that writes its log there.
    pub fn start_logging(arguments: &[&str], log: impl Into<Stdio>) -> Server {
        let all = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut command = zuno(&all);
        command.env_remove("ZUNO_DATA").env("ZUNO_OPERATOR_TOKEN", OPERATOR).stderr(log);
        Server::of(command)
    }

    /// A server as a command starts it.
    pub fn of(mut command: Command) -> Server {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let origin = line.trim().strip_prefix("listening on ").expect("the first line says where").to_owned();
        Server { process, origin }
    }

    /// `zuno` with this server and its client.
    pub fn zuno(&self, arguments: &[&str]) -> Command {
        let mut command = zuno(arguments);
        command.env("ZUNO_SERVER", &self.origin).env("ZUNO_CLIENT_ID", "a").env("ZUNO_CLIENT_SECRET", SECRET);
        command.env("ZUNO_OPERATOR_TOKEN", OPERATOR);
        command
    }

    /// What a command prints, as JSON; it must succeed.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.zuno(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", complained(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
