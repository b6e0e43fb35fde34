//! A line of rules: who stands where, and what may be asked of it. No store, no record: ids and ranks alone.

use zuno_model::Id;

/// One rule's place in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which rule.
    pub id: Id,
    /// Its admin rank, 0 the strongest; the same for all where a product has none.
    pub rank: i64,
    /// It stays behind all others.
    pub last: bool,
}

/// Rules in their order; the first has order 1. INVARIANT: entries that are `last` come after all others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Entry>);

/// What becomes of a wish for a place behind the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// The rule goes to the end.
    Append,
    /// It is refused.
    Refuse,
}

/// Why a rule cannot stand where it was wished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// There is no such place.
    Beyond,
    /// A stronger rule would come after it, or a weaker one before it.
    Rank,
    /// It is the last one and stays so.
    Last,
}

/// Why a whole new order is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misarranged {
    /// More or fewer ids than rules.
    Length,
    /// An id that is not of this line.
    Foreign(Id),
    /// Rules that are not named; another is named twice.
    Missing(Vec<Id>),
    /// The last one would not be last.
    Last(Id),
}

impl Line {
    /// Puts a rule, new or not, at an order counted from 1; without a wish, behind all it may follow. The others
    /// make room. Answers its order.
    ///
    /// # Errors
    /// Why it cannot stand there; the line is then as it was.
    pub fn put(&mut self, entry: Entry, wanted: Option<i64>, beyond: Beyond) -> Result<i64, Misplaced> {
        let held = self.0.iter().position(|known| known.id == entry.id);
        let order_of = |place: usize| i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1);
        if entry.last
            && let Some(held) = held
        {
            return match wanted {
                Some(wanted) if wanted != order_of(held) => Err(Misplaced::Last),
                _ => Ok(order_of(held)),
            };
        }
        let mut others = self.0.clone();
        if let Some(held) = held {
            others.remove(held);
        }
        let free = others.iter().position(|known| known.last).unwrap_or(others.len());
        let place = match wanted {
            None if entry.last => others.len(),
            None => others[..free].partition_point(|known| known.rank <= entry.rank),
            Some(wanted) => {
                let place = usize::try_from(wanted.saturating_sub(1)).map_err(|_| Misplaced::Beyond)?;
                match beyond {
                    Beyond::Refuse if place > free => return Err(Misplaced::Beyond),
                    _ => place.min(free),
                }
            }
        };
        let stronger_before = place == 0 || others[place - 1].rank <= entry.rank;
        let weaker_after = place >= free || entry.rank <= others[place].rank;
        let fits = entry.last || (stronger_before && weaker_after);
        if !fits {
            return Err(Misplaced::Rank);
        }
        others.insert(place, entry);
        self.0 = others;
        Ok(order_of(place))
    }

    /// Gives the whole line a new order.
    ///
    /// # Errors
    /// Why not; the line is then as it was.
    pub fn arrange(&mut self, ids: &[Id]) -> Result<(), Misarranged> {
        if ids.len() != self.0.len() {
            return Err(Misarranged::Length);
        }
        let mut arranged = Vec::with_capacity(ids.len());
        for id in ids {
            match self.0.iter().find(|known| known.id == *id) {
                Some(known) => arranged.push(known.clone()),
                None => return Err(Misarranged::Foreign(id.clone())),
            }
        }
        let missing: Vec<Id> =
            self.0.iter().filter(|known| !ids.contains(&known.id)).map(|known| known.id.clone()).collect();
        if !missing.is_empty() {
            return Err(Misarranged::Missing(missing));
        }
        let behind_last = arranged.windows(2).find(|pair| pair[0].last && !pair[1].last);
        if let Some(pair) = behind_last {
            return Err(Misarranged::Last(pair[0].id.clone()));
        }
        self.0 = arranged;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zuno_model::Id;

    use super::{Beyond, Entry, Line, Misarranged, Misplaced};

    fn entry(number: i64, rank: i64) -> Entry {
        Entry { id: Id::from(number), rank, last: false }
    }

    fn ids(line: &Line) -> Vec<i64> {
        line.0.iter().map(|entry| entry.id.as_str().parse().expect("a number")).collect()
    }

    fn line(ids: &[i64], default: bool) -> Line {
        let mut line = Line(ids.iter().map(|&id| entry(id, 7)).collect());
        if default {
            line.0.push(Entry { id: Id::from(99), rank: 7, last: true });
        }
        line
    }

    #[test]
    fn a_rule_without_a_wish_comes_before_the_default_rule() {
        let mut line = line(&[1], true);
        assert_eq!(line.put(entry(2, 7), None, Beyond::Append), Ok(2));
        assert_eq!(ids(&line), [1, 2, 99]);
        assert_eq!(line.put(entry(3, 7), Some(3), Beyond::Append), Ok(3));
        assert_eq!(line.put(entry(4, 7), Some(70), Beyond::Append), Ok(4));
        assert_eq!(line.put(entry(5, 7), Some(6), Beyond::Refuse), Err(Misplaced::Beyond));
        assert_eq!(ids(&line), [1, 2, 3, 4, 99]);
    }

    #[test]
    fn a_stronger_rule_never_comes_after_a_weaker_one() {
        let mut line = Line(vec![entry(1, 1), entry(2, 5)]);
        assert_eq!(line.put(entry(3, 3), Some(3), Beyond::Refuse), Err(Misplaced::Rank));
        assert_eq!(line.put(entry(3, 3), Some(1), Beyond::Refuse), Err(Misplaced::Rank));
        assert_eq!(line.put(entry(3, 3), None, Beyond::Refuse), Ok(2));
        assert_eq!(line.put(entry(1, 6), Some(1), Beyond::Refuse), Err(Misplaced::Rank));
    }

    #[test]
    fn a_new_order_names_every_rule_once_and_leaves_the_default_rule_last() {
        let mut line = line(&[1, 2], true);
        let named = |ids: &[i64]| ids.iter().map(|&id| Id::from(id)).collect::<Vec<_>>();
        assert_eq!(line.arrange(&named(&[2, 1])), Err(Misarranged::Length));
        assert_eq!(line.arrange(&named(&[2, 8, 99])), Err(Misarranged::Foreign(Id::from(8))));
        assert_eq!(line.arrange(&named(&[2, 2, 99])), Err(Misarranged::Missing(named(&[1]))));
        assert_eq!(line.arrange(&named(&[2, 99, 1])), Err(Misarranged::Last(Id::from(99))));
        assert_eq!(line.arrange(&named(&[2, 1, 99])), Ok(()));
        assert_eq!(ids(&line), [2, 1, 99]);
    }

    proptest! {
        #[test]
        fn whatever_is_done_nobody_is_lost_and_untouched_rules_keep_their_order(
            default in any::<bool>(),
            steps in prop::collection::vec((0u8..4, 1i64..12, prop::option::of(-2i64..14), 0i64..3), 0..40),
        ) {
            let mut line = line(&[], default);
            let mut alive: Vec<i64> = if default { vec![99] } else { vec![] };
            for (what, id, wanted, rank) in steps {
                let before = ids(&line);
                match what {
                    0 | 1 => {
                        let beyond = if what == 0 { Beyond::Append } else { Beyond::Refuse };
                        match line.put(entry(id, rank), wanted, beyond) {
                            Ok(order) => {
                                prop_assert_eq!(ids(&line)[order as usize - 1], id);
                                if !alive.contains(&id) { alive.push(id); }
                            }
                            Err(_) => prop_assert_eq!(&ids(&line), &before),
                        }
                    }
                    2 => { line.0.retain(|known| known.id != Id::from(id)); alive.retain(|&known| known != id); }
                    _ => {
                        let mut reversed = line.clone();
                        reversed.0.sort_by_key(|entry| (entry.last, entry.rank, std::cmp::Reverse(entry.id.clone())));
                        let wish: Vec<Id> = reversed.0.iter().map(|entry| entry.id.clone()).collect();
                        prop_assert_eq!(line.arrange(&wish), Ok(()));
                        continue;
                    }
                }
                let after = ids(&line);
                let mut sorted = after.clone();
                sorted.sort_unstable();
                alive.sort_unstable();
                prop_assert_eq!(&sorted, &alive);
                let rest = |list: &[i64]| {
                    list.iter().copied().filter(|&known| known != id).collect::<Vec<_>>()
                };
                prop_assert_eq!(rest(&after), rest(&before));
                prop_assert!(line.0.windows(2).all(|pair| pair[0].last <= pair[1].last));
                prop_assert!(line.0.windows(2).all(|pair| pair[1].last || pair[0].rank <= pair[1].rank));
            }
        }
    }
}
