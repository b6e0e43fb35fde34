//! `validity-period`: start and end are kept as seconds, however they were written, and the end comes later.
//!
//! Written as seconds, as `Sun, 16 Jun 2024 15:04:05 UTC`, or as `06/16/2024 03:04:05 pm` (client: terraform zia);
//! texts are read as UTC. Parameters: `start`, `end`.

use serde_json::Value;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Kind, Time};

/// The guarantee for one kind of rules.
struct ValidityPeriod {
    kind: Kind,
    start: String,
    end: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (start, end) = (params.field("start")?, params.field("end")?);
    Ok(Box::new(ValidityPeriod { kind: Kind(params.kind()), start, end }))
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds since the epoch at a UTC date and time of day; nothing for a date that does not exist.
fn seconds(year: i32, month: u8, day: u8, clock: &str, shift: i64) -> Option<Time> {
    let mut parts = clock.split(':').map(|part| part.parse::<u8>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let month = time::Month::try_from(month).ok()?;
    let date = time::Date::from_calendar_date(year, month, day).ok()?;
    let clock = time::Time::from_hms(hour, minute, second).ok()?;
    Some(time::PrimitiveDateTime::new(date, clock).assume_utc().unix_timestamp() + shift)
}

/// Reads a moment in any of its spellings.
fn read(value: &Value) -> Option<Time> {
    let text = match value {
        Value::Number(number) => return number.as_i64(),
        Value::String(text) => text.trim(),
        _ => return None,
    };
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        [_, day, month, year, clock, _zone] => {
            let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
            seconds(year.parse().ok()?, u8::try_from(month).ok()?, day.parse().ok()?, clock, 0)
        }
        [date, clock, half] => {
            let mut parts = date.split('/');
            let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
            let noon = clock.starts_with("12");
            let shift = match (half.to_ascii_lowercase().as_str(), noon) {
                ("am", false) | ("pm", true) => 0,
                ("am", true) => -43_200,
                ("pm", false) => 43_200,
                _ => return None,
            };
            seconds(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?, clock, shift)
        }
        _ => None,
    }
}

impl Behaviour for ValidityPeriod {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let mut period = [None, None];
        for (place, name) in [&self.start, &self.end].into_iter().enumerate() {
            let Some(given) = change.new.get(name) else { continue };
            let Some(moment) = read(given) else {
                let (kind, field) = (self.kind.clone(), name.clone());
                return Err(Fault::Invalid { kind, field, fix: Fix::Type("time") });
            };
            change.new.insert(name.clone(), Value::from(moment));
            period[place] = Some(moment);
        }
        match period {
            [Some(start), Some(end)] if end <= start => {
                let words = format!("{} must be later than {}", self.end, self.start);
                Err(Fault::said(&self.kind, &self.end, words))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{MONTHS, read};

    #[test]
    fn a_moment_has_many_spellings() {
        for text in [
            "Sun, 16 Jun 2024 15:04:05 UTC",
            "06/16/2024 03:04:05 pm",
            "1718550245",
            "06/16/2024 03:04:05 PM",
        ] {
            assert_eq!(read(&json!(text)), Some(1_718_550_245), "{text}");
        }
        assert_eq!(read(&json!("06/16/2024 12:00:00 am")), Some(1_718_496_000));
        assert_eq!(read(&json!("06/16/2024 12:00:00 pm")), Some(1_718_539_200));
        for wrong in ["tomorrow", "02/30/2024 01:00:00 am", "Sun, 16 Jum 2024 15:04:05 UTC", ""] {
            assert_eq!(read(&json!(wrong)), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(moment in 0i64..4_000_000_000) {
            let at = time::OffsetDateTime::from_unix_timestamp(moment).expect("in range");
            let month = MONTHS[usize::from(u8::from(at.month())) - 1];
            let text = format!(
                "Mon, {:02} {month} {} {:02}:{:02}:{:02} UTC",
                at.day(), at.year(), at.hour(), at.minute(), at.second()
            );
            prop_assert_eq!(read(&json!(text)), Some(moment));
            let (half, hour) = if at.hour() < 12 { ("am", at.hour()) } else { ("pm", at.hour() - 12) };
            let hour = if hour == 0 { 12 } else { hour };
            let text = format!(
                "{:02}/{:02}/{} {hour:02}:{:02}:{:02} {half}",
                u8::from(at.month()), at.day(), at.year(), at.minute(), at.second()
            );
            prop_assert_eq!(read(&json!(text)), Some(moment));
        }
    }
}
