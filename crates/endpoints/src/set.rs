//! Sets of addresses of both families, and the prefixes that write them down.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::spans::{Spans, Word, last_of};

/// A family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// The family of a prefix.
    pub fn of(net: &IpNet) -> Family {
        match net {
            IpNet::V4(_) => Family::V4,
            IpNet::V6(_) => Family::V6,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Family::V4 => "IPv4",
            Family::V6 => "IPv6",
        })
    }
}

/// A set of addresses. Two sets are equal when they hold the same addresses, however they were written.
///
/// ```
/// use zuno_endpoints::PrefixSet;
///
/// let list = ["192.0.2.0/25", "192.0.2.128/25", "192.0.2.7/32", "2001:db8::/32"];
/// let set: PrefixSet = list.iter().map(|text| text.parse().unwrap()).collect();
/// let fewest: Vec<String> = set.prefixes().map(|net| net.to_string()).collect();
/// assert_eq!(fewest, ["192.0.2.0/24", "2001:db8::/32"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrefixSet {
    pub(crate) v4: Spans<u32>,
    pub(crate) v6: Spans<u128>,
}

fn v4_span(net: &Ipv4Net) -> (u32, u32) {
    let first = net.network().to_bits();
    (first, last_of(first, net.prefix_len()))
}

fn v6_span(net: &Ipv6Net) -> (u128, u128) {
    let first = net.network().to_bits();
    (first, last_of(first, net.prefix_len()))
}

/// A prefix from an address as a number. The length is the family's at most.
pub(crate) fn v4_net(first: u32, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::from_bits(first), length)
}

/// A prefix from an address as a number. The length is the family's at most.
pub(crate) fn v6_net(first: u128, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::from_bits(first), length)
}

impl FromIterator<IpNet> for PrefixSet {
    fn from_iter<I: IntoIterator<Item = IpNet>>(nets: I) -> PrefixSet {
        let nets = nets.into_iter();
        let (mut v4, mut v6) = (Vec::with_capacity(nets.size_hint().0), Vec::new());
        for net in nets {
            match net {
                IpNet::V4(net) => v4.push(v4_span(&net)),
                IpNet::V6(net) => v6.push(v6_span(&net)),
            }
        }
        PrefixSet { v4: Spans::merged(v4), v6: Spans::merged(v6) }
    }
}

impl PrefixSet {
    /// The fewest prefixes that hold exactly these addresses: IPv4 first, ascending.
    pub fn prefixes(&self) -> impl Iterator<Item = IpNet> + '_ {
        let v4 = self.v4.prefixes().map(|(first, length)| IpNet::V4(v4_net(first, length)));
        v4.chain(self.v6.prefixes().map(|(first, length)| IpNet::V6(v6_net(first, length))))
    }

    /// Whether there is no address in it.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// How many addresses of a family are in it; the largest number when every IPv6 address is.
    pub fn size(&self, family: Family) -> u128 {
        match family {
            Family::V4 => self.v4.size(),
            Family::V6 => self.v6.size(),
        }
    }

    /// Whether an address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.contains(address.to_bits()),
            IpAddr::V6(address) => self.v6.contains(address.to_bits()),
        }
    }

    /// Whether every address of a prefix is in it.
    pub fn covers(&self, net: &IpNet) -> bool {
        match net {
            IpNet::V4(net) => {
                let (first, last) = v4_span(net);
                self.v4.covers(first, last)
            }
            IpNet::V6(net) => {
                let (first, last) = v6_span(net);
                self.v6.covers(first, last)
            }
        }
    }

    /// Whether every address of a family is in it, which no list of endpoints can mean.
    pub fn is_everything(&self, family: Family) -> bool {
        match family {
            Family::V4 => self.v4.covers(0, u32::LAST),
            Family::V6 => self.v6.covers(0, u128::LAST),
        }
    }

    /// What is in this set or the other.
    #[must_use]
    pub fn union(&self, other: &PrefixSet) -> PrefixSet {
        PrefixSet { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub fn minus(&self, other: &PrefixSet) -> PrefixSet {
        PrefixSet { v4: self.v4.minus(&other.v4), v6: self.v6.minus(&other.v6) }
    }

    /// What is in this set and of one family.
    #[must_use]
    pub fn only(&self, family: Family) -> PrefixSet {
        match family {
            Family::V4 => PrefixSet { v4: self.v4.clone(), v6: Spans::default() },
            Family::V6 => PrefixSet { v4: Spans::default(), v6: self.v6.clone() },
        }
    }

    /// How many prefixes [`PrefixSet::prefixes`] gives.
    pub fn entries(&self) -> usize {
        self.v4.prefixes().count() + self.v6.prefixes().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(texts: &[&str]) -> PrefixSet {
        texts.iter().map(|text| text.parse::<IpNet>().unwrap()).collect()
    }

    fn shown(set: &PrefixSet) -> Vec<String> {
        set.prefixes().map(|net| net.to_string()).collect()
    }

    #[test]
    fn families_never_mix() {
        let both = set(&["10.0.0.0/9", "10.128.0.0/9", "2001:db8::/33", "2001:db8:8000::/33"]);
        assert_eq!(shown(&both), ["10.0.0.0/8", "2001:db8::/32"]);
        assert_eq!(shown(&both.only(Family::V6)), ["2001:db8::/32"]);
        assert_eq!(both.size(Family::V4), 1 << 24);
        assert_eq!(both.entries(), 2);
        assert!(!both.contains("::10.0.0.1".parse().unwrap()) && both.contains("10.9.9.9".parse().unwrap()));
    }

    #[test]
    fn a_hole_is_cut_with_the_fewest_prefixes() {
        let left = set(&["192.0.2.0/24"]).minus(&set(&["192.0.2.64/26", "192.0.2.255/32"]));
        assert_eq!(
            shown(&left),
            [
                "192.0.2.0/26",
                "192.0.2.128/26",
                "192.0.2.192/27",
                "192.0.2.224/28",
                "192.0.2.240/29",
                "192.0.2.248/30",
                "192.0.2.252/31",
                "192.0.2.254/32"
            ]
        );
        assert!(
            left.covers(&"192.0.2.128/26".parse().unwrap()) && !left.covers(&"192.0.2.0/25".parse().unwrap())
        );
    }

    #[test]
    fn a_whole_family_is_seen() {
        let all = set(&["0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8"]);
        assert!(all.is_everything(Family::V4) && !all.is_everything(Family::V6));
        assert!(!set(&["0.0.0.0/1"]).is_everything(Family::V4));
    }
}
