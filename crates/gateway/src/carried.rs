//! Calls that are carried on to the real cloud and answered with what it answers, because the server was started to record
//! them.
//!
//! Only calls under the cloud's own host names are; what comes by the server's address is answered here as ever. Callers
//! bring their own credentials, so nobody gains a right by it; still they are carried on for whom foreign hosts are. What
//! would change something there is refused unless the server was told to let it pass.

mod exchange;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderValue, RETRY_AFTER, TE,
    TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, StatusCode, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::task::block_in_place;
use zuno_catalogue::{Operation, OperationNumber, Target};
use zuno_intercept::{Host, NotCarried, drop_hop_by_hop};

use self::exchange::{Call, LARGEST_ANSWER, recorded};
use crate::Cloud;
use crate::api::method;
use crate::bodies::{LARGEST, NotTaken, Share};
use crate::destination::Destination;
use crate::faults::HEADER as FAULT;
use crate::journal::Seen;
use crate::recording::Recording;
use crate::request::Request;
use crate::respond::{Response, refusal, respond};

/// The header by which an answer says that the real cloud gave it.
pub const SOURCE: &str = "zuno-source";

impl Cloud {
    /// How a call is recorded, if it is one under the cloud's own names and calls are.
    pub(crate) fn recording(&self, request: &Request) -> Option<&Recording> {
        let recording = self.options.recording.as_ref()?;
        Host::of(request.host()).is_cloud().then_some(recording)
    }

    /// Carries a call on, and answers with what comes back.
    pub(crate) async fn carry(
        self: &Arc<Self>,
        recording: &Recording,
        request: &mut Request,
        destination: &Destination,
        body: Incoming,
    ) -> Response {
        let number = self.operation_at(request, destination);
        let mut seen = Seen { operation: number, carried: true, ..Seen::default() };
        let answered = match self.taken(recording, request, destination, number, body).await {
            Ok(share) => self.exchanged(recording, request, destination, number, share).await,
            Err(refused) => Err(refused),
        };
        let mut response = answered.unwrap_or_else(|Refused { status, why }| {
            seen.refused_since(&why);
            let detail = why.replace(['"', '\\'], "'");
            let mut response = respond(status, Some("application/json"), refusal(&detail));
            if status == 503 {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            response
        });
        seen.go_with(&mut response);
        response
    }

    /// The operation that a call is of, where there is such a one.
    fn operation_at(&self, request: &Request, destination: &Destination) -> Option<OperationNumber> {
        let Destination::Api { path, .. } = destination else { return None };
        match self.router.find(method(&request.head.method)?, path)?.target {
            Target::Built(number) => Some(number),
            Target::Absent { .. } => None,
        }
    }

    /// Takes a call's body in, if the call may be carried on.
    async fn taken(
        &self,
        recording: &Recording,
        request: &mut Request,
        destination: &Destination,
        number: Option<OperationNumber>,
        body: Incoming,
    ) -> Result<Option<Share>, Refused> {
        let catalogue = self.engine.catalogue();
        let operation = number.map(|number| catalogue.operation(number).1);
        let refused = if request.via().is_some_and(|via| !recording.callers.is_for(via)) {
            Some("calls of other machines are not carried to the real cloud: start the server with --open-proxy".to_owned())
        } else if !recording.writes && changes(&request.head.method, &request.path, destination, operation) {
            Some(format!(
                "{} {} would change the real tenant, and was not sent: `zuno serve --record FILE --record-writes` lets such \
                 calls pass",
                request.head.method, request.path
            ))
        } else {
            None
        };
        if let Some(why) = refused {
            if !request.head.headers.contains_key(EXPECT) {
                self.bodies.pass_over(body);
            }
            return Err(Refused { status: 403, why });
        }
        if hyper::body::Body::is_end_stream(&body) {
            return Ok(None);
        }
        let (body, share) = self.bodies.take(body, LARGEST).await.map_err(|not| match not {
            NotTaken::TooLarge => Refused::of(413, "request body too large"),
            NotTaken::Late => Refused::of(408, "the request body did not end in time"),
            NotTaken::Broken => Refused::of(400, "the request body broke off"),
            NotTaken::Full => Refused::of(503, "too many large request bodies at once"),
        })?;
        request.body = body;
        Ok(Some(share))
    }

    /// Sends a call and keeps it with its answer.
    async fn exchanged(
        self: &Arc<Self>,
        recording: &Recording,
        request: &Request,
        destination: &Destination,
        number: Option<OperationNumber>,
        _share: Option<Share>,
    ) -> Result<Response, Refused> {
        let host = request.host().split(':').next().unwrap_or_default().to_ascii_lowercase();
        let gone = |why: &dyn fmt::Display| format!("the real cloud's {host} did not answer: {why}");
        let answer = recording.onward.send(onward(request, &host)?).await.map_err(|wrong| {
            let status = match wrong {
                NotCarried::Circle => 508,
                NotCarried::Late => 504,
                NotCarried::Failed(_) => 502,
            };
            Refused { status, why: gone(&wrong) }
        })?;
        // This server's own word, a round later: the cloud does not use it.
        if answer.status() == StatusCode::LOOP_DETECTED {
            return Err(Refused { status: 508, why: gone(&NotCarried::Circle) });
        }
        let (mut head, body) = answer.into_parts();
        drop_hop_by_hop(&mut head.headers);
        head.headers.remove(TRANSFER_ENCODING);
        // Kept until it is answered, so that not everybody's answers are held at once.
        let (body, _held) = recording.bodies.take(body, LARGEST_ANSWER).await.map_err(|not| match not {
            NotTaken::TooLarge => Refused {
                status: 502,
                why: format!("the real cloud's answer is longer than {LARGEST_ANSWER} bytes"),
            },
            NotTaken::Late => Refused { status: 504, why: gone(&"its answer did not end in time") },
            NotTaken::Broken => Refused { status: 502, why: gone(&"its answer broke off") },
            NotTaken::Full => Refused::of(503, "too many large answers at once"),
        })?;
        let call = Call { request, destination, host: &host, number };
        let catalogue = self.engine.catalogue();
        block_in_place(|| {
            let exchange = recorded(catalogue, &call, head.status.as_u16(), &head.headers, &body);
            (recording.keep)(&exchange);
        });
        if request.head.method != Method::HEAD {
            head.headers.remove(CONTENT_LENGTH);
        }
        head.headers.insert(SOURCE, HeaderValue::from_static("cloud"));
        let mut response = http::Response::new(Full::new(body));
        *response.status_mut() = head.status;
        *response.headers_mut() = head.headers;
        Ok(response)
    }
}

/// Why a call is not answered by the real cloud.
struct Refused {
    status: u16,
    why: String,
}

impl Refused {
    fn of(status: u16, why: &str) -> Refused {
        Refused { status, why: why.to_owned() }
    }
}

/// Whether a call may change something in the real tenant. To sign in does not; to sign out of internet access does, for it
/// activates what waits (documented). Of what no operation is known, everything but a GET may.
fn changes(method: &Method, path: &str, destination: &Destination, operation: Option<&Operation>) -> bool {
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    match destination {
        _ if reads => false,
        Destination::Identity { .. } => *method != Method::POST || !path.starts_with("/oauth2/"),
        Destination::SignIn(_) => *method != Method::POST,
        _ => operation.is_none_or(Operation::writes),
    }
}

/// A call as it is sent on: to the host that it names, over TLS.
fn onward(request: &Request, host: &str) -> Result<http::Request<Full<Bytes>>, Refused> {
    let target = request.head.uri.path_and_query().map_or("/", |target| target.as_str());
    let uri: Uri = format!("https://{host}{target}")
        .parse()
        .map_err(|_| Refused::of(400, "the request's target cannot be sent on"))?;
    let mut headers: HeaderMap = request.head.headers.clone();
    drop_hop_by_hop(&mut headers);
    for name in [HOST, CONNECTION, CONTENT_LENGTH, EXPECT, TE, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    headers.remove(FAULT);
    // What is recorded must be read: of the ways to pack an answer only this one is.
    let packs = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .any(|value| value.as_bytes().windows(4).any(|word| word == b"gzip"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(if packs { "gzip" } else { "identity" }));
    let mut sent = http::Request::new(Full::new(request.body.clone()));
    *sent.method_mut() = request.head.method.clone();
    *sent.uri_mut() = uri;
    *sent.headers_mut() = headers;
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::changes;
    use crate::destination;

    #[test]
    fn what_changes_nothing_there_passes() {
        let changes = |method: Method, host: &str, path: &str| {
            changes(&method, path, &destination::of(host, path), None)
        };
        assert!(!changes(Method::GET, "api.zsapi.net", "/zia/api/v1/users"));
        assert!(!changes(Method::POST, "acme.zslogin.net", "/oauth2/v1/token"));
        assert!(!changes(Method::POST, "zsapi.zscaler.net", "/api/v1/authenticatedSession"));
        assert!(changes(Method::DELETE, "zsapi.zscaler.net", "/api/v1/authenticatedSession"), "it activates");
        assert!(changes(Method::POST, "api.zsapi.net", "/zia/api/v1/unheard-of"));
        assert!(changes(Method::POST, "acme.zslogin.net", "/admin/api/v1/users"));
        assert!(changes(Method::from_bytes(b"BREW").unwrap(), "api.zsapi.net", "/zia/api/v1/users"));
    }
}
