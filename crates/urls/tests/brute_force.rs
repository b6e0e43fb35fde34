//! The index against a matcher that tries every entry in turn, on universes small enough to collide often.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use zuno_urls::{Address, Base, CustomCategories, CustomCategory, Decider, Holds, UrlEntry, review};

/// How specific a match is: kind, length of domain or prefix, length of path, bound to a port.
type Rank = (u8, usize, usize, bool);

#[derive(Debug, Clone, Default)]
struct Lists {
    urls: [Vec<String>; 2],
    keywords: [Vec<String>; 2],
    blocks: [Vec<String>; 2],
}

#[derive(Debug, Clone)]
struct Question {
    host: String,
    port: Option<u16>,
    target: String,
    destination: Option<[u8; 4]>,
}

impl Question {
    fn text(&self) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}{port}{}", self.host, self.target)
    }
}

fn octets(host: &str) -> Option<[u8; 4]> {
    let parts: Vec<u8> = host.split('.').map_while(|part| part.parse().ok()).collect();
    parts.try_into().ok()
}

fn rank_of_url(entry: &str, question: &Question) -> Option<Rank> {
    let wildcard = entry.starts_with('.');
    let rest = entry.trim_start_matches('.');
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = authority.split_once(':').map_or((authority, ""), |(host, port)| (host, port));
    if !port.is_empty() && question.port.map(|port| port.to_string()).as_deref() != Some(port) {
        return None;
    }
    let path = if path == "/" { "" } else { path };
    let fits = path.is_empty()
        || question.target == path
        || (wildcard || path.ends_with('/')) && question.target.starts_with(path);
    if !wildcard {
        let by_name = host == question.host && fits;
        let by_address = octets(host).is_some() && octets(host) == question.destination;
        let by_address = by_address && port.is_empty() && path.is_empty();
        return if by_name {
            Some((6, 0, path.len(), !port.is_empty()))
        } else {
            by_address.then_some((5, 32, 0, false))
        };
    }
    let labels = |host: &str| host.split('.').count();
    let covered = question.host == host || question.host.ends_with(&format!(".{host}"));
    let near = covered && labels(&question.host) - labels(host) <= 5;
    (near && fits && octets(&question.host).is_none()).then_some((
        3,
        host.len(),
        path.len(),
        !port.is_empty(),
    ))
}

fn rank_of_block(block: &str, question: &Question) -> Option<Rank> {
    let (base, length) = block.split_once('/').expect("blocks are made with a length");
    let length: u32 = length.parse().expect("lengths are numbers");
    let bits = |ip: [u8; 4]| u32::from_be_bytes(ip).checked_shr(32 - length).unwrap_or(0);
    let base = octets(base).expect("blocks are made of four octets");
    // The host's own address counts before the one it resolves to.
    let hit = |ip: Option<[u8; 4]>| ip.is_some_and(|ip| bits(ip) == bits(base));
    (hit(octets(&question.host)).then_some((5, 100 + length as usize, 0, false)))
        .or(hit(question.destination).then_some((5, length as usize, 0, false)))
}

fn rank_of_keyword(keyword: &str, question: &Question) -> Option<Rank> {
    format!("{}{}", question.host, question.target).contains(keyword).then_some((1, 0, 0, false))
}

/// Category, retaining or not, and whether a tied entry disagrees.
fn by_trying_all(categories: &[Lists], question: &Question) -> Option<Vec<(usize, bool)>> {
    let mut matches: Vec<(Rank, usize, bool)> = Vec::new();
    for (category, lists) in categories.iter().enumerate() {
        for retains in [false, true] {
            let n = usize::from(retains);
            let ranks = lists.urls[n].iter().filter_map(|entry| rank_of_url(entry, question));
            let ranks =
                ranks.chain(lists.keywords[n].iter().filter_map(|entry| rank_of_keyword(entry, question)));
            let ranks =
                ranks.chain(lists.blocks[n].iter().filter_map(|entry| rank_of_block(entry, question)));
            matches.extend(ranks.map(|rank| (rank, category, retains)));
        }
    }
    let best = matches.iter().map(|found| found.0).max()?;
    let mut tied: Vec<(usize, bool)> =
        matches.iter().filter(|found| found.0 == best).map(|m| (m.1, m.2)).collect();
    tied.sort_unstable();
    tied.dedup();
    Some(tied)
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "([ab][.])?a[.]com",
        2 => "([ab][.]){0,7}a[.]com",
        2 => "([ab][.]){0,2}facebook[.]com",
        2 => "10[.]0[.][01][.][0-3]",
    ]
}

fn port() -> impl Strategy<Value = Option<u16>> {
    option::weighted(0.3, 80..82_u16)
}

fn url() -> impl Strategy<Value = String> {
    (any::<bool>(), host(), port(), "(/(x/?)?(y/?)?)?|/[xy/?]{0,4}").prop_map(|(wild, host, port, path)| {
        let dot = if wild && octets(&host).is_none() { "." } else { "" };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{dot}{host}{port}{path}")
    })
}

fn lists() -> impl Strategy<Value = Lists> {
    let two =
        |strategy: BoxedStrategy<String>, most| [vec(strategy.clone(), 0..most), vec(strategy, 0..2_usize)];
    let blocks = (0..2_u8, 0..4_u8, 22..=32_u8).prop_map(|(c, d, length)| format!("10.0.{c}.{d}/{length}"));
    (two(url().boxed(), 12), two("[abxy./]{1,3}".boxed(), 2), two(blocks.boxed(), 2))
        .prop_map(|(urls, keywords, blocks)| Lists { urls, keywords, blocks })
}

fn question() -> impl Strategy<Value = Question> {
    let target = "/(x/?)?(y/?)?[?x]?|/[xy/?]{0,5}";
    (host(), port(), target, option::of((0..2_u8, 0..4_u8))).prop_map(|(host, port, target, destination)| {
        Question { host, port, target, destination: destination.map(|(c, d)| [10, 0, c, d]) }
    })
}

const IDS: [&str; 3] = ["CUSTOM_01", "CUSTOM_02", "CUSTOM_03"];

fn as_stored(categories: &[Lists]) -> Vec<CustomCategory<'_>> {
    fn texts(list: &[String]) -> Vec<&str> {
        list.iter().map(String::as_str).collect()
    }
    let stored = categories.iter().zip(IDS).zip(128..).map(|((lists, id), val)| CustomCategory {
        id,
        val,
        holds: Holds::Urls,
        urls: texts(&lists.urls[0]),
        urls_retaining_parent: texts(&lists.urls[1]),
        keywords: texts(&lists.keywords[0]),
        keywords_retaining_parent: texts(&lists.keywords[1]),
        ip_ranges: texts(&lists.blocks[0]),
        ip_ranges_retaining_parent: texts(&lists.blocks[1]),
    });
    stored.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_index_answers_as_trying_every_entry_does(
        categories in vec(lists(), 1..=3),
        questions in vec(question(), 8),
    ) {
        let own = CustomCategories::new(as_stored(&categories));
        prop_assert!(own.unreadable().is_empty(), "{:?}", own.unreadable());
        for question in questions {
            let address = Address::read(&question.text());
            let resolution = own.resolve(&address, question.destination.map(Into::into));
            let decided = resolution.decider.map(|Decider { category, retains_parent, .. }| (category, retains_parent));
            let expected = by_trying_all(&categories, &question).unwrap_or_default();
            let first = expected.first().map(|(n, retains)| (IDS[*n], *retains));
            prop_assert_eq!(decided, first, "{:?}", question);
            prop_assert_eq!(resolution.ambiguous, expected.len() > 1, "{:?}", question);
            let parents = Base::built_in().lookup(&question.host).categories.iter().copied();
            let mut wanted: Vec<&str> = expected.iter().map(|(n, _)| IDS[*n]).collect();
            wanted.dedup();
            if decided.is_none_or(|(_, retains)| retains) {
                wanted.extend(parents);
            }
            prop_assert_eq!(resolution.categories, wanted);
        }
    }

    #[test]
    fn nothing_panics_on_arbitrary_text(texts in vec("\\PC{0,60}|[.:/?#@\\[\\]a-c0-9*é]{0,20}", 1..6), ip in any::<u128>()) {
        let own: Vec<CustomCategory<'_>> = [Holds::Urls, Holds::Patterns, Holds::TopLevelDomains]
            .map(|holds| {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                CustomCategory { id: "X", val: 1, holds, urls: texts.clone(), keywords: texts.clone(), ip_ranges: texts, ..CustomCategory::default() }
            })
            .into();
        let index = CustomCategories::new(own.clone());
        for text in &texts {
            let address = Address::read(text);
            prop_assert!(!index.resolve(&address, Some(std::net::Ipv6Addr::from(ip).into())).categories.is_empty());
            prop_assert_eq!(review(&[text], &own).is_ok(), UrlEntry::parse(text).is_ok());
        }
    }
}
