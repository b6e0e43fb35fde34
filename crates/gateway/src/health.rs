//! What the server says of its own state: `/health`, that it lives; `/ready`, that its store reads and keeps.
//!
//! Readiness is tried and not assumed: a real write, kept like any other. One in a second is enough for all who ask.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::oneshot;
use zuno_model::TenantId;
use zuno_store::{Verdict, Write};

use crate::respond::{Response, in_json};
use crate::{Clock, Cloud};

/// How long an answer holds.
const HOLDS: Duration = Duration::from_secs(1);
/// How long the store may take.
const LONGEST: Duration = Duration::from_secs(5);
/// The note that is written.
const NOTE: &str = "ready";

/// Answers `/health`: whoever gets this has reached a living server.
pub fn alive() -> Response {
    in_json(200, &json!({"status": "ok"}))
}

/// Answers `/ready`: 200 while the store does its work, or else 503 with the cause and what to do.
pub async fn ready(cloud: &Arc<Cloud>) -> Response {
    let mut last = cloud.readiness.0.lock().await;
    let found = match &*last {
        Some((at, found)) if at.elapsed() < HOLDS => found.clone(),
        _ => {
            let found = cloud.store_works().await;
            *last = Some((Instant::now(), found.clone()));
            found
        }
    };
    match found {
        Ok(()) => in_json(200, &json!({"status": "ok"})),
        Err(cause) => in_json(503, &json!({"status": "unready", "cause": cause})),
    }
}

impl Cloud {
    async fn store_works(&self) -> Result<(), String> {
        let (tell, told) = oneshot::channel();
        let now = Clock::real().to_string();
        let probe = move |tx: &mut dyn Write| match tx.set_note(TenantId::SERVER, NOTE, Some(now.as_bytes()))
        {
            Ok(()) => Verdict::Keep,
            Err(_) => Verdict::Drop,
        };
        let done = Box::new(move |kept| drop(tell.send(kept)));
        self.store.submit_for(TenantId::SERVER, Box::new(probe), done);
        let outcome = tokio::time::timeout(LONGEST, told).await;
        if let Ok(Ok(Err(cause))) = &outcome {
            tracing::error!(cause = %chain(cause), "the store keeps nothing");
        }
        // What earlier calls ran into counts as well: a damaged page need not be one that the probe touches.
        match (self.store.trouble(), outcome) {
            (Some(trouble), _) => Err(trouble),
            (None, Ok(Ok(Ok(())))) => Ok(()),
            (None, Ok(_)) => Err("the store keeps nothing; the server's log says why".into()),
            (None, Err(_)) => Err(format!("the store has not kept a write within {} s", LONGEST.as_secs())),
        }
    }
}

/// A failure with everything that it came from, for the log.
pub fn chain(failure: &(dyn Error + 'static)) -> String {
    let (mut told, mut source) = (failure.to_string(), failure.source());
    while let Some(cause) = source {
        told = format!("{told}: {cause}");
        source = cause.source();
    }
    told
}
