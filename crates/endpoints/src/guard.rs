//! What must hold before a list takes the place of an older one: an allowlist that is empty, or much smaller than the
//! last one, takes a company offline.

use thiserror::Error;

use crate::set::{Family, PrefixSet};

/// The share of addresses that may go from one list to the next when nothing else is said. In twenty months of hourly
/// fetches, no step removed as much (seen).
pub const MOST_SHRINK: f64 = 0.1;

/// Why a list must not take the place of an older one.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum GuardError {
    /// There is nothing in it.
    #[error("the new list is empty")]
    Empty,
    /// A family is there no more.
    #[error("the new list has no {0} address any more")]
    Vanished(Family),
    /// Too much is gone.
    #[error("the new list lacks {lost:.1}% of the {family} addresses of the last one; {most:.1}% may go")]
    Shrunk {
        /// Whose addresses.
        family: Family,
        /// How many of a hundred are gone.
        lost: f64,
        /// How many of a hundred may go.
        most: f64,
    },
}

/// Checks a list, against the one whose place it takes if there is one. `most` is a share: 0.1 is ten in a hundred.
///
/// # Errors
/// The list must not be used.
pub fn check(last: Option<&PrefixSet>, next: &PrefixSet, most: f64) -> Result<(), GuardError> {
    if next.is_empty() {
        return Err(GuardError::Empty);
    }
    let Some(last) = last else { return Ok(()) };
    let gone = last.minus(next);
    for family in [Family::V4, Family::V6] {
        let had = last.size(family);
        if had == 0 {
            continue;
        }
        if next.size(family) == 0 {
            return Err(GuardError::Vanished(family));
        }
        let lost = gone.size(family) as f64 / had as f64;
        if lost > most {
            return Err(GuardError::Shrunk { family, lost: lost * 100.0, most: most * 100.0 });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IpNet;

    fn set(texts: &[&str]) -> PrefixSet {
        texts.iter().map(|text| text.parse::<IpNet>().unwrap()).collect()
    }

    #[test]
    fn what_would_take_a_company_offline_is_refused() {
        let last = set(&["192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"]);
        let refused =
            |next: &[&str], most| check(Some(&last), &set(next), most).err().map(|why| why.to_string());
        assert_eq!(refused(&[], 1.0).unwrap(), "the new list is empty");
        assert_eq!(refused(&["192.0.2.0/24"], 1.0).unwrap(), "the new list has no IPv6 address any more");
        let half = refused(&["192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32"], 0.1).unwrap();
        assert_eq!(half, "the new list lacks 50.0% of the IPv4 addresses of the last one; 10.0% may go");
        assert_eq!(refused(&["192.0.2.0/24", "2001:db8::/32"], 0.5), None);
        assert_eq!(
            refused(&["192.0.2.0/23", "198.51.100.0/24", "2001:db8::/31"], 0.0),
            None,
            "growth is the norm"
        );
        assert_eq!(check(None, &set(&["10.0.0.0/8"]), 0.0), Ok(()));
        assert_eq!(check(None, &set(&[]), 1.0), Err(GuardError::Empty));
    }
}
