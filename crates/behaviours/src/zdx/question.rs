//! What a query asks about: which stretch of time, which devices, which words.

use serde::Serialize;
use serde_json::Value;
use zuno_engine::Call;
use zuno_model::{Fault, Id, Kind, Refusal, Time};
use zuno_telemetry::{Scope, Window};

/// How far back alerts are known (documented).
const ALERTS_KEPT: Time = 14 * 86_400;
const TWO_HOURS: Time = 2 * 3600;
/// Times of 13 digits are milliseconds, as two printed examples have them.
const MILLISECONDS: Time = 1_000_000_000_000;

/// A refusal with the word that the dialects use for a wrong argument; the texts are ours.
pub fn wrong(message: impl Into<String>) -> Fault {
    refused(Refusal::BadRequest, "INVALID_INPUT_ARGUMENT", message)
}

/// A refusal.
pub fn refused(class: Refusal, code: &str, message: impl Into<String>) -> Fault {
    Fault::Refused { class, code: code.into(), message: message.into(), params: Vec::new() }
}

/// Nothing of this kind has the id that the path names.
pub fn missing(kind: &str, id: &str) -> Fault {
    Fault::NotFound { kind: Kind::from(kind), id: Id::from(id) }
}

/// Whether two names of a member are one: released clients write `metricName` for the documented `metric_name` (client:
/// python, and programs on top of it).
pub fn same_name(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        let bytes = name.as_bytes().iter().filter(|byte| **byte != b'_');
        bytes.map(u8::to_ascii_lowercase).collect::<Vec<u8>>()
    };
    letters(one) == letters(other)
}

/// The values of a query parameter, however its name is spelt.
fn values<'a>(call: &'a Call, name: &'a str) -> impl Iterator<Item = &'a str> {
    let named = call.query.iter().filter(move |(given, _)| same_name(given, name));
    named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// A query parameter with something in it.
pub fn asked<'a>(call: &'a Call, name: &'a str) -> Option<&'a str> {
    values(call, name).next()
}

fn time(call: &Call, name: &'static str) -> Result<Option<Time>, Fault> {
    let read = |text: &str| {
        text.parse().map_err(|_| wrong(format!("`{name}` must be a time in epoch seconds, not `{text}`")))
    };
    asked(call, name).map(read).transpose()
}

/// The stretch of time of a question about measurements: the last two hours, or what `from` and `to` say.
///
/// # Errors
/// A time that is none, or a stretch that is too short, too long or too long ago.
pub fn window(call: &Call) -> Result<Window, Fault> {
    Window::ask(time(call, "from")?, time(call, "to")?, call.session.now)
        .map_err(|cause| wrong(cause.to_string()))
}

/// The stretch of time of a question about alerts, which may be two weeks long.
///
/// # Errors
/// A time that is none, or a stretch that is turned round or reaches back too far.
pub fn alert_window(call: &Call) -> Result<Window, Fault> {
    let seconds = |given: Time| if given >= MILLISECONDS { given / 1000 } else { given };
    let to = time(call, "to")?.map_or(call.session.now, seconds);
    let from = time(call, "from")?.map_or(to - TWO_HOURS, seconds);
    if from > to {
        return Err(wrong("`to` must lie after `from`"));
    }
    if from < call.session.now - ALERTS_KEPT {
        return Err(wrong("`from` must lie within the last 14 days"));
    }
    Ok(Window::between(from, to, call.session.now))
}

/// The values of a parameter that may be repeated, or hold several with commas.
pub fn listed<'a>(call: &'a Call, name: &'a str) -> impl Iterator<Item = &'a str> {
    values(call, name).flat_map(|list| list.split(',')).map(str::trim).filter(|value| !value.is_empty())
}

fn numbers(call: &Call, name: &'static str) -> Result<Vec<i64>, Fault> {
    let read = |text: &str| text.parse().map_err(|_| wrong(format!("`{name}` must be an id, not `{text}`")));
    listed(call, name).map(read).collect()
}

/// Which devices a question is about.
///
/// # Errors
/// An id that is none.
pub fn scope(call: &Call) -> Result<Scope, Fault> {
    let texts = |name| listed(call, name).map(str::to_owned).collect();
    Ok(Scope {
        locations: numbers(call, "loc")?,
        departments: numbers(call, "dept")?,
        geolocations: texts("geo"),
        exclude_locations: numbers(call, "exclude_loc")?,
        exclude_departments: numbers(call, "exclude_dept")?,
        exclude_geolocations: texts("exclude_geo"),
    })
}

/// The number that a part of the path names, if it is one.
pub fn id(call: &Call, name: &str) -> Option<i64> {
    call.param(name)?.parse().ok()
}

/// What was measured, as JSON.
///
/// # Errors
/// It cannot be written, which would be our fault.
pub fn json(measured: &impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(measured).map_err(Fault::broken)
}

/// Each of what was measured, as JSON.
///
/// # Errors
/// As [`json`].
pub fn each<T: Serialize>(measured: &[T]) -> Result<Vec<Value>, Fault> {
    measured.iter().map(json).collect()
}
