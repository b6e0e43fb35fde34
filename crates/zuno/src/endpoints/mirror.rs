//! Documents of a site, kept in a folder: asked for on condition, and replaced only by what was read whole and has not
//! shrunk beyond belief.

mod pace;

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use zuno_client::Response;
use zuno_endpoints::{Change, Document, Kind, guard};

pub use self::pace::Pace;
use super::allowlist::replace;
use super::source::{Site, Wanted, built_in, read};

/// The share of a document's addresses that may go from one fetch to the next (client: a public builder draws the line
/// there).
const MOST_SHRINK: f64 = 0.5;

/// The headers of an answer that are told back when the document is wanted again.
const CONDITIONS: [(&str, &str); 2] = [("etag", "if-none-match"), ("last-modified", "if-modified-since")];

/// A folder that follows a site.
pub struct Mirror {
    site: Site,
    folder: PathBuf,
    wanted: VecDeque<Wanted>,
    pace: Pace,
    takes_built_in: bool,
}

/// What became of one document.
pub struct Asked<'a> {
    /// The document.
    pub wanted: &'a Wanted,
    /// Where it is kept.
    pub place: &'a Path,
    /// Where it was asked for.
    pub url: &'a str,
    /// What came.
    pub news: Result<News>,
    /// The document that came and is not kept yet.
    pub new: Option<&'a [u8]>,
}

/// What became of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// They were used: what came is kept, and the next round compares with it.
    Well,
    /// They were not: what was kept stays, and the next round tells again.
    Badly,
}

impl Asked<'_> {
    /// Why there is no document, if there is none.
    pub fn trouble(&self) -> Option<String> {
        match &self.news {
            Ok(News::Absent(why)) => Some(why.clone()),
            Err(wrong) => Some(format!("{wrong:#}")),
            Ok(_) => None,
        }
    }
}

/// What came of asking.
pub enum News {
    /// What is kept is what the site has, by meaning.
    Same,
    /// The first good document: how many prefixes it holds.
    First(usize),
    /// A document that says something else.
    Changed(Box<Change>),
    /// The site has no such document; and what may be the matter.
    Absent(String),
}

/// What came of one round.
pub struct Round {
    /// A document says something else than before.
    pub changed: bool,
    /// A document could not be had.
    pub failed: bool,
    /// How long to leave the site alone.
    pub wait: Duration,
}

/// Where to go on after a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum GoOn {
    /// With the next one.
    Next,
    /// In another round, with this one.
    LaterHere,
    /// In another round, with the next one.
    LaterNext,
}

/// A good document that is not kept yet.
struct New {
    reply: Response,
    prefixes: usize,
}

/// What one request told.
struct Told {
    news: Result<News>,
    new: Option<New>,
    go_on: GoOn,
    /// How long the site asks to be left alone.
    wait: Duration,
}

impl Mirror {
    /// Follows a site, in a folder that is made if need be.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(site: Site, folder: PathBuf, wanted: Vec<Wanted>, pace: Pace) -> Result<Mirror> {
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Mirror { site, folder, wanted: wanted.into(), pace, takes_built_in: true })
    }

    /// Leaves alone what the site itself marks as built in: kept here, it would lose the mark.
    pub fn without_built_in(self) -> Mirror {
        Mirror { takes_built_in: false, ..self }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Asks for each document once and tells what came, which is kept only when that was heard well. When the site cannot be reached or wants to be left alone, the
    /// other documents wait for the next round, which begins with them.
    ///
    /// # Errors
    /// `tell` fails.
    pub fn round(&mut self, mut tell: impl FnMut(&Asked<'_>) -> Result<Heard>) -> Result<Round> {
        let (mut changed, mut failed, mut absent) = (false, false, false);
        let mut asked_to_wait = Duration::ZERO;
        for at in 0..self.wanted.len() {
            let wanted = &self.wanted[at];
            let (place, url) = (self.folder.join(file_name(wanted)), self.site.url(wanted));
            let Told { news, new, go_on, wait } = self.ask(wanted, &place, &url);
            asked_to_wait = asked_to_wait.max(wait);
            changed |= matches!(news, Ok(News::Changed(_)));
            failed |= news.is_err();
            absent |= matches!(news, Ok(News::Absent(_)));
            let (place, url) = (place.as_path(), url.as_str());
            let asked = Asked { wanted, place, url, news, new: new.as_ref().map(|new| &*new.reply.body) };
            let heard = tell(&asked)?;
            failed |= heard == Heard::Badly;
            if let Some(new) = new.filter(|_| heard == Heard::Well)
                && let Err(wrong) = new.keep(place, url)
            {
                failed = true;
                tell(&Asked { wanted, place, url, news: Err(wrong), new: None })?;
            }
            match go_on {
                GoOn::Next => continue,
                GoOn::LaterHere => self.wanted.rotate_left(at),
                GoOn::LaterNext => self.wanted.rotate_left((at + 1) % self.wanted.len()),
            }
            break;
        }
        // What the site does not have it will not have any sooner for being asked.
        let wait = self.pace.next(failed, asked_to_wait);
        Ok(Round { changed, failed: failed || absent, wait })
    }

    fn ask(&self, wanted: &Wanted, place: &Path, url: &str) -> Told {
        let without_reply = |wrong, go_on| Told { news: Err(wrong), new: None, go_on, wait: Duration::ZERO };
        let old = match kept(place, wanted) {
            Ok(old) => old,
            Err(wrong) => return without_reply(wrong, GoOn::Next),
        };
        let (old, conditions) = match old {
            Some((document, bytes)) => (Some(document), remembered(&state_of(place), url, &bytes)),
            None => (None, Vec::new()),
        };
        let mut headers = vec![("accept", "*/*")];
        headers.extend(conditions.iter().map(|(name, value)| (*name, value.as_str())));
        match self.site.send(wanted, &headers) {
            Err(wrong) => without_reply(wrong, GoOn::LaterNext),
            Ok(reply) => {
                let go_on = if matches!(reply.status, 429 | 503) { GoOn::LaterHere } else { GoOn::Next };
                let wait = retry_after(&reply);
                match self.take(wanted, place, url, old.as_ref(), &reply) {
                    Ok((news, prefixes)) => {
                        let new = prefixes.map(|prefixes| New { reply, prefixes });
                        Told { news: Ok(news), new, go_on, wait }
                    }
                    Err(wrong) => Told { news: Err(wrong), new: None, go_on, wait },
                }
            }
        }
    }

    /// What a reply brings, and how many prefixes are in it if it is a good document.
    fn take(
        &self,
        wanted: &Wanted,
        place: &Path,
        url: &str,
        old: Option<&Document>,
        reply: &Response,
    ) -> Result<(News, Option<usize>)> {
        match self.site.check(wanted, reply) {
            Err(wrong) if reply.status == 404 => return Ok((News::Absent(wrong.to_string()), None)),
            outcome => outcome?,
        }
        if reply.status == 304 {
            return Ok((News::Same, None));
        }
        if let Some(label) = built_in(reply).filter(|_| !self.takes_built_in) {
            bail!("{url} is not the site's own ({label})");
        }
        let new = read(&reply.body, url)?;
        if !is(&new, wanted.kind) {
            bail!("{url} gave a document of the kind `{}`", new.kind());
        }
        let set = new.set();
        guard::check(old.map(Document::set).as_ref(), &set, MOST_SHRINK).with_context(|| {
            let remedy = if old.is_some() { ": remove the file to take it all the same" } else { "" };
            format!("{url} is not taken for {}{remedy}", place.display())
        })?;
        let news = match old {
            None => News::First(set.entries()),
            Some(old) => match Change::between(old, &new)? {
                change if change.is_empty() => News::Same,
                change => News::Changed(Box::new(change)),
            },
        };
        Ok((news, Some(set.entries())))
    }
}

impl New {
    /// Puts it in the place of what is kept.
    fn keep(&self, place: &Path, url: &str) -> Result<()> {
        replace(place, &self.reply.body)?;
        remember(&state_of(place), url, &self.reply, self.prefixes)
    }
}

/// `zscaler.net.cenr.json`: the name by which a server's folder knows the document.
fn file_name(wanted: &Wanted) -> String {
    let extension = if wanted.kind == Kind::ZpaPlaintext { "txt" } else { "json" };
    format!("{}.{}.{extension}", wanted.cloud, wanted.kind)
}

/// Where is kept what the next request tells back.
fn state_of(place: &Path) -> PathBuf {
    place.with_extension("state")
}

fn is(document: &Document, kind: Kind) -> bool {
    let found = document.kind();
    found == kind || kind == Kind::ZpaPlaintext && found == Kind::List
}

/// The document that is kept, and its bytes; one that was spoilt is as good as none.
fn kept(place: &Path, wanted: &Wanted) -> Result<Option<(Document, Vec<u8>)>> {
    match fs::read(place) {
        Ok(bytes) => {
            let document = Document::read(&bytes).ok().filter(|document| is(document, wanted.kind));
            Ok(document.map(|document| (document, bytes)))
        }
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause).with_context(|| format!("cannot read {}", place.display())),
    }
}

/// The conditions under which the document is wanted again: as the same address told them with the very bytes that are
/// kept.
fn remembered(state: &Path, url: &str, bytes: &[u8]) -> Vec<(&'static str, String)> {
    let kept: Value =
        fs::read(state).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    if kept["url"] != url || kept["sha256"] != sha256(bytes) {
        return Vec::new();
    }
    let told = CONDITIONS.into_iter().map(|(_, condition)| (condition, &kept[condition]));
    told.filter_map(|(condition, value)| Some((condition, value.as_str()?.to_owned()))).collect()
}

fn remember(state: &Path, url: &str, reply: &Response, prefixes: usize) -> Result<()> {
    let fetched = httpdate::fmt_http_date(SystemTime::now());
    let mut kept =
        json!({"url": url, "fetched": fetched, "prefixes": prefixes, "sha256": sha256(&reply.body)});
    for (header, condition) in CONDITIONS {
        if let Some(value) = reply.header(header) {
            kept[condition] = value.into();
        }
    }
    replace(state, format!("{kept:#}\n").as_bytes()).map(drop)
}

fn sha256(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How long the site asks to be left alone: in seconds, or until a moment.
fn retry_after(reply: &Response) -> Duration {
    let Some(text) = reply.header("retry-after").map(str::trim) else { return Duration::ZERO };
    let until = |date: SystemTime| date.duration_since(SystemTime::now()).ok();
    let seconds = text.parse().ok().map(Duration::from_secs);
    seconds.or_else(|| until(httpdate::parse_http_date(text).ok()?)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
