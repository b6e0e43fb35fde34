//! Calls that fail because somebody wants it: by a fault that the operator has set for a tenant, or by a header that a
//! caller sends along with its own call.

use std::sync::Arc;

use http::Method;
use serde_json::json;
use zuno_model::{Tenant, Time};
use zuno_store::StoreError;

use crate::Cloud;
use crate::members::Members;
use crate::request::Request;
use crate::respond::{Response, in_json, respond};
use crate::state::faults::{Asked, Calls, Cut, Failure, MOST, Often, SetFault, Trouble};
use crate::state::settings::{self, Settings};

/// The header by which a caller asks for a failure of its own call.
pub const HEADER: &str = "zuno-fault";

/// How long the header may be, in bytes.
const LONGEST_HEADER: usize = 256;

/// How long a caller may hold its own call up, in milliseconds: meanwhile the room for its body is taken from others.
const LONGEST_OWN_DELAY_MS: u32 = 30_000;

impl Cloud {
    /// What happens to a call: as the first of the tenant's faults has it that is set for it and hits it.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn trouble(
        &self,
        tenant: &Tenant,
        settings: &Settings,
        asked: Asked<'_>,
        now: Time,
    ) -> Result<Option<Trouble>, StoreError> {
        for fault in settings.faults.iter().filter(|fault| fault.calls.mean(asked) && !fault.is_over(now)) {
            if !fault.often.is_counted() {
                return Ok(Some(fault.trouble.clone()));
            }
            // How many calls came is counted in the store, so that several servers hit no more than is said.
            let (id, whose) = (fault.id, tenant.id);
            let hit = self.keep_for(whose, move |tx| {
                let mut hit = false;
                settings::change(tx, whose, |settings| {
                    let fault = settings.faults.iter_mut().find(|fault| fault.id == id);
                    hit = fault.is_some_and(|fault| fault.meet(now));
                })?;
                Ok(hit)
            })?;
            if hit {
                return Ok(Some(fault.trouble.clone()));
            }
        }
        Ok(None)
    }
}

/// What a caller wishes for its own call: `429; retry-after=2`, `delay=300`, `locked; cut=body`. Nothing without the header.
pub fn wished(request: &Request) -> Result<Option<Trouble>, String> {
    let Some(text) = request.head.headers.get(HEADER) else { return Ok(None) };
    let text = text.to_str().ok().filter(|text| text.len() <= LONGEST_HEADER);
    let text = text.ok_or("it is too long, or no ASCII")?;
    let mut trouble = Trouble::default();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let number = |value: &str| value.parse().map_err(|_| format!("`{value}` is no whole number"));
        match part.split_once('=') {
            None => trouble.failure = Some(failure(part)?),
            Some(("retry-after", seconds)) => trouble.retry_after = Some(number(seconds)?),
            Some(("delay", milliseconds)) => trouble.delay_ms = Some(number(milliseconds)?),
            Some(("cut", what)) => trouble.cut = Some(cut(what)?),
            Some((name, _)) => {
                return Err(format!("there is no `{name}`: `retry-after`, `delay` and `cut` are known"));
            }
        }
    }
    trouble.check()?;
    if trouble.delay_ms > Some(LONGEST_OWN_DELAY_MS) {
        return Err("a caller holds its own call up for 30 seconds at most".into());
    }
    Ok(Some(trouble))
}

fn failure(text: &str) -> Result<Failure, String> {
    Failure::named(text).ok_or_else(|| {
        let known = Failure::ALL.map(|(word, status, _)| match status {
            Some(status) => format!("{word} ({status})"),
            None => word.to_owned(),
        });
        format!("`{text}` is no failure: known are {}", known.join(", "))
    })
}

fn cut(text: &str) -> Result<Cut, String> {
    Cut::named(text).ok_or_else(|| format!("`{text}` cannot be cut: `answer` and `body` can"))
}

/// Answers the operator about a tenant's faults; nothing where there is no such call.
pub fn answer(
    cloud: &Cloud,
    request: &Request,
    tenant: &Arc<Tenant>,
    rest: &[&str],
    mut members: Members,
) -> Result<Option<Response>, String> {
    let outcome = match (&request.head.method, rest) {
        (&Method::GET, []) => {
            members.end()?;
            cloud.settings(tenant.id).map(|settings| in_json(200, &json!({ "faults": settings.faults })))
        }
        (&Method::POST, []) => {
            let (fault, lasts) = read(&mut members)?;
            members.end()?;
            if !fault.calls.on.is_empty() && !is_known(cloud, &fault.calls.on) {
                return Err(format!(
                    "`{}` is no product, resource or operation: `zuno api --list` prints them all",
                    fault.calls.on
                ));
            }
            cloud.now(tenant.id).and_then(|now| add(cloud, tenant, &fault, lasts, now))
        }
        (&Method::DELETE, []) => {
            members.end()?;
            cloud.set(tenant.id, |settings| settings.faults.clear()).map(|()| respond(204, None, ""))
        }
        (&Method::DELETE, [id]) => {
            members.end()?;
            remove(cloud, tenant, id)
        }
        _ => return Ok(None),
    };
    Ok(Some(outcome.unwrap_or_else(|cause| {
        tracing::error!(%cause, "the faults of a tenant cannot be kept");
        in_json(500, &json!({ "error": cause.to_string() }))
    })))
}

/// A fault as the operator writes it, and how many seconds it lasts where that is said.
fn read(members: &mut Members) -> Result<(SetFault, Option<u32>), String> {
    let mut small = |name| match members.whole(name)?.map(u32::try_from) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => Err(format!("`{name}` is a whole number from 0 to {}", u32::MAX)),
    };
    let (after, times, percent) = (small("after")?, small("times")?, small("percent")?);
    let (retry_after, delay_ms, seconds) = (small("retry_after")?, small("delay_ms")?, small("seconds")?);
    if percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
        return Err("`percent` is 1 to 100".into());
    }
    let trouble = Trouble {
        failure: members.text("failure")?.as_deref().map(failure).transpose()?,
        retry_after,
        delay_ms,
        cut: members.text("cut")?.as_deref().map(cut).transpose()?,
    };
    trouble.check()?;
    let calls = Calls {
        on: members.text("on")?.unwrap_or_default(),
        client: members.text("client")?,
        writes: members.flag("writes")?,
    };
    let often = Often { after, times, percent, until: None };
    Ok((SetFault { id: 0, calls, trouble, often, met: 0, hit: 0 }, seconds))
}

/// Whether calls can be named by this.
/// Whether it is a product, a kind or an operation.
pub fn is_known(cloud: &Cloud, on: &str) -> bool {
    let catalogue = cloud.catalogue();
    let is_operation = || {
        let (kind, operation) = on.rsplit_once('.')?;
        catalogue.resource(kind)?.operations.get(operation)
    };
    catalogue.product(on).is_some() || catalogue.resource(on).is_some() || is_operation().is_some()
}

fn add(
    cloud: &Cloud,
    tenant: &Tenant,
    fault: &SetFault,
    lasts: Option<u32>,
    now: Time,
) -> Result<Response, StoreError> {
    let whose = tenant.id;
    let until = lasts.map(|seconds| now.saturating_add(seconds.into()));
    let fault = SetFault { often: Often { until, ..fault.often.clone() }, ..fault.clone() };
    let kept = cloud.keep(move |tx| {
        let mut kept = None;
        settings::change(tx, whose, |settings| {
            if settings.faults.len() >= MOST {
                settings.faults.retain(|fault| !fault.is_over(now));
            }
            if settings.faults.len() < MOST {
                settings.last_fault += 1;
                let fault = SetFault { id: settings.last_fault, ..fault.clone() };
                settings.faults.push(fault.clone());
                kept = Some(fault);
            }
        })?;
        Ok(kept)
    })?;
    Ok(match kept {
        Some(kept) => in_json(201, &json!(kept)),
        None => in_json(409, &json!({ "error": format!("a tenant has {MOST} faults at most: clear some") })),
    })
}

fn remove(cloud: &Cloud, tenant: &Tenant, id: &str) -> Result<Response, StoreError> {
    let whose = tenant.id;
    let wanted = id.to_owned();
    let removed = cloud.keep(move |tx| {
        let mut removed = false;
        settings::change(tx, whose, |settings| {
            let before = settings.faults.len();
            settings.faults.retain(|fault| fault.id.to_string() != wanted);
            removed = settings.faults.len() < before;
        })?;
        Ok(removed)
    })?;
    Ok(match removed {
        true => respond(204, None, ""),
        false => in_json(404, &json!({ "error": format!("the tenant has no fault {id}") })),
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{HEADER, wished};
    use crate::request::Request;
    use crate::state::faults::{Cut, Failure, Trouble};

    fn asked(header: &str) -> Result<Option<Trouble>, String> {
        let request = http::Request::get("/x").header(HEADER, header).body(());
        let (head, ()) = request.expect("a valid request").into_parts();
        wished(&Request::new(head, Bytes::new()))
    }

    #[test]
    fn a_caller_says_what_happens_to_its_call() {
        let trouble =
            |failure, retry_after, delay_ms, cut| Ok(Some(Trouble { failure, retry_after, delay_ms, cut }));
        assert_eq!(asked("429; retry-after=2"), trouble(Some(Failure::Throttled), Some(2), None, None));
        assert_eq!(asked("delay=300;cut=body"), trouble(None, None, Some(300), Some(Cut::Body)));
        for (header, word) in [
            ("418", "known are unauthorized (401)"),
            ("delay=soon", "no whole number"),
            ("delay=30001", "30 seconds"),
            ("retry-after=2", "say what happens"),
            ("cut=all", "`answer` and `body`"),
            ("sleep=2", "there is no `sleep`"),
            (&"x".repeat(300), "too long"),
        ] {
            assert!(asked(header).as_ref().is_err_and(|why| why.contains(word)), "{header}");
        }
    }
}
