//! How a server is to behave, and why it cannot start so.

use std::sync::Arc;

use zuno_behaviours::Pace;
use zuno_engine::ObjectLimits;
use zuno_identity::{KeyStoreError, Secret};
use zuno_intercept::LocalCa;
use zuno_store::StoreError;

use crate::bodies::BodyLimits;
use crate::recording::Recording;
use crate::spy::Spy;
use crate::state::published::{Endpoints, FolderError};
use crate::state::tenants::FirstTenant;

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
    /// Calls take as long as they do in the cloud.
    pub real_latency: bool,
    /// How many objects of a kind a tenant may have.
    pub object_limits: ObjectLimits,
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
    /// How many bytes of calls the journal keeps, none of them for 0; as many as usual when not said.
    pub journal: Option<usize>,
    /// Figures of the calls are told at `/metrics`.
    pub metrics: bool,
    /// How much of bodies is taken in, and how long that may take.
    pub bodies: BodyLimits,
    /// Calls under the cloud's own names are carried to the real cloud, and recorded.
    pub recording: Option<Recording>,
    /// Reads that have no answer here are asked of a real tenant.
    pub spy: Option<Spy>,
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
