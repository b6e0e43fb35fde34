//! The filter grammar of lists.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = zuno_dialect::parse_search(text);
});
