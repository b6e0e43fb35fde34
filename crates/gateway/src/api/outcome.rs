//! What came of a call, as the family's answer.

use serde_json::Value;
use zuno_catalogue::{Json, Operation, PageStyle, Resource, Spacing};
use zuno_dialect::{Answer, Links, envelope};
use zuno_engine::{Outcome, Run};

use super::ApiRequest;

impl ApiRequest<'_> {
    /// The family's answer to what came of a call.
    pub(super) fn shown(&self, resource: &Resource, operation: &Operation, run: Run) -> Answer {
        let wire = resource.wire.as_ref().unwrap_or(&self.family.wire);
        let spacing = if wire.spacing == Spacing::Compact { self.family.wire.spacing } else { wire.spacing };
        let status = self.cloud.engine.catalogue().success(resource, operation);
        if let Some(Json(constant)) = &operation.answer {
            let id = run.id.map(|id| id.0).unwrap_or_default();
            return Answer::json(status, &with_id(constant, &id), spacing);
        }
        match run.outcome {
            _ if status == 204 => Answer::empty(204),
            Outcome::One(value) | Outcome::Value(value) => Answer::json(status, &value, spacing),
            Outcome::Many(page) => {
                let rule = self.cloud.engine.catalogue().page(resource, operation);
                let base = match rule.style {
                    PageStyle::Offset => self.native_address(),
                    _ => String::new(),
                };
                let links = Links { base: &base, query: &self.request.query };
                Answer::json(status, &envelope(rule, wire, page, links), spacing)
            }
            Outcome::Text(media, text, None) => Answer::text(status, media, text),
            Outcome::Text(media, text, Some(file)) => Answer::text(status, media, text)
                .with("content-disposition", format!("attachment; filename={file}")),
            Outcome::Done => Answer::empty(status),
            Outcome::Nothing => Answer::empty(204),
        }
    }

    /// The list's address on the identity side, where its links point (seen).
    fn native_address(&self) -> String {
        let path = self.request.path.strip_prefix(self.family.prefix.as_str()).unwrap_or(&self.request.path);
        let vanity = &self.known.value.tenant.vanity;
        format!("https://{vanity}-admin.zslogin.net{path}")
    }
}

/// A constant answer with `{id}` filled in, as a number where the text is nothing else.
fn with_id(constant: &Value, id: &str) -> Value {
    match constant {
        Value::String(text) if text == "{id}" => {
            id.parse::<i64>().map_or_else(|_| Value::String(id.to_owned()), Value::from)
        }
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), with_id(value, id))).collect()
        }
        other => other.clone(),
    }
}
