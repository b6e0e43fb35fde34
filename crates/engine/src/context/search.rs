//! The store is told the texts of records as they are kept, and asked for those that have a part.
//!
//! Under the note `searched:KIND` stands of which members it knows all texts. Where that are others, as before the first
//! record of a kind, or under another catalogue, all is looked through, and each call that changes the kind tells the texts of
//! some records more, from the last to the first; how many are left stands before the members. Whoever writes down a tenant's
//! records and notes elsewhere leaves these notes out, since the texts do not go along.

use zuno_catalogue::Resource;
use zuno_model::{Fault, Id, Record};
use zuno_store::Stretch;

use super::Context;
use crate::{Stored, texts};

/// The most records whose texts one call tells beside its own, so that no call of a large tenant's keeps others waiting.
const AT_ONCE: u64 = 1_000;

/// Between the number of those that are left and the members.
const LEFT: &str = " left\n";

/// What the notes' keys begin with.
pub(super) const SEARCHED: &str = "searched:";

fn note(kind: &str) -> String {
    format!("{SEARCHED}{kind}")
}

impl Context<'_> {
    /// Tells the store the texts of a record that was just kept.
    pub(super) fn tell_texts(&mut self, resource: &Resource, id: &Id, record: &Record) -> Result<(), Fault> {
        let members = texts::searched(resource);
        let (tenant, kind) = (self.tenant().id, resource.kind.as_str());
        if members.is_empty() {
            return Ok(());
        }
        let left = match self.texts_left(kind, &members)? {
            Some(left) => left,
            None => self.store().count(tenant, kind, None).map_err(Fault::broken)?,
        };
        if left > 0 {
            // INVARIANT: the first `left` records of the kind are those that may be untold. The one that was just kept may
            // have come before some, which are one place further now.
            let take = if self.has_told.replace(true) { 0 } else { AT_ONCE };
            let first = (left + 1).saturating_sub(take);
            let some = Stretch { skip: first, take: left + 1 - first, backwards: false };
            for row in self.store().list(tenant, kind, None, some).map_err(Fault::broken)? {
                let record = serde_json::from_slice(&row.body).map_err(Fault::broken)?;
                let found = texts::of(&members, &record);
                self.change()?.found_by(tenant, kind, &row.id, &found).map_err(Fault::broken)?;
            }
            let known = match first {
                0 => members.join("\n"),
                left => format!("{left}{LEFT}{}", members.join("\n")),
            };
            self.change()?.set_note(tenant, &note(kind), Some(known.as_bytes())).map_err(Fault::broken)?;
        }
        let found = texts::of(&members, record);
        self.change()?.found_by(tenant, kind, id, &found).map_err(Fault::broken)
    }

    /// How many records of a kind the store may have been told nothing of; none where it was told of none.
    fn texts_left(&self, kind: &str, members: &[&str]) -> Result<Option<u64>, Fault> {
        let known = self.store().note(self.tenant().id, &note(kind)).map_err(Fault::broken)?;
        let known = known.as_deref().and_then(|known| std::str::from_utf8(known).ok());
        let (left, of) = known.map_or((None, None), |known| match known.split_once(LEFT) {
            Some((left, of)) => (left.parse().ok(), Some(of)),
            None => (Some(0), Some(known)),
        });
        Ok(left.filter(|_| of == Some(members.join("\n").as_str())))
    }

    /// At least the records of a resource that have one of these parts in a member that is searched, in the order of its
    /// lists: those of the first part that finds few. Nothing where all of them must be looked through.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn having(
        &self,
        resource: &Resource,
        scope: Option<&str>,
        parts: &[&str],
    ) -> Result<Option<Vec<Stored>>, Fault> {
        let kind = resource.kind.as_str();
        if parts.is_empty()
            || !self.owns(kind)?
            || self.texts_left(kind, &texts::searched(resource))? != Some(0)
        {
            return Ok(None);
        }
        for part in parts {
            let part = part.to_lowercase();
            let found = self.store().having(self.tenant().id, kind, scope, &part).map_err(Fault::broken)?;
            let Some(rows) = found else { continue };
            let mut rows =
                rows.into_iter().map(|row| self.read_row(kind, row)).collect::<Result<Vec<_>, _>>()?;
            if self.ordered_by(resource).is_some() {
                self.sort(resource, &mut rows);
            }
            return Ok(Some(rows));
        }
        Ok(None)
    }
}
