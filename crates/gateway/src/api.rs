//! A product's API: token, route, entitlement, modes, the engine, and the family's answer.

mod call;
mod injected;
mod outcome;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Method as HttpMethod;
use tokio::task::block_in_place;
use zuno_catalogue::{Limits, Method, Operation, Product, Resource, Target, Verb};
use zuno_dialect::{Answer, Body, Dialect, Throttled};
use zuno_engine::{Call, Run};
use zuno_identity::{KnownToken, SessionRefused};
use zuno_model::{Fault, Refusal, Right, Time};
use zuno_store::{Aspect, StoreError};

use crate::collisions::Hold;
use crate::entry_point::EntryPoint;
use crate::health::chain;
use crate::quota::QuotaStatus;
use crate::records::Behalf;
use crate::rendered::{Moment, Question};
use crate::request::Request;
use crate::respond::{
    Envelope, Response, absent, gateway_headers, product as on_the_wire, refusal, respond, through_gateway,
    unauthorized,
};
use crate::state::caller::Caller;
use crate::state::settings::{Mode, Settings};
use crate::{Cloud, destination, reach};

/// How long a writer that met another should wait.
const AFTER_COLLISION: Duration = Duration::from_secs(1);

/// Who asks, if what is shown counts at the entry point; where the host names a tenant, it must be one of that tenant's.
/// The refusal otherwise.
pub fn caller(
    cloud: &Cloud,
    request: &Request,
    entry_point: EntryPoint,
    vanity: Option<&str>,
) -> Result<KnownToken<Caller>, Box<Response>> {
    let known = match cloud.caller(request, entry_point) {
        Ok(known) => known,
        Err(cause) => return Err(Box::new(broken(request, "who calls cannot be told", &cause))),
    };
    let counts = |known: &KnownToken<Caller>| {
        vanity.is_none_or(|vanity| vanity.eq_ignore_ascii_case(&known.value.tenant.vanity))
    };
    known.filter(counts).ok_or_else(|| Box::new(stranger(request, entry_point)))
}

/// Answers a request to a product.
pub async fn answer(
    cloud: &Arc<Cloud>,
    request: &Request,
    path: String,
    entry_point: EntryPoint,
    vanity: Option<String>,
) -> Response {
    // The token comes first: an unknown path without one is a 401 as well (told by analogy).
    let known = match caller(cloud, request, entry_point, vanity.as_deref()) {
        Ok(known) => known,
        Err(refused) => return *refused,
    };
    let catalogue = cloud.catalogue();
    let family = catalogue.products().iter().find(|product| destination::is_below(&path, &product.prefix));
    let Some(family) = family else {
        let mut response = match destination::not_here(&path) {
            Some(product) => {
                cloud.tally.missed(product, &request.head.method, &path);
                absent(product)
            }
            None => respond(404, Some("application/json"), "404 Not Found"),
        };
        gateway_headers(response.headers_mut(), request);
        return response;
    };
    let dialect = zuno_dialect::of(family.dialect);
    let Some(right) = known.value.right(&family.grant) else {
        if !entry_point.is_gateway() {
            let refused = Fault::Forbidden("it has no role in this product".into());
            return on_the_wire(request, dialect, dialect.fault(&refused, None), None);
        }
        let mut response = respond(403, Some("application/json"), refusal("forbidden"));
        gateway_headers(response.headers_mut(), request);
        return response;
    };
    let started = Instant::now();
    let tenant = known.value.tenant.id;
    let set = || cloud.settings(tenant).and_then(|set| Ok((set, cloud.now(tenant)?)));
    let untold =
        |cause: StoreError| broken(request, "what is set for the tenant cannot be told", &cause.into());
    let (mut settings, mut now) = match set() {
        Ok(found) => found,
        Err(cause) => return untold(cause),
    };
    let whose = format!("{} {} {}", tenant.0, known.claims.sub, family.name);
    let arrived =
        ApiRequest { cloud, request, family, dialect, known: &known, right, settings: &settings, now };
    let counted = entry_point.is_gateway() && (!dialect.routed_by_path() || arrived.is_published(&path));
    let quota = counted.then(|| cloud.quota.count(&whose, &family.quota.windows, now)).flatten();
    let trouble = match arrived.trouble(&path).await {
        Ok(trouble) => trouble,
        Err(refused) => return *refused,
    };
    if trouble.as_ref().is_some_and(|trouble| trouble.delay_ms.is_some()) {
        // A call that was held up is carried out when it goes on.
        (settings, now) = match set() {
            Ok(found) => found,
            Err(cause) => return untold(cause),
        };
    }
    let asked =
        ApiRequest { cloud, request, family, dialect, known: &known, right, settings: &settings, now };
    if let Some(response) =
        trouble.as_ref().and_then(|trouble| asked.before_the_product(entry_point, trouble))
    {
        return response;
    }
    let mut own = None;
    let mut answer = match quota.filter(|quota| cloud.options.real_limits && quota.over) {
        Some(over) => dialect.throttled(&throttled(over)),
        None => match trouble.as_ref().and_then(|trouble| asked.failed(&path, trouble)) {
            Some(failed) => failed,
            None => asked.answer(&path, &mut own).await,
        },
    };
    let read_only = settings.is_on(&family.name, Mode::ReadOnly);
    if let Some((name, own)) = dialect.remaining_header().zip(own) {
        // The Python SDK's legacy client waits a minute where none is left (client), and none is missing where none is counted.
        let left = if cloud.options.real_limits { own.remaining } else { own.remaining.max(1) };
        answer = answer.with(name, left.to_string());
    }
    let mode = dialect.tells_mode().then_some(if read_only { "read-only" } else { "read-write" });
    let mut response = on_the_wire(request, dialect, answer, mode);
    if entry_point.is_gateway() {
        let envelope = Envelope {
            transaction: &known.claims.jti,
            quota: quota.map(|quota| (family.quota.header.as_str(), quota)),
            took_ms: started.elapsed().as_millis(),
        };
        through_gateway(request, &mut response, &envelope);
    }
    match trouble {
        Some(trouble) => asked.cut(response, &trouble),
        None => response,
    }
}

/// The answer to whoever shows nothing that counts at the entry point.
pub fn stranger(request: &Request, entry_point: EntryPoint) -> Response {
    let (status, body) = match entry_point {
        EntryPoint::Gateway | EntryPoint::PrivateAccess => return unauthorized(request),
        EntryPoint::InternetAccess | EntryPoint::Connectors => SessionRefused::Session.answer(),
        // Their bodies are not known: as each product tells its other refusals (guessed).
        EntryPoint::SandboxPortal => (401, r#"{"code":401,"message":"the API token is missing or over"}"#),
        EntryPoint::ClientConnector => (
            401,
            "{\n  \"title\" : \"UNAUTHORIZED\",\n  \"errorCode\" : null,\n  \"errorMessage\" : \"the token is missing or over\"\n}",
        ),
        EntryPoint::DigitalExperience => {
            (401, r#"{"code":"UNAUTHORIZED","message":"the token is missing or over"}"#)
        }
    };
    respond(status, Some("application/json"), body)
}

/// The gateway's own answer where something of ours is broken.
fn broken(request: &Request, what: &str, cause: &Fault) -> Response {
    tracing::error!(cause = %chain(cause), "{what}");
    let mut response = respond(500, Some("application/json"), refusal("internal server error"));
    gateway_headers(response.headers_mut(), request);
    response
}

/// A limit that was run into, as a family's refusal prints it.
pub fn throttled(over: QuotaStatus) -> Throttled {
    let unit = match over.window.seconds {
        ..60 => "SECOND",
        60..3600 => "MINUTE",
        3600..86_400 => "HOUR",
        _ => "DAY",
    };
    Throttled {
        calls: u32::try_from(over.window.calls).unwrap_or(u32::MAX),
        unit,
        retry_after_secs: over.reset.max(1).unsigned_abs(),
    }
}

/// One call of one caller to one family.
struct ApiRequest<'a> {
    cloud: &'a Arc<Cloud>,
    request: &'a Request,
    family: &'a Product,
    dialect: &'a dyn Dialect,
    known: &'a KnownToken<Caller>,
    right: &'a Right,
    settings: &'a Settings,
    now: Time,
}

impl ApiRequest<'_> {
    /// Whether the cloud answers the path, with this method or another.
    fn is_published(&self, path: &str) -> bool {
        let route = method(&self.request.head.method).and_then(|method| self.cloud.router.find(method, path));
        match route.map(|route| route.target) {
            Some(Target::Built(operation)) => {
                !self.cloud.engine.catalogue().operation(operation).1.unpublished
            }
            Some(Target::Absent { .. }) => true,
            None => !self.cloud.router.methods(path).is_empty(),
        }
    }

    /// The family's answer; how the operation's own limit stands is left in `own`.
    async fn answer(&self, path: &str, own: &mut Option<QuotaStatus>) -> Answer {
        let Some(method) = method(&self.request.head.method) else { return self.dialect.other_method() };
        let Some(route) = self.cloud.router.find(method, path) else {
            let known = !self.cloud.router.methods(path).is_empty();
            return if known { self.dialect.other_method() } else { self.dialect.unknown_path() };
        };
        if !self.is_published(path) {
            return self.dialect.unknown_path();
        }
        let operation = match route.target {
            Target::Absent { line } => {
                let line = &self.cloud.engine.catalogue().ledger()[line];
                if let Some((host, path)) = line.answered_at() {
                    return self.dialect.fault(
                        &Fault::Refused {
                            class: Refusal::Forbidden,
                            // Guessed: nobody is known to ask the gateway.
                            code: "FORBIDDEN".into(),
                            message: format!("this is answered at {host}{path}"),
                            params: Vec::new(),
                        },
                        None,
                    );
                }
                let operation = format!("{}.{}", self.family.name, line.operation);
                self.cloud.tally.missed(&operation, &self.request.head.method, path);
                return self.dialect.fault(&Fault::NotBuilt(operation), None);
            }
            Target::Built(operation) => operation,
        };
        let (described, operated) = self.cloud.engine.catalogue().operation(operation);
        let scope = reach::allowed(self.right, described, operated)
            .and_then(|()| reach::scope(self.right, &self.request.query));
        let scope = match scope {
            Ok(scope) => scope,
            Err(refused) => return self.dialect.fault(&refused, Some(operated)),
        };
        if operated.gives.as_deref().is_some_and(|media| !self.request.accepts(media)) {
            return self.dialect.not_acceptable();
        }
        let mut call = match self.call(operation, &route.values, scope).await {
            Ok(call) => call,
            Err(answer) => return answer,
        };
        self.cloud.strangers.tell(path, &call.query);
        *own = self.own_limit(described, operated, &call);
        if let Some(over) = own.filter(|own| self.cloud.options.real_limits && own.over) {
            return self.dialect.throttled(&throttled(over));
        }
        if let Some(refused) = self.refused(operated, &call) {
            return self.dialect.fault(&refused, Some(operated));
        }
        let Ok(_hold) = self.hold(described, operated, &call) else {
            return self.dialect.fault(&Fault::Locked { retry_after: AFTER_COLLISION }, Some(operated));
        };
        // A plain write has no behaviour to ask, and is not to make room for one.
        if operated.writes() && operated.does.is_some() {
            match block_in_place(|| self.cloud.engine.ahead(&call)) {
                Ok(ahead) => call.ahead = ahead,
                Err(fault) => return self.told(described, operated, Err(fault)),
            }
        }
        let call = Arc::new(call);
        if operated.writes() {
            return self.told(described, operated, self.write(&call).await);
        }
        if operated.method != Method::Get {
            return self.told(described, operated, self.read(&call, operated));
        }
        let query = self.request.head.uri.query().unwrap_or_default();
        let question = Question::new(&call, path, query);
        let version = match self.cloud.store.version(call.session.tenant.id, Aspect::Records) {
            Ok(version) => version,
            Err(cause) => return self.told(described, operated, Err(cause.into())),
        };
        let moment = Moment { version, now: self.now };
        if let Some(body) = self.cloud.rendered.get(&question, moment) {
            return Answer { status: 200, headers: Vec::new(), body: Body::Shared(body) };
        }
        let answer = self.told(described, operated, self.read(&call, operated));
        match answer {
            Answer { status: 200, headers, body: Body::Json(bytes) } if headers.is_empty() => {
                let body = Bytes::from(bytes);
                self.cloud.rendered.put(question, moment, body.clone());
                Answer { status: 200, headers, body: Body::Shared(body) }
            }
            other => other,
        }
    }

    /// The family's answer to what the engine made of a call.
    fn told(&self, described: &Resource, operated: &Operation, outcome: Result<Run, Fault>) -> Answer {
        match outcome {
            Ok(run) => self.shown(described, operated, run),
            Err(fault) => {
                if let Fault::Broken(cause) = &fault {
                    tracing::error!(cause = %chain(cause.as_ref()), operation = %operated.name, kind = %described.kind, "a call failed");
                }
                self.dialect.fault(&fault, Some(operated))
            }
        }
    }

    /// How the product's own limit for the operation stands, where limits are kept or told.
    fn own_limit(&self, resource: &Resource, operation: &Operation, call: &Call) -> Option<QuotaStatus> {
        if !self.cloud.options.real_limits && self.dialect.remaining_header().is_none() {
            return None;
        }
        let Limits { read, write } = &self.family.limits;
        let general = if operation.method == Method::Get { read } else { write };
        let limit = operation.limits.as_ref().or(general.as_ref())?;
        let what = format!("{} {} {}", call.session.tenant.id.0, resource.kind, operation.name);
        self.cloud.quota.count(&what, &limit.windows, self.now)
    }

    /// What stands in the way of a call before the engine is asked.
    fn refused(&self, operation: &Operation, call: &Call) -> Option<Fault> {
        let tenant = &call.session.tenant;
        if call.param("customer").is_some_and(|named| named != tenant.customer_id.to_string()) {
            return Some(Fault::Forbidden("the path names another customer than the token's".into()));
        }
        if !operation.writes() {
            return None;
        }
        if self.settings.is_on(&self.family.name, Mode::ReadOnly) {
            return Some(Fault::ReadOnly);
        }
        if self.settings.is_on(&self.family.name, Mode::Locked) {
            return Some(Fault::Locked { retry_after: AFTER_COLLISION });
        }
        None
    }

    /// Takes hold of what this write contends for; an error means that another writer has it.
    fn hold(&self, resource: &Resource, operation: &Operation, call: &Call) -> Result<Option<Hold>, ()> {
        let contended = resource.contended.as_deref().filter(|_| operation.writes());
        let Some(value) = contended.and_then(|name| call.param(name)) else { return Ok(None) };
        let what = format!("{}/{value}", resource.kind);
        self.cloud.collisions.hold(call.session.tenant.id, what).map(Some).ok_or(())
    }

    fn read(&self, call: &Arc<Call>, operation: &Operation) -> Result<Run, Fault> {
        let behalf = Behalf::Caller(Arc::clone(call));
        let look = || self.cloud.read(&behalf, |cx| cx.run());
        // A list may walk many records; other calls go on meanwhile.
        if operation.verb == Verb::Read { look() } else { block_in_place(look) }
    }

    async fn write(&self, call: &Arc<Call>) -> Result<Run, Fault> {
        self.cloud.write(Behalf::Caller(Arc::clone(call)), |cx| cx.run()).await
    }
}

fn method(method: &HttpMethod) -> Option<Method> {
    method.as_str().parse().ok()
}
