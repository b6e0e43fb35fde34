//! What came of a call, as the family's answer.

use serde_json::Value;
use zuno_catalogue::{Json, Operation, PageStyle, Paging, Resource, Spacing};
use zuno_dialect::{Answer, Links, envelope, written_envelope};
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
            Outcome::Json(text) => Answer::written(status, text, spacing),
            Outcome::Many(page) => {
                let (rule, base) = self.list_of(resource, operation);
                let links = Links { base: &base, query: &self.request.query };
                Answer::json(status, &envelope(rule, wire, page, links), spacing)
            }
            Outcome::Written(written) => {
                let (rule, base) = self.list_of(resource, operation);
                let links = Links { base: &base, query: &self.request.query };
                Answer::written(status, written_envelope(rule, wire, &written, links), spacing)
            }
            Outcome::Text(media, text, None) => Answer::text(status, media, text),
            Outcome::Text(media, text, Some(file)) => Answer::text(status, media, text)
                .with("content-disposition", format!("attachment; filename={}", in_header(&file))),
            Outcome::File(media, bytes, file) => Answer::bytes(status, media, bytes)
                .with("content-disposition", format!("attachment; filename={}", in_header(&file))),
            Outcome::Done => Answer::empty(status),
            Outcome::Nothing => Answer::empty(204),
        }
    }

    /// How a list pages, and where its links point if it has any.
    fn list_of<'r>(&'r self, resource: &'r Resource, operation: &'r Operation) -> (&'r Paging, String) {
        let rule = self.cloud.engine.catalogue().page(resource, operation);
        let linked = rule.style == PageStyle::Offset;
        (rule, if linked { self.native_address() } else { String::new() })
    }

    /// The list's address on the identity side, where its links point (seen).
    fn native_address(&self) -> String {
        let path = self.request.path.strip_prefix(self.family.prefix.as_str()).unwrap_or(&self.request.path);
        let vanity = &self.known.value.tenant.vanity;
        format!("https://{vanity}-admin.zslogin.net{path}")
    }
}

/// A file's name as the header tells it: bare where every letter may stand so, else in quotes (seen).
fn in_header(file: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
    if !file.is_empty() && file.chars().all(bare) {
        return file.to_owned();
    }
    let safe = |letter: char| if matches!(letter, ' '..='~') { letter } else { '_' };
    format!("\"{}\"", file.chars().map(safe).collect::<String>().replace(['"', '\\'], "_"))
}

/// A constant answer with `{id}` filled in, as a number where the text is nothing else, or `{id as text}`.
fn with_id(constant: &Value, id: &str) -> Value {
    match constant {
        Value::String(text) if text == "{id as text}" => Value::String(id.to_owned()),
        Value::String(text) if text == "{id}" => {
            id.parse::<i64>().map_or_else(|_| Value::String(id.to_owned()), Value::from)
        }
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), with_id(value, id))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_header;

    #[test]
    fn a_name_cannot_end_its_header() {
        assert_eq!(in_header("sp_cert.crt"), "sp_cert.crt");
        assert_eq!(in_header("Acme CA-PublicKey.pem"), "\"Acme CA-PublicKey.pem\"");
        assert_eq!(in_header("a\"; b\\\r\nc\u{e9}.pem"), "\"a_; b___c_.pem\"");
        assert_eq!(in_header(""), "\"\"");
    }
}
