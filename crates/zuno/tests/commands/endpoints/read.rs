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
}
