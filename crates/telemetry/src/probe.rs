//! A probe: what measures an application, on which devices, and from when to when.

use zuno_model::Time;

/// A probe of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// While it runs.
    pub runs: Span,
    /// On which devices.
    pub on: Criteria,
}

/// A stretch of time that may have no beginning or no end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Its first instant, epoch seconds; it has always been when not said.
    pub from: Option<Time>,
    /// The first instant after it, epoch seconds; it lasts when not said.
    pub to: Option<Time>,
}

impl Span {
    /// Whether an instant lies inside.
    pub fn contains(&self, at: Time) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// What lies inside of both.
    #[must_use]
    pub fn and(self, other: Span) -> Span {
        let later = |one: Option<Time>, other: Option<Time>| one.max(other);
        let sooner = match (self.to, other.to) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Span { from: later(self.from, other.from), to: sooner }
    }
}

/// Which devices something is for: those that every given kind of `only` names one of, but for those that any of `not`
/// names (documented).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// What a device must be.
    pub only: Selection,
    /// What it must not be.
    pub not: Selection,
}

/// Devices by what they are, whose they are and where they are; an empty list names none in particular.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Ids of devices.
    pub devices: Vec<i64>,
    /// Ids of users.
    pub users: Vec<i64>,
    /// Ids of their groups.
    pub groups: Vec<i64>,
    /// Ids of their departments.
    pub departments: Vec<i64>,
    /// Ids of sites.
    pub locations: Vec<i64>,
    /// Ids of groups of sites.
    pub location_groups: Vec<i64>,
    /// Ids of cities, states or countries.
    pub places: Vec<String>,
    /// Numbers of operating systems.
    pub systems: Vec<i64>,
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn what_lies_in_two_spans_lies_in_both() {
        let span = |from, to| Span { from, to };
        assert_eq!(span(Some(1), None).and(span(None, Some(9))), span(Some(1), Some(9)));
        assert_eq!(span(Some(1), Some(5)).and(span(Some(3), Some(9))), span(Some(3), Some(5)));
        assert!(!span(Some(1), Some(5)).contains(5) && span(None, None).contains(5));
    }
}
