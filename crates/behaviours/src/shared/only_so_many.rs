//! `only-so-many`: no more than so many records of the kind have something in one of these lists.
//!
//! Parameters: `of`, the lists; `most`; `message`, what is said to one more; `apart`, a flag of those
//! that do not count. Of kinds with few records alone: all are read.

use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind, Record};

/// The guarantee for one resource.
struct OnlySoMany {
    kind: Kind,
    of: Vec<String>,
    most: usize,
    message: String,
    apart: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(OnlySoMany {
        kind: Kind(params.kind()),
        of: params.fields("of")?,
        most: params.needed_number("most")?,
        message: params.text("message")?,
        apart: params.field("apart")?,
    }))
}

impl OnlySoMany {
    /// The list that holds something, if one does.
    fn filled(&self, record: &Record) -> Option<&String> {
        if record.flag(&self.apart) {
            return None;
        }
        self.of.iter().find(|list| !record.items(list).is_empty())
    }
}

impl Behaviour for OnlySoMany {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(list) = self.filled(&change.new) else { return Ok(()) };
        if change.old.as_ref().is_some_and(|old| self.filled(old).is_some()) {
            return Ok(());
        }
        let others = cx.all(self.kind.as_str(), None)?;
        let others =
            others.iter().filter(|other| other.id != change.id && self.filled(&other.record).is_some());
        match others.count() < self.most {
            true => Ok(()),
            false => Err(Fault::said(&self.kind, list, self.message.as_str())),
        }
    }
}
