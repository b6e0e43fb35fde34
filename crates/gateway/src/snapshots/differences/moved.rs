//! Which rules of a list were moved, and which only made room.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use zuno_engine::Numbering;
use zuno_model::Id;

use super::side::Scoped;

/// The rules that stand on both sides and have another place among those that do: as few of them as explain the new order.
pub fn moved(
    numbering: &Numbering,
    before: &BTreeMap<Id, Scoped>,
    after: &BTreeMap<Id, Scoped>,
) -> BTreeSet<Id> {
    let was = in_order(numbering, before, |id| after.contains_key(id));
    let is = in_order(numbering, after, |id| before.contains_key(id));
    let mut moved = BTreeSet::new();
    for (list, ids) in is {
        let places: HashMap<&Id, usize> = was.get(&list).into_iter().flatten().copied().zip(0..).collect();
        let sequence: Vec<Option<usize>> = ids.iter().map(|id| places.get(id).copied()).collect();
        let stay = longest_rising(&sequence);
        moved.extend(
            ids.iter().enumerate().filter(|(nth, _)| !stay.contains(nth)).map(|(_, id)| (*id).clone()),
        );
    }
    moved
}

/// Which list of its kind a rule stands in.
type ListOf<'r> = (&'r str, Option<&'r str>);

fn in_order<'r>(
    numbering: &Numbering,
    records: &'r BTreeMap<Id, Scoped>,
    counts: impl Fn(&Id) -> bool,
) -> BTreeMap<ListOf<'r>, Vec<&'r Id>> {
    let mut lists: BTreeMap<ListOf<'r>, Vec<(i64, &Id)>> = BTreeMap::new();
    for (id, (scope, record)) in records.iter().filter(|(id, _)| counts(id)) {
        if let Some(number) = numbering.number(record) {
            lists.entry((scope.as_str(), numbering.within(record))).or_default().push((number, id));
        }
    }
    let sorted = |mut list: Vec<(i64, &'r Id)>| {
        list.sort_unstable();
        list.into_iter().map(|(_, id)| id).collect()
    };
    lists.into_iter().map(|(list, ids)| (list, sorted(ids))).collect()
}

/// The places in a sequence of a longest part of it that rises.
fn longest_rising(sequence: &[Option<usize>]) -> BTreeSet<usize> {
    // The ends of the rising parts of each length, the one with the least value.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; sequence.len()];
    for (nth, value) in sequence.iter().enumerate().filter(|(_, value)| value.is_some()) {
        let length = ends.partition_point(|end| sequence[*end] < *value);
        before[nth] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = nth,
            None => ends.push(nth),
        }
    }
    let mut part = BTreeSet::new();
    let mut next = ends.last().copied();
    while let Some(nth) = next {
        part.insert(nth);
        next = before[nth];
    }
    part
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::longest_rising;

    fn rises(sequence: &[Option<usize>], part: &[usize]) -> bool {
        let values: Vec<_> = part.iter().map(|nth| sequence[*nth]).collect();
        values.iter().all(Option::is_some) && values.is_sorted_by(|a, b| a < b)
    }

    proptest! {
        #[test]
        fn no_longer_part_rises(sequence in prop::collection::vec(prop::option::weighted(0.9, 0usize..12), 0..10)) {
            let part: Vec<usize> = longest_rising(&sequence).into_iter().collect();
            prop_assert!(rises(&sequence, &part));
            for chosen in 0u32..1 << sequence.len() {
                let other: Vec<usize> = (0..sequence.len()).filter(|nth| chosen & 1 << nth != 0).collect();
                prop_assert!(!rises(&sequence, &other) || other.len() <= part.len());
            }
        }
    }
}
