//! Everything that a store has, written down in another, and told by a digest, so that the two can be held against each
//! other. The texts by which records are found do not go along: they follow from the records, and are told anew where the
//! note is missing that says which of them are known.

use std::collections::HashMap;

use zuno_model::{Id, Tenant, TenantId, fingerprint};

use crate::moment::{Logged, Pointer, Read, Result, Row, StoreError, Stretch, Write};
use crate::run::{read, write, write_for};
use crate::store::Store;

/// How many records or entries go together.
const AT_ONCE: usize = 500;
/// What the notes' keys begin with that tell which texts are known.
const SEARCHED: &str = "searched:";

/// What a store has of a tenant, or under [`TenantId::SERVER`] for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// How many records.
    pub records: u64,
    /// How many unique values and pointers of them.
    pub links: u64,
    /// How many counters, notes and staged changes.
    pub beside: u64,
    /// How many entries of the log.
    pub entries: u64,
    /// A digest of all of them.
    pub digest: u128,
}

impl Told {
    fn add(&mut self, parts: &[&[u8]]) {
        let mut all = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
        for part in parts {
            all.extend_from_slice(&(part.len() as u64).to_le_bytes());
            all.extend_from_slice(part);
        }
        // What comes in whatever order is added up.
        self.digest = self.digest.wrapping_add(fingerprint(&all));
    }
}

/// The records of a kind that go together, with what they hold and point at.
struct Records {
    rows: Vec<Row>,
    claims: HashMap<Id, Vec<(String, String)>>,
    pointers: HashMap<Id, Vec<Pointer>>,
}

/// Shows all records of a kind, some at a time.
fn records(
    tx: &dyn Read,
    tenant: TenantId,
    kind: &str,
    look: &mut dyn FnMut(Records) -> Result<()>,
) -> Result<()> {
    let mut all_claims: HashMap<Id, Vec<(String, String)>> = HashMap::new();
    for (id, field, value) in tx.claims(tenant, kind)? {
        all_claims.entry(id).or_default().push((field, value));
    }
    let mut all_pointers: HashMap<Id, Vec<Pointer>> = HashMap::new();
    for (id, pointer) in tx.pointers(tenant, kind)? {
        all_pointers.entry(id).or_default().push(pointer);
    }
    let mut skip = 0;
    loop {
        let rows = tx.list(tenant, kind, None, Stretch { skip, take: AT_ONCE as u64, backwards: false })?;
        let found = rows.len();
        if found == 0 {
            return Ok(());
        }
        skip += found as u64;
        let claims = rows.iter().filter_map(|row| all_claims.remove_entry(&row.id)).collect();
        let pointers = rows.iter().filter_map(|row| all_pointers.remove_entry(&row.id)).collect();
        look(Records { rows, claims, pointers })?;
    }
}

/// Shows all entries of a log in the order of their numbers, some at a time.
fn entries(tx: &dyn Read, tenant: TenantId, look: &mut dyn FnMut(Vec<Logged>) -> Result<()>) -> Result<()> {
    // By time they stand otherwise where a clock was set back; a log is bounded by what is kept of it.
    let mut all = Vec::new();
    tx.look_through_log(tenant, (i64::MIN, i64::MAX), false, &mut |logged| {
        all.push(logged);
        true
    })?;
    all.sort_by_key(|logged| logged.number);
    while !all.is_empty() {
        let rest = all.split_off(all.len().min(AT_ONCE));
        look(std::mem::replace(&mut all, rest))?;
    }
    Ok(())
}

fn notes(tx: &dyn Read, tenant: TenantId) -> Result<Vec<(String, Vec<u8>)>> {
    let all = tx.notes(tenant, "")?;
    Ok(all.into_iter().filter(|(key, _)| !key.starts_with(SEARCHED)).collect())
}

/// What a store has of a tenant at a moment.
///
/// # Errors
/// The store fails.
pub fn told(tx: &dyn Read, tenant: TenantId) -> Result<Told> {
    let mut told = Told::default();
    for kind in tx.kinds(tenant)? {
        records(tx, tenant, &kind, &mut |some| {
            for row in &some.rows {
                let (id, scope, sort) = (row.id.as_str(), row.scope.as_bytes(), row.sort.as_bytes());
                told.add(&[b"record", kind.as_bytes(), id.as_bytes(), scope, sort, &row.body]);
                told.records += 1;
                for (field, value) in some.claims.get(&row.id).into_iter().flatten() {
                    let parts = [kind.as_bytes(), id.as_bytes(), field.as_bytes(), value.as_bytes()];
                    told.add(&[&b"claim"[..], parts[0], parts[1], parts[2], parts[3]]);
                    told.links += 1;
                }
                for to in some.pointers.get(&row.id).into_iter().flatten() {
                    let to = [to.field.as_bytes(), to.kind.as_bytes(), to.id.as_str().as_bytes()];
                    told.add(&[b"pointer", kind.as_bytes(), id.as_bytes(), to[0], to[1], to[2]]);
                    told.links += 1;
                }
            }
            Ok(())
        })?;
    }
    for (name, next) in tx.counters(tenant)? {
        told.add(&[b"counter", name.as_bytes(), &next.to_le_bytes()]);
        told.beside += 1;
    }
    for (key, note) in notes(tx, tenant)? {
        told.add(&[b"note", key.as_bytes(), &note]);
        told.beside += 1;
    }
    for product in tx.products_staged(tenant)? {
        for staged in tx.staged(tenant, &product)? {
            let (kind, id) = (staged.kind.as_bytes(), staged.id.as_str().as_bytes());
            let active = staged.active.as_deref();
            told.add(&[
                b"staged",
                product.as_bytes(),
                kind,
                id,
                &[u8::from(active.is_some())],
                active.unwrap_or_default(),
            ]);
            told.beside += 1;
        }
    }
    entries(tx, tenant, &mut |some| {
        for logged in some {
            told.add(&[b"entry", &logged.number.to_le_bytes(), &logged.at.to_le_bytes(), &logged.entry]);
            told.entries += 1;
        }
        Ok(())
    })?;
    Ok(told)
}

/// What a store has, tenant by tenant, all at one moment; its own stands first, without a tenant.
///
/// # Errors
/// The store fails.
pub fn whole(store: &dyn Store) -> Result<Vec<(Option<Tenant>, Told)>> {
    read(store, |tx| {
        let mut all = vec![(None, told(tx, TenantId::SERVER)?)];
        for tenant in tx.tenants()? {
            let told = told(tx, tenant.id)?;
            all.push((Some(tenant), told));
        }
        Ok(all)
    })
}

/// Writes everything that a store has at one moment down in another that has no tenant, and holds the two against each other.
/// Which tenants there are is written last, so that a copy that was cut short is none, and can be made again.
///
/// # Errors
/// A store fails, the other has a tenant, or what was written is not what was read.
pub fn copy(from: &dyn Store, to: &dyn Store) -> Result<Vec<(Option<Tenant>, Told)>> {
    if !read(to, |tx| tx.tenants())?.is_empty() {
        return Err(StoreError::new("the other database has tenants already: name an empty one"));
    }
    let before = read(from, |tx| {
        let tenants = tx.tenants()?;
        for tenant in &tenants {
            copy_tenant(tx, to, tenant.id)?;
        }
        copy_tenant(tx, to, TenantId::SERVER)?;
        write(to, move |tx| tenants.iter().try_for_each(|tenant| tx.put_tenant(tenant)))?;
        let mut all = vec![(None, told(tx, TenantId::SERVER)?)];
        for tenant in tx.tenants()? {
            let told = told(tx, tenant.id)?;
            all.push((Some(tenant), told));
        }
        Ok(all)
    })?;
    if whole(to)? != before {
        return Err(StoreError::new("the copy is not what was read: do not use it, and tell of it"));
    }
    Ok(before)
}

/// What is written into the copy at once.
type Job = Box<dyn FnMut(&mut dyn Write) -> Result<()> + Send>;

fn copy_tenant(tx: &dyn Read, to: &dyn Store, tenant: TenantId) -> Result<()> {
    let put = |job: Job| write_for(to, tenant, job);
    // Of a copy that was cut short.
    put(Box::new(move |tx| tx.clear_tenant(tenant)))?;
    for kind in tx.kinds(tenant)? {
        records(tx, tenant, &kind, &mut |some| {
            let kind = kind.clone();
            put(Box::new(move |tx| {
                for row in &some.rows {
                    tx.put(tenant, &kind, row)?;
                    if let Some(claims) = some.claims.get(&row.id)
                        && tx.claim(tenant, &kind, &row.id, claims)?.is_some()
                    {
                        return Err(StoreError::new("two records hold one unique value"));
                    }
                    if let Some(pointers) = some.pointers.get(&row.id) {
                        tx.point(tenant, &kind, &row.id, pointers)?;
                    }
                }
                Ok(())
            }))
        })?;
    }
    entries(tx, tenant, &mut |some| {
        put(Box::new(move |tx| some.iter().try_for_each(|logged| tx.put_logged(tenant, logged))))
    })?;
    let (counters, notes) = (tx.counters(tenant)?, notes(tx, tenant)?);
    let mut staged = Vec::new();
    for product in tx.products_staged(tenant)? {
        staged.extend(tx.staged(tenant, &product)?.into_iter().map(|change| (product.clone(), change)));
    }
    put(Box::new(move |tx| {
        for (name, next) in &counters {
            tx.set_counter(tenant, name, *next)?;
        }
        for (key, note) in &notes {
            tx.set_note(tenant, key, Some(note))?;
        }
        for (product, change) in &staged {
            tx.stage(tenant, product, &change.kind, &change.id, change.active.as_deref())?;
        }
        crate::Aspect::ALL.into_iter().try_for_each(|aspect| tx.touch(tenant, aspect))
    }))
}
