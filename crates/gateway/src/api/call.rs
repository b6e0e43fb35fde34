//! A request as the engine reads it: a call with its parameters, body and query.

use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::{Method, Operation};
use zuno_dialect::{Answer, known_query, list_query};
use zuno_engine::{Call, Scope, Session};
use zuno_model::Fault;

use super::ApiRequest;
use crate::json;
use crate::request::decoded;

/// Why a body cannot be read.
enum Refused {
    /// It is not announced as JSON.
    Media,
    /// It is no JSON.
    Json(String),
}

impl ApiRequest<'_> {
    /// The call as the engine reads it, or the family's answer to what cannot be read.
    pub(super) fn call(
        &self,
        resource: usize,
        operation: usize,
        values: &[String],
        scope: Scope,
    ) -> Result<Call, Answer> {
        let catalogue = self.cloud.engine.catalogue();
        let described = &catalogue.resources()[resource];
        let operated = &described.operations[operation];
        let names = operated.parameters().map(str::to_owned);
        let params: Vec<(String, String)> = names.zip(values.iter().map(|value| decoded(value))).collect();
        let body = match self.body(operated) {
            Ok(body) => body,
            Err(Refused::Media) => return Err(self.dialect.wrong_media_type()),
            Err(Refused::Json(why)) => {
                return Err(self.dialect.fault(&Fault::Unreadable(why), Some(operated)));
            }
        };
        let page = self.cloud.engine.catalogue().page(described, operated);
        let query = known_query(self.dialect, described, operated, &self.request.query);
        let tenant = &self.known.value.tenant;
        Ok(Call {
            session: Session {
                tenant: Arc::clone(tenant),
                actor: Arc::clone(&self.known.value.actor),
                now: self.now,
            },
            resource,
            operation,
            params,
            body,
            scope,
            list_query: list_query(self.dialect, page, &query),
            query,
        })
    }

    /// The body's JSON. A GET's body is passed over, whatever it is (a client sends `{}`).
    fn body(&self, operation: &Operation) -> Result<Option<Value>, Refused> {
        let bytes = &self.request.body;
        if operation.method == Method::Get || bytes.is_empty() {
            return Ok(None);
        }
        if !self.request.is_json() {
            // Clients send a DELETE without a body under no media type; a stray body there is passed over.
            return if operation.method == Method::Delete { Ok(None) } else { Err(Refused::Media) };
        }
        match json::read(bytes) {
            Ok(value) => Ok(Some(value)),
            Err(_) if operation.method == Method::Delete => Ok(None),
            Err(wrong) => Err(Refused::Json(wrong.to_string())),
        }
    }
}
