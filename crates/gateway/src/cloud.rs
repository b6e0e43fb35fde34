//! Everything one server is, and the door to its services.

use std::sync::Arc;

use parking_lot::RwLock;
use zuno_behaviours::Pace;
use zuno_behaviours::keys::give;
use zuno_catalogue::{Catalogue, Router};
use zuno_endpoints::Publisher;
use zuno_engine::Engine;
use zuno_identity::{
    Algorithm, AllowedHosts, JwksCache, KeyStore, KeyStoreError, Keyring, Pepper, Secret, SigningKey,
    TokenMemory,
};
use zuno_intercept::LocalCa;
use zuno_store::{Store, StoreError};

use crate::authorize::Caller;
use crate::bodies::{Bodies, BodyLimits};
use crate::clients::Clients;
use crate::collisions::Collisions;
use crate::health::Readiness;
use crate::keys::Keys;
use crate::names::Names;
use crate::published::Published;
use crate::quota::Quota;
use crate::records::Seeds;
use crate::rendered::Rendered;
use crate::settings;
use crate::strangers::Strangers;
use crate::tally::Tally;
use crate::tenants::{FirstTenant, Tenants};
use crate::{Endpoints, FolderError};

/// How many verified tokens are remembered.
const TOKENS: usize = 10_000;

/// How a server is to behave.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The tenant made on the first start.
    pub first: FirstTenant,
    /// Hosts whose JWKS URLs may be fetched: `host`, `host:port`, an address or a network.
    pub jwks_hosts: Vec<String>,
    /// The quota and the products' limits are enforced.
    pub real_limits: bool,
    /// The same calls in the same order give the same ids and secrets.
    pub seed: Option<u64>,
    /// How fast deep traces take their course.
    pub pace: Pace,
    /// Tokens are signed with ES256 instead of RS256.
    pub es256: bool,
    /// The authority that clients must trust, whose certificate is given to whoever asks for it.
    pub local_ca: Option<Arc<LocalCa>>,
    /// Where the documents come from that are published as service endpoints.
    pub endpoints: Endpoints,
    /// HEAD is answered for published documents, which the real site refuses (client).
    pub answers_head: bool,
    /// What the operator shows; without it nobody may operate the server.
    pub operator: Option<Secret>,
    /// Names under which the operator may call the server, beside those of loopback.
    pub hosts: Vec<String>,
    /// How much of bodies is taken in, and how long that may take.
    pub bodies: BodyLimits,
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server's keys cannot be read or kept.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// The catalogue names a behaviour that does not exist, or gives it a wrong parameter.
    #[error("the catalogue cannot be used: {0}")]
    Catalogue(String),
    /// The documents to publish cannot be used.
    #[error(transparent)]
    Published(#[from] FolderError),
    /// An option makes no sense.
    #[error("{0}")]
    Option(String),
}

/// One server: its engine and store, its tenants, its keys and what it remembers of callers.
pub struct Cloud {
    pub(crate) engine: Arc<Engine>,
    pub(crate) router: Router,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) seeds: Seeds,
    pub(crate) settings: settings::Remembered,
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
    pub(crate) collisions: Collisions,
    pub(crate) published: Arc<Published>,
    pub(crate) tally: Tally,
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
        let engine = Engine::new(catalogue, &zuno_behaviours::all()).map_err(StartError::Catalogue)?;
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
            engine: Arc::new(engine.with(options.pace)),
            router,
            seeds: options.seed.map_or(Seeds::Random, Seeds::Chosen),
            settings: settings::Remembered::default(),
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
            collisions: Collisions::default(),
            published,
            tally: Tally::default(),
            names,
            bodies: Bodies::new(options.bodies),
            readiness: Readiness::default(),
            options,
            store,
        });
        cloud.seal_what_is_in_clear()?;
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
