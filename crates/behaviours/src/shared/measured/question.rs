//! What a call asks about: which stretch of time, which devices, which words.

use serde::Serialize;
use serde_json::Value;
use zuno_engine::Call;
use zuno_model::{Fault, Refusal, Time};
use zuno_telemetry::{Scope, Window};

use super::subject::Subject;

/// How far back alerts are known (documented).
const ALERTS_KEPT: Time = 14 * 86_400;
const TWO_HOURS: Time = 2 * 3600;
/// Times of 13 digits are milliseconds, as two printed examples have them.
const MILLISECONDS: Time = 1_000_000_000_000;

/// A question about a fleet.
pub struct Question<'a> {
    /// The call that asks, where one does.
    call: Option<&'a Call>,
    /// The present.
    pub now: Time,
    subjects: Vec<(Subject, i64)>,
    package: &'a str,
    /// The stretch of time, where a record says it and not the query.
    told: Option<Window>,
}

/// A refusal with the word that the dialects use for a wrong argument; the texts are ours.
pub fn wrong(message: impl Into<String>) -> Fault {
    let (class, code) = (Refusal::BadRequest, "INVALID_INPUT_ARGUMENT".into());
    Fault::Refused { class, code, message: message.into(), params: Vec::new() }
}

/// What was measured, as JSON.
///
/// # Errors
/// It cannot be written, which would be our fault.
pub fn json(measured: &impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(measured).map_err(Fault::broken)
}

impl<'a> Question<'a> {
    /// A question that a call asks at a time.
    pub fn of(call: &'a Call, now: Time) -> Question<'a> {
        let package = call.param("id").unwrap_or_default();
        Question { call: Some(call), package, ..Question::at(now) }
    }

    /// A question that the server asks itself.
    pub fn at(now: Time) -> Question<'a> {
        Question { call: None, now, subjects: Vec::new(), package: "", told: None }
    }

    /// The same question about a subject.
    pub fn about(mut self, subject: Subject, id: i64) -> Question<'a> {
        self.subjects.push((subject, id));
        self
    }

    /// The same question about a stretch of time that the query does not say.
    pub fn during(self, window: Window) -> Question<'a> {
        Question { told: Some(window), ..self }
    }

    /// The number of a subject, if the question is about one.
    pub fn number(&self, subject: Subject) -> Option<i64> {
        self.subjects.iter().find(|(known, _)| *known == subject).map(|(_, id)| *id)
    }

    /// What no fleet has when the question is about none.
    fn id(&self, subject: Subject) -> i64 {
        self.number(subject).unwrap_or(i64::MIN)
    }

    /// The device.
    pub fn device(&self) -> i64 {
        self.id(Subject::Device)
    }

    /// The application.
    pub fn application(&self) -> i64 {
        self.id(Subject::Application)
    }

    /// The user.
    pub fn user(&self) -> i64 {
        self.id(Subject::User)
    }

    /// The probe.
    pub fn probe(&self) -> i64 {
        self.id(Subject::Probe)
    }

    /// The alert.
    pub fn alert(&self) -> i64 {
        self.id(Subject::Alert)
    }

    /// The key of the package.
    pub fn package(&self) -> &'a str {
        self.package
    }

    /// The values of a query parameter.
    fn values(&self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let given = self.call.into_iter().flat_map(move |call| call.query_all(name));
        given.map(str::trim).filter(|value| !value.is_empty())
    }

    /// A query parameter with something in it.
    pub fn word(&self, name: &'a str) -> Option<&'a str> {
        self.values(name).next()
    }

    fn time(&self, name: &'static str) -> Result<Option<Time>, Fault> {
        let read = |text: &str| {
            text.parse().map_err(|_| wrong(format!("`{name}` must be a time in epoch seconds, not `{text}`")))
        };
        self.word(name).map(read).transpose()
    }

    /// The stretch of time of a question about measurements: the last two hours, or what `from` and `to` say.
    ///
    /// # Errors
    /// A time that is none, or a stretch that is too short, too long or too long ago.
    pub fn window(&self) -> Result<Window, Fault> {
        if let Some(told) = self.told {
            return Ok(told);
        }
        Window::ask(self.time("from")?, self.time("to")?, self.now).map_err(|cause| wrong(cause.to_string()))
    }

    /// The stretch of time of a question about alerts, which may be two weeks long.
    ///
    /// # Errors
    /// A time that is none, or a stretch that is turned round or reaches back too far.
    pub fn alert_window(&self) -> Result<Window, Fault> {
        let seconds = |given: Time| if given >= MILLISECONDS { given / 1000 } else { given };
        let to = self.time("to")?.map_or(self.now, seconds);
        let from = self.time("from")?.map_or(to.saturating_sub(TWO_HOURS), seconds);
        if from > to {
            return Err(wrong("`to` must lie after `from`"));
        }
        if from < self.now - ALERTS_KEPT {
            return Err(wrong("`from` must lie within the last 14 days"));
        }
        Ok(Window::between(from, to, self.now))
    }

    /// The values of a parameter that may be repeated, or hold several with commas.
    fn listed(&self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values(name).flat_map(|list| list.split(',')).map(str::trim).filter(|value| !value.is_empty())
    }

    fn numbers(&self, name: &'static str) -> Result<Vec<i64>, Fault> {
        let read =
            |text: &str| text.parse().map_err(|_| wrong(format!("`{name}` must be an id, not `{text}`")));
        self.listed(name).map(read).collect()
    }

    /// Which devices the question is about.
    ///
    /// # Errors
    /// An id that is none.
    pub fn scope(&self) -> Result<Scope, Fault> {
        let texts = |name| self.listed(name).map(str::to_owned).collect();
        Ok(Scope {
            locations: self.numbers("loc")?,
            departments: self.numbers("dept")?,
            location_groups: self.numbers("location_groups")?,
            users: self.numbers("userids")?,
            devices: self.numbers("deviceids")?,
            geolocations: texts("geo"),
            exclude_locations: self.numbers("exclude_loc")?,
            exclude_departments: self.numbers("exclude_dept")?,
            exclude_geolocations: texts("exclude_geo"),
        })
    }
}
