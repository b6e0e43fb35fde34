//! `deadline`: a moment that a caller may choose lies within a span ahead of now, and a member tells whether it has passed.
//!
//! Parameters: `member`, in seconds since 1970; `otherwise`, `least` and `most`, how many seconds ahead it is when not
//! said, at least, and at most; `status` with its words `before` and `after`.

use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record, Time};

/// The guarantee for one resource.
struct Deadline {
    kind: String,
    member: String,
    otherwise: Time,
    least: Time,
    most: Time,
    status: String,
    words: [String; 2],
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Deadline {
        kind: params.kind(),
        member: params.field("member")?,
        otherwise: params.needed_number("otherwise")?,
        least: params.needed_number("least")?,
        most: params.needed_number("most")?,
        status: params.field("status")?,
        words: [params.text("before")?, params.text("after")?],
    }))
}

impl Behaviour for Deadline {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let now = cx.now();
        let wanted = change.new.number(&self.member).filter(|wanted| *wanted != 0);
        let Some(wanted) = wanted else {
            change.new.insert(self.member.clone(), (now + self.otherwise).into());
            return Ok(());
        };
        let ahead = wanted.saturating_sub(now);
        let as_it_was = change.old.as_ref().is_some_and(|old| old.get(&self.member) == Some(&wanted.into()));
        if as_it_was || (self.least..=self.most).contains(&ahead) {
            return Ok(());
        }
        let words = format!("must lie {} to {} hours ahead", self.least / 3600, self.most / 3600);
        let (kind, field) = (Kind(self.kind.clone()), self.member.clone());
        Err(Fault::Invalid { kind, field, fix: Fix::Said(words) })
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let ends = record.number(&self.member).unwrap_or_default();
        let [before, after] = &self.words;
        let word = if cx.now() < ends { before } else { after };
        record.insert(self.status.clone(), word.clone().into());
        Ok(())
    }
}
