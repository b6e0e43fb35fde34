//! The service endpoints as a user types the commands, on documents in files and against servers of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const OLD: &str = r#"{"zscaler.net":{"continent : EMEA":{"city : Oslo III":[
  {"range":"192.0.2.0/25","vpn":"osl3-vpn.zscaler.net","gre":"192.0.2.20","ext":"","hostname":"osl3.sme.zscaler.net","latitude":"59.9","longitude":"10.7"},
  {"range":"192.0.2.128/25","vpn":"","gre":"192.0.2.20","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"},
  {"range":"2001:db8::/40","vpn":"","gre":"192.0.2.20","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"}]},
 "continent : APAC":{"city : Tokyo IV":[
  {"range":"198.51.100.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"35.6","longitude":"139.6"}]}},
 "svpnIPs":["192.0.2.56"]}"#;

struct Folder(tempfile::TempDir);

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

fn zuno(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("zuno"));
    for (name, _) in std::env::vars() {
        if name.starts_with("ZUNO_") || name.starts_with("ZSCALER_") || name.starts_with("ZPA_") {
            command.env_remove(name);
        }
    }
    command.arg("endpoints").args(arguments).env("ZUNO_DATA", "/nowhere").stdin(Stdio::null());
    command
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

#[test]
fn an_allowlist_holds_the_selected_addresses_in_the_fewest_prefixes() {
    let folder = Folder::new();
    let file = folder.file("cenr.json", OLD);
    let list = |more: &[&str]| {
        let (status, list, wrong) = told(&[&["allowlist", "--file", &file], more].concat());
        assert_eq!(status, 0, "{wrong}");
        list
    };
    assert_eq!(list(&[]), "192.0.2.0/24\n198.51.100.0/24\n2001:db8::/40\n");
    assert_eq!(list(&["--continent", "emea", "--family", "ipv4"]), "192.0.2.0/24\n");
    assert_eq!(list(&["--use", "gre,svpn"]), "192.0.2.20/32\n192.0.2.56/32\n");
    assert_eq!(
        list(&["--city", "Oslo", "--without", "192.0.2.64/26", "--family", "ipv4"]),
        "192.0.2.0/26\n192.0.2.128/25\n"
    );
    assert_eq!(
        list(&["--merge", "as-published", "--city", "oslo iii", "--family", "ipv4"]),
        "192.0.2.0/25\n192.0.2.128/25\n"
    );
    let json: Value = serde_json::from_str(&list(&["--format", "json"])).unwrap();
    assert_eq!(json, serde_json::json!(["192.0.2.0/24", "198.51.100.0/24", "2001:db8::/40"]));
    let csv = list(&["--format", "csv", "--city", "Tokyo IV"]);
    assert_eq!(
        csv.lines().nth(1),
        Some("zscaler.net,cenr,APAC,Tokyo IV,198.51.100.0/24,IPv4,,,,,35.6,139.6")
    );
    assert!(
        list(&["--format", "nftables", "--name", "zs"])
            .contains("add element inet zs v6 {\n\t2001:db8::/40\n}")
    );
}

#[test]
fn widening_is_told() {
    let folder = Folder::new();
    let file = folder.file("list", "192.0.2.0/26\n192.0.2.128/25\n10.0.0.0/24\n");
    let (status, list, wrong) = told(&["allowlist", "--file", &file, "--max-entries", "2"]);
    assert_eq!((status, list.as_str()), (0, "10.0.0.0/24\n192.0.2.0/24\n"));
    assert!(wrong.contains("192.0.2.0/24 stands for 2 prefixes and adds 64 addresses"), "{wrong}");
    let (status, list, _) = told(&["allowlist", "--file", &file, "--slack", "1%"]);
    assert_eq!((status, list.lines().count()), (0, 3));
    let (status, _, wrong) = told(&["allowlist", "--file", &file, "--max-entries", "1"]);
    assert!(status == 2 && wrong.contains("2 are needed"), "{wrong}");
    let (status, _, wrong) =
        told(&["allowlist", "--file", &file, "--max-entries", "2", "--without", "192.0.2.64/32"]);
    assert!(status == 2 && wrong.contains("--without"), "{wrong}");
}

#[test]
fn a_list_that_would_take_a_company_offline_is_not_written() {
    let folder = Folder::new();
    let (file, output) = (folder.file("cenr.json", OLD), folder.path("list").display().to_string());
    let write = |more: &[&str]| told(&[&["allowlist", "--file", &file, "--output", &output], more].concat());
    let (status, _, said) = write(&[]);
    assert!(status == 0 && said.contains("3 prefixes"), "{said}");
    let before = folder.text("list");
    assert!(write(&[]).2.contains("unchanged"));
    let (status, _, said) = write(&["--family", "ipv4"]);
    assert!(status == 1 && said.contains("no IPv6 address any more") && said.contains("--force"), "{said}");
    let (status, _, said) = write(&["--without", "198.51.100.0/24"]);
    assert!(status == 1 && said.contains("lacks 50.0%"), "{said}");
    let (status, _, said) = write(&["--port", "443"]);
    assert!(status == 1 && said.contains("empty"), "{said}");
    assert_eq!(folder.text("list"), before);
    assert_eq!(write(&["--without", "198.51.100.0/24", "--max-shrink", "50%"]).0, 0);
    assert_eq!(write(&["--continent", "APAC", "--force"]).0, 0);
    assert_eq!(folder.text("list"), "198.51.100.0/24\n");
    // Whatever the format, the measure is what the last list held.
    let (status, _, said) = write(&["--format", "juniper", "--without", "198.51.100.0/25"]);
    assert!(status == 1 && said.contains("lacks 50.0%"), "{said}");
    let left: Vec<_> =
        fs::read_dir(folder.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "nothing half-written stays: {left:?}");
}

#[test]
fn nothing_half_read_is_ever_written() {
    let folder = Folder::new();
    let file = folder.file("cenr.json", &OLD[..OLD.len() / 2]);
    let output = folder.file("list", "192.0.2.0/24\n");
    let (status, list, said) = told(&["allowlist", "--file", &file, "--output", &output]);
    assert!(
        status == 1 && list.is_empty() && said.contains("cut off") && said.contains("city : Oslo III"),
        "{said}"
    );
    assert_eq!(folder.text("list"), "192.0.2.0/24\n");
}

#[test]
fn a_misspelt_wish_is_told_and_not_taken_for_an_empty_one() {
    let folder = Folder::new();
    let file = folder.file("cenr.json", OLD);
    for (wish, why) in [
        (&["--city", "Olso"][..], "is it `Oslo III`"),
        (&["--continent", "Europe"], "is it `APAC` or `EMEA`?"),
        (&["--use", "tunnel"], "name one of gre, ipsec"),
        (&["--format", "cisco"], "cisco-asa"),
        (&["--name", "a b"], "no name for a list"),
        (&["--without", "nothing.here"], "no such file"),
        (&["--kind", "cern"], "hubs-required"),
    ] {
        let (status, list, said) = told(&[&["allowlist", "--file", &file], wish].concat());
        assert!(status == 2 && list.is_empty() && said.contains(why), "{wish:?}: {said}");
    }
    let (status, _, said) = told(&["list"]);
    assert!(status == 2 && said.contains("--live") && said.contains("--file"), "{said}");
}

#[test]
fn thousands_of_addresses_are_looked_up_from_a_pipe() {
    let folder = Folder::new();
    let file = folder.file("cenr.json", OLD);
    let input: String = (0..5000u32).map(|at| format!("192.0.{}.{}\n", at >> 8, at & 255)).collect();
    let output = piped(&["lookup", "--file", &file], &input);
    assert!(output.status.success());
    let answers: Vec<Value> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 5000);
    let found = answers.iter().filter(|answer| answer["places"] != serde_json::json!([])).count();
    assert_eq!(found, 256);
    let at = |low: usize| &answers[2 * 256 + low];
    assert_eq!(
        (&at(20)["vip"], &at(56)["vip"], &at(21)["vip"]),
        (&"gre".into(), &"svpn".into(), &Value::Null)
    );
    assert_eq!(at(200)["places"][0]["city"], "Oslo III");
    assert_eq!(at(200)["places"][0]["hostname"], "osl3.sme.zscaler.net");

    let output = piped(&["lookup", "--file", &file], "192.0.2.1\nnonsense\n\n2001:db8::1\n");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().count() == 3 && text.contains("`nonsense` is no address"), "{text}");
}

#[test]
fn a_difference_has_a_status_and_order_is_none() {
    let folder = Folder::new();
    let old = folder.file("old.json", OLD);
    let same = folder.file("same.json", &OLD.replace(r#""192.0.2.56"]"#, r#""192.0.2.56","192.0.2.56"]"#));
    let new = folder.file("new.json", &OLD.replace("198.51.100.0/24", "198.51.100.0/23"));
    let (status, text, _) = told(&["diff", &old, &same]);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &answer["changed"]), (0, &false.into()));
    let (status, text, _) = told(&["diff", &old, &same, &new]);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &answer[0]["changed"]), (1, &false.into()));
    assert_eq!(answer[1]["prefixes_added"], serde_json::json!(["198.51.100.0/23"]));
    assert_eq!((&answer[1]["space"]["gained_v4"], &answer[1]["space"]["lost_v4"]), (&256.into(), &0.into()));
    let (_, table, _) = told(&["diff", &old, &new, "--columns", "change,what"]);
    assert!(table.contains("prefix added    198.51.100.0/23") && table.contains("IPv4 +256 -0"), "{table}");
    let cut = folder.file("cut.json", &OLD[..100]);
    for trouble in [&["diff", &old, &cut][..], &["diff", &old, "/nowhere/x"], &["diff", &old]] {
        assert_eq!(told(trouble).0, 2, "{trouble:?}");
    }
}

#[test]
fn a_history_is_replayed() {
    let folder = Folder::new();
    let start = folder.file("start.txt", "10.0.0.0/24\n");
    let end = folder.file("end.txt", "10.0.0.0/24\n10.0.1.0/24\n");
    let steps = folder.file(
        "steps.json",
        r#"[{"date":"2026-01-01","kind":"order-only"},{"date":"2026-01-02","kind":"ranges","added":["10.0.1.0/24"]}]"#,
    );
    let (status, text, said) = told(&["diff", &start, &end, "--history", &steps]);
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{said}"));
    assert_eq!((status, answer.as_array().unwrap().len(), &answer[0]["date"]), (1, 1, &"2026-01-02".into()));
    assert_eq!(told(&["diff", &end, &start, "--history", &steps]).0, 2);
}

#[test]
fn a_map_is_drawn() {
    let folder = Folder::new();
    let old = folder.file("old.json", OLD);
    let new =
        folder.file("new.json", &OLD.replace("Tokyo IV", "Osaka II").replace("198.51.100.0", "203.0.113.0"));
    let (status, svg, _) = told(&["map", "--file", &new, "--since", &old]);
    assert!(status == 0 && svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(svg.contains(">Osaka</text>") && svg.contains("Tokyo IV: 1 ranges"));
    let list = folder.file("list.txt", "10.0.0.0/8\n");
    assert!(told(&["map", "--file", &list]).2.contains("only the kind `cenr`"));
}

/// A server in memory that ends with the test.
struct Server {
    process: Child,
    origin: String,
}

impl Server {
    fn start(more: &[&str]) -> Server {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("zuno"));
        command.args([
            "serve",
            "--memory",
            "--listen",
            "127.0.0.1:0",
            "--client-id",
            "a",
            "--client-secret",
            "b",
        ]);
        let mut process = command.args(more).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let origin = line.trim().strip_prefix("listening on ").expect("the first line says where").to_owned();
        Server { process, origin }
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
        let headers = [("x-zuno-operator", "1"), ("content-type", "application/json")];
        let (status, _, bytes) = self.call(method, path, &headers, body);
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_documents_are_published_on_both_hosts_and_conditionally() {
    let server = Server::start(&[]);
    let (status, headers, body) = server.get("/api/zscaler.net/cenr/json", &[("host", "config.zscaler.com")]);
    assert!(status == 200 && body.starts_with(br#"{"zscaler.net":{"continent : EMEA":{"city : "#));
    assert!(
        headers["x-zuno-data"].to_str().unwrap().contains("facts of 2026"),
        "the built-in set is labelled"
    );
    let older = server.get("/zscaler.net/cenr/json", &[("host", "api.config.zscaler.com")]);
    assert_eq!((older.0, &older.2), (200, &body));
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[]).2, body, "by the path alone");
    let etag = headers["etag"].to_str().unwrap();
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[("if-none-match", etag)]).0, 304);
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[("if-none-match", "\"x\"")]).0, 200);
    let since = headers["last-modified"].to_str().unwrap();
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[("if-modified-since", since)]).0, 304);
    let (_, headers, packed) = server.get("/api/zscaler.net/cenr/json", &[("accept-encoding", "gzip")]);
    assert!(headers["content-encoding"] == "gzip" && packed.len() < body.len() / 3);
    for (path, status) in [
        ("/api/zscalerone.net/svpn/json", 404),
        ("/api/zscalertwo.net/svpn/json", 200),
        ("/api/nowhere.net/cenr/json", 404),
        ("/api/zscalerone.net/hubs/cidr/json/recommended", 200),
        ("/api/private.zscaler.com/zpa/plaintext", 200),
        ("/api/getdata/zscaler.net/all/cenr?site=config.zscaler.com", 200),
    ] {
        assert_eq!(server.get(path, &[("host", "config.zscaler.com")]).0, status, "{path}");
    }
    assert_eq!(
        server.call("HEAD", "/api/zscaler.net/cenr/json", &[], "").0,
        405,
        "as the site does (client)"
    );
}

#[test]
fn a_folder_is_published_and_read_again() {
    let folder = Folder::new();
    let path = folder.0.path().display().to_string();
    let (status, text, _) = {
        let output = Command::new(assert_cmd::cargo::cargo_bin!("zuno"))
            .args(["serve", "--memory", "--listen", "127.0.0.1:0", "--endpoints", &path])
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::new(), output.stderr)
    };
    assert!(status == 1 && text.is_empty(), "an empty folder publishes nothing");
    folder.file("zscaler.net.cenr.json", OLD);
    let server = Server::start(&["--endpoints", &path]);
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[]).2, OLD.as_bytes(), "byte for byte");
    assert_eq!(server.get("/api/zscaler.net/future/json", &[]).0, 404, "only what the operator has");
    let (status, list, _) =
        told(&["allowlist", "--server", &server.origin, "--city", "Oslo", "--family", "ipv4"]);
    assert_eq!((status, list.as_str()), (0, "192.0.2.0/24\n"));
}

#[test]
fn an_unmodified_client_of_the_real_site_is_led_here() {
    let script = format!(
        "{} endpoints list --live --cloud zscaler.net --json",
        assert_cmd::cargo::cargo_bin!("zuno").display()
    );
    let output = Command::new(assert_cmd::cargo::cargo_bin!("zuno"))
        .args(["run", "--", "sh", "-c", &script])
        .output()
        .unwrap();
    let cities: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(cities.as_array().unwrap().len(), 103);
}

#[test]
fn a_watcher_keeps_tells_and_runs() {
    let (folder, kept) = (Folder::new(), Folder::new());
    folder.file("zscaler.net.cenr.json", OLD);
    let server = Server::start(&["--endpoints", &folder.0.path().display().to_string()]);
    let dir = kept.0.path().display().to_string();
    let command = format!("cat > '{dir}/told'");
    let watch = || told(&["watch", "--server", &server.origin, "--keep", &dir, "--once", "--run", &command]);
    let (status, _, said) = watch();
    assert!(status == 0 && said.contains("is kept from now on"), "{said}");
    assert_eq!(kept.text("zscaler.net.cenr.json"), OLD);
    assert_eq!(watch().0, 0, "the second time the server says that nothing changed");
    // A kept document that is older than what is published: as if the site had moved on.
    kept.file("zscaler.net.cenr.json", &OLD.replace("198.51.100.0/24", "198.51.100.0/25"));
    fs::remove_file(kept.path("zscaler.net.cenr.state")).unwrap();
    let (status, text, said) = watch();
    assert_eq!(status, 1, "{said}");
    assert!(text.contains("198.51.100.0/24"), "{text}");
    let told: Value = serde_json::from_str(&kept.text("told")).unwrap();
    assert_eq!(told["change"]["prefixes_removed"], serde_json::json!(["198.51.100.0/25"]));
    assert_eq!(kept.text("zscaler.net.cenr.json"), OLD);
    let (status, _, said) = watch_an_unknown_cloud(&server.origin, &dir);
    assert!(status == 2 && said.contains("no cloud is known"), "{said}");
}

fn watch_an_unknown_cloud(origin: &str, dir: &str) -> (i32, String, String) {
    told(&["watch", "--server", origin, "--keep", dir, "--once", "--cloud", "zscaler.example"])
}

#[test]
fn a_saved_list_is_polled_by_a_firewall() {
    let server = Server::start(&[]);
    let (status, answer) = server.operate(
        "PUT",
        "/_zuno/lists/emea",
        r#"{"continents":["EMEA"],"format":"paloalto","family":"ipv4"}"#,
    );
    assert_eq!(status, 201, "{answer}");
    let (status, headers, body) = server.get("/lists/emea.txt", &[]);
    let text = String::from_utf8(body).unwrap();
    assert!(status == 200 && text.starts_with("# list emea: ") && text.lines().count() > 50, "{text}");
    let etag = headers["etag"].to_str().unwrap();
    assert_eq!(server.get("/lists/emea.txt", &[("if-none-match", etag)]).0, 304);
    for (wrong, why) in [
        (r#"{"continent":["EMEA"]}"#, "`continent` is not known"),
        (r#"{"continents":["Atlantis"]}"#, "empty"),
        (r#"{"format":"x"}"#, "name one of"),
    ] {
        let (status, answer) = server.operate("PUT", "/_zuno/lists/other", wrong);
        assert!(status == 400 && answer["error"].as_str().unwrap().contains(why), "{answer}");
    }
    assert_eq!(server.operate("DELETE", "/_zuno/lists/emea", "").0, 204);
    assert_eq!(server.get("/lists/emea.txt", &[]).0, 404);
    assert_eq!(server.call("PUT", "/_zuno/lists/emea", &[], "{}").0, 403, "only for the operator");
}

#[test]
fn an_operator_writes_the_status_feeds() {
    let server = Server::start(&[]);
    let post = r#"{"kind":"incidents","title":"Delay in <Oslo>","body":"<p>seen</p>","event_type":"Investigating","published":1787217300}"#;
    let (status, answer) = server.operate("POST", "/_zuno/trust", post);
    assert_eq!((status, &answer["id"]), (201, &10001.into()));
    let notice = r#"{"kind":"url-category-notification","title":"Change Date: Apr 19th, 2026","published":1787217301}"#;
    assert_eq!(server.operate("POST", "/_zuno/trust", notice).0, 201);
    let feed = |path: &str| String::from_utf8(server.get(path, &[("host", "trust.zscaler.com")]).2).unwrap();
    let all = feed("/blog-feed");
    assert!(
        all.find("Apr 19th").unwrap() < all.find("Delay in &lt;Oslo&gt;").unwrap(),
        "newest first: {all}"
    );
    assert!(
        all.contains("<description>&lt;p&gt;seen&lt;/p&gt;</description>")
            && all.contains("<eventType>Investigating</eventType>")
    );
    assert!(all.contains("<pubDate>Thu, 20 Aug 2026 09:15:00 +0000</pubDate>"), "{all}");
    assert!(!feed("/blog-feed/url-category-notification").contains("Oslo"));
    let items: Value = serde_json::from_str(&feed("/rss-feed/incidents?_format=json")).unwrap();
    assert_eq!(items["items"][0]["url"], "https://trust.zscaler.com/zscaler.net/posts/10001");
    let (_, _, status) = server.call(
        "POST",
        "/api/cloud-status.json?_format=json&a=b",
        &[("host", "trust.zscaler.com")],
        r#"{"cloud":"trust.zscaler.net","dateOffset":0,"requestType":"core_cloud_services"}"#,
    );
    let status: Value = serde_json::from_slice(&status).unwrap();
    assert_eq!(status["data"]["category"][0]["subCategory"][0]["category_status"]["severityTid"], "2");
    assert_eq!(server.operate("DELETE", "/_zuno/trust/10001", "").0, 204);
    assert!(!feed("/blog-feed").contains("Oslo"));
}

/// Runs a tool on a list, if this machine has it; a list that it refuses fails the test.
fn check(tool: &str, arguments: &[&str], list: &Path) {
    let Ok(output) = Command::new(tool).args(arguments).stdin(fs::File::open(list).unwrap()).output() else {
        eprintln!("{tool} is not here: the list is not checked by it");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("Operation not permitted") || said.contains("unshare") {
        eprintln!("{tool} may not run here: {said}");
        return;
    }
    assert!(output.status.success(), "{tool}: {said}{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_vendors_tools_take_the_lists() {
    let folder = Folder::new();
    let file = folder.file("cenr.json", OLD);
    let write = |format: &str, name: &str| {
        let output = folder.path(name);
        let path = output.display().to_string();
        assert_eq!(told(&["allowlist", "--file", &file, "--format", format, "--output", &path]).0, 0);
        output
    };
    let nft = write("nftables", "list.nft");
    check("nft", &["-c", "-f", &nft.display().to_string()], &nft);
    check(
        "unshare",
        &["--net", "sh", "-c", "command -v ipset >/dev/null || exit 0; ipset restore"],
        &write("ipset", "list.ipset"),
    );
    check("sh", &["-n"], &write("gcp", "list.sh"));
    check("terraform", &["fmt", "-check", "-"], &write("terraform", "list.tf"));
    let pac = write("pac", "list.pac");
    let asks = r#"
        const fs = require("fs"), vm = require("vm");
        const n = (ip) => ip.split(".").reduce((sum, part) => sum * 256 + +part, 0);
        const world = { dnsResolve: (host) => host,
            isInNet: (ip, net, mask) => ((n(ip) & n(mask)) >>> 0) === n(net), isInNetEx: (ip, net) => ip.startsWith("2001:db8:0") };
        vm.createContext(world);
        vm.runInContext(fs.readFileSync(0, "utf8").replace('OTHERWISE = "DIRECT"', 'OTHERWISE = "PROXY p:80"'), world);
        const ask = (ip) => world.FindProxyForURL("https://" + ip, ip);
        const got = ["192.0.2.255", "192.0.3.0", "2001:db8:0::1", "2001:db9::1"].map(ask).join();
        if (got !== "DIRECT,PROXY p:80,DIRECT,PROXY p:80") { console.error(got); process.exit(1); }"#;
    check("node", &["-e", asks], &pac);
}
