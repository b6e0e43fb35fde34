//! The searches of every dialect, nested and long.
#![no_main]

mod deep;

use deep::Grammar;
use libfuzzer_sys::fuzz_target;
use zuno_catalogue::Family;

const SEARCH: Grammar = Grammar {
    levels: &[("(", ")"), ("a EQ b AND ", ""), ("name+LIKE+", ""), ("+AND+", "+"), ("+", "+"), (" ", " ")],
    leaves: &["name", "creationTime GT 15d", "a.b.c EQ x", "finance"],
    joins: &[" AND ", "+AND+", " EQ ", "+"],
};

deep!(Text, SEARCH);

fuzz_target!(|input: (Text, &str)| {
    for text in [input.0.0.as_str(), input.1] {
        let _ = zuno_dialect::parse_search(text);
        for family in Family::ALL {
            let _ = zuno_dialect::of(family).search(text);
        }
    }
});
