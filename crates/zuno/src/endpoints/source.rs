//! Where documents come from: files, the real site, or a Zuno.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use zuno_client::{Method, Remote, Response, Wire};
use zuno_endpoints::{Cloud, Document, HOST, Kind, OLDER_HOST, Origin};

use crate::reach::Target;
use crate::usage::Usage;

/// The largest document, as the reader has it: a file is not taken in beyond that.
const LARGEST: u64 = zuno_endpoints::LARGEST as u64;

/// The site of the US government's clouds (documented).
const GOVERNMENT_HOST: &str = "config.zscaler.us";

/// Where documents come from.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Which documents")]
pub struct Source {
    /// A published document, or a list of prefixes; `-` is standard input. May be repeated.
    #[arg(long, value_name = "FILE", conflicts_with = "live")]
    pub file: Vec<PathBuf>,
    /// Fetch from the real site, config.zscaler.com, by the proxy of the environment if there is one.
    #[arg(long)]
    pub live: bool,
    /// Fetch from a Zuno at this address; without any of the three, from the one that runs on the data folder.
    #[arg(long, value_name = "URL", env = "ZUNO_SERVER")]
    pub server: Option<String>,
    /// The data folder of that server.
    #[arg(long, value_name = "DIR", env = "ZUNO_DATA")]
    pub data: Option<PathBuf>,
    /// Clouds, separated by commas; zscaler.net is fetched when none is named.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub cloud: Vec<String>,
    /// Kinds, separated by commas: cenr, hubs-required, hubs-recommended, svpn, future, zpa, zpa-plaintext, ca, pac,
    /// page; cenr is fetched when none is named.
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub kind: Vec<Kind>,
}

/// A document that was read.
pub struct Loaded {
    /// Where it came from, for people.
    pub from: String,
    /// What it says.
    pub document: Document,
    /// What the site says of it, if it comes with Zuno: facts of a day or made up, and for no firewall.
    pub built_in: Option<String>,
}

/// What a reply says of a document that comes with Zuno.
pub fn built_in(reply: &Response) -> Option<&str> {
    reply.header("x-zuno-data").filter(|label| label.starts_with(Origin::BUILT_IN))
}

/// A place to fetch from.
pub struct Site {
    origin: String,
    wire: Wire,
    real: bool,
}

/// A document on a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its cloud.
    pub cloud: String,
    /// Its kind.
    pub kind: Kind,
}

impl Source {
    /// Reads every document that is meant.
    pub fn load(&self) -> Result<Vec<Loaded>> {
        if self.file.is_empty() {
            let site = self.site()?;
            let loaded =
                self.wanted()?.iter().map(|wanted| site.load(wanted)).collect::<Result<Vec<Loaded>>>()?;
            for Loaded { from, built_in, .. } in &loaded {
                if let Some(label) = built_in {
                    anstream::eprintln!("zuno: {from} is {label}: no firewall should be configured from it");
                }
            }
            return Ok(loaded);
        }
        let files = self.file.iter().map(|path| read_file(path)).collect::<Result<Vec<Loaded>>>()?;
        if let [name] = self.cloud.as_slice()
            && let Some(other) = files.iter().find(|one| !of_cloud(one, name))
        {
            let named = other.document.cloud().unwrap_or_default();
            bail!(Usage(format!("{} is of the cloud {named}, not of {name}: leave --cloud out", other.from)));
        }
        Ok(files)
    }

    /// The documents that are meant on a site.
    pub fn wanted(&self) -> Result<Vec<Wanted>> {
        let clouds = if self.cloud.is_empty() { vec!["zscaler.net".to_owned()] } else { self.cloud.clone() };
        let kinds = if self.kind.is_empty() { vec![Kind::Cenr] } else { self.kind.clone() };
        let mut wanted = Vec::new();
        for cloud in clouds {
            for &kind in &kinds {
                if kind.url_path(&cloud).is_none() {
                    bail!(Usage(format!("the kind `{kind}` is not published: give it with --file")));
                }
                wanted.push(Wanted { cloud: cloud.clone(), kind });
            }
        }
        Ok(wanted)
    }

    /// The site that is meant.
    pub fn site(&self) -> Result<Site> {
        if self.live {
            return Ok(Site::real());
        }
        let target = Target { server: self.server.clone(), data: self.data.clone(), ..Target::default() };
        let origin = target.origin().map_err(|_| {
            Usage(
                "say where documents come from: --file FILE, --live for the real site, or --server URL"
                    .into(),
            )
        })?;
        Site::at(&origin)
    }
}

fn of_cloud(loaded: &Loaded, name: &str) -> bool {
    loaded.document.cloud().is_none_or(|cloud| cloud.eq_ignore_ascii_case(name))
}

impl Site {
    /// The real site.
    pub fn real() -> Site {
        Site { origin: format!("https://{HOST}"), wire: Wire::new(None), real: true }
    }

    /// The site at an address: the real one by any of its names, or a Zuno, or any host that answers the same paths,
    /// which are reached without a proxy.
    pub fn at(address: &str) -> Result<Site> {
        let Remote::Server { origin, .. } = Remote::server(address, None)? else {
            unreachable!("a server's address is no cloud")
        };
        match origin.split_once("://").map_or("", |(_, authority)| authority) {
            HOST | OLDER_HOST => Ok(Site::real()),
            GOVERNMENT_HOST => Ok(Site { origin, wire: Wire::new(None), real: true }),
            _ => Ok(Site { wire: Wire::new(Some(&origin)), origin, real: false }),
        }
    }

    /// The real site, which is asked less often than others.
    pub fn is_real(&self) -> bool {
        self.real
    }

    /// Its address, without a path.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address of a document.
    pub fn url(&self, wanted: &Wanted) -> String {
        let path = wanted.kind.url_path(&wanted.cloud).expect("only kinds with a path are wanted");
        format!("{}{path}", self.origin)
    }

    /// Asks for a document, with headers of one's own; whatever is answered.
    pub fn send(&self, wanted: &Wanted, headers: &[(&str, &str)]) -> Result<Response> {
        Ok(self.wire.send(&Method::GET, &self.url(wanted), headers, None)?)
    }

    /// Refuses an answer that is neither a document nor says that the caller has it.
    pub fn check(&self, wanted: &Wanted, reply: &Response) -> Result<()> {
        match reply.status {
            200 | 304 => Ok(()),
            status => bail!("{} answers {status}{}", self.url(wanted), hint(wanted, status)),
        }
    }

    fn load(&self, wanted: &Wanted) -> Result<Loaded> {
        let reply = self.send(wanted, &[("accept", "*/*")])?;
        self.check(wanted, &reply)?;
        let from = self.url(wanted);
        let document = read(&reply.body, &from)?;
        Ok(Loaded { from, document, built_in: built_in(&reply).map(str::to_owned) })
    }
}

fn hint(wanted: &Wanted, status: u16) -> String {
    let Wanted { cloud, kind } = wanted;
    match (status, kind.is_published_for(cloud)) {
        (404, Some(false)) => format!(": the kind `{kind}` is not known to be published for {cloud}"),
        (404, None) => {
            let names: Vec<&str> = Cloud::ALL.iter().map(|cloud| cloud.name).collect();
            format!(": no cloud is known by the name `{cloud}`; known are {}", names.join(", "))
        }
        (404, Some(true)) => ": this site does not publish it".into(),
        (403 | 407, _) => ": a proxy may be in between; see HTTPS_PROXY".into(),
        (429 | 503, _) => ": ask again later".into(),
        _ => String::new(),
    }
}

/// Reads a document, and names its source when that fails.
pub fn read(bytes: &[u8], from: &str) -> Result<Document> {
    Document::read(bytes).with_context(|| format!("cannot use {from}"))
}

/// Reads a file, or standard input.
pub fn read_file(path: &Path) -> Result<Loaded> {
    let from = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let bytes = bytes_of(path).with_context(|| format!("cannot read {from}"))?;
    Ok(Loaded { document: read(&bytes, &from)?, from, built_in: None })
}

/// The bytes of a file or of standard input, up to one more than are read.
pub fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(path)?;
        bytes.reserve(usize::try_from(file.metadata()?.len().min(LARGEST)).unwrap_or(0) + 1);
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
