//! Lists of a real size as the tools that read them judge. A tool that is not here, or may not run here, is told of on
//! standard error: its check is skipped, and has not passed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{Folder, OLD, Server, told};

/// A network of its own, in which a user without rights may try what only an administrator may otherwise, and in which
/// nothing of this machine is changed.
const ALONE: [&str; 4] = ["unshare", "--user", "--map-root-user", "--net"];

/// How a tool judges what it reads on standard input: nothing said is fine.
fn judged(words: &[&str], text: &str) -> Result<(), String> {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().map_err(|cause| format!("{}: {cause}", words[0]))?;
    // A tool may have heard enough before the end.
    let _ = process.stdin.take().unwrap().write_all(text.as_bytes());
    let output = process.wait_with_output().unwrap();
    let said = [output.stderr, output.stdout].concat();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&said).trim().to_owned()) }
}

/// Whether a tool takes a list. What it must take, and what it must not, tells first whether it can judge here at all.
fn check(tool: &str, words: &[&str], list: &str, fine: &str, broken: &str) {
    if let Err(why) = judged(words, fine) {
        return skipped(tool, &why);
    }
    assert!(judged(words, broken).is_err(), "{tool} takes everything");
    judged(words, list).unwrap_or_else(|said| panic!("{tool}: {said}"));
}

/// Says so, and not by `eprintln!`, which is not shown for a test that passes.
fn skipped(tool: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: the list for {tool} is not checked by it: {why}");
}

/// A list of the built-in data centres, as a command writes it.
fn list(format: &str) -> String {
    let server = Server::start(&[]);
    let (status, list, said) =
        told(&["allowlist", "--server", &server.origin, "--synthetic", "--format", format]);
    assert!(status == 0 && list.len() > 4000, "{said}");
    list
}

#[test]
fn nft_takes_the_list() {
    let words = [&ALONE[..], &["nft", "--check", "--file", "-"]].concat();
    check("nft", &words, &list("nftables"), "add table inet probe\n", "add tabel inet probe\n");
}

#[test]
fn ipset_takes_the_list() {
    let words = [&ALONE[..], &["ipset", "restore"]].concat();
    let set = "create probe hash:net family inet\n";
    check("ipset", &words, &list("ipset"), set, &format!("{set}add probe 2001:db8::/32\n"));
}

#[test]
fn a_shell_takes_the_list() {
    check("sh", &["sh", "-n"], &list("gcp"), "true\n", "if true\n");
}

#[test]
fn terraform_takes_the_list() {
    let folder = Folder::new();
    let place = format!("-chdir={}", folder.0.path().display());
    let list = list("terraform");
    check("terraform", &["terraform", "fmt", "-check", "-"], &list, "a = 1\n", "a   = 1\n");
    let validate = |text: &str| {
        folder.file("list.tf", text);
        judged(&["terraform", &place, "validate"], "")
    };
    if let Err(why) = validate("") {
        return skipped("terraform validate", &why);
    }
    assert!(validate("locals { a = nowhere.b }\n").is_err());
    validate(&list).unwrap();
}

#[test]
fn a_browser_takes_the_list() {
    let folder = Folder::new();
    let file = folder.file("cenr.json", OLD);
    let (status, list, _) = told(&["allowlist", "--file", &file, "--format", "pac"]);
    assert_eq!(status, 0);
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
    let fine = r#"var OTHERWISE = "DIRECT"; function FindProxyForURL(url, ip) { return isInNet(ip, "192.0.2.0", "255.255.255.0") || isInNetEx(ip, "2001:db8::/40") ? "DIRECT" : OTHERWISE; }"#;
    check("node", &["node", "-e", asks], &list, fine, &fine.replace(" ? ", " || true ? "));
}
