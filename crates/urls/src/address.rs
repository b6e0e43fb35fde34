//! A URL as people, logs and proxies write it, taken apart once; reading never fails.

use std::net::{IpAddr, Ipv6Addr};

/// The parts of a URL that categories are compared with, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    host: String,
    ip: Option<IpAddr>,
    port: Option<u16>,
    target: String,
}

impl Address {
    /// Reads `host`, `host/path`, `host:port`, `scheme://user@host:port/path?query#fragment` and the like. Case, a
    /// trailing dot and a leading dot of the host, and user names do not count; the fragment is dropped, since no
    /// browser sends it. Text that is no URL becomes a host that nothing matches.
    pub fn read(text: &str) -> Address {
        let text = text.trim().to_ascii_lowercase();
        let (scheme, rest) = split_scheme(&text);
        let (authority, target) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = split_port(authority);
        let host = host.trim_matches('.');
        let ip = host.parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
        let target = target.split('#').next().unwrap_or_default();
        Address {
            host: ip.map_or_else(|| host.to_owned(), |ip| ip.to_string()),
            ip,
            port: port.or(match scheme {
                "http" | "ws" => Some(80),
                "https" | "wss" => Some(443),
                "ftp" => Some(21),
                _ => None,
            }),
            target: if target.starts_with('/') { target.to_owned() } else { format!("/{target}") },
        }
    }

    /// The host, without brackets if it is an IPv6 address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The host as an address, if it is a literal one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// The port that is written, or else the one that the scheme implies.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Path and query, always beginning with a slash.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The host, then each parent domain down to the top-level one; an IP address has no parents.
    pub(crate) fn domains(&self) -> impl Iterator<Item = &str> {
        let is_name = self.ip.is_none();
        std::iter::successors(Some(self.host()), move |domain| {
            domain.split_once('.').map(|(_, parent)| parent).filter(|_| is_name)
        })
    }
}

/// Splits off `scheme://` or a bare `//`.
pub(crate) fn split_scheme(text: &str) -> (&str, &str) {
    match text.split_once("//") {
        Some(("", rest)) => ("", rest),
        Some((scheme, rest)) => match scheme.strip_suffix(':') {
            Some(name) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) => {
                (name, rest)
            }
            _ => ("", text),
        },
        None => ("", text),
    }
}

/// Splits `host:port`, `[v6]:port` or a bare IPv6 address; a port that is no number is left out.
fn split_port(authority: &str) -> (&str, Option<u16>) {
    if let Some((host, port)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, port.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match authority.rsplit_once(':') {
        Some((host, port)) if authority.parse::<Ipv6Addr>().is_err() => (host, port.parse().ok()),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_url_is_read() {
        for (text, host, port, target) in [
            ("example.com", "example.com", None, "/"),
            (" HTTP://User:pw@WWW.Example.com.:8080/A?b#c ", "www.example.com", Some(8080), "/a?b"),
            ("https://example.com", "example.com", Some(443), "/"),
            ("example.com?x=http://y", "example.com", None, "/?x=http://y"),
            ("//example.com/x//y", "example.com", None, "/x//y"),
            ("example.com:no/x", "example.com", None, "/x"),
            ("http://[2001:DB8::0001]:81/x", "2001:db8::1", Some(81), "/x"),
            ("2001:db8::1", "2001:db8::1", None, "/"),
            ("192.0.2.1/x", "192.0.2.1", None, "/x"),
            ("", "", None, "/"),
        ] {
            let address = Address::read(text);
            assert_eq!((address.host(), address.port(), address.target()), (host, port, target), "{text}");
        }
    }

    #[test]
    fn an_ip_address_has_no_parent_domains() {
        assert_eq!(Address::read("a.b.c").domains().collect::<Vec<_>>(), ["a.b.c", "b.c", "c"]);
        assert_eq!(Address::read("192.0.2.1").domains().collect::<Vec<_>>(), ["192.0.2.1"]);
    }
}
