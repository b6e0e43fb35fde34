//! A device's state at a moment: whoever was asked to go is gone at the agent's next sign of life.

use serde_json::Value;
use zuno_catalogue::handles::zcc::device as handle;
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Record, Time};

/// Seconds between two signs of life of an agent (documented: 80 minutes).
const KEEP_ALIVE: Time = 80 * 60;

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
    devices.iter_mut().for_each(|device| settle(&mut device.record, cx.now()));
    Ok(devices)
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
    let asked = record.get(handle::REMOVAL_ASKED_AT).and_then(Value::as_i64);
    if state(record) == State::RemovalPending && asked.is_some_and(|asked| now >= asked + KEEP_ALIVE) {
        enter(record, State::Removed);
    }
}

/// What a device is in.
pub fn state(record: &Record) -> State {
    let number = record.get(handle::STATE).and_then(Value::as_i64);
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
pub fn says(record: &Record, member: &str, wanted: &str) -> bool {
    text(record, member).eq_ignore_ascii_case(wanted)
}

/// A text member; empty when there is none.
pub fn text<'a>(record: &'a Record, member: &str) -> &'a str {
    record.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// The number of the operating system.
pub fn system(record: &Record) -> i64 {
    record.get(handle::TYPE).and_then(Value::as_i64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zuno_model::Record;

    use super::{KEEP_ALIVE, State, ask_to_go, enter, settle, state};

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
