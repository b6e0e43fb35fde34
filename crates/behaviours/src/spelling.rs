//! Which of several spellings of one thing a caller means.
//!
//! Clients send back what they read with a member changed, so that the other spelling still tells what was: the spelling
//! that differs from what is held is the one that is meant, and the first where all do or none does.

/// The one that is meant, of those that were sent in their order of weight; nothing when none was.
pub fn meant<T: PartialEq>(held: Option<&T>, sent: impl IntoIterator<Item = T>) -> Option<T> {
    let mut sent: Vec<T> = sent.into_iter().collect();
    let changed = sent.iter().position(|form| held.is_some_and(|held| held != form));
    (!sent.is_empty()).then(|| sent.swap_remove(changed.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn the_spelling_that_changed_wins_and_the_first_of_equals() {
        assert_eq!(meant(Some(&1), [1, 2]), Some(2));
        assert_eq!(meant(Some(&1), [2, 1]), Some(2));
        assert_eq!(meant(Some(&1), [2, 3]), Some(2));
        assert_eq!(meant(Some(&1), [1, 1]), Some(1));
        assert_eq!(meant(None, [1, 2]), Some(1));
        assert_eq!(meant::<i32>(Some(&1), []), None);
    }
}
