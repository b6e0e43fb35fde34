//! The published service endpoints: documents by cloud and kind, exactly as the site has them, from the built-in edition,
//! from a folder that is read again when it changes, or from both.

pub mod lists;
pub mod pages;
mod sites;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::Full;
use hyper::body::Body as _;
use parking_lot::Mutex;
use zuno_endpoints::{Edition, EditionError, Kind, Origin};

use crate::Cloud;
use crate::request::Request;
use crate::respond::{Whole, gzip, set, whole};

/// How long a folder is taken for unchanged without a look.
const LOOK: Duration = Duration::from_secs(1);
/// A body smaller than this is not compressed.
const COMPRESSED_FROM: usize = 1024;

/// Why a folder cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be read.
    #[error("the folder of service endpoints {path} cannot be read")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A file in it is not what it should be.
    #[error("the folder of service endpoints {path} cannot be published")]
    Wrong {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        #[source]
        cause: Box<EditionError>,
    },
    /// It holds no document.
    #[error(
        "the folder of service endpoints {0} holds no file named CLOUD.KIND.json, such as zscaler.net.cenr.json"
    )]
    Nothing(PathBuf),
}

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
    state: Mutex<Option<State>>,
    /// What each saved list held when it was last answered.
    answered: lists::Answered,
    /// What tenants were told of the sites.
    drawn: sites::Drawn,
}

struct State {
    edition: Arc<Edition>,
    looked: Instant,
    signs: Vec<Sign>,
}

/// By which a file's change is known: name, size, and time of its last change.
type Sign = (String, u64, SystemTime);

impl Published {
    /// Publishes what is there.
    ///
    /// # Errors
    /// The folder cannot be published.
    pub fn open(from: Endpoints) -> Result<Published, FolderError> {
        let state = match from.folder() {
            None => None,
            Some(path) => {
                let signs = signs(path)?;
                let edition = Arc::new(read(path, &signs, from.is_mirror())?);
                Some(State { edition, looked: Instant::now(), signs })
            }
        };
        let (answered, drawn) = (lists::Answered::default(), sites::Drawn::default());
        Ok(Published { from, state: Mutex::new(state), answered, drawn })
    }

    /// Calls with what is published now. A folder that was spoilt meanwhile is told about, and what it held stays.
    fn with<T>(&self, ask: impl FnOnce(&Edition) -> T) -> T {
        let Some(path) = self.from.folder() else { return ask(Edition::built_in()) };
        let edition = {
            let mut state = self.state.lock();
            let Some(state) = state.as_mut() else { return ask(Edition::built_in()) };
            if state.looked.elapsed() >= LOOK {
                state.looked = Instant::now();
                state.look(path, self.from.is_mirror());
            }
            Arc::clone(&state.edition)
        };
        ask(&edition)
    }

    /// Whether a cloud is known: one of the vendor's, or one with a document here.
    pub(crate) fn knows(&self, cloud: &str) -> bool {
        let here = |edition: &Edition| edition.iter().any(|(name, _, _)| name.eq_ignore_ascii_case(cloud));
        zuno_endpoints::Cloud::named(cloud).is_some() || self.with(here)
    }
}

impl State {
    fn look(&mut self, path: &Path, mirrored: bool) {
        let outcome = signs(path).and_then(|signs| {
            if signs != self.signs {
                // What is wrong with these files is told once.
                self.signs.clone_from(&signs);
                self.edition = Arc::new(read(path, &signs, mirrored)?);
            }
            Ok(())
        });
        if let Err(wrong) = outcome {
            warn(&wrong, "what was published stays");
        }
    }
}

fn warn(wrong: &FolderError, so: &str) {
    let mut why = wrong.to_string();
    let mut cause = std::error::Error::source(wrong);
    while let Some(deeper) = cause {
        why = format!("{why}: {deeper}");
        cause = deeper.source();
    }
    tracing::warn!("{why}; {so}");
}

fn signs(path: &Path) -> Result<Vec<Sign>, FolderError> {
    let unreadable = |cause| FolderError::Unreadable { path: path.to_owned(), cause };
    let mut signs = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let wanted = !name.starts_with('.') && (name.ends_with(".json") || name.ends_with(".txt"));
        if wanted {
            let about = std::fs::metadata(entry.path()).map_err(unreadable)?;
            signs.push((name, about.len(), about.modified().map_err(unreadable)?));
        }
    }
    signs.sort();
    Ok(signs)
}

fn read(path: &Path, signs: &[Sign], mirrored: bool) -> Result<Edition, FolderError> {
    let mut edition = if mirrored { Edition::built_in().clone() } else { Edition::default() };
    for (name, _, modified) in signs {
        let unreadable = |cause| FolderError::Unreadable { path: path.to_owned(), cause };
        let body = std::fs::read(path.join(name)).map_err(unreadable)?;
        let modified = modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let wrong = |cause| FolderError::Wrong { path: path.to_owned(), cause: Box::new(cause) };
        match edition.add(name, body, modified).map_err(wrong) {
            // The mirror fetches it anew.
            Err(wrong) if mirrored => warn(&wrong, "the built-in edition answers in its place"),
            outcome => outcome?,
        }
    }
    if edition.iter().next().is_none() {
        return Err(FolderError::Nothing(path.to_owned()));
    }
    Ok(edition)
}

/// Answers for `config.zscaler.com`. What is not published is a 404, as for a cloud whose document is yet to be
/// published (the status is guessed).
pub fn answer(cloud: &Cloud, request: &Request) -> Whole {
    let head = request.head.method == Method::HEAD;
    // The real site refuses HEAD (client), and tools that probe with it are to find out here.
    let answered = request.head.method == Method::GET || head && cloud.options.answers_head;
    let mut answer = if answered {
        get(cloud, request)
    } else {
        let mut refused = whole(405, Some("text/plain; charset=utf-8"), "method not allowed\n");
        set(refused.headers_mut(), "allow", if cloud.options.answers_head { "GET, HEAD" } else { "GET" });
        refused
    };
    if head {
        // Over HTTP/2 a body would break the stream; its length is told all the same.
        if answer.status() != StatusCode::NOT_MODIFIED {
            let length = answer.body().size_hint().exact().unwrap_or(0);
            answer.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        *answer.body_mut() = Full::default();
    }
    answer
}

fn get(cloud: &Cloud, request: &Request) -> Whole {
    if let Some(name) = request.path.strip_prefix("/lists/").and_then(|file| file.strip_suffix(".txt")) {
        return lists::answer(cloud, request, name);
    }
    let found = Kind::at(&request.path);
    let page = pages::Page::at(&request.path);
    cloud.published.with(|edition| {
        if let Some(answer) = page.and_then(|(cloud, page)| page.answer(request, edition, cloud)) {
            return answer;
        }
        let Some((found, kind)) = found.and_then(|(name, kind)| Some((edition.get(name, kind)?, kind)))
        else {
            return whole(404, Some("text/plain; charset=utf-8"), "not found\n");
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

/// A body, or 304 when the caller has it already; compressed where that is worth it and the caller can.
pub(crate) fn conditional(
    request: &Request,
    etag: &str,
    modified: Option<u64>,
    media: &str,
    body: &[u8],
) -> Whole {
    let date = modified.map(|at| UNIX_EPOCH + Duration::from_secs(at));
    let offered = request.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip"));
    let mut answer = if has_already(request, etag, date) {
        whole(304, None, "")
    } else if offered && body.len() >= COMPRESSED_FROM {
        let mut packed = whole(200, Some(media), gzip(body));
        set(packed.headers_mut(), "content-encoding", "gzip");
        packed
    } else {
        whole(200, Some(media), body.to_vec())
    };
    let headers: &mut HeaderMap = answer.headers_mut();
    set(headers, "etag", etag);
    if let Some(date) = date {
        set(headers, "last-modified", &httpdate::fmt_http_date(date));
    }
    set(headers, "vary", "Accept-Encoding");
    set(headers, "cache-control", "no-cache");
    answer
}

/// The conditions of RFC 9110: a tag counts before a date.
fn has_already(request: &Request, etag: &str, modified: Option<SystemTime>) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    if let Some(tags) = request.header("if-none-match") {
        return tags.trim() == "*" || tags.split(',').any(|tag| plain(tag) == plain(etag));
    }
    let since = request.header("if-modified-since").and_then(|text| httpdate::parse_http_date(text).ok());
    since.zip(modified).is_some_and(|(since, modified)| modified <= since)
}
