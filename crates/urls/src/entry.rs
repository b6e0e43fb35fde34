//! Entries of the `urls` lists: how a URL must be written there, and what it then says.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::address::split_scheme;

/// Characters in one entry (documented).
const LONGEST_ENTRY: usize = 1024;
/// Characters in the host of an entry (documented; the portal says 253).
const LONGEST_HOST: usize = 255;
/// Characters between two dots of a host (documented).
const LONGEST_LABEL: usize = 63;

/// A URL, or a family of URLs, that an administrator put into a category.
///
/// Comparing, ordering and hashing go by the canonical text that `Display` writes: lower case throughout, an IPv6
/// host in brackets, no lone slash after the host. Keep the text as it was sent for showing it again: recorded
/// tenants keep the capitals that were typed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlEntry {
    wildcard: bool,
    host: Box<str>,
    ip: Option<IpAddr>,
    port: Option<u16>,
    path: Box<str>,
}

/// The rule of the URL format that an entry breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// Nothing is written.
    #[error("the URL is empty")]
    Empty,
    /// Longer than 1,024 characters.
    #[error("the URL has {0} characters; at most {LONGEST_ENTRY} are allowed")]
    TooLong(usize),
    /// A character outside ASCII; international names are written in Punycode.
    #[error("`{0}` is not an ASCII character")]
    NotAscii(char),
    /// White space or a control character.
    #[error("{0:?} is not allowed in a URL")]
    Unprintable(char),
    /// `https://` and the like stand before the host.
    #[error("leave out `{0}://`")]
    Scheme(String),
    /// An asterisk in the host; the leading dot is the wildcard.
    #[error("`*` is not allowed in a host; begin with a dot to cover the subdomains")]
    Asterisk,
    /// No host before the path.
    #[error("there is no host before the path")]
    NoHost,
    /// The host is one label; whole top-level domains belong into a TLD category.
    #[error("`{0}` is a top-level domain; put it into a TLD category")]
    BareTld(String),
    /// Two dots meet, or a dot ends the host.
    #[error("the host has an empty label")]
    EmptyLabel,
    /// More than 63 characters between two dots.
    #[error("`{0}` has more than {LONGEST_LABEL} characters between dots")]
    LongLabel(String),
    /// More than 255 characters before the port or path.
    #[error("the host has {0} characters; at most {LONGEST_HOST} are allowed")]
    LongHost(usize),
    /// An underscore in the registered domain (guessed: the two last labels).
    #[error("`_` is allowed in subdomains only, not in `{0}`")]
    Underscore(String),
    /// A character that no host name has.
    #[error("`{0}` is not allowed in a host")]
    HostCharacter(char),
    /// The port is no number from 1 to 65535.
    #[error("`{0}` is not a port")]
    Port(String),
    /// The host ends in a number but is no IPv4 address.
    #[error("`{0}` is neither a name nor an IP address")]
    NotAnAddress(String),
    /// A leading dot before an IP address, which has no subdomains.
    #[error("an IP address has no subdomains; leave out the leading dot")]
    DottedAddress,
}

impl UrlEntry {
    /// Reads one entry, ignoring white space around it.
    ///
    /// An asterisk is refused in the host only: the guidelines refuse it everywhere, yet recorded tenants hold
    /// entries with one in the query, where it stands for itself.
    pub fn parse(text: &str) -> Result<UrlEntry, EntryFault> {
        let text = printable(text)?.to_ascii_lowercase();
        let (scheme, _) = split_scheme(&text);
        if !scheme.is_empty() {
            return Err(EntryFault::Scheme(scheme.to_owned()));
        }
        let (authority, path) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
        let (wildcard, authority) = match authority.strip_prefix('.') {
            Some(rest) => (true, rest),
            None => (false, authority),
        };
        let (host, port) = split_port(authority)?;
        let ip = fault_free_host(host)?;
        if wildcard && ip.is_some() {
            return Err(EntryFault::DottedAddress);
        }
        let path = match path {
            "" | "/" => String::new(),
            _ if path.starts_with('/') => path.to_owned(),
            _ => format!("/{path}"),
        };
        let host = ip.map_or_else(|| host.to_owned(), |ip| ip.to_string());
        Ok(UrlEntry { wildcard, host: host.into(), ip, port, path: path.into() })
    }

    /// Whether subdomains are covered too.
    pub fn is_wildcard(&self) -> bool {
        self.wildcard
    }

    /// The host without leading dot or brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The host as an IP address, if it is one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// The only port that is covered; any if none is written.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Path and query with their leading slash, or nothing if any path is covered.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for UrlEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.wildcard { "." } else { "" };
        match self.ip {
            Some(IpAddr::V6(ip)) => write!(f, "[{ip}]")?,
            _ => write!(f, "{dot}{}", self.host)?,
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.path)
    }
}

/// A whole top-level domain, the content of TLD categories, such as `.cn`; further labels (`.co.uk`) are taken too,
/// and the leading dot may be missing (both guessed).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TldEntry(Box<str>);

impl TldEntry {
    /// Reads one entry; what breaks the rules of a host name is refused, as are ports and paths.
    pub fn parse(text: &str) -> Result<TldEntry, EntryFault> {
        let text = printable(text)?.to_ascii_lowercase();
        if let Some(at) = text.find([':', '/', '?', '#']) {
            return Err(EntryFault::HostCharacter(char::from(text.as_bytes()[at])));
        }
        let domain = text.strip_prefix('.').unwrap_or(&text);
        match fault_free_host(domain) {
            Ok(None) | Err(EntryFault::BareTld(_)) => Ok(TldEntry(domain.into())),
            Ok(Some(_)) => Err(EntryFault::NotAnAddress(domain.to_owned())),
            Err(fault) => Err(fault),
        }
    }

    /// The domain without its leading dot.
    pub fn domain(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TldEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ".{}", self.0)
    }
}

/// The text without white space around it, if it is short enough and in printable ASCII.
fn printable(text: &str) -> Result<&str, EntryFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(EntryFault::Empty);
    }
    let length = text.chars().count();
    if length > LONGEST_ENTRY {
        return Err(EntryFault::TooLong(length));
    }
    match text.chars().find(|c| !c.is_ascii_graphic()) {
        Some(c) if c.is_ascii() => Err(EntryFault::Unprintable(c)),
        Some(c) => Err(EntryFault::NotAscii(c)),
        None => Ok(text),
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), EntryFault> {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) if host.parse::<Ipv6Addr>().is_ok() => return Ok((host, None)),
        Some((host, port)) if host.parse::<Ipv6Addr>().is_ok() => match port.strip_prefix(':') {
            Some(port) => (host, port),
            None => return Err(EntryFault::Port(port.to_owned())),
        },
        Some(_) => return Err(EntryFault::HostCharacter('[')),
        None if authority.parse::<Ipv6Addr>().is_ok() => return Ok((authority, None)),
        None => match authority.split_once(':') {
            Some(parts) => parts,
            None => return Ok((authority, None)),
        },
    };
    match port.parse() {
        Ok(number @ 1..) if port.bytes().all(|b| b.is_ascii_digit()) => Ok((host, Some(number))),
        _ => Err(EntryFault::Port(port.to_owned())),
    }
}

/// Checks a host in lower case; gives its address if it is a literal one.
fn fault_free_host(host: &str) -> Result<Option<IpAddr>, EntryFault> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(Some(ip.to_canonical()));
    }
    if host.contains('*') {
        return Err(EntryFault::Asterisk);
    }
    if host.is_empty() {
        return Err(EntryFault::NoHost);
    }
    if host.len() > LONGEST_HOST {
        return Err(EntryFault::LongHost(host.len()));
    }
    if let Some(c) = host.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '_' | '.')) {
        return Err(EntryFault::HostCharacter(c));
    }
    let labels: Vec<&str> = host.split('.').collect();
    for label in &labels {
        if label.is_empty() {
            return Err(EntryFault::EmptyLabel);
        }
        if label.len() > LONGEST_LABEL {
            return Err(EntryFault::LongLabel((*label).to_owned()));
        }
    }
    let top = labels[labels.len() - 1];
    if top.bytes().all(|b| b.is_ascii_digit()) {
        return Err(EntryFault::NotAnAddress(host.to_owned()));
    }
    if let Some(label) = labels.iter().rev().take(2).find(|label| label.contains('_')) {
        return Err(EntryFault::Underscore((*label).to_owned()));
    }
    if labels.len() == 1 {
        return Err(EntryFault::BareTld(host.to_owned()));
    }
    Ok(None)
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
