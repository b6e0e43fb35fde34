//! `zuno client recover`: a new secret for the first API client of a data folder, whether or not a server runs on it.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use zuno_client::Method;
use zuno_store::StoreError;

use crate::folder::{self, Credentials};
use crate::operator::Told;
use crate::reach::Target;
use crate::serve::Folder;
use crate::table::Shown;

/// Options of `zuno client recover`.
#[derive(Debug, Args)]
pub struct Recover {
    /// The data folder; the platform's own when not said.
    #[arg(long, value_name = "DIR", env = "ZUNO_DATA")]
    data: Option<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

/// Runs the command: through the folder's server if one runs, or else in its place.
pub fn run(options: &Recover) -> Result<()> {
    let path = folder::choose(options.data.as_deref())?;
    if !Folder::is_one(&path) {
        bail!("there is no cloud in {}: name its folder with --data", path.display());
    }
    let id = Credentials::kept(&path).map(|kept| kept.client_id);
    let made = match folder::address(&path).filter(|_| folder::Claim::take(&path).is_err()) {
        Some(_) => through_the_server(&path, id)?,
        None => {
            let (place, cloud) = (path.clone(), Folder::open(&path)?);
            let tenant = cloud.tenants()?.into_iter().next().context("the folder holds no tenant")?;
            let made = cloud.new_first_secret(&tenant, id, move |made| {
                let kept = Credentials::of(made).keep(&place);
                kept.map_err(|cause| StoreError::new(format!("{cause:#}")))
            })?;
            Credentials::of(&made)
        }
    };
    let file = folder::credentials(&path);
    options.shown.show(&json!({"client_id": made.client_id, "credentials": file.display().to_string()}))
}

fn through_the_server(path: &std::path::Path, id: Option<String>) -> Result<Credentials> {
    let target = Target { data: Some(path.to_owned()), ..Target::default() };
    let operator = target.operator(&Told::by_variables())?;
    let address = format!("/tenants/{}/first-client", target.tenant(&operator)?);
    let made: Value = operator.call(&Method::POST, &address, Some(&json!({"client_id": id})))?;
    let made: Credentials = serde_json::from_value(made).context("the server's answer is no API client")?;
    made.keep(path)?;
    Ok(made)
}
