//! Scripts of PAC files, nested: a fault is told a place in the text.
#![no_main]

mod deep;

use deep::Grammar;
use libfuzzer_sys::fuzz_target;
use zuno_behaviours::script::{Found, check};

const SCRIPT: Grammar = Grammar {
    levels: &[("(", ")"), ("[", "]"), ("{", "}"), ("`${", "}`"), ("function f() {", "}"), ("if (a) ", " else b"), ("!", "")],
    leaves: &["a", "1", "\"x\"", "'y", "/z/g", "return", "var a = b", "“", "<a/>", "// c\n", "/* d"],
    joins: &[";", ",", " || ", " ? 1 : ", "=", "\n", " "],
};

deep!(Text, SCRIPT);

fuzz_target!(|input: Text| {
    let Text(text) = input;
    let text = &text[..text.floor_char_boundary(256 << 10)];
    if let Found::Broken(fault) = check(text, "FindProxyForURL") {
        let line = text.split('\n').nth(fault.line - 1).expect("a line of the text");
        assert!(fault.column <= line.chars().count() + 1 && fault.message.len() < text.len() + 100);
    }
});
