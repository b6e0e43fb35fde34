//! `measured`: what a fleet of devices measured is told as the catalogue says: a pure function of the records that describe
//! the fleet, of the question and of the clock.
//!
//! A path's `{id}` and its parameters `device`, `application`, `user` and `probe` say what a question is about, its query
//! when and where. Records are told in the resource's members, its views and its pages; with the filters that it has.
//! Parameters: `tells`, by operation, what is measured (`measured/answers.rs` has the words); `in_list`, the operations
//! that put what they tell into a list of its own; `fleet`, which kinds and members describe the fleet, or the kind where
//! that is said; `session`, where a record says when and what is measured: the members that name the `application` and
//! each measure's probe; `known`, members of a record that must name something measured, each by the word that tells it;
//! `inquiry`, a record that asks a question of its own (`measured/inquiry.rs`).

mod answers;
mod course;
mod fleets;
mod inquiry;
mod members;
mod question;
mod source;
mod subject;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::{Resource, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Page, Params, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Record, Time};
use zuno_telemetry::Fleet;

use self::answers::{Measure, Told};
pub use self::course::Course;
pub use self::fleets::Fleets;
use self::inquiry::Inquiry;
pub use self::members::Source;
use self::question::Question;
use self::source::Only;
use self::subject::Subject;

/// The guarantee for one resource.
struct Measured {
    own: String,
    source: Source,
    tells: BTreeMap<String, &'static Measure>,
    in_list: Vec<String>,
    session: Option<Session>,
    known: BTreeMap<String, &'static Measure>,
    inquiry: Option<Inquiry>,
}

/// Where a record says when and what is measured.
struct Session {
    course: Course,
    application: String,
    /// By operation, the member that names its probe.
    probes: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let words = |name: &str| -> Result<BTreeMap<String, &'static Measure>, String> {
        let words: BTreeMap<String, String> = params.maybe_read(name)?;
        let measure = |(name, word): (String, String)| match Measure::named(&word) {
            Some(measure) => Ok((name, measure)),
            None => Err(params.wrong(format!("nothing measured is called `{word}`"))),
        };
        words.into_iter().map(measure).collect()
    };
    let tells = words("tells")?;
    if let Some(strange) = tells.keys().find(|name| !params.resource.operations.contains_key(*name)) {
        return Err(params.wrong(format!("there is no operation `{strange}`")));
    }
    let known = words("known")?;
    params.known(known.keys())?;
    let session = match params.maybe_part("session") {
        None => None,
        Some(part) => {
            let probes: BTreeMap<String, String> = part.part("probes").read()?;
            params.known(probes.values())?;
            Some(Session { course: Course::of(params)?, application: part.field("application")?, probes })
        }
    };
    let inquiry = params.maybe_part("inquiry").map(Inquiry::of).transpose()?;
    let (own, source, in_list) = (params.kind(), Source::of(params)?, params.texts("in_list"));
    Ok(Box::new(Measured { own, source, tells, in_list, session, known, inquiry }))
}

/// A measured record as one of a resource.
fn stored(place: usize, measured: Value) -> Stored {
    let record = match measured {
        Value::Object(members) => members,
        _ => Record::new(),
    };
    let id = record.get("id").and_then(Id::from_value).unwrap_or_else(|| Id::from(place as i64));
    Stored { id, scope: "0".into(), sort: format!("{place:08}"), record }
}

impl Measured {
    /// The question that a call asks at a time, with what its path names.
    fn asked<'c>(&self, call: &'c Call, now: Time, measure: &Measure) -> Result<Question<'c>, Fault> {
        let mut question = Question::of(call, now);
        for (name, id) in &call.params {
            let subject = if name == "id" { measure.of } else { Subject::named(name) };
            let Some(subject) = subject.filter(|subject| *subject != Subject::Package) else { continue };
            let number = id.parse().map_err(|_| self.missing(subject, id))?;
            question = question.about(subject, number);
        }
        Ok(question)
    }

    /// Nothing of the fleet has the id that the path names.
    fn missing(&self, subject: Subject, id: &str) -> Fault {
        let kind = match subject {
            Subject::Device => &self.source.device.kind,
            Subject::Application => &self.source.application.kind,
            _ => &self.own,
        };
        Fault::NotFound { kind: Kind(kind.clone()), id: Id::from(id) }
    }

    /// As much of the fleet as a question is about.
    fn fleet(&self, cx: &Context<'_>, asked: &Question<'_>) -> Result<Arc<Fleet>, Fault> {
        let only = match (asked.number(Subject::Device), asked.number(Subject::User)) {
            (Some(device), _) => Only::Device(device),
            (_, Some(user)) => Only::User(user),
            _ => Only::Everything,
        };
        let fleet = self.source.fleet(cx, only)?;
        let named = [(Subject::Device, fleet.devices.is_empty()), (Subject::Application, false)];
        for (subject, none) in named {
            let Some(id) = asked.number(subject) else { continue };
            if none || (subject == Subject::Application && fleet.application(id).is_none()) {
                return Err(self.missing(subject, &id.to_string()));
            }
        }
        Ok(fleet)
    }

    /// What is told, as the resource shows it.
    fn shown(
        &self,
        cx: &Context<'_>,
        resource: &Resource,
        operation: &str,
        told: Told<'_>,
    ) -> Result<Outcome, Fault> {
        Ok(match told {
            Told::Bare(value) if self.in_list.iter().any(|name| name == operation) => {
                Outcome::Value(Value::Array(vec![value]))
            }
            Told::Bare(value) => Outcome::Value(value),
            Told::One(value) => Outcome::One(cx.show(resource, Verb::Read, cx.view(), stored(0, value))?),
            Told::Many(rows) if self.is_plain(cx, resource) => {
                let query = cx.list_query();
                let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
                let take = query.take.map_or(usize::MAX, place);
                let shown = (0..rows.total)
                    .skip(place(query.skip))
                    .take(take)
                    .map(|nth| cx.show(resource, Verb::List, cx.view(), self.row(cx, nth, rows.row(nth)?)?));
                let items = shown.collect::<Result<_, Fault>>()?;
                let (number, size, skip) = (query.number, query.size, query.skip);
                Outcome::Many(Page { items, total: rows.total as u64, number, size, skip })
            }
            Told::Many(rows) => {
                let all = (0..rows.total).map(|nth| self.row(cx, nth, rows.row(nth)?));
                cx.list(resource, cx.view(), all.collect::<Result<_, Fault>>()?)?
            }
        })
    }

    /// Whether a list is asked for as it is, so that only the part that is shown need be told.
    fn is_plain(&self, cx: &Context<'_>, resource: &Resource) -> bool {
        let asked = |filter: &String| cx.query_all(filter).any(|value| !value.is_empty());
        let query = cx.list_query();
        query.sort.is_none() && query.search.is_none() && !resource.filters.keys().any(asked)
    }

    /// A measured record as one of a resource, with what is kept of it.
    fn row(&self, cx: &Context<'_>, place: usize, measured: Value) -> Result<Stored, Fault> {
        let mut row = stored(place, measured);
        let kept = [&self.source.device.kind, &self.source.application.kind].contains(&&self.own);
        if kept && let Some(known) = cx.get(&self.own, &row.id)? {
            let measured = std::mem::replace(&mut row.record, known.record);
            row.record.extend(measured);
        }
        Ok(row)
    }

    /// The question that a record asks: about its device, application and probe, while its session lasted; none before
    /// the device took it up.
    fn of_session<'c>(
        &self,
        cx: &Context<'_>,
        session: &Session,
        call: &'c Call,
        operation: &str,
    ) -> Result<Option<(Arc<Fleet>, Question<'c>)>, Fault> {
        let kept = cx.named(&self.own)?;
        let device = session.course.number(&kept.record);
        let fleet = self.source.fleet(cx, Only::Device(device))?;
        let Some(window) =
            session.course.progress(&fleet, &kept.record, cx.now()).and_then(|trace| trace.window())
        else {
            return Ok(None);
        };
        let mut question = Question::of(call, cx.now()).during(window).about(Subject::Device, device);
        let number =
            |member: &String| kept.record.get(member).and_then(Id::from_value)?.as_str().parse().ok();
        if let Some(probe) = session.probes.get(operation) {
            let (Some(application), Some(probe)) = (number(&session.application), number(probe)) else {
                return Ok(None);
            };
            question = question.about(Subject::Application, application).about(Subject::Probe, probe);
        }
        Ok(Some((fleet, question)))
    }
}

impl Behaviour for Measured {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if let Some(inquiry) = &self.inquiry {
            inquiry.window(&change.new, cx.now())?;
        }
        for (member, measure) in &self.known {
            let Some(id) = change.new.get(member).and_then(Id::from_value) else { continue };
            let number = id.as_str().parse().ok();
            let found = match (measure.of, number) {
                (Some(subject), Some(number)) => {
                    let asked = Question::at(cx.now()).about(subject, number);
                    let fleet = self.source.fleet(cx, Only::Everything)?;
                    measure.tell(&fleet, &asked)?.is_some()
                }
                _ => false,
            };
            if !found {
                let (kind, field) = (Kind(self.own.clone()), member.clone());
                return Err(Fault::Invalid { kind, field, fix: Fix::Said(format!("`{id}` is not known")) });
            }
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        match &self.inquiry {
            Some(inquiry) => inquiry.answer(cx, &self.source, record),
            None => Ok(()),
        }
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let operation = cx.operation()?.name.as_str();
        let Some(measure) = self.tells.get(operation) else {
            return Err(Fault::broken(format!("`{operation}` tells nothing measured")));
        };
        let resource = cx.resource(&self.own)?;
        let (fleet, asked) = match &self.session {
            Some(session) => match self.of_session(cx, session, call, operation)? {
                Some(found) => found,
                None => return Ok(Outcome::Value(Value::Array(Vec::new()))),
            },
            None => {
                let asked = self.asked(call, cx.now(), measure)?;
                (self.fleet(cx, &asked)?, asked)
            }
        };
        match measure.tell(&fleet, &asked)? {
            Some(told) => self.shown(cx, resource, operation, told),
            None if self.session.is_some() => Ok(Outcome::Value(Value::Array(Vec::new()))),
            None => Err(self.missing(
                measure.of.filter(|of| *of != Subject::Device).unwrap_or(Subject::Probe),
                call.param("id").unwrap_or_default(),
            )),
        }
    }
}
