//! Zones, time windows and validity.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use foldhash::HashMap;
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::{Offset, TimeZone};

use crate::matching::{Atom, Atoms, Of};
use crate::record::{Record, id, whole, words};
use crate::snapshot::Snapshot;

/// The time windows that rules may name.
#[derive(Debug, Default)]
pub(super) struct Windows {
    windows: HashMap<Box<str>, Window>,
}

#[derive(Debug)]
struct Window {
    from: i64,
    to: i64,
    days: [bool; 7],
}

impl Windows {
    pub fn new(snapshot: &Snapshot) -> Windows {
        let windows = snapshot.records("zia.time_interval").iter();
        Windows {
            windows: windows.filter_map(|record| Some((id(record, "id")?.into(), window(record)))).collect(),
        }
    }

    /// The windows that a moment falls into, by the clock of a zone. One whose end is before its start holds never
    /// (inferred: a window does not pass midnight).
    pub fn open(&self, at: i64, zone: &TimeZone, atoms: &Atoms) -> Vec<Atom> {
        let Ok(moment) = Timestamp::from_second(at) else { return Vec::new() };
        let local = moment.to_zoned(zone.clone());
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let day = place(local.weekday());
        let open = |id: &str| {
            self.windows
                .get(id)
                .is_some_and(|window| window.days[day] && (window.from..=window.to).contains(&minute))
        };
        atoms.all(Of::Interval).filter(|(_, id)| open(id)).map(|(atom, _)| atom).collect()
    }
}

fn window(record: &Record) -> Window {
    let mut listed = words(record, "daysOfWeek");
    listed.extend(words(record, "dayOfWeek"));
    let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    let days = names.map(|name| listed.iter().any(|day| day == name || day == "EVERYDAY"));
    Window {
        from: whole(record, "startTime").unwrap_or(0),
        to: whole(record, "endTime").unwrap_or(1439),
        days,
    }
}

fn place(day: Weekday) -> usize {
    usize::try_from(day.to_sunday_zero_offset()).unwrap_or(0)
}

/// The spans of validity that a moment falls into.
pub(super) fn valid(at: i64, atoms: &Atoms) -> Vec<Atom> {
    let holds = |span: &str| {
        let (from, to) = span.split_once('-').unwrap_or(("0", ""));
        from.parse().is_ok_and(|from: i64| from <= at) && to.parse().is_ok_and(|to: i64| at < to)
    };
    atoms.all(Of::Validity).filter(|(_, span)| holds(span)).map(|(atom, _)| atom).collect()
}

/// The zone that a location names, and whether it is only near: `GERMANY_EUROPE_BERLIN` is a country before a zone of
/// the IANA database; `GMT_05_00_US_EASTERN_TIME` is an offset, east where it stands at the end as well (seen from the
/// list of words).
pub(super) fn zone(word: &str) -> (TimeZone, bool) {
    if word == "GMT" {
        return (TimeZone::UTC, false);
    }
    if let Some(rest) = word.strip_prefix("GMT_") {
        let parts: Vec<i8> = rest.split('_').take(2).filter_map(|part| part.parse().ok()).collect();
        if let [hours, minutes] = parts[..] {
            let east = word.ends_with(&format!("GMT_{hours:02}_{minutes:02}"));
            let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * if east { 60 } else { -60 };
            if let Ok(offset) = Offset::from_seconds(seconds) {
                return (TimeZone::fixed(offset), true);
            }
        }
    }
    let mut tail = Some(word);
    while let Some(name) = tail {
        if let Some(zone) = known().get(name).and_then(|name| TimeZone::get(name).ok()) {
            return (zone, false);
        }
        tail = name.split_once('_').map(|(_, rest)| rest);
    }
    (TimeZone::UTC, true)
}

/// Zones of the IANA database by their names as words.
fn known() -> &'static BTreeMap<String, String> {
    static KNOWN: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let names = jiff::tz::db().available().map(|name| name.to_string()).filter(|name| name.contains('/'));
        names.map(|name| (name.replace(['/', '-'], "_").to_uppercase(), name)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_zones_are_read() {
        let at = Timestamp::from_second(1_767_268_800).expect("a moment"); // 2026-01-01T12:00:00Z
        for (word, hour, near) in [
            ("GMT", 12, false),
            ("GERMANY_EUROPE_BERLIN", 13, false),
            ("UNITED_STATES_AMERICA_LOS_ANGELES", 4, false),
            ("UNITED_STATES_AMERICA_INDIANA_INDIANAPOLIS", 7, false),
            ("GMT_05_00_US_EASTERN_TIME", 7, true),
            ("GMT_09_00_JAPAN_GMT_09_00", 21, true),
            ("NOT_SPECIFIED", 12, true),
        ] {
            let (zone, approximate) = zone(word);
            assert_eq!((at.to_zoned(zone).hour(), approximate), (hour, near), "{word}");
        }
    }
}
