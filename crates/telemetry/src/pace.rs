//! How fast what takes minutes takes its course.

use zuno_model::Time;

use crate::spans::MINUTE;

/// How fast traces take their course by the clock: people and programs that wait for one give up before its minutes are
/// over, so that they pass in seconds unless somebody wants the real pace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// A minute of a trace takes a second.
    #[default]
    Quick,
    /// A minute takes a minute.
    Real,
}

impl Pace {
    /// The seconds that a minute of a trace takes.
    pub fn minute(self) -> Time {
        match self {
            Pace::Quick => 1,
            Pace::Real => MINUTE,
        }
    }

    /// The seconds after which a trace is over, however long it waited for its device.
    pub fn longest_trace(self) -> Time {
        3 * 60 * self.minute()
    }
}
