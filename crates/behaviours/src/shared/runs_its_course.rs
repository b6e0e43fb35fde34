//! `runs-its-course`: a session that is asked of a device takes its course by the clock: it waits for the device, runs for
//! its time and is over, or is stopped; only so many run at once.
//!
//! Nothing of it is kept but what was asked: how far it is follows from the fleet and the time. Parameters: `fleet` (see
//! `measured`); the members `device`, `minutes`, `since` (when it was asked for) and `stopped` (when it was stopped,
//! where it can be); `tells`, the member that tells its `status`, when it `started` and `ended`, the `seconds` and
//! `minutes` that are left, and whether it is `active`; `words`, the status by ours where they differ; `at_once` and
//! `at_once_on_device`, how many may run. The operation that names it lists a device's sessions, or stops one.

use std::collections::BTreeMap;

use super::measured::{Course, Source};
use serde_json::Value;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Kind, Record, Refusal};
use zuno_store::Stretch;

/// How many sessions are looked at at a time, from the newest on.
const SOME: u64 = 64;

/// The guarantee for one resource.
struct RunsItsCourse {
    own: String,
    source: Source,
    course: Course,
    tells: BTreeMap<String, String>,
    words: BTreeMap<String, String>,
    at_once: Option<usize>,
    at_once_on_device: Option<usize>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let tells: BTreeMap<String, String> = params.part("tells").read()?;
    params.known(tells.values())?;
    let words = params.maybe_read("words")?;
    Ok(Box::new(RunsItsCourse {
        own: params.kind(),
        source: Source::of(params)?,
        course: Course::of(params)?,
        tells,
        words,
        at_once: params.number("at_once"),
        at_once_on_device: params.number("at_once_on_device"),
    }))
}

impl RunsItsCourse {
    /// The sessions that still run, newest first: no older one can, since none waits and runs longer than some hours.
    fn running(&self, cx: &Context<'_>) -> Result<Vec<Id>, Fault> {
        let (mut running, mut skip) = (Vec::new(), 0);
        loop {
            let newest = Stretch { skip, take: SOME, backwards: true };
            let some = cx.stretch(&self.own, None, newest)?;
            for stored in &some {
                let fleet = self.course.device_alone(cx, &self.source, &stored.record)?;
                let since = stored.record.number(&self.course.since).unwrap_or_default();
                if fleet.pace.longest_trace() < cx.now() - since {
                    return Ok(running);
                }
                let trace = self.course.progress(&fleet, &stored.record, cx.now());
                if trace.is_some_and(|trace| trace.status.active()) {
                    running.extend(self.course.device(&stored.record));
                }
            }
            if (some.len() as u64) < SOME {
                return Ok(running);
            }
            skip += SOME;
        }
    }

    /// That one more may run (documented; the words are guessed).
    fn admit(&self, cx: &Context<'_>, device: &Id) -> Result<(), Fault> {
        let running = self.running(cx)?;
        let refused = |code: &str, message: String| {
            let (class, code) = (Refusal::Conflict, code.to_owned());
            Err(Fault::Refused { class, code, message, params: Vec::new() })
        };
        let here = running.iter().filter(|other| *other == device).count();
        if self.at_once_on_device.is_some_and(|most| here >= most) {
            let words = "a deep tracing session is active on this device; stop it or wait until it is done";
            return refused("SESSION_ACTIVE", words.into());
        }
        match self.at_once {
            Some(most) if running.len() >= most => refused(
                "SESSION_LIMIT",
                format!("{most} deep tracing sessions are active, no more are allowed"),
            ),
            _ => Ok(()),
        }
    }

    fn missing(&self, device: &str) -> Fault {
        Fault::NotFound { kind: Kind(self.course.device_kind.clone()), id: Id::from(device) }
    }

    fn told(&self, cx: &Context<'_>, record: &Record) -> Result<Vec<(String, Value)>, Fault> {
        let fleet = self.course.device_alone(cx, &self.source, record)?;
        let Some(trace) = self.course.progress(&fleet, record, cx.now()) else { return Ok(Vec::new()) };
        let word = trace.status.word();
        let word = self.words.get(word).map_or(word, String::as_str);
        let all: [(&str, Option<Value>); 6] = [
            ("status", Some(word.into())),
            ("started", trace.started_at.map(Value::from)),
            ("ended", trace.ended_at.map(Value::from)),
            ("seconds", Some(trace.left().into())),
            ("minutes", Some(trace.minutes_left().into())),
            ("active", Some(trace.status.active().into())),
        ];
        let member = |(what, value): (&str, Option<Value>)| Some((self.tells.get(what)?.clone(), value?));
        Ok(all.into_iter().filter_map(member).collect())
    }
}

impl Behaviour for RunsItsCourse {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Create {
            return Ok(());
        }
        let Some(device) = self.course.device(&change.new) else { return Ok(()) };
        cx.get(&self.course.device_kind, &device)?.ok_or_else(|| self.missing(device.as_str()))?;
        self.admit(cx, &device)
    }

    fn derived(&self, cx: &Context<'_>, record: &Record) -> Vec<(String, Value)> {
        self.told(cx, record).unwrap_or_default()
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for (member, value) in self.told(cx, record)? {
            record.insert(member, value);
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.own)?;
        if call.param("id").is_none() {
            let device = call.param(&self.course.device).unwrap_or_default();
            let (kind, id) = (&self.course.device_kind, Id::from(device));
            cx.get(kind, &id)?.ok_or_else(|| self.missing(device))?;
            return cx.list(resource, cx.view(), cx.pointing(&self.own, &self.course.device, kind, &id)?);
        }
        let mut stored: Stored = cx.named(&self.own)?;
        if let Some(stopped) =
            self.course.stopped.as_ref().filter(|member| !stored.record.contains_key(*member))
        {
            stored.record.insert(stopped.clone(), cx.now().into());
            cx.save(&self.own, &stored)?;
        }
        Ok(Outcome::One(cx.show(resource, Verb::Update, cx.view(), stored)?))
    }
}
