//! A call as it is told: in JSON, with its secrets taken out; and in a line of the server's log.

use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use zuno_catalogue::{Catalogue, Operation, Resource};
use zuno_dialect::respelt_body;
use zuno_model::{Entry, Link};

use super::exchange::{Exchange, Payload, Service};
use super::seen::Why;
use super::unread;
use crate::json;
use crate::mask::Mask;

/// How long a compressed answer may become, in bytes; of a longer one the length is told.
const LONGEST_UNPACKED: u64 = 64 * 1024;

/// How calls are told.
pub struct Telling<'a> {
    /// The catalogue that the server serves.
    pub catalogue: &'a Catalogue,
    /// Whether bodies are told.
    pub bodies: bool,
}

impl<'a> Telling<'a> {
    fn described(&self, exchange: &Exchange) -> Option<(&'a Resource, &'a Operation)> {
        exchange.seen.operation.map(|number| self.catalogue.operation(number))
    }

    /// What is secret in a call: as the product says, or as all do.
    fn mask(&self, exchange: &Exchange) -> Mask {
        let product = self.catalogue.product(exchange.service.name(self.catalogue));
        Mask::of(self.catalogue, product.map(|product| product.name.as_str()))
    }

    /// The whole of a call.
    pub fn exchange(&self, exchange: &Exchange) -> Value {
        let mut members = Map::new();
        let mut tell = |name: &str, value: Value| {
            if value != Value::Null && value != "" {
                members.insert(name.to_owned(), value);
            }
        };
        let described = self.described(exchange);
        let mask = self.mask(exchange);
        let seen = &exchange.seen;
        tell("number", json!(exchange.number));
        tell("time", exchange.at.to_string().into());
        tell("took_ms", json!(exchange.took.as_micros() as f64 / 1000.0));
        tell("tenant", seen.tenant.as_ref().map(|tenant| tenant.vanity.clone()).into());
        tell("clock", json!(seen.now));
        tell(
            "client",
            seen.client
                .as_ref()
                .map_or(Value::Null, |client| json!({ "id": client.id(), "name": client.name() })),
        );
        tell("service", exchange.service.name(self.catalogue).into());
        tell("operation", operation(described).into());
        tell("method", exchange.method.as_str().into());
        tell("host", exchange.host.as_ref().into());
        tell("target", mask.target(&exchange.target).into());
        tell("status", json!(exchange.status));
        if let Some(why) = &seen.why {
            tell("why", why.words.as_str().into());
            tell("about", about(why));
        }
        tell("injected", json!(seen.injected));
        tell("carried", if seen.carried { json!(true) } else { Value::Null });
        if let Some(entry) = &seen.entry {
            let mut changed = changed(entry);
            mask.put_on(&mut changed);
            tell("changed", changed);
        }
        let is_secret = described.is_some_and(|(_, operation)| operation.confidential);
        // What was sent to no operation may be a secret, of which nothing says where it stands. Nothing takes packed bodies.
        let is_readable =
            (described.is_some() || exchange.service == Service::Named("scim")) && !exchange.sent.is_packed;
        let sent = if is_secret || !is_readable { None } else { read(&exchange.sent) };
        if let (Some((resource, operation)), Some(body)) = (described, &sent) {
            let dialect = zuno_dialect::of(self.catalogue.owner(resource).dialect);
            let body = respelt_body(dialect, resource, body.clone());
            let unread = unread::members(self.catalogue, resource, operation, &body);
            tell("unread", if unread.is_empty() { Value::Null } else { json!(unread) });
        }
        if self.bodies {
            let masked = |body: Option<Value>, payload: &Payload| match body {
                Some(mut body) => {
                    mask.put_on(&mut body);
                    body
                }
                None if payload.length == 0 => Value::Null,
                None => format!("{} bytes {}", payload.length, payload.media()).trim_end().into(),
            };
            tell("request", masked(sent, &exchange.sent));
            let answered = if is_secret { None } else { read(&exchange.answered) };
            tell("response", masked(answered, &exchange.answered));
        }
        Value::Object(members)
    }

    /// A call in a line.
    pub fn line(&self, exchange: &Exchange) -> String {
        let target = self.mask(exchange).target(&exchange.target);
        let mut line = format!(
            "{} {target} {} in {:.1} ms",
            exchange.method,
            exchange.status,
            exchange.took.as_secs_f64() * 1000.0
        );
        let parts =
            [operation(self.described(exchange)), exchange.seen.why.as_ref().map(|why| why.words.clone())];
        for part in parts.into_iter().flatten() {
            line.push_str(": ");
            line.push_str(&part);
        }
        // What a caller wrote begins no line of its own.
        line.replace(|letter: char| letter.is_control(), " ")
    }
}

/// An operation by its whole name, `zia.rule_label.create`.
pub fn operation(described: Option<(&Resource, &Operation)>) -> Option<String> {
    described.map(|(resource, operation)| format!("{}.{}", resource.kind, operation.name))
}

/// Which member a refusal is about, the file of the catalogue that describes it, and what stands in the way.
fn about(why: &Why) -> Value {
    let Some(kind) = &why.kind else { return Value::Null };
    let Some((product, resource)) = kind.split_once('.') else { return Value::Null };
    let mut about = json!({ "kind": kind, "described": format!("catalogue/{product}/{resource}.toml") });
    if let Some(member) = &why.member {
        about["member"] = member.as_str().into();
    }
    if !why.by.is_empty() {
        let by = |link: &Link| json!({ "kind": link.kind.0, "id": link.id.0, "name": link.name });
        about["by"] = why.by.iter().map(by).collect();
    }
    about
}

/// What became of records, as the tenant's log has it.
fn changed(entry: &Entry) -> Value {
    let record = |text: &Option<String>| -> Value {
        text.as_ref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    };
    let mut changed = Map::new();
    let members = [
        ("kind", entry.kind.as_str().into()),
        ("id", entry.id.as_str().into()),
        ("name", entry.object.as_str().into()),
        ("before", record(&entry.before)),
        ("after", record(&entry.after)),
    ];
    // A call that was refused has changed nothing.
    for (name, value) in members.into_iter().filter(|_| entry.refused.is_none()) {
        if value != Value::Null && value != "" {
            changed.insert(name.to_owned(), value);
        }
    }
    if changed.is_empty() { Value::Null } else { Value::Object(changed) }
}

/// A body's JSON, if it is one and was kept.
fn read(payload: &Payload) -> Option<Value> {
    let bytes = payload.bytes.as_deref().filter(|bytes| !bytes.is_empty())?;
    if !payload.media().contains("json") {
        return None;
    }
    if !payload.is_packed {
        return json::read(bytes).ok();
    }
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).take(LONGEST_UNPACKED + 1).read_to_end(&mut unpacked).ok()?;
    let fits = u64::try_from(unpacked.len()).is_ok_and(|length| length <= LONGEST_UNPACKED);
    json::read(&unpacked).ok().filter(|_| fits)
}
