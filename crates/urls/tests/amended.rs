//! An index that sites were added to and taken from answers as one that is made anew.

use std::net::IpAddr;

use proptest::collection::vec;
use proptest::prelude::*;
use zuno_urls::{Address, CustomCategories, CustomCategory, EntryIndex};

const SITES: [&str; 16] = [
    "a.example",
    ".a.example",
    "a.example:81",
    "a.example/x",
    "a.example/x/",
    ".a.example/x",
    ".d.example",
    "b.example",
    "b.example/x/y",
    "192.0.2.1",
    "192.0.2.1/x",
    "192.0.2.1:81",
    "c.example:81/x",
    "b.a.example",
    ".b.a.example:81/x",
    "c.example",
];

/// One list for each of two categories and what becomes of the parent.
type Lists = [Vec<(&'static str, EntryIndex)>; 4];

fn index(lists: &Lists) -> CustomCategories {
    let texts = |list: usize| lists[list].iter().map(|(text, _)| *text).collect();
    let category = |number: usize, id| CustomCategory {
        id,
        val: number as u32,
        urls: texts(2 * number),
        urls_retaining_parent: texts(2 * number + 1),
        keywords: vec!["ey"],
        ..CustomCategory::default()
    };
    CustomCategories::new([category(0, "CUSTOM_01"), category(1, "CUSTOM_02")])
}

fn answers(index: &CustomCategories) -> Vec<String> {
    let hosts = [
        "a.example",
        "b.a.example",
        "z.b.a.example",
        "b.example",
        "c.example",
        "z.d.example",
        "192.0.2.1",
        "key.test",
    ];
    let places = ["", "/x", "/x/y", ":81", ":81/x"];
    let destinations: [Option<IpAddr>; 2] = [None, Some([192, 0, 2, 1].into())];
    let all = hosts.iter().flat_map(|host| places.map(|place| format!("{host}{place}")));
    let told = |url: String, destination| {
        let address = Address::read(&url);
        let told = index.resolve(&address, destination);
        // Which of two equals in one list is named follows from the order in which they came.
        let retains = told.decider.map(|decider| decider.retains_parent);
        format!("{url} {destination:?} {:?} {} {retains:?}", told.categories, told.ambiguous)
    };
    all.flat_map(|url| destinations.map(|destination| told(url.clone(), destination))).collect()
}

proptest! {
    #[test]
    fn what_comes_and_goes_leaves_what_a_new_index_has(
        steps in vec((prop::bool::weighted(0.6), 0usize..4, 0usize..SITES.len()), 0..60),
    ) {
        let mut lists = Lists::default();
        let mut amended = index(&lists);
        for (adds, list, site) in steps {
            let held = lists[list].iter().position(|(text, _)| *text == SITES[site]);
            match (adds, held) {
                (true, None) => {
                    let id = ["CUSTOM_01", "CUSTOM_02"][list / 2];
                    let place = amended.add_site(id, SITES[site], list % 2 == 1).expect("it is a site");
                    lists[list].push((SITES[site], place.expect("there is such a category")));
                }
                (false, Some(at)) => amended.take_site(lists[list].remove(at).1),
                _ => {}
            }
            for (text, place) in lists.iter().flatten() {
                prop_assert_eq!(amended.at(*place), *text);
            }
        }
        prop_assert_eq!(answers(&amended), answers(&index(&lists)));
    }
}
