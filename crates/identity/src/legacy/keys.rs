//! Client connector and digital experience: the id and the secret of a key, for a token.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use serde::Deserialize;
use zuno_model::Time;

use super::proof::{holds, open};
use crate::{ApiClient, Pepper, measuring_secret};

/// How old a hashed secret may be, in seconds (documented: fifteen minutes).
const WINDOW: Time = 15 * 60;

/// The body of a sign-in with a key. Nothing in it has been verified.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySignIn {
    id: String,
    secret: String,
    timestamp: Option<Time>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientConnector {
    api_key: String,
    secret_key: String,
}

/// Seconds, as a number (client) or text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Timestamp {
    Number(Time),
    Text(String),
}

#[derive(Deserialize)]
struct DigitalExperience {
    key_id: String,
    key_secret: String,
    timestamp: Option<Timestamp>,
}

impl fmt::Debug for KeySignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySignIn").field("id", &self.id).finish_non_exhaustive()
    }
}

impl KeySignIn {
    /// Reads the body of client connector's login. Any bytes are safe.
    ///
    /// # Errors
    /// It is no such body.
    pub fn of_client_connector(body: &[u8]) -> Result<KeySignIn, KeyRefused> {
        let body: ClientConnector = serde_json::from_slice(body).map_err(|_| KeyRefused)?;
        Ok(KeySignIn { id: body.api_key, secret: body.secret_key, timestamp: None })
    }

    /// Reads the body of digital experience's token request. Any bytes are safe.
    ///
    /// # Errors
    /// It is no such body.
    pub fn of_digital_experience(body: &[u8]) -> Result<KeySignIn, KeyRefused> {
        let body: DigitalExperience = serde_json::from_slice(body).map_err(|_| KeyRefused)?;
        let timestamp = match body.timestamp {
            Some(Timestamp::Text(text)) => Some(text.parse().map_err(|_| KeyRefused)?),
            Some(Timestamp::Number(seconds)) => Some(seconds),
            None => None,
        };
        Ok(KeySignIn { id: body.key_id, secret: body.key_secret, timestamp })
    }

    /// The key's id, to look its client up by.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it shows the client's own secret; `pepper` is the key under which secrets are digested.
    pub fn proves(&self, client: &ApiClient, pepper: &Pepper, now: Time) -> bool {
        holds(client, &self.id, &self.secret, pepper, now)
    }

    /// Whether it shows the secret that a client of this tenant has for digital experience, as it is or hashed with a time
    /// that is near to real time.
    pub fn measures(
        &self,
        tenant: i64,
        client: &ApiClient,
        pepper: &Pepper,
        now: Time,
        real_now: Time,
    ) -> bool {
        let live = open(client, &self.id).iter().filter(|secret| secret.is_live(now));
        let mut shown = live.map(|own| measuring_secret(pepper, tenant, &client.id, own));
        shown.any(|secret| {
            let hashed = self.timestamp.filter(|sent| sent.abs_diff(real_now) <= WINDOW.unsigned_abs());
            let hashed = hashed.map(|sent| hashed_with(&secret, sent));
            [Some(secret), hashed].iter().flatten().any(|text| same(text, &self.secret))
        })
    }
}

/// A secret hashed with a time, in hex (documented).
fn hashed_with(secret: &str, timestamp: Time) -> String {
    let hash = digest(&SHA256, format!("{secret}:{timestamp}").as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn same(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// A refused sign-in; the wire tells nobody why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sign-in refused")]
pub struct KeyRefused;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{CLIENT_ID, NOW, client};
    use crate::{Authentication, StoredSecret};

    const SECRET: &str = "only-for-tests";

    fn pepper() -> Pepper {
        Pepper::new(&[5; 32])
    }

    fn own(text: &str) -> StoredSecret {
        StoredSecret { id: "s".into(), digest: pepper().digest(text), created_at: 0, expires_at: None }
    }

    fn known() -> ApiClient {
        client(Authentication::Secrets(vec![own(SECRET)]))
    }

    fn measures(secret: &str, timestamp: Option<Time>, client: &ApiClient) -> bool {
        let body = json!({ "key_id": CLIENT_ID, "key_secret": secret, "timestamp": timestamp });
        let request = KeySignIn::of_digital_experience(body.to_string().as_bytes()).unwrap();
        request.measures(7, client, &pepper(), NOW, NOW)
    }

    #[test]
    fn a_secret_is_hashed_as_clients_do() {
        assert_eq!(
            hashed_with("secret", 1_643_829_184),
            "3cb2ccecad9a4773c2be16d6bfed776d023118197a7392b3f16b732dcf6da12a"
        );
    }

    #[test]
    fn a_measuring_secret_counts_as_it_is_or_hashed_within_fifteen_minutes() {
        let secret = measuring_secret(&pepper(), 7, CLIENT_ID, &own(SECRET));
        assert!(measures(&secret, None, &known()) && measures(&secret, Some(0), &known()));
        for (sent, counts) in
            [(NOW, true), (NOW - 900, true), (NOW + 900, true), (NOW - 901, false), (NOW + 901, false)]
        {
            assert_eq!(measures(&hashed_with(&secret, sent), Some(sent), &known()), counts, "{sent}");
        }
        assert!(!measures(&hashed_with(&secret, NOW), None, &known()));
        assert!(!measures(&hashed_with(&secret, NOW), Some(NOW - 1), &known()));
        assert!(!measures(SECRET, None, &known()) && !measures("", None, &known()));
        let mut off = known();
        off.enabled = false;
        assert!(!measures(&secret, None, &off));
        assert!(!measures(&secret, None, &client(Authentication::Secrets(vec![own("rotated")]))));
    }

    #[test]
    fn a_login_shows_the_clients_own_secret() {
        let read = |body: &str| KeySignIn::of_client_connector(body.as_bytes());
        let request = read(&json!({ "apiKey": CLIENT_ID, "secretKey": SECRET }).to_string()).unwrap();
        assert!(request.proves(&known(), &pepper(), NOW));
        assert!(!format!("{request:?}").contains(SECRET));
        let wrong = read(&json!({ "apiKey": CLIENT_ID, "secretKey": "wrong" }).to_string()).unwrap();
        assert!(!wrong.proves(&known(), &pepper(), NOW));
        for body in ["", "[]", "{}", r#"{"apiKey":1,"secretKey":"x"}"#, r#"{"apiKey":"x"}"#] {
            assert_eq!(read(body), Err(KeyRefused), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_safe(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            depth in 0usize..3000,
            timestamp in any::<Time>(),
        ) {
            let _ = (KeySignIn::of_client_connector(&bytes), KeySignIn::of_digital_experience(&bytes));
            let deep = format!("{{\"key_id\":{}{}", "[".repeat(depth), "]".repeat(depth));
            prop_assert!(KeySignIn::of_digital_experience(deep.as_bytes()).is_err());
            prop_assert!(!measures("x", Some(timestamp), &known()));
        }

        #[test]
        fn the_time_is_a_number_or_text(timestamp in any::<Time>()) {
            let read = |sent: serde_json::Value| {
                let body = json!({ "key_id": "a", "key_secret": "b", "timestamp": sent });
                KeySignIn::of_digital_experience(body.to_string().as_bytes()).map(|request| request.timestamp)
            };
            prop_assert_eq!(read(json!(timestamp)), Ok(Some(timestamp)));
            prop_assert_eq!(read(json!(timestamp.to_string())), Ok(Some(timestamp)));
            prop_assert_eq!(read(json!("soon")), Err(KeyRefused));
        }
    }
}
