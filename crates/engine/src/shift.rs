//! When a record made room for another.

use std::rc::Rc;

/// When a record made room for others the last time, and who had it make room: `TIME NUMBER NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shift(pub Rc<str>);

impl Shift {
    /// Seconds since 1970.
    pub fn time(&self) -> i64 {
        self.part(0).parse().unwrap_or_default()
    }

    /// The number of the actor.
    pub fn number(&self) -> i64 {
        self.part(1).parse().unwrap_or_default()
    }

    /// The name of the actor.
    pub fn name(&self) -> &str {
        self.part(2)
    }

    fn part(&self, place: usize) -> &str {
        self.0.splitn(3, ' ').nth(place).unwrap_or_default()
    }

    /// The later of two.
    pub fn later<'a>(one: Option<&'a Shift>, other: Option<&'a Shift>) -> Option<&'a Shift> {
        one.into_iter().chain(other).max_by_key(|shift| shift.time())
    }
}
