//! Host names, URLs, addresses.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zuno_intercept::Service;
use zuno_urls::{IpEntry, TldEntry, UrlEntry};

fuzz_target!(|text: &str| {
    let _ = Service::of(text).is_cloud();
    let _ = UrlEntry::parse(text);
    let _ = TldEntry::parse(text);
    let _ = IpEntry::parse(text);
});
