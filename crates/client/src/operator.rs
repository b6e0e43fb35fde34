//! What a Zuno lets its operator do, and the real cloud does not have.

use serde_json::Value;
use ureq::http::Method;

use crate::{ApiError, Error, Response, Wire};

/// The operator of a server at an address. Most of it is answered only to whoever shows the operator's token.
pub struct Operator {
    origin: String,
    token: Option<String>,
    wire: Wire,
}

impl Operator {
    /// The operator of the server at `origin`, as [`crate::Place::Server`] has it.
    pub fn new(origin: impl Into<String>, token: Option<String>) -> Operator {
        let origin = origin.into();
        Operator { wire: Wire::new(Some(&origin)), token, origin }
    }

    /// The server's address.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Calls an operation below `/_zuno`, such as `/tenants`; null when the answer is empty.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses.
    pub fn call(&self, method: &Method, path: &str, body: Option<&Value>) -> Result<Value, Error> {
        let body = body.map(|body| body.to_string().into_bytes());
        let reply = self.send(method, path, body.as_deref())?;
        Ok(serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
    }

    /// The same with a body that is written already, and the answer as it is written.
    ///
    /// # Errors
    /// As there.
    pub fn exchange(&self, method: &Method, path: &str, body: Option<&[u8]>) -> Result<Vec<u8>, Error> {
        Ok(self.send(method, path, body)?.body)
    }

    /// The certificate of the server's local CA, as PEM.
    ///
    /// # Errors
    /// The server cannot be reached, or is no Zuno.
    pub fn ca(&self) -> Result<String, Error> {
        let reply = self.send(&Method::GET, "/ca", None)?;
        let text = String::from_utf8(reply.body).unwrap_or_default();
        if text.contains("BEGIN CERTIFICATE") {
            Ok(text)
        } else {
            Err(Error::Setting(format!("{} does not answer as a Zuno does", self.origin)))
        }
    }

    fn send(&self, method: &Method, path: &str, body: Option<&[u8]>) -> Result<Response, Error> {
        let url = format!("{}/_zuno{path}", self.origin);
        let shown = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(shown.as_deref().map(|shown| ("authorization", shown)));
        let reply = self.wire.send(method, &url, &headers, body)?;
        if reply.status < 400 {
            return Ok(reply);
        }
        Err(Error::Refused(ApiError::read(
            method.as_str(),
            &format!("/_zuno{path}"),
            reply.status,
            None,
            reply.body,
        )))
    }
}
