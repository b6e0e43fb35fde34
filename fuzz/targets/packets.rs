//! Filters of packets, nested: a fault is told a place in the text.
#![no_main]

mod deep;

use deep::Grammar;
use libfuzzer_sys::fuzz_target;
use zuno_behaviours::packets::check;

const FILTER: Grammar = Grammar {
    levels: &[("(", ")"), ("ip[", "]"), ("port (", ")"), ("not ", ""), ("-", ""), ("tcp[", ":2] = 1")],
    leaves: &["tcp", "host a.example", "port 80", "80", "len", "net 10.0.0.0/8", "::1", "\\tcp", "0x1f", "é", "tcp-syn"],
    joins: &[" and ", " or ", "||", " & ", "<<", " = ", "/", " "],
};

deep!(Text, FILTER);

fuzz_target!(|input: Text| {
    let Text(text) = input;
    if let Err(fault) = check(&text) {
        assert!(fault.at <= text.chars().count().max(4096) + 1 && fault.what.len() < text.len() + 100);
    }
});
