//! One case for each rule of the format, kept or broken.

use proptest::prelude::*;

use super::*;

#[test]
fn entries_have_one_canonical_text() {
    for (text, canonical) in [
        ("example.com", "example.com"),
        (" .Example.COM ", ".example.com"),
        ("example.com/", "example.com"),
        ("example.com/Resources/", "example.com/resources/"),
        ("example.com:8080", "example.com:8080"),
        (".example.com:443/:b:/g/x_y?e=1&at=9", ".example.com:443/:b:/g/x_y?e=1&at=9"),
        ("example.com?x", "example.com/?x"),
        (".example.com/esign?wid=abc*", ".example.com/esign?wid=abc*"),
        ("example.com/go?to=http://other.com", "example.com/go?to=http://other.com"),
        ("example.com//x", "example.com//x"),
        ("my_host.sub.example.com", "my_host.sub.example.com"),
        ("192.0.2.1:80/x", "192.0.2.1:80/x"),
        ("[2001:DB8::1]:80/x", "[2001:db8::1]:80/x"),
        ("2001:db8::1", "[2001:db8::1]"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
    ] {
        assert_eq!(UrlEntry::parse(text).map(|e| e.to_string()), Ok(canonical.to_owned()));
    }
}

#[test]
fn each_broken_rule_is_named() {
    let long_label = "a".repeat(64);
    let long_host = format!("{}com", "abcdefgh.".repeat(29));
    let long = format!("example.com/{}", "x".repeat(1013));
    for (text, fault) in [
        ("  ", EntryFault::Empty),
        (long.as_str(), EntryFault::TooLong(1025)),
        ("bücher.de", EntryFault::NotAscii('ü')),
        ("example.com/a b", EntryFault::Unprintable(' ')),
        ("HTTPS://example.com", EntryFault::Scheme("https".into())),
        ("*.example.com", EntryFault::Asterisk),
        ("www.*.com/x", EntryFault::Asterisk),
        ("/path", EntryFault::NoHost),
        (".", EntryFault::NoHost),
        (":80", EntryFault::NoHost),
        (".com", EntryFault::BareTld("com".into())),
        ("localhost:80", EntryFault::BareTld("localhost".into())),
        ("example..com", EntryFault::EmptyLabel),
        ("example.com.", EntryFault::EmptyLabel),
        ("..example.com", EntryFault::EmptyLabel),
        (&format!("{long_label}.com"), EntryFault::LongLabel(long_label.clone())),
        (&long_host, EntryFault::LongHost(264)),
        ("my_host.com", EntryFault::Underscore("my_host".into())),
        ("user@example.com", EntryFault::HostCharacter('@')),
        ("[example.com]", EntryFault::HostCharacter('[')),
        ("example.com:", EntryFault::Port("".into())),
        ("example.com:0", EntryFault::Port("0".into())),
        ("example.com:65536", EntryFault::Port("65536".into())),
        ("example.com:+80", EntryFault::Port("+80".into())),
        ("192.0.2.256", EntryFault::NotAnAddress("192.0.2.256".into())),
        (".192.0.2.1", EntryFault::DottedAddress),
    ] {
        assert_eq!(UrlEntry::parse(text), Err(fault), "{text}");
    }
}

#[test]
fn tld_entries_are_bare_domains() {
    for (text, canonical) in
        [(".cn", ".cn"), ("XYZ", ".xyz"), (".co.uk", ".co.uk"), (".xn--p1ai", ".xn--p1ai")]
    {
        assert_eq!(TldEntry::parse(text).map(|e| e.to_string()), Ok(canonical.to_owned()));
    }
    assert_eq!(TldEntry::parse(".cn/x"), Err(EntryFault::HostCharacter('/')));
    assert_eq!(TldEntry::parse("*.cn"), Err(EntryFault::Asterisk));
    assert_eq!(TldEntry::parse("."), Err(EntryFault::NoHost));
    assert_eq!(TldEntry::parse("192.0.2.1"), Err(EntryFault::NotAnAddress("192.0.2.1".into())));
}

/// Text that is often an entry and seldom far from one.
fn nearly_a_url() -> impl Strategy<Value = String> {
    prop_oneof![
        "[.]{0,2}[a-cA-C_*-]{0,3}([.][a-c]{0,2}){0,6}(:[0-9]{0,5})?([/?#][a-c/?#*]{0,6})?",
        "(https?://)?\\[?[0-9a-f:.]{0,12}\\]?(:[0-9]{0,3})?(/x)?",
        "\\PC{0,40}",
    ]
}

proptest! {
    #[test]
    fn the_canonical_text_reads_back_as_the_same_entry(text in nearly_a_url()) {
        if let Ok(entry) = UrlEntry::parse(&text) {
            prop_assert_eq!(UrlEntry::parse(&entry.to_string()), Ok(entry));
        }
        if let Ok(entry) = TldEntry::parse(&text) {
            prop_assert_eq!(TldEntry::parse(&entry.to_string()), Ok(entry));
        }
        if let Ok(entry) = crate::IpEntry::parse(&text) {
            prop_assert_eq!(crate::IpEntry::parse(&entry.to_string()), Ok(entry));
        }
    }

    #[test]
    fn an_accepted_entry_keeps_the_rules(text in nearly_a_url()) {
        if let Ok(entry) = UrlEntry::parse(&text) {
            prop_assert!(entry.host().len() <= LONGEST_HOST && !entry.host().contains('*'));
            prop_assert!(entry.ip().is_some() || entry.host().contains('.'));
            prop_assert!(entry.path().is_empty() || entry.path().starts_with('/'));
        }
    }
}
