//! What every older sign-in holds what it was shown against.

use zuno_model::Time;

use crate::exchange::is_known_secret;
use crate::{ApiClient, Authentication, Pepper, StoredSecret};

/// The secrets of a client that may sign in under this id; none where it may not.
pub fn open<'a>(client: &'a ApiClient, id: &str) -> &'a [StoredSecret] {
    match &client.authentication {
        Authentication::Secrets(secrets)
            if client.id == id && client.enabled && client.blocked_by.is_none() =>
        {
            secrets
        }
        _ => &[],
    }
}

/// Whether a client proves itself by this id and secret.
pub fn holds(client: &ApiClient, id: &str, secret: &String, pepper: &Pepper, now: Time) -> bool {
    is_known_secret(pepper, open(client, id), std::slice::from_ref(secret), now)
}
