//! A snapshot is put into a tenant, the one that it was taken of or another: in one transaction, in the place of all that the
//! tenant has but its log and the tokens that were revoked. Records that stand as the snapshot has them stay where they are, so
//! that what has hardly changed is soon what it was.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};
use zuno_behaviours::zia::outdate_categories;
use zuno_behaviours::zidentity::load_api_client;
use zuno_catalogue::Catalogue;
use zuno_catalogue::handles::zidentity::{api_client, api_client_secret};
use zuno_catalogue::handles::zpa::api_key;
use zuno_engine::{Context, Session, Taken};
use zuno_identity::Authentication;
use zuno_model::{Fault, Id, Kind, Tenant, TenantId};
use zuno_store::{Aspect, Read};

use super::form::Kept;
use super::kept;
use super::refused::Refused;
use crate::records::Behalf;
use crate::state::settings::{self, Settings};
use crate::{Cloud, revoked, scim};

/// The kinds that say who calls, and prove it.
const CALLERS: [&str; 3] = [api_client::KIND, api_client_secret::KIND, api_key::KIND];

/// The product whose counters number callers.
const OF_CALLERS: &str = "zidentity";

/// What becomes of the tenant's API clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clients {
    /// The snapshot's take their place, unless nobody who signs in now could any more.
    ReplaceIfSomeStay,
    /// The snapshot's take their place, whoever is locked out.
    Replace,
    /// They stay, and those of the snapshot are left out.
    Keep,
}

/// What a restore came to.
pub struct Restored {
    kinds: usize,
    records: u64,
    waiting: u64,
    stay: Vec<String>,
    gone: Vec<String>,
}

impl Restored {
    /// What the operator is told.
    pub fn to_json(&self, kept: &Kept, tenant: &Tenant) -> Value {
        json!({
            "snapshot": kept.head.name,
            "tenant": tenant.vanity,
            "kinds": self.kinds,
            "records": self.records,
            "waiting": self.waiting,
            "secrets_left_out": kept.head.secrets_left_out,
            "clients": { "sign_in_as_before": self.stay, "no_longer": self.gone },
        })
    }
}

/// Puts a snapshot into a tenant.
pub fn restore(
    cloud: &Cloud,
    kept: &Kept,
    tenant: &Arc<Tenant>,
    clients: Clients,
) -> Result<Restored, Refused> {
    let becomes = Arc::new(kept.head.tenant.put_into(tenant));
    let session = Session { tenant: Arc::clone(&becomes), ..cloud.own_session(tenant)? };
    let (wanted, known) = (kept.clone(), Arc::clone(tenant));
    let outcome = cloud.write_and_wait(Behalf::Server(session), move |cx| {
        still(cx.store(), &known)?;
        // It may have been replaced or deleted since.
        let found = kept::find(cx.store(), &wanted.head.name)?.filter(|found| found.number == wanted.number);
        let kept = found.ok_or_else(|| {
            Refused::Conflict(format!("the snapshot `{}` was changed meanwhile: try again", wanted.head.name))
        })?;
        put(cx, &kept, clients)
    });
    cloud.engine.baselines().forget(tenant.id);
    outcome
}

/// That a tenant is still what it was when it was looked up.
///
/// # Errors
/// It is not, or the store failed.
pub fn still(tx: &dyn Read, tenant: &Tenant) -> Result<(), Refused> {
    match tx.tenants()?.contains(tenant) {
        true => Ok(()),
        false => Err(Refused::Conflict(format!(
            "the tenant `{}` was changed or removed meanwhile: try again",
            tenant.vanity
        ))),
    }
}

/// Puts a snapshot into the tenant of a moment.
pub fn put(cx: &mut Context<'_>, kept: &Kept, clients: Clients) -> Result<Restored, Refused> {
    let tenant = cx.tenant();
    let before = ways_in(cx)?;
    let tokens_revoked = cx.store().notes(tenant.id, revoked::NOTES)?;
    let beside = kept::read_beside(cx.store(), kept)?;
    let had = cx.store().kinds(tenant.id)?;
    let counted: BTreeMap<String, i64> = cx.store().counters(tenant.id)?.into_iter().collect();
    cx.clear_beside_records()?;
    for (key, note) in &tokens_revoked {
        cx.change()?.set_note(tenant.id, key, Some(note))?;
    }
    let mut counters = beside.counters.clone();
    if clients == Clients::Keep {
        // Numbers that clients have which stay are given to no other.
        for (counter, next) in
            counted.into_iter().filter(|(counter, _)| Kind(counter.clone()).product() == OF_CALLERS)
        {
            let wanted = counters.entry(counter).or_insert(next);
            *wanted = next.max(*wanted);
        }
    }
    for (counter, next) in &counters {
        cx.change()?.set_counter(tenant.id, counter, *next)?;
    }
    for (provider, digest) in &beside.provisioning_tokens {
        let (note, digest) =
            (format!("{}{provider}", scim::TOKENS), serde_json::to_vec(digest).map_err(Fault::broken)?);
        cx.change()?.set_note(tenant.id, &note, Some(&digest))?;
    }
    let is_home = kept.head.tenant.is_named_as(tenant);
    // A key is found by its name in all tenants, which is of the customer that it was made for.
    let stays =
        |kind: &str| clients == Clients::Keep && CALLERS.contains(&kind) || !is_home && kind == api_key::KIND;
    let is_wanted = |kind: &str| !stays(kind);
    known(cx.catalogue(), kept).map_err(Refused::Conflict)?;
    for kind in had.iter().filter(|kind| is_wanted(kind) && !kept.kinds.contains_key(*kind)) {
        for id in cx.kept_rows(kind)?.keys() {
            cx.remove_row(kind, id)?;
        }
    }
    for kind in kept.kinds.keys().filter(|kind| is_wanted(kind)) {
        put_kind(cx, kept, kind)?;
    }
    had.iter().filter(|kind| stays(kind)).try_for_each(|kind| cx.begin_kind(kind))?;
    if !is_home {
        cx.keep_first_of(&kept.head.tenant.as_tenant(tenant.id))?;
    }
    cx.nothing_waits()?;
    let waiting = put_waiting(cx, kept, &is_wanted)?;
    cx.wait_beside_records(&beside.waiting)?;
    outdate_categories(cx)?;
    let lasting = beside.settings;
    settings::change(cx.change()?, tenant.id, |settings| *settings = Settings::of(&lasting))?;
    cx.change()?.put_tenant(tenant)?;
    cx.change()?.touch(TenantId::SERVER, Aspect::Settings)?;
    let after = ways_in(cx)?;
    let same = |id: &&String| after.get(*id).is_some_and(|ways| !ways.is_disjoint(&before[*id]));
    let (stay, gone): (Vec<_>, Vec<_>) = before.keys().partition(same);
    if clients == Clients::ReplaceIfSomeStay && stay.is_empty() && !before.is_empty() {
        return Err(Refused::Conflict(format!(
            "nobody who signs in at `{}` now could do so afterwards: keep its API clients (`clients`: `keep`) or take those of \
             the snapshot all the same (`replace`)",
            tenant.vanity
        )));
    }
    let owned = |ids: Vec<&String>| ids.into_iter().cloned().collect();
    let (stay, gone) = (owned(stay), owned(gone));
    let records = kept.kinds.iter().filter(|(kind, _)| is_wanted(kind)).map(|(_, records)| records).sum();
    Ok(Restored { kinds: kept.kinds.len(), records, waiting, stay, gone })
}

/// Refuses kinds that an older or newer program kept.
pub fn known(catalogue: &Catalogue, kept: &Kept) -> Result<(), String> {
    let known =
        |kind: &&String| catalogue.resource(kind).is_some_and(|resource| resource.kept_as() == kind.as_str());
    match kept.kinds.keys().find(|kind| !known(kind)) {
        None => Ok(()),
        Some(kind) => Err(format!("the snapshot has records of `{kind}`, which this Zuno does not know")),
    }
}

/// Each record of a kind, as a snapshot has it.
fn each(
    cx: &mut Context<'_>,
    kept: &Kept,
    kind: &str,
    mut act: impl FnMut(&mut Context<'_>, Taken) -> Result<(), Fault>,
) -> Result<(), Refused> {
    for (nth, _) in kept.parts.iter().enumerate().filter(|(_, of)| *of == kind) {
        let lines = kept::lines(cx.store(), kept, nth)?;
        for line in lines.lines() {
            act(cx, serde_json::from_str(line).map_err(Fault::broken)?)?;
        }
    }
    Ok(())
}

/// The records of a kind are those of the snapshot. All that go or change are gone before any comes, for one may have the name
/// that another had.
fn put_kind(cx: &mut Context<'_>, kept: &Kept, kind: &str) -> Result<(), Refused> {
    let mut goes = cx.kept_rows(kind)?;
    let mut stays = HashSet::new();
    if !goes.is_empty() {
        each(cx, kept, kind, |cx, taken| {
            if let (Some(row), Some(record)) = (goes.get(&taken.id), &taken.record)
                && cx.stands(kind, row, &taken.scope, record)?
            {
                goes.remove(&taken.id);
                stays.insert(taken.id);
            }
            Ok(())
        })?;
    }
    for id in goes.keys() {
        cx.remove_row(kind, id)?;
    }
    cx.begin_kind(kind)?;
    each(cx, kept, kind, |cx, taken| match taken.record {
        Some(record) if !stays.contains(&taken.id) => {
            cx.put_back(kind, &taken.id, &taken.scope, record, kept.sealed_for)
        }
        _ => Ok(()),
    })
}

fn put_waiting(cx: &mut Context<'_>, kept: &Kept, is_wanted: &dyn Fn(&str) -> bool) -> Result<u64, Refused> {
    let mut waiting = 0;
    for kind in kept.kinds.keys().filter(|kind| kept.waiting > 0 && is_wanted(kind)) {
        each(cx, kept, kind, |cx, taken| {
            if taken.in_force.is_empty() {
                return Ok(());
            }
            waiting += 1;
            cx.wait_again(kind, taken, kept.sealed_for)
        })?;
    }
    Ok(waiting)
}

/// By the id of each API client that may sign in: what it can prove itself with.
fn ways_in(cx: &Context<'_>) -> Result<BTreeMap<String, BTreeSet<String>>, Fault> {
    let mut found = BTreeMap::new();
    for stored in cx.all(api_client::KIND, None)? {
        let Id(id) = &stored.id;
        let Some(client) = load_api_client(cx, &stored.id)?.filter(|client| client.enabled) else { continue };
        let ways: BTreeSet<String> = match client.authentication {
            Authentication::Secrets(secrets) => {
                secrets.into_iter().map(|secret| secret.digest.into()).collect()
            }
            Authentication::Keys(_) | Authentication::Jwks(_) => {
                let told = stored.record.get(api_client::CLIENT_AUTHENTICATION.name);
                told.map(Value::to_string).into_iter().collect()
            }
        };
        if !ways.is_empty() {
            found.insert(id.clone(), ways);
        }
    }
    Ok(found)
}
