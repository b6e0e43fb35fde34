//! Forms that texts can be held to.

use std::net::{IpAddr, Ipv4Addr};

use serde::{Deserialize, Serialize};

/// A form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// An e-mail address: a name and a domain around one `@`, without spaces.
    Email,
    /// One IP address of either family.
    Ip,
    /// One IPv4 address.
    Ipv4,
    /// An IP address, or a network such as `10.0.0.0/8`.
    Network,
    /// An IPv4 address, a network of them, or a span such as `10.0.0.1-10.0.0.9`.
    Ipv4Span,
    /// An IP address, network or span.
    Span,
    /// A host name of labels: `www.example.com`.
    Host,
    /// A host name, or one with a leading `.` or `*.` for all below it.
    Domain,
    /// An IP address, network or span, or a domain.
    Destination,
}

impl Format {
    /// Why a text does not have the form, in words for whoever sent it.
    ///
    /// # Errors
    /// The words.
    pub fn check(self, text: &str) -> Result<(), String> {
        let ipv4 = |ip: IpAddr| ip.is_ipv4();
        let any = |_: IpAddr| true;
        let (holds, wanted) = match self {
            Format::Email => (is_email(text), "e-mail address; write name@domain"),
            Format::Ip => (text.parse::<IpAddr>().is_ok(), "IP address"),
            Format::Ipv4 => (text.parse::<Ipv4Addr>().is_ok(), "IPv4 address"),
            Format::Network => {
                (is_network(text, any), "IP address or network; write 192.0.2.1 or 192.0.2.0/24")
            }
            Format::Ipv4Span => (
                is_network(text, ipv4) || is_span(text, ipv4),
                "IPv4 address, network or span; write 192.0.2.1-192.0.2.9",
            ),
            Format::Span => (
                is_network(text, any) || is_span(text, any),
                "IP address, network or span; write 192.0.2.1-192.0.2.9",
            ),
            Format::Host => (is_host(text), "host name; write www.example.com"),
            Format::Domain => (is_domain(text), "domain; write example.com or *.example.com"),
            Format::Destination => (
                is_network(text, any) || is_span(text, any) || is_domain(text),
                "address, network, span or domain",
            ),
        };
        if holds { Ok(()) } else { Err(format!("`{text}` is no {wanted}")) }
    }
}

fn is_email(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    matches!(text.split_once('@'), Some((name, domain)) if plain(name) && plain(domain))
}

fn is_network(text: &str, family: impl Fn(IpAddr) -> bool) -> bool {
    let (address, length) =
        text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    family(address) && length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length <= most))
}

fn is_span(text: &str, family: impl Fn(IpAddr) -> bool) -> bool {
    let ends = text.split_once('-').map(|(first, last)| (first.trim().parse(), last.trim().parse()));
    matches!(ends, Some((Ok(first), Ok(last))) if span_holds(first, last) && family(first))
}

fn span_holds(first: IpAddr, last: IpAddr) -> bool {
    first.is_ipv4() == last.is_ipv4() && first <= last
}

/// Letters, digits, `-` and `_` in labels of 63 at most, 253 in all; other letters than ASCII's are taken.
fn is_host(text: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let label = |label: &str| !label.is_empty() && label.len() <= 63 && label.chars().all(plain);
    text.len() <= 253 && !text.is_empty() && text.split('.').all(label) && text.parse::<Ipv4Addr>().is_err()
}

fn is_domain(text: &str) -> bool {
    is_host(text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::Format;

    fn told(format: Format, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert_eq!(format.check(text), Ok(()), "{format:?}");
        }
        for text in wrong {
            assert!(format.check(text).is_err(), "{format:?}: {text}");
        }
    }

    #[test]
    fn an_e_mail_address_has_a_name_and_a_domain() {
        let wrong = ["john", "@example.net", "john@", "a@b@c", "j d@example.net", ""];
        told(Format::Email, &["John.Doe@Example.NET"], &wrong);
    }

    #[test]
    fn addresses_networks_and_spans_are_told_apart() {
        told(Format::Ipv4, &["192.0.2.1"], &["192.0.2.256", "2001:db8::1", "192.0.2.0/24", "01.2.3.4"]);
        told(Format::Ip, &["192.0.2.1", "2001:db8::1"], &["192.0.2.0/24", "host", ""]);
        told(
            Format::Network,
            &["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"],
            &["10.0.0.0/33", "10.0.0.0/", "10.0.0.1-10.0.0.9"],
        );
        let spans = ["192.0.2.1", "10.0.0.0/8", "10.0.0.1-10.0.0.9"];
        told(
            Format::Ipv4Span,
            &spans,
            &["10.0.0.9-10.0.0.1", "2001:db8::1", "10.0.0.1-", "10.0.0.1-2001:db8::1", "a-b"],
        );
        told(Format::Span, &["2001:db8::1-2001:db8::9", "10.0.0.1"], &["*.example.com"]);
    }

    #[test]
    fn a_star_stands_for_whole_labels_at_the_front_alone() {
        told(
            Format::Host,
            &["www.example.com", "intranet", "b\u{fc}cher.example"],
            &["*.example.com", "a..b", "-.", "a b", "192.0.2.1"],
        );
        told(
            Format::Domain,
            &["*.example.com", ".example.com"],
            &["*abc.example.com", "abs.*.example.com", "*.", "*"],
        );
        told(
            Format::Destination,
            &["10.0.0.0/8", "*.example.com", "10.0.0.1-10.0.0.9"],
            &["a b", "10.0.0.0/99"],
        );
    }

    #[test]
    fn whatever_the_text_it_takes_a_time_that_grows_with_its_length_alone() {
        for piece in [".", "-", "a.", "/", "*.", "1."] {
            let _ = Format::Destination.check(&piece.repeat(30_000));
        }
    }
}
