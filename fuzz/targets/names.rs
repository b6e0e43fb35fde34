//! Host names, URLs, addresses; and the lists of a tenant that hold them, regular expressions too, nested.
#![no_main]

mod deep;

use deep::Grammar;
use libfuzzer_sys::fuzz_target;
use zuno_intercept::Host;
use zuno_urls::{Address, CustomCategories, CustomCategory, Holds, IpEntry, TldEntry, UrlEntry};

const PATTERN: Grammar = Grammar {
    levels: &[("(", ")"), ("(?:a|", ")"), ("[", "]"), ("a{9}", ""), ("(", "){99}"), (".", "com"), ("a.", "b"), ("/", "/")],
    leaves: &["a.example.com", "*", "[a-z]+", "\\w", ".example.com:8080/x", "[::1]"],
    joins: &["|", ".", ":", "/", "?", "#"],
};

deep!(Text, PATTERN);

fuzz_target!(|input: (Text, &str)| {
    let all = [input.0.0.as_str(), input.1];
    for text in all {
        let _ = Host::of(text).is_cloud();
        let _ = UrlEntry::parse(text);
        let _ = TldEntry::parse(text);
        let _ = IpEntry::parse(text);
    }
    for holds in [Holds::Urls, Holds::Patterns, Holds::TopLevelDomains] {
        let lists = CustomCategory {
            id: "CUSTOM_01",
            holds,
            urls: all.to_vec(),
            keywords: all.to_vec(),
            ip_ranges: all.to_vec(),
            ..CustomCategory::default()
        };
        let index = CustomCategories::new([lists]);
        for text in [input.1, "www.example.com/a/b"] {
            assert!(!index.resolve(&Address::read(text), None).categories.is_empty());
        }
    }
});
