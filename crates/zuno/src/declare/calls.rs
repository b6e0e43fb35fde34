//! Calls of operations that the catalogue describes: the path put together, the pace kept, pages walked.

use std::cell::OnceCell;
use std::time::Instant;

use anyhow::{Context as _, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use zuno_catalogue::{Catalogue, Operation, Resource};
use zuno_client::{Error, Method, Response};
use zuno_plan::is_given;

use super::pace::Pace;
use crate::body::Body;
use crate::pages;
use crate::reach::Reached;

/// What stands in a path segment unescaped (RFC 3986), as far as ids need it.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@').remove(b'|');

/// A parameter of a path and what it is.
pub type Named<'a> = (&'a str, &'a str);

/// One that calls a cloud.
pub struct Caller<'a> {
    catalogue: &'a Catalogue,
    reached: &'a Reached,
    /// Only the real cloud is spared.
    pace: Option<Pace>,
    customer: OnceCell<String>,
}

impl<'a> Caller<'a> {
    /// A caller of the cloud that was reached; it keeps to the documented limits of the real one, unless it is in a hurry.
    pub fn new(catalogue: &'a Catalogue, reached: &'a Reached, hurry: bool) -> Caller<'a> {
        let pace = (reached.is_real() && !hurry).then(Pace::default);
        Caller { catalogue, reached, pace, customer: OnceCell::new() }
    }

    fn customer(&self) -> Result<&str> {
        if let Some(known) = self.customer.get() {
            return Ok(known);
        }
        let asked = self.reached.customer_id()?;
        Ok(self.customer.get_or_init(|| asked))
    }

    fn path(&self, resource: &Resource, operation: &Operation, named: &[Named<'_>]) -> Result<String> {
        let mut path = format!("{}{}", self.catalogue.owner(resource).prefix, operation.path);
        for parameter in operation.parameters() {
            let value = match named.iter().find(|(name, _)| *name == parameter) {
                _ if is_given(parameter) => self.customer()?,
                Some((_, value)) => value,
                None => {
                    let kind = &resource.kind;
                    anyhow::bail!(
                        "{kind}: the path of `{}` needs `{parameter}`, which is not known",
                        operation.name
                    )
                }
            };
            let encoded = utf8_percent_encode(value, SEGMENT).to_string();
            path = path.replacen(&format!("{{{parameter}}}"), &encoded, 1);
        }
        Ok(path)
    }

    /// Calls an operation.
    ///
    /// # Errors
    /// The refusal.
    pub fn call(
        &self,
        resource: &Resource,
        operation: &Operation,
        named: &[Named<'_>],
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> Result<Response> {
        let path = self.path(resource, operation, named)?;
        let method = Method::from_bytes(operation.method.as_str().as_bytes())?;
        if let Some(pace) = &self.pace {
            std::thread::sleep(pace.wait(self.catalogue.owner(resource), operation, Instant::now()));
        }
        let body = body.map(Body::json);
        if operation.writes() {
            self.reached.write(&method, &path, query, body.as_ref())
        } else {
            self.reached.read(&method, &path, query, body.as_ref())
        }
    }

    /// Every record that a list tells, from its first page to its last; of what is no list the one thing that it is.
    ///
    /// # Errors
    /// The refusal, or an answer that is no record.
    pub fn all(
        &self,
        resource: &Resource,
        operation: &Operation,
        named: &[Named<'_>],
    ) -> Result<Vec<Map<String, Value>>> {
        let page = self.catalogue.page(resource, operation);
        let fetch =
            |query: &[(String, String)]| Ok(self.call(resource, operation, named, query, None)?.json());
        let records = pages::all(page, &[], fetch)?;
        records.into_iter().map(|record| as_record(resource, record)).collect()
    }

    /// The one record that an operation tells.
    ///
    /// # Errors
    /// The refusal, or an answer that is no record.
    pub fn one(
        &self,
        resource: &Resource,
        operation: &Operation,
        named: &[Named<'_>],
    ) -> Result<Map<String, Value>> {
        as_record(resource, self.call(resource, operation, named, &[], None)?.json())
    }
}

fn as_record(resource: &Resource, told: Value) -> Result<Map<String, Value>> {
    match told {
        Value::Object(members) => Ok(members),
        _ => None.with_context(|| format!("{}: the answer is no record", resource.kind)),
    }
}

/// The status of a refusal, where that is what went wrong.
pub fn refused(wrong: &anyhow::Error) -> Option<u16> {
    let error = wrong.chain().find_map(|cause| cause.downcast_ref::<Error>())?;
    error.refusal().map(|refusal| refusal.status)
}
