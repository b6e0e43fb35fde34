//! `secret-told-once`: who makes a record is told a secret that is kept as a digest and never told again.
//!
//! Parameters: `secret`, the member that tells it, `digest`, the member that keeps what is needed to know it again;
//! `lives` and `until`, where it ends: the member with its seconds to live and the one with its last second; and
//! `refuse_given`, where a secret that the caller brings is one that nobody here has told.

use serde_json::json;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_identity::Secret;
use zuno_model::Fault;

use crate::keys::pepper;

/// The guarantee for one resource.
struct SecretToldOnce {
    kind: String,
    secret: String,
    digest: String,
    lives: Option<(String, String)>,
    refuse_given: bool,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(SecretToldOnce {
        kind: params.kind(),
        secret: params.text("secret")?,
        digest: params.text("digest")?,
        lives: params.maybe_text("lives").zip(params.maybe_text("until")),
        refuse_given: params.flag("refuse_given"),
    }))
}

impl Behaviour for SecretToldOnce {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let body = call.body.as_ref().ok_or_else(|| Fault::Unreadable("a JSON body is wanted".into()))?;
        if self.refuse_given && body.get(&self.secret).is_some_and(|given| !given.is_null()) {
            return Err(Fault::said(&self.kind.as_str().into(), &self.secret, "it is not known here"));
        }
        let change = cx.create(&self.kind, call.scope.for_new(), body)?;
        let pepper = pepper(cx)?;
        let secret = Secret::of(cx.random()?);
        let mut stored = cx.need(&self.kind, &change.id)?;
        let digest = serde_json::to_value(pepper.digest(secret.reveal())).map_err(Fault::broken)?;
        stored.record.insert(self.digest.clone(), digest);
        if let Some((lives, until)) = &self.lives {
            let seconds = stored.record.number(lives).unwrap_or_default();
            stored.record.insert(until.clone(), json!(cx.now().saturating_add(seconds)));
        }
        cx.save(&self.kind, &stored)?;
        stored.record.insert(self.secret.clone(), json!(secret.reveal()));
        Ok(Outcome::One(cx.show(cx.resource(&self.kind)?, Verb::Create, None, stored)?))
    }
}
