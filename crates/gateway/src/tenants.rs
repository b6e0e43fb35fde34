//! The tenants of a server, and the one it starts with.

use std::sync::Arc;

use zuno_behaviours::zidentity::ensure_first_client;
use zuno_engine::{Context, Session, Transaction};
use zuno_identity::Secret;
use zuno_model::{Actor, AudienceRule, Id, Tenant, TenantId};
use zuno_store::{Aspect, StoreError, Write, read};

use crate::options::StartError;
use crate::state::tenants::{FirstTenant, NewTenant, Tenants};
use crate::{Cloud, snapshots};

/// The ZIA cloud that tenants live in: the one the examples were made on.
const ZIA_CLOUD: &str = "zscalerthree.net";

/// The ZPA customer id of the first tenant (product contract).
const FIRST_CUSTOMER: i64 = 216_196_257_331_281_920;

/// Customer ids have their low 28 bits free for the tenant's own objects (seen).
const CUSTOMER_STEP: i64 = 1 << 28;

/// The ZIA organisation number of the first tenant.
const FIRST_ORG: i64 = 24_326_813;

/// A label that can stand in a host name and leaves room for `-admin`.
fn is_label(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=57).contains(&text.len())
        && text.chars().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.ends_with("-admin")
}

/// Whether a customer id begins a series of its own, which no other tenant's ids lie in.
fn free(customer: i64, known: &[Tenant]) -> Result<(), String> {
    let aligned = customer.max(0) / CUSTOMER_STEP * CUSTOMER_STEP;
    if customer <= 0 || aligned != customer || customer > i64::MAX - CUSTOMER_STEP {
        return Err(format!(
            "`{customer}` cannot be a customer id: it is a positive multiple of {CUSTOMER_STEP}, since the tenant's own \
             ids count on from there; one such is {}",
            aligned.clamp(CUSTOMER_STEP, FIRST_CUSTOMER)
        ));
    }
    let near = |tenant: &&Tenant| tenant.customer_id.abs_diff(customer) < CUSTOMER_STEP.unsigned_abs();
    match known.iter().find(near) {
        Some(other) => Err(format!(
            "the customer id {customer} is the tenant `{}`'s: choose another, or let the server choose",
            other.vanity
        )),
        None => Ok(()),
    }
}

/// Refuses a secret that could be found by trying.
fn long_enough(secret: &Secret) -> Result<(), StartError> {
    if secret.is_long_enough() {
        return Ok(());
    }
    let text = format!("a client's secret has {} characters at least: choose a longer one", Secret::SHORTEST);
    Err(StartError::Option(text))
}

impl Cloud {
    /// The tenants of this server, as they are now.
    fn known_tenants(&self) -> Result<Arc<Tenants>, StoreError> {
        let version = self.store.version(TenantId::SERVER, Aspect::Settings)?;
        let known = Arc::clone(&self.tenants.read());
        if known.read_at == Some(version) {
            return Ok(known);
        }
        let all: Vec<Arc<Tenant>> =
            read(self.store.as_ref(), |tx| tx.tenants())?.into_iter().map(Arc::new).collect();
        let named = all.iter().map(|tenant| (tenant.vanity.clone(), Arc::clone(tenant))).collect();
        let read = Arc::new(Tenants { read_at: Some(version), all, named });
        *self.tenants.write() = Arc::clone(&read);
        Ok(read)
    }

    /// The tenants of this server, in the order they were made.
    ///
    /// # Errors
    /// The store failed.
    pub fn tenants(&self) -> Result<Vec<Arc<Tenant>>, StoreError> {
        Ok(self.known_tenants()?.all.clone())
    }

    /// The tenant with this label; the first one when no label is named.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn tenant(&self, vanity: Option<&str>) -> Result<Option<Arc<Tenant>>, StoreError> {
        let known = self.known_tenants()?;
        Ok(match vanity {
            Some(vanity) => known.named.get(&vanity.to_ascii_lowercase()).cloned(),
            None => known.all.first().cloned(),
        })
    }

    /// The tenant with this number.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn numbered_tenant(&self, id: TenantId) -> Result<Option<Arc<Tenant>>, StoreError> {
        Ok(self.known_tenants()?.all.iter().find(|tenant| tenant.id == id).cloned())
    }

    /// Makes the first tenant, unless there is one; a client whose id and secret are fixed works from every start on.
    /// `told` hears of a new one before it counts, so that what it keeps is never less than the store does.
    ///
    /// # Errors
    /// The store failed, `told` refused, or the label cannot stand in a host name.
    pub fn first_tenant(
        &self,
        told: impl FnMut(&NewTenant) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Option<NewTenant>, StartError> {
        let first = self.options.first.clone();
        if let Some(tenant) = self.tenant(None)? {
            if let (Some(id), Some(secret)) = (first.client_id, first.client_secret) {
                long_enough(&secret)?;
                self.ensure_first_client(&tenant, &id, &secret)
                    .map_err(|fault| StoreError::because("the first API client cannot be kept", fault))?;
            }
            return Ok(None);
        }
        self.add_tenant(first, told).map(Some)
    }

    /// Makes a tenant with everything a fresh one has and a super-admin API client, in one transaction.
    ///
    /// # Errors
    /// The store failed, or the label is taken or cannot stand in a host name.
    pub fn new_tenant(&self, wanted: FirstTenant) -> Result<NewTenant, StartError> {
        self.add_tenant(wanted, |_| Ok(()))
    }

    fn add_tenant(
        &self,
        wanted: FirstTenant,
        mut told: impl FnMut(&NewTenant) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<NewTenant, StartError> {
        let vanity = wanted.vanity.to_ascii_lowercase();
        if !is_label(&vanity) {
            return Err(StartError::Option(format!(
                "`{vanity}` cannot be a vanity domain: use lower-case letters, digits and inner hyphens"
            )));
        }
        if let Some(secret) = &wanted.client_secret {
            long_enough(secret)?;
        }
        let taken = format!("there is already a tenant `{vanity}`");
        let (engine, pepper, next) = (Arc::clone(&self.engine), Arc::clone(&self.pepper), self.seeds.next());
        let now = self.now(TenantId::SERVER)?;
        let made = self.keep(move |tx| {
            let known = tx.tenants()?;
            let begins = match &wanted.from {
                None => None,
                Some(name) => match snapshots::found(tx.as_read(), &engine, name)? {
                    Ok(kept) => Some(kept),
                    Err(why) => return Ok(Err(why)),
                },
            };
            if known.iter().any(|tenant| tenant.vanity == vanity) {
                return Ok(Err(taken.clone()));
            }
            if let Some(Err(why)) = wanted.customer_id.map(|chosen| free(chosen, &known)) {
                return Ok(Err(why));
            }
            let id = number(tx, &known)?;
            let tenant = Tenant {
                id: TenantId(id),
                vanity: vanity.clone(),
                customer_id: match wanted.customer_id {
                    Some(chosen) => chosen,
                    None => customer(tx, &known)?,
                },
                org_id: FIRST_ORG + id - 1,
                cloud: ZIA_CLOUD.into(),
                created: now,
                sample_fleet: !wanted.bare,
                audience: AudienceRule::default(),
            };
            let tenant = Arc::new(match &begins {
                Some(kept) => kept.head.tenant.put_into(&tenant),
                None => tenant,
            });
            // An earlier tenant of this number may have come to nothing.
            engine.baselines().forget(tenant.id);
            tx.put_tenant(&tenant)?;
            let seed = next.seed(tx)?;
            let actor = Arc::new(Actor::server());
            let session = Session { tenant: Arc::clone(&tenant), actor, now, as_sent: false };
            let mut cx = Context::new(&engine, &session, Transaction::Write(tx, seed));
            let failed = |fault| StoreError::because("the first API client cannot be kept", fault);
            let failed_snapshot =
                |fault| StoreError::because("a snapshot cannot be put into a tenant", fault);
            let client_id = match &wanted.client_id {
                Some(chosen) => chosen.clone(),
                None => Id::opaque("i", cx.draw().map_err(failed)?).0,
            };
            let client_secret = match &wanted.client_secret {
                Some(chosen) => chosen.clone(),
                None => Secret::of(cx.random().map_err(failed)?),
            };
            let digest = pepper.digest(client_secret.reveal());
            ensure_first_client(&mut cx, &client_id, digest).map_err(failed)?;
            if let Some(kept) = &begins {
                snapshots::begin_with(&mut cx, kept).map_err(failed_snapshot)?;
            }
            tx.touch(TenantId::SERVER, Aspect::Settings)?;
            let made = NewTenant { tenant, client_id, client_secret };
            told(&made)?;
            Ok(Ok(made))
        })?;
        made.map_err(StartError::Option)
    }

    /// Says what a tenant's token requests may and must say of their audience.
    ///
    /// # Errors
    /// The store failed.
    pub fn set_audience(&self, tenant: &Tenant, audience: AudienceRule) -> Result<(), StoreError> {
        let changed = Tenant { audience, ..tenant.clone() };
        self.keep(move |tx| {
            tx.put_tenant(&changed)?;
            tx.touch(TenantId::SERVER, Aspect::Settings)
        })
    }

    /// Removes a tenant and everything it has.
    ///
    /// # Errors
    /// The store failed.
    pub fn remove_tenant(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let id = tenant.id;
        self.keep(move |tx| {
            tx.remove_tenant(id)?;
            tx.touch(TenantId::SERVER, Aspect::Settings)
        })?;
        self.engine.baselines().forget(id);
        Ok(())
    }
}

/// The next tenant's number: none is given out twice, so that nothing of a removed tenant is ever another's.
fn number(tx: &mut dyn Write, known: &[Tenant]) -> Result<i64, StoreError> {
    let after_known = known.iter().map(|tenant| tenant.id.0).max().unwrap_or(0) + 1;
    tx.next(TenantId::SERVER, "tenants", after_known)
}

/// The next customer id that no tenant has been given.
fn customer(tx: &mut dyn Write, known: &[Tenant]) -> Result<i64, StoreError> {
    loop {
        let next = FIRST_CUSTOMER + CUSTOMER_STEP * tx.next(TenantId::SERVER, "customers", 0)?;
        if known.iter().all(|tenant| (tenant.customer_id - next).abs() >= CUSTOMER_STEP) {
            return Ok(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use zuno_model::{Tenant, TenantId};

    use super::{CUSTOMER_STEP, FIRST_CUSTOMER, free, is_label};

    #[test]
    fn a_customer_id_leaves_room_for_its_series_and_lies_in_no_others() {
        let other = Tenant {
            id: TenantId(1),
            vanity: "acme".into(),
            customer_id: FIRST_CUSTOMER,
            org_id: 1,
            cloud: "zscalerthree.net".into(),
            created: 0,
            sample_fleet: false,
            audience: zuno_model::AudienceRule::default(),
        };
        let known = [other];
        assert_eq!(free(FIRST_CUSTOMER + CUSTOMER_STEP, &known), Ok(()));
        assert_eq!(free(FIRST_CUSTOMER, &[]), Ok(()));
        for wrong in [0, -1, 1, -FIRST_CUSTOMER, FIRST_CUSTOMER + 1, i64::MAX, i64::MIN] {
            let refused = free(wrong, &[]);
            assert!(refused.as_ref().is_err_and(|why| why.contains("multiple")), "{wrong}: {refused:?}");
        }
        assert!(free(FIRST_CUSTOMER, &known).is_err_and(|why| why.contains("`acme`")));
    }

    #[test]
    fn a_vanity_domain_can_stand_in_a_host_name() {
        assert!(is_label("acme") && is_label("a-1"));
        for wrong in ["", "-a", "a-", "A", "a.b", "acme-admin"] {
            assert!(!is_label(wrong), "{wrong}");
        }
    }
}
