//! A line of rules: who may stand where. No store, no record: places, ranks, and who stays last.

use std::collections::HashMap;

use zuno_model::{Fault, Id, Misplacement};

/// What counts of a rule for its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which rule.
    pub id: Id,
    /// Its admin rank, 0 the strongest; the same for all where a product has none.
    pub rank: i64,
    /// It stays behind all others.
    pub last: bool,
}

/// Rules in their order, the place of the first being 0, each looked at only when it matters. INVARIANT: entries that are
/// `last` come after all others.
pub trait Line {
    /// How many there are.
    fn length(&self) -> usize;

    /// Who stands at a place that there is.
    ///
    /// # Errors
    /// It cannot be read.
    fn at(&self, place: usize) -> Result<Entry, Fault>;
}

/// What becomes of a wish for a place behind the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// The rule goes to the end.
    Append,
    /// It is refused.
    Refuse,
}

/// A line without the one rule that is about to move.
struct Others<'a> {
    line: &'a dyn Line,
    without: Option<usize>,
}

impl Line for Others<'_> {
    fn length(&self) -> usize {
        self.line.length() - usize::from(self.without.is_some())
    }

    fn at(&self, place: usize) -> Result<Entry, Fault> {
        self.line.at(place + usize::from(self.without.is_some_and(|without| place >= without)))
    }
}

/// How many may be followed by a rule that does not stay last.
fn free(line: &dyn Line) -> Result<usize, Fault> {
    let mut free = line.length();
    while free > 0 && line.at(free - 1)?.last {
        free -= 1;
    }
    Ok(free)
}

fn order_of(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1)
}

/// The place for a rule, which stands at `held` or is new, that wishes for an order counted from 1, or without a wish
/// goes behind all it may follow. The others make room, so that it is a place among them.
///
/// # Errors
/// The line cannot be read; within, why the rule cannot stand there.
pub fn place(
    line: &dyn Line,
    entry: &Entry,
    held: Option<usize>,
    wanted: Option<i64>,
    beyond: Beyond,
) -> Result<Result<usize, Misplacement>, Fault> {
    if entry.last
        && let Some(held) = held
    {
        return Ok(match wanted {
            Some(wanted) if wanted != order_of(held) => Err(Misplacement::Last(entry.id.clone())),
            _ => Ok(held),
        });
    }
    let others = Others { line, without: held };
    let free = free(&others)?;
    let place = match wanted {
        None if entry.last => others.length(),
        None => behind(&others, free, entry.rank)?,
        Some(wanted) => match usize::try_from(wanted.saturating_sub(1)) {
            Ok(place) if beyond == Beyond::Append || place <= free => place.min(free),
            _ => return Ok(Err(Misplacement::Beyond(wanted))),
        },
    };
    let stronger_before = place == 0 || others.at(place - 1)?.rank <= entry.rank;
    let weaker_after = place >= free || entry.rank <= others.at(place)?.rank;
    let fits = entry.last || (stronger_before && weaker_after);
    Ok(if fits { Ok(place) } else { Err(Misplacement::Rank { rank: entry.rank, order: order_of(place) }) })
}

/// The first of the free places that no rule of this rank, or a stronger one, stands behind.
fn behind(line: &dyn Line, free: usize, rank: i64) -> Result<usize, Fault> {
    let (mut least, mut most) = (0, free);
    // What is made last mostly belongs last.
    if free == 0 || line.at(free - 1)?.rank <= rank {
        return Ok(free);
    }
    while least < most {
        let middle = least.midpoint(most);
        if line.at(middle)?.rank <= rank {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    Ok(least)
}

/// Whether a line may have another order: each of its rules is named once, and who stays last does.
///
/// # Errors
/// The line cannot be read; within, why not.
pub fn arranged(line: &dyn Line, known: &[Id], ids: &[Id]) -> Result<Result<(), Misplacement>, Fault> {
    if ids.len() != known.len() {
        return Ok(Err(Misplacement::Length));
    }
    let mut named: HashMap<&Id, bool> = known.iter().map(|id| (id, false)).collect();
    for id in ids {
        match named.get_mut(id) {
            Some(is_named) => *is_named = true,
            None => return Ok(Err(Misplacement::Foreign(id.clone()))),
        }
    }
    let missing: Vec<Id> = known.iter().filter(|id| !named[id]).cloned().collect();
    if !missing.is_empty() {
        return Ok(Err(Misplacement::Missing(missing)));
    }
    let free = free(line)?;
    let last = &known[free..];
    let early = ids[..free].iter().find(|id| last.contains(id));
    Ok(early.map_or(Ok(()), |id| Err(Misplacement::Last(id.clone()))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zuno_model::{Fault, Id, Misplacement};

    use super::{Beyond, Entry, Line, arranged, place};

    impl Line for Vec<Entry> {
        fn length(&self) -> usize {
            self.len()
        }

        fn at(&self, place: usize) -> Result<Entry, Fault> {
            Ok(self[place].clone())
        }
    }

    fn entry(number: i64, rank: i64) -> Entry {
        Entry { id: Id::from(number), rank, last: false }
    }

    fn ids(line: &[Entry]) -> Vec<Id> {
        line.iter().map(|entry| entry.id.clone()).collect()
    }

    fn numbers(line: &[Entry]) -> Vec<i64> {
        line.iter().map(|entry| entry.id.as_str().parse().expect("a number")).collect()
    }

    fn line(ids: &[i64], default: bool) -> Vec<Entry> {
        let last = default.then(|| Entry { last: true, ..entry(99, 7) });
        ids.iter().map(|&id| entry(id, 7)).chain(last).collect()
    }

    /// Puts a rule, new or not, where it wishes, and answers its order.
    fn put(
        line: &mut Vec<Entry>,
        new: Entry,
        wanted: Option<i64>,
        beyond: Beyond,
    ) -> Result<i64, Misplacement> {
        let held = line.iter().position(|known| known.id == new.id);
        let new = held.map_or(new.clone(), |held| Entry { last: line[held].last, ..new });
        let place = place(line, &new, held, wanted, beyond).expect("a list can be read")?;
        if let Some(held) = held {
            line.remove(held);
        }
        line.insert(place, new);
        Ok(place as i64 + 1)
    }

    #[test]
    fn a_rule_without_a_wish_comes_before_the_default_rule() {
        let mut line = line(&[1], true);
        assert_eq!(put(&mut line, entry(2, 7), None, Beyond::Append), Ok(2));
        assert_eq!(numbers(&line), [1, 2, 99]);
        assert_eq!(put(&mut line, entry(3, 7), Some(3), Beyond::Append), Ok(3));
        assert_eq!(put(&mut line, entry(4, 7), Some(70), Beyond::Append), Ok(4));
        assert_eq!(put(&mut line, entry(5, 7), Some(6), Beyond::Refuse), Err(Misplacement::Beyond(6)));
        assert_eq!(numbers(&line), [1, 2, 3, 4, 99]);
    }

    #[test]
    fn a_stronger_rule_never_comes_after_a_weaker_one() {
        let mut line = vec![entry(1, 1), entry(2, 5)];
        let refused = |rank, order| Err(Misplacement::Rank { rank, order });
        assert_eq!(put(&mut line, entry(3, 3), Some(3), Beyond::Refuse), refused(3, 3));
        assert_eq!(put(&mut line, entry(3, 3), Some(1), Beyond::Refuse), refused(3, 1));
        assert_eq!(put(&mut line, entry(3, 3), None, Beyond::Refuse), Ok(2));
        assert_eq!(put(&mut line, entry(1, 6), Some(1), Beyond::Refuse), refused(6, 1));
    }

    #[test]
    fn a_new_order_names_every_rule_once_and_leaves_the_default_rule_last() {
        let line = line(&[1, 2], true);
        let named = |ids: &[i64]| ids.iter().map(|&id| Id::from(id)).collect::<Vec<_>>();
        let arrange = |wish: &[i64]| arranged(&line, &ids(&line), &named(wish)).expect("a list can be read");
        assert_eq!(arrange(&[2, 1]), Err(Misplacement::Length));
        assert_eq!(arrange(&[2, 8, 99]), Err(Misplacement::Foreign(Id::from(8))));
        assert_eq!(arrange(&[2, 2, 99]), Err(Misplacement::Missing(named(&[1]))));
        assert_eq!(arrange(&[2, 99, 1]), Err(Misplacement::Last(Id::from(99))));
        assert_eq!(arrange(&[2, 1, 99]), Ok(()));
    }

    proptest! {
        #[test]
        fn whatever_is_done_nobody_is_lost_and_untouched_rules_keep_their_order(
            default in any::<bool>(),
            steps in prop::collection::vec((0u8..3, 1i64..12, prop::option::of(-2i64..14), 0i64..3), 0..40),
        ) {
            let mut line = line(&[], default);
            let mut alive: Vec<i64> = if default { vec![99] } else { vec![] };
            for (what, id, wanted, rank) in steps {
                let before = numbers(&line);
                if what < 2 {
                    let beyond = if what == 0 { Beyond::Append } else { Beyond::Refuse };
                    match put(&mut line, entry(id, rank), wanted, beyond) {
                        Ok(order) => {
                            prop_assert_eq!(numbers(&line)[order as usize - 1], id);
                            if !alive.contains(&id) { alive.push(id); }
                        }
                        Err(_) => prop_assert_eq!(&numbers(&line), &before),
                    }
                } else {
                    line.retain(|known| known.id != Id::from(id));
                    alive.retain(|&known| known != id);
                }
                let after = numbers(&line);
                let mut sorted = after.clone();
                sorted.sort_unstable();
                alive.sort_unstable();
                prop_assert_eq!(&sorted, &alive);
                let rest = |list: &[i64]| {
                    list.iter().copied().filter(|&known| known != id).collect::<Vec<_>>()
                };
                prop_assert_eq!(rest(&after), rest(&before));
                prop_assert!(line.windows(2).all(|pair| pair[0].last <= pair[1].last));
                prop_assert!(line.windows(2).all(|pair| pair[1].last || pair[0].rank <= pair[1].rank));
            }
        }
    }
}
