//! A snapshot is taken: all that a tenant has is read at one moment of the store, while others write, and then kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use zuno_engine::{Context, Taken};
use zuno_model::{Fault, Tenant, TenantId};
use zuno_store::Read;

use super::form::{Beside, Head, Kept, Origin, VERSION};
use super::kept::{self, Parts};
use super::refused::Refused;
use super::restore::still;
use crate::Cloud;
use crate::scim;
use crate::state::settings;

/// What is to be taken.
pub struct Wanted {
    pub name: String,
    pub note: Option<String>,
    /// In the place of a snapshot of the same name.
    pub replace: bool,
}

/// Takes a snapshot of a tenant.
pub fn save(cloud: &Cloud, tenant: &Arc<Tenant>, wanted: &Wanted) -> Result<Kept, Refused> {
    let head = Head {
        zuno_snapshot: VERSION,
        name: wanted.name.clone(),
        note: wanted.note.clone(),
        at: cloud.now(TenantId::SERVER)?,
        zuno: env!("CARGO_PKG_VERSION").into(),
        tenant: Origin::of(tenant),
        secrets_left_out: 0,
    };
    may_keep(cloud, wanted)?;
    let (kept, beside, parts) = cloud.read(&cloud.own(tenant)?, |cx| {
        still(cx.store(), tenant)?;
        take(cx, &head).map_err(Refused::from)
    })?;
    keep(cloud, kept, beside, parts, wanted.replace)
}

/// Refuses early what [`keep`] would refuse.
pub fn may_keep(cloud: &Cloud, wanted: &Wanted) -> Result<(), Refused> {
    let (name, replace) = (wanted.name.as_str(), wanted.replace);
    let mut free = Ok(());
    zuno_store::read(cloud.store.as_ref(), |tx| {
        free = has_room(tx, name, replace)?;
        Ok(())
    })?;
    free.map_err(Refused::Conflict)
}

fn has_room(tx: &dyn Read, name: &str, replace: bool) -> Result<Result<(), String>, zuno_store::StoreError> {
    let all = kept::all(tx)?;
    let is_there = all.iter().any(|kept| kept.head.name == name);
    Ok(match () {
        () if is_there && !replace => Err(format!(
            "there is already a snapshot `{name}`: say that it is to be replaced, or name another"
        )),
        () if !is_there && all.len() >= kept::MOST => {
            Err(format!("a server keeps {} snapshots at most: delete some", kept::MOST))
        }
        () => Ok(()),
    })
}

/// Keeps a snapshot, in one transaction.
pub fn keep(cloud: &Cloud, kept: Kept, beside: Beside, parts: Parts, replace: bool) -> Result<Kept, Refused> {
    let outcome = cloud.keep(move |tx| match has_room(tx.as_read(), &kept.head.name, replace)? {
        Ok(()) => kept::keep(tx, kept.clone(), &beside, &parts.0).map(Ok),
        Err(why) => Ok(Err(why)),
    })?;
    outcome.map_err(Refused::Conflict)
}

/// All that a tenant has at a moment.
fn take(cx: &mut Context<'_>, head: &Head) -> Result<(Kept, Beside, Parts), Fault> {
    let tenant = cx.tenant().id;
    let waits = cx.waits()?;
    let (mut parts, mut kinds, mut waiting) = (Parts::default(), BTreeMap::new(), 0);
    for kind in cx.own_kinds(&waits)? {
        let mut count = 0;
        cx.take(&kind, &waits, |taken| {
            count += u64::from(taken.record.is_some());
            waiting += u64::from(!taken.in_force.is_empty());
            parts.add(&kind, &line(&taken)?);
            Ok(())
        })?;
        kinds.insert(kind, count);
    }
    let mut provisioning_tokens = BTreeMap::new();
    for (key, note) in cx.store().notes(tenant, scim::TOKENS)? {
        let digest = serde_json::from_slice(&note).map_err(Fault::broken)?;
        provisioning_tokens.insert(key[scim::TOKENS.len()..].to_owned(), digest);
    }
    let beside = Beside {
        counters: cx.store().counters(tenant)?.into_iter().collect(),
        settings: settings::kept(cx.store(), tenant)?.lasting(),
        waiting: waits.beside_records().clone(),
        provisioning_tokens,
    };
    let kept = Kept {
        head: head.clone(),
        number: 0,
        sealed_for: tenant,
        kinds,
        waiting,
        bytes: parts.bytes(),
        parts: parts.kinds(),
    };
    Ok((kept, beside, parts))
}

/// A record as a line.
pub fn line(taken: &Taken) -> Result<String, Fault> {
    serde_json::to_string(taken).map_err(Fault::broken)
}
