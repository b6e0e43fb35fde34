//! `application-actions`: a rule for cloud applications has the actions of its type, and isolates with a profile and does
//! nothing else then. People are told of what is not allowed, and of nothing else. An operation tells which actions there are.
//!
//! A rule may allow and deny the same: clients give a rule every action that is available (client: terraform zia).
//! Parameters: `actions`, `type`, `profile` (the isolation profile), `told` (the members that say what people are shown),
//! `of`, the actions by type, and `available`, what [`available`](super::available_actions) needs besides.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Kind, Record};

use super::available_actions::Available;

/// What is said of an action that the applications do not have (client: terraform zia).
const NOT_THEIRS: &str = "Invalid action provided for selected applications";

/// The guarantee for one resource.
struct ApplicationActions {
    kind: Kind,
    actions: String,
    of_type: String,
    profile: String,
    told: Vec<String>,
    of: BTreeMap<String, BTreeSet<String>>,
    available: Available,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ApplicationActions {
        kind: Kind(params.kind()),
        actions: params.field("actions")?,
        of_type: params.field("type")?,
        profile: params.field("profile")?,
        told: params.fields("told")?,
        of: params.part("of").read()?,
        available: Available::make(params)?,
    }))
}

/// What an action does: `DENY` of `DENY_FILE_SHARE_UPLOAD`.
fn verb(action: &str) -> &str {
    action.split_once('_').map_or(action, |(verb, _)| verb)
}

/// Whether some actions isolate and others do not.
fn half_isolates(actions: &[&str]) -> bool {
    let isolating = actions.iter().filter(|action| verb(action) == "ISOLATE").count();
    isolating > 0 && isolating < actions.len()
}

impl ApplicationActions {
    fn refused(&self, field: &str, words: impl Into<String>) -> Fault {
        Fault::said(&self.kind, field, words)
    }

    /// Whether a member says something: a flag that is on, or a number above 0.
    fn says(record: &Record, member: &str) -> bool {
        match record.get(member) {
            Some(Value::Bool(on)) => *on,
            Some(Value::Number(number)) => number.as_i64() != Some(0),
            _ => false,
        }
    }
}

impl Behaviour for ApplicationActions {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let own = change.new.text(&self.of_type).unwrap_or_default();
        let known = self.of.get(own);
        let actions: Vec<&str> = change.new.texts(&self.actions).collect();
        if actions.iter().any(|action| !known.is_some_and(|known| known.contains(*action))) {
            return Err(self.refused(&self.actions, NOT_THEIRS));
        }
        if half_isolates(&actions) {
            // The words are ours.
            return Err(
                self.refused(&self.actions, "Isolation actions cannot be combined with other actions")
            );
        }
        let does = |verbs: &[&str]| actions.iter().any(|action| verbs.contains(&verb(action)));
        if does(&["ISOLATE"]) && change.new.get(&self.profile).is_none_or(Value::is_null) {
            return Err(self.refused(&self.profile, "An isolation profile is needed when an action isolates"));
        }
        if !does(&["BLOCK", "CAUTION", "DENY"])
            && let Some(told) = self.told.iter().find(|told| Self::says(&change.new, told))
        {
            let words = format!("{told} is allowed only when an action blocks, denies or cautions");
            return Err(self.refused(told, words));
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        self.available.of(cx, call, &self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::half_isolates;

    #[test]
    fn isolation_stands_alone_and_the_same_may_be_allowed_and_denied() {
        assert!(!half_isolates(&["ALLOW_WEBMAIL_VIEW", "BLOCK_WEBMAIL_VIEW", "CAUTION_WEBMAIL_VIEW"]));
        assert!(half_isolates(&["ISOLATE_WEBMAIL_VIEW", "ALLOW_WEBMAIL_SEND"]));
        assert!(!half_isolates(&["ISOLATE_WEBMAIL_VIEW"]) && !half_isolates(&[]));
    }
}
