//! `multimatch`: segments that share names change their match style together, if no feature of theirs forbids it.
//!
//! One operation changes, and must name every segment that shares a name with a named one; the other takes names and
//! tells what stands in the way, segment by segment (both documented, with their refusals).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zpa::application_segment as segment;
use zuno_catalogue::{Members, Method};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Refusal};

use super::domain_entries::holders;
use super::segment_features::{alone, within};

/// The answer's members with the flat members that they repeat.
const PORTS: [(&str, &str); 2] =
    [("tcpPorts", segment::TCP_PORT_RANGES.name), ("udpPorts", segment::UDP_PORT_RANGES.name)];

/// The guarantee for one resource.
struct Multimatch {
    styles: Vec<String>,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let styles = params
        .resource
        .field(segment::MATCH_STYLE.name)
        .map(|field| field.values.clone())
        .unwrap_or_default();
    Ok(Box::new(Multimatch { styles }))
}

fn refused(code: &str, message: String) -> Fault {
    Fault::refused(Refusal::Together, code, message)
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_lowercase)
}

impl Multimatch {
    /// A segment, of whatever scope the caller may reach.
    fn reached(cx: &Context<'_>, id: &Id) -> Result<Stored, Fault> {
        let stored = cx.need(segment::KIND, id)?;
        match cx.confined(cx.resource(segment::KIND)?) {
            Some(own) if own != stored.scope => {
                Err(Fault::NotFound { kind: segment::KIND.into(), id: id.clone() })
            }
            _ => Ok(stored),
        }
    }

    /// Every segment, of whatever scope, that has one of these names.
    fn sharing(&self, cx: &Context<'_>, names: impl Iterator<Item = String>) -> Result<Vec<Stored>, Fault> {
        let mut found: Vec<Stored> = Vec::new();
        for name in names {
            for stored in holders(cx, &name)? {
                if found.iter().all(|known| known.id != stored.id) {
                    found.push(stored);
                }
            }
        }
        Ok(found)
    }

    fn change(&self, cx: &mut Context<'_>, body: &Value) -> Result<Outcome, Fault> {
        let wrong =
            |field: &str, fix| Fault::Invalid { kind: Kind(segment::KIND.into()), field: field.into(), fix };
        let style = segment::MATCH_STYLE.of(body).unwrap_or_default().to_owned();
        if !self.styles.contains(&style) {
            return Err(wrong(segment::MATCH_STYLE.name, Fix::Enum(self.styles.clone())));
        }
        let ids = body.items("applicationIds").iter();
        let ids: BTreeSet<Id> = ids.filter_map(Id::from_value).collect();
        if ids.is_empty() {
            return Err(wrong("applicationIds", Fix::Missing));
        }
        let mut named = Vec::new();
        for id in &ids {
            named.push(Self::reached(cx, id)?);
        }
        let names: Vec<String> =
            named.iter().flat_map(|stored| texts(stored.record.get(segment::DOMAIN_NAMES.name))).collect();
        let missing: Vec<String> = self
            .sharing(cx, names.into_iter())?
            .into_iter()
            .filter(|stored| !ids.contains(&stored.id))
            .map(|stored| stored.id.0)
            .collect();
        if !missing.is_empty() {
            let message = format!(
                "The following application(s) are missing from the request but are required for the update: [{}]",
                missing.join(", ")
            );
            return Err(refused("multimatch.inconsistent.missing.apps", message));
        }
        for stored in &mut named {
            let features = alone(&stored.record, &within(cx, segment::KIND, &stored.id)?);
            if style == "INCLUSIVE" && !features.is_empty() {
                let name = stored.record.text("name").unwrap_or_default();
                let message = format!(
                    "The following features [{}] are not supported for multimatch in application segment {name}",
                    features.join(", ")
                );
                return Err(refused("features.not.supported.for.multimatch", message));
            }
            stored.record.insert(segment::MATCH_STYLE.into(), json!(style));
            stored.record.insert("modifiedTime".into(), json!(cx.now()));
            cx.save(segment::KIND, stored)?;
        }
        Ok(Outcome::Done)
    }

    fn told(&self, cx: &Context<'_>, stored: &Stored, features: Vec<&str>) -> Result<Value, Fault> {
        let record = &stored.record;
        let member = |name: &str| record.get(name).cloned().unwrap_or(Value::Null);
        let mut told = Map::new();
        told.insert("id".into(), json!(stored.id.0));
        told.insert("appSegmentName".into(), member("name"));
        told.insert("domains".into(), member(segment::DOMAIN_NAMES.name));
        told.insert(segment::MATCH_STYLE.into(), member(segment::MATCH_STYLE.name));
        for (name, flat) in PORTS {
            let ports = texts(record.get(flat)).filter_map(|port| port.parse::<u16>().ok());
            told.insert(name.into(), json!(ports.collect::<Vec<u16>>()));
        }
        let scope = (stored.scope != "0").then(|| stored.scope.clone());
        let owner = scope.as_ref().map(|scope| cx.get("zpa.microtenant", &Id(scope.clone()))).transpose()?;
        told.insert("scopeId".into(), json!(scope));
        let name = owner.flatten().and_then(|owner| owner.record.get("name").cloned());
        told.insert("scopeName".into(), name.unwrap_or(Value::Null));
        told.insert("unsupportedFeatures".into(), json!(features));
        Ok(Value::Object(told))
    }

    fn in_the_way(&self, cx: &Context<'_>, body: Option<&Value>) -> Result<Outcome, Fault> {
        let names: Vec<String> = texts(body).collect();
        if names.is_empty() {
            let message = "Domain(s) are not provided for checking multimatch unsupported features";
            return Err(refused("", message.into()));
        }
        let mut told = Vec::new();
        let own = cx.confined(cx.resource(segment::KIND)?);
        let sharing = self.sharing(cx, names.into_iter())?.into_iter();
        for stored in sharing.filter(|stored| own.is_none_or(|own| own == stored.scope)) {
            let features = alone(&stored.record, &within(cx, segment::KIND, &stored.id)?);
            if !features.is_empty() {
                told.push(self.told(cx, &stored, features)?);
            }
        }
        Ok(Outcome::Value(Value::Array(told)))
    }
}

impl Behaviour for Multimatch {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match cx.operation()?.method {
            Method::Put => self.change(cx, call.body.as_ref().unwrap_or(&Value::Null)),
            _ => self.in_the_way(cx, call.body.as_ref()),
        }
    }
}
