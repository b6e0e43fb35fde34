//! Address ranges as a part of a location is given them: one address, a block, or first and last with a dash.

use std::net::IpAddr;

use zuno_urls::IpEntry;

/// All addresses from the first to the last. INVARIANT: both are of one family, the first not after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    first: IpAddr,
    last: IpAddr,
}

impl AddressRange {
    /// Reads one of the three spellings.
    pub fn parse(text: &str) -> Option<AddressRange> {
        if let Some((first, last)) = text.split_once('-') {
            let (first, last): (IpAddr, IpAddr) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            let orderly = first.is_ipv4() == last.is_ipv4() && first <= last;
            return orderly.then_some(AddressRange { first, last });
        }
        let block = IpEntry::parse(text).ok()?.net();
        Some(AddressRange { first: block.network(), last: block.broadcast() })
    }

    /// Whether it is one address alone.
    pub fn is_single(&self) -> bool {
        self.first == self.last
    }

    /// Whether any address lies in both.
    pub fn overlaps(&self, other: &AddressRange) -> bool {
        self.first.is_ipv4() == other.first.is_ipv4() && self.first <= other.last && other.first <= self.last
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use proptest::prelude::*;

    use super::AddressRange;

    #[test]
    fn what_is_no_range_is_not_read() {
        for wrong in ["", "10.0.0", "10.0.0.9-10.0.0.1", "10.0.0.1-::1", "10.0.0.0/33", "a-b"] {
            assert_eq!(AddressRange::parse(wrong), None, "{wrong}");
        }
        assert!(AddressRange::parse("2001:db8::/64").is_some());
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))
    }

    proptest! {
        #[test]
        fn overlap_agrees_with_looking_at_every_address(a in 0u8..40, b in 0u8..40, c in 0u8..40, length in 26u8..=32) {
            let range = AddressRange::parse(&format!("10.0.0.{}-10.0.0.{}", a.min(b), a.max(b))).expect("a range");
            let block = AddressRange::parse(&format!("10.0.0.{c}/{length}")).expect("a block");
            let within = |range: &AddressRange, last| range.first <= address(last) && address(last) <= range.last;
            let shared = (0..=255).any(|last| within(&range, last) && within(&block, last));
            prop_assert_eq!(range.overlaps(&block), shared);
            prop_assert_eq!(block.overlaps(&range), shared);
        }
    }
}
