//! A failure that somebody wants, in the words in which the family, or the gateway before it, tells such a one.

use std::time::Duration;

use http::Method as HttpMethod;
use http::header::RETRY_AFTER as RETRY_AFTER_HEADER;
use serde_json::json;
use zuno_catalogue::Operation;
use zuno_dialect::{Answer, Throttled};
use zuno_model::{Fault, Id, Kind};

use super::ApiRequest;
use super::refusals::{broken, stranger};
use crate::entry_point::EntryPoint;
use crate::faults;
use crate::respond::{Response, gateway_headers, in_json, refusal, respond};
use crate::state::faults::{Asked, Failure, Trouble};

/// When to try again, in seconds, where nobody said.
const RETRY_AFTER: u32 = 1;

impl ApiRequest<'_> {
    /// What is to happen to the call.
    pub(super) async fn trouble(&self) -> Result<Option<Trouble>, Box<Response>> {
        let wished = faults::wished(self.request).map_err(|why| {
            let text = format!("`{}` cannot be read: {why}", faults::HEADER);
            Box::new(in_json(400, &json!({ "error": text })))
        })?;
        let trouble = match wished {
            None if self.settings.faults.is_empty() => return Ok(None),
            None => self.set().map_err(|cause| {
                Box::new(broken(self.request, "the faults of a tenant cannot be counted", &cause))
            })?,
            wished => wished,
        };
        Ok(trouble)
    }

    /// Waits as long as the call is held up, by what is to happen to it or as it would be in the cloud; whether it was.
    pub(super) async fn held_up(&self, trouble: Option<&Trouble>) -> bool {
        let delay = trouble.and_then(|trouble| trouble.delay_ms).map(|ms| Duration::from_millis(ms.into()));
        let latency = self.family.latency.filter(|_| self.cloud.options.real_latency).map(|latency| {
            let reads = self.request.head.method == HttpMethod::GET;
            if reads { latency.read } else { latency.write }.at(score())
        });
        let long = delay.unwrap_or_default() + latency.unwrap_or_default();
        if !long.is_zero() {
            tokio::time::sleep(long).await;
        }
        !long.is_zero()
    }

    /// What the tenant's faults have for the call.
    fn set(&self) -> Result<Option<Trouble>, Fault> {
        let Some(number) = self.built() else { return Ok(None) };
        let (resource, operation) = self.cloud.engine.catalogue().operation(number);
        let asked = Asked {
            kind: &resource.kind,
            operation: &operation.name,
            writes: operation.writes(),
            client: &self.known.claims.sub,
        };
        Ok(self.cloud.trouble(&self.known.value.tenant, self.settings, asked, self.now)?)
    }

    /// The family's refusal, if the trouble is one that the family tells.
    pub(super) fn failed(&self, trouble: &Trouble) -> Option<Answer> {
        let described = self.built().map(|number| self.cloud.engine.catalogue().operation(number));
        let operation: Option<&Operation> = described.map(|(_, operation)| operation);
        let kind = || {
            Kind(described.map_or_else(|| self.family.name.clone(), |(resource, _)| resource.kind.clone()))
        };
        let id = || Id(self.route.and_then(|route| route.values.last().cloned()).unwrap_or_default());
        let seconds = trouble.retry_after.unwrap_or(RETRY_AFTER);
        let retry_after = Duration::from_secs(seconds.into());
        let fault = match trouble.failure? {
            Failure::Throttled => {
                let limit = Throttled { calls: 1, unit: "SECOND", retry_after_secs: seconds.into() };
                return Some(self.dialect.throttled(&limit));
            }
            Failure::Forbidden => Fault::Forbidden("a fault that was asked for".into()),
            Failure::NotSubscribed => Fault::NotSubscribed {
                feature: described
                    .map_or_else(|| self.family.title.clone(), |(resource, _)| resource.log_part()),
                customer: self.known.value.tenant.customer_id,
            },
            Failure::ReadOnly => Fault::ReadOnly,
            Failure::NotFound => Fault::NotFound { kind: kind(), id: id() },
            Failure::Locked => Fault::Locked { retry_after },
            Failure::Stale => Fault::Stale { kind: kind(), id: id(), at: None },
            Failure::Failed => Fault::broken("a fault that was asked for"),
            Failure::Unavailable => Fault::Unavailable { retry_after },
            Failure::Unauthorized | Failure::BadGateway | Failure::Timeout => return None,
        };
        Some(self.dialect.fault(&fault, operation))
    }

    /// The answer where the product never sees the call, if the trouble is of that sort. The bodies of the gateway's own 502
    /// and 504 are not known: they are told as its others are (guessed).
    pub(super) fn before_the_product(&self, entry_point: EntryPoint, trouble: &Trouble) -> Option<Response> {
        let (status, words) = match trouble.failure? {
            Failure::Unauthorized => return Some(self.cut(stranger(self.request, entry_point), trouble)),
            Failure::BadGateway => (502, "bad gateway"),
            Failure::Timeout => (504, "gateway timeout"),
            _ => return None,
        };
        let mut response = respond(status, Some("application/json"), refusal(words));
        gateway_headers(response.headers_mut(), self.request);
        let seconds = trouble.retry_after.unwrap_or(RETRY_AFTER);
        response.headers_mut().insert(RETRY_AFTER_HEADER, seconds.into());
        Some(self.cut(response, trouble))
    }

    /// A response of which not all arrives, if the trouble says so.
    pub(super) fn cut(&self, mut response: Response, trouble: &Trouble) -> Response {
        if let Some(cut) = trouble.cut {
            response.extensions_mut().insert(cut);
        }
        response
    }
}

/// A place among all calls, as a normal score, drawn by the method of Box and Muller.
fn score() -> f64 {
    // Never 0, whose logarithm there is not.
    let (distance, angle) = (1.0 - fastrand::f64(), fastrand::f64());
    (-2.0 * distance.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}
