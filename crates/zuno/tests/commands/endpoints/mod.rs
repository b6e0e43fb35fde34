//! The service endpoints as a user types the commands, on documents in files and against servers of their own.

mod allowlist;
mod lists;
mod mirror;
mod read;
mod serve;
mod tools;
mod watch;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::common;

const OLD: &str = r#"{"zscaler.net":{"continent : EMEA":{"city : Oslo III":[
  {"range":"192.0.2.0/25","vpn":"osl3-vpn.zscaler.net","gre":"192.0.2.20","ext":"","hostname":"osl3.sme.zscaler.net","latitude":"59.9","longitude":"10.7"},
  {"range":"192.0.2.128/25","vpn":"","gre":"192.0.2.20","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"},
  {"range":"2001:db8::/40","vpn":"","gre":"192.0.2.20","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"}]},
 "continent : APAC":{"city : Tokyo IV":[
  {"range":"198.51.100.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"35.6","longitude":"139.6"}]}},
 "svpnIPs":["192.0.2.56"]}"#;

struct Folder(pub tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

/// `zuno endpoints`.
fn zuno(arguments: &[&str]) -> Command {
    common::zuno(&[&["endpoints"], arguments].concat())
}

fn ran(arguments: &[&str]) -> Output {
    zuno(arguments).output().unwrap()
}

/// Status, standard output, standard error.
fn told(arguments: &[&str]) -> (i32, String, String) {
    let output = ran(arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn piped(arguments: &[&str], input: &str) -> Output {
    let mut child =
        zuno(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// A server in memory that ends with the test.
struct Server(common::Server);

impl Server {
    fn start(more: &[&str]) -> Server {
        Server::start_logging(more, Stdio::inherit())
    }

    /// A server that writes its log there.
    fn start_logging(more: &[&str], log: impl Into<Stdio>) -> Server {
        let all = [&["--memory", "--client-id", "a", "--client-secret", common::SECRET], more].concat();
        Server(common::Server::start_logging(&all, log))
    }

    fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, ureq::http::HeaderMap, Vec<u8>) {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().new_agent();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = match method {
            "GET" | "HEAD" | "DELETE" => agent.run(request.body(()).unwrap()).unwrap(),
            _ => agent.run(request.body(body.to_owned()).unwrap()).unwrap(),
        };
        let bytes = answer.body_mut().read_to_vec().unwrap();
        (answer.status().as_u16(), answer.headers().clone(), bytes)
    }

    fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, ureq::http::HeaderMap, Vec<u8>) {
        self.call("GET", path, headers, "")
    }

    /// What the operator does; the answer's status and JSON.
    fn operate(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let token = format!("Bearer {}", common::OPERATOR);
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        let (status, _, bytes) = self.call(method, path, &headers, body);
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

impl std::ops::Deref for Server {
    type Target = common::Server;

    fn deref(&self) -> &common::Server {
        &self.0
    }
}
