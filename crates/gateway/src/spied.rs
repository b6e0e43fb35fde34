//! Reads that this server cannot answer, asked of the real tenant; because the server was started to look there.
//!
//! What it can answer is what its first tenant has of its own: of a kind of which anything was changed here, lists and
//! records are this server's. Of a kind that was never changed, it has only what every fresh tenant has, which says nothing
//! of the real one: the real tenant is asked. So it is for a record that is not found here, and for a path of which nothing
//! is known. What a behaviour answers (measurements, look-ups, what waits for activation) is this server's. Nothing but GET
//! is ever sent.

use std::sync::Arc;

use http::Method;
use http::header::HeaderValue;
use tokio::task::spawn_blocking;
use zuno_catalogue::Verb;
use zuno_store::read;

use crate::Cloud;
use crate::journal::Seen;
use crate::request::Request;
use crate::respond::{Response, gateway_headers, refusal, respond};
use crate::spy::Told;

/// The header by which an answer says that the real cloud gave it.
const SOURCE: &str = "zuno-source";

impl Cloud {
    /// The answer of this server, or the real tenant's where this server has none.
    pub(crate) async fn spied(&self, request: &Request, path: &str, answer: Response) -> Response {
        let Some(spy) = &self.options.spy else { return answer };
        if request.head.method != Method::GET || !self.is_beyond(&answer) {
            return answer;
        }
        let (look, path, query) = (Arc::clone(&spy.0), path.to_owned(), request.query.clone());
        let told = spawn_blocking(move || look(&path, &query)).await;
        let told = told.unwrap_or_else(|_| Err("the question was given up".into()));
        let mut why = None;
        let mut response = match told {
            // It has none either, and this server says so in the tenant's own words.
            Ok(Told { status: 404, .. }) => return answer,
            Ok(told) => {
                let mut response = respond(told.status, told.media.as_deref(), told.body);
                gateway_headers(response.headers_mut(), request);
                response
            }
            // What this server has instead would pass for the real tenant's.
            Err(cause) => {
                let words = format!("the real tenant cannot be asked: {cause}");
                let detail = words.replace(['"', '\\'], "'").replace(char::is_control, " ");
                why = Some(words);
                respond(502, Some("application/json"), refusal(&detail))
            }
        };
        response.headers_mut().insert(SOURCE, HeaderValue::from_static("cloud"));
        let known = Seen::with(&answer);
        drop(answer);
        let mut seen = Arc::into_inner(known).unwrap_or_default();
        seen.why = None;
        seen.carried = true;
        if let Some(why) = why {
            seen.refused_since(&why);
        }
        seen.go_with(&mut response);
        response
    }

    /// Whether this server has no answer of its own.
    fn is_beyond(&self, answer: &Response) -> bool {
        let seen = Seen::with(answer);
        let first = self.tenants().ok().and_then(|tenants| tenants.into_iter().next());
        let tenant = seen.tenant.as_ref().filter(|tenant| first.is_some_and(|first| first.id == tenant.id));
        let Some(tenant) = tenant.filter(|_| seen.injected.is_none()) else { return false };
        let status = answer.status().as_u16();
        let Some(number) = seen.operation else { return matches!(status, 404 | 405) };
        if seen.why.as_ref().is_some_and(|why| why.not_found) {
            return true;
        }
        let (resource, operation) = self.engine.catalogue().operation(number);
        // What waits for activation is this server's, however little was changed.
        let is_ours = resource.behaviours.keys().any(|name| name.contains("activation"));
        let is_plain = !is_ours
            && operation.does.is_none()
            && matches!(operation.verb, Verb::List | Verb::Read | Verb::Count);
        let kinds = || read(self.store.as_ref(), |tx| tx.kinds(tenant.id));
        status == 200
            && is_plain
            && kinds().is_ok_and(|kinds| !kinds.iter().any(|kind| *kind == resource.kind.as_str()))
    }
}
