//! Which calls of the journal are asked for.

use std::ops::RangeInclusive;
use std::time::Duration;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use zuno_catalogue::Catalogue;

use super::exchange::Exchange;
use super::told::operation;
use crate::{Cloud, faults};

/// How many calls are told when nobody says.
const FEW: usize = 100;

/// How many are told at most.
const MOST: usize = 1_000;

/// How long a question may wait for an answer, in seconds.
const LONGEST_WAIT: u64 = 60;

const KNOWN: &str = "`tenant`, `client`, `operation`, `method`, `target`, `status`, `failed`, `since`, `within`, `after`, `most`, `bodies` or \
                     `wait`";

/// Which calls are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    tenant: Option<String>,
    client: Option<String>,
    operation: Option<String>,
    method: Option<Method>,
    target: Option<String>,
    status: Option<RangeInclusive<u16>>,
    failed: bool,
    since: Option<Timestamp>,
    /// Only calls after the one of this number, from there on; otherwise the last ones.
    pub after: Option<u64>,
    /// How many at most.
    pub most: usize,
    /// Whether bodies are told.
    pub bodies: bool,
    /// How long to wait for the first, if there is none.
    pub wait: Duration,
}

/// The services beside the products.
const SERVICES: [&str; 6] = ["api", "token", "sign-in", "scim", "endpoints", "trust"];

impl Question {
    /// From a query.
    ///
    /// # Errors
    /// What cannot be understood, and what to write.
    pub fn read(cloud: &Cloud, query: &[(String, String)]) -> Result<Question, String> {
        let asked = Question::written(query)?;
        if let Some(named) = asked.operation.as_deref().filter(|named| !is_known(cloud, named)) {
            return Err(format!(
                "`{named}` is no product, resource, operation or service: `zuno api --list` prints them all, services are {}",
                SERVICES.join(", ")
            ));
        }
        match &asked.tenant {
            Some(tenant) if cloud.tenant(Some(tenant)).is_ok_and(|known| known.is_none()) => {
                Err(format!("there is no tenant `{tenant}`"))
            }
            _ => Ok(asked),
        }
    }

    fn written(query: &[(String, String)]) -> Result<Question, String> {
        let mut asked = Question {
            tenant: None,
            client: None,
            operation: None,
            method: None,
            target: None,
            status: None,
            failed: false,
            since: None,
            after: None,
            most: FEW,
            bodies: true,
            wait: Duration::ZERO,
        };
        for (name, value) in query {
            let number = || value.parse().map_err(|_| format!("`{name}` is a whole number, not `{value}`"));
            let flag = || value.parse().map_err(|_| format!("`{name}` is `true` or `false`, not `{value}`"));
            match name.as_str() {
                "tenant" => asked.tenant = Some(value.to_ascii_lowercase()),
                "client" => asked.client = Some(value.clone()),
                "operation" => asked.operation = Some(value.clone()),
                "method" => {
                    let method = Method::from_bytes(value.to_ascii_uppercase().as_bytes());
                    asked.method = Some(method.map_err(|_| format!("`{value}` is no method"))?);
                }
                "target" => asked.target = Some(value.clone()),
                "status" => asked.status = Some(status(value)?),
                "failed" => asked.failed = flag()?,
                "since" => {
                    let since = value.parse();
                    asked.since = Some(since.map_err(|_| {
                        format!("`since` is a time such as `2026-11-30T12:00:00Z`, not `{value}`")
                    })?);
                }
                "within" => {
                    let ago = i64::try_from(number()?).ok().map(SignedDuration::from_secs);
                    asked.since = ago.and_then(|ago| Timestamp::now().checked_sub(ago).ok());
                }
                "after" => asked.after = Some(number()?),
                "most" => asked.most = usize::try_from(number()?).unwrap_or(MOST).min(MOST),
                "bodies" => asked.bodies = flag()?,
                "wait" => asked.wait = Duration::from_secs(number()?.min(LONGEST_WAIT)),
                _ => return Err(format!("there is no `{name}`: ask for {KNOWN}")),
            }
        }
        Ok(asked)
    }

    /// Whether it is of no call as old as this one, nor of older ones.
    pub fn is_after(&self, exchange: &Exchange) -> bool {
        self.since.is_some_and(|since| exchange.at < since)
    }

    /// Whether a call is one of them.
    pub fn means(&self, catalogue: &Catalogue, exchange: &Exchange) -> bool {
        let seen = &exchange.seen;
        let tenant = || seen.tenant.as_ref().map(|tenant| tenant.vanity.as_str());
        let client = |asked: &str| {
            seen.client.as_ref().is_some_and(|client| client.id() == asked || client.name() == asked)
        };
        let is_on = |asked: &str| {
            let whole = operation(seen.operation.map(|number| catalogue.operation(number)));
            let whole = whole.as_deref().unwrap_or_else(|| exchange.service.name(catalogue));
            whole.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.tenant.as_deref().is_none_or(|asked| tenant() == Some(asked))
            && self.client.as_deref().is_none_or(client)
            && self.operation.as_deref().is_none_or(is_on)
            && self.method.as_ref().is_none_or(|asked| *asked == exchange.method)
            && self.target.as_deref().is_none_or(|asked| exchange.target.contains(asked))
            && self.status.as_ref().is_none_or(|asked| asked.contains(&exchange.status))
            && (!self.failed || exchange.status >= 400 || seen.why.is_some())
            && self.since.is_none_or(|since| exchange.at >= since)
    }
}

/// Whether it is a product, a kind, an operation, or a service.
fn is_known(cloud: &Cloud, named: &str) -> bool {
    SERVICES.contains(&named) || faults::is_known(cloud, named)
}

/// `404`, or `4xx` for all that begin so.
fn status(text: &str) -> Result<RangeInclusive<u16>, String> {
    let class = text.strip_suffix("xx").and_then(|class| class.parse::<u16>().ok());
    let one = text.parse::<u16>().ok().filter(|one| (100..1000).contains(one));
    match (class, one) {
        (Some(class @ 1..=9), _) => Ok(class * 100..=class * 100 + 99),
        (_, Some(one)) => Ok(one..=one),
        _ => Err(format!("`status` is one such as `404`, or a class such as `4xx`, not `{text}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Question, status};

    fn asked(name: &str, value: &str) -> Result<Question, String> {
        Question::written(&[(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn a_question_is_read_strictly_and_bounded() {
        assert_eq!(asked("most", "9000000").map(|asked| asked.most), Ok(MOST));
        assert_eq!(asked("wait", "9000000").map(|asked| asked.wait.as_secs()), Ok(60));
        assert!(asked("since", "yesterday").is_err_and(|why| why.contains("2026-")));
        assert!(asked("failed", "yes").is_err_and(|why| why.contains("`true`")));
        assert!(asked("form", "5").is_err_and(|why| why.contains("there is no `form`")));
    }

    #[test]
    fn a_status_is_one_or_a_class() {
        assert_eq!(status("404"), Ok(404..=404));
        assert_eq!(status("4xx"), Ok(400..=499));
        for wrong in ["", "4x", "xx", "0xx", "10xx", "40", "1000", "ok"] {
            assert!(status(wrong).is_err(), "{wrong}");
        }
    }
}
