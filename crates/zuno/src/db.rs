//! `zuno db`: what a database holds, and all of it written down in another.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zuno_gateway::Tenant;
use zuno_store::Store;
use zuno_store::copy::{self, Told};

use crate::folder::{self, Claim};
use crate::serve::{Database, Folder};
use crate::table::Shown;

/// What can be asked of databases.
#[derive(Debug, Subcommand)]
pub enum Db {
    /// Tell what a database holds, tenant by tenant, with a digest of it.
    #[command(after_help = "\
Examples:
  zuno db status
  ZUNO_DATABASE=postgres://zuno@db.example.net/zuno zuno db status

All of it is read once, at one moment. Two databases hold the same where all digests are the same.")]
    Status(Status),
    /// Write everything that one database holds down in another, an empty one, and hold the two against each other.
    #[command(after_help = "\
Examples:
  zuno db copy --from ./cloud --to 'postgres://zuno@db.example.net/zuno?sslmode=verify-full'
  zuno db copy --from postgres://zuno@db.example.net/zuno --to ./back

A database is the one of a data folder, or a URL; its password may stand in PGPASSWORD. No server may run on a folder \
meanwhile; what servers write to a PostgreSQL database after this began is not copied. The keys are in no database: servers \
on the copy want those of the original, as in `zuno serve --keys ./cloud/keys`.")]
    Copy(Copy),
}

/// Options of `zuno db status`.
#[derive(Debug, Args)]
pub struct Status {
    /// The data folder; the platform's own when not said.
    #[arg(long, value_name = "DIR", env = "ZUNO_DATA")]
    data: Option<PathBuf>,
    /// The PostgreSQL database, instead.
    #[arg(long, value_name = "URL", env = "ZUNO_DATABASE", hide_env_values = true)]
    database: Option<Database>,
    #[command(flatten)]
    shown: Shown,
}

/// Options of `zuno db copy`.
#[derive(Debug, Args)]
pub struct Copy {
    /// The database that is copied: a data folder, or the URL of a PostgreSQL database.
    #[arg(long, value_name = "DIR|URL", env = "ZUNO_FROM", hide_env_values = true)]
    from: Database,
    /// The database that is written: the same.
    #[arg(long, value_name = "DIR|URL", env = "ZUNO_TO", hide_env_values = true)]
    to: Database,
    #[command(flatten)]
    shown: Shown,
}

/// A database, with the right to its folder where it has one.
struct Opened {
    store: Arc<dyn Store>,
    _claim: Option<Claim>,
}

impl Opened {
    fn of(database: &Database, is_new: bool) -> Result<Opened> {
        match database.folder() {
            Some(path) => Opened::in_folder(path, is_new),
            None => Ok(Opened { store: Arc::new(database.open()?), _claim: None }),
        }
    }

    fn in_folder(path: &Path, is_new: bool) -> Result<Opened> {
        if !is_new && !Folder::is_one(path) {
            bail!("there is no database in {}: name its data folder, or a URL", path.display());
        }
        let Folder { file, claim } = Folder::of(path, Folder::claim(path)?)?;
        let store = file.context("the folder's database was opened")?;
        Ok(Opened { store, _claim: Some(claim) })
    }
}

/// Runs the command.
pub fn run(options: &Db) -> Result<ExitCode> {
    match options {
        Db::Status(options) => {
            let opened = match &options.database {
                Some(database) => Opened::of(database, false)?,
                None => Opened::in_folder(&folder::choose(options.data.as_deref())?, false)?,
            };
            options.shown.show(&told(&copy::whole(opened.store.as_ref())?))?;
        }
        Db::Copy(options) => {
            let from = Opened::of(&options.from, false)?;
            let to = Opened::of(&options.to, true)?;
            options.shown.show(&told(&copy::copy(from.store.as_ref(), to.store.as_ref())?))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(all: &[(Option<Tenant>, Told)]) -> Value {
    let told = |(tenant, told): &(Option<Tenant>, Told)| {
        json!({
            "tenant": tenant.as_ref().map_or("(the server's own)", |tenant| tenant.vanity.as_str()),
            "records": told.records,
            "links": told.links,
            "beside": told.beside,
            "entries": told.entries,
            "digest": format!("{:032x}", told.digest),
        })
    };
    all.iter().map(told).collect()
}
