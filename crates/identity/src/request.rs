//! The token request: a form, or JSON, with the client's proof in the body, in the Basic header, or signed.

use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::error::{OAuthCode, OAuthError, quoted};
use crate::jws::unverified_issuer;

/// The one `client_assertion_type` (documented).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The longest body looked at, in bytes.
const LONGEST: usize = 64 * 1024;

/// Standard base64 whose padding may be missing, as hand-written clients leave it.
const BASIC: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A well-formed request for a token by client credentials. Nothing in it has been verified.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenRequest {
    ids: Vec<String>,
    proof: Proof,
    audience: Option<String>,
}

/// How the client claims to be who it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Proof {
    /// A secret; two readings of it when a Basic header holds percent signs or pluses.
    Secret(Vec<String>),
    /// A signed client assertion.
    Assertion(String),
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Proof::Secret(_) => "Secret(hidden)",
            Proof::Assertion(_) => "Assertion(hidden)",
        })
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("ids", &self.ids)
            .field("proof", &self.proof)
            .field("audience", &self.audience)
            .finish()
    }
}

impl TokenRequest {
    /// Reads a request from its `Content-Type`, its body and its `Authorization` header. Any bytes are safe.
    pub fn parse(
        content_type: Option<&str>,
        body: &[u8],
        authorization: Option<&str>,
    ) -> Result<TokenRequest, OAuthError> {
        let fields = Fields::read(content_type, body)?;
        match fields.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(other) => {
                let text =
                    format!("grant type {} is not served; send grant_type=client_credentials", quoted(other));
                return Err(OAuthError::new(OAuthCode::UnsupportedGrantType, text));
            }
            None => {
                return Err(OAuthError::invalid_request(
                    "send grant_type=client_credentials in the request body",
                ));
            }
        }
        let basic = authorization.and_then(|header| Basic::read(header).transpose()).transpose()?;
        let audience = fields.audience.clone();
        let (ids, proof) = match (fields.client_assertion.is_some(), basic) {
            (true, Some(_)) => return Err(two_ways("an Authorization header")),
            (true, None) => fields.assertion()?,
            (false, Some(basic)) => basic.agree_with(fields)?,
            (false, None) => fields.secret()?,
        };
        Ok(TokenRequest { ids, proof, audience })
    }

    /// The client ids to look up, the likeliest first; one, or two when a Basic header can be read in two ways.
    pub fn client_ids(&self) -> &[String] {
        &self.ids
    }

    /// The client's proof.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The audience asked for.
    pub fn audience(&self) -> Option<&str> {
        self.audience.as_deref()
    }
}

/// The parameters that matter; others, `scope` among them, are ignored (no client depends on them).
#[derive(Default)]
struct Fields {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_assertion: Option<String>,
    client_assertion_type: Option<String>,
    audience: Option<String>,
}

impl Fields {
    fn read(content_type: Option<&str>, body: &[u8]) -> Result<Fields, OAuthError> {
        if body.len() > LONGEST {
            return Err(OAuthError::invalid_request("the body is longer than 64 KiB"));
        }
        let text = std::str::from_utf8(body)
            .map_err(|_| OAuthError::invalid_request("the body is not UTF-8 text"))?;
        let media = content_type
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match media.as_str() {
            "application/json" => Fields::from_json(text),
            "application/x-www-form-urlencoded" | "" if text.trim_start().starts_with('{') => {
                // The documents print a JSON body under the form's media type; no form begins with a brace.
                Fields::from_json(text).or_else(|error| Fields::from_print(text).unwrap_or(Err(error)))
            }
            "application/x-www-form-urlencoded" | "" => {
                let mut fields = Fields::default();
                for (name, value) in form_urlencoded::parse(body) {
                    fields.set(&name, &value)?;
                }
                Ok(fields)
            }
            other => Err(OAuthError::invalid_request(format!(
                "content type {} is not read here; send application/x-www-form-urlencoded",
                quoted(other)
            ))),
        }
    }

    fn from_json(text: &str) -> Result<Fields, OAuthError> {
        let object: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            OAuthError::invalid_request(format!("the body is not a JSON object: {error}"))
        })?;
        let mut fields = Fields::default();
        for (name, value) in &object {
            match value {
                Value::String(text) => fields.set(name, text)?,
                _ if fields.slot(name).is_none() => {}
                _ => return Err(OAuthError::invalid_request(format!("{} must be a string", quoted(name)))),
            }
        }
        Ok(fields)
    }

    /// The documents' examples as printed, which are no JSON: a comma before the brace, `"name"="value"` lines.
    /// `None` when the text is not of that kind either.
    fn from_print(text: &str) -> Option<Result<Fields, OAuthError>> {
        let mut rest = text.trim().strip_prefix('{')?.strip_suffix('}')?;
        let mut fields = Fields::default();
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',']);
            if rest.is_empty() {
                return Some(Ok(fields));
            }
            let (name, after) = rest.strip_prefix('"')?.split_once('"')?;
            let (value, after) = after
                .trim_start()
                .strip_prefix([':', '='])?
                .trim_start()
                .strip_prefix('"')?
                .split_once('"')?;
            if let Err(error) = fields.set(name, value) {
                return Some(Err(error));
            }
            rest = after;
        }
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "grant_type" => Some(&mut self.grant_type),
            "client_id" => Some(&mut self.client_id),
            "client_secret" => Some(&mut self.client_secret),
            "client_assertion" => Some(&mut self.client_assertion),
            "client_assertion_type" => Some(&mut self.client_assertion_type),
            "audience" => Some(&mut self.audience),
            _ => None,
        }
    }

    /// Keeps a parameter; an empty one counts as absent, and none may come twice (RFC 6749 section 3.2).
    fn set(&mut self, name: &str, value: &str) -> Result<(), OAuthError> {
        match self.slot(name) {
            Some(slot) if slot.is_some() => {
                Err(OAuthError::invalid_request(format!("{} is given more than once", quoted(name))))
            }
            Some(slot) if !value.is_empty() => {
                *slot = Some(value.to_owned());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn secret(self) -> Result<(Vec<String>, Proof), OAuthError> {
        match (self.client_id, self.client_secret) {
            (Some(id), Some(secret)) => Ok((vec![id], Proof::Secret(vec![secret]))),
            (None, _) => Err(OAuthError::invalid_request(
                "no client credentials: send client_id and client_secret, a client_assertion, or a Basic header",
            )),
            (Some(_), None) => Err(OAuthError::invalid_request(
                "client_id came without a proof: send client_secret or client_assertion with it",
            )),
        }
    }

    fn assertion(self) -> Result<(Vec<String>, Proof), OAuthError> {
        if self.client_secret.is_some() {
            return Err(two_ways("client_secret"));
        }
        if self.client_assertion_type.as_deref() != Some(JWT_BEARER) {
            return Err(OAuthError::invalid_request(format!(
                "send client_assertion_type={JWT_BEARER} with client_assertion"
            )));
        }
        let assertion = self.client_assertion.unwrap_or_default();
        let id = self.client_id.or_else(|| unverified_issuer(&assertion)).ok_or_else(|| {
            OAuthError::invalid_request(
                "send client_id: the client_assertion is no JWT that names its issuer",
            )
        })?;
        Ok((vec![id], Proof::Assertion(assertion)))
    }
}

fn two_ways(other: &str) -> OAuthError {
    OAuthError::invalid_request(format!("both client_assertion and {other} are given; send only one of them"))
}

/// The credentials of a Basic header in the ways they can be read: as they are, and percent-decoded. RFC 6749 wants
/// them encoded, and few clients do it.
struct Basic {
    ids: Vec<String>,
    secrets: Vec<String>,
}

impl Basic {
    /// `None` when the header has another scheme: a stray `Bearer` says nothing about the client.
    fn read(header: &str) -> Result<Option<Basic>, OAuthError> {
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if !scheme.eq_ignore_ascii_case("basic") {
            return Ok(None);
        }
        let text = BASIC.decode(rest.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let (id, secret) = text.as_deref().and_then(|text| text.split_once(':')).ok_or_else(|| {
            OAuthError::invalid_request("the Basic header is not the base64 form of client_id:client_secret")
        })?;
        if id.is_empty() || secret.is_empty() {
            return Err(OAuthError::invalid_request("the Basic header lacks the client id or the secret"));
        }
        Ok(Some(Basic { ids: readings(id), secrets: readings(secret) }))
    }

    /// Credentials in the body as well are harmless when they are the same.
    fn agree_with(self, fields: Fields) -> Result<(Vec<String>, Proof), OAuthError> {
        let agree =
            |body: &Option<String>, header: &[String]| body.as_ref().is_none_or(|text| header.contains(text));
        if agree(&fields.client_id, &self.ids) && agree(&fields.client_secret, &self.secrets) {
            return Ok((self.ids, Proof::Secret(self.secrets)));
        }
        Err(OAuthError::invalid_request(
            "the Basic header and the body hold different credentials; send only one of them",
        ))
    }
}

fn readings(text: &str) -> Vec<String> {
    let mut readings = vec![text.to_owned()];
    let spaced = text.replace('+', " ");
    if let Ok(decoded) = percent_encoding::percent_decode_str(&spaced).decode_utf8()
        && decoded != text
    {
        readings.push(decoded.into_owned());
    }
    readings
}

#[cfg(test)]
mod tests;
