//! A client's secret is shown once, kept only as a digest, lives 30 to 365 days, and never has more than one other
//! beside it: a third replaces the newer of two (documented).

use serde_json::Value;
use zuno_catalogue::handles::zidentity::api_client;
use zuno_catalogue::handles::zidentity::api_client_secret::{CLIENT_ID, EXPIRES_AT, KIND, VALUE};
use zuno_catalogue::{Members, Method, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_identity::{Secret, StoredSecret, keep_secret};
use zuno_model::{Fault, Fix, Id, Kind, Refusal, Time};

use super::grants::{grants_of, no_more_than_own};
use super::stored_secret::{read, record};
use crate::keys::pepper;

const DAY: Time = 86_400;
const DAYS_MIN: Time = 30;
const DAYS_MAX: Time = 365;

/// The guarantee for one resource.
#[derive(Default)]
pub struct ClientSecrets;

impl Behaviour for ClientSecrets {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let client = Id(call.param(CLIENT_ID.name).unwrap_or_default().to_owned());
        let held = cx.need(api_client::KIND, &client)?;
        uses_secrets(&held)?;
        if cx.operation()?.method == Method::Get {
            return list(cx, &client);
        }
        no_more_than_own(cx, &grants_of(cx, &held.record)?)?;
        create(cx, call, client)
    }
}

/// The secrets of a client that proves itself otherwise are not to be reached (documented).
fn uses_secrets(client: &Stored) -> Result<(), Fault> {
    let authentication = client.record.get(api_client::CLIENT_AUTHENTICATION.name);
    let auth_type = authentication.and_then(|held| held.text("authType"));
    if auth_type == Some("SECRET") {
        return Ok(());
    }
    Err(Fault::refused(
        Refusal::BadRequest,
        "INVALID_INPUT", // guessed: the word is not documented
        "only an API client whose authType is SECRET has secrets",
    ))
}

fn list(cx: &Context<'_>, client: &Id) -> Result<Outcome, Fault> {
    let resource = cx.resource(KIND)?;
    let mut shown = Vec::new();
    for stored in cx.pointing(KIND, CLIENT_ID.name, api_client::KIND, client)? {
        shown.push(cx.show(resource, Verb::List, None, stored)?);
    }
    Ok(Outcome::Value(Value::Array(shown)))
}

fn create(cx: &mut Context<'_>, call: &Call, client: Id) -> Result<Outcome, Fault> {
    let now = cx.now();
    let expires_at = wanted_end(call.body.as_ref(), now)?;
    let pepper = pepper(cx)?;
    let value = Secret::of(cx.random()?);
    let id = Id::opaque("is", cx.draw()?);
    let new = StoredSecret {
        id: id.0.clone(),
        digest: pepper.digest(value.reveal()),
        created_at: now,
        expires_at: Some(expires_at),
    };
    let held = cx.pointing(KIND, CLIENT_ID.name, api_client::KIND, &client)?;
    // In the order of their series, so that of two made in one second the later counts as the newer.
    let mut kept = held.iter().map(|stored| read(&stored.record)).collect::<Result<Vec<_>, _>>()?;
    keep_secret(&mut kept, new.clone(), now);
    for gone in held.iter().filter(|stored| kept.iter().all(|secret| secret.id != stored.id.0)) {
        cx.remove(KIND, &gone.id)?;
    }
    let stored = record(&new, &client, cx.next("zidentity.secret", 1)?)?;
    cx.save(KIND, &stored)?;
    let mut shown = cx.show(cx.resource(KIND)?, Verb::Create, None, stored)?;
    shown[VALUE.name] = Value::from(value.reveal());
    Ok(Outcome::One(shown))
}

/// When the new secret is to end: as asked, within the documented range, or else as late as that allows (guessed).
///
/// The range counts in days, so that a caller whose clock is a little ahead or behind is not refused at its ends.
fn wanted_end(body: Option<&Value>, now: Time) -> Result<Time, Fault> {
    let wrong = |fix| Fault::Invalid { kind: Kind::from(KIND), field: EXPIRES_AT.into(), fix };
    let end = match body.and_then(|body| body.get(EXPIRES_AT.name)) {
        None | Some(Value::Null) => return Ok(now + DAYS_MAX * DAY),
        Some(Value::Number(number)) => number.as_i64(),
        // The Python client sends digits in quotes.
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(now + DAYS_MAX * DAY),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    let end = end.ok_or_else(|| wrong(Fix::Type("seconds since 1970")))?;
    let ahead = end.saturating_sub(now);
    if ahead > (DAYS_MIN - 1) * DAY && ahead < (DAYS_MAX + 1) * DAY {
        return Ok(end);
    }
    let words = format!(
        "a secret lives {DAYS_MIN} to {DAYS_MAX} days; give seconds since 1970 between {} and {}",
        now + DAYS_MIN * DAY,
        now + DAYS_MAX * DAY
    );
    Err(wrong(Fix::Said(words)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{DAY, wanted_end};

    #[test]
    fn the_end_may_be_digits_in_quotes_and_may_be_left_out() {
        let body = json!({ "expiresAt": format!("{}", 100 * DAY) });
        assert_eq!(wanted_end(Some(&body), 0).expect("in range"), 100 * DAY);
        assert_eq!(wanted_end(None, 7).expect("left out"), 7 + 365 * DAY);
        assert!(wanted_end(Some(&json!({ "expiresAt": "soon" })), 0).is_err());
        assert!(wanted_end(Some(&json!({ "expiresAt": true })), 0).is_err());
    }

    proptest! {
        #[test]
        fn ends_within_the_range_are_taken_and_others_refused(days in -10_i64..500, late in -60_i64..60) {
            let now = 1_700_000_000;
            let body = json!({ "expiresAt": now + days * DAY + late });
            prop_assert_eq!(wanted_end(Some(&body), now).is_ok(), (30..=365).contains(&days) || days == 29 && late > 0
                || days == 366 && late < 0);
        }
    }
}
