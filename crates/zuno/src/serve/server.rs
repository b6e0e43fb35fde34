//! A server: its store, its cloud and its proxy, opened and run.

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use zuno_catalogue::Catalogue;
use zuno_gateway::{
    BodyLimits, Cloud, Endpoints, FirstTenant, HttpService, NewTenant, ObjectLimits, Options, Pace,
};
use zuno_identity::{KeyStore, KeysInMemory, Secret};
use zuno_intercept::{
    Became, Before, ClientFiles, Foreign, Front, Host, Listener, LocalCa, Timeouts, Upstream, serve,
};
use zuno_store::{Store, StoreError};
use zuno_store_sqlite::SqliteStore;

use super::beyond::Beyond;
use super::database::{Database, Place};
use super::kept::Folder;
use super::mirror::Following;
use super::options::{Admission, Behaviour};
use super::{descriptors, suits};
use crate::folder::{self, KeyFolder};
use crate::operator;

/// How often the server does what time has made due; what is due counts in days.
const TIDY_EVERY: Duration = Duration::from_secs(3600);
/// The first tenant's label when none is chosen.
const VANITY: &str = "acme";

/// A server that is ready to answer.
pub struct Server {
    /// The cloud it answers for.
    pub cloud: Arc<Cloud>,
    /// The tenant made at this start, with its client's secret.
    pub made: Option<NewTenant>,
    /// Its data folder, unless it keeps nothing.
    pub folder: Option<PathBuf>,
    /// What its operator shows.
    pub operator: Secret,
    /// What is published follows this site.
    pub following: Option<Following>,
    front: Front,
    kept: Option<Folder>,
}

impl Server {
    /// Opens everything but the listeners, where its state is kept, if anywhere. What is published follows another site, if one
    /// is given.
    pub fn open(
        place: Place,
        options: &Behaviour,
        admission: &Admission,
        following: Option<Following>,
        beyond: Beyond,
    ) -> Result<Server> {
        let Place { folder, database, keys } = place;
        let claim = folder.as_deref().map(Folder::claim).transpose()?;
        let told = admission.operator.token()?;
        // None needs another, and at a first start each waits for the disk.
        let (kept, elsewhere, ca, operator, catalogue) = thread::scope(|scope| {
            let kept = scope.spawn(|| match (folder.as_deref().zip(claim), &database) {
                (Some((path, claim)), None) => Some(Folder::of(path, claim)),
                (Some((_, claim)), Some(_)) => Some(Ok(Folder::without_database(claim))),
                (None, _) => None,
            });
            let elsewhere = scope.spawn(|| database.as_ref().map(Database::open));
            let ca = scope.spawn(|| match &folder {
                Some(path) => LocalCa::open(&path.join("ca")),
                None => LocalCa::in_memory(),
            });
            let operator = scope.spawn(|| operator::settle(folder.as_deref(), told));
            let catalogue = match &options.catalogue {
                Some(path) => Catalogue::from_folder(path),
                None => Ok(Catalogue::compiled()),
            };
            (done(kept), done(elsewhere), done(ca), done(operator), catalogue)
        });
        let (kept, elsewhere) = (kept.transpose()?, elsewhere.transpose()?);
        let (ca, operator, catalogue) = (Arc::new(ca?), operator?, catalogue?);
        let file = kept.as_ref().and_then(|kept| kept.file.clone());
        let store: Arc<dyn Store> = match (elsewhere, file) {
            (Some(database), _) => Arc::new(database),
            (None, Some(file)) => file,
            (None, None) => Arc::new(SqliteStore::in_memory()?),
        };
        let keys: Arc<dyn KeyStore> = match (&keys, &folder) {
            (Some(path), _) => Arc::new(KeyFolder::at(path)),
            (None, Some(path)) => Arc::new(KeyFolder::of(path)),
            (None, None) => Arc::new(KeysInMemory::default()),
        };
        if let Some(path) = &folder {
            warn_of_authority(path, ca.became());
        }
        let settings = Options {
            first: FirstTenant {
                vanity: options.vanity.clone().unwrap_or_else(|| VANITY.into()),
                customer_id: options.customer_id,
                client_id: options.client_id.clone(),
                client_secret: options.client_secret.clone().map(Secret::chosen),
                bare: options.bare,
                from: None,
            },
            jwks_hosts: options.jwks_hosts.clone(),
            real_limits: options.limits == "real",
            real_latency: options.latency == "real",
            seed: options.seed,
            object_limits: match options.object_limits.as_str() {
                "off" => ObjectLimits::Off,
                _ => ObjectLimits::Real,
            },
            pace: if options.pace == "real" { Pace::Real } else { Pace::Quick },
            es256: options.es256,
            local_ca: Some(Arc::clone(&ca)),
            endpoints: match (&following, &options.endpoints) {
                (Some(following), _) => Endpoints::Mirror(following.folder().to_owned()),
                (None, Some(path)) => Endpoints::Folder(path.clone()),
                (None, None) => Endpoints::BuiltIn,
            },
            answers_head: options.endpoints_head == "answer",
            operator: Some(operator.clone()),
            hosts: admission.hosts.clone(),
            metrics: options.metrics,
            journal: Some(usize::from(options.journal) << 20),
            bodies: BodyLimits::default(),
            recording: beyond.recording,
            spy: beyond.spy,
        };
        let cloud = Cloud::open(store, keys, catalogue, settings)?;
        if let Some(path) = &folder {
            suits::check(path, &cloud.tenants()?, options)?;
        }
        let place = folder.clone();
        // Before they count: a server that is killed in between leaves no client whose secret nobody has.
        let made = cloud.first_tenant(move |made| match &place {
            Some(path) => folder::Credentials::of(made)
                .keep(path)
                .map_err(|cause| StoreError::new(format!("{cause:#}"))),
            None => Ok(()),
        })?;
        if let Some(path) = &folder {
            Folder::keep_told(path, options)?;
        }
        let front = Front {
            ca,
            intercepts: Arc::new(|host: &str| Host::of(host).is_cloud()),
            foreign: if admission.open_proxy { Foreign::Everyone } else { Foreign::ThisMachine },
            how_to_allow: "start the server with --open-proxy to carry other machines' requests on",
            upstream: Arc::new(Upstream::of(&Before::here())),
            timeouts: Timeouts::default(),
            connections: descriptors::connections(),
        };
        Ok(Server { cloud, made, folder, operator, following, front, kept })
    }

    /// An API client of this server: just made, chosen by the options, or kept in the folder.
    pub fn credentials(&self, behaviour: &Behaviour) -> Result<folder::Credentials> {
        if let Some(made) = &self.made {
            return Ok(folder::Credentials::of(made));
        }
        let kept = self.folder.as_deref().and_then(folder::Credentials::kept);
        let told = behaviour.client_id.clone().zip(behaviour.client_secret.clone());
        match (told, kept) {
            (Some((client_id, client_secret)), _) => {
                let first = self.cloud.tenants()?.into_iter().next().context("the server has no tenant")?;
                let customer_id = first.customer_id.to_string();
                Ok(folder::Credentials {
                    vanity: first.vanity.clone(),
                    customer_id,
                    client_id,
                    client_secret,
                })
            }
            (None, Some(kept)) => Ok(kept),
            (None, None) => {
                anyhow::bail!("the folder keeps no credentials: give --client-id and --client-secret")
            }
        }
    }

    /// The local CA's certificate, as PEM.
    pub fn ca(&self) -> &Arc<LocalCa> {
        &self.front.ca
    }

    /// Tells in the folder where the server listens, for whoever comes next.
    pub fn tell(&self, bound: SocketAddr) -> Result<()> {
        self.kept.as_ref().map_or(Ok(()), |kept| kept.claim.tell(bound))
    }

    /// Answers at the listeners until `shutdown` is ready.
    pub async fn run(self, listeners: Vec<Listener>, shutdown: impl Future<Output = ()>) {
        let cloud = Arc::clone(&self.cloud);
        // An RSA key takes a while to make: no caller should wait for it.
        tokio::task::spawn_blocking(move || {
            if let Err(cause) = cloud.signer() {
                tracing::error!(%cause, "there is no signing key");
            }
        });
        let (cloud, ca, folder) = (Arc::clone(&self.cloud), Arc::clone(&self.front.ca), self.folder);
        let tidying = tokio::spawn(async move {
            let mut hourly = tokio::time::interval(TIDY_EVERY);
            loop {
                hourly.tick().await;
                let (cloud, ca, folder) = (Arc::clone(&cloud), Arc::clone(&ca), folder.clone());
                let due = move || {
                    cloud.tidy();
                    renew(&ca, folder.as_deref());
                };
                if tokio::task::spawn_blocking(due).await.is_err() {
                    tracing::error!("what time has made due could not be done");
                }
            }
        });
        if let Some(store) = self.kept.as_ref().and_then(|kept| kept.file.clone()) {
            tokio::task::spawn_blocking(move || {
                if let Err(cause) = store.check() {
                    tracing::error!("{cause}");
                }
            });
        }
        let following = self.following.map(|following| tokio::spawn(following.run()));
        serve(listeners, self.front, HttpService::new(self.cloud), shutdown).await;
        tidying.abort();
        if let Some(following) = following {
            following.abort();
        }
        // Only now may another server have the folder.
        drop(self.kept);
    }
}

/// What a thread of the start has made; its panic is the start's own.
fn done<T>(part: thread::ScopedJoinHandle<'_, T>) -> T {
    part.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Says what clients that trust a folder's authority must do, where it is another than it was.
fn warn_of_authority(folder: &Path, became: Became) {
    let file = folder::trust(folder).join("ca.pem");
    let file = file.display();
    match became {
        Became::Kept => {}
        Became::Renewed => anstream::eprintln!(
            "zuno: the local CA has been renewed for two years; clients that hold a copy of its certificate take the new one, \
             {file}, before the old one ends"
        ),
        Became::Replaced => anstream::eprintln!(
            "zuno: the local CA could sign for any host, and has been replaced by one for the cloud's hosts alone: clients \
             must trust it anew ({file}, or `zuno env` again), and the old one is best taken out of every trust store"
        ),
    }
}

/// Does what time has made due to the authority that clients trust, and to the files that they are given.
fn renew(ca: &LocalCa, folder: Option<&Path>) {
    let Some(folder) = folder else { return };
    let renewed = ca.renew_when_due(SystemTime::now()).and_then(|renewed| {
        if renewed {
            ClientFiles::write(&folder::trust(folder), ca)?;
        }
        Ok(renewed)
    });
    match renewed {
        Ok(false) => {}
        Ok(true) => warn_of_authority(folder, Became::Renewed),
        Err(cause) => tracing::error!(%cause, "the local CA cannot be renewed"),
    }
}
