//! The provisioning server: identity providers push users and groups, each with a token of its own.
//!
//! `/scim/{userdb}/{idp}/v2/Users` and `/Groups` are SCIM 2.0 (RFC 7644), and no dialect of the products': answers,
//! pages and refusals are SCIM's. What is pushed are the tenant's records, so that the management API shows it at once.

use std::sync::Arc;

use http::Method;
use serde_json::Value;
use zuno_behaviours::zpa::scim::{self, Ask, Family, ScimError};
use zuno_catalogue::handles::zpa::{idp, scim_group, scim_user};
use zuno_catalogue::{Members, Window};
use zuno_engine::Session;
use zuno_identity::{Secret, SecretDigest};
use zuno_model::{Actor, Entry, Fault, Id, Interface, Refused, Tenant};
use zuno_store::read;

use crate::Cloud;
use crate::journal::Seen;
use crate::json;
use crate::records::{self, Behalf};
use crate::request::{Request, decoded};
use crate::respond::{Response, respond};

/// How many updates a provider may push (documented).
const UPDATES: Window = Window { calls: 50, seconds: 1 };

/// The largest body, in bytes (guessed): a group with tens of thousands of members.
const LARGEST: usize = 4 << 20;

/// How many ids a customer's series has.
const SERIES: i64 = 1 << 28;

const MEDIA: &str = "application/scim+json";

type Outcome = Result<Option<Value>, ScimError>;

fn refusal(status: u16, detail: &str) -> ScimError {
    ScimError { status, kind: None, detail: detail.to_owned() }
}

/// Answers a provider.
pub async fn answer(cloud: &Arc<Cloud>, request: &Request) -> Response {
    let created = request.head.method == Method::POST;
    let mut seen = Seen::default();
    let mut response = match carried_out(cloud, request, &mut seen).await {
        Ok(Some(body)) => respond(if created { 201 } else { 200 }, Some(MEDIA), body.to_string()),
        Ok(None) => respond(204, None, ""),
        Err(refused) => {
            seen.refused_since(&refused.detail);
            refused_in_scim(&refused)
        }
    };
    seen.go_with(&mut response);
    response
}

/// What stands in the way of a request before its body is read, if anything does.
pub fn barred(cloud: &Cloud, request: &Request) -> Option<Response> {
    provision(cloud, request).err().map(|refused| refused_in_scim(&refused))
}

fn refused_in_scim(refused: &ScimError) -> Response {
    let mut response = respond(refused.status, Some(MEDIA), refused.body().to_string());
    if refused.status == 401 {
        let wanted = http::HeaderValue::from_static("Bearer");
        response.headers_mut().insert(http::header::WWW_AUTHENTICATE, wanted);
    }
    response
}

/// What a provider that is known asks for.
struct Provision<'r> {
    session: Session,
    userdb: &'r str,
    provider: &'r str,
    rest: Vec<&'r str>,
}

fn provision<'r>(cloud: &Cloud, request: &'r Request) -> Result<Provision<'r>, ScimError> {
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let ["scim", userdb, provider, "v2", rest @ ..] = parts.as_slice() else {
        return Err(refusal(404, "there is no such path"));
    };
    let Some(session) = cloud.provider(request, userdb, provider)? else {
        return Err(refusal(401, "a provider's token is wanted"));
    };
    Ok(Provision { session, userdb, provider, rest: rest.to_vec() })
}

async fn carried_out(cloud: &Arc<Cloud>, request: &Request, seen: &mut Seen) -> Outcome {
    let Provision { session, userdb, provider, rest } = provision(cloud, request)?;
    *seen = Seen { now: Some(session.now), ..Seen::of_client(&session.tenant, &session.actor) };
    let (family, id) = match rest.as_slice() {
        ["Users"] => (Family::Users, None),
        ["Groups"] => (Family::Groups, None),
        ["Users", id] => (Family::Users, Some(Id(decoded(id)))),
        ["Groups", id] => (Family::Groups, Some(Id(decoded(id)))),
        _ => return Err(refusal(404, "there is no such path")),
    };
    let body = || {
        if request.body.len() > LARGEST {
            return Err(refusal(413, "the body is larger than 4 MiB: send members in several updates"));
        }
        json::read(&request.body).map_err(|wrong| ScimError {
            status: 400,
            kind: Some("invalidSyntax"),
            detail: format!("the body cannot be read: {wrong}"),
        })
    };
    let ask = match (&request.head.method, id) {
        (&Method::GET, None) => Ask::List(request.query.clone()),
        (&Method::GET, Some(id)) => Ask::Read(id),
        (&Method::POST, None) => Ask::Create(body()?),
        (&Method::PUT, Some(id)) => Ask::Replace(id, body()?),
        (&Method::PATCH, Some(id)) => Ask::Patch(id, body()?),
        (&Method::DELETE, Some(id)) => Ask::Delete(id),
        _ => return Err(refusal(405, "that cannot be done there")),
    };
    let base = format!("{}/scim/{userdb}/{provider}/v2", request.origin());
    let provider = Id(provider.to_owned());
    let (tenant, now) = (session.tenant.id, session.now);
    if request.head.method == Method::GET {
        let behalf = Behalf::Server(session);
        return cloud.read(&behalf, |cx| scim::answer(cx, &provider, family, &ask, &base));
    }
    let whose = format!("{} scim {provider}", tenant.0);
    let status = cloud.quota.count(&whose, &[UPDATES], now);
    if cloud.options.real_limits && status.is_some_and(|status| status.over) {
        return Err(refusal(429, "too many updates; try again in a second"));
    }
    let behalf = Behalf::Provider(session.clone(), Box::new(wish(&session, family, &ask, request)));
    let (outcome, entry) =
        cloud.write(behalf, move |cx| scim::answer(cx, &provider, family, &ask, &base)).await;
    seen.entry = entry.map(Box::new);
    outcome
}

/// What a provider asks for, as the tenant's log tells it.
fn wish(session: &Session, family: Family, ask: &Ask, request: &Request) -> Entry {
    let (operation, id, body) = match ask {
        Ask::List(_) => ("list", None, None),
        Ask::Read(id) => ("read", Some(id), None),
        Ask::Create(body) => ("create", None, Some(body)),
        Ask::Replace(id, body) => ("update", Some(id), Some(body)),
        Ask::Patch(id, body) => ("patch", Some(id), Some(body)),
        Ask::Delete(id) => ("delete", Some(id), None),
    };
    let (kind, name) = match family {
        Family::Users => (scim_user::KIND, "userName"),
        Family::Groups => (scim_group::KIND, "displayName"),
    };
    let object = body.and_then(|body| body[name].as_str()).unwrap_or_default();
    Entry {
        kind: kind.to_owned(),
        operation: operation.to_owned(),
        interface: Interface::Scim,
        client_id: session.actor.client_id.clone(),
        name: session.actor.name.clone(),
        address: request.address(),
        id: id.map(|id| id.0.clone()).unwrap_or_default(),
        object: object.to_owned(),
        ..Entry::default()
    }
}

impl records::Loggable for ScimError {
    fn told(&self) -> Option<Refused> {
        let code = self.kind.unwrap_or_default().to_owned();
        let told = || Refused { status: Some(self.status), code, words: self.detail.clone() };
        (self.status < 500).then(told)
    }
}

/// The note that keeps the digest of a provider's token.
/// What the keys of the notes begin with that keep a provider's token; the provider's id follows.
pub(crate) const TOKENS: &str = "scim-token:";

fn note(provider: &str) -> String {
    format!("{TOKENS}{provider}")
}

impl Cloud {
    /// The session of the provider that a path names, if the request's token is that provider's.
    fn provider(
        &self,
        request: &Request,
        userdb: &str,
        provider: &str,
    ) -> Result<Option<Session>, ScimError> {
        let Some(token) = request.bearer() else { return Ok(None) };
        // A provider's id lies in its customer's series.
        let number: i64 = provider.parse().unwrap_or_default();
        let owns = |tenant: &Arc<Tenant>| (0..SERIES).contains(&number.saturating_sub(tenant.customer_id));
        let Some(tenant) = self.tenants().map_err(Fault::from)?.into_iter().find(owns) else {
            return Ok(None);
        };
        let kept =
            read(self.store.as_ref(), |tx| tx.note(tenant.id, &note(provider))).map_err(Fault::from)?;
        let digest = kept.and_then(|bytes| serde_json::from_slice::<SecretDigest>(&bytes).ok());
        if !digest.is_some_and(|digest| self.pepper.matches(token, &digest)) {
            return Ok(None);
        }
        let path = format!("/scim/{userdb}/{provider}/v2");
        let named = self.provisioning(&tenant, provider)?;
        let Some((_, name)) = named.filter(|(endpoint, _)| endpoint.ends_with(&path)) else {
            return Ok(None);
        };
        let actor = Arc::new(Actor { client_id: provider.to_owned(), number, name, ..Actor::server() });
        Ok(Some(Session { actor, ..self.own_session(&tenant).map_err(Fault::from)? }))
    }

    /// Where a provider provisions to, and its name; nothing where it does not, or there is none.
    fn provisioning(&self, tenant: &Arc<Tenant>, provider: &str) -> Result<Option<(String, String)>, Fault> {
        let id = Id(provider.to_owned());
        let found = self.read(&self.own(tenant)?, |cx| cx.get(idp::KIND, &id))?;
        let text = |name: &str| found.as_ref()?.record.text(name).map(str::to_owned);
        let enabled = found.as_ref().is_some_and(|found| {
            idp::SCIM_ENABLED.of(&found.record)
                && found.record.get(idp::ENABLED.name) != Some(&Value::Bool(false))
        });
        let named = text(idp::SCIM_SERVICE_PROVIDER_ENDPOINT.name).zip(text(idp::NAME.name));
        Ok(named.filter(|_| enabled))
    }

    /// Makes a provider's token, in the place of the one it has; tells where it counts. Nothing where the tenant has no
    /// such provider, or that one does not provision.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn new_scim_token(
        &self,
        tenant: &Arc<Tenant>,
        provider: &str,
    ) -> Result<Option<(String, Secret)>, Fault> {
        let Some((endpoint, _)) = self.provisioning(tenant, provider)? else { return Ok(None) };
        let (name, pepper) = (note(provider), self.pepper.clone());
        let token = self.write_and_wait(self.own(tenant)?, move |cx| {
            let (id, token) = (cx.tenant().id, Secret::of(cx.random()?));
            let digest = serde_json::to_vec(&pepper.digest(token.reveal())).map_err(Fault::broken)?;
            cx.change()?.set_note(id, &name, Some(&digest))?;
            Ok::<_, Fault>(token)
        })?;
        Ok(Some((endpoint, token)))
    }
}
