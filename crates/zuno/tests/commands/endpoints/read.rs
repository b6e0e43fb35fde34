//! Documents read: looked up, compared, replayed, drawn.

use serde_json::Value;

use super::{Folder, OLD, piped, told};

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
    let picture = folder.path("map.png").display().to_string();
    let (status, _, said) = told(&["map", "--file", &new, "--output", &picture]);
    assert!(status == 2 && said.contains("name it .svg") && said.contains("rsvg-convert"), "{said}");
    assert!(!folder.path("map.png").exists());
}

#[test]
fn a_change_of_ipv6_is_told_in_every_form_however_large() {
    let folder = Folder::new();
    let (old, new) = (
        folder.file("old", "192.0.2.0/24\n2001:db8::/48\n"),
        folder.file("new", "192.0.2.0/24\n2001::/16\n"),
    );
    let gained = ((1_u128 << 112) - (1 << 80)).to_string();
    let (status, text, said) = told(&["diff", &old, &new, "--json"]);
    let change: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{said}"));
    let space = serde_json::json!({"gained_v4": 0, "lost_v4": 0, "gained_v6": gained, "lost_v6": "0"});
    assert_eq!((status, &change["space"]), (1, &space));
    let (status, text, _) = told(&["diff", &old, &new, &old]);
    assert!(status == 1 && text.matches(&gained).count() == 2, "one gains, the other loses: {text}");
    let (status, table, _) = told(&["diff", &old, &new, "--columns", "change,what"]);
    assert!(status == 1 && table.contains(&format!("IPv6 +{gained} -0")), "{table}");
    let (_, _, said) = told(&["allowlist", "--file", &old, "--file", &new, "--max-entries", "2"]);
    assert_eq!(said, "");
    let wide = folder.file("wide", "192.0.2.0/24\n2001:db8::/48\n2001:db8:ffff::/48\n");
    let (status, list, said) = told(&["allowlist", "--file", &wide, "--max-entries", "2"]);
    let added = (1_u128 << 96) - (2 << 80);
    assert!(status == 0 && list.ends_with("2001:db8::/32\n"), "{list}");
    assert!(said.contains(&format!("adds {added} addresses")), "{said}");
    for format in told(&["allowlist", "--formats"]).1.lines().filter_map(|line| line.split(' ').next()) {
        let (status, list, said) = told(&["allowlist", "--file", &new, "--format", format]);
        assert!(status == 0 && list.contains("2001::") || said.contains("IPv4 only"), "{format}: {said}");
    }
}
