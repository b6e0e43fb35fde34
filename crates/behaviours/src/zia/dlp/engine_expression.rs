//! `engine-expression`: an engine's expression is one, it holds the dictionaries that it asks, and whoever wants to know
//! beforehand is told. Parameters: `member`, and `dictionaries`, their kind.

use serde_json::json;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};
use zuno_store::Pointer;

use super::expression::{Unexpected, dictionaries};

/// The guarantee for the kind.
struct EngineExpression {
    kind: Kind,
    member: String,
    dictionaries: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (member, dictionaries) = (params.field("member")?, params.other("dictionaries")?);
    Ok(Box::new(EngineExpression { kind: Kind(params.kind()), member, dictionaries }))
}

/// The words of a failure (seen for the first place).
fn told(Unexpected(place): Unexpected) -> String {
    format!("Unexpected token, Error Position: {place}")
}

impl Behaviour for EngineExpression {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let text = change.sent.text(&self.member).unwrap_or_default();
        match dictionaries(text) {
            _ if text.is_empty() => Ok(()),
            Ok(_) => Ok(()),
            // The status and code of other wrong members (guessed).
            Err(place) => {
                let (kind, field) = (self.kind.clone(), self.member.clone());
                Err(Fault::Invalid { kind, field, fix: Fix::Said(told(place)) })
            }
        }
    }

    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        let text = record.text(&self.member).unwrap_or_default();
        found.extend(dictionaries(text).into_iter().flatten().map(|number| Pointer {
            field: self.member.clone(),
            kind: self.dictionaries.clone(),
            id: Id::from(i64::from(number)),
        }));
    }

    /// Seen of an expression that is none; that a right one is told as `Success` is inferred.
    fn on_action(&self, _: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let text = call.body.as_ref().and_then(|body| body.text("data"));
        let text = text.ok_or_else(|| Fault::Unreadable("`data` holds the expression".into()))?;
        Ok(Outcome::Value(match dictionaries(text) {
            Ok(_) => json!({ "status": "Success" }),
            Err(place) => json!({ "status": "Failed", "errMsg": told(place) }),
        }))
    }
}
