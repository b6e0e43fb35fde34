use proptest::prelude::*;

use super::*;

const CENR: &str = r#"{"zscaler.net":{"continent : EMEA":{"city : Zurich":[{"range":"192.0.2.0/23","vpn":"zrh-vpn.zscaler.net","gre":"198.51.100.20","ext":"2001:db8::38","hostname":"Zrh.sme.zscaler.net","latitude":"47.376900","longitude":"8.541700"},{"range":"","vpn":"","gre":"","ext":"","hostname":"","latitude":"47","longitude":"8"}]},"continent : APAC":{}},"svpnIPs":["192.0.2.56","2001:db8::3c","192.0.2.56"]}"#;

#[test]
fn every_kind_is_recognised_and_written_as_it_was() {
    for (kind, text) in [
        (Kind::Cenr, CENR),
        (
            Kind::Cenr,
            r#"{"zscloud.net":{"continent : Americas":{"city : Lima":[{"range":"192.0.2.0/24","vpn":"","gre":"","hostname":"","latitude":"-12","longitude":"-77"}]}}}"#,
        ),
        (
            Kind::HubsRequired,
            r#"{"cloudName":"zscaler.net","type":"required","hubPrefixes":["192.0.2.0/26","2001:db8::/48"]}"#,
        ),
        (
            Kind::HubsRecommended,
            r#"{"cloudName":"zscaler.net","type":"recommended","hubPrefixes":[" 192.0.2.0/24 "]}"#,
        ),
        (Kind::Future, r#"{"cloudName":"zscaler.net","prefixes":["2001:db8::/32","192.0.2.0/24"]}"#),
        (Kind::Svpn, r#"{"svpnIPs":["192.0.2.1","2001:db8::1"]}"#),
        (Kind::Svpn, r#"{"svpnIPs":[]}"#),
        (
            Kind::Zpa,
            r#"{"Cloud Name":"private.zscaler.com","content":[{"IP Protocol":"TCP/UDP","Port":443,"Source":"Browser Access","Domains":"*.example.net","IPs":["192.0.2.7","192.0.2.0/24"],"Date Added":"2026-01-02"}]}"#,
        ),
        (Kind::Ca, r#"{"ranges":["192.0.2.85"]}"#),
        (Kind::Pac, r#"{"ip":["192.0.2.65"]}"#),
        (Kind::List, "192.0.2.7\n192.0.2.0/24\n2001:db8::/32\n"),
        (Kind::List, r#"["192.0.2.0/24","2001:db8::1"]"#),
        (
            Kind::Page,
            r#"{"status":"success","data":[{"id":"x"},{"id":"current_dc_body","body":{"json":{"rows":[{"cols":[{"data":[{"ip_address":"192.0.2.0/24","region":"APAC","location":"Mumbai VII","notes":[{"id":3,"title":"Not Ready for Use"}]}]}]}]}}}]}"#,
        ),
    ] {
        let read = Document::read(text.as_bytes()).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
        assert_eq!((read.kind(), read.to_text().as_str()), (kind, text));
    }
}

#[test]
fn unknown_members_are_kept() {
    let text =
        CENR.replace(r#""latitude":"47","longitude":"8""#, r#""latitude":"47","longitude":"8","asn":64500"#);
    let text = text.replace("]}\n", "]").replace(r#""192.0.2.56"]}"#, r#""192.0.2.56"],"made":"today"}"#);
    assert_eq!(Document::read(text.as_bytes()).unwrap().to_text(), text);
}

#[test]
fn a_page_says_what_is_not_ready() {
    let text = r#"{"data":[{"id":"current_dc_body","body":{"json":{"rows":[{"cols":[{"data":[
        {"ip_address":"192.0.2.0/24","region":"APAC","location":"Mumbai VII","notes":[{"id":3,"title":"Not Ready for Use"}]},
        {"ip_address":"198.51.100.0/24","region":"APAC","location":"Mumbai VI"}]}]}]}}}]}"#;
    let Document::Page(page) = Document::read(text.as_bytes()).unwrap() else { panic!("no page") };
    assert_eq!(page.rows.iter().map(|row| row.ready).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn an_error_names_the_place() {
    let wrong = |text: &str| Document::read(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        wrong(&CENR.replace("198.51.100.20", "198.51.100.320")),
        "`198.51.100.320` is no address and no prefix (line 1, byte 126, in zscaler.net › continent : EMEA › city : Zurich › 0 › gre)"
    );
    assert_eq!(
        wrong(&CENR[..200]),
        "the document is cut off (line 1, byte 200, in zscaler.net › continent : EMEA › city : Zurich › 0 › latitude): fetch it again"
    );
    assert_eq!(
        wrong("{\"cloudName\":\"zscaler.net\",\n\"prefixes\":[\"192.0.2.0/24\",\n7]}"),
        "invalid type: integer `7`, expected a text with an address or a prefix (line 3, byte 56, in prefixes › 1)"
    );
    assert_eq!(
        wrong("192.0.2.0/24\n\n192.0.2.0/33 # ours\n"),
        "`192.0.2.0/33` is no address and no prefix (line 3, byte 14)"
    );
    assert_eq!(
        wrong(
            r#"{"data":[{"id":"current_dc_body","body":{"json":{"rows":[{"cols":[{"data":[{"ip_address":"x"}]}]}]}}}]}"#
        ),
        "`x` is no address and no prefix (data › 0 › body › json › rows › 0 › cols › 0 › data › 0 › ip_address)"
    );
    assert_eq!(wrong(" \n"), "the document is empty");
    assert!(wrong("<!doctype html><p>no").contains("line 1"), "a proxy's page is no list");
}

#[test]
fn what_no_document_can_mean_is_refused_whole() {
    for (text, why) in [
        (r#"{"a":{}} x"#.to_owned(), "trailing"),
        (r#"{"a":{"c":{},"c":{}}}"#.to_owned(), "`c` occurs twice"),
        (
            r#"{"a":{"c":{"d":[{"range":"192.0.2.0/24","range":"192.0.2.0/25"}]}}}"#.to_owned(),
            "`range` occurs twice",
        ),
        (r#"{"cloudName":"a","prefixes":["0.0.0.0/0"]}"#.to_owned(), "every address"),
        (r#"{"cloudName":"a"}"#.to_owned(), "no list of prefixes"),
        (r#"{"cloudName":"a","prefixes":[null]}"#.to_owned(), "null"),
        (r#"{"status":"success","data":[]}"#.to_owned(), "current_dc_body"),
        (r#"{"svpnIPs":[]"#.to_owned(), "cut off"),
        (r#"{}"#.to_owned(), "no cloud"),
        (r#"{"x":"#.to_owned() + &"[".repeat(100_000), "cut off|recursion|invalid type"),
        (r#"{"a":{"c":{"d":[{"o":"#.to_owned() + &"[".repeat(100_000), "recursion"),
        ("[".repeat(100_000), "invalid type"),
        (format!(r#"{{"a":{{"c":{{"{}":7}}}}}}"#, "x".repeat(100_000)), "invalid type"),
    ] {
        let wrong = Document::read(text.as_bytes()).unwrap_err().to_string();
        assert!(why.split('|').any(|why| wrong.contains(why)) && wrong.len() < 400, "{wrong}");
    }
    let huge = vec![b'1'; LARGEST + 1];
    assert!(matches!(Document::read(&huge), Err(ReadError::TooLarge { .. })));
}

proptest! {
    #[test]
    fn a_document_cut_anywhere_is_refused(at in 1usize..CENR.len()) {
        prop_assume!(CENR.is_char_boundary(at));
        prop_assert!(Document::read(&CENR.as_bytes()[..at]).is_err());
    }

    #[test]
    fn any_bytes_have_an_answer(start in "(\\{\"(cloudName|a|data|ip)\":|\\[|)", rest in proptest::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(document) = Document::read(&[start.as_bytes(), &rest].concat()) {
            let again = Document::read(document.to_text().as_bytes());
            prop_assert!(document.set().is_empty() || again.is_ok());
        }
    }
}

#[test]
fn a_document_nested_without_an_end_is_refused() {
    for (open, close) in [
        ("[", "]"),
        (r#"{"a":"#, "}"),
        (r#"{"a":{"continent : EMEA":{"city : Oslo":[{"x":"#, "}]}}}"),
        (r#"{"cloudName":"a","x":"#, "}"),
        (r#"{"data":["#, "]}"),
    ] {
        for levels in [2_000, 100_000] {
            let text = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            assert!(Document::read(text.as_bytes()).is_err(), "{open}");
            assert!(crate::History::read(text.as_bytes()).is_err(), "{open}");
        }
    }
}
