//! Entries of the `ipRanges` lists: one IPv4 or IPv6 address, or a block of them.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

/// Bits before the IPv4 address in an IPv6 address that stands for one.
const MAPPED: u8 = 96;

/// A block of addresses; one address is a block of full length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpEntry(IpNet);

/// Why a text is no entry of an `ipRanges` list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IpEntryFault {
    /// What stands before the slash is no address.
    #[error("`{0}` is not an IP address")]
    Address(String),
    /// The prefix length is no number, or more than the 32 bits of IPv4 or the 128 of IPv6.
    #[error("`/{0}` is not a prefix length for this address")]
    PrefixLength(String),
}

impl IpEntry {
    /// Reads an address or a block in CIDR notation, ignoring white space around it. Bits beyond the prefix length
    /// are dropped (guessed), and IPv4 written as IPv6 (`::ffff:192.0.2.1`) is IPv4, as in URLs.
    pub fn parse(text: &str) -> Result<IpEntry, IpEntryFault> {
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text.trim(), None),
        };
        let ip: IpAddr = address.parse().map_err(|_| IpEntryFault::Address(address.to_owned()))?;
        let Some(length) = length else { return Ok(IpEntry(ip.to_canonical().into())) };
        let fault = || IpEntryFault::PrefixLength(length.to_owned());
        let bits = length.bytes().all(|b| b.is_ascii_digit()).then(|| length.parse().ok()).flatten();
        let net = IpNet::new(ip, bits.ok_or_else(fault)?).map_err(|_| fault())?;
        let mapped =
            net.prefix_len().checked_sub(MAPPED).filter(|_| ip.is_ipv6() && ip.to_canonical().is_ipv4());
        let net = match mapped {
            Some(length) => IpNet::new(ip.to_canonical(), length).map_err(|_| fault())?,
            None => net,
        };
        Ok(IpEntry(net.trunc()))
    }

    /// The block.
    pub fn net(&self) -> IpNet {
        self.0
    }
}

impl fmt::Display for IpEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() { self.0.addr().fmt(f) } else { self.0.fmt(f) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_blocks_have_one_spelling() {
        for (text, canonical) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1/32", "192.0.2.1"),
            (" 203.0.113.77/24 ", "203.0.113.0/24"),
            ("13.107.6.152/31", "13.107.6.152/31"),
            ("2001:DB8:0::/32", "2001:db8::/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.77/120", "192.0.2.0/24"),
            ("::ffff:0:0/95", "::fffe:0:0/95"),
        ] {
            assert_eq!(IpEntry::parse(text).unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn the_broken_part_is_named() {
        let address = |text: &str| Err(IpEntryFault::Address(text.into()));
        let length = |text: &str| Err(IpEntryFault::PrefixLength(text.into()));
        assert_eq!(IpEntry::parse("example.com"), address("example.com"));
        assert_eq!(IpEntry::parse("192.0.2"), address("192.0.2"));
        assert_eq!(IpEntry::parse("192.0.2.1-192.0.2.9"), address("192.0.2.1-192.0.2.9"));
        assert_eq!(IpEntry::parse("192.0.2.1/33"), length("33"));
        assert_eq!(IpEntry::parse("192.0.2.1/"), length(""));
        assert_eq!(IpEntry::parse("192.0.2.1/+8"), length("+8"));
        assert_eq!(IpEntry::parse("2001:db8::/129"), length("129"));
    }
}
