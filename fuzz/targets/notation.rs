//! A resource file of the catalogue, and the types in it, nested.
#![no_main]

mod deep;

use deep::Grammar;
use libfuzzer_sys::fuzz_target;
use zuno_catalogue::{Product, Resource, Shape};

const TOML: Grammar = Grammar {
    levels: &[("[", "]"), ("a = [", "]"), ("a = {b = ", "}"), ("\"", "\""), ("a.", "b = 1\n"), ("'''", "'''")],
    leaves: &["noun = \"x\"\n", "type = \"list<int>\"", "[fields]\n", "1", "{ type = \"string\" }", "\n"],
    joins: &[" = ", ", ", "\n", "."],
};
const SHAPE: Grammar =
    Grammar { levels: &[("list<", ">"), (" ", " ")], leaves: &["int", "ref zpa.x", "Condition"], joins: &[">"] };

deep!(File, TOML);
deep!(Type, SHAPE);

fuzz_target!(|input: (File, Type, &str)| {
    for text in [input.0.0.as_str(), input.2] {
        let _ = toml::from_str::<Resource>(text);
        let _ = toml::from_str::<Product>(text);
    }
    let _ = Shape::try_from(input.1.0);
});
