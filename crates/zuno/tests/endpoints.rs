//! The service endpoints as a user types the commands, on documents in files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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
