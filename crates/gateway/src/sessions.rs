//! Sessions of the older internet access and connector hosts: kept beside the tenant's records from a sign-in until
//! nobody has used them for a while. The store keeps a digest of the cookie, and so tells nobody a cookie.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zuno_behaviours::zia::session_lasts;
use zuno_identity::random;
use zuno_model::{Fault, Tenant, TenantId, Time};
use zuno_store::{Aspect, Read, StoreError, Write, read};

use crate::Cloud;
use crate::entry_point::EntryPoint;

/// What the notes' keys begin with; the product and the cookie's digest follow.
const NOTES: &str = "session:";

/// How many hex digits of a cookie tell its tenant, and how many bytes the rest are.
const TENANT_DIGITS: usize = 8;
const RANDOM: usize = 12;

/// How long the sessions of connectors last unused, in seconds (documented: 30 minutes).
const CONNECTORS_LAST: Time = 1800;

/// A session's end is moved on after so many seconds of use and not before, so that reads are seldom writes.
const MOVED_EVERY: Time = 30;

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose it is, by the name that a caller of the entry point is loaded by.
    pub client: String,
    /// The client's own session when it began.
    pub sid: String,
    /// Its own name.
    pub jti: String,
    /// When it was last known to be used.
    pub used: Time,
    /// The second from which it no longer counts.
    pub until: Time,
}

impl Session {
    fn read(note: &[u8]) -> Result<Session, StoreError> {
        serde_json::from_slice(note).map_err(|cause| StoreError::because("a session cannot be read", cause))
    }

    /// The same, used now.
    pub fn used(&self, now: Time, lasts: Time) -> Session {
        Session { used: now, until: now.saturating_add(lasts), ..self.clone() }
    }

    /// What the store keeps of it.
    pub fn note(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec(self).map_err(Fault::broken)
    }
}

/// Whether a session's end is to be moved on, now that it is used again. A clock that was moved back counts as time that
/// passed.
pub fn is_due(used: Time, now: Time) -> bool {
    !(0..MOVED_EVERY).contains(&now.saturating_sub(used))
}

/// A new cookie for a session of a tenant: 32 hex digits, as the cloud's (documented).
pub fn cookie(tenant: TenantId) -> String {
    let hex = random::<RANDOM>().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{:0digits$x}{hex}", tenant.0, digits = TENANT_DIGITS)
}

/// The tenant whose cookie this may be.
pub fn tenant_of(cookie: &str) -> Option<TenantId> {
    let digits = cookie.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if cookie.len() != TENANT_DIGITS + 2 * RANDOM || !digits {
        return None;
    }
    i64::from_str_radix(cookie.get(..TENANT_DIGITS)?, 16).ok().map(TenantId)
}

impl Cloud {
    /// The key of a session's note.
    pub(crate) fn session_note(&self, entry_point: EntryPoint, cookie: &str) -> String {
        let digest = String::from(self.pepper.digest(cookie));
        format!("{NOTES}{}:{digest}", entry_point.product().unwrap_or_default())
    }

    /// For how many seconds a session lasts unused.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn session_lasts(&self, tenant: &Arc<Tenant>, entry_point: EntryPoint) -> Result<Time, Fault> {
        match entry_point {
            EntryPoint::InternetAccess => self.read(&self.own(tenant)?, |cx| session_lasts(cx)),
            _ => Ok(CONNECTORS_LAST),
        }
    }

    /// A session that counts now.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn session(
        &self,
        tenant: TenantId,
        note: &str,
        now: Time,
    ) -> Result<Option<Session>, StoreError> {
        let kept = read(self.store.as_ref(), |tx| tx.note(tenant, note))?;
        let session = kept.as_deref().map(Session::read).transpose()?;
        Ok(session.filter(|session| now < session.until))
    }

    /// Moves a session's end on, unless somebody else just did or it has ended.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn keep_session(&self, tenant: TenantId, note: &str, used: &Session) -> Result<(), Fault> {
        let (note, moved) = (note.to_owned(), used.clone());
        let text = used.note()?;
        self.keep_for(tenant, move |tx: &mut dyn Write| {
            let Some(kept) = tx.note(tenant, &note)? else { return Ok(()) };
            if is_due(Session::read(&kept)?.used, moved.used) {
                tx.set_note(tenant, &note, Some(&text))?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn end_session(&self, tenant: TenantId, note: &str) -> Result<(), StoreError> {
        let note = note.to_owned();
        self.keep_for(tenant, move |tx| {
            tx.set_note(tenant, &note, None)?;
            tx.touch(tenant, Aspect::Callers)
        })
    }

    /// Forgets the sessions that have ended by themselves.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn forget_ended_sessions(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let (id, now) = (tenant.id, self.now(tenant.id)?);
        let over = move |tx: &dyn Read| -> Result<Vec<String>, StoreError> {
            let mut over = Vec::new();
            for (key, note) in tx.notes(id, NOTES)? {
                if now >= Session::read(&note)?.until {
                    over.push(key);
                }
            }
            Ok(over)
        };
        if read(self.store.as_ref(), over)?.is_empty() {
            return Ok(());
        }
        self.keep_for(id, move |tx: &mut dyn Write| {
            over(tx.as_read())?.iter().try_for_each(|key| tx.set_note(id, key, None))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_session_is_moved_on_at_most_twice_a_minute() {
        let (client, sid, jti) = ("c".to_owned(), "s".to_owned(), "j".to_owned());
        let session = Session { client, sid, jti, used: 100, until: 400 };
        assert!(!is_due(100, 100) && !is_due(100, 129));
        assert!(is_due(100, 130) && is_due(100, 99) && is_due(100, Time::MIN));
        let used = session.used(130, 300);
        assert_eq!((used.used, used.until, used.jti.as_str()), (130, 430, "j"));
        assert_eq!(Session::read(&used.note().expect("it is written")).expect("it is read"), used);
    }

    proptest! {
        #[test]
        fn a_cookie_tells_its_tenant(tenant in 1..i64::from(u32::MAX)) {
            let made = cookie(TenantId(tenant));
            prop_assert_eq!(made.len(), 32);
            prop_assert_eq!(tenant_of(&made), Some(TenantId(tenant)));
            prop_assert_ne!(&made, &cookie(TenantId(tenant)));
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,40}|[0-9a-f]{30,34}") {
            let _ = tenant_of(&text);
        }
    }
}
