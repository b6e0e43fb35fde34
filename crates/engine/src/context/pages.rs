//! Pages of numbered lists: of those that stand in the order the places that are asked for are read, and no others.

use zuno_catalogue::Resource;
use zuno_model::Fault;
use zuno_store::Stretch;

use super::Context;
use crate::{List, Numbering, Stored};

/// The most records outside of the numbering that are looked for at the ends of a list.
const FEW: u64 = 64;

impl Context<'_> {
    /// A part of one whole list of which some records may have no place, and how long that is, without reading the rest of
    /// it. Nothing where it must be read: those stand elsewhere than before the first or behind the last that has one.
    pub(crate) fn page_of(
        &self,
        resource: &Resource,
        numbering: &Numbering,
        list: &List,
        stretch: Stretch,
    ) -> Result<Option<(Vec<Stored>, u64)>, Fault> {
        let Some([before, behind]) = self.without_place(resource, numbering, list)? else { return Ok(None) };
        let length = self.length(list)? as u64;
        let total = before.len() as u64 + length + behind.len() as u64;
        let skip = stretch.skip.min(total);
        let take = stretch.take.min(total - skip);
        let mut from = if stretch.backwards { total - skip - take } else { skip };
        let mut left = take;
        let mut rows = Vec::new();
        for (part, length) in [(Some(before), None), (None, Some(length)), (Some(behind), None)] {
            let length = length.unwrap_or_else(|| part.as_ref().map_or(0, |part| part.len() as u64));
            let wanted = Stretch {
                skip: from.min(length),
                take: left.min(length - from.min(length)),
                backwards: false,
            };
            rows.extend(match part {
                Some(part) => wanted.of(part),
                None => self.stretch_of(list, wanted)?,
            });
            (from, left) = (from.saturating_sub(length), left - wanted.take);
        }
        if stretch.backwards {
            rows.reverse();
        }
        Ok(Some((rows, total)))
    }

    /// The records of a kind that have no place: those before the first that has one, and those behind the last.
    fn without_place(
        &self,
        resource: &Resource,
        numbering: &Numbering,
        list: &List,
    ) -> Result<Option<[Vec<Stored>; 2]>, Fault> {
        let (kind, scope) = (resource.kind.as_str(), resource.scope.is_some().then_some(list.scope.as_str()));
        if list.within.is_some() || self.catalogue().kept_as(kind) != kind || !self.owns(kind)? {
            return Ok(None);
        }
        let length = self.length(list)? as u64;
        let take = self.count(kind, scope)?.saturating_sub(length);
        if take > FEW {
            return Ok(None);
        }
        // What has no place keeps its number, so that the store has it where that stands.
        let mut found: Vec<Stored> = Vec::new();
        for backwards in [false, true] {
            let stretch = Stretch { skip: 0, take, backwards };
            for row in self.store().list(self.tenant().id, kind, scope, stretch).map_err(Fault::broken)? {
                let stored = self.read_row(kind, row)?;
                if !numbering.counts(&stored.record) && found.iter().all(|known| known.id != stored.id) {
                    found.push(stored);
                }
            }
        }
        self.sort(resource, &mut found);
        let number = |stored: &Stored| {
            numbering
                .number(&stored.record)
                .map_or(u64::MAX, |number| u64::try_from(number).unwrap_or_default())
        };
        let at_the_ends = found.iter().all(|stored| number(stored) == 0 || number(stored) > length);
        if found.len() as u64 != take || !at_the_ends {
            return Ok(None);
        }
        let (before, behind) = found.into_iter().partition(|stored| number(stored) == 0);
        Ok(Some([before, behind]))
    }
}
