//! Changes of a document of real size: its order is none, and each real edit is named as what it is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::prelude::*;
use zuno_endpoints::{Cenr, Change, City, Document, Edition, Entry, Kind, Text};

fn built_in() -> Cenr {
    match &Edition::built_in().get("zscaler.net", Kind::Cenr).unwrap().document {
        Document::Cenr(cenr) => cenr.clone(),
        _ => panic!("no cenr"),
    }
}

fn city<'a>(cenr: &'a mut Cenr, name: &str) -> &'a mut City {
    let mut cities = cenr.continents.iter_mut().flat_map(|continent| &mut continent.cities);
    cities.find(|city| city.name() == name).unwrap()
}

/// What a fetch of another order would give, for the same seed the same; read back from its bytes.
fn shuffled(mut cenr: Cenr, seed: u64) -> Document {
    let mut state = seed;
    // splitmix64
    let mut below = |bound: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    };
    for continent in &mut cenr.continents {
        shuffle(&mut continent.cities, &mut below);
        continent.cities.iter_mut().for_each(|city| shuffle(&mut city.entries, &mut below));
    }
    shuffle(cenr.svpn.as_mut().unwrap(), &mut below);
    Document::read(Document::Cenr(cenr).to_text().as_bytes()).unwrap()
}

fn shuffle<T>(list: &mut [T], below: &mut impl FnMut(usize) -> usize) {
    for at in (1..list.len()).rev() {
        list.swap(at, below(at + 1));
    }
}

/// What is told of an edit: against the built-in document, in another order.
fn told(edit: impl Fn(&mut Cenr), seed: u64) -> Vec<String> {
    let mut edited = built_in();
    edit(&mut edited);
    let change = Change::between(&Document::Cenr(built_in()), &shuffled(edited, seed)).unwrap();
    let lines = change.lines();
    lines
        .iter()
        .map(|line| format!("{}: {} {}", line.change, line.what, line.detail).trim().to_owned())
        .collect()
}

fn text<T: zuno_endpoints::Meaning>(text: &str) -> Text<T> {
    Text::new(text).unwrap()
}

/// Edits of each sort, and what must be told of them.
type Edit = (fn(&mut Cenr), &'static [&'static str]);

const EDITS: [Edit; 7] = [
    (
        |cenr| {
            let like = city(cenr, "Amsterdam II").entries[0].clone();
            let new =
                Entry { range: text("192.0.2.0/24"), vpn: String::new(), hostname: String::new(), ..like };
            city(cenr, "Amsterdam II").entries.push(new);
        },
        &["prefix added: 192.0.2.0/24"],
    ),
    (
        |cenr| city(cenr, "Abu Dhabi II").entries.retain(|entry| entry.range.as_str() != "159.254.250.0/23"),
        &["prefix removed: 159.254.250.0/23"],
    ),
    (
        |cenr| city(cenr, "Abu Dhabi II").key = "city : Abu Dhabi III".into(),
        &["city renamed: Abu Dhabi II (EMEA) now Abu Dhabi III"],
    ),
    (
        |cenr| {
            let entries = &mut city(cenr, "Abu Dhabi II").entries;
            let entry = entries.iter_mut().find(|entry| entry.range.as_str() == "159.254.250.0/23").unwrap();
            (entry.gre, entry.vpn) = (text("159.254.250.20"), "auh2-vpn.zscaler.net".into());
        },
        &["went live: Abu Dhabi II 159.254.250.0/23 gre 159.254.250.20, vpn auh2-vpn.zscaler.net"],
    ),
    (
        |cenr| {
            let entries = &mut city(cenr, "Abu Dhabi II").entries;
            let at = entries.iter().position(|entry| entry.range.as_str() == "159.254.250.0/23").unwrap();
            let mut moved = entries.remove(at);
            let there = city(cenr, "Amsterdam II");
            let like = &there.entries[0];
            (moved.latitude, moved.longitude) = (like.latitude.clone(), like.longitude.clone());
            there.entries.push(moved);
        },
        &["prefix moved: 159.254.250.0/23 from Abu Dhabi II to Amsterdam II"],
    ),
    (
        |cenr| {
            let svpn = cenr.svpn.as_mut().unwrap();
            svpn.retain(|address| address.as_str() != "165.225.50.38");
            svpn.push(text("165.225.50.39"));
        },
        &["svpn added: 165.225.50.39", "svpn removed: 165.225.50.38"],
    ),
    (
        |cenr| {
            let entries = &mut city(cenr, "Amsterdam III").entries;
            let entry = entries.iter_mut().find(|entry| entry.range.as_str() == "87.58.112.0/23").unwrap();
            // Capitals come and go (seen), which is no change.
            entry.hostname = entry.hostname.to_ascii_uppercase();
            (entry.ext, entry.vpn) = (Some(text("87.58.118.26")), "ams3-2-vpn.zscaler.net".into());
        },
        &[
            "value changed: Amsterdam III 87.58.112.0/23 ext: 87.58.118.25 is now 87.58.118.26",
            "value changed: Amsterdam III 87.58.112.0/23 vpn: ams3-vpn.zscaler.net is now ams3-2-vpn.zscaler.net",
        ],
    ),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_order_of_a_whole_document_is_no_change(seed in any::<u64>()) {
        let (one, other) = (Document::Cenr(built_in()), shuffled(built_in(), seed));
        prop_assert_ne!(&one, &other, "it is in another order");
        prop_assert!(Change::between(&one, &other).unwrap().is_empty());
        prop_assert!(Change::between(&other, &one).unwrap().is_empty());
    }

    #[test]
    fn each_edit_of_a_whole_document_is_named(seed in any::<u64>()) {
        for (edit, lines) in EDITS {
            prop_assert_eq!(told(edit, seed), lines);
        }
    }
}
