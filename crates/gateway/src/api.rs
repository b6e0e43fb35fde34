//! A product's API: token, route, entitlement, modes, the engine, and the family's answer.

mod call;
mod carry_out;
mod injected;
mod outcome;
mod refusals;

use std::sync::Arc;
use std::time::Instant;

use http::Method as HttpMethod;
use zuno_catalogue::{Method, OperationNumber, Product, Route, Target};
use zuno_dialect::Dialect;
use zuno_identity::KnownToken;
use zuno_model::{Fault, Right, Time};
use zuno_store::StoreError;

use self::refusals::broken;
pub use self::refusals::{stranger, throttled};
use crate::entry_point::EntryPoint;
use crate::journal::Seen;
use crate::request::Request;
use crate::respond::{
    Envelope, Response, absent, gateway_headers, product as on_the_wire, refusal, respond, through_gateway,
};
use crate::state::caller::Caller;
use crate::state::settings::{Mode, Settings};
use crate::{Cloud, destination};

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
    known.filter(counts).ok_or_else(|| {
        let mut refused = stranger(request, entry_point);
        let mut seen = Seen::default();
        seen.refused_since("what is shown is missing, over, revoked or of another cloud");
        seen.go_with(&mut refused);
        Box::new(refused)
    })
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
    let mut seen = Seen::of_client(&known.value.tenant, &known.value.actor);
    let mut response = answer_caller(cloud, request, &path, entry_point, &known, &mut seen).await;
    seen.go_with(&mut response);
    response
}

async fn answer_caller(
    cloud: &Arc<Cloud>,
    request: &Request,
    path: &str,
    entry_point: EntryPoint,
    known: &KnownToken<Caller>,
    seen: &mut Seen,
) -> Response {
    let catalogue = cloud.catalogue();
    let family = catalogue.products().iter().find(|product| destination::is_below(path, &product.prefix));
    let Some(family) = family else {
        let mut response = match destination::not_here(path) {
            Some(product) => {
                cloud.tally.missed(product, &request.head.method, path);
                absent(product)
            }
            None => respond(404, Some("application/json"), "404 Not Found"),
        };
        gateway_headers(response.headers_mut(), request);
        return response;
    };
    let dialect = zuno_dialect::of(family.dialect);
    let Some(right) = known.value.right(&family.grant) else {
        let refused = Fault::Forbidden("it has no role in this product".into());
        let response = if entry_point.is_gateway() {
            let mut response = respond(403, Some("application/json"), refusal("forbidden"));
            gateway_headers(response.headers_mut(), request);
            response
        } else {
            on_the_wire(request, dialect, dialect.fault(&refused, None), None)
        };
        seen.refused(refused);
        return response;
    };
    let started = Instant::now();
    let tenant = known.value.tenant.id;
    let set = || cloud.settings_now(tenant);
    let untold =
        |cause: StoreError| broken(request, "what is set for the tenant cannot be told", &cause.into());
    let (settings, now) = match set() {
        Ok(found) => found,
        Err(cause) => return untold(cause),
    };
    let route = method(&request.head.method).and_then(|method| cloud.router.find(method, path));
    let whose = format!("{} {} {}", tenant.0, known.claims.sub, family.name);
    let arrived = ApiRequest {
        cloud,
        request,
        path,
        route: route.as_ref(),
        family,
        dialect,
        known,
        right,
        settings: &settings,
        now,
    };
    seen.operation = arrived.built();
    let counted = entry_point.is_gateway() && (!dialect.routed_by_path() || arrived.is_published());
    let quota = counted.then(|| cloud.quota.count(&whose, &family.quota.windows, now)).flatten();
    let trouble = match arrived.trouble().await {
        Ok(trouble) => trouble,
        Err(refused) => return *refused,
    };
    // A call that was held up is carried out when it goes on.
    let later = match arrived.held_up(trouble.as_ref()).await.then(set).transpose() {
        Ok(found) => found,
        Err(cause) => return untold(cause),
    };
    let (settings, now) = later.as_ref().map_or((&settings, now), |(settings, now)| (settings, *now));
    let asked = ApiRequest { settings, now, ..arrived };
    seen.now = Some(now);
    seen.injected = trouble.clone().map(Box::new);
    if let Some(response) =
        trouble.as_ref().and_then(|trouble| asked.before_the_product(entry_point, trouble))
    {
        return response;
    }
    let mut own = None;
    let mut answer = match quota.filter(|quota| cloud.options.real_limits && quota.over) {
        Some(over) => {
            seen.refused_since("more calls came than the gateway's quota allows");
            dialect.throttled(&throttled(over))
        }
        None => match trouble.as_ref().and_then(|trouble| asked.failed(trouble)) {
            Some(failed) => failed,
            None => asked.answer(&mut own, seen).await,
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
            took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        through_gateway(request, &mut response, &envelope);
    }
    match trouble {
        Some(trouble) => asked.cut(response, &trouble),
        None => response,
    }
}

/// One call of one caller to one family.
struct ApiRequest<'a> {
    cloud: &'a Arc<Cloud>,
    request: &'a Request,
    /// The path below the gateway's host.
    path: &'a str,
    /// Where the path and the method lead.
    route: Option<&'a Route>,
    family: &'a Product,
    dialect: &'a dyn Dialect,
    known: &'a KnownToken<Caller>,
    right: &'a Right,
    settings: &'a Settings,
    now: Time,
}

impl ApiRequest<'_> {
    /// The operation that the call is of, if it is built.
    fn built(&self) -> Option<OperationNumber> {
        match self.route?.target {
            Target::Built(operation) => Some(operation),
            Target::Absent { .. } => None,
        }
    }

    /// Whether the cloud answers the path, with this method or another.
    fn is_published(&self) -> bool {
        match self.route.map(|route| route.target) {
            Some(Target::Built(operation)) => {
                !self.cloud.engine.catalogue().operation(operation).1.unpublished
            }
            Some(Target::Absent { .. }) => true,
            None => !self.cloud.router.methods(self.path).is_empty(),
        }
    }
}

/// A method as the catalogue knows it.
pub fn method(method: &HttpMethod) -> Option<Method> {
    method.as_str().parse().ok()
}
