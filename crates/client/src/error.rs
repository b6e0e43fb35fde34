//! What can go wrong, in the product's own words where it has any.

use std::fmt;

use serde_json::Value;

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the call needs was not given, or makes no sense.
    #[error("{0}")]
    Setting(String),
    /// No answer came.
    #[error("cannot reach {host}: {why}")]
    Unreachable {
        /// The host and port called.
        host: String,
        /// What failed.
        why: String,
    },
    /// The token endpoint refused the credentials.
    #[error("no token: {0}")]
    NoToken(Box<ApiError>),
    /// The call was answered with a refusal.
    #[error("{0}")]
    Refused(Box<ApiError>),
}

impl Error {
    /// The refusal, when there was an answer.
    pub fn refusal(&self) -> Option<&ApiError> {
        match self {
            Error::NoToken(refusal) | Error::Refused(refusal) => Some(refusal),
            Error::Setting(_) | Error::Unreachable { .. } => None,
        }
    }
}

/// An answer that says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The method of the call.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// The status.
    pub status: u16,
    /// The product's code, such as `DUPLICATE_ITEM` or `resource.not.found`.
    pub code: Option<String>,
    /// The product's message.
    pub message: Option<String>,
    /// What the cloud's support asks for.
    pub request_id: Option<String>,
    /// The body as it came.
    pub body: Vec<u8>,
}

/// Where the families keep their code (documented; the vendor's clients look in the same places).
const CODES: [&str; 6] = ["code", "id", "errorCode", "error", "title", "msgId"];
/// Where they keep their message.
const MESSAGES: [&str; 7] =
    ["message", "reason", "errorDetails", "errorMessage", "error_description", "detail", "error_message"];

/// The codes with which a Zuno says that it lacks what was called, in the families' spellings.
pub const ABSENT: [&str; 2] = ["NOT_IMPLEMENTED", "not.implemented"];

/// The codes of a refusal because somebody else was changing things, in the families' spellings (seen).
const LOCKED: [&str; 2] = ["EDIT_LOCK_NOT_AVAILABLE", "api.concurrent.access.error"];

impl ApiError {
    /// Whether it comes from a Zuno that does not have the operation yet.
    pub fn is_absent(&self) -> bool {
        self.code.as_deref().is_some_and(|code| ABSENT.contains(&code))
    }

    /// Whether somebody else was changing things at that moment, so that the same call may pass a little later.
    pub fn is_locked(&self) -> bool {
        self.code.as_deref().is_some_and(|code| LOCKED.contains(&code))
    }

    /// Reads a refusal out of an answer.
    pub(crate) fn read(
        method: &str,
        path: &str,
        status: u16,
        request_id: Option<&str>,
        body: Vec<u8>,
    ) -> Box<ApiError> {
        let value: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let among = |names: &[&str]| {
            let said = |name: &&str| match value.get(*name)? {
                Value::String(text) if !text.is_empty() => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            names.iter().find_map(said)
        };
        let (mut code, mut message) = (among(&CODES), among(&MESSAGES));
        if message.is_none() && code.as_ref().is_some_and(|text| text.contains(' ')) {
            message = code.take();
        }
        if let (Some(text), Some(params)) = (&mut message, value.get("params").and_then(Value::as_array))
            && !params.is_empty()
        {
            let params: Vec<&str> = params.iter().filter_map(Value::as_str).collect();
            text.push_str(&format!(" ({})", params.join(", ")));
        }
        if message.is_none() && value.is_null() {
            // The gateway's own 404 is text under a JSON media type (seen).
            let text = String::from_utf8_lossy(&body);
            let text = text.trim();
            message = (!text.is_empty() && text.len() <= 300).then(|| text.to_owned());
        }
        let request_id = request_id.map(str::to_owned);
        Box::new(ApiError {
            method: method.into(),
            path: path.into(),
            status,
            code,
            message,
            request_id,
            body,
        })
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} was answered with {}", self.method, self.path, self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ApiError;

    fn said(body: &str) -> String {
        ApiError::read("PUT", "/x", 400, None, body.into()).to_string()
    }

    #[test]
    fn each_family_is_quoted_in_its_own_words() {
        for (body, shown) in [
            (r#"{"code":"DUPLICATE_ITEM","message":"taken"}"#, " DUPLICATE_ITEM: taken"),
            (r#"{"params":["name"],"id":"bad.request","reason":"wrong"}"#, " bad.request: wrong (name)"),
            (r#"{"error":"invalid_client","error_description":"no"}"#, " invalid_client: no"),
            (r#"{"error":"there is no tenant `x`"}"#, ": there is no tenant `x`"),
            ("404 Not Found", ": 404 Not Found"),
            ("", ""),
        ] {
            assert_eq!(said(body), format!("PUT /x was answered with 400{shown}"));
        }
    }
}
