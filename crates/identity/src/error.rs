//! What a token request is refused with: an OAuth error body whose description says what to do next.

use std::fmt;

/// The `error` member of RFC 6749 section 5.2, and `invalid_target` of RFC 8707.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthCode {
    /// The request is malformed or lacks a parameter.
    InvalidRequest,
    /// The client is unknown, disabled, or did not prove who it is.
    InvalidClient,
    /// The grant type is not `client_credentials`.
    UnsupportedGrantType,
    /// An access policy rule keeps the client from tokens now.
    UnauthorizedClient,
    /// The audience names no resource server.
    InvalidTarget,
    /// The server could not sign; not the caller's fault.
    ServerError,
}

impl OAuthCode {
    /// The code as the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            OAuthCode::InvalidRequest => "invalid_request",
            OAuthCode::InvalidClient => "invalid_client",
            OAuthCode::UnsupportedGrantType => "unsupported_grant_type",
            OAuthCode::UnauthorizedClient => "unauthorized_client",
            OAuthCode::InvalidTarget => "invalid_target",
            OAuthCode::ServerError => "server_error",
        }
    }
}

/// A refused token request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct OAuthError {
    /// Which kind of refusal.
    pub code: OAuthCode,
    /// For the person at the other end; printable ASCII without quotes or backslashes (RFC 6749 section 5.2).
    pub description: String,
    /// More for the operator's log, such as the address a name resolved to; never sent to the caller.
    pub detail: Option<String>,
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.description)?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl OAuthError {
    /// A refusal with this description, made safe for the wire.
    pub fn new(code: OAuthCode, description: impl AsRef<str>) -> OAuthError {
        let description = description
            .as_ref()
            .chars()
            .map(|c| match c {
                '"' => '\'',
                '\\' => '/',
                ' '..='~' => c,
                _ => '?',
            })
            .collect();
        OAuthError { code, description, detail: None }
    }

    /// The same refusal with a line for the operator's log.
    pub fn with_detail(mut self, detail: impl Into<String>) -> OAuthError {
        self.detail = Some(detail.into());
        self
    }

    pub(crate) fn invalid_request(description: impl AsRef<str>) -> OAuthError {
        OAuthError::new(OAuthCode::InvalidRequest, description)
    }

    pub(crate) fn invalid_client(description: impl AsRef<str>) -> OAuthError {
        OAuthError::new(OAuthCode::InvalidClient, description)
    }

    /// The HTTP status: 400 for everything a caller can cause (documented for secret and assertion alike).
    pub fn status(&self) -> u16 {
        match self.code {
            OAuthCode::ServerError => 500,
            OAuthCode::InvalidRequest
            | OAuthCode::InvalidClient
            | OAuthCode::UnsupportedGrantType
            | OAuthCode::UnauthorizedClient
            | OAuthCode::InvalidTarget => 400,
        }
    }

    /// The JSON body, to be sent as `application/json;charset=UTF-8` with `Cache-Control: no-store`.
    pub fn body(&self) -> Vec<u8> {
        // Neither member holds a character that JSON escapes.
        format!(r#"{{"error":"{}","error_description":"{}"}}"#, self.code.as_str(), self.description)
            .into_bytes()
    }
}

/// Input as an error may quote it: in backticks and cut short, so that a long value does not drown the message.
pub(crate) fn quoted(input: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown: String = input.chars().take(LONGEST).collect();
    if shown.len() < input.len() {
        shown.push_str("...");
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_json_whatever_was_quoted() {
        let error = OAuthError::invalid_request(format!("bad {}", quoted("a\"b\\c\u{e9}\n\u{0}")));
        let body: serde_json::Value = serde_json::from_slice(&error.body()).unwrap();
        assert_eq!(body["error"], "invalid_request");
        assert_eq!(body["error_description"], "bad `a'b/c???`");
        assert_eq!(error.status(), 400);
    }

    #[test]
    fn the_operators_detail_stays_off_the_wire() {
        let error = OAuthError::invalid_client("no").with_detail("10.1.2.3");
        assert!(!String::from_utf8(error.body()).unwrap().contains("10.1"));
        assert!(error.to_string().contains("10.1.2.3"));
    }
}
