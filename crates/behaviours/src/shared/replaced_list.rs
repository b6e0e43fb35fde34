//! `replaced-list`: an array that is sent takes the place of every record that the path's member names; one that is
//! refused leaves them all. Parameter: `by`, that member.

use serde_json::Value;
use zuno_catalogue::{Members, Shape};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

/// The guarantee for one resource.
struct ReplacedList {
    kind: String,
    by: String,
    /// The words that the member knows; any where it is not an enum.
    words: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let by = params.text("by")?;
    let field = params.field_of(&params.resource.kind, &by)?;
    let words = if matches!(field.shape, Shape::Enum) { field.values.clone() } else { Vec::new() };
    Ok(Box::new(ReplacedList { kind: params.kind(), by, words }))
}

impl Behaviour for ReplacedList {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let named = call.param(&self.by).unwrap_or_default();
        if !self.words.is_empty() && !self.words.iter().any(|word| word == named) {
            let (kind, field) = (Kind(self.kind.clone()), self.by.clone());
            return Err(Fault::Invalid {
                kind,
                field,
                fix: Fix::Said("the path names none of its words".into()),
            });
        }
        let Some(Value::Array(wanted)) = &call.body else {
            return Err(Fault::Unreadable("a JSON array is wanted".into()));
        };
        let resource = cx.resource(&self.kind)?;
        for stored in cx.all(&self.kind, Some(call.scope.for_new()))? {
            if stored.record.text(&self.by) == Some(named) {
                cx.erase(resource, &stored.id, false)?;
            }
        }
        for body in wanted {
            let mut body = body.clone();
            if let Some(members) = body.as_object_mut() {
                members.insert(self.by.clone(), Value::String(named.to_owned()));
            }
            cx.create(&self.kind, call.scope.for_new(), &body)?;
        }
        Ok(Outcome::Done)
    }
}
