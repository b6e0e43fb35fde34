//! The fewest moves that bring a list into an order.

use std::collections::HashMap;
use std::hash::Hash;

/// Which items to move in turn, and each to which place, counted from 0, of the list without it. Items that only one of the
/// two has are passed over.
pub fn moves<T: Clone + Eq + Hash>(now: &[T], wanted: &[T]) -> Vec<(T, usize)> {
    let places: HashMap<&T, usize> = now.iter().enumerate().map(|(place, item)| (item, place)).collect();
    let wanted: Vec<&T> = wanted.iter().filter(|item| places.contains_key(item)).collect();
    let stays = longest_rise(&wanted.iter().map(|item| places[item]).collect::<Vec<_>>());
    let mut list: Vec<&T> = now.iter().collect();
    let mut moved = Vec::new();
    let place_of = |list: &[&T], item: &T| list.iter().position(|held| *held == item);
    for (nth, item) in wanted.iter().enumerate() {
        if stays[nth] {
            continue;
        }
        list.remove(place_of(&list, item).expect("it has a place"));
        // Behind the one before it; the first one goes before the first that stays where it is.
        let place = match nth.checked_sub(1).map(|before| wanted[before]) {
            Some(before) => place_of(&list, before).expect("it has a place") + 1,
            None => {
                let first = wanted.iter().enumerate().find(|(other, _)| stays[*other]);
                first.and_then(|(_, item)| place_of(&list, item)).unwrap_or(0)
            }
        };
        list.insert(place, item);
        moved.push(((*item).clone(), place));
    }
    moved
}

/// Which numbers belong to a longest rising part of a list without repeats.
fn longest_rise(numbers: &[usize]) -> Vec<bool> {
    // By length: the place of the least last number of a rise of that length.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|&end| numbers[end] < *number);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut among = vec![false; numbers.len()];
    let mut next = ends.last().copied();
    while let Some(place) = next {
        among[place] = true;
        next = before[place];
    }
    among
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::moves;

    /// The list after the moves.
    fn moved(now: &[u8], moves: &[(u8, usize)]) -> Vec<u8> {
        let mut list = now.to_vec();
        for (item, place) in moves {
            list.retain(|held| held != item);
            list.insert(*place, *item);
        }
        list
    }

    #[test]
    fn one_that_moved_is_moved_back_alone() {
        assert_eq!(moves(&[1, 2, 3, 4, 5], &[5, 1, 2, 3, 4]), [(5, 0)]);
        assert_eq!(moves(&[1, 2, 3, 4, 5], &[2, 3, 4, 5, 1]), [(1, 4)]);
        assert_eq!(moves(&[1, 2, 3], &[1, 2, 3]), []);
        assert_eq!(moves(&[9, 1, 2], &[2, 1]), [(2, 1)], "whoever is not spoken of stays in front");
    }

    proptest! {
        #[test]
        fn the_list_is_in_order_afterwards(
            now in Just((0..12u8).collect::<Vec<_>>()).prop_shuffle(),
            wanted in Just((0..12u8).collect::<Vec<_>>()).prop_shuffle(),
            some in 0..12usize,
        ) {
            prop_assert_eq!(moved(&now, &moves(&now, &wanted)), wanted.clone());
            let part = &wanted[..some];
            let after = moved(&now, &moves(&now, part));
            let kept: Vec<u8> = after.into_iter().filter(|item| part.contains(item)).collect();
            prop_assert_eq!(kept, part);
        }
    }
}
