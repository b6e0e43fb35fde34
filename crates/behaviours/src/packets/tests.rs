use proptest::prelude::*;

use super::{DEEPEST, LONGEST, check};

#[test]
fn filters_of_the_manual_page_are_read() {
    for text in [
        "",
        "host sundown",
        "host helios and (hot or ace)",
        "ip host ace and not helios",
        "net ucb-ether",
        "gateway snup and (port ftp or ftp-data)",
        "ip and not net localnet",
        "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not src and dst net localnet",
        "tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)",
        "gateway snup and ip[2:2] > 576",
        "ether[0] & 1 = 0 and ip[16] >= 224",
        "icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply",
        "tcp dst port ftp or ftp-data or domain",
        "port 80 or 443 || port (8080 or 8443)",
        "src or dst host 10.0.0.1",
        "net 10.0.0.0/8 and not net 10.1.0.0 mask 255.255.0.0",
        "ip6 net 2001:db8::/32 or host ::1",
        "ether host 00:1a:2b:3c:4d:5e and vlan 100 and vlan",
        "udp portrange 6000-6008",
        "ip proto \\tcp or ip protochain 6",
        "len > 100 and less 200 and ether broadcast",
        "not arp",
        "!(udp port 53)",
        "1 = 1",
    ] {
        assert_eq!(check(text), Ok(()), "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, words) in [
        ("host", "the filter ends too early at character 5"),
        ("port 70000", "`70000` is no port at character 6"),
        ("port mine", "`mine` is no port at character 6"),
        ("tcp port 80 and", "the filter ends too early at character 16"),
        ("(tcp or udp", "`)` is missing at character 12"),
        ("tcp[0:3] = 1", "1, 2 or 4 bytes are taken, before at character 8"),
        ("tcp ; udp", "a filter has no `;` at character 5"),
        ("tcp = 1", "only numbers are compared, before at character 8"),
        ("tcp udp", "`udp` is not expected at character 5"),
        ("99999999999 = 1", "`99999999999` is too large at character 1"),
    ] {
        assert_eq!(check(text).map_err(|fault| fault.to_string()), Err(words.to_owned()), "{text}");
    }
    assert!(check("80").is_err() && check("ip[0]").is_err() && check("host and").is_err());
}

#[test]
fn brackets_and_length_have_a_bound() {
    let nested = |depth: usize| format!("{}tcp{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!((check(&nested(DEEPEST)), check(&nested(DEEPEST + 1)).is_err()), (Ok(()), true));
    for opening in ["(", "ip[", "port (", "!", "-"] {
        assert!(check(&opening.repeat(LONGEST / opening.len())).is_err());
    }
    assert!(check(&" ".repeat(LONGEST + 1)).is_err());
}

/// Filters, with a number or a test wherever one may stand.
fn filter() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (0u32..70_000).prop_map(|number| number.to_string()),
        Just("len".to_owned()),
        (0u8..60).prop_map(|offset| format!("tcp[{offset}:2]")),
    ];
    let number = number.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), prop_oneof![Just("+"), Just("&"), Just("<<"), Just("*")], inner)
            .prop_map(|(left, sign, right)| format!("({left} {sign} {right})"))
    });
    let test = prop_oneof![
        (number.clone(), prop_oneof![Just("="), Just("!="), Just("<=")], number)
            .prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
        (0u16..=65_535).prop_map(|port| format!("tcp dst port {port}")),
        Just("host a.example and not b.example".to_owned()),
        Just("icmp6".to_owned()),
    ];
    test.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop_oneof![Just("and"), Just("||")], inner.clone())
                .prop_map(|(left, join, right)| format!("{left} {join} {right}")),
            inner.prop_map(|inner| format!("not ({inner})")),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_made_by_the_rules_is_read_and_half_of_it_has_a_place(text in filter(), cut in any::<prop::sample::Index>()) {
        if text.len() <= LONGEST {
            prop_assert_eq!(check(&text), Ok(()));
            let half = &text[..cut.index(text.len())];
            if let Err(fault) = check(half) {
                prop_assert!(fault.at <= half.chars().count() + 1);
            }
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        if let Err(fault) = check(&text) {
            prop_assert!(fault.at <= text.chars().count() + 1 && fault.what.len() < text.len() + 100);
        }
    }
}
