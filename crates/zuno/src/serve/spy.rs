//! `zuno serve --spy`: reads that this server cannot answer go to the real tenant.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use clap::Args;
use zuno_client::{Error, Method};
use zuno_gateway::{Look, Spy, Told};

use crate::reach::{Reached, Target, Whom, variable};

/// Whether reads go to the real tenant.
#[derive(Clone, Debug, Default, Args)]
pub struct SpyOptions {
    /// Read through to the real tenant what the first tenant here has no answer to, as the client that ZSCALER_CLIENT_ID,
    /// ZSCALER_CLIENT_SECRET and ZSCALER_VANITY_DOMAIN name: records that are not found, kinds of which nothing was changed
    /// here, paths that are not known. Nothing is changed there.
    #[arg(long, conflicts_with = "record")]
    pub spy: bool,
}

impl SpyOptions {
    /// The way there, if there is to be one.
    pub fn open(&self) -> Result<Option<Spy>> {
        if !self.spy {
            return Ok(None);
        }
        let whom = Whom { target: Target::default(), real: true };
        let reached = Mutex::new(whom.reach().context("--spy reads the real tenant")?);
        // One at a time: the real cloud counts calls by the second.
        let look: Look = Arc::new(move |path, query| {
            let reached = reached.lock().unwrap_or_else(PoisonError::into_inner);
            looked(&reached, path, query).map_err(|cause| format!("{cause:#}"))
        });
        Ok(Some(Spy(look)))
    }

    /// What is said of it at the start.
    pub fn about(&self) -> Option<String> {
        let vanity = variable("ZSCALER_VANITY_DOMAIN").unwrap_or_default();
        self.spy.then(|| {
            format!("what it cannot answer is read from the real tenant {vanity}; nothing is changed there")
        })
    }
}

fn looked(reached: &Reached, path: &str, query: &[(String, String)]) -> Result<Told> {
    let path = with_customer(path, reached)?;
    let told = |status: u16, media: Option<&str>, body: Vec<u8>| Told {
        status,
        media: media.map(str::to_owned),
        body,
    };
    match reached.read(&Method::GET, &path, query, None) {
        Ok(answer) => Ok(told(answer.status, answer.header("content-type"), answer.body.clone())),
        Err(cause) => match cause.downcast_ref::<Error>() {
            Some(Error::Refused(refusal)) => {
                let is_json = refusal.body.first().is_some_and(|first| matches!(first, b'{' | b'['));
                let media = if is_json { "application/json" } else { "text/plain" };
                Ok(told(refusal.status, Some(media), refusal.body.clone()))
            }
            _ => Err(cause),
        },
    }
}

/// The path with the real customer in the place of this server's.
fn with_customer(path: &str, reached: &Reached) -> Result<String> {
    let Some((before, rest)) = path.split_once("/customers/") else { return Ok(path.to_owned()) };
    let rest = rest.split_once('/').map_or("", |(_, rest)| rest);
    Ok(format!("{before}/customers/{}/{rest}", reached.customer_id()?))
}
