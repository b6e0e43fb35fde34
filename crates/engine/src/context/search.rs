//! The store is told the texts of records as they are kept, and asked for those that have a part.
//!
//! Under the note `searched:KIND` stands of which members it knows all texts. Where that are others, as before the first
//! record of a kind, or under another catalogue, all is looked through, and the next change of the kind tells all. Whoever
//! writes down a tenant's records and notes elsewhere leaves these notes out, since the texts do not go along.

use zuno_catalogue::Resource;
use zuno_model::{Fault, Id, Record};
use zuno_store::Stretch;

use super::Context;
use crate::{Stored, texts};

fn note(kind: &str) -> String {
    format!("searched:{kind}")
}

impl Context<'_> {
    /// Tells the store the texts of a record that was just kept.
    pub(super) fn tell_texts(&mut self, resource: &Resource, id: &Id, record: &Record) -> Result<(), Fault> {
        let members = texts::searched(resource);
        let (tenant, kind) = (self.tenant().id, resource.kind.as_str());
        if members.is_empty() {
            return Ok(());
        }
        if !self.knows_texts(kind, &members)? {
            for row in self.store().list(tenant, kind, None, Stretch::ALL).map_err(Fault::broken)? {
                let record = serde_json::from_slice(&row.body).map_err(Fault::broken)?;
                let found = texts::of(&members, &record);
                self.change()?.found_by(tenant, kind, &row.id, &found).map_err(Fault::broken)?;
            }
            let known = members.join("\n");
            self.change()?.set_note(tenant, &note(kind), Some(known.as_bytes())).map_err(Fault::broken)?;
        }
        let found = texts::of(&members, record);
        self.change()?.found_by(tenant, kind, id, &found).map_err(Fault::broken)
    }

    fn knows_texts(&self, kind: &str, members: &[&str]) -> Result<bool, Fault> {
        let known = self.store().note(self.tenant().id, &note(kind)).map_err(Fault::broken)?;
        Ok(known.is_some_and(|known| known == members.join("\n").as_bytes()))
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
        if parts.is_empty() || !self.owns(kind)? || !self.knows_texts(kind, &texts::searched(resource))? {
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
