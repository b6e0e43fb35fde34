//! Published documents of every kind: read, written and read again; merged, looked up and compared with themselves.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zuno_endpoints::{Change, Document, History, Index, PrefixSet};

fuzz_target!(|bytes: &[u8]| {
    let _ = History::read(bytes);
    let Ok(document) = Document::read(bytes) else { return };
    let set = document.set();
    let again: PrefixSet = set.prefixes().collect();
    assert_eq!(again, set, "the fewest prefixes hold the same addresses");
    let index = Index::new(document.listed());
    for listed in document.listed() {
        assert!(index.at(listed.net.addr()).any(|one| one.net == listed.net));
    }
    assert!(Change::between(&document, &document).is_ok_and(|change| change.is_empty()));
    if !set.is_empty() {
        let read =
            Document::read(document.to_text().as_bytes()).expect("what was read is written to be read");
        assert_eq!(read.set(), set);
    }
});
