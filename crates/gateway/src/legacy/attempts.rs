//! Attempts to sign in, counted: three failures in a row close a client for half an hour, whichever older host it tries.

use std::net::IpAddr;
use std::sync::Arc;

use zuno_behaviours::zpa::{api_key_closed_until, close_api_key};
use zuno_catalogue::handles::zpa::api_key;
use zuno_engine::Context;
use zuno_identity::{ApiClient, Attempt, Attempts, Pepper, SessionToken, SignIn};
use zuno_model::{Entry, Fault, Refused, Tenant, Time};

use crate::Cloud;
use crate::authorize::issuer;
use crate::entry_point::EntryPoint;
use crate::health::chain;
use crate::respond::{Response, respond};
use crate::tokens::SIGN_IN;

/// A client that may sign in, and whose it is.
#[derive(Clone)]
pub struct Found {
    pub tenant: Arc<Tenant>,
    pub client: Arc<ApiClient>,
}

/// The note that keeps a client's failed attempts.
fn note(client: &str) -> String {
    format!("sign-in:{client}")
}

/// What the log calls the thing that signs in at an entry point.
fn kind(entry_point: EntryPoint) -> String {
    match entry_point {
        EntryPoint::PrivateAccess => api_key::KIND.into(),
        _ => format!("{}.session", entry_point.product().unwrap_or_default()),
    }
}

/// The answer where something of ours is broken.
pub fn broken(cause: &Fault) -> Response {
    tracing::error!(cause = %chain(cause), "a sign-in failed");
    respond(500, None, "")
}

/// The code of the product behind an entry point, as tokens name it.
fn code(cloud: &Cloud, entry_point: EntryPoint) -> String {
    let catalogue = cloud.catalogue();
    let product = entry_point.product().and_then(|name| catalogue.product(name));
    product.map(|product| product.grant.clone()).unwrap_or_default()
}

impl Cloud {
    /// The client of this name in one of these tenants, if it has a role in the entry point's product.
    pub(super) fn found(
        &self,
        tenants: &[Arc<Tenant>],
        name: &str,
        entry_point: EntryPoint,
    ) -> Result<Option<Found>, Fault> {
        let code = code(self, entry_point);
        for tenant in tenants {
            let client = self.api_client(tenant, name, entry_point)?;
            let client = client.filter(|client| client.grants.iter().any(|grant| grant.product == code));
            if let Some(client) = client {
                return Ok(Some(Found { tenant: Arc::clone(tenant), client }));
            }
        }
        Ok(None)
    }

    /// Makes an attempt and counts it, and does what follows from a good one, in one transaction, so that attempts side by
    /// side get no more guesses than in turn. Nothing comes of a bad one. An API key that is closed by it says so in its
    /// record: so it is told, an administrator may open it, and a restart does not. Either way the tenant's log tells of it.
    pub(super) fn attempt<T: Send + 'static>(
        &self,
        found: &Found,
        entry_point: EntryPoint,
        address: Option<IpAddr>,
        prove: impl Fn(&ApiClient, &Pepper, Time) -> bool + Send + 'static,
        then: impl Fn(&mut Context<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Option<T>, Fault> {
        let (client, pepper) = (Arc::clone(&found.client), Arc::clone(&self.pepper));
        let has_keys = entry_point == EntryPoint::PrivateAccess;
        let entry = Entry {
            kind: kind(entry_point),
            operation: SIGN_IN.into(),
            client_id: client.id.clone(),
            name: client.name.clone(),
            object: client.name.clone(),
            roles: client.roles(),
            address,
            ..Entry::default()
        };
        let kept_out = Refused { status: None, code: String::new(), words: "the secret is wrong".into() };
        self.write_and_wait(self.own(&found.tenant)?, move |cx| {
            let (tenant, now, key) = (cx.tenant().id, cx.now(), note(&client.id));
            let kept = cx.store().note(tenant, &key)?;
            let before: Attempts = match kept.as_deref().map(serde_json::from_slice) {
                Some(read) => read.map_err(Fault::broken)?,
                None => Attempts::default(),
            };
            let mut attempts = before.clone();
            let closed = if has_keys { api_key_closed_until(cx, &client.id)? } else { None };
            if closed.is_some_and(|until| now < until) {
                return Ok(None);
            }
            if closed.is_some() && attempts.locked_until(now).is_some() {
                // An administrator has opened it.
                attempts = Attempts::default();
            }
            let outcome = attempts.attempt(now, || prove(&client, &pepper, now));
            if attempts != before {
                let text = serde_json::to_vec(&attempts).map_err(Fault::broken)?;
                let kept = (attempts != Attempts::default()).then_some(text.as_slice());
                cx.change()?.set_note(tenant, &key, kept)?;
            }
            if outcome == Attempt::Passed {
                cx.log(&entry)?;
                return then(cx).map(Some);
            }
            // What is not looked at is not told either: there is no end of it.
            if outcome == Attempt::Failed {
                cx.log(&Entry { refused: Some(kept_out.clone()), ..entry.clone() })?;
            }
            if has_keys && let Some(until) = attempts.locked_until(now) {
                close_api_key(cx, &client.id, until)?;
            }
            Ok(None)
        })
    }

    /// The token of a client that has proved itself, for the entry point's product alone.
    pub(super) fn session_token(
        &self,
        found: &Found,
        entry_point: EntryPoint,
    ) -> Result<SessionToken, Fault> {
        let tenant = &found.tenant;
        let sign_in = SignIn {
            issuer: &issuer(&tenant.vanity),
            audience: &entry_point.audience(tenant),
            product: &code(self, entry_point),
            signer: self.signer()?,
            now: self.now(tenant.id)?,
        };
        sign_in.token(&found.client).ok_or_else(|| Fault::broken("a token cannot be signed"))
    }
}
