//! A resource file of the catalogue.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zuno_catalogue::{Product, Resource};

fuzz_target!(|text: &str| {
    let _ = toml::from_str::<Resource>(text);
    let _ = toml::from_str::<Product>(text);
});
