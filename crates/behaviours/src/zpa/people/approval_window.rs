//! `approval-window`: an approval holds from one moment to another, within working hours if it says so, and what has run
//! out can be cleared away in one call.
//!
//! Whether it is to come, in force or over follows from the clock (seen). Working hours are told as the caller's zone
//! has them and as Quartz schedules in UTC; schedules that are not sent are worked out with the zone's offset at the
//! start (guessed; the form is seen). Parameter: `most`, how many may be in force or to come at once.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::Value;
use zuno_catalogue::handles::zpa::approval as member;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Id, Kind, Record};

/// The longest window, in seconds: a year, leap days allowed for (client: terraform zpa).
const LONGEST: i64 = 366 * 86_400;

/// The days of a week in the order of a schedule.
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The guarantee for one resource.
struct ApprovalWindow {
    kind: Kind,
    most: u64,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ApprovalWindow {
        kind: Kind(params.kind()),
        most: params.number("most").unwrap_or(u64::MAX),
    }))
}

/// A time of day such as `09:00` in a zone, on some days, as a Quartz schedule in UTC; `at` settles the zone's offset.
fn schedule(clock: Time, days: &[&str], zone: &TimeZone, at: i64) -> Option<String> {
    let offset = zone.to_offset(Timestamp::from_second(at).ok()?).seconds();
    let local = i32::from(clock.hour()) * 3_600 + i32::from(clock.minute()) * 60;
    let utc = local - offset;
    let shift = usize::try_from(utc.div_euclid(86_400).rem_euclid(7)).ok()?;
    let (hour, minute) = (utc.rem_euclid(86_400) / 3_600, utc.rem_euclid(3_600) / 60);
    let shifted = DAYS.iter().enumerate().filter(|(_, day)| days.contains(day));
    let shifted: Vec<&str> = shifted.map(|(place, _)| DAYS[(place + shift) % 7]).collect();
    Some(format!("0 {minute} {hour} ? * {}", shifted.join(",")))
}

impl ApprovalWindow {
    fn status(&self, record: &Record, now: i64) -> &'static str {
        if member::APPLICATIONS.of(record).next().is_none() {
            return "INVALID";
        }
        match (
            member::START_TIME.of(record).unwrap_or_default() <= now,
            now < member::END_TIME.of(record).unwrap_or_default(),
        ) {
            (false, _) => "FUTURE",
            (true, true) => "ACTIVE",
            (true, false) => "EXPIRED",
        }
    }

    fn window(&self, record: &Record) -> Result<(), Fault> {
        let (start, end) = (
            member::START_TIME.of(record).unwrap_or_default(),
            member::END_TIME.of(record).unwrap_or_default(),
        );
        let words = match end - start {
            ..=0 => "comes after the start",
            1..=LONGEST => return Ok(()),
            _ => "comes at most a year after the start",
        };
        Err(Fault::said(&self.kind, member::END_TIME.name, words))
    }

    fn working_hours(&self, record: &mut Record) -> Result<(), Fault> {
        let at = member::START_TIME.of(record).unwrap_or_default();
        let Some(hours) = record.get_mut(member::WORKING_HOURS.name).and_then(Value::as_object_mut) else {
            return Ok(());
        };
        let said = |words: String| Fault::said(&self.kind, member::WORKING_HOURS.name, words);
        let given = |name: &str| hours.text(name).unwrap_or_default();
        let zone = TimeZone::get(given("timeZone"))
            .map_err(|_| said(format!("`{}` is no time zone", given("timeZone"))))?;
        let days = hours.items("days").iter();
        let days: Vec<&str> = days.filter_map(Value::as_str).collect();
        let mut made = Vec::new();
        for (name, cron) in [("startTime", "startTimeCron"), ("endTime", "endTimeCron")] {
            let clock = Time::strptime("%H:%M", given(name))
                .map_err(|_| said(format!("`{}` is no time of day such as 09:00", given(name))))?;
            if given(cron).is_empty() {
                made.extend(schedule(clock, &days, &zone, at).map(|schedule| (cron, schedule)));
            }
        }
        hours.extend(made.into_iter().map(|(cron, schedule)| (cron.to_owned(), Value::String(schedule))));
        Ok(())
    }

    /// Those that have run out do not count.
    fn room(&self, cx: &Context<'_>) -> Result<(), Fault> {
        if cx.count(self.kind.as_str(), None)? < self.most {
            return Ok(());
        }
        let all = cx.all(self.kind.as_str(), None)?;
        let live = all
            .iter()
            .filter(|stored| member::END_TIME.of(&stored.record).unwrap_or_default() > cx.now())
            .count();
        match (live as u64) < self.most {
            true => Ok(()),
            false => Err(Fault::Quota { kind: self.kind.clone(), limit: self.most, message: None }),
        }
    }
}

impl Behaviour for ApprovalWindow {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            self.room(cx)?;
        }
        self.window(&change.new)?;
        self.working_hours(&mut change.new)
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let status = self.status(record, cx.now());
        record.insert(member::STATUS.into(), status.into());
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(self.kind.as_str())?;
        let all = cx.all(self.kind.as_str(), call.scope.for_store())?;
        let over: Vec<Id> = all
            .into_iter()
            .filter(|stored| member::END_TIME.of(&stored.record).unwrap_or_default() <= cx.now())
            .map(|stored| stored.id)
            .collect();
        for id in &over {
            cx.erase(resource, id, false)?;
        }
        match over.is_empty() {
            true => Ok(Outcome::Value("No records found".into())),
            false => Ok(Outcome::Nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use serde_json::json;
    use zuno_model::Record;

    use super::{ApprovalWindow, DAYS, schedule};

    /// 2026-03-13, when Vancouver has its summer time.
    const MARCH: i64 = 1_773_370_054;

    #[test]
    fn a_schedule_is_in_utc_and_its_days_move_with_it() {
        let zone = TimeZone::get("America/Vancouver").expect("known");
        let at = |hour, days: &[&str]| schedule(time(hour, 0, 0, 0), days, &zone, MARCH).expect("in range");
        assert_eq!(at(9, &DAYS), "0 0 16 ? * SUN,MON,TUE,WED,THU,FRI,SAT");
        assert_eq!(at(17, &DAYS), "0 0 0 ? * MON,TUE,WED,THU,FRI,SAT,SUN");
        assert_eq!(at(17, &["SAT", "MON"]), "0 0 0 ? * TUE,SUN");
        let east = TimeZone::get("Asia/Kolkata").expect("known");
        let early = schedule(time(1, 0, 0, 0), &["SUN"], &east, MARCH).expect("in range");
        assert_eq!(early, "0 30 19 ? * SAT");
    }

    #[test]
    fn the_status_follows_the_clock_and_an_approval_of_nothing_is_void() {
        let window = ApprovalWindow { kind: "zpa.approval".into(), most: 1 };
        let members = [("startTime", json!(10)), ("endTime", json!(20)), ("applications", json!(["5"]))];
        let mut record: Record = members.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
        let told = [9, 10, 19, 20].map(|now| window.status(&record, now));
        assert_eq!(told, ["FUTURE", "ACTIVE", "ACTIVE", "EXPIRED"]);
        record.insert("applications".into(), json!([]));
        assert_eq!(window.status(&record, 10), "INVALID");
    }

    proptest! {
        #[test]
        fn no_day_is_lost(hour in 0_i8..24, minute in 0_i8..60, zone in 0_usize..4, picked in 1_usize..7) {
            let zones = ["America/Vancouver", "Asia/Kolkata", "Pacific/Kiritimati", "UTC"];
            let zone = TimeZone::get(zones[zone]).expect("known");
            let told = schedule(time(hour, minute, 0, 0), &DAYS[..picked], &zone, MARCH).expect("in range");
            let days = told.rsplit(' ').next().expect("days at the end");
            prop_assert_eq!(days.split(',').count(), picked);
            prop_assert!(days.split(',').all(|day| DAYS.contains(&day)));
        }
    }
}
