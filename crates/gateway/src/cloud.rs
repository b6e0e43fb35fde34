//! Everything one server is, and what its services are built on.

use std::sync::Arc;

use parking_lot::RwLock;
use zuno_behaviours::Fleets;
use zuno_behaviours::keys::give;
use zuno_catalogue::{Catalogue, Router};
use zuno_endpoints::Publisher;
use zuno_engine::Engine;
use zuno_identity::{Algorithm, AllowedHosts, JwksCache, KeyStore, Keyring, Pepper, SigningKey, TokenMemory};
use zuno_store::{Store, StoreError};

use crate::bodies::Bodies;
use crate::collisions::Collisions;
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::names::Names;
use crate::options::{Options, StartError};
use crate::quota::Quota;
use crate::rendered::Rendered;
use crate::state::caller::Caller;
use crate::state::clients::Clients;
use crate::state::keys::Keys;
use crate::state::policies::Policies;
use crate::state::published::Published;
use crate::state::readiness::Readiness;
use crate::state::seeds::Seeds;
use crate::state::settings::Remembered;
use crate::state::tenants::Tenants;
use crate::strangers::Strangers;
use crate::tally::Tally;

/// How many verified tokens are remembered.
const TOKENS: usize = 10_000;

/// One server: its engine and store, its tenants, its keys and what it remembers of callers.
pub struct Cloud {
    pub(crate) engine: Arc<Engine>,
    pub(crate) router: Router,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) seeds: Seeds,
    pub(crate) settings: Remembered,
    pub(crate) tenants: RwLock<Arc<Tenants>>,
    pub(crate) pepper: Arc<Pepper>,
    pub(crate) keys: Keys,
    pub(crate) keyring: Keyring,
    pub(crate) jwks: JwksCache,
    pub(crate) callers: TokenMemory<Caller>,
    pub(crate) clients: Clients,
    pub(crate) quota: Quota,
    pub(crate) strangers: Strangers,
    pub(crate) rendered: Rendered,
    pub(crate) policies: Policies,
    pub(crate) collisions: Collisions,
    pub(crate) published: Arc<Published>,
    pub(crate) tally: Tally,
    pub(crate) journal: Journal,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) readiness: Readiness,
    pub(crate) options: Options,
    pub(crate) names: Names,
    pub(crate) bodies: Bodies,
}

impl Cloud {
    /// Starts a server on a store and the keys that belong to it, with the catalogue compiled in or another.
    ///
    /// # Errors
    /// The store fails, its keys are missing, or the catalogue or an option is wrong.
    pub fn open(
        store: Arc<dyn Store>,
        keys: Arc<dyn KeyStore>,
        catalogue: Catalogue,
        options: Options,
    ) -> Result<Arc<Cloud>, StartError> {
        let catalogue = Arc::new(catalogue);
        let (router, strangers) = (Router::new(&catalogue), Strangers::of(&catalogue));
        let published = Arc::new(Published::open(options.endpoints.clone())?);
        let publisher: Arc<dyn Publisher> = Arc::clone(&published) as Arc<dyn Publisher>;
        let engine = Engine::new(catalogue, zuno_behaviours::all()).map_err(StartError::Catalogue)?;
        let allowed = AllowedHosts::new(&options.jwks_hosts).map_err(|wrong| {
            StartError::Option(format!("--jwks-host: `{}` is no host, address or network", wrong.0))
        })?;
        let names = Names::new(&options.hosts).map_err(|wrong| {
            let text = format!(
                "--host: `{wrong}` is no host name of a server's own; write one such as zuno.example.com"
            );
            StartError::Option(text)
        })?;
        let keys = Keys::open(store.as_ref(), keys)?;
        let keyring = Keyring::new();
        keys.load(&keyring)?;
        let engine = give(engine.with(publisher), &keys.pepper, &keys.sealing);
        let cloud = Arc::new(Cloud {
            engine: Arc::new(engine.with(options.pace).with(options.object_limits).with(Fleets::default())),
            router,
            seeds: options.seed.map_or(Seeds::Random, Seeds::Chosen),
            settings: Remembered::default(),
            tenants: RwLock::default(),
            pepper: Arc::clone(&keys.pepper),
            keys,
            keyring,
            jwks: JwksCache::new(allowed),
            callers: TokenMemory::new(TOKENS),
            clients: Clients::default(),
            quota: Quota::default(),
            strangers,
            rendered: Rendered::default(),
            policies: Policies::default(),
            collisions: Collisions::default(),
            published,
            tally: Tally::default(),
            metrics: options.metrics.then(Metrics::default),
            journal: Journal::new(options.journal.unwrap_or(Journal::USUAL)),
            names,
            bodies: Bodies::new(options.bodies),
            readiness: Readiness::default(),
            options,
            store,
        });
        cloud.seal_what_is_in_clear()?;
        cloud.tell_what_is_left_behind()?;
        Ok(cloud)
    }

    /// What its callers have done so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The catalogue it serves.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.engine.shared_catalogue()
    }

    /// The algorithm tokens are signed with.
    pub(crate) fn algorithm(&self) -> Algorithm {
        if self.options.es256 { Algorithm::Es256 } else { Algorithm::Rs256 }
    }

    /// The key tokens are signed with; made and kept at the first use. Making an RSA key takes a while, so call this
    /// early on a thread that may wait.
    ///
    /// # Errors
    /// It cannot be read or kept.
    pub fn signer(&self) -> Result<&SigningKey, StoreError> {
        self.keyring.get_or_make(self.algorithm(), || {
            let key = self.keys.signing_or_new(self.algorithm());
            key.map_err(|cause| StoreError::because(cause.to_string(), cause))
        })
    }
}
