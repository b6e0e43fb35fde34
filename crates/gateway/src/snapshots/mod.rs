//! Snapshots: the state of a tenant at one moment, kept by the server under a name, restored, compared, and written to a file.
//!
//! What a snapshot has, and what it has not:
//!
//! | of the tenant | |
//! | --- | --- |
//! | records of the kinds that it has changed | whole: [`zuno_engine::Taken`] |
//! | kinds that it has not changed | implied: they are as the server's catalogue has them |
//! | what waits for activations, and whose edits those are | with each record what is in force of it; beside them the orders |
//! | counters | so that the next ids are those that would have come then |
//! | modes and the clock | as its settings |
//! | when it was made, whether it has the sample fleet, what its token requests say of their audience | restored with it |
//! | vanity domain, customer id, organisation number, cloud | told; a tenant that it is restored into keeps its own |
//! | what identity providers provision with | kept, and left out of files |
//! | secrets | sealed, and left out of files |
//! | unique values, pointers, orders, parts of long lists, texts for searches, counts | not: made anew from the records |
//! | the audit log | not: a restore leaves it as it is |
//! | revoked tokens | not: those that were revoked stay so |
//! | sessions of older hosts, failed sign-ins, faults | not: a restore ends them, as a reset does |
//!
//! A file has the same form as the answer to `GET …/document`: [`form`] and [`document`] say which.

mod differences;
mod document;
mod form;
mod kept;
mod refused;
mod restore;
mod save;

use std::sync::Arc;

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::block_in_place;
use zuno_engine::{Context, Engine};
use zuno_model::{Fault, Tenant};
use zuno_store::{Read, StoreError, read};

use self::differences::{Of, differences};
use self::form::Kept;
use self::refused::Refused;
use self::restore::Clients;
use self::save::Wanted;
use crate::Cloud;
use crate::members::Members;
use crate::request::Request;
use crate::respond::{Response, in_json, respond};

/// The largest file that is taken, in bytes.
pub const LARGEST: usize = 256 << 20;

/// The longest name.
const LONGEST_NAME: usize = 64;

/// Whether a request brings a whole snapshot.
pub fn brings_one(method: &Method, path: &str) -> bool {
    *method == Method::PUT && path.starts_with("/_zuno/snapshots/") && path.ends_with("/document")
}

/// Answers the operator about snapshots.
pub fn answer(cloud: &Arc<Cloud>, request: &Request, rest: &[&str]) -> Response {
    block_in_place(|| carried_out(cloud, request, rest)).unwrap_or_else(Refused::answer)
}

fn carried_out(cloud: &Arc<Cloud>, request: &Request, rest: &[&str]) -> Result<Response, Refused> {
    let method = &request.head.method;
    if let (&Method::PUT, [name, "document"]) = (method, rest) {
        return take_in(cloud, request, name);
    }
    let body = match request.body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&request.body)
            .map_err(|cause| Refused::Wrong(format!("the body is no JSON: {cause}")))?,
    };
    if let (&Method::POST, ["diff"]) = (method, rest) {
        let Two { before, after } =
            serde_json::from_value(body).map_err(|cause| Refused::Wrong(cause.to_string()))?;
        let told = differences(cloud, &before.of(cloud)?, &after.of(cloud)?)?;
        return Ok(in_json(200, &told));
    }
    let mut members = Members::of(&body).map_err(Refused::Wrong)?;
    let end = |members: Members| members.end().map_err(Refused::Wrong);
    match (method, rest) {
        (&Method::GET, []) => {
            end(members)?;
            let all = read(cloud.store.as_ref(), |tx| kept::all(tx))?;
            Ok(in_json(200, &json!({ "snapshots": all.iter().map(told).collect::<Vec<_>>() })))
        }
        (&Method::PUT, [name]) => {
            let tenant = members.text("tenant").map_err(Refused::Wrong)?;
            let note = members.text("note").map_err(Refused::Wrong)?;
            let replace = members.flag("replace").map_err(Refused::Wrong)?.unwrap_or(false);
            end(members)?;
            document::note_fits(note.as_deref()).map_err(Refused::Wrong)?;
            let wanted = Wanted { name: fit(name)?, note, replace };
            let tenant = tenant_of(cloud, tenant.as_deref())?;
            Ok(in_json(201, &told(&save::save(cloud, &tenant, &wanted)?)))
        }
        (&Method::GET, [name]) => {
            end(members)?;
            let kept = named(cloud, name)?;
            let mut shown = told(&kept);
            shown["kinds"] = json!(kept.kinds);
            Ok(in_json(200, &shown))
        }
        (&Method::DELETE, [name]) => {
            end(members)?;
            let name = (*name).to_owned();
            let missing = not_there(&name);
            let gone = cloud.keep(move |tx| match kept::find(tx.as_read(), &name)? {
                None => Ok(false),
                Some(kept) => kept::remove(tx, &kept).map(|()| true),
            })?;
            if gone { Ok(respond(204, None, "")) } else { Err(missing) }
        }
        (&Method::GET, [name, "document"]) => {
            end(members)?;
            let mut text = Err(not_there(name));
            zuno_store::read(cloud.store.as_ref(), |tx| {
                if let Some(kept) = kept::find(tx, name)? {
                    text = document::write(&cloud.engine, tx, &kept).map_err(Refused::from);
                }
                Ok(())
            })?;
            Ok(respond(200, Some("application/json"), text?))
        }
        (&Method::POST, [name, "restore"]) => {
            let tenant = members.text("tenant").map_err(Refused::Wrong)?;
            let clients = members.text("clients").map_err(Refused::Wrong)?;
            end(members)?;
            let clients = match clients.as_deref() {
                None => Clients::ReplaceIfSomeStay,
                Some("keep") => Clients::Keep,
                Some("replace") => Clients::Replace,
                Some(other) => {
                    let why = format!("`clients` is `keep` or `replace`, not `{other}`");
                    return Err(Refused::Wrong(why));
                }
            };
            let kept = named(cloud, name)?;
            let into = tenant.as_deref().unwrap_or(&kept.head.tenant.vanity);
            let tenant = tenant_of(cloud, Some(into))?;
            let restored = restore::restore(cloud, &kept, &tenant, clients)?;
            Ok(in_json(200, &restored.to_json(&kept, &tenant)))
        }
        (method, _) => Err(Refused::Missing(format!("there is no {method} {}", request.path))),
    }
}

/// Makes a tenant what a snapshot has, but for its API clients, which stay.
pub fn reset(cloud: &Cloud, tenant: &Arc<Tenant>, name: &str) -> Response {
    let reset = || {
        let kept = named(cloud, name)?;
        restore::restore(cloud, &kept, tenant, Clients::Keep).map(|_| respond(204, None, ""))
    };
    block_in_place(reset).unwrap_or_else(Refused::answer)
}

/// The snapshot of a name, or why a tenant cannot begin with it.
pub(crate) fn found(tx: &dyn Read, engine: &Engine, name: &str) -> Result<Result<Kept, String>, StoreError> {
    let kept = kept::find(tx, name)?;
    Ok(kept.ok_or_else(|| format!("there is no snapshot `{name}`")).and_then(|kept| {
        restore::known(engine.catalogue(), &kept)?;
        Ok(kept)
    }))
}

/// Gives a tenant that is being made what a snapshot has, beside the API client that it was made with.
pub(crate) fn begin_with(cx: &mut Context<'_>, kept: &Kept) -> Result<(), Fault> {
    restore::put(cx, kept, Clients::Keep).map(drop).map_err(|refused| match refused {
        Refused::Broken(fault) => fault,
        Refused::Missing(why) | Refused::Wrong(why) | Refused::Conflict(why) => Fault::broken(why),
    })
}

/// Takes a snapshot in that somebody has in a file.
fn take_in(cloud: &Cloud, request: &Request, name: &str) -> Result<Response, Refused> {
    let replace = match request.query.as_slice() {
        [] => false,
        [(name, value)] if name == "replace" => value
            .parse()
            .map_err(|_| Refused::Wrong(format!("`replace` is `true` or `false`, not `{value}`")))?,
        _ => return Err(Refused::Wrong("the one thing to ask for is `replace`".into())),
    };
    let wanted = Wanted { name: fit(name)?, note: None, replace };
    save::may_keep(cloud, &wanted)?;
    let (kept, beside, parts) = document::read(&cloud.engine, &request.body, &wanted.name)?;
    Ok(in_json(201, &told(&save::keep(cloud, kept, beside, parts, replace)?)))
}

/// What is to be compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Two {
    before: Which,
    after: Which,
}

/// A snapshot, or a tenant as it is now.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Which {
    Snapshot(String),
    Tenant(String),
}

impl Which {
    fn of(&self, cloud: &Cloud) -> Result<Of, Refused> {
        Ok(match self {
            Which::Snapshot(name) => Of::Snapshot(Box::new(named(cloud, name)?)),
            Which::Tenant(vanity) => Of::Tenant(tenant_of(cloud, Some(vanity))?),
        })
    }
}

/// A name that can stand in a path and in a file's name.
fn fit(name: &str) -> Result<String, Refused> {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if name == "now" {
        return Err(Refused::Wrong("`now` is what a tenant is called as it is: name it otherwise".into()));
    }
    if begins && name.len() <= LONGEST_NAME && name.bytes().all(inner) {
        return Ok(name.to_owned());
    }
    Err(Refused::Wrong(format!(
        "`{name}` cannot be a snapshot's name: it has 1 to {LONGEST_NAME} letters, digits, `-`, `_` and `.`, and begins with a \
         letter or digit"
    )))
}

fn not_there(name: &str) -> Refused {
    Refused::Missing(format!("there is no snapshot `{name}`"))
}

fn named(cloud: &Cloud, name: &str) -> Result<Kept, Refused> {
    read(cloud.store.as_ref(), |tx| kept::find(tx, name))?.ok_or_else(|| not_there(name))
}

fn tenant_of(cloud: &Cloud, vanity: Option<&str>) -> Result<Arc<Tenant>, Refused> {
    let missing = || match vanity {
        Some(vanity) => format!("there is no tenant `{vanity}`: say which one, by `tenant`"),
        None => "the server has no tenant".into(),
    };
    cloud.tenant(vanity)?.ok_or_else(|| Refused::Missing(missing()))
}

/// A snapshot as the operator is told of it in a list.
fn told(kept: &Kept) -> Value {
    let mut told = json!(kept.head);
    told["records"] = json!(kept.kinds.values().sum::<u64>());
    told["waiting"] = json!(kept.waiting);
    told["bytes"] = json!(kept.bytes);
    told["secrets_left_out"] = json!(kept.head.secrets_left_out);
    told
}
