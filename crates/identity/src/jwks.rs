//! Key sets that clients publish themselves: fetched from their URL, kept for a while, asked for again when a key is
//! missing. The one part of this crate that waits for a network.
//!
//! Whoever registers a client chooses the URL, so the fetch is fenced: only addresses that the operator allowed, judged
//! by the very address connected to; no redirect, no proxy, little time, little data.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use quick_cache::sync::Cache;
use rustls::crypto::aws_lc_rs;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use zuno_model::Time;

use crate::{AllowedHosts, KeyError, KeySet};

/// How long a set is kept, in seconds (guessed; the cloud's own time is unpublished).
const KEPT: Time = 600;
/// The least time between two successful fetches of one URL, in seconds, however many unknown keys are shown.
const FLOOR: Time = 5;
/// How long a failed fetch is remembered, in seconds: twice the patience, so that a dead URL keeps its callers waiting
/// half the time at most.
const FAILED: Time = 10;
/// The longest a fetch may take, from the name's resolution to the last byte.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest set read, in bytes.
const LARGEST: u64 = 256 * 1024;
/// How many URLs are remembered.
const URLS: usize = 1024;

/// Why a client's keys could not be had. `Display` is fit for the client; the operator's part is [`JwksError::detail`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// The URL is not `http(s)://host[:port]/path`.
    #[error("the client's JWKS URL is not a plain http or https URL; correct it")]
    BadUrl,
    /// The operator has not allowed the address.
    #[error(
        "fetching keys from `{host}:{port}` is not allowed; the operator of this server must add `{host}` or its \
         network to the allowed JWKS hosts"
    )]
    NotAllowed {
        /// The URL's host.
        host: String,
        /// Its port.
        port: u16,
        /// What the host resolved to.
        addresses: Vec<SocketAddr>,
    },
    /// No answer, or none in time; holds the cause.
    #[error("the client's JWKS URL cannot be reached; check that it answers within 5 seconds")]
    Unreachable(String),
    /// Another status than 200.
    #[error("the client's JWKS URL answered with status {0}; it must answer 200 itself, without a redirect")]
    Status(u16),
    /// The answer is larger than 256 KiB.
    #[error("the client's JWKS URL answered with more than 256 KiB")]
    TooLarge,
    /// The answer is no JWK set.
    #[error("the client's JWKS URL answers with something else than a JWK set: {0}")]
    NotAKeySet(KeyError),
}

impl JwksError {
    /// What only the operator may know: addresses, and the cause of a failed connection.
    pub fn detail(&self) -> Option<String> {
        match self {
            JwksError::NotAllowed { addresses, .. } => Some(format!("it resolves to {addresses:?}")),
            JwksError::Unreachable(cause) => Some(cause.clone()),
            JwksError::BadUrl | JwksError::Status(_) | JwksError::TooLarge | JwksError::NotAKeySet(_) => None,
        }
    }
}

type Outcome = Result<Arc<KeySet>, JwksError>;

/// The last fetch of one URL. Its lock is held while fetching, so that one thread fetches and the others wait for it.
type Slot = Arc<Mutex<Option<(Time, Outcome)>>>;

/// Clients' key sets by URL, for any number of threads. Each call may take up to five seconds.
pub struct JwksCache {
    agent: Agent,
    slots: Cache<String, Slot>,
}

impl fmt::Debug for JwksCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JwksCache({} URLs)", self.slots.len())
    }
}

impl JwksCache {
    /// A cache that fetches from these hosts, and trusts the public certificate authorities.
    pub fn new(allowed: AllowedHosts) -> JwksCache {
        JwksCache::with(allowed, RootCerts::WebPki, PATIENCE)
    }

    /// A cache that trusts these authorities instead, given as PEM text; `None` when it holds no certificate.
    pub fn trusting(allowed: AllowedHosts, authorities: &str) -> Option<JwksCache> {
        let certificates: Vec<_> = x509_parser::pem::Pem::iter_from_buffer(authorities.as_bytes())
            .filter_map(|block| block.ok().filter(|block| block.label == "CERTIFICATE"))
            .map(|block| ureq::tls::Certificate::from_der(&block.contents).to_owned())
            .collect();
        if certificates.is_empty() {
            return None;
        }
        Some(JwksCache::with(allowed, RootCerts::Specific(Arc::new(certificates)), PATIENCE))
    }

    fn with(allowed: AllowedHosts, roots: RootCerts, patience: Duration) -> JwksCache {
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            // A proxy would connect in our place, where no address can be checked.
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .timeout_global(Some(patience))
            .user_agent("zuno")
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), Fence { allowed });
        JwksCache { agent, slots: Cache::new(URLS) }
    }

    /// The keys at `url`: fetched within the last ten minutes, or now. `now` is real time in seconds.
    pub fn keys(&self, url: &str, now: Time) -> Outcome {
        let slot = self.slot(url);
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((fetched, Ok(keys))) if is_within(*fetched, now, KEPT) => Ok(keys.clone()),
            Some((fetched, Err(error))) if is_within(*fetched, now, FAILED) => Err(error.clone()),
            _ => self.fetch_into(&mut slot, url, now),
        }
    }

    /// Newer keys than `seen`, which did not verify something; `None` when the last fetch was only moments ago.
    pub fn newer(&self, url: &str, seen: &Arc<KeySet>, now: Time) -> Option<Outcome> {
        let slot = self.slot(url);
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            // Another thread was here in the meantime.
            Some((_, Ok(keys))) if !Arc::ptr_eq(keys, seen) => Some(Ok(keys.clone())),
            Some((fetched, Ok(_))) if is_within(*fetched, now, FLOOR) => None,
            Some((fetched, Err(error))) if is_within(*fetched, now, FAILED) => Some(Err(error.clone())),
            _ => Some(self.fetch_into(&mut slot, url, now)),
        }
    }

    fn slot(&self, url: &str) -> Slot {
        let made = self.slots.get_or_insert_with(url, || Ok::<_, std::convert::Infallible>(Slot::default()));
        match made {
            Ok(slot) => slot,
            Err(never) => match never {},
        }
    }

    fn fetch_into(&self, slot: &mut Option<(Time, Outcome)>, url: &str, now: Time) -> Outcome {
        let outcome = self.fetch(url).map(Arc::new);
        *slot = Some((now, outcome.clone()));
        outcome
    }

    fn fetch(&self, url: &str) -> Result<KeySet, JwksError> {
        let uri: Uri = url.parse().map_err(|_| JwksError::BadUrl)?;
        let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        if !plain || !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(JwksError::BadUrl);
        }
        let mut response =
            self.agent.get(uri).header("accept", "application/json").call().map_err(JwksError::of)?;
        if response.status() != 200 {
            return Err(JwksError::Status(response.status().as_u16()));
        }
        // The reader wants one byte to spare, to see the end.
        let body =
            response.body_mut().with_config().limit(LARGEST + 1).read_to_vec().map_err(JwksError::of)?;
        KeySet::from_jwks(&body).map_err(JwksError::NotAKeySet)
    }
}

/// Whether `now` is less than `span` after `then`. A clock moved back makes everything old.
fn is_within(then: Time, now: Time, span: Time) -> bool {
    (0..span).contains(&now.saturating_sub(then))
}

impl JwksError {
    fn of(error: ureq::Error) -> JwksError {
        match error {
            ureq::Error::BodyExceedsLimit(_) => JwksError::TooLarge,
            ureq::Error::Other(cause) => match cause.downcast::<JwksError>() {
                Ok(own) => *own,
                Err(other) => JwksError::Unreachable(other.to_string()),
            },
            other => JwksError::Unreachable(other.to_string()),
        }
    }
}

/// Resolves names and passes on only allowed addresses. The connection goes to one of exactly these: a name that
/// resolves differently a moment later gains nothing.
#[derive(Debug)]
struct Fence {
    allowed: AllowedHosts,
}

impl Resolver for Fence {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let resolved = DefaultResolver::default().resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        let mut allowed = self.empty();
        for address in resolved.iter().filter(|address| self.allowed.permits(host, **address)) {
            allowed.push(*address);
        }
        if allowed.is_empty() {
            let port = resolved.first().map_or(0, SocketAddr::port);
            let addresses = resolved.to_vec();
            return Err(ureq::Error::Other(Box::new(JwksError::NotAllowed {
                host: host.to_owned(),
                port,
                addresses,
            })));
        }
        Ok(allowed)
    }
}

#[cfg(test)]
mod tests;
