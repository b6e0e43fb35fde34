//! `job`: a tenant has one of a report, which is asked for and then made: it waits, is worked at and is done as the clock
//! says, unless it is called off. Asking again takes the place of the one before, done or not; what it tells is what was so
//! when it was asked for. An operation that names the behaviour calls off where it deletes, gives the file where it has a
//! media type, and else tells how far it is.
//!
//! Parameter: `tells`, what the report is of: `changes`, the log of what clients did with the product, or `pushes`, that of
//! what identity providers did.

mod filter;
mod report;
mod row;

use serde_json::json;
use zuno_catalogue::{Members, Method, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored, same};
use zuno_model::{Fault, Id, Record, Refusal, Time};
use zuno_telemetry::Pace;

use self::report::{LAST_ENTRY, Report, Tells};

/// The members that reports have, besides those that say what they are asked for; some have a percentage and a name.
const STATUS: &str = "status";
const ITEMS: &str = "progressItemsComplete";
const ENDED: &str = "progressEndTime";
const PERCENTAGE: &str = "percentage";
const NAME: &str = "statusId";
const ERROR_MESSAGE: &str = "errorMessage";
const ERROR_CODE: &str = "errorCode";
/// Kept beside them: when it was asked for, and when it was called off.
const STARTED_AT: &str = "startedAt";
const CANCELED_AT: &str = "canceledAt";

/// There is one, and so it has this id.
const ID: &str = "1";

/// How far a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waits,
    Worked,
    Done,
    Canceled,
}

impl State {
    /// The wire's word (documented).
    fn word(self) -> &'static str {
        match self {
            State::Waits => "INIT",
            State::Worked => "EXECUTING",
            State::Done => "COMPLETE",
            State::Canceled => "CANCELED",
        }
    }
}

/// After how many seconds a report is begun, and done (guessed; a client asks again after two).
fn seconds(pace: Pace) -> (Time, Time) {
    match pace {
        Pace::Quick => (1, 2),
        Pace::Real => (3, 15),
    }
}

/// How far a report is that was asked for, and perhaps called off, then.
fn state(started: Time, canceled: bool, now: Time, pace: Pace) -> State {
    let (begun, done) = seconds(pace);
    match now.saturating_sub(started) {
        _ if canceled => State::Canceled,
        passed if passed >= done => State::Done,
        passed if passed >= begun => State::Worked,
        _ => State::Waits,
    }
}

struct Job {
    kind: String,
    named: bool,
    report: Report,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    params.known([STATUS, ITEMS, ENDED, STARTED_AT, CANCELED_AT, LAST_ENTRY])?;
    let tells = match params.text("tells")?.as_str() {
        "changes" => Tells::Changes,
        "pushes" => Tells::Pushes,
        other => return Err(params.wrong(format!("`tells` is `changes` or `pushes`, not `{other}`"))),
    };
    let named = params.resource.field(NAME).is_some();
    Ok(Box::new(Job {
        kind: params.kind(),
        named,
        report: Report::of(tells, params.resource, params.catalogue),
    }))
}

/// There is no report, or none that is complete. The words are seen on one product, where there was none.
fn none() -> Fault {
    Fault::refused(Refusal::NotFound, "RESOURCE_NOT_FOUND", "No Report to download")
}

impl Job {
    /// The report that was asked for last; where reports have names, the one that the query names, if it names any.
    fn last(&self, cx: &Context<'_>) -> Result<Stored, Fault> {
        let last = cx.get(&self.kind, &Id(ID.into()))?;
        let meant = |stored: &Stored| match (stored.record.get(NAME), cx.query(NAME)) {
            (Some(name), Some(wanted)) => wanted.is_empty() || same(name, wanted),
            _ => true,
        };
        last.filter(meant).ok_or_else(none)
    }

    fn state(&self, cx: &Context<'_>, record: &Record) -> State {
        let started = record.number(STARTED_AT).unwrap_or_default();
        let pace = cx.given::<Pace>().copied().unwrap_or_default();
        state(started, record.number(CANCELED_AT).is_some(), cx.now(), pace)
    }

    fn tell(&self, cx: &Context<'_>, record: &mut Record) -> Result<(), Fault> {
        let state = self.state(cx, record);
        let pace = cx.given::<Pace>().copied().unwrap_or_default();
        let started = record.number(STARTED_AT).unwrap_or_default();
        let (items, ended, percentage) = match state {
            State::Waits => (0, 0, 0),
            State::Worked => (0, 0, 50),
            State::Done => (self.report.rows(cx, record)?.len(), started + seconds(pace).1, 100),
            State::Canceled => (0, record.number(CANCELED_AT).unwrap_or_default(), 0),
        };
        record.insert(STATUS.into(), state.word().into());
        record.insert(ITEMS.into(), json!(items));
        record.insert(ENDED.into(), json!(ended * 1000));
        record.insert(PERCENTAGE.into(), json!(percentage));
        Ok(())
    }
}

impl Behaviour for Job {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        self.report.check(&mut change.new)?;
        if self.named {
            change.new.insert(NAME.into(), Id::uuid(cx.draw()?).0.into());
        }
        change.new.insert(STARTED_AT.into(), cx.now().into());
        change.new.insert(LAST_ENTRY.into(), cx.last_logged()?.into());
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if verb == Verb::Read {
            // Nothing goes wrong with it here; to whoever asks for it, members of these names are what was asked.
            record.insert(ERROR_MESSAGE.into(), "".into());
            record.insert(ERROR_CODE.into(), "".into());
        }
        self.tell(cx, record)
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let mut stored = self.last(cx)?;
        let operation = cx.operation()?;
        if operation.method == Method::Delete {
            stored.record.insert(CANCELED_AT.into(), cx.now().into());
            cx.save(&self.kind, &stored)?;
            return Ok(Outcome::Done);
        }
        if operation.gives.is_none() {
            let resource = cx.resource(&self.kind)?;
            return Ok(Outcome::One(cx.show(resource, Verb::Read, None, stored)?));
        }
        // Only what is complete can be fetched (documented).
        if self.state(cx, &stored.record) != State::Done {
            return Err(none());
        }
        let text = self.report.file(cx, &stored.record)?;
        let name = format!("{}.csv", self.report.name());
        Ok(Outcome::Text("text/csv;charset=UTF-8", text, Some(name)))
    }
}

#[cfg(test)]
mod tests {
    use zuno_telemetry::Pace;

    use super::{State, state};

    #[test]
    fn a_report_takes_its_course_by_the_clock_and_stays_called_off() {
        let quick = |now| state(100, false, now, Pace::Quick);
        assert_eq!([99, 100, 101, 102, 9_999].map(quick), {
            use State::{Done, Waits, Worked};
            [Waits, Waits, Worked, Done, Done]
        });
        assert_eq!(state(100, false, 114, Pace::Real), State::Worked);
        assert_eq!(state(100, false, 115, Pace::Real), State::Done);
        assert_eq!(state(100, true, 9_999, Pace::Quick), State::Canceled);
    }
}
