//! The one way in to tenants' records: whoever reads or changes any, a caller, an identity provider, a sign-in, the
//! operator or a machine, does it here. A change is one transaction, carried out to its end even when its caller has
//! gone; it moves the versions of what it has outdated, in the same transaction, so that every server on the store knows.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::task::block_in_place;
use zuno_catalogue::handles::zpa::{api_key, microtenant, role};
use zuno_engine::{Access, Call, Context, Engine, Session};
use zuno_model::{Actor, Fault, Kind, Rights, Tenant, TenantId};
use zuno_store::{Aspect, StoreError, Verdict, Write, write};

use crate::Cloud;

/// The product whose records say who may call and what.
const IDENTITY: &str = "zidentity";

/// The kinds of other products that say so as well.
const CALLERS: [&str; 3] = [api_key::KIND, microtenant::KIND, role::KIND];

/// On whose behalf records are read or changed.
#[derive(Clone, Debug)]
pub enum Behalf {
    /// A caller's, who asked for this.
    Caller(Arc<Call>),
    /// The server's own, or somebody's whose wish is no call of the catalogue.
    Server(Session),
}

impl Behalf {
    fn session(&self) -> &Session {
        match self {
            Behalf::Caller(call) => &call.session,
            Behalf::Server(session) => session,
        }
    }

    fn context<'a>(&'a self, engine: &'a Engine, access: Access<'a>) -> Context<'a> {
        match self {
            Behalf::Caller(call) => Context::of_call(engine, call, access),
            Behalf::Server(session) => Context::new(engine, session, access),
        }
    }
}

impl Cloud {
    /// The server's own session with a tenant.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn own_session(&self, tenant: &Arc<Tenant>) -> Result<Session, StoreError> {
        let actor =
            Arc::new(Actor { client_id: "zuno".into(), number: 1, name: "Zuno".into(), rights: Rights::All });
        Ok(Session { tenant: Arc::clone(tenant), actor, now: self.now(tenant.id)? })
    }

    /// The server's own behalf.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn own(&self, tenant: &Arc<Tenant>) -> Result<Behalf, StoreError> {
        self.own_session(tenant).map(Behalf::Server)
    }

    /// Looks at a tenant's records at one moment, on this thread.
    ///
    /// # Errors
    /// What `look` says, or the store failed.
    pub(crate) fn read<T, E: From<Fault>>(
        &self,
        behalf: &Behalf,
        mut look: impl FnMut(&mut Context<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut found = None;
        let view = &mut |tx: &dyn zuno_store::Read| {
            found = Some(look(&mut behalf.context(&self.engine, Access::Read(tx))));
        };
        self.store.view(view).map_err(|cause| E::from(cause.into()))?;
        found.unwrap_or_else(|| Err(Fault::broken("the store did not run a read").into()))
    }

    /// Changes a tenant's records in one transaction; what `work` changed is kept, or dropped where it refuses. A caller
    /// that goes away is no reason to lose the change.
    ///
    /// # Errors
    /// What `work` says, or the store failed.
    pub(crate) async fn write<T: Send + 'static, E: From<Fault> + Send + 'static>(
        &self,
        behalf: Behalf,
        work: impl FnMut(&mut Context<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (slot, told) = self.queue(behalf, work);
        outcome(&slot, told.await).inspect(|_| self.tally.wrote())
    }

    /// The same, waited for on this thread; the calls of others go on meanwhile.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn write_and_wait<T: Send + 'static, E: From<Fault> + Send + 'static>(
        &self,
        behalf: Behalf,
        work: impl FnMut(&mut Context<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (slot, told) = self.queue(behalf, work);
        outcome(&slot, block_in_place(|| told.blocking_recv()))
    }

    /// Changes what the server keeps beside its tenants' records, in one transaction, waited for on this thread.
    ///
    /// # Errors
    /// What `work` says, or the store failed.
    pub(crate) fn keep<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Write) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        block_in_place(|| write(self.store.as_ref(), work))
    }

    fn queue<T: Send + 'static, E: From<Fault> + Send + 'static>(
        &self,
        behalf: Behalf,
        mut work: impl FnMut(&mut Context<'_>) -> Result<T, E> + Send + 'static,
    ) -> (Slot<T, E>, oneshot::Receiver<Result<(), StoreError>>) {
        let slot = Arc::new(Mutex::new(None));
        let place = Arc::clone(&slot);
        let (tell, told) = oneshot::channel();
        let (engine, next) = (Arc::clone(&self.engine), self.seeds.next());
        let job = move |tx: &mut dyn Write| {
            let outcome = next.seed(tx).map_err(|cause| E::from(cause.into())).and_then(|seed| {
                let mut cx = behalf.context(&engine, Access::Write(tx, seed));
                let value = work(&mut cx)?;
                outdate(&mut cx, behalf.session().tenant.id)?;
                Ok(value)
            });
            let verdict = if outcome.is_ok() { Verdict::Keep } else { Verdict::Drop };
            *place.lock() = Some(outcome);
            verdict
        };
        // Nobody may wait for it any more.
        self.store.submit(Box::new(job), Box::new(move |kept| drop(tell.send(kept))));
        (slot, told)
    }
}

type Slot<T, E> = Arc<Mutex<Option<Result<T, E>>>>;

fn outcome<T, E: From<Fault>>(
    slot: &Slot<T, E>,
    told: Result<Result<(), StoreError>, oneshot::error::RecvError>,
) -> Result<T, E> {
    let kept = told.unwrap_or_else(|_| Err(StoreError::new("the store stopped")));
    kept.map_err(|cause| E::from(cause.into()))?;
    let outcome = slot.lock().take();
    outcome.unwrap_or_else(|| Err(Fault::broken("the store did not run a write").into()))
}

/// Moves the versions of what a change has outdated.
fn outdate(cx: &mut Context<'_>, tenant: TenantId) -> Result<(), Fault> {
    if !cx.has_written() {
        return Ok(());
    }
    let tells = |kind: &&str| CALLERS.contains(kind) || Kind((*kind).to_owned()).product() == IDENTITY;
    let callers = cx.changed().iter().any(tells);
    let change = cx.change()?;
    change.touch(tenant, Aspect::Records)?;
    if callers {
        change.touch(tenant, Aspect::Callers)?;
    }
    Ok(())
}
