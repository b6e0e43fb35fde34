//! The stretch of time that a question is about, and the instants at which it was measured.

use zuno_model::Time;

use crate::spans::MINUTE;

/// Seconds between two measurements of a probe (documented: every 5 minutes), aligned to the epoch.
pub(crate) const PROBE_STEP: Time = 300;
pub(crate) const HOUR: Time = 3600;
/// Shortest and longest span that may be asked for, and how far back it may reach (documented).
const SHORTEST: Time = 2 * HOUR;
const LONGEST: Time = 48 * HOUR;
const RETENTION: Time = 14 * 24 * HOUR;

/// A stretch of time, both ends included, seen from a present: nothing is known after `now`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: Time,
    to: Time,
    now: Time,
    step: Time,
}

/// Why a window cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutOfReach {
    /// The end lies before the start.
    #[error("`to` must lie after `from`")]
    Backwards,
    /// Less than two hours.
    #[error("`from` and `to` must span at least 2 hours")]
    Short,
    /// More than two days.
    #[error("`from` and `to` must span at most 48 hours")]
    Long,
    /// Measurements are kept for two weeks.
    #[error("`from` must lie within the last 14 days")]
    Old,
}

impl Window {
    /// The window that a client asks for; what it leaves out is the last two hours (documented). Times of 13 digits
    /// are milliseconds, as two printed examples have them. The end is cut at `now`, after the checks.
    pub fn ask(from: Option<Time>, to: Option<Time>, now: Time) -> Result<Window, OutOfReach> {
        let (from, to) = (from.map(seconds), to.map(seconds));
        let to = to.unwrap_or_else(|| from.map_or(now, |from| now.max(from)));
        let from = from.unwrap_or(to.saturating_sub(SHORTEST));
        match to.saturating_sub(from) {
            span if span < 0 => Err(OutOfReach::Backwards),
            span if span < SHORTEST => Err(OutOfReach::Short),
            span if span > LONGEST => Err(OutOfReach::Long),
            _ if from < now - RETENTION => Err(OutOfReach::Old),
            _ => Ok(Window { from, to: to.min(now), now, step: PROBE_STEP }),
        }
    }

    /// A window that may be short: it must not be turned round, too long, or reach back too far.
    pub fn about(from: Time, to: Time, now: Time) -> Result<Window, OutOfReach> {
        let (from, to) = (seconds(from), seconds(to));
        match to.saturating_sub(from) {
            span if span < 0 => Err(OutOfReach::Backwards),
            _ if from < now - RETENTION => Err(OutOfReach::Old),
            span if span > LONGEST => Err(OutOfReach::Long),
            _ => Ok(Window::between(from, to, now)),
        }
    }

    /// Any window, unchecked, measured every five minutes.
    pub fn between(from: Time, to: Time, now: Time) -> Window {
        Window { from, to: to.min(now), now, step: PROBE_STEP }
    }

    /// Any window, unchecked, measured every minute as a meeting is.
    pub fn by_minute(from: Time, to: Time, now: Time) -> Window {
        Window::every(MINUTE, from, to, now)
    }

    /// Any window, unchecked, measured every so many seconds.
    pub(crate) fn every(step: Time, from: Time, to: Time, now: Time) -> Window {
        Window { step, ..Window::between(from, to, now) }
    }

    /// Where it starts, epoch seconds.
    pub fn from(&self) -> Time {
        self.from
    }

    /// Where it ends, epoch seconds; never after [`Window::now`].
    pub fn to(&self) -> Time {
        self.to
    }

    /// The present it is seen from, epoch seconds.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Seconds between two measurements.
    pub(crate) fn step(&self) -> Time {
        self.step
    }

    /// How many measurements lie between an instant of measurement and a later one.
    pub(crate) fn steps(&self, first: Time, at: Time) -> usize {
        usize::try_from((at - first) / self.step).unwrap_or(usize::MAX)
    }

    /// The start of the hour that an instant lies in.
    pub(crate) fn hour_of(at: Time) -> Time {
        at.div_euclid(HOUR) * HOUR
    }

    /// Whether an instant lies inside.
    pub fn contains(&self, at: Time) -> bool {
        (self.from..=self.to).contains(&at)
    }

    /// The instants of measurement inside.
    pub(crate) fn instants(&self) -> impl Iterator<Item = Time> + Clone + use<> {
        grid(self.from, self.to, self.step)
    }

    /// The starts of the hours it touches. A day gives 25: its 24 hours and the starting value (documented).
    pub(crate) fn hours(&self) -> impl Iterator<Item = Time> + Clone + use<> {
        grid(self.from.div_euclid(HOUR) * HOUR, self.to, HOUR)
    }

    /// The instants of measurement in one hour, up to now: an hour's value does not depend on who asks for it.
    pub(crate) fn instants_of_hour(&self, hour: Time) -> impl Iterator<Item = Time> + Clone + use<> {
        grid(hour, (hour + HOUR - 1).min(self.now), PROBE_STEP)
    }
}

/// The multiples of a step between two instants, both included.
pub(crate) fn grid(from: Time, to: Time, step: Time) -> impl Iterator<Item = Time> + Clone {
    let first = -(-from).div_euclid(step);
    (first..=to.div_euclid(step)).map(move |slot| slot * step)
}

fn seconds(given: Time) -> Time {
    if given >= 1_000_000_000_000 { given / 1000 } else { given }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = 1_700_000_123;

    #[test]
    fn what_is_left_out_is_the_last_two_hours() {
        let window = Window::ask(None, None, NOW).unwrap();
        assert_eq!((window.from(), window.to()), (NOW - 7200, NOW));
        assert_eq!(window.instants().count(), 24);
    }

    #[test]
    fn both_ends_count_when_they_are_on_the_grid() {
        let window = Window::between(1_700_006_400 - 7200, 1_700_006_400, 1_700_006_400);
        assert_eq!(window.instants().count(), 25);
    }

    #[test]
    fn a_day_has_twenty_five_hourly_values() {
        for now in [NOW, 1_700_006_400] {
            assert_eq!(Window::between(now - 86_400, now, now).hours().count(), 25);
        }
    }

    #[test]
    fn milliseconds_are_seconds() {
        let window = Window::ask(Some((NOW - 9000) * 1000), Some(NOW * 1000), NOW).unwrap();
        assert_eq!((window.from(), window.to()), (NOW - 9000, NOW));
    }

    #[test]
    fn limits_are_errors_and_their_edges_are_not() {
        let ask = |from, to| Window::ask(Some(from), Some(to), NOW).map(|_| ());
        assert_eq!(ask(NOW, NOW - 1), Err(OutOfReach::Backwards));
        assert_eq!(ask(NOW - 7199, NOW), Err(OutOfReach::Short));
        assert_eq!(ask(NOW - 7200, NOW), Ok(()));
        assert_eq!(ask(NOW - 172_801, NOW), Err(OutOfReach::Long));
        assert_eq!(ask(NOW - 172_800, NOW), Ok(()));
        assert_eq!(ask(NOW - RETENTION - 1, NOW - RETENTION + 7200), Err(OutOfReach::Old));
        assert_eq!(ask(NOW - RETENTION, NOW - RETENTION + 7200), Ok(()));
        assert_eq!(ask(i64::MIN, NOW), Err(OutOfReach::Long));
        assert_eq!(Window::ask(None, Some(i64::MIN), NOW).map(|_| ()), Err(OutOfReach::Short));
    }

    #[test]
    fn nothing_is_measured_after_now() {
        let window = Window::ask(Some(NOW - 3600), Some(NOW + 7200), NOW).unwrap();
        assert_eq!(window.to(), NOW);
        assert!(window.instants().all(|at| at <= NOW));
        assert!(window.hours().all(|hour| window.instants_of_hour(hour).all(|at| at <= NOW)));
    }
}
