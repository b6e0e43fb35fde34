use proptest::prelude::*;

use super::*;

/// A document from lines `continent|city|range|vpn|gre|ext|hostname`; `svpn|address` lists one of Client Connector's.
fn cenr(lines: &[&str]) -> Document {
    type Cities = Vec<(String, Vec<String>)>;
    let mut continents: Vec<(String, Cities)> = Vec::new();
    let mut svpn: Vec<String> = Vec::new();
    for line in lines {
        let parts: Vec<&str> = line.split('|').collect();
        if parts[0] == "svpn" {
            svpn.push(format!("{:?}", parts[1]));
            continue;
        }
        let entry = format!(
            r#"{{"range":"{}","vpn":"{}","gre":"{}","ext":"{}","hostname":"{}","latitude":"52.0","longitude":"5"}}"#,
            parts[2], parts[3], parts[4], parts[5], parts[6]
        );
        let at = continents.iter().position(|(name, _)| name == parts[0]).unwrap_or_else(|| {
            continents.push((parts[0].into(), Vec::new()));
            continents.len() - 1
        });
        let cities = &mut continents[at].1;
        match cities.iter_mut().find(|(name, _)| name == parts[1]) {
            Some((_, entries)) => entries.push(entry),
            None => cities.push((parts[1].into(), vec![entry])),
        }
    }
    let inner: Vec<String> = continents
        .iter()
        .map(|(name, cities)| {
            let cities: Vec<String> = cities
                .iter()
                .map(|(name, entries)| format!("\"city : {name}\":[{}]", entries.join(",")))
                .collect();
            format!("\"continent : {name}\":{{{}}}", cities.join(","))
        })
        .collect();
    let text = format!("{{\"zscaler.net\":{{{}}},\"svpnIPs\":[{}]}}", inner.join(","), svpn.join(","));
    Document::read(text.as_bytes()).unwrap_or_else(|wrong| panic!("{text}: {wrong}"))
}

fn told(old: &[&str], new: &[&str]) -> Vec<String> {
    let change = Change::between(&cenr(old), &cenr(new)).unwrap();
    change
        .lines()
        .iter()
        .map(|line| format!("{}: {} {}", line.change, line.what, line.detail).trim().to_owned())
        .collect()
}

const BASE: [&str; 7] = [
    "EMEA|Oslo III|192.0.2.0/24|osl-vpn.zscaler.net|192.0.2.20||osl3.sme.zscaler.net",
    "EMEA|Oslo III|198.51.100.0/24||192.0.2.20||",
    "EMEA|Zurich|203.0.113.0/25||||",
    "APAC|Tokyo IV|2001:db8::/48||198.51.100.4||",
    "APAC|Tokyo IV|203.0.113.0/25||||",
    "svpn|192.0.2.56",
    "svpn|2001:db8::3c",
];

proptest! {
    #[test]
    fn order_and_repetition_are_no_change(order in Just((0..BASE.len()).collect::<Vec<_>>()).prop_shuffle(), again in 0..BASE.len()) {
        let mut lines: Vec<&str> = order.into_iter().map(|at| BASE[at]).collect();
        lines.push(BASE[again]);
        prop_assert!(Change::between(&cenr(&BASE), &cenr(&lines)).unwrap().is_empty());
        prop_assert!(Change::between(&cenr(&lines), &cenr(&BASE)).unwrap().is_empty());
    }
}

/// The base with one line replaced; an empty text leaves it out.
fn but(at: usize, line: &'static str) -> Vec<&'static str> {
    let mut lines = BASE.to_vec();
    lines[at] = line;
    lines.retain(|line| !line.is_empty());
    lines
}

#[test]
fn each_change_is_named() {
    let to = |lines: &[&str]| told(&BASE, lines);
    assert_eq!(to(&but(1, "")), ["prefix removed: 198.51.100.0/24"]);
    assert_eq!(
        to(&[&BASE[..], &["EMEA|Zurich II|10.0.0.0/24||||"]].concat()),
        ["city added: Zurich II (EMEA)", "prefix added: 10.0.0.0/24"]
    );
    assert_eq!(
        to(&but(2, "EMEA|Zurich|203.0.113.0/25|zrh-vpn.zscaler.net|203.0.113.9||zrh.sme.zscaler.net")),
        [
            "went live: Zurich 203.0.113.0/25 gre 203.0.113.9, hostname zrh.sme.zscaler.net, vpn zrh-vpn.zscaler.net"
        ]
    );
    assert_eq!(
        to(&but(
            0,
            "EMEA|Oslo III|192.0.2.0/24|osl4-vpn.zscaler.net|192.0.2.20|192.0.2.25|OSL3.sme.zscaler.net"
        )),
        [
            "value changed: Oslo III 192.0.2.0/24 ext: nothing is now 192.0.2.25",
            "value changed: Oslo III 192.0.2.0/24 vpn: osl-vpn.zscaler.net is now osl4-vpn.zscaler.net",
        ]
    );
    assert_eq!(to(&but(4, "")), ["prefix moved: 203.0.113.0/25 no more in Tokyo IV"]);
    assert_eq!(to(&but(6, "svpn|2001:db8::3d")), ["svpn added: 2001:db8::3d", "svpn removed: 2001:db8::3c"]);
    let renamed: Vec<String> = BASE.iter().map(|line| line.replace("Tokyo IV", "Tokyo V")).collect();
    let renamed: Vec<&str> = renamed.iter().map(String::as_str).collect();
    assert_eq!(to(&renamed), ["city renamed: Tokyo IV (APAC) now Tokyo V"]);
}

#[test]
fn a_block_that_is_split_covers_the_same_space() {
    let old = Document::read(b"192.0.2.0/24\n").unwrap();
    let new = Document::read(b"192.0.2.0/25\n192.0.2.128/25\n10.0.0.0/30\n").unwrap();
    let change = Change::between(&old, &new).unwrap();
    assert_eq!(change.space, Space { gained_v4: 4, ..Space::default() });
    assert_eq!((change.prefixes_added.len(), change.prefixes_removed.len()), (3, 1));
}

#[test]
fn an_older_layout_means_the_same() {
    let old = r#"{"a":{"continent : EMEA":{"city : Oslo":[{"range":"192.0.2.0/24","vpn":"","gre":"","hostname":"","latitude":"52","longitude":"5.10"}]}}}"#;
    let new = r#"{"a":{"continent : EMEA":{"city : Oslo":[{"range":"192.0.2.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"52.000000","longitude":"5.100000"}]}},"svpnIPs":[]}"#;
    let read = |text: &str| Document::read(text.as_bytes()).unwrap();
    assert!(Change::between(&read(old), &read(new)).unwrap().is_empty());
}

#[test]
fn two_kinds_are_not_compared() {
    let future = Document::read(br#"{"cloudName":"a","prefixes":[]}"#).unwrap();
    let wrong = Change::between(&future, &cenr(&BASE)).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "a document of the kind `future` cannot be compared with one of the kind `cenr`"
    );
}

#[test]
fn counts_of_ipv6_are_text_in_json_however_large() {
    let list = |text: &str| Document::read(text.as_bytes()).unwrap();
    let change = Change::between(&list("192.0.2.0/24\n2001:db8::/40\n"), &list("2000::/4\n")).unwrap();
    let told = serde_json::to_value(&change).unwrap();
    assert_eq!(
        told["space"],
        serde_json::json!({
            "gained_v4": 0, "lost_v4": 256,
            "gained_v6": ((1_u128 << 124) - (1 << 88)).to_string(), "lost_v6": "0",
        })
    );
    let all = Change::between(&list("192.0.2.0/24\n"), &list("::/1\n8000::/1\n")).unwrap();
    assert_eq!(serde_json::to_value(&all).unwrap()["space"]["gained_v6"], u128::MAX.to_string());
}

#[test]
fn a_city_with_very_many_entries_is_compared_in_a_time_that_grows_with_them() {
    let entries = |word: &str| -> String {
        let entry = |at: usize| {
            format!(
                r#"{{"range":"192.0.2.0/24","vpn":"{word}{at}.a","gre":"","ext":"","hostname":"","latitude":"1","longitude":"1"}}"#
            )
        };
        let all: Vec<String> = (0..60_000).map(entry).collect();
        format!(r#"{{"a":{{"continent : EMEA":{{"city : Oslo":[{}]}}}}}}"#, all.join(","))
    };
    let read = |word: &str| Document::read(entries(word).as_bytes()).unwrap();
    let change = Change::between(&read("x"), &read("y")).unwrap();
    assert_eq!(change.fields.len(), 60_000);
}
