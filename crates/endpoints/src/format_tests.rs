use std::net::Ipv4Addr;

use proptest::prelude::*;
use regex::Regex;

use super::*;
use crate::PrefixSet;

fn sheet(texts: &[&str]) -> Sheet {
    let set: PrefixSet = texts.iter().map(|text| text.parse::<IpNet>().unwrap()).collect();
    let mut sheet = Sheet::new("zscaler", set.prefixes().collect());
    sheet.notes = vec!["zscaler.net cenr, fetched 2026-08-21".into(), "3 prefixes".into()];
    sheet.rows = sheet
        .prefixes
        .iter()
        .map(|net| SheetRow {
            cloud: "zscaler.net".into(),
            kind: "cenr".into(),
            city: "Oslo, \"old\"".into(),
            range: net.to_string(),
            family: Family::of(net).to_string(),
            ..SheetRow::default()
        })
        .collect();
    sheet
}

/// Every address that a text speaks of: with a length, a mask, a wildcard, or as a host.
fn read_back(text: &str) -> PrefixSet {
    let text = text.replace("\"contentVersion\": \"1.0.0.0\"", "");
    // Names of objects and versions of file formats look like addresses.
    let text = Regex::new(r"zscaler-[0-9a-f.:]+-\d+|AWS::\w+::\w+|\b\d{4}-\d\d-\d\d\b")
        .unwrap()
        .replace_all(&text, "");
    let v4 = Regex::new(r#"(\d+\.\d+\.\d+\.\d+)(?:/(\d+)|(?:", "| )(\d+\.\d+\.\d+\.\d+))?"#).unwrap();
    let v6 = Regex::new(r"([0-9a-f]{1,4}:[0-9a-f:]*:[0-9a-f:]*|::[0-9a-f:]*)(?:/(\d+))?").unwrap();
    let mut nets: Vec<IpNet> = Vec::new();
    for found in v4.captures_iter(&text) {
        let length = match (found.get(2), found.get(3)) {
            (Some(length), _) => length.as_str().parse().unwrap(),
            (_, Some(mask)) => {
                let bits = mask.as_str().parse::<Ipv4Addr>().unwrap().to_bits();
                let ones = if bits >> 31 == 1 { bits } else { !bits };
                assert_eq!(ones.leading_ones(), ones.count_ones(), "{mask:?} is no mask");
                ones.leading_ones()
            }
            _ => 32,
        };
        nets.push(format!("{}/{length}", &found[1]).parse().unwrap());
    }
    for found in v6.captures_iter(&text) {
        let length = found.get(2).map_or("128", |length| length.as_str());
        nets.push(format!("{}/{length}", &found[1]).parse().unwrap());
    }
    assert!(nets.iter().all(|net| *net == net.trunc()), "a target refuses bits beyond the length");
    nets.into_iter().collect()
}

#[test]
fn each_format_reads_as_its_target_expects() {
    let both = sheet(&["136.226.100.0/23", "165.225.94.56/32", "2a03:eec0:3400::/40"]);
    let four = sheet(&["136.226.100.0/23", "165.225.94.56/32"]);
    let mut text = String::new();
    for format in Format::all() {
        let list = format.render(if format.only_v4 { &four } else { &both }).unwrap();
        assert!(
            list.ends_with('\n') && !list.ends_with("\n\n") && !list.contains(" \n"),
            "{}:\n{list}",
            format.name
        );
        if format.media.contains("json") {
            serde_json::from_str::<serde_json::Value>(&list)
                .unwrap_or_else(|wrong| panic!("{wrong}:\n{list}"));
        }
        text.push_str(&format!("== {}: {}\n{list}\n", format.name, format.about));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_format_answers_to_each_of_its_names_and_no_two_share_one() {
    for (name, format) in
        [("palo-alto", "paloalto"), ("NX-OS", "cisco-nxos"), ("Google Cloud", "gcp"), ("nft", "nftables")]
    {
        assert_eq!(Format::named(name).unwrap().name, format, "{name}");
    }
    let mut names: Vec<String> = Format::all()
        .flat_map(|format| [vec![format.name], format.also].concat())
        .map(|name| bare(&name))
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(Format::named("cisco").is_err());
}

#[test]
fn one_family_alone_is_written_as_well() {
    for texts in [&["10.0.0.0/8"][..], &["2001:db8::/32"]] {
        let sheet = sheet(texts);
        for format in Format::all().filter(|format| !format.only_v4 || texts == ["10.0.0.0/8"]) {
            let list = format.render(&sheet).unwrap();
            assert_eq!(read_back(&list).entries(), 1, "{}:\n{list}", format.name);
            if format.media.contains("json") {
                serde_json::from_str::<serde_json::Value>(&list)
                    .unwrap_or_else(|wrong| panic!("{wrong}:\n{list}"));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_written_is_what_was_given(four in proptest::collection::vec((any::<u32>(), 9u8..=32), 1..700), six in proptest::collection::vec((any::<u64>(), 9u8..=128), 0..40)) {
        let four = four.into_iter().map(|(first, length)| format!("{}/{length}", Ipv4Addr::from_bits(first)));
        let six = six.into_iter().map(|(first, length)| format!("{}/{length}", std::net::Ipv6Addr::from_bits(u128::from(first) << 64 | u128::from(first))));
        let texts: Vec<String> = four.chain(six).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let set: PrefixSet = texts.iter().map(|text| text.parse::<IpNet>().unwrap().trunc()).collect();
        let (sheet, only) = (sheet(&texts), set.only(Family::V4));
        for format in Format::all() {
            let sheet = if format.only_v4 { Sheet { prefixes: only.prefixes().collect(), ..sheet.clone() } } else { sheet.clone() };
            match format.render(&sheet) {
                Ok(list) => {
                    let (got, wanted) = (read_back(&list), if format.only_v4 { &only } else { &set });
                    let odd: Vec<IpNet> = got.minus(wanted).prefixes().chain(wanted.minus(&got).prefixes()).collect();
                    prop_assert!(odd.is_empty(), "{}: {:?}", format.name, odd);
                }
                Err(FormatError::TooMany { .. }) => prop_assert!(format.most.is_some_and(|most| sheet.prefixes.len() > most)),
                Err(wrong) => prop_assert!(false, "{}: {}", format.name, wrong),
            }
        }
    }
}

#[test]
fn what_has_no_place_is_refused_and_told() {
    let refused =
        |format: &str, sheet: &Sheet| Format::named(format).unwrap().render(sheet).unwrap_err().to_string();
    let fine = sheet(&["10.0.0.0/8", "2001:db8::/32"]);
    assert!(refused("azure-ip-group", &fine).contains("holds IPv4 only, and the list has 1 IPv6"));
    assert!(refused("text", &Sheet::new("a", Vec::new())).contains("empty"));
    assert!(
        refused("text", &Sheet::new("a", vec!["0.0.0.0/0".parse().unwrap()])).contains("every IPv4 address")
    );
    for name in ["", "1a", "a b", "a;reboot", "a\nb", "é", "abcdefghijklmnopqrstuvwx"] {
        assert!(
            refused("nftables", &Sheet { name: name.into(), ..fine.clone() }).contains("is no name"),
            "{name}"
        );
    }
    let many: Vec<IpNet> =
        (0..1001u32).map(|at| format!("{}/32", Ipv4Addr::from_bits(at << 8 | 1)).parse().unwrap()).collect();
    assert!(
        refused("aws", &Sheet::new("a", many)).contains("holds 1000 IPv4 prefixes, and the list has 1001")
    );
    assert!(Format::named("firewall").unwrap_err().to_string().contains("nftables"));
}

#[test]
fn a_format_of_ones_own_is_one_template() {
    let format = Format::read(
        "mine",
        "{# about: mine #}\n{% for p in all %}\n{{ p.address }} to {{ p.last }}\n{% endfor %}\n",
    )
    .unwrap();
    assert_eq!(format.render(&sheet(&["192.0.2.0/25"])).unwrap(), "192.0.2.0 to 192.0.2.127\n");
    for (text, why) in [
        ("{{ all }}", "does not begin"),
        ("{# about: x\ncolour: red #}", "`colour: red`"),
        ("{# media: text/plain #}", "nothing `about`"),
        ("{# about: x #}{% for p in %}", "syntax"),
    ] {
        assert!(Format::read("mine", text).unwrap_err().to_string().contains(why), "{text}");
    }
    let format = Format::read("mine", "{# about: x #}{{ nothing.there }}").unwrap();
    assert!(format.render(&sheet(&["192.0.2.0/25"])).is_err());
}

#[test]
fn an_id_stays_and_differs_by_name() {
    assert_eq!(stable_id("zscaler"), stable_id("zscaler"));
    assert_ne!(stable_id("zscaler"), stable_id("zscaler2"));
    let form = Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$").unwrap();
    assert!(form.is_match(&stable_id("zscaler")));
}

#[test]
fn a_warning_is_written_or_the_list_is_not() {
    let warning = "built in; synthetic: no firewall's business";
    for format in Format::all() {
        let only_v4: Vec<IpNet> = vec!["192.0.2.0/24".parse().unwrap()];
        let sheet = Sheet { warning: Some(warning.into()), ..Sheet::new("zs", only_v4) };
        match format.render(&sheet) {
            Ok(text) => assert!(text.contains("built in; synthetic"), "{}: {text}", format.name),
            Err(wrong) => {
                assert!(matches!(wrong, FormatError::NoComment(..)), "{}: {wrong}", format.name);
                assert!(["csv", "geojson", "json"].contains(&format.name.as_str()), "{}", format.name);
            }
        }
    }
}

#[test]
fn a_template_nested_without_an_end_is_refused() {
    for (open, close) in
        [("{% if name %}", "{% endif %}"), ("{{ (", ") }}"), ("{{ [", "] }}"), ("{{ -", " }}")]
    {
        let text = format!("{{#\nabout: x\n#}}\n{}1{}", open.repeat(20_000), close.repeat(20_000));
        assert!(Format::read("deep", &text).is_err(), "{open}");
    }
    let inner = format!("{{#\nabout: x\n#}}\n{{{{ {}1{} }}}}", "(".repeat(20_000), ")".repeat(20_000));
    assert!(Format::read("deep", &inner).is_err());
}
