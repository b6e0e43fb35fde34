//! Fewer prefixes than are exact, for a target that holds only so many: what is given up is chosen where it costs the
//! fewest added addresses for each entry saved, and every added address is told.
//!
//! The prefixes of a set are the leaves of a binary tree. Replacing a node's leaves by the node itself adds addresses
//! and saves entries; the node with the least added for each saved goes first (weakest-link pruning, as for regression
//! trees). For the number of entries it ends with, no other choice adds less.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use ipnet::IpNet;
use thiserror::Error;

use crate::set::{Family, PrefixSet, v4_net, v6_net};
use crate::spans::{Spans, Word, last_of};

/// How far a set may be widened.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Allowance {
    /// Addresses that may be added, as a share of the addresses that a family has in the set: 0.05 is five in a
    /// hundred. Without it, as many as the number of entries asks for.
    pub slack: Option<f64>,
    /// Entries that the whole list may have, both families together. Without it, as few as the slack lets.
    pub entries: Option<usize>,
}

/// No prefix is widened beyond this length: a shorter one would be a part of the Internet rather than of a cloud.
pub const SHORTEST: [(Family, u8); 2] = [(Family::V4, 8), (Family::V6, 16)];

/// One prefix that holds more than was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widening {
    /// The prefix that goes into the list.
    pub prefix: IpNet,
    /// How many addresses it holds that were not in the set.
    pub added: u128,
    /// How many prefixes of the exact list it stands for.
    pub replaces: usize,
}

/// A widened set.
#[derive(Clone, Debug, Default)]
pub struct Widened {
    /// The set with what was added.
    pub set: PrefixSet,
    /// What was widened; nothing when the exact list was short enough.
    pub widenings: Vec<Widening>,
}

/// The list cannot be that short.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{asked} entries are too few: within the slack, and with no prefix shorter than /8 (IPv4) or /16 (IPv6), {least} are needed"
)]
pub struct TooFew {
    /// The entries asked for.
    pub asked: usize,
    /// The fewest that can be had.
    pub least: usize,
}

/// Widens a set until it is short enough, or as far as the slack lets.
///
/// # Errors
/// The wanted number of entries cannot be reached.
pub fn widen(set: &PrefixSet, allowance: Allowance) -> Result<Widened, TooFew> {
    let mut trees = (Tree::new(&set.v4, SHORTEST[0].1), Tree::new(&set.v6, SHORTEST[1].1));
    let slack = allowance.slack.unwrap_or(f64::INFINITY);
    let wanted = allowance.entries.unwrap_or(if allowance.slack.is_some() { 1 } else { usize::MAX });
    loop {
        let entries = trees.0.entries() + trees.1.entries();
        if entries <= wanted {
            break;
        }
        let (v4, v6) = (trees.0.weakest(slack), trees.1.weakest(slack));
        match (v4, v6) {
            (None, None) if allowance.entries.is_some() => {
                return Err(TooFew { asked: wanted, least: entries });
            }
            (None, None) => break,
            (Some(one), Some(other)) if other < one => trees.1.prune(),
            (Some(_), _) => trees.0.prune(),
            (None, Some(_)) => trees.1.prune(),
        }
    }
    let (v4, v6) = (trees.0.leaves(), trees.1.leaves());
    let spans4 = v4.iter().map(|leaf| (leaf.first, last_of(leaf.first, leaf.length))).collect();
    let spans6 = v6.iter().map(|leaf| (leaf.first, last_of(leaf.first, leaf.length))).collect();
    let told = |prefix: IpNet, added: u128, replaces: usize| Widening { prefix, added, replaces };
    let four = v4.iter().map(|leaf| told(v4_net(leaf.first, leaf.length).into(), leaf.added, leaf.replaces));
    let six = v6.iter().map(|leaf| told(v6_net(leaf.first, leaf.length).into(), leaf.added, leaf.replaces));
    Ok(Widened {
        widenings: four.chain(six).filter(|widening| widening.added > 0).collect(),
        set: PrefixSet { v4: Spans::merged(spans4), v6: Spans::merged(spans6) },
    })
}

struct Node<W> {
    first: W,
    length: u8,
    parent: Option<usize>,
    children: Option<(usize, usize)>,
    /// Addresses below that are in the set.
    held: u128,
    /// Leaves of the exact list below.
    leaves: usize,
    /// What is left below after pruning, and what pruning below added.
    entries: usize,
    added: u128,
    /// Counts the changes below, so that an outdated candidate is known for one.
    version: u32,
}

struct Leaf<W> {
    first: W,
    length: u8,
    added: u128,
    replaces: usize,
}

struct Candidate {
    /// Added addresses for each entry saved, as a share of the family's addresses in the set.
    cost: f64,
    node: usize,
    version: u32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> Ordering {
        // A heap gives the greatest first, and the cheapest is wanted; the larger block breaks a tie, for it has a
        // lower number.
        other.cost.total_cmp(&self.cost).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Candidate) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}

struct Tree<W> {
    nodes: Vec<Node<W>>,
    heap: BinaryHeap<Candidate>,
    shortest: u8,
    size: f64,
}

impl<W: Word> Tree<W> {
    fn new(spans: &Spans<W>, shortest: u8) -> Tree<W> {
        let prefixes: Vec<(W, u8)> = spans.prefixes().collect();
        let mut tree = Tree {
            nodes: Vec::with_capacity(prefixes.len() * 2),
            heap: BinaryHeap::new(),
            shortest,
            size: spans.size() as f64,
        };
        if !prefixes.is_empty() {
            tree.grow(&prefixes, None);
            for node in 0..tree.nodes.len() {
                tree.offer(node);
            }
        }
        tree
    }

    /// Adds the tree above a sorted slice of prefixes and tells its root.
    fn grow(&mut self, prefixes: &[(W, u8)], parent: Option<usize>) -> usize {
        let (first, last) = (prefixes[0], prefixes[prefixes.len() - 1]);
        let at = self.nodes.len();
        let single = prefixes.len() == 1;
        let differing = 128 - (first.0.wide() ^ last.0.wide()).leading_zeros();
        let length = if single { first.1 } else { W::BITS - differing as u8 };
        let block = if length == 0 { 0 } else { first.0.wide() >> (W::BITS - length) << (W::BITS - length) };
        self.nodes.push(Node {
            first: W::narrow(block),
            length,
            parent,
            children: None,
            held: block_size::<W>(first.1),
            leaves: 1,
            entries: 1,
            added: 0,
            version: 0,
        });
        if !single {
            let half = block | 1u128 << (W::BITS - length - 1);
            let cut = prefixes.partition_point(|prefix| prefix.0.wide() < half);
            let left = self.grow(&prefixes[..cut], Some(at));
            let right = self.grow(&prefixes[cut..], Some(at));
            let (held, leaves) =
                (self.nodes[left].held.saturating_add(self.nodes[right].held), prefixes.len());
            let node = &mut self.nodes[at];
            (node.children, node.held, node.leaves, node.entries) =
                (Some((left, right)), held, leaves, leaves);
        }
        at
    }

    fn entries(&self) -> usize {
        self.nodes.first().map_or(0, |root| root.entries)
    }

    /// What pruning at a node would add beyond what pruning below it has added already.
    fn price(&self, node: usize) -> u128 {
        let node = &self.nodes[node];
        (block_size::<W>(node.length) - node.held).saturating_sub(node.added)
    }

    fn offer(&mut self, at: usize) {
        let node = &self.nodes[at];
        if node.entries > 1 && node.length >= self.shortest {
            let cost = self.price(at) as f64 / self.size / (node.entries - 1) as f64;
            self.heap.push(Candidate { cost, node: at, version: node.version });
        }
    }

    /// The cost of the next pruning that the slack lets; leaves that candidate on top.
    fn weakest(&mut self, slack: f64) -> Option<f64> {
        loop {
            let top = self.heap.peek()?;
            let current = self.nodes[top.node].version == top.version;
            let total = self.nodes[0].added.saturating_add(self.price(top.node)) as f64;
            if current && total / self.size <= slack {
                return Some(top.cost);
            }
            // What does not fit now may fit no more: the total only grows.
            self.heap.pop();
        }
    }

    /// Prunes at the candidate on top.
    fn prune(&mut self) {
        let Some(top) = self.heap.pop() else { return };
        let (saved, price) = (self.nodes[top.node].entries - 1, self.price(top.node));
        self.nodes[top.node].children = None;
        let mut at = Some(top.node);
        while let Some(node) = at {
            let above = &mut self.nodes[node];
            above.entries -= saved;
            above.added += price;
            above.version += 1;
            at = above.parent;
            self.offer(node);
        }
        // INVARIANT: a node's descendants follow it. They are out of the tree now, and with them their candidates.
        let below = top.node + 1..top.node + self.nodes[top.node].leaves * 2 - 1;
        self.nodes[below].iter_mut().for_each(|node| node.version = u32::MAX);
    }

    fn leaves(&self) -> Vec<Leaf<W>> {
        let mut leaves = Vec::with_capacity(self.entries());
        let mut open = if self.nodes.is_empty() { Vec::new() } else { vec![0] };
        while let Some(at) = open.pop() {
            let node = &self.nodes[at];
            match node.children {
                Some((left, right)) => open.extend([right, left]),
                None => leaves.push(Leaf {
                    first: node.first,
                    length: node.length,
                    added: node.added,
                    replaces: node.leaves,
                }),
            }
        }
        leaves
    }
}

/// The addresses of a block; the largest number for a whole 128-bit family.
fn block_size<W: Word>(length: u8) -> u128 {
    1u128.checked_shl(u32::from(W::BITS - length)).unwrap_or(u128::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// The least that must be added to write a set down with `entries` prefixes, by trying everything; the universe has
    /// 32 addresses.
    fn least(set: &BTreeSet<u8>, first: u8, size: u8, entries: usize) -> Option<u128> {
        let held = (first..first + size).filter(|address| set.contains(address)).count();
        match (held, entries) {
            (0, _) => return Some(0),
            (_, 0) => return None,
            _ => {}
        }
        let whole = u128::from(size) - held as u128;
        if size == 1 {
            return Some(whole);
        }
        let half = size / 2;
        let split = (0..=entries).filter_map(|left| {
            Some(least(set, first, half, left)? + least(set, first + half, half, entries - left)?)
        });
        split.chain([whole]).min()
    }

    fn exact(addresses: &BTreeSet<u8>) -> PrefixSet {
        addresses.iter().map(|address| format!("10.0.0.{address}/32").parse::<IpNet>().unwrap()).collect()
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_added_in_vain(addresses in proptest::collection::btree_set(0u8..32, 1..20), entries in 1usize..8) {
            let set = exact(&addresses);
            let widened = widen(&set, Allowance { entries: Some(entries), slack: None }).unwrap();
            let got = widened.set.entries();
            prop_assert!(got <= entries && set.minus(&widened.set).is_empty());
            let added = widened.set.size(Family::V4) - set.size(Family::V4);
            prop_assert_eq!(added, widened.widenings.iter().map(|one| one.added).sum::<u128>());
            prop_assert_eq!(Some(added), least(&addresses, 0, 32, got));
        }

        #[test]
        fn the_slack_is_never_passed(addresses in proptest::collection::btree_set(any::<u8>(), 1..60), hundredths in 0u32..200) {
            let set = exact(&addresses);
            let slack = f64::from(hundredths) / 100.0;
            let widened = widen(&set, Allowance { slack: Some(slack), entries: None }).unwrap();
            let added = (widened.set.size(Family::V4) - set.size(Family::V4)) as f64;
            prop_assert!(added <= slack * set.size(Family::V4) as f64 + 1e-9);
            prop_assert!(widened.set.entries() <= set.entries() && set.minus(&widened.set).is_empty());
        }
    }

    fn set(texts: &[&str]) -> PrefixSet {
        texts.iter().map(|text| text.parse::<IpNet>().unwrap()).collect()
    }

    #[test]
    fn what_was_widened_is_told() {
        let list = set(&[
            "192.0.2.0/26",
            "192.0.2.128/25",
            "198.51.100.0/24",
            "2001:db8::/33",
            "2001:db8:c000::/34",
        ]);
        let widened = widen(&list, Allowance { entries: Some(3), slack: None }).unwrap();
        let told: Vec<String> =
            widened.widenings.iter().map(|one| format!("{} +{}", one.prefix, one.added)).collect();
        assert_eq!(told, ["192.0.2.0/24 +64", format!("2001:db8::/32 +{}", 1u128 << 94).as_str()]);
        let exact = widen(&list, Allowance::default()).unwrap();
        assert!(exact.widenings.is_empty() && exact.set == list);
    }

    #[test]
    fn a_part_of_the_internet_is_never_made_of_two_prefixes() {
        let far = set(&["10.0.0.0/24", "203.0.113.0/24", "2001:db8::/32", "fc00::/32"]);
        let wrong = widen(&far, Allowance { entries: Some(3), slack: None }).unwrap_err();
        assert_eq!(wrong, TooFew { asked: 3, least: 4 });
        assert_eq!(
            widen(&PrefixSet::default(), Allowance { entries: Some(1), slack: None }).unwrap().set.entries(),
            0
        );
    }
}
