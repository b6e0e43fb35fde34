//! What has to do with time: how old a sign-in may be, and approvals.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::asker::{Asker, BROWSER, ISOLATED};
use super::rules::{Asking, List, Rule};
use crate::record::{Record, text, whole, words};
use crate::snapshot::Snapshot;
use crate::verdict::Draft;
use crate::words::Module;

/// Approvals that were given.
#[derive(Debug, Default)]
pub(super) struct Approvals {
    given: Vec<Approval>,
}

#[derive(Debug)]
struct Approval {
    emails: Vec<String>,
    applications: Vec<String>,
    from: i64,
    to: i64,
    hours: Option<Hours>,
}

#[derive(Debug)]
struct Hours {
    from: i64,
    to: i64,
    days: Vec<String>,
    zone: TimeZone,
}

impl Approvals {
    pub fn new(snapshot: &Snapshot) -> Approvals {
        let given = snapshot.records("zpa.approval").iter().map(|record| Approval {
            emails: words(record, "emailIds").iter().map(|email| email.to_lowercase()).collect(),
            applications: words(record, "applications"),
            from: whole(record, "startTime").unwrap_or(i64::MIN),
            to: whole(record, "endTime").unwrap_or(i64::MAX),
            hours: record.get("workingHours").and_then(Value::as_object).and_then(hours),
        });
        Approvals { given: given.collect() }
    }

    /// Whether a user has a live approval for one of these applications.
    pub fn live(&self, user: Option<&str>, applications: &[&str], at: Option<i64>) -> bool {
        let (Some(user), Some(at)) = (user.map(str::to_lowercase), at) else { return false };
        self.given.iter().any(|approval| {
            approval.emails.contains(&user)
                && applications
                    .iter()
                    .any(|application| approval.applications.iter().any(|id| id == application))
                && (approval.from..approval.to).contains(&at)
                && approval.hours.as_ref().is_none_or(|hours| hours.hold(at))
        })
    }
}

impl Hours {
    fn hold(&self, at: i64) -> bool {
        let Ok(moment) = Timestamp::from_second(at) else { return false };
        let local = moment.to_zoned(self.zone.clone());
        let day = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
        let day =
            usize::try_from(local.weekday().to_sunday_zero_offset()).ok().and_then(|place| day.get(place));
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        day.is_some_and(|day| self.days.iter().any(|known| known == day))
            && (self.from..self.to).contains(&minute)
    }
}

fn hours(record: &Record) -> Option<Hours> {
    let clock = |member: &str| {
        let (hours, minutes) = text(record, member)?.split_once(':')?;
        Some(hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
    };
    Some(Hours {
        from: clock("startTime")?,
        to: clock("endTime")?,
        days: words(record, "days"),
        zone: text(record, "timeZone").and_then(|zone| TimeZone::get(zone).ok()).unwrap_or(TimeZone::UTC),
    })
}

/// What the timeout rules say of a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeout<'p> {
    pub rule: Option<&'p Rule>,
    /// The sign-in is too old.
    pub expired: bool,
    /// The application was idle for too long.
    pub idle: bool,
}

/// Holds a session against the timeout rules. Browsers and portals are under the default rule, isolation under the shortest
/// of all (documented).
pub(super) fn timeout<'p>(
    list: &'p List,
    asker: &Asker<'_>,
    asking: &Asking<'_>,
    at: Option<i64>,
    draft: &mut Draft<'p>,
) -> Timeout<'p> {
    let finite = |rule: &&Rule| rule.reauth.is_some_and(|seconds| seconds > 0);
    let rule = match asker.client {
        BROWSER => list.rules.iter().find(|rule| rule.default),
        ISOLATED => list.rules.iter().filter(finite).min_by_key(|rule| rule.reauth),
        _ => list.first(Module::TimeoutPolicy, asker, asking, draft),
    };
    let over = |limit: Option<i64>, since: Option<i64>| match (limit, since, at) {
        (Some(limit), Some(since), Some(at)) if limit > 0 => at.saturating_sub(since) >= limit,
        _ => false,
    };
    Timeout {
        rule,
        expired: rule.is_some_and(|rule| over(rule.reauth, asker.question.signed_in_at)),
        idle: rule.is_some_and(|rule| over(rule.idle, asker.question.last_used_at)),
    }
}
