//! A record that asks a question of its own: about its device and application, between its two moments. The answer comes
//! a while after it was asked, and is nowhere kept.
//!
//! Parameters: the members `device`, `application`, `from`, `to` and `since` (when it was asked); `tells`, the member that
//! the answer is told in, and `measure`, what it tells; `status` with its words `before` and `after`.

use zuno_catalogue::Members;
use zuno_engine::{Context, Params};
use zuno_model::{Fault, Id, Record, Time};
use zuno_telemetry::{Pace, Window};

use super::answers::{Measure, Told};
use super::members::Source;
use super::question::{Question, wrong};
use super::source::Only;
use super::subject::Subject;

/// What a record asks, by its members.
pub struct Inquiry {
    device: String,
    application: String,
    from: String,
    to: String,
    since: String,
    tells: String,
    measure: &'static Measure,
    status: String,
    words: [String; 2],
}

impl Inquiry {
    /// What the parameters say.
    ///
    /// # Errors
    /// A member that does not exist, or a word that nothing measured has.
    pub fn of(params: Params<'_>) -> Result<Inquiry, String> {
        let word = params.text("measure")?;
        let measure = Measure::named(&word);
        Ok(Inquiry {
            device: params.field("device")?,
            application: params.field("application")?,
            from: params.field("from")?,
            to: params.field("to")?,
            since: params.field("since")?,
            tells: params.field("tells")?,
            measure: measure.ok_or_else(|| params.wrong(format!("nothing measured is called `{word}`")))?,
            status: params.field("status")?,
            words: [params.text("before")?, params.text("after")?],
        })
    }

    /// The stretch of time that a record asks about; until now where it says no end.
    ///
    /// # Errors
    /// The stretch is turned round, too long, or reaches back too far.
    pub fn window(&self, record: &Record, now: Time) -> Result<Window, Fault> {
        let time = |member: &str| record.number(member).filter(|time| *time != 0);
        let (from, to) = (time(&self.from).unwrap_or_default(), time(&self.to));
        Window::about(from, to.unwrap_or(now), now).map_err(|cause| {
            let message = cause.to_string();
            wrong(
                message
                    .replace("`from`", &format!("`{}`", self.from))
                    .replace("`to`", &format!("`{}`", self.to)),
            )
        })
    }

    /// Tells how far the answer is, and the answer once it is there.
    ///
    /// # Errors
    /// The store failed.
    pub fn answer(&self, cx: &Context<'_>, source: &Source, record: &mut Record) -> Result<(), Fault> {
        let now = cx.now();
        let pace = cx.given::<Pace>().copied().unwrap_or_default();
        let number = |member: &str| record.get(member).and_then(Id::from_value)?.as_str().parse().ok();
        let since = record.number(&self.since).unwrap_or_default();
        let [before, after] = &self.words;
        if now < since + pace.minute() {
            record.insert(self.status.clone(), before.clone().into());
            return Ok(());
        }
        let about = (number(&self.device), number(&self.application));
        record.insert(self.status.clone(), after.clone().into());
        let (Some(device), Some(application)) = about else { return Ok(()) };
        // What was asked stays what it was, also when it lies too far back by now.
        let to = record.number(&self.to).filter(|time| *time != 0).unwrap_or(since);
        let from = record.number(&self.from).unwrap_or(since);
        let asked = Question::at(now).during(Window::between(from, to, now));
        let asked = asked.about(Subject::Device, device).about(Subject::Application, application);
        let fleet = source.fleet(cx, Only::Device(device))?;
        if let Some(Told::Bare(found)) = self.measure.tell(&fleet, &asked)? {
            record.insert(self.tells.clone(), found);
        }
        Ok(())
    }
}
