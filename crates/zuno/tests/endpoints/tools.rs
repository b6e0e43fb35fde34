//! Lists as the tools that read them judge.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Folder, OLD, told};

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
