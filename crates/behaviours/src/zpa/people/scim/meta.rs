//! What the server tells of every resource: its kind, its address, and since when it is as it is.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_engine::Stored;
use zuno_model::Time;

/// What a resource tells of itself; `kind` is `User` or `Group`.
pub fn meta(stored: &Stored, kind: &str, location: String) -> Value {
    let moment = |name: &str| {
        let seconds = stored.record.number(name).unwrap_or_default();
        in_words(seconds)
    };
    json!({
        "resourceType": kind,
        "created": moment("creationTime"),
        "lastModified": moment("modifiedTime"),
        "location": location,
    })
}

/// A moment as SCIM writes it: `2026-01-31T08:15:00Z`.
fn in_words(seconds: Time) -> String {
    let moment =
        time::OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = moment.to_calendar_date();
    let (hour, minute, second) = moment.to_hms();
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", u8::from(month))
}
