//! Which entry decides, case by case: the worked examples of the URL guidelines, then the rules between them.

use zuno_urls::{Address, CustomCategories, CustomCategory, Holds, Listing, WhyUnreadable};

/// Custom categories numbered from 128 on, one for each list of entries.
fn tenant(lists: &[&[&str]]) -> CustomCategories {
    const IDS: [&str; 4] = ["CUSTOM_01", "CUSTOM_02", "CUSTOM_03", "CUSTOM_04"];
    CustomCategories::new(lists.iter().zip(IDS).zip(128..).map(|((urls, id), val)| CustomCategory {
        id,
        val,
        urls: urls.to_vec(),
        ..CustomCategory::default()
    }))
}

fn categories<'a>(own: &'a CustomCategories, url: &str) -> Vec<&'a str> {
    own.resolve(&Address::read(url), None).categories
}

const UNKNOWN: &str = "MISCELLANEOUS_OR_UNKNOWN";

#[test]
fn an_entry_covers_what_the_guidelines_say() {
    const ONE: &str = "CUSTOM_01";
    for (case, entry, url, expected) in [
        ("1", ".example.com", "http://example.com/", ONE),
        ("2", ".example.com", "http://www.example.com/a/b?q=1", ONE),
        ("3", ".example.com", "http://a.b.c.d.example.com/", ONE),
        ("4", ".example.com", "http://a.b.c.d.e.f.example.com/", UNKNOWN),
        ("5", ".example.com", "http://a.b.c.d.e.example.com/", ONE),
        ("6", ".example.com", "http://myexample.com/", UNKNOWN),
        ("7", "example.com", "http://example.com/x", ONE),
        ("8", "example.com", "http://www.example.com/", UNKNOWN),
        ("9", "example.com", "http://example.com:10443/", ONE),
        ("9, query", "example.com", "example.com?x", ONE),
        ("10", "example.com/resources", "http://example.com/resources", ONE),
        ("10, beneath", "example.com/resources", "http://example.com/resources/ftp.htm", UNKNOWN),
        ("10, query", "example.com/resources", "http://example.com/resources?x", UNKNOWN),
        ("11", "example.com/resources/", "http://example.com/resources/ftp.htm", ONE),
        ("11, itself", "example.com/resources/", "http://example.com/resources", UNKNOWN),
        ("14, https", ".example.com", "https://www.example.com", ONE),
        ("14, http", ".example.com", "http://www.example.com", ONE),
        ("port", "example.com:8080", "example.com:8080/x", ONE),
        ("other port", "example.com:8080", "example.com:8081/x", UNKNOWN),
        ("port of the scheme", "example.com:443", "https://example.com/x", ONE),
        ("no port known", "example.com:443", "example.com/x", UNKNOWN),
        ("path of a domain", ".example.com/ab", "www.example.com/abc", ONE),
        ("other path of a domain", ".example.com/ab", "www.example.com/acb", UNKNOWN),
        ("case", ".Example.com/AB", "www.EXAMPLE.com/ab", ONE),
        ("address", "192.0.2.1", "http://192.0.2.1/x", ONE),
        ("address of version 6", "[2001:db8::1]:80", "http://[2001:DB8:0::1]/x", ONE),
    ] {
        let own = tenant(&[&[entry]]);
        assert_eq!(own.unreadable(), [], "case {case}");
        assert_eq!(categories(&own, url), [expected], "case {case}: {entry} and {url}");
    }
}

#[test]
fn the_fifth_level_is_marked() {
    let own = tenant(&[&[".example.com"]]);
    assert!(own.resolve(&Address::read("a.b.c.d.e.example.com"), None).boundary);
    assert!(!own.resolve(&Address::read("a.b.c.d.example.com"), None).boundary);
}

#[test]
fn the_most_specific_category_takes_the_url_alone() {
    let beneath = [".example.com", ".example.com/abc/"];
    let (hosts, abroad) = (["abc.example.com", "example.com/abc/def"], ["ignored.example.com"]);
    let march = [&[".safemarch.com"][..], &[".atlanta.safemarch.com"], &["atlanta.safemarch.com"]];
    for (case, lists, url, expected) in [
        ("15", vec![&[".example.com"][..], &["www.example.com"]], "www.example.com", "CUSTOM_02"),
        ("16", vec![&beneath[..], &hosts], "http://abc.example.com", "CUSTOM_02"),
        ("17", vec![&beneath[..], &hosts], "http://example.com/abc/def", "CUSTOM_02"),
        ("18", vec![&beneath[..], &hosts], "http://example.com/abc/other", "CUSTOM_01"),
        ("19", march.to_vec(), "atlanta.safemarch.com", "CUSTOM_03"),
        ("20", march.to_vec(), "x.atlanta.safemarch.com", "CUSTOM_02"),
        (
            "longer path",
            vec![&["example.com/a/"][..], &["example.com/a/b/"]],
            "example.com/a/b/c",
            "CUSTOM_02",
        ),
        (
            "host before path",
            vec![&[".www.example.com"][..], &[".example.com/a"]],
            "www.example.com/a",
            "CUSTOM_01",
        ),
        (
            "path before port",
            vec![&["example.com:80"][..], &["example.com/a"]],
            "http://example.com/a",
            "CUSTOM_02",
        ),
        (
            "port before none",
            vec![&["example.com"][..], &["example.com:80"]],
            "http://example.com",
            "CUSTOM_02",
        ),
        ("24 and 25", vec![&abroad[..]], "zzz.unknown.tld", UNKNOWN),
    ] {
        let own = tenant(&lists);
        let resolution = own.resolve(&Address::read(url), None);
        assert_eq!((resolution.categories, resolution.ambiguous), (vec![expected], false), "case {case}");
    }
}

#[test]
fn equals_share_a_site_and_are_marked() {
    let twice = |one, other| {
        let category =
            |id, val| CustomCategory { id, val, urls: vec!["www.example.com"], ..CustomCategory::default() };
        CustomCategories::new([category("CUSTOM_A", one), category("CUSTOM_B", other)])
    };
    for (own, expected) in
        [(twice(130, 131), ["CUSTOM_A", "CUSTOM_B"]), (twice(131, 130), ["CUSTOM_B", "CUSTOM_A"])]
    {
        let resolution = own.resolve(&Address::read("www.example.com"), None);
        assert_eq!((resolution.categories, resolution.ambiguous), (expected.to_vec(), true), "case 21");
    }
    let own = tenant(&[&["www.example.com", "WWW.example.com/"]]);
    assert!(
        !own.resolve(&Address::read("www.example.com"), None).ambiguous,
        "one category twice is one answer"
    );
}

#[test]
fn retaining_entries_keep_the_predefined_category() {
    let retaining = CustomCategories::new([CustomCategory {
        id: "CUSTOM_01",
        val: 128,
        urls_retaining_parent: vec![".facebook.com"],
        ..CustomCategory::default()
    }]);
    assert_eq!(categories(&retaining, "www.facebook.com"), ["CUSTOM_01", "SOCIAL_NETWORKING"]);
    assert!(retaining.resolve(&Address::read("www.facebook.com"), None).decider.unwrap().retains_parent);
    let replacing = tenant(&[&[".facebook.com"]]);
    assert_eq!(categories(&replacing, "www.facebook.com"), ["CUSTOM_01"]);
    assert_eq!(categories(&tenant(&[&[".example.com"]]), "www.facebook.com"), ["SOCIAL_NETWORKING"]);
}

#[test]
fn entries_added_to_a_predefined_category_compete_like_others() {
    let own = |custom| {
        CustomCategories::new([
            CustomCategory { id: "CUSTOM_01", val: 128, urls: vec![custom], ..CustomCategory::default() },
            CustomCategory {
                id: "GAMBLING",
                val: 27,
                urls: vec!["www.facebook.com"],
                urls_retaining_parent: vec![".google.com"],
                ..CustomCategory::default()
            },
        ])
    };
    assert_eq!(categories(&own(".facebook.com"), "www.facebook.com"), ["GAMBLING"]);
    assert_eq!(categories(&own("www.facebook.com/x"), "www.facebook.com/x"), ["CUSTOM_01"]);
    assert_eq!(categories(&own(".facebook.com"), "www.google.com"), ["GAMBLING", "WEB_SEARCH"]);
}

#[test]
fn the_kinds_of_entry_rank_as_the_module_says() {
    let category = |id, val| CustomCategory { id, val, ..CustomCategory::default() };
    let all = [
        CustomCategory { keywords: vec!["Gambling"], ..category("KEYWORD", 128) },
        CustomCategory { urls: vec![".cn"], holds: Holds::TopLevelDomains, ..category("TLD", 129) },
        CustomCategory { urls: vec![".example.cn"], ..category("DOMAIN", 130) },
        CustomCategory {
            urls: vec!["^www\\.example\\.cn/[ab]"],
            holds: Holds::Patterns,
            ..category("PATTERN", 131)
        },
        CustomCategory { ip_ranges: vec!["192.0.2.0/24"], ..category("BLOCK", 132) },
        CustomCategory { ip_ranges: vec!["192.0.2.128/25"], ..category("SMALLER_BLOCK", 133) },
        CustomCategory { urls: vec!["www.example.cn"], ..category("HOST", 134) },
    ];
    let url = Address::read("http://www.example.cn/a?q=gambling");
    let destination = Some("192.0.2.200".parse().unwrap());
    let mut expected = ["KEYWORD", "TLD", "DOMAIN", "PATTERN", "BLOCK", "SMALLER_BLOCK", "HOST"].to_vec();
    while let Some(best) = expected.pop() {
        let own = CustomCategories::new(all[..=expected.len()].iter().cloned());
        assert_eq!(own.resolve(&url, destination).categories, [best]);
    }
}

#[test]
fn a_keyword_is_looked_for_in_the_whole_uri() {
    let own = CustomCategories::new([CustomCategory {
        id: "CUSTOM_01",
        val: 128,
        keywords: vec!["gambling", "  "],
        keywords_retaining_parent: vec!["oogle.com/maps"],
        ..CustomCategory::default()
    }]);
    assert_eq!(categories(&own, "http://www.google.com/search?q=Gambling"), ["CUSTOM_01"]);
    assert_eq!(categories(&own, "http://gambling.example.org"), ["CUSTOM_01"]);
    assert_eq!(categories(&own, "http://www.google.com/maps"), ["CUSTOM_01", "WEB_SEARCH"]);
    assert_eq!(categories(&own, "http://www.google.com/search?q=gam"), ["WEB_SEARCH"]);
    assert_eq!(own.unreadable()[0].why, WhyUnreadable::EmptyKeyword);
}

#[test]
fn a_top_level_domain_covers_every_depth() {
    let own = CustomCategories::new([CustomCategory {
        id: "CUSTOM_01",
        val: 128,
        holds: Holds::TopLevelDomains,
        urls: vec![".cn"],
        ..CustomCategory::default()
    }]);
    let resolution = own.resolve(&Address::read("a.b.c.d.e.f.g.cn"), None);
    let decider = resolution.decider.unwrap();
    assert_eq!(
        (decider.category, decider.entry, decider.listing),
        ("CUSTOM_01", ".cn", Listing::TopLevelDomain)
    );
    assert_eq!(categories(&own, "example.com/x.cn"), [UNKNOWN]);
}

#[test]
fn a_bare_address_also_covers_hosts_that_resolve_to_it() {
    let own = tenant(&[&["192.0.2.1"], &["192.0.2.2/x", "192.0.2.2:80"]]);
    let to =
        |ip: &str| own.resolve(&Address::read("http://example.org/x"), Some(ip.parse().unwrap())).categories;
    assert_eq!(to("192.0.2.1"), ["CUSTOM_01"]);
    assert_eq!(to("::ffff:192.0.2.1"), ["CUSTOM_01"]);
    assert_eq!(to("192.0.2.2"), [UNKNOWN]);
}

#[test]
fn what_cannot_be_read_is_named_and_left_out() {
    let own = CustomCategories::new([
        CustomCategory {
            id: "A",
            urls: vec!["*.example.com", "www.example.com"],
            ..CustomCategory::default()
        },
        CustomCategory {
            id: "B",
            holds: Holds::Patterns,
            urls: vec!["(", "x{9999}{9999}"],
            ..CustomCategory::default()
        },
        CustomCategory { id: "C", ip_ranges: vec!["192.0.2.0/40"], ..CustomCategory::default() },
    ]);
    let names: Vec<_> = own.unreadable().iter().map(|u| (&*u.category, &*u.entry)).collect();
    assert_eq!(names, [("A", "*.example.com"), ("B", "("), ("B", "x{9999}{9999}"), ("C", "192.0.2.0/40")]);
    assert_eq!(categories(&own, "www.example.com"), ["A"]);
}

#[test]
fn patterns_nested_without_an_end_or_large_beyond_measure_match_nothing() {
    let deep = format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000));
    let large = "(a{9}){999}{99}";
    let one = |pattern| CustomCategories::new([patterns(vec![pattern])]);
    for pattern in [deep.as_str(), large] {
        let own = one(pattern);
        assert!(matches!(own.unreadable()[0].why, WhyUnreadable::Pattern(_)), "{}", &pattern[..10]);
    }
    // Each takes a share of the memory that all have together.
    let greedy: Vec<String> = (0..200).map(|at| format!("(x{at}a{{9}}){{900}}")).collect();
    let own = CustomCategories::new([patterns(greedy.iter().map(String::as_str).collect())]);
    assert!((1..200).contains(&own.unreadable().len()), "{}", own.unreadable().len());
    assert!(one("ads?[0-9]+").unreadable().is_empty());
}

fn patterns(urls: Vec<&str>) -> CustomCategory<'_> {
    CustomCategory { id: "CUSTOM_01", val: 128, holds: Holds::Patterns, urls, ..CustomCategory::default() }
}
