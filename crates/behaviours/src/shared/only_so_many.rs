//! `only-so-many`: no more than so many records of the kind are of one sort.
//!
//! Parameters: `having`, the members that make one of that sort, or `of`, lists of which one holds something; `apart`, the
//! members of those that do not count; `most`; `message`, what is said to one more: of a list as of a wrong member, always; else
//! as of a limit, unless object limits are off. Of kinds with few records alone: all are read.

use serde_json::{Map, Value};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, ObjectLimits, Params};
use zuno_model::{Fault, Kind, Record};

/// The guarantee for one resource.
struct OnlySoMany {
    kind: Kind,
    having: Map<String, Value>,
    of: Vec<String>,
    apart: Map<String, Value>,
    most: u64,
    message: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (having, apart): (Map<_, _>, Map<_, _>) = (params.maybe_read("having")?, params.maybe_read("apart")?);
    params.known(having.keys().chain(apart.keys()))?;
    Ok(Box::new(OnlySoMany {
        kind: Kind(params.kind()),
        having,
        of: params.fields("of")?,
        apart,
        most: params.needed_number("most")?,
        message: params.text("message")?,
    }))
}

fn has(record: &Record, members: &Map<String, Value>) -> bool {
    members.iter().all(|(name, held)| record.get(name) == Some(held))
}

impl OnlySoMany {
    /// The list that holds something, if one does.
    fn filled(&self, record: &Record) -> Option<&String> {
        self.of.iter().find(|list| !record.items(list).is_empty())
    }

    fn counts(&self, record: &Record) -> bool {
        let spared = !self.apart.is_empty() && has(record, &self.apart);
        !spared && has(record, &self.having) && (self.of.is_empty() || self.filled(record).is_some())
    }
}

impl Behaviour for OnlySoMany {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if !self.counts(&change.new) || change.old.as_ref().is_some_and(|old| self.counts(old)) {
            return Ok(());
        }
        let list = self.filled(&change.new);
        if list.is_none() && cx.given::<ObjectLimits>().is_ok_and(|limits| *limits == ObjectLimits::Off) {
            return Ok(());
        }
        let all = cx.all(self.kind.as_str(), None)?;
        let others = all.iter().filter(|other| other.id != change.id && self.counts(&other.record));
        if (others.count() as u64) < self.most {
            return Ok(());
        }
        let (kind, message) = (self.kind.clone(), self.message.clone());
        Err(match list {
            Some(list) => Fault::said(&kind, list, message),
            None => Fault::Quota { kind, limit: self.most, message: Some(message) },
        })
    }
}
