//! A list for a firewall: what it holds, what it may replace, and what is refused.

use std::fs;

use serde_json::Value;

use super::{Folder, OLD, Server, told};

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
fn addresses_that_are_built_in_get_into_no_list_unsaid() {
    let (server, folder) = (Server::start(&[]), Folder::new());
    let output = folder.path("list").display().to_string();
    for (cloud, kind) in [("zscaler.net", "cenr"), ("private.zscaler.com", "zpa"), ("zscalergov.net", "cenr")]
    {
        let from = ["allowlist", "--server", &server.origin, "--cloud", cloud, "--kind", kind];
        let (status, list, said) = told(&[&from[..], &["--output", &output]].concat());
        assert!(status == 1 && list.is_empty() && said.contains("--synthetic"), "{cloud}: {said}");
        assert!(!folder.path("list").exists());
        for format in ["text", "nftables", "cisco-asa"] {
            let (status, list, said) = told(&[&from[..], &["--synthetic", "--format", format]].concat());
            assert!(
                status == 0 && said.contains("no firewall should be configured"),
                "{cloud} {format}: {said}"
            );
            assert!(list.contains("not for a firewall: built in"), "{cloud} {format}: {list}");
        }
        let (status, list, said) = told(&[&from[..], &["--synthetic", "--format", "json"]].concat());
        assert!(status == 1 && list.is_empty() && said.contains("has no comments"), "{cloud}: {said}");
    }
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
