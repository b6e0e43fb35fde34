//! How many calls were answered, and how fast, for whoever collects such figures: off unless it is asked for.

use std::time::Duration;

use http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// The media type of the text that is collected.
pub const MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    service: String,
    /// By its whole name; empty where a call was of none.
    operation: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Served {
    service: String,
}

type Durations = Family<Served, Histogram, fn() -> Histogram>;

/// The figures.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    took: Durations,
}

/// From a tenth of a millisecond to 13 seconds.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.0001, 2.0, 18))
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut registry = Registry::with_prefix("zuno");
        let answered = Family::default();
        registry.register("requests", "Calls that were answered", answered.clone());
        let took = Durations::new_with_constructor(durations);
        registry.register("request_duration_seconds", "How long it took to answer calls", took.clone());
        Metrics { registry, answered, took }
    }
}

impl Metrics {
    /// Counts a call.
    pub fn count(
        &self,
        service: &str,
        operation: Option<String>,
        method: &Method,
        status: u16,
        took: Duration,
    ) {
        let operation = operation.unwrap_or_default();
        let labels = Answered { service: service.to_owned(), operation, method: known(method), status };
        self.answered.get_or_create(&labels).inc();
        self.took.get_or_create(&Served { service: service.to_owned() }).observe(took.as_secs_f64());
    }

    /// The figures as a text.
    pub fn told(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a text takes all that is written");
        text
    }
}

/// A method's name. What callers make up is one, so that there is no end of figures through nobody.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
