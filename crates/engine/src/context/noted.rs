//! What a call changes is noted for the log as it changes; the log is written and read here.

use zuno_catalogue::{Resource, Verb};
use zuno_model::{Entry, Fault, Id, Record, Refused, Time};
use zuno_store::{Kept, Logged};

use super::Context;
use crate::noted::{LOG_ENTRIES, LOG_SECS};
use crate::told::{called, told};

impl Context<'_> {
    /// Whether what becomes of records of a kind is noted: of the call's own, or of all where a behaviour carries it out.
    fn notes(&self, kind: &str) -> bool {
        self.call.is_some_and(|call| {
            let (resource, operation) = self.engine.operation(call);
            operation.writes() && (resource.kind == kind || operation.verb == Verb::Act)
        })
    }

    /// Whether it is still to be noted how a record was.
    pub(super) fn is_to_be_noted(&self, kind: &str, id: &Id) -> bool {
        self.notes(kind) && self.noted.wants(kind, id)
    }

    /// Notes how a record was before its first change; nothing where it was not there.
    pub(crate) fn note_before(
        &mut self,
        resource: &Resource,
        id: &Id,
        before: Option<&Record>,
    ) -> Result<(), Fault> {
        if self.is_to_be_noted(&resource.kind, id) {
            let name = before.map(|record| called(resource, id, record)).unwrap_or_default();
            let text = before.map(|record| told(self.catalogue(), resource, record)).transpose()?;
            self.noted.begin(&resource.kind, id, name, text);
        }
        Ok(())
    }

    /// Notes how a record is after a change; nothing where it is gone.
    pub(super) fn note_after(
        &mut self,
        resource: &Resource,
        id: &Id,
        after: Option<&Record>,
    ) -> Result<(), Fault> {
        if !self.notes(&resource.kind) {
            return Ok(());
        }
        let after = after.filter(|_| self.noted.knows(&resource.kind, id));
        let after = match after {
            Some(record) => Some((called(resource, id, record), told(self.catalogue(), resource, record)?)),
            None => None,
        };
        self.noted.end(&resource.kind, id, after);
        Ok(())
    }

    /// What the call has come to, for the log: that it was done, or why it was refused. Nothing where it changed nothing.
    ///
    /// # Errors
    /// The store failed.
    pub fn entry(&self, refused: Option<Refused>) -> Result<Option<Entry>, Fault> {
        let Some(call) = self.call else { return Ok(None) };
        let (resource, operation) = self.engine.operation(call);
        if !operation.writes() || (refused.is_none() && !self.has_written()) {
            return Ok(None);
        }
        let (actor, grant) = (self.actor(), &self.catalogue().owner(resource).grant);
        let role = actor.roles.get(grant).map(|role| (grant.clone(), role.clone()));
        let mut entry = Entry {
            kind: resource.kind.clone(),
            operation: operation.name.clone(),
            client_id: actor.client_id.clone(),
            name: actor.name.clone(),
            roles: role.into_iter().collect(),
            address: call.origin.address,
            trace: call.origin.trace.clone(),
            refused,
            ..Entry::default()
        };
        if !self.noted.tell(&resource.kind, &mut entry) {
            (entry.id, entry.object) = self.meant(resource)?;
        }
        Ok(Some(entry))
    }

    /// The id and the name of what the call is about, where it has changed no record: as its path or its body has them.
    fn meant(&self, resource: &Resource) -> Result<(String, String), Fault> {
        let text = |member: &str| self.sent(member).and_then(|value| value.as_str()).unwrap_or_default();
        let Some(id) = self.param("id") else { return Ok((String::new(), text("name").to_owned())) };
        let found = self.get(&resource.kind, &id.into())?;
        let name = found.map(|stored| called(resource, &stored.id, &stored.record));
        Ok((id.to_owned(), name.unwrap_or_else(|| text("name").to_owned())))
    }

    /// Adds an entry to the tenant's log. Nothing that anybody remembers is outdated by it.
    ///
    /// # Errors
    /// The store failed.
    pub fn log(&mut self, entry: &Entry) -> Result<(), Fault> {
        let (tenant, now, wrote) = (self.tenant().id, self.now(), self.has_written());
        let text = serde_json::to_vec(entry).map_err(Fault::broken)?;
        let kept = Kept { since: now.saturating_sub(LOG_SECS), most: LOG_ENTRIES };
        self.change()?.log(tenant, now, &text, kept)?;
        self.wrote = wrote;
        Ok(())
    }

    /// Shows the entries of the tenant's log from one time until before another, with their numbers and times, in the
    /// order of time or turned round, for as long as `look` wants to see more.
    ///
    /// # Errors
    /// The store failed, or an entry is damaged.
    pub fn look_through_log(
        &self,
        times: (Time, Time),
        backwards: bool,
        mut look: impl FnMut(u64, Time, Entry) -> bool,
    ) -> Result<(), Fault> {
        self.asked_beyond.set(true);
        let mut damaged = None;
        let shown = &mut |logged: Logged| match serde_json::from_slice(&logged.entry) {
            Ok(entry) => look(logged.number, logged.at, entry),
            Err(cause) => {
                damaged = Some(format!("the entry {} of the log is damaged: {cause}", logged.number));
                false
            }
        };
        self.store().look_through_log(self.tenant().id, times, backwards, shown)?;
        damaged.map_or(Ok(()), |damaged| Err(Fault::broken(damaged)))
    }

    /// The number of the last entry of the tenant's log.
    ///
    /// # Errors
    /// The store failed.
    pub fn last_logged(&self) -> Result<u64, Fault> {
        self.asked_beyond.set(true);
        Ok(self.store().last_logged(self.tenant().id)?)
    }
}
