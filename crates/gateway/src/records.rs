//! The one way in to tenants' records: whoever reads or changes any, a caller, an identity provider, a sign-in, the
//! operator or a machine, does it here. A change is one transaction, carried out to its end even when its caller has
//! gone; it moves the versions of what it has outdated, in the same transaction, so that every server on the store knows,
//! and adds to the tenant's log what a caller or a provider did or was refused.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::task::block_in_place;
use zuno_behaviours::Fleets;
use zuno_catalogue::handles::zdx::{application, device, monitor};
use zuno_catalogue::handles::zia::{admin_role, admin_user, department, location, user};
use zuno_catalogue::handles::zpa::{api_key, microtenant, role};
use zuno_engine::{Call, Context, Engine, Seed, Session, Transaction};
use zuno_model::{Actor, Entry, Fault, Kind, Refused, Tenant, TenantId};
use zuno_store::{Aspect, StoreError, Verdict, Write, write, write_for};

use crate::Cloud;

/// The product whose records say who may call and what.
const IDENTITY: &str = "zidentity";

/// The kinds of other products that say so as well.
const CALLERS: [&str; 5] = [admin_role::KIND, admin_user::KIND, api_key::KIND, microtenant::KIND, role::KIND];

/// The kinds that describe who and what is measured.
const MEASURED: [&str; 6] =
    [department::KIND, location::KIND, user::KIND, application::KIND, device::KIND, monitor::KIND];

/// On whose behalf records are read or changed.
#[derive(Clone, Debug)]
pub enum Behalf {
    /// A caller's, who asked for this. What comes of a write is an entry of the tenant's log.
    Caller(Arc<Call>),
    /// An identity provider's, whose wish is this entry of the log.
    Provider(Session, Box<Entry>),
    /// The server's own, or somebody's whose wish is not told by the log.
    Server(Session),
}

/// A refusal, as a log may tell it.
pub(crate) trait Loggable {
    /// Why it was refused; nothing where that is ours.
    fn told(&self) -> Option<Refused>;
}

impl Loggable for Fault {
    fn told(&self) -> Option<Refused> {
        match self {
            Fault::Broken(_) | Fault::NotBuilt(_) => None,
            fault => Some(Refused { status: None, code: String::new(), words: fault.to_string() }),
        }
    }
}

impl Loggable for StoreError {
    fn told(&self) -> Option<Refused> {
        None
    }
}

impl Behalf {
    fn session(&self) -> &Session {
        match self {
            Behalf::Caller(call) => &call.session,
            Behalf::Provider(session, _) | Behalf::Server(session) => session,
        }
    }

    fn context<'a>(&'a self, engine: &'a Engine, access: Transaction<'a>) -> Context<'a> {
        match self {
            Behalf::Caller(call) => Context::of_call(engine, call, access),
            Behalf::Provider(session, _) | Behalf::Server(session) => Context::new(engine, session, access),
        }
    }

    /// What the tenant's log tells of what was done, or refused.
    fn entry(&self, cx: &Context<'_>, refused: Option<Refused>) -> Result<Option<Entry>, Fault> {
        match self {
            Behalf::Caller(_) => cx.entry(refused),
            Behalf::Provider(_, wish) => Ok(Some(Entry { refused, ..Entry::clone(wish) })),
            Behalf::Server(_) => Ok(None),
        }
    }

    /// Whether a refusal is told by the log.
    fn tells_refusals(&self) -> bool {
        !matches!(self, Behalf::Server(_))
    }
}

impl Cloud {
    /// The server's own session with a tenant.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn own_session(&self, tenant: &Arc<Tenant>) -> Result<Session, StoreError> {
        let actor = Arc::new(Actor::server());
        Ok(Session { tenant: Arc::clone(tenant), actor, now: self.now(tenant.id)?, as_sent: false })
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
            found = Some(look(&mut behalf.context(&self.engine, Transaction::Read(tx))));
        };
        self.store.view(view).map_err(|cause| E::from(cause.into()))?;
        found.unwrap_or_else(|| Err(Fault::broken("the store did not run a read").into()))
    }

    /// Changes a tenant's records in one transaction; what `work` changed is kept, or dropped where it refuses. A caller
    /// that goes away is no reason to lose the change. What the tenant's log tells of it comes beside its outcome.
    ///
    /// # Errors
    /// What `work` says, or the store failed.
    pub(crate) async fn write<T: Send + 'static, E: From<Fault> + Loggable + Send + 'static>(
        &self,
        behalf: Behalf,
        work: impl FnMut(&mut Context<'_>) -> Result<T, E> + Send + 'static,
    ) -> (Result<T, E>, Option<Entry>) {
        let queued = self.queue(behalf, work);
        let outcome = outcome(&queued.slot, queued.kept.await).inspect(|_| self.tally.wrote());
        // What could not be kept has changed nothing.
        let entry = queued.entry.lock().take();
        let entry = entry.filter(|entry| outcome.is_ok() || entry.refused.is_some());
        (outcome, entry)
    }

    /// The same, waited for on this thread; the calls of others go on meanwhile.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn write_and_wait<T: Send + 'static, E: From<Fault> + Loggable + Send + 'static>(
        &self,
        behalf: Behalf,
        work: impl FnMut(&mut Context<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let queued = self.queue(behalf, work);
        outcome(&queued.slot, block_in_place(|| queued.kept.blocking_recv()))
    }

    /// Adds an entry to a tenant's log, which is told when it is kept; nobody needs to wait for that.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn note(&self, tenant: &Arc<Tenant>, entry: Entry) -> Result<Hears, StoreError> {
        let work = move |cx: &mut Context<'_>| cx.log(&entry);
        Ok(self.queue::<(), Fault>(self.own(tenant)?, work).kept)
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

    /// The same, of what it keeps beside one tenant's.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn keep_for<T: Send + 'static>(
        &self,
        tenant: TenantId,
        work: impl FnMut(&mut dyn Write) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        block_in_place(|| write_for(self.store.as_ref(), tenant, work))
    }

    fn queue<T: Send + 'static, E: From<Fault> + Loggable + Send + 'static>(
        &self,
        behalf: Behalf,
        mut work: impl FnMut(&mut Context<'_>) -> Result<T, E> + Send + 'static,
    ) -> Queued<T, E> {
        let (slot, told_of) = (Slot::<T, E>::default(), Arc::new(Mutex::new(None)));
        let (place, entry) = (Arc::clone(&slot), Arc::clone(&told_of));
        let (tell, told) = oneshot::channel();
        let (engine, next, tenant) =
            (Arc::clone(&self.engine), self.seeds.next(), behalf.session().tenant.id);
        let mut refused: Option<Refused> = None;
        let job = move |tx: &mut dyn Write| {
            if let Some(refused) = refused.take() {
                // What it changed is gone; that it was tried is told, and nothing drawn for it.
                let mut cx = behalf.context(&engine, Transaction::Write(tx, Seed::default()));
                let Ok(told) = log(&mut cx, &behalf, Some(refused)) else { return Verdict::Drop };
                *entry.lock() = told;
                return Verdict::Keep;
            }
            let outcome = next.seed(tx).map_err(|cause| E::from(cause.into())).and_then(|seed| {
                let mut cx = behalf.context(&engine, Transaction::Write(tx, seed));
                let value = work(&mut cx)?;
                outdate(&mut cx, behalf.session().tenant.id)?;
                *entry.lock() = log(&mut cx, &behalf, None)?;
                Ok(value)
            });
            refused = outcome.as_ref().err().filter(|_| behalf.tells_refusals()).and_then(Loggable::told);
            let verdict = match (&outcome, &refused) {
                (Ok(_), _) => Verdict::Keep,
                (Err(_), None) => Verdict::Drop,
                (Err(_), Some(_)) => Verdict::Again,
            };
            *place.lock() = Some(outcome);
            verdict
        };
        // Nobody may wait for it any more.
        self.store.submit_for(tenant, Box::new(job), Box::new(move |kept| drop(tell.send(kept))));
        Queued { slot, entry: told_of, kept: told }
    }
}

/// A change that waits for its turn.
struct Queued<T, E> {
    /// What comes of it.
    slot: Slot<T, E>,
    /// What the tenant's log tells of it.
    entry: Arc<Mutex<Option<Entry>>>,
    kept: Hears,
}

/// Hears when a change is kept, or why it is not.
type Hears = oneshot::Receiver<Result<(), StoreError>>;

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

/// Tells in the tenant's log what was done or refused, as far as it is told there.
fn log(cx: &mut Context<'_>, behalf: &Behalf, refused: Option<Refused>) -> Result<Option<Entry>, Fault> {
    let entry = behalf.entry(cx, refused)?;
    entry.as_ref().map_or(Ok(()), |entry| cx.log(entry))?;
    Ok(entry)
}

/// Moves the versions of what a change has outdated.
fn outdate(cx: &mut Context<'_>, tenant: TenantId) -> Result<(), Fault> {
    if !cx.has_written() {
        return Ok(());
    }
    let tells = |kind: &&str| CALLERS.contains(kind) || Kind((*kind).to_owned()).product() == IDENTITY;
    let callers = cx.changed().iter().any(tells);
    if MEASURED.iter().any(|kind| cx.changed().contains(kind)) {
        Fleets::outdate(cx)?;
    }
    let change = cx.change()?;
    change.touch(tenant, Aspect::Records)?;
    if callers {
        change.touch(tenant, Aspect::Callers)?;
    }
    Ok(())
}
