//! Everything one server is, and the door to its services.

use std::sync::Arc;

use parking_lot::RwLock;
use zuno_behaviours::{Pace, pepper::ensure_pepper};
use zuno_catalogue::{Catalogue, Router};
use zuno_endpoints::Publisher;
use zuno_engine::Engine;
use zuno_identity::{Algorithm, AllowedHosts, JwksCache, Keyring, Pepper, Secret, SigningKey, TokenMemory};
use zuno_model::TenantId;
use zuno_store::{Store, StoreError, read, write};

use crate::authorize::Caller;
use crate::bodies::{Bodies, BodyLimits};
use crate::clients::Clients;
use crate::collisions::Collisions;
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
    /// The certificate that clients must trust, as PEM, for whoever asks for it.
    pub local_ca: Option<String>,
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
    pub(crate) settings: settings::Known,
    pub(crate) tenants: RwLock<Arc<Tenants>>,
    pub(crate) pepper: Pepper,
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
    pub(crate) options: Options,
    pub(crate) names: Names,
    pub(crate) bodies: Bodies,
}

impl Cloud {
    /// Starts a server on a store, with the catalogue compiled in or another.
    ///
    /// # Errors
    /// The store fails, or the catalogue or an option is wrong.
    pub fn open(
        store: Arc<dyn Store>,
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
        let pepper = write(store.as_ref(), |tx| {
            ensure_pepper(tx)
                .map_err(|cause| StoreError::because("the key for secrets cannot be kept", cause))
        })?;
        let cloud = Arc::new(Cloud {
            engine: Arc::new(engine.with(publisher).with(options.pace)),
            router,
            seeds: options.seed.map_or(Seeds::Random, Seeds::Chosen),
            settings: settings::Known::default(),
            tenants: RwLock::default(),
            pepper,
            keyring: Keyring::new(),
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
            options,
            store,
        });
        cloud.tenants()?;
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
    /// The store failed.
    pub fn signer(&self) -> Result<&SigningKey, StoreError> {
        let algorithm = self.algorithm();
        if let Some(key) = self.keyring.get(algorithm) {
            return Ok(key);
        }
        let note = format!("signing-key:{}", algorithm.as_str());
        self.keyring.get_or_make(algorithm, || {
            if let Some(kept) = read(self.store.as_ref(), |tx| tx.note(TenantId::SERVER, &note))? {
                return SigningKey::from_pkcs8(&kept)
                    .map_err(|cause| StoreError::because("the signing key cannot be read", cause));
            }
            let key = SigningKey::generate(algorithm);
            let (bytes, note) = (key.to_pkcs8(), note.clone());
            write(self.store.as_ref(), move |tx| tx.set_note(TenantId::SERVER, &note, Some(&bytes)))?;
            Ok(key)
        })
    }
}
