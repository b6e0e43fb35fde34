//! `api-key`: an API key has a client id of its own, and signs in with it at the older address until the key is
//! switched off or removed. Failed sign-ins close it for a while, and an update opens it again. It does what its role
//! says, in the microtenant that it was made in, and nobody makes or changes one that may do more than the maker (guessed).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::{api_key as member, role};
use zuno_engine::{Behaviour, Change, Context, Stored};
use zuno_identity::{ApiClient, Authentication, Grant, StoredSecret};
use zuno_model::{Fault, Id, Record, Time};

use super::role_permissions;
use crate::shared::session_ends;

/// The guarantee for one resource.
#[derive(Default)]
pub struct ApiKey;

impl Behaviour for ApiKey {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            let name = format!("{}-{}", cx.tenant().customer_id, Id::uuid(cx.draw()?));
            let client = STANDARD_NO_PAD.encode(name);
            change.new.insert(member::CLIENT_ID.into(), Value::String(client));
        }
        if change.sent.get(member::IS_LOCKED.name) == Some(&Value::Bool(false)) {
            change.new.shift_remove(member::LOCKED_UNTIL.name);
        }
        role_permissions::hands_out_no_more_than_own(cx, member::KIND, change, member::ROLE_ID.name)?;
        // Sign-ins alone close a key.
        change.new.insert(member::IS_LOCKED.into(), Value::Bool(false));
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        let locked = closed_until(record).is_some_and(|until| cx.now() < until);
        record.insert(member::IS_LOCKED.into(), Value::Bool(locked));
        Ok(())
    }
}

fn closed_until(record: &Record) -> Option<Time> {
    member::LOCKED_UNTIL.of(record)
}

fn named(cx: &Context<'_>, client: &str) -> Result<Option<Stored>, Fault> {
    let is_named = |stored: &Stored| member::CLIENT_ID.of(&stored.record) == Some(client);
    Ok(cx.all(member::KIND, None)?.into_iter().find(is_named))
}

/// Until when the API key of this name is closed, if there is such a key; 0 where it is open.
///
/// # Errors
/// The store failed.
pub fn api_key_closed_until(cx: &Context<'_>, client: &str) -> Result<Option<Time>, Fault> {
    Ok(named(cx, client)?.map(|key| closed_until(&key.record).unwrap_or_default()))
}

/// Closes the API key of this name until a moment, if there is such a key.
///
/// # Errors
/// The store failed.
pub fn close_api_key(cx: &mut Context<'_>, client: &str, until: Time) -> Result<(), Fault> {
    let Some(mut key) = named(cx, client)? else { return Ok(()) };
    key.record.insert(member::LOCKED_UNTIL.into(), Value::from(until));
    cx.save(member::KIND, &key)
}

/// The API key that signs in by this name, if the tenant has it: what it proves itself with, and as what it comes.
///
/// # Errors
/// The store failed.
pub fn load_api_key(cx: &Context<'_>, client: &str) -> Result<Option<ApiClient>, Fault> {
    let Some(key) = named(cx, client)? else { return Ok(None) };
    let role = member::ROLE_ID.id_of(&key.record);
    let Some(role) = role.map(|id| cx.get(role::KIND, &id)).transpose()?.flatten() else { return Ok(None) };
    let Some(right) = role_permissions::right(cx, &role, &key.scope)? else { return Ok(None) };
    // One that came out of a file has none until it is made anew.
    let Some(digest) = key.record.get(member::DIGEST.name).cloned() else { return Ok(None) };
    let secret = StoredSecret {
        id: key.id.0.clone(),
        digest: serde_json::from_value(digest).map_err(Fault::broken)?,
        created_at: 0,
        expires_at: None,
    };
    Ok(Some(ApiClient {
        id: client.to_owned(),
        number: key.id.0.parse().unwrap_or_default(),
        name: member::NAME.of(&key.record).unwrap_or_default().to_owned(),
        enabled: key.record.get(member::ENABLED.name) != Some(&Value::Bool(false)),
        session: session_ends::named(cx, key.record.get(member::SESSION.name)),
        blocked_by: None,
        token_lifetime: member::TOKEN_EXPIRY_TIME_IN_SEC.of(&key.record).unwrap_or(3600),
        authentication: Authentication::Secrets(vec![secret]),
        grants: vec![Grant {
            product: role_permissions::PRODUCT.into(),
            tenant: cx.tenant().customer_id.to_string(),
            role: role::NAME.of(&role.record).unwrap_or_default().to_owned(),
            right,
        }],
    }))
}
