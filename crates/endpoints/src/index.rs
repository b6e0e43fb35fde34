//! Where an address is: every listed prefix that holds it, the narrowest first.
//!
//! Prefixes nest or are apart, so a list of them cuts the addresses of a family into stretches within which the answer
//! is the same. A look-up finds the stretch; the stretch names the narrowest prefix, and that one the next wider.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::listed::Listed;
use crate::spans::{Word, last_of};

/// No prefix.
const NONE: u32 = u32::MAX;

/// An index of listed prefixes.
#[derive(Clone, Debug, Default)]
pub struct Index<'d> {
    listed: Vec<Listed<'d>>,
    nests: Vec<Nest>,
    v4: Stretches<u32>,
    v6: Stretches<u128>,
}

/// A prefix, however often it is listed.
#[derive(Clone, Debug)]
struct Nest {
    /// Where its listings are.
    start: u32,
    end: u32,
    /// The next wider prefix.
    wider: u32,
}

#[derive(Clone, Debug, Default)]
struct Stretches<W> {
    starts: Vec<W>,
    /// The narrowest prefix from each start on.
    nests: Vec<u32>,
    /// For the upper half of an IPv4 address, the first stretch that can hold it; empty for IPv6.
    coarse: Vec<u32>,
}

impl<'d> Index<'d> {
    /// Indexes what documents list.
    pub fn new(listed: impl IntoIterator<Item = Listed<'d>>) -> Index<'d> {
        let mut listed: Vec<Listed<'d>> = listed.into_iter().collect();
        // Wider before narrower; listings of one prefix keep their order.
        listed.sort_by_key(|one| (one.net.network(), one.net.prefix_len()));
        let mut index = Index { listed, ..Index::default() };
        let (mut open4, mut open6) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < index.listed.len() {
            let net = index.listed[at].net;
            let same = index.listed[at..].iter().take_while(|other| other.net == net).count();
            let nest = index.nests.len() as u32;
            let wider = match net {
                IpNet::V4(net) => {
                    let first = net.network().to_bits();
                    index.v4.open(&mut open4, first, last_of(first, net.prefix_len()), nest)
                }
                IpNet::V6(net) => {
                    let first = net.network().to_bits();
                    index.v6.open(&mut open6, first, last_of(first, net.prefix_len()), nest)
                }
            };
            index.nests.push(Nest { start: at as u32, end: (at + same) as u32, wider });
            at += same;
        }
        index.v4.close(&mut open4, None);
        index.v6.close(&mut open6, None);
        index.v4.make_coarse();
        index
    }

    /// Every listing whose prefix holds an address, the narrowest prefix first; those of one prefix in document order.
    pub fn at(&self, address: IpAddr) -> impl Iterator<Item = &Listed<'d>> {
        let nest = match address {
            IpAddr::V4(address) => self.v4.find_coarsely(address.to_bits()),
            IpAddr::V6(address) => self.v6.find(address.to_bits()),
        };
        let nests =
            std::iter::successors(self.nests.get(nest as usize), |nest| self.nests.get(nest.wider as usize));
        nests.flat_map(|nest| &self.listed[nest.start as usize..nest.end as usize])
    }

    /// Whether any listed prefix holds an address.
    pub fn holds(&self, address: IpAddr) -> bool {
        self.at(address).next().is_some()
    }

    /// How many prefixes are indexed, however often each is listed.
    pub fn prefixes(&self) -> usize {
        self.nests.len()
    }
}

impl<W: Word> Stretches<W> {
    /// Begins a prefix; those that are open are wider or end before it. Tells the next wider.
    fn open(&mut self, open: &mut Vec<(W, u32)>, first: W, last: W, nest: u32) -> u32 {
        self.close(open, Some(first));
        let wider = open.last().map_or(NONE, |&(_, wider)| wider);
        self.begin(first, nest);
        open.push((last, nest));
        wider
    }

    /// Ends the open prefixes that end before an address; all of them without one.
    fn close(&mut self, open: &mut Vec<(W, u32)>, before: Option<W>) {
        while let Some((last, _)) = open.pop_if(|(last, _)| before.is_none_or(|before| *last < before)) {
            if let Some(next) = last.next() {
                self.begin(next, open.last().map_or(NONE, |&(_, wider)| wider));
            }
        }
    }

    fn begin(&mut self, first: W, nest: u32) {
        if self.starts.last() == Some(&first) {
            self.nests.pop();
            self.starts.pop();
        }
        self.starts.push(first);
        self.nests.push(nest);
    }

    fn find(&self, address: W) -> u32 {
        self.among(0, self.starts.len(), address)
    }

    fn among(&self, from: usize, to: usize, address: W) -> u32 {
        let after = from + self.starts[from..to].partition_point(|start| *start <= address);
        after.checked_sub(1).map_or(NONE, |at| self.nests[at])
    }
}

impl Stretches<u32> {
    fn make_coarse(&mut self) {
        if self.starts.is_empty() {
            return;
        }
        self.coarse = vec![0; (1 << 16) + 1];
        let mut at = 0;
        for (half, first) in self.coarse.iter_mut().enumerate() {
            while self.starts.get(at).is_some_and(|start| ((start >> 16) as usize) < half) {
                at += 1;
            }
            *first = at as u32;
        }
    }

    fn find_coarsely(&self, address: u32) -> u32 {
        let half = (address >> 16) as usize;
        match self.coarse.get(half..half + 2) {
            Some(bounds) => self.among(bounds[0] as usize, bounds[1] as usize, address),
            None => NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;
    use crate::prefix::Written;
    use crate::{Document, read_prefix};

    fn document(texts: &[String]) -> Document {
        Document::Lines(
            texts.iter().map(|text| read_prefix(text.as_bytes()).unwrap()).collect::<Vec<Written>>(),
        )
    }

    proptest! {
        #[test]
        fn a_look_up_agrees_with_a_scan(list in proptest::collection::vec((any::<u16>(), 14u8..=32, any::<bool>()), 0..40), probes in proptest::collection::vec(any::<u16>(), 40)) {
            let texts: Vec<String> = list.iter().map(|(low, length, six)| match six {
                true => format!("2001:db8::{low:x}/{}", length + 96),
                false => format!("{}/{length}", Ipv4Addr::from(0x0a00_0000 | u32::from(*low))),
            }).collect();
            let document = document(&texts);
            let index = Index::new(document.listed());
            for probe in probes {
                let four = IpAddr::from(Ipv4Addr::from(0x0a00_0000 | u32::from(probe)));
                let six: IpAddr = format!("2001:db8::{probe:x}").parse().unwrap();
                for address in [four, six, "10.1.0.0".parse().unwrap(), "::".parse().unwrap(), "255.255.255.255".parse().unwrap()] {
                    let mut expected: Vec<IpNet> = document.listed().map(|one| one.net).filter(|net| net.contains(&address)).collect();
                    expected.sort_by_key(|net| std::cmp::Reverse(net.prefix_len()));
                    let got: Vec<IpNet> = index.at(address).map(|one| one.net).collect();
                    prop_assert_eq!(got, expected);
                }
            }
        }
    }

    #[test]
    fn the_last_address_of_a_family_ends_nothing_else() {
        let document = document(&["255.255.255.0/24".into(), "255.255.255.255".into(), "ffff::/16".into()]);
        let index = Index::new(document.listed());
        let count = |text: &str| index.at(text.parse().unwrap()).count();
        assert_eq!((count("255.255.255.255"), count("255.255.255.254"), count("255.255.254.255")), (2, 1, 0));
        assert_eq!((count("ffff::1"), count("fffe::")), (1, 0));
        assert!(!Index::default().holds("10.0.0.1".parse().unwrap()));
    }
}
