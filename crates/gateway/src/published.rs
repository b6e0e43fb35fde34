//! The published service endpoints: documents by cloud and kind, exactly as the site has them, from the built-in edition,
//! from a folder that is read again when it changes, or from both.

mod folder;
pub mod lists;
pub mod pages;
mod sites;

use std::path::{Path, PathBuf};

use http::Method;
use parking_lot::Mutex;
use zuno_endpoints::{Edition, Kind, Origin};

use self::folder::Folder;
pub use self::folder::FolderError;
use crate::Cloud;
use crate::conditional::conditional;
use crate::request::Request;
use crate::respond::{Response, respond, set};

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
    from: Endpoints,
    folder: Option<Mutex<Folder>>,
    /// What each saved list held when it was last answered.
    answered: lists::Answered,
    /// What tenants were told of the sites.
    drawn: sites::Drawn,
}

impl Published {
    /// Publishes what is there.
    ///
    /// # Errors
    /// The folder cannot be published.
    pub fn open(from: Endpoints) -> Result<Published, FolderError> {
        let folder = from.folder().map(|path| Folder::open(path, from.is_mirror())).transpose()?;
        let (answered, drawn) = (lists::Answered::default(), sites::Drawn::default());
        Ok(Published { from, folder: folder.map(Mutex::new), answered, drawn })
    }

    /// Calls with what is published now.
    fn with<T>(&self, ask: impl FnOnce(&Edition) -> T) -> T {
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

/// Answers for `config.zscaler.com`. What is not published is a 404, as for a cloud whose document is yet to be
/// published (the status is guessed).
pub fn answer(cloud: &Cloud, request: &Request) -> Response {
    let head = request.head.method == Method::HEAD;
    // The real site refuses HEAD (client), and tools that probe with it are to find out here.
    if request.head.method == Method::GET || head && cloud.options.answers_head {
        return get(cloud, request);
    }
    let mut refused = respond(405, Some("text/plain; charset=utf-8"), "method not allowed\n");
    set(refused.headers_mut(), "allow", if cloud.options.answers_head { "GET, HEAD" } else { "GET" });
    refused
}

fn get(cloud: &Cloud, request: &Request) -> Response {
    if let Some(name) = request.path.strip_prefix("/lists/").and_then(|file| file.strip_suffix(".txt")) {
        return lists::answer(cloud, request, name);
    }
    let found = Kind::at(&request.path);
    let page = pages::SitePage::at(&request.path);
    cloud.published.with(|edition| {
        if let Some(answer) = page.and_then(|(cloud, page)| page.answer(request, edition, cloud)) {
            return answer;
        }
        let Some((found, kind)) = found.and_then(|(name, kind)| Some((edition.get(name, kind)?, kind)))
        else {
            return respond(404, Some("text/plain; charset=utf-8"), "not found\n");
        };
        let media = match kind {
            Kind::ZpaPlaintext => "text/plain; charset=utf-8",
            _ => "application/json; charset=utf-8",
        };
        let mut answer = conditional(request, &found.etag, Some(found.modified), media, &found.body);
        let origin = match &found.origin {
            Origin::Operator => return answer,
            built_in => built_in.to_string(),
        };
        // Whoever takes this for the real list should be able to see that it is not.
        set(answer.headers_mut(), "x-zuno-data", &origin);
        answer
    })
}
