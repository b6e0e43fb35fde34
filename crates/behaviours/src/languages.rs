//! Languages in which members hold texts: each reads a text alone, and knows neither a store nor a product.

pub mod expression;
mod pattern;
mod signature;
mod wrong;

pub use self::wrong::Wrong;
use crate::packets;

/// The first thing that is wrong with some texts of a record, or of a call.
pub type Language = fn(&[&str]) -> Option<Wrong>;

/// The language of a name.
pub fn named(name: &str) -> Option<Language> {
    Some(match name {
        "dlp-expression" => |texts| texts.iter().find_map(|text| expression::dictionaries(text).err()),
        "pcap-filter" => |texts| texts.iter().find_map(|text| packets::check(text).err()).map(of_packets),
        "regex" => pattern::check,
        "snort" => |texts| texts.iter().find_map(|text| signature::check(text).err()),
        _ => return None,
    })
}

fn of_packets(fault: packets::Fault) -> Wrong {
    Wrong { at: fault.at, why: fault.to_string() }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn each_language_takes_its_own_texts_alone() {
        let texts = [
            ("dlp-expression", "D63.S > 1", "D63.S"),
            ("pcap-filter", "tcp port 443", "tcp port 70000"),
            ("regex", "B-[0-9]{4}", "ab(cd"),
            ("snort", "alert ip any any -> any any (msg:\"q\"; sid:7;)", "alert"),
        ];
        for (language, right, none) in texts {
            let wrong = named(language).expect("it is known");
            assert_eq!(wrong(&[right]), None, "{language}");
            assert!(wrong(&[right, none]).is_some(), "{language}");
        }
        assert!(named("prose").is_none());
    }
}
