//! What is published: the built-in edition, a folder that is read again when it changes, or both. What tenants are told of
//! the cloud's sites agrees with it: it is drawn from the same documents.

mod folder;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use zuno_endpoints::{Edition, Kind, PrefixSet, Publisher, Site};

use self::folder::Folder;
pub use self::folder::FolderError;

/// What each list held when it was last answered: a list that shrinks too much stays as it was.
pub type Answered = Mutex<HashMap<String, (PrefixSet, String)>>;

/// Where the documents come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Endpoints {
    /// The built-in edition.
    #[default]
    BuiltIn,
    /// An operator's folder: what is not in it is not published.
    Folder(PathBuf),
    /// A folder that a mirror fills: the built-in edition answers for what is not in it, or cannot be read.
    Mirror(PathBuf),
}

impl Endpoints {
    fn folder(&self) -> Option<&Path> {
        match self {
            Endpoints::BuiltIn => None,
            Endpoints::Folder(path) | Endpoints::Mirror(path) => Some(path),
        }
    }

    fn is_mirror(&self) -> bool {
        matches!(self, Endpoints::Mirror(_))
    }
}

/// What is published.
pub struct Published {
    /// Where it comes from.
    pub from: Endpoints,
    folder: Option<Mutex<Folder>>,
    /// What each saved list held when it was last answered.
    pub answered: Answered,
    /// What tenants were told of the sites.
    drawn: Drawn,
}

impl Published {
    /// Publishes what is there.
    ///
    /// # Errors
    /// The folder cannot be published.
    pub fn open(from: Endpoints) -> Result<Published, FolderError> {
        let folder = from.folder().map(|path| Folder::open(path, from.is_mirror())).transpose()?;
        let (answered, drawn) = (Answered::default(), Drawn::default());
        Ok(Published { from, folder: folder.map(Mutex::new), answered, drawn })
    }

    /// Calls with what is published now.
    pub fn with<T>(&self, ask: impl FnOnce(&Edition) -> T) -> T {
        match &self.folder {
            None => ask(Edition::built_in()),
            Some(folder) => {
                let edition = folder.lock().edition();
                ask(&edition)
            }
        }
    }

    /// Whether a cloud is known: one of the vendor's, or one with a document here.
    pub(crate) fn knows(&self, cloud: &str) -> bool {
        let here = |edition: &Edition| edition.iter().any(|(name, _, _)| name.eq_ignore_ascii_case(cloud));
        zuno_endpoints::Cloud::named(cloud).is_some() || self.with(here)
    }
}

/// The sites of each cloud that was asked for, with the tags of the documents that they were drawn from.
type Drawn = Mutex<HashMap<String, (Tags, Arc<[Site]>)>>;

/// Of the documents of data centres and of Client Connector's addresses.
type Tags = [Option<String>; 2];

fn tags(edition: &Edition, cloud: &str) -> Tags {
    [Kind::Cenr, Kind::Svpn].map(|kind| edition.get(cloud, kind).map(|found| found.etag.clone()))
}

impl Publisher for Published {
    fn sites(&self, cloud: &str) -> Arc<[Site]> {
        self.with(|edition| {
            // A folder may hold documents of another cloud alone; nothing that it says then differs from the built-in one.
            let edition = match edition.get(cloud, Kind::Cenr) {
                Some(_) => edition,
                None => Edition::built_in(),
            };
            let now = tags(edition, cloud);
            let mut drawn = self.drawn.lock();
            if let Some((then, sites)) = drawn.get(cloud)
                && *then == now
            {
                return Arc::clone(sites);
            }
            let sites: Arc<[Site]> = edition.sites(cloud).into();
            drawn.insert(cloud.to_owned(), (now, Arc::clone(&sites)));
            sites
        })
    }
}
