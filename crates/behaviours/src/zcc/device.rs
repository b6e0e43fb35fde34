//! A device's state at a moment: whoever was asked to go is gone at the agent's next sign of life, and whoever gave none for as
//! long as the cleanup settings say is removed, and later forgotten.

use zuno_catalogue::Member;
use zuno_catalogue::handles::zcc::{device as handle, device_cleanup_info as cleanup};
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Record, Time};

/// Seconds between two signs of life of an agent (documented: 80 minutes).
const KEEP_ALIVE: Time = 80 * 60;
/// Seconds of a day.
const DAY: Time = 86_400;

/// What a device is in. The numbers are those of its JSON; the query of the exports counts differently (seen).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its user is signed in.
    Registered,
    /// Its user has signed out.
    Unregistered,
    /// It was asked to go.
    RemovalPending,
    /// It is gone; only an export shows it.
    Removed,
    /// It may not enrol again.
    Quarantined,
}

impl State {
    /// Every state.
    pub const ALL: [State; 5] =
        [State::Registered, State::Unregistered, State::RemovalPending, State::Removed, State::Quarantined];

    /// The number in a device's JSON (1 and 5 are guessed, the others seen).
    pub fn number(self) -> i64 {
        match self {
            State::Registered => 1,
            State::Unregistered => 2,
            State::RemovalPending => 3,
            State::Removed => 5,
            State::Quarantined => 6,
        }
    }

    /// The number by which an export is asked for it (documented).
    pub fn registration_type(self) -> i64 {
        match self {
            State::Registered => 1,
            State::RemovalPending => 3,
            State::Unregistered => 4,
            State::Removed => 5,
            State::Quarantined => 6,
        }
    }

    /// The words beside the number.
    pub fn words(self) -> &'static str {
        match self {
            State::Registered => "Registered",
            State::Unregistered => "Unregistered",
            State::RemovalPending => "Remove pending",
            State::Removed => "Removed",
            State::Quarantined => "Quarantined",
        }
    }
}

/// Every device as it is now, removed ones among them.
///
/// # Errors
/// The store failed.
pub fn all(cx: &Context<'_>) -> Result<Vec<Stored>, Fault> {
    let mut devices = cx.all(handle::KIND, None)?;
    let (now, cleanup) = (cx.now(), Cleanup::of(&cx.only(cleanup::KIND)?.record));
    devices.iter_mut().for_each(|device| settle(&mut device.record, now));
    devices.retain_mut(|device| cleanup.keeps(&mut device.record, now));
    Ok(devices)
}

/// After how many seconds without a sign of life a device is removed, and forgotten once it is; nothing is never.
struct Cleanup {
    removed: Option<Time>,
    forgotten: Option<Time>,
}

impl Cleanup {
    fn of(settings: &Record) -> Cleanup {
        let active = cleanup::ACTIVE.of(settings) == Some("1");
        let days = |text: Option<&str>| {
            text.and_then(|text| text.parse::<Time>().ok()).filter(|days| active && *days > 0)
        };
        Cleanup {
            removed: days(cleanup::AUTO_REMOVAL_DAYS.of(settings)).map(|days| days * DAY),
            forgotten: days(cleanup::AUTO_PURGE_DAYS.of(settings)).map(|days| days * DAY),
        }
    }

    /// Removes a device that is due; tells whether it is still known. From which moment a removed one counts is guessed: its
    /// last sign of life, and the days after which it was removed.
    fn keeps(&self, record: &mut Record, now: Time) -> bool {
        let last = [handle::KEEP_ALIVE_TIME, handle::LAST_SEEN_TIME, handle::REGISTRATION_TIME];
        let last = last.iter().filter_map(|member| member.of(record)?.parse::<Time>().ok()).max();
        let Some(idle) = last.map(|last| now.saturating_sub(last)) else { return true };
        if self.removed.is_some_and(|removed| idle >= removed)
            && !matches!(state(record), State::Removed | State::Quarantined)
        {
            enter(record, State::Removed);
        }
        let gone = self.forgotten.map(|forgotten| forgotten + self.removed.unwrap_or_default());
        !(state(record) == State::Removed && gone.is_some_and(|gone| idle >= gone))
    }
}

/// Every device that is not removed.
///
/// # Errors
/// The store failed.
pub fn enrolled(cx: &Context<'_>) -> Result<Vec<Stored>, Fault> {
    let mut devices = all(cx)?;
    devices.retain(|device| state(&device.record) != State::Removed);
    Ok(devices)
}

/// Brings a device's state up to now.
fn settle(record: &mut Record, now: Time) {
    let asked = handle::REMOVAL_ASKED_AT.of(record);
    if state(record) == State::RemovalPending && asked.is_some_and(|asked| now >= asked + KEEP_ALIVE) {
        enter(record, State::Removed);
    }
}

/// What a device is in.
pub fn state(record: &Record) -> State {
    let number = handle::STATE.of(record);
    State::ALL.into_iter().find(|state| Some(state.number()) == number).unwrap_or(State::Registered)
}

/// Puts a device in a state.
pub fn enter(record: &mut Record, state: State) {
    record.insert(handle::STATE.into(), state.number().into());
    record.insert(handle::REGISTRATION_STATE.into(), state.words().into());
}

/// Asks a device to go.
pub fn ask_to_go(record: &mut Record, now: Time) {
    enter(record, State::RemovalPending);
    record.insert(handle::REMOVAL_ASKED_AT.into(), now.into());
}

/// Whether a text member says this, whatever the case of letters.
pub fn says(record: &Record, member: Member<str>, wanted: &str) -> bool {
    member.of(record).unwrap_or_default().eq_ignore_ascii_case(wanted)
}

/// The number of the operating system.
pub fn system(record: &Record) -> i64 {
    handle::TYPE.of(record).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zuno_model::Record;

    use super::{Cleanup, DAY, KEEP_ALIVE, State, ask_to_go, enter, handle, settle, state};

    proptest! {
        #[test]
        fn a_device_that_was_asked_to_go_goes_with_its_next_sign_of_life(asked in 0_i64..1 << 40, later in 0_i64..20_000) {
            let mut record = Record::new();
            ask_to_go(&mut record, asked);
            settle(&mut record, asked + later);
            let gone = state(&record) == State::Removed;
            prop_assert_eq!(gone, later >= KEEP_ALIVE);
        }

        #[test]
        fn an_idle_device_is_removed_and_later_forgotten(idle in 0_i64..400) {
            let cleanup = Cleanup { removed: Some(30 * DAY), forgotten: Some(60 * DAY) };
            let mut record = Record::new();
            enter(&mut record, State::Registered);
            handle::KEEP_ALIVE_TIME.set(&mut record, "1000");
            let known = cleanup.keeps(&mut record, 1000 + idle * DAY);
            prop_assert_eq!(state(&record) == State::Removed, idle >= 30);
            prop_assert_eq!(known, idle < 90);
        }

        #[test]
        fn time_alone_changes_no_other_state(at in 0_i64..1 << 40) {
            for before in State::ALL {
                let mut record = Record::new();
                enter(&mut record, before);
                settle(&mut record, at);
                prop_assert_eq!(state(&record), before);
            }
        }
    }
}
