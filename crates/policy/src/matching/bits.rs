//! Sets of rules, a bit for each place in a list.

/// A set of places in a list of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// No place of so many.
    pub fn none(places: usize) -> Bits {
        Bits(vec![0; places.div_ceil(64)])
    }

    /// Every place of so many.
    pub fn all(places: usize) -> Bits {
        let mut bits = Bits(vec![u64::MAX; places.div_ceil(64)]);
        if let (Some(last), rest @ 1..) = (bits.0.last_mut(), places % 64) {
            *last = (1 << rest) - 1;
        }
        bits
    }

    /// Adds a place.
    pub fn add(&mut self, place: u32) {
        self.0[place as usize / 64] |= 1 << (place % 64);
    }

    /// Takes every place out.
    pub fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Takes a place out.
    pub fn remove(&mut self, place: u32) {
        self.0[place as usize / 64] &= !(1 << (place % 64));
    }

    /// Whether it has a place.
    pub fn has(&self, place: u32) -> bool {
        self.0[place as usize / 64] & (1 << (place % 64)) != 0
    }

    /// Keeps what the other has as well.
    pub fn keep(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own &= other);
    }

    /// Adds what the other has.
    pub fn join(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    /// Takes out what the other has.
    pub fn drop(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own &= !other);
    }

    /// Becomes what the other is, without new memory where both are of one length.
    pub fn set_to(&mut self, other: &Bits) {
        self.0.clone_from(&other.0);
    }

    /// The first place at or after one.
    pub fn first_from(&self, place: u32) -> Option<u32> {
        let (mut word, bit) = (place as usize / 64, place % 64);
        let mut left = *self.0.get(word)? & (u64::MAX << bit);
        while left == 0 {
            word += 1;
            left = *self.0.get(word)?;
        }
        u32::try_from(word * 64).ok().map(|first| first + left.trailing_zeros())
    }

    /// The first place.
    pub fn first(&self) -> Option<u32> {
        self.first_from(0)
    }

    /// Its places, ascending.
    pub fn places(&self) -> impl Iterator<Item = u32> + '_ {
        self.places_from(0)
    }

    /// Its places at or after one, ascending.
    pub fn places_from(&self, from: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(self.first_from(from), |place| self.first_from(place + 1))
    }

    /// Whether it has more places than so many.
    pub fn are_more_than(&self, few: usize) -> bool {
        self.0.iter().map(|word| word.count_ones() as usize).sum::<usize>() > few
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_set_of_bits_is_a_set(places in prop::collection::btree_set(0_u32..200, 0..40), from in 0_u32..220) {
            let mut bits = Bits::none(200);
            places.iter().for_each(|place| bits.add(*place));
            prop_assert_eq!(bits.places().collect::<BTreeSet<_>>(), places.clone());
            prop_assert_eq!(bits.first_from(from), places.range(from..).next().copied());
            prop_assert_eq!(bits.places_from(from).count(), places.range(from..).count());
            prop_assert_eq!(bits.are_more_than(20), places.len() > 20);
            let mut all = Bits::all(200);
            prop_assert_eq!(all.places().count(), 200);
            let mut rest = all.clone();
            rest.drop(&bits);
            all.keep(&bits);
            prop_assert_eq!(&all, &bits);
            prop_assert_eq!(rest.places().count(), 200 - places.len());
            rest.join(&bits);
            prop_assert_eq!(rest, Bits::all(200));
        }
    }
}
