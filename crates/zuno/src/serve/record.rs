//! `zuno serve --record`: calls under the cloud's own names go to the real cloud, and are kept in a file.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use aws_lc_rs::rand;
use clap::Args;
use zuno_gateway::{Keep, Recording};
use zuno_intercept::{Before, Foreign, Onward, Upstream};
use zuno_recording::Exchange;

use super::tape::{LARGEST, Tape};

/// Whether calls are carried to the real cloud.
#[derive(Clone, Debug, Default, Args)]
pub struct Record {
    /// Carry calls under the cloud's own host names to the real cloud, answer with what it answers, and keep each with its
    /// answer in this file, without its secrets; what is in the file stays. Clients bring the real cloud's credentials.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Let calls pass that change the real tenant; without it they are refused.
    #[arg(long, requires = "record")]
    pub record_writes: bool,
}

impl Record {
    /// The way there and the file, if calls are recorded: those of callers on this machine, or of all.
    pub fn open(&self, open_proxy: bool) -> Result<Option<Recording>> {
        let Some(path) = &self.record else { return Ok(None) };
        let tape = Tape::open(path, LARGEST)?;
        let mut name = [0; 8];
        rand::fill(&mut name).ok().context("this machine gives no random numbers")?;
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let onward = Onward::new(Arc::new(Upstream::of(&Before::here())), &name)
            .context("cannot call the real cloud; SSL_CERT_FILE names certificates to trust")?;
        let callers = if open_proxy { Foreign::Everyone } else { Foreign::ThisMachine };
        let keep: Keep = Arc::new(move |exchange: &Exchange| tape.keep(exchange));
        Ok(Some(Recording::new(onward, callers, self.record_writes, keep)))
    }

    /// What is said of it at the start.
    pub fn about(&self) -> Option<String> {
        let path = self.record.as_ref()?;
        let writes = if self.record_writes { "WRITES INCLUDED" } else { "but for writes, which are refused" };
        Some(format!(
            "calls under the cloud's host names go to the real cloud, {writes}, and are kept in {}",
            path.display()
        ))
    }
}
