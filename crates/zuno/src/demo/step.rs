//! One call of the tour, and how it is sent.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use zuno_client::{Method, Response, Wire};

/// Members whose values are not for the screen.
pub const SECRETS: [&str; 6] =
    ["access_token", "client_secret", "client_assertion", "value", "keyValue", "Bearer"];

/// One call of the tour.
pub struct Step<'a> {
    /// One line that says what it shows.
    pub why: &'a str,
    /// The method.
    pub method: Method,
    /// The host, as a client of the cloud calls it.
    pub host: String,
    /// The path with its query.
    pub path: String,
    /// How the caller is known.
    pub caller: Caller<'a>,
    /// The body.
    pub body: Body,
    /// The status it must have.
    pub status: u16,
    /// What the answer must hold: a JSON pointer, and the value, or null where it is enough that one is there.
    pub holds: Vec<(&'a str, Value)>,
}

/// How the caller of a step is known.
pub enum Caller<'a> {
    /// Not by a header.
    None,
    /// By id and secret.
    Basic(&'a str, &'a str),
    /// By a token.
    Bearer(&'a str),
}

/// The body of a step.
pub enum Body {
    /// None.
    None,
    /// A form.
    Form(Vec<(&'static str, String)>),
    /// JSON.
    Json(Value),
}

/// Sends a call to a server at an origin, under the host of the cloud that it is for.
///
/// # Errors
/// No answer came.
pub fn sent(wire: &Wire, origin: &str, step: &Step<'_>) -> Result<Response> {
    let (media, body) = match &step.body {
        Body::None => (None, None),
        Body::Form(pairs) => {
            let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            (Some("application/x-www-form-urlencoded"), Some(form))
        }
        Body::Json(value) => (Some("application/json"), Some(value.to_string())),
    };
    let authorization = match step.caller {
        Caller::None => None,
        Caller::Basic(id, secret) => Some(format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))),
        Caller::Bearer(token) => Some(format!("Bearer {token}")),
    };
    let mut headers = vec![("host", step.host.as_str())];
    headers.extend(authorization.as_deref().map(|value| ("authorization", value)));
    headers.extend(media.map(|media| ("content-type", media)));
    let url = format!("{origin}{}", step.path);
    Ok(wire.send(&step.method, &url, &headers, body.as_deref().map(str::as_bytes))?)
}

/// A body with its secrets blotted out.
pub fn masked(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let secret = SECRETS.contains(&name.as_str()) && value.is_string();
                (name.clone(), if secret { "…".into() } else { masked(value) })
            })
            .collect(),
        Value::Array(list) => list.iter().map(masked).collect(),
        other => other.clone(),
    }
}

/// A text out of an answer.
pub fn text(answer: &Value, pointer: &str) -> Result<String> {
    let found = answer
        .pointer(pointer)
        .with_context(|| format!("the answer has no {pointer}: {}", masked(answer)))?;
    Ok(found.as_str().map_or_else(|| found.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::masked;

    #[test]
    fn secrets_are_masked_wherever_they_are() {
        let shown =
            masked(&json!([{"access_token": "abc", "expires_in": 5}, {"a": {"client_secret": "abc"}}]));
        assert!(!shown.to_string().contains("abc"));
        assert_eq!(shown[0]["expires_in"], 5);
    }
}
