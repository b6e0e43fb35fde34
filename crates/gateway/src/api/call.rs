//! A request as the engine reads it: a call with its parameters, body and query.

use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::{Method, Operation, OperationNumber, Takes};
use zuno_dialect::{known_query, list_query, respelt_body, respelt_query};
use zuno_engine::{Call, Origin, Scope, Session, Upload};
use zuno_model::Fault;

use super::ApiRequest;
use super::carry_out::Halt;
use crate::request::decoded;
use crate::state::settings::Mode;
use crate::{form, json};

impl ApiRequest<'_> {
    /// The call as the engine reads it, unless it cannot be read.
    pub(super) async fn call(&self, operation: OperationNumber, scope: Scope) -> Result<Call, Halt> {
        let catalogue = self.cloud.engine.catalogue();
        let (described, operated) = catalogue.operation(operation);
        let names = operated.parameters().map(str::to_owned);
        let values = self.route.map(|route| route.values.as_slice()).unwrap_or_default();
        let params: Vec<(String, String)> = names.zip(values.iter().map(|value| decoded(value))).collect();
        let (body, upload) = self.taken(operated).await?;
        let page = catalogue.page(described, operated);
        let query = known_query(self.dialect, described, operated, &self.request.query);
        let query = respelt_query(self.dialect, described, operated, query);
        let body = body.map(|body| respelt_body(self.dialect, described, body));
        let tenant = &self.known.value.tenant;
        Ok(Call {
            session: Session {
                tenant: Arc::clone(tenant),
                actor: Arc::clone(&self.known.value.actor),
                now: self.now,
                as_sent: self.settings.is_on(&self.family.name, Mode::AsSent),
            },
            operation,
            params,
            body,
            upload,
            ahead: None,
            scope,
            list_query: list_query(self.dialect, page, &query),
            query,
            origin: Origin { address: self.request.address(), trace: self.known.claims.jti.clone() },
        })
    }

    /// The body as the operation takes it: its JSON, or what came in place of JSON.
    async fn taken(&self, operation: &Operation) -> Result<(Option<Value>, Option<Upload>), Halt> {
        match operation.takes {
            None => Ok((self.body(operation)?, None)),
            Some(Takes::Text) => {
                let bytes = self.request.body.to_vec();
                Ok((None, Some(Upload { name: String::new(), bytes })))
            }
            Some(Takes::File) => {
                let media = self.request.header("content-type").unwrap_or_default();
                let boundary = form::boundary(media).ok_or_else(|| self.dialect.wrong_media_type())?;
                let form = form::read(self.request.body.clone(), boundary).await;
                let form = form.map_err(|wrong| Fault::Unreadable(wrong.to_string()))?;
                Ok((Some(Value::Object(form.words)), form.file))
            }
        }
    }

    /// The body's JSON. A GET's body is passed over, whatever it is (a client sends `{}`).
    fn body(&self, operation: &Operation) -> Result<Option<Value>, Halt> {
        let bytes = &self.request.body;
        if operation.method == Method::Get || bytes.is_empty() {
            return Ok(None);
        }
        if !self.request.is_json() {
            // Clients send a DELETE without a body under no media type; a stray body there is passed over.
            return if operation.method == Method::Delete {
                Ok(None)
            } else {
                Err(self.dialect.wrong_media_type().into())
            };
        }
        match json::read(bytes) {
            Ok(value) => Ok(Some(value)),
            Err(_) if operation.method == Method::Delete => Ok(None),
            Err(wrong) => Err(Fault::Unreadable(wrong.to_string()).into()),
        }
    }
}
