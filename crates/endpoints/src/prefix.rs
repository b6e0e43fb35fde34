//! Addresses and prefixes as documents and people write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use thiserror::Error;

/// Why a text is no prefix that a list may hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PrefixFault {
    /// It is neither an address nor an address with a length.
    #[error("`{0}` is no address and no prefix")]
    Unreadable(String),
    /// It covers every address of its family: no list of endpoints can mean that.
    #[error("`{0}` is every address there is; a list of endpoints cannot mean that")]
    Everything(String),
}

/// One prefix of a list, and whether it was written as a bare address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Written {
    /// The prefix; bits beyond its length are zero.
    pub net: IpNet,
    /// Written without a length.
    pub bare: bool,
}

/// Reads `192.0.2.0/24`, `2001:db8::/32` or a bare address. Blanks around it are ignored, and so are bits beyond the
/// length: published lists mix hosts and networks (seen).
///
/// # Errors
/// The text is no prefix, or covers a whole family.
pub fn read_prefix(text: &[u8]) -> Result<Written, PrefixFault> {
    let text = text.trim_ascii();
    let written = match read_v4(text) {
        Some((address, length)) => Written {
            net: Ipv4Net::new(Ipv4Addr::from_bits(address), length.unwrap_or(32))
                .map_err(|_| unreadable(text))?
                .trunc()
                .into(),
            bare: length.is_none(),
        },
        None => read_v6(text).ok_or_else(|| unreadable(text))?,
    };
    if written.net.prefix_len() == 0 {
        return Err(PrefixFault::Everything(shortened(text)));
    }
    Ok(written)
}

/// Reads an address.
///
/// # Errors
/// The text is none.
pub fn read_address(text: &[u8]) -> Result<IpAddr, PrefixFault> {
    let text = text.trim_ascii();
    match read_v4(text) {
        Some((address, None)) => Ok(Ipv4Addr::from_bits(address).into()),
        Some(_) => Err(unreadable(text)),
        None => {
            let v6 = std::str::from_utf8(text).ok().and_then(|text| text.parse::<Ipv6Addr>().ok());
            v6.map(IpAddr::V6).ok_or_else(|| unreadable(text))
        }
    }
}

fn unreadable(text: &[u8]) -> PrefixFault {
    PrefixFault::Unreadable(shortened(text))
}

/// A text for a message: hostile input can be long.
pub(crate) fn shortened(text: &[u8]) -> String {
    let start = &text[..text.len().min(60)];
    let shown: String =
        String::from_utf8_lossy(start).chars().map(|c| if c.is_control() { '·' } else { c }).collect();
    if start.len() < text.len() { shown + "…" } else { shown }
}

/// Reads a line that is an IPv4 prefix and nothing else, and tells where the next line begins. This is the way of nearly
/// every line of a long list; whatever is odd about a line is for [`read_prefix`].
pub(crate) fn read_plain_line(text: &[u8]) -> Option<(Written, usize)> {
    let (mut address, mut at) = (0u32, 0);
    for separator in *b".../" {
        let (value, next) = number(text, at)?;
        (*text.get(next)? == separator).then_some(())?;
        address = address << 8 | u32::from(value);
        at = next + 1;
    }
    let (length, end) = number(text, at)?;
    let ended = match text.get(end) {
        None => end,
        Some(b'\n') => end + 1,
        Some(_) => return None,
    };
    (1..=32).contains(&length).then_some(())?;
    let first = address >> (32 - length) << (32 - length);
    let net = Ipv4Net::new_assert(Ipv4Addr::from_bits(first), length);
    Some((Written { net: net.into(), bare: false }, ended))
}

/// Reads `a.b.c.d` with or without `/length`: this stands in the way of every line of a million, so it is written out.
fn read_v4(text: &[u8]) -> Option<(u32, Option<u8>)> {
    let (mut address, mut at) = (0u32, 0);
    for part in 0..4 {
        let (value, next) = number(text, at)?;
        address = address << 8 | u32::from(value);
        at = next;
        if part < 3 {
            (*text.get(at)? == b'.').then_some(())?;
            at += 1;
        }
    }
    if at == text.len() {
        return Some((address, None));
    }
    (text[at] == b'/').then_some(())?;
    let (length, end) = number(text, at + 1)?;
    (end == text.len() && length <= 32).then_some((address, Some(length)))
}

/// A decimal number of at most three digits and 255, without leading zeros: what some take for octal is no number here.
fn number(text: &[u8], start: usize) -> Option<(u8, usize)> {
    let (mut value, mut at) = (0u16, start);
    while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        if at == start + 3 || (at > start && text[start] == b'0') {
            return None;
        }
        value = value * 10 + u16::from(digit);
        at += 1;
    }
    (at > start).then_some(())?;
    Some((u8::try_from(value).ok()?, at))
}

fn read_v6(text: &[u8]) -> Option<Written> {
    let text = std::str::from_utf8(text).ok()?;
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => {
            let plain = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
            (address, Some(plain.then(|| length.parse::<u8>().ok()).flatten()?))
        }
        None => (text, None),
    };
    let net = Ipv6Net::new(address.parse().ok()?, length.unwrap_or(128)).ok()?;
    Some(Written { net: net.trunc().into(), bare: length.is_none() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_of_a_prefix_is_read_and_host_bits_are_dropped() {
        for (text, net, bare) in [
            ("192.0.2.0/24", "192.0.2.0/24", false),
            (" 192.0.2.77/24\r", "192.0.2.0/24", false),
            ("192.0.2.77", "192.0.2.77/32", true),
            ("2001:DB8::1/32", "2001:db8::/32", false),
            ("2001:db8::1", "2001:db8::1/128", true),
        ] {
            let read = read_prefix(text.as_bytes()).unwrap();
            assert_eq!((read.net.to_string().as_str(), read.bare), (net, bare), "{text}");
        }
    }

    #[test]
    fn what_is_no_prefix_is_refused() {
        for text in [
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "256.1.1.1",
            "1.2.3.4/33",
            "1.2.3.4/",
            "1.2.3.4/+8",
            "01.2.3.4",
            "1.2.3.4/08",
            "::1/129",
            "::1/+8",
            "fe80::1%eth0",
            "1.2.3.4-1.2.3.9",
            "example.com",
            "1.2.3.4/24/8",
            "\u{ff11}.2.3.4",
        ] {
            assert!(matches!(read_prefix(text.as_bytes()), Err(PrefixFault::Unreadable(_))), "{text}");
        }
        for text in ["0.0.0.0/0", "::/0", "10.0.0.0/0"] {
            assert!(matches!(read_prefix(text.as_bytes()), Err(PrefixFault::Everything(_))), "{text}");
        }
        assert!(read_prefix(&[b'x'; 10_000]).unwrap_err().to_string().len() < 200);
    }

    proptest! {
        #[test]
        fn the_reader_agrees_with_the_library(text in "[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?") {
            let (address, length) = text.split_once('/').unwrap_or((&text, "32"));
            let address = address.parse::<Ipv4Addr>().ok();
            let length = length.parse::<u8>().ok().filter(|length| *length > 0 && !text.contains("/0"));
            let library = address.zip(length).and_then(|(address, length)| Ipv4Net::new(address, length).ok());
            let library = library.map(|net| IpNet::V4(net.trunc()));
            let line = format!("{text}\n");
            if let Some((plain, end)) = read_plain_line(line.as_bytes()) {
                prop_assert_eq!((Some(plain.net), end), (library, line.len()));
            }
            prop_assert_eq!(read_prefix(text.as_bytes()).ok().map(|read| read.net), library);
        }

        #[test]
        fn any_bytes_have_an_answer(text in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = (read_prefix(&text), read_address(&text));
        }
    }
}
