//! Sets of addresses of one family as sorted spans that neither overlap nor touch: the form in which union, difference
//! and the fewest prefixes are each one walk.

use std::fmt::Debug;

/// An address of a family as a number.
pub(crate) trait Word: Copy + Ord + Debug {
    /// How many bits it has.
    const BITS: u8;
    /// The last address of the family.
    const LAST: Self;
    /// The next address; none after the last.
    fn next(self) -> Option<Self>;
    /// The address before; none before the first.
    fn previous(self) -> Option<Self>;
    /// As a wide number.
    fn wide(self) -> u128;
    /// From a wide number that fits.
    fn narrow(wide: u128) -> Self;
    /// The last address of the prefix that begins here.
    fn last_of(self, length: u8) -> Self;
    /// The length of the largest prefix that begins here and ends at `last` or before.
    fn largest(self, last: Self) -> u8;
    /// Sorts spans by their first address.
    fn sort(spans: &mut Vec<(Self, Self)>) {
        spans.sort_unstable_by_key(|span| span.0);
    }
}

macro_rules! word {
    ($type:ty $(, $sort:item)?) => {
        impl Word for $type {
            const BITS: u8 = <$type>::BITS as u8;
            const LAST: Self = <$type>::MAX;
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn previous(self) -> Option<Self> {
                self.checked_sub(1)
            }
            fn wide(self) -> u128 {
                self.into()
            }
            fn narrow(wide: u128) -> Self {
                wide as $type
            }
            fn last_of(self, length: u8) -> Self {
                self | <$type>::MAX.checked_shr(u32::from(length)).unwrap_or(0)
            }
            fn largest(self, last: Self) -> u8 {
                let aligned = self.trailing_zeros();
                let fits = (last - self).checked_add(1).map_or(<$type>::BITS, |size| size.ilog2());
                (<$type>::BITS - aligned.min(fits)) as u8
            }
            $($sort)?
        }
    };
}

word!(
    u32,
    fn sort(spans: &mut Vec<(u32, u32)>) {
        if spans.len() < 1 << 12 {
            spans.sort_unstable_by_key(|span| span.0);
        } else {
            sort_by_digits(spans);
        }
    }
);
word!(u128);
#[cfg(test)]
word!(u8);

/// Sorts by the first address, eleven bits at a time: three walks, whatever the order was.
fn sort_by_digits(spans: &mut Vec<(u32, u32)>) {
    const BITS: u32 = 11;
    let mut other = vec![(0, 0); spans.len()];
    for shift in [0, BITS, 2 * BITS] {
        let digit = |first: u32| (first >> shift) as usize & ((1 << BITS) - 1);
        let mut starts = [0usize; (1 << BITS) + 1];
        for span in spans.iter() {
            starts[digit(span.0) + 1] += 1;
        }
        for at in 0..1 << BITS {
            starts[at + 1] += starts[at];
        }
        for span in spans.iter() {
            let place = &mut starts[digit(span.0)];
            other[*place] = *span;
            *place += 1;
        }
        std::mem::swap(spans, &mut other);
    }
}

/// The last address of a prefix.
pub(crate) fn last_of<W: Word>(first: W, length: u8) -> W {
    first.last_of(length)
}

/// Sorted spans, first and last address of each. INVARIANT: at least one address lies between two spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spans<W>(Vec<(W, W)>);

impl<W> Default for Spans<W> {
    fn default() -> Spans<W> {
        Spans(Vec::new())
    }
}

impl<W: Word> Spans<W> {
    /// Merges spans in any order, overlapping or not.
    pub fn merged(mut spans: Vec<(W, W)>) -> Spans<W> {
        if !spans.is_sorted() {
            W::sort(&mut spans);
        }
        let mut kept = 0;
        for at in 1..spans.len() {
            let (first, last) = spans[at];
            let open = &mut spans[kept];
            if open.1.next().is_none_or(|after| first <= after) {
                open.1 = open.1.max(last);
            } else {
                kept += 1;
                spans[kept] = (first, last);
            }
        }
        spans.truncate(if spans.is_empty() { 0 } else { kept + 1 });
        Spans(spans)
    }

    #[cfg(test)]
    pub fn as_slice(&self) -> &[(W, W)] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many addresses; the largest number when a whole 128-bit family is meant.
    pub fn size(&self) -> u128 {
        let size = |&(first, last): &(W, W)| (last.wide() - first.wide()).saturating_add(1);
        self.0.iter().map(size).fold(0, u128::saturating_add)
    }

    pub fn contains(&self, address: W) -> bool {
        self.covers(address, address)
    }

    /// Whether every address from `first` to `last` is in the set.
    pub fn covers(&self, first: W, last: W) -> bool {
        let at = self.0.partition_point(|span| span.0 <= first);
        at.checked_sub(1).is_some_and(|before| last <= self.0[before].1)
    }

    pub fn union(&self, other: &Spans<W>) -> Spans<W> {
        Spans::merged([self.0.as_slice(), &other.0].concat())
    }

    /// What is in this set and not in the other.
    pub fn minus(&self, other: &Spans<W>) -> Spans<W> {
        let mut left = Vec::with_capacity(self.0.len());
        let mut holes = other.0.iter().copied().peekable();
        for &(mut first, last) in &self.0 {
            while holes.next_if(|hole| hole.1 < first).is_some() {}
            loop {
                match holes.peek() {
                    Some(&(from, to)) if from <= last => {
                        if let Some(before) = from.previous().filter(|before| first <= *before) {
                            left.push((first, before));
                        }
                        // The hole may reach into the next span: it stays until a span begins beyond it.
                        match to.next().filter(|next| *next <= last) {
                            Some(next) => first = next,
                            None => break,
                        }
                        holes.next();
                    }
                    _ => {
                        left.push((first, last));
                        break;
                    }
                }
            }
        }
        Spans(left)
    }

    /// The fewest prefixes that hold exactly this set, in order, as address and length.
    pub fn prefixes(&self) -> impl Iterator<Item = (W, u8)> + '_ {
        self.0.iter().flat_map(|&(first, last)| Cut { rest: Some((first, last)) })
    }
}

/// Cuts a span into the fewest prefixes.
struct Cut<W> {
    rest: Option<(W, W)>,
}

impl<W: Word> Iterator for Cut<W> {
    type Item = (W, u8);

    fn next(&mut self) -> Option<(W, u8)> {
        let (first, last) = self.rest?;
        let length = first.largest(last);
        let end = first.last_of(length);
        self.rest = end.next().filter(|next| *next <= last).map(|next| (next, last));
        Some((first, length))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn prefix() -> impl Strategy<Value = (u8, u8)> {
        (any::<u8>(), 0u8..=8).prop_map(|(address, length)| {
            let first = (u16::from(address) & !((1u16 << (8 - length)) - 1)) as u8;
            (first, last_of(first, length))
        })
    }

    fn list() -> impl Strategy<Value = Vec<(u8, u8)>> {
        proptest::collection::vec(prefix(), 0..24)
    }

    fn addresses(spans: &[(u8, u8)]) -> BTreeSet<u8> {
        spans.iter().flat_map(|&(first, last)| first..=last).collect()
    }

    /// The fewest prefixes by brute force: a block that is full is one, an empty one none, else both halves.
    fn fewest(set: &BTreeSet<u8>, first: u16, size: u16) -> usize {
        let inside = (first..first + size).filter(|address| set.contains(&(*address as u8))).count();
        match inside {
            0 => 0,
            n if n == usize::from(size) => 1,
            _ => fewest(set, first, size / 2) + fewest(set, first + size / 2, size / 2),
        }
    }

    proptest! {
        #[test]
        fn the_fewest_prefixes_hold_the_same_addresses(list in list()) {
            let set = addresses(&list);
            let merged = Spans::merged(list);
            let prefixes: Vec<(u8, u8)> = merged.prefixes().collect();
            let back: Vec<(u8, u8)> = prefixes.iter().map(|&(first, length)| (first, last_of(first, length))).collect();
            prop_assert_eq!(&addresses(&back), &set);
            prop_assert_eq!(back.len(), fewest(&set, 0, 256));
            prop_assert_eq!(merged.size(), set.len() as u128);
            prop_assert!(merged.as_slice().windows(2).all(|two| two[0].1.next().is_some_and(|next| next < two[1].0)));
        }

        #[test]
        fn sets_agree_with_brute_force(one in list(), two in list(), probe in prefix()) {
            let (a, b) = (addresses(&one), addresses(&two));
            let (one, two) = (Spans::merged(one), Spans::merged(two));
            prop_assert_eq!(addresses(one.minus(&two).as_slice()), &a - &b);
            prop_assert_eq!(addresses(one.union(&two).as_slice()), &a | &b);
            prop_assert_eq!(one.minus(&two), Spans::merged(one.minus(&two).0));
            for address in 0..=255 {
                prop_assert_eq!(one.contains(address), a.contains(&address));
            }
            prop_assert_eq!(one.covers(probe.0, probe.1), (probe.0..=probe.1).all(|address| a.contains(&address)));
        }
    }

    #[test]
    fn a_long_list_is_sorted_as_a_short_one() {
        let mut state = 1u32;
        let mut long: Vec<(u32, u32)> = (0..20_000u32)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state, state | 255)
            })
            .collect();
        let mut short = long.clone();
        short.sort_by_key(|span| span.0);
        sort_by_digits(&mut long);
        assert_eq!(long, short);
    }

    #[test]
    fn the_ends_of_a_family_are_addresses_as_any_other() {
        let all = Spans::merged(vec![(0u128, u128::MAX >> 1), ((u128::MAX >> 1) + 1, u128::MAX)]);
        assert_eq!(all.prefixes().collect::<Vec<_>>(), [(0, 0)]);
        assert_eq!(all.size(), u128::MAX);
        let without = all.minus(&Spans::merged(vec![(u128::MAX, u128::MAX)]));
        assert_eq!(without.prefixes().count(), 128);
        assert!(all.minus(&all).is_empty());
    }
}
