//! Published documents of every kind, nested too: read, written and read again; merged, looked up and compared with
//! themselves; and templates of lists.
#![no_main]

mod deep;

use deep::Grammar;
use libfuzzer_sys::fuzz_target;
use zuno_endpoints::{Change, Chart, Document, Format, History, Index, PrefixSet};

const DOCUMENT: Grammar = Grammar {
    levels: &[
        ("{\"a.net\":", "}"),
        ("{\"continent : EMEA\":{\"city : Oslo\":[", "]}}"),
        ("{\"range\":\"192.0.2.0/24\",\"latitude\":\"1\",\"longitude\":\"1\",\"x\":", "}"),
        ("[", "]"),
        ("{\"x\":", "}"),
        ("{\"cloudName\":\"a.net\",\"prefixes\":[", "]}"),
        ("{\"Cloud Name\":\"a\",\"content\":[", "]}"),
        ("{\"data\":[{\"id\":\"current_dc_body\",\"body\":{\"json\":{\"rows\":[{\"cols\":[{\"data\":", "}]}]}}}]}"),
    ],
    leaves: &["\"192.0.2.0/24\"", "\"2001:db8::/32\"", "\"::/0\"", "{}", "\"\"", "1", "10.0.0.0/8\n", "2001:db8::/40\n"],
    joins: &[",", ",\"svpnIPs\":[\"192.0.2.1\"]", "\n", "#"],
};
const TEMPLATE: Grammar = Grammar {
    levels: &[("{% if a %}", "{% endif %}"), ("{{ (", ") }}"), ("(", ")"), ("[", "]"), ("{% for p in all %}", "{% endfor %}")],
    leaves: &["name", "{{ name }}", "p.cidr", "{#\nabout: x\n#}\n", "1"],
    joins: &[" | ", " + ", ","],
};

deep!(Text, DOCUMENT);
deep!(Template, TEMPLATE);

fn read(bytes: &[u8]) {
    let _ = History::read(bytes);
    let Ok(document) = Document::read(bytes) else { return };
    let set = document.set();
    let again: PrefixSet = set.prefixes().collect();
    assert_eq!(again, set, "the fewest prefixes hold the same addresses");
    let index = Index::new(document.listed());
    for listed in document.listed() {
        assert!(index.at(listed.net.addr()).any(|one| one.net == listed.net));
    }
    let change = Change::between(&document, &document).expect("it is of its own kind");
    assert!(change.is_empty());
    let nothing = Document::read(b"192.0.2.1\n").expect("a list");
    if let Ok(change) = Change::between(&nothing, &document) {
        serde_json::to_value(&change).expect("a change is JSON, however large");
    }
    if let Document::Cenr(cenr) = &document {
        assert!(Chart::of(cenr).to_svg().ends_with("</svg>\n"));
    }
    if !set.is_empty() {
        let read = Document::read(document.to_text().as_bytes()).expect("what was read is written to be read");
        assert_eq!(read.set(), set);
    }
}

fuzz_target!(|input: (Text, Template, &[u8])| {
    read(input.0.0.as_bytes());
    read(input.2);
    let _ = Format::read("fuzz", &format!("{{#\nabout: x\n#}}\n{}", input.1.0));
});
