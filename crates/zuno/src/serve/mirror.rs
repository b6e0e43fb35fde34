//! A server whose service endpoints follow a site: the options, and the rounds beside the answering.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use tempfile::TempDir;
use tokio::sync::oneshot;
use zuno_endpoints::{Cloud, Kind};

use crate::endpoints::mirror::{Asked, Heard, Mirror, News, Pace};
use crate::endpoints::source::{Site, Wanted};
use crate::usage::Usage;

/// The real site, as an address.
const REAL: &str = "https://config.zscaler.com";
/// Whether a kind is followed when none is named: what the vendor's page of service endpoints lists is, and the two lists
/// of private access. The others are its predecessors, and a page for people.
fn is_followed(kind: Kind) -> bool {
    !matches!(kind, Kind::Ca | Kind::Pac | Kind::Page)
}

/// Whether and how the published service endpoints follow a site.
#[derive(Clone, Debug, Default, Args)]
pub struct Follow {
    /// Publish the service endpoints that another site has, and follow it: the real site, or a Zuno or any host with the
    /// same paths at URL. The built-in ones answer for what could not be had yet.
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = REAL, env = "ZUNO_MIRROR_ENDPOINTS")]
    mirror_endpoints: Option<String>,
    /// How often to ask that site: `90s`, `15m`, `1h`, `1d`. The real site is asked every five minutes at most.
    #[arg(long, value_name = "PAUSE", default_value = "1h", value_parser = crate::span::span, requires = "mirror_endpoints", env = "ZUNO_MIRROR_EVERY")]
    mirror_every: Duration,
    /// Clouds to follow, separated by commas; the five that the vendor documents when none is named.
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        requires = "mirror_endpoints",
        env = "ZUNO_MIRROR_CLOUD"
    )]
    mirror_cloud: Vec<String>,
    /// Kinds to follow, separated by commas; cenr, hubs-required, hubs-recommended, svpn, future, zpa and zpa-plaintext
    /// when none is named, each where it is published.
    #[arg(
        long,
        value_name = "KINDS",
        value_delimiter = ',',
        requires = "mirror_endpoints",
        env = "ZUNO_MIRROR_KIND"
    )]
    mirror_kind: Vec<Kind>,
}

/// A mirror that a server keeps current.
pub struct Following {
    mirror: Mirror,
    origin: String,
    every: Duration,
    /// Gone with the server that keeps nothing.
    _temporary: Option<TempDir>,
}

impl Follow {
    /// The mirror that is meant, if one is: in the folder that is published, or in one under the data folder, or for a
    /// server that keeps nothing in one that goes with it.
    pub fn open(&self, published: Option<&Path>, data: Option<&Path>) -> Result<Option<Following>> {
        let address = self.mirror_endpoints.as_deref().unwrap_or_default();
        if address.is_empty() {
            return Ok(None);
        }
        let site = Site::at(address).map_err(|wrong| Usage(format!("--mirror-endpoints: {wrong:#}")))?;
        let pace = Pace::new(self.mirror_every, site.is_real(), "--mirror-every")?;
        let wanted = self.wanted()?;
        let mut temporary = None;
        let folder: PathBuf = match (published, data) {
            (Some(named), _) => named.to_owned(),
            (None, Some(data)) => data.join("endpoints"),
            (None, None) => {
                let made = tempfile::Builder::new().prefix("zuno-endpoints-").tempdir();
                temporary.insert(made.context("cannot make a temporary folder")?).path().to_owned()
            }
        };
        let origin = site.origin().to_owned();
        let mirror = Mirror::new(site, folder, wanted, pace)?.without_built_in();
        Ok(Some(Following { mirror, origin, every: self.mirror_every, _temporary: temporary }))
    }

    fn wanted(&self) -> Result<Vec<Wanted>> {
        let documented =
            Cloud::ALL.iter().filter(|cloud| cloud.documented).map(|cloud| cloud.name.to_owned());
        let clouds =
            if self.mirror_cloud.is_empty() { documented.collect() } else { self.mirror_cloud.clone() };
        let usual = Kind::PUBLISHED.into_iter().filter(|&kind| is_followed(kind));
        let kinds = if self.mirror_kind.is_empty() { usual.collect() } else { self.mirror_kind.clone() };
        let published = |cloud: &String, kind: Kind| {
            // A cloud that nobody knows may be a new one.
            kind.url_path(cloud).is_some() && kind.is_published_for(cloud) != Some(false)
        };
        let wanted: Vec<Wanted> = clouds
            .iter()
            .flat_map(|cloud| kinds.iter().map(move |&kind| (cloud, kind)))
            .filter(|&(cloud, kind)| published(cloud, kind))
            .map(|(cloud, kind)| Wanted { cloud: cloud.clone(), kind })
            .collect();
        if wanted.is_empty() {
            bail!(Usage("--mirror-kind: none of these kinds is published for these clouds".into()));
        }
        Ok(wanted)
    }
}

impl Following {
    /// The folder that the server publishes.
    pub fn folder(&self) -> &Path {
        self.mirror.folder()
    }

    /// What is followed, for people.
    pub fn about(&self) -> String {
        let (origin, seconds, folder) = (&self.origin, self.every.as_secs(), self.folder().display());
        format!("service endpoints follow {origin} every {seconds} s, and are kept in {folder}")
    }

    /// One round after the other, until dropped.
    pub async fn run(self) {
        let Following { mut mirror, _temporary, .. } = self;
        let mut log = Log::default();
        loop {
            let (done, heard) = oneshot::channel();
            // A thread of its own: a server that stops waits for tokio's, and a site may take minutes to answer.
            let round = std::thread::Builder::new().name("mirror".into()).spawn(move || {
                let tell = |asked: &Asked<'_>| {
                    log.tell(asked);
                    Ok(Heard::Well)
                };
                let wait = mirror.round(tell).map(|round| round.wait);
                log.over();
                let _ = done.send((mirror, log, wait));
            });
            let outcome = match round {
                Ok(_) => heard.await.map_err(anyhow::Error::from),
                Err(cause) => Err(cause.into()),
            };
            let wait = match outcome {
                Ok((back, told, Ok(wait))) => {
                    (mirror, log) = (back, told);
                    wait
                }
                Ok((.., Err(cause))) | Err(cause) => {
                    tracing::error!(%cause, "the service endpoints are followed no more");
                    return;
                }
            };
            tokio::time::sleep(wait).await;
        }
    }
}

/// Tells the server's log what came; the same trouble with the same document once, and what the site does not have in
/// one line.
#[derive(Default)]
struct Log {
    troubles: HashMap<String, String>,
    absent: Vec<String>,
    told_absent: Vec<String>,
}

impl Log {
    fn tell(&mut self, asked: &Asked<'_>) {
        let (url, Wanted { cloud, kind }) = (asked.url, asked.wanted);
        if asked.news.is_ok() && self.troubles.remove(url).is_some() {
            tracing::warn!(%cloud, %kind, "the document can be had again");
        }
        match &asked.news {
            Ok(News::Same) => tracing::debug!(%cloud, %kind, "nothing changed"),
            Ok(News::First(prefixes)) => {
                tracing::info!(%cloud, %kind, prefixes, "published as {url} has it, no longer as built in");
            }
            Ok(News::Changed(change)) => {
                for line in change.lines() {
                    tracing::info!(%cloud, %kind, "{}: {} {}", line.change, line.what, line.detail);
                }
            }
            Ok(News::Absent(_)) if !asked.place.exists() => self.absent.push(format!("{kind} of {cloud}")),
            Ok(News::Absent(_)) | Err(_) => {
                let text = asked.trouble().unwrap_or_default();
                let stays =
                    if asked.place.exists() { "the last good document" } else { "the built-in edition" };
                if self.troubles.get(url) == Some(&text) {
                    tracing::debug!(%cloud, %kind, "{text}");
                } else {
                    tracing::warn!(%cloud, %kind, "{text}; {stays} answers");
                    self.troubles.insert(url.to_owned(), text);
                }
            }
        }
    }

    /// The round is over.
    fn over(&mut self) {
        let mut absent = std::mem::take(&mut self.absent);
        absent.sort();
        if !absent.is_empty() && absent != self.told_absent {
            tracing::warn!("the site does not publish {}; the built-in edition answers", absent.join(", "));
        }
        self.told_absent = absent;
    }
}
