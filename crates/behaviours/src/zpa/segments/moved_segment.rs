//! `moved-segment`: a segment can move to another microtenant, or be seen from others while it stays.
//!
//! It moves to groups that exist there, when nothing refers to it and it is not shared; from a microtenant only to
//! Default; its browser access applications do not come along (all documented). Shared, it is listed and read from the
//! microtenants that are named, and changed from its own alone; Default shares nothing and is shared nothing.
//! Parameters: `targets` (the member with those microtenants), `details` (tells who shares with whom), `group` and
//! `servers` (the members that name its groups), `left` (the kind that does not come along), `along` (those that do)
//! `owner` (their member that names the segment) and `reset` (what members become when their groups are left behind).

use serde_json::{Map, Value, json};
use zuno_catalogue::{Members, Method, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The kind of the scopes.
const MICROTENANT: &str = "zpa.microtenant";
/// The Default microtenant.
const DEFAULT: &str = "0";

/// The guarantee for one resource.
struct MovedSegment {
    kind: String,
    targets: String,
    details: String,
    group: (String, String),
    servers: (String, String),
    left: String,
    along: Vec<String>,
    owner: String,
    reset: Map<String, Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let link = |name: &str| {
        let member = params.text(name)?;
        let kind = params.target(&member)?;
        Ok::<_, String>((member, kind))
    };
    Ok(Box::new(MovedSegment {
        kind: params.kind(),
        targets: params.text("targets")?,
        details: params.text("details")?,
        group: link("group")?,
        servers: link("servers")?,
        left: params.text("left")?,
        along: params.texts("along"),
        owner: params.text("owner")?,
        reset: params.value("reset").and_then(Value::as_object).cloned().unwrap_or_default(),
    }))
}

impl MovedSegment {
    fn wrong(&self, field: &str, fix: Fix) -> Fault {
        Fault::Invalid { kind: Kind(self.kind.clone()), field: field.to_owned(), fix }
    }

    fn shares(&self, record: &Record) -> Vec<Id> {
        let shares = record.items(&self.targets).iter();
        shares.filter_map(Id::from_value).collect()
    }

    /// A record that exists in the scope that the segment moves to.
    fn there(&self, cx: &Context<'_>, field: &str, kind: &str, id: &Id, scope: &str) -> Result<(), Fault> {
        match cx.get(kind, id)?.is_some_and(|stored| stored.scope == scope) {
            true => Ok(()),
            false => Err(self.wrong(field, Fix::Unresolved(Kind(kind.to_owned())))),
        }
    }

    fn relocate(&self, cx: &mut Context<'_>, mut segment: Stored, body: &Value) -> Result<(), Fault> {
        let given = |name: &str| body.get(name).and_then(Id::from_value);
        let target =
            given("targetMicrotenantId").ok_or_else(|| self.wrong("targetMicrotenantId", Fix::Missing))?;
        let known = target.as_str() == DEFAULT || cx.get(MICROTENANT, &target)?.is_some();
        if !known {
            return Err(self.wrong("targetMicrotenantId", Fix::Unresolved(MICROTENANT.into())));
        }
        if target.as_str() == segment.scope || (segment.scope != DEFAULT && target.as_str() != DEFAULT) {
            let words = "a segment moves between Default and a microtenant";
            return Err(self.wrong("targetMicrotenantId", Fix::Said(words.into())));
        }
        if !self.shares(&segment.record).is_empty() {
            return Err(self.wrong(&self.targets, Fix::Said("a shared segment does not move".into())));
        }
        let by = cx.referrers(&self.kind, &segment.id)?;
        let within = |link: &zuno_model::Link| {
            link.kind.as_str() == self.left || self.along.iter().any(|kind| kind == link.kind.as_str())
        };
        let by: Vec<_> = by.into_iter().filter(|link| !within(link)).collect();
        if !by.is_empty() {
            return Err(Fault::InUse { kind: Kind(self.kind.clone()), id: segment.id, by });
        }
        let group =
            given("targetSegmentGroupId").ok_or_else(|| self.wrong("targetSegmentGroupId", Fix::Missing))?;
        self.there(cx, "targetSegmentGroupId", &self.group.1, &group, target.as_str())?;
        segment.record.insert(self.group.0.clone(), json!(group.0));
        let servers = given("targetServerGroupId");
        if let Some(servers) = &servers {
            self.there(cx, "targetServerGroupId", &self.servers.1, servers, target.as_str())?;
        }
        segment
            .record
            .insert(self.servers.0.clone(), json!(servers.iter().map(|id| &id.0).collect::<Vec<_>>()));
        let left = cx.resource(&self.left)?;
        for app in cx.pointing(&self.left, &self.owner, &self.kind, &segment.id)? {
            cx.erase(left, &app.id, true)?;
        }
        for kind in &self.along {
            for mut app in cx.pointing(kind, &self.owner, &self.kind, &segment.id)? {
                let by = cx.referrers(kind, &app.id)?;
                if !by.is_empty() {
                    return Err(Fault::InUse { kind: Kind(kind.clone()), id: app.id, by });
                }
                target.0.clone_into(&mut app.scope);
                cx.save(kind, &app)?;
            }
        }
        segment.record.extend(self.reset.clone());
        target.0.clone_into(&mut segment.scope);
        segment.record.insert("modifiedTime".into(), json!(cx.now()));
        cx.save(&self.kind, &segment)
    }

    fn share(&self, cx: &mut Context<'_>, mut segment: Stored, body: &Value) -> Result<(), Fault> {
        let listed = body.get(&self.targets).and_then(Value::as_array);
        let listed = listed.ok_or_else(|| self.wrong(&self.targets, Fix::Missing))?;
        let unresolved = || self.wrong(&self.targets, Fix::Unresolved(MICROTENANT.into()));
        let mut targets: Vec<Id> = Vec::new();
        for id in listed {
            let id = Id::from_value(id).ok_or_else(unresolved)?;
            let other = id.as_str() != DEFAULT && id.as_str() != segment.scope;
            if !other || cx.get(MICROTENANT, &id)?.is_none() {
                return Err(unresolved());
            }
            if !targets.contains(&id) {
                targets.push(id);
            }
        }
        if segment.scope == DEFAULT {
            let words = "segments of the Default microtenant cannot be shared";
            return Err(self.wrong(&self.targets, Fix::Said(words.into())));
        }
        let targets: Vec<String> = targets.into_iter().map(|id| id.0).collect();
        segment.record.insert(self.targets.clone(), json!(targets));
        segment.record.insert("modifiedTime".into(), json!(cx.now()));
        cx.save(&self.kind, &segment)
    }

    fn named(&self, cx: &Context<'_>, id: &str) -> Result<Value, Fault> {
        let name =
            cx.get(MICROTENANT, &Id(id.to_owned()))?.and_then(|stored| stored.record.get("name").cloned());
        Ok(json!({ "id": id, "name": name }))
    }
}

impl Behaviour for MovedSegment {
    fn shared_from(&self, cx: &Context<'_>, scope: &str) -> Result<Vec<Stored>, Fault> {
        if scope == DEFAULT {
            return Ok(Vec::new());
        }
        cx.pointing(&self.kind, &self.targets, MICROTENANT, &Id(scope.to_owned()))
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let targets = self.shares(record);
        if verb == Verb::Create || targets.is_empty() {
            return Ok(());
        }
        let Some(stored) = cx.get(&self.kind, id)? else { return Ok(()) };
        let mut details = Map::new();
        // Seen from elsewhere, it tells whose it is; at home, who sees it.
        if cx.scope().for_store().is_some_and(|scope| scope != stored.scope) {
            details.insert("sharedFromMicrotenant".into(), self.named(cx, &stored.scope)?);
        } else {
            let named =
                targets.iter().map(|id| self.named(cx, id.as_str())).collect::<Result<Vec<_>, _>>()?;
            details.insert("sharedToMicrotenants".into(), Value::Array(named));
        }
        record.insert(self.details.clone(), Value::Object(details));
        Ok(())
    }

    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        let told = [self.targets.as_str(), self.details.as_str()];
        Some(told.into_iter().filter(|_| verb != Verb::Create).collect())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let segment = cx.named(&self.kind)?;
        let body = call.body.as_ref().unwrap_or(&Value::Null);
        match cx.operation()?.method {
            Method::Put => self.share(cx, segment, body)?,
            _ => self.relocate(cx, segment, body)?,
        }
        Ok(Outcome::Done)
    }
}
