//! `sub-applications`: the applications within a segment are records of their own, made, changed and removed with it, and told
//! and removed by their kind.
//!
//! A segment's write names them in two ways. Entries of `configs` each have types: one with a known id changes that
//! application, one without makes a new one, and the lists of ids beside them remove. The list of `listed` replaces all
//! applications of its kind. A write that names none leaves them as they are (client evidence). The answer of a create
//! shows them as they were sent (seen). Parameters: `configs`, `listed` (`member`, `kind`), `owner` (their member that
//! names the segment), `domains` (theirs must be among the segment's) and `kinds` (`word`, `kind`, `id`, `removed`).

use serde_json::{Map, Value, json};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Record};

use super::applications_by_type::ByType;

/// The entries of `configs`.
const ENTRIES: &str = "appsConfig";

/// The guarantee for the segments of one resource.
struct SubApplications {
    kind: Kind,
    configs: String,
    listed: String,
    listed_kind: String,
    owner: String,
    domains: String,
    kinds: Vec<Sort>,
}

/// One kind of application: its word among the types, its records, and how entries name and remove one.
struct Sort {
    word: String,
    kind: String,
    id: String,
    removed: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let sort = |part: Params<'_>| {
        let (word, kind) = (part.text("word")?, part.other("kind")?);
        Ok::<_, String>(Sort { word, kind, id: part.text("id")?, removed: part.text("removed")? })
    };
    let kinds = params.parts("kinds").map(sort).collect::<Result<_, _>>()?;
    let listed = params.part("listed");
    Ok(Box::new(SubApplications {
        kind: Kind(params.kind()),
        configs: params.text("configs")?,
        listed: listed.text("member")?,
        listed_kind: listed.other("kind")?,
        owner: params.text("owner")?,
        domains: params.text("domains")?,
        kinds,
    }))
}

fn lower(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(|text| text.trim().to_lowercase())
}

impl SubApplications {
    fn of(&self, cx: &Context<'_>, kind: &str, segment: &Id) -> Result<Vec<Stored>, Fault> {
        cx.pointing(kind, &self.owner, self.kind.as_str(), segment)
    }

    /// Makes an application, or changes the one that is named.
    fn put(
        &self,
        cx: &mut Context<'_>,
        change: &Change,
        kind: &str,
        entry: &Record,
        id: Option<Id>,
    ) -> Result<Id, Fault> {
        let mut body = entry.clone();
        let domain = lower(entry.get("domain")).unwrap_or_default();
        // The name cannot be chosen (client evidence).
        body.insert("name".into(), json!(domain));
        body.insert("domain".into(), json!(domain));
        body.insert(self.owner.clone(), json!(change.id.0));
        let secure = entry.text("applicationProtocol");
        let certified = entry.get("certificateId").and_then(Id::from_value).is_some();
        let certifiable = cx.resource(kind)?.field("certificateId").is_some();
        // A certificate goes with HTTPS, and with nothing else (documented).
        if certifiable && certified != (secure == Some("HTTPS")) {
            return Err(Fault::Invalid {
                kind: self.kind.clone(),
                field: "certificateId".into(),
                fix: Fix::Missing,
            });
        }
        let body = Value::Object(body);
        match id {
            None => Ok(cx.create(kind, &change.scope, &body)?.id),
            Some(id) => {
                if !self.of(cx, kind, &change.id)?.iter().any(|held| held.id == id) {
                    return Err(Fault::NotFound { kind: Kind(kind.to_owned()), id });
                }
                Ok(cx.update(kind, &id, &body)?.id)
            }
        }
    }

    fn remove(
        &self,
        cx: &mut Context<'_>,
        segment: &Id,
        kind: &str,
        id: &Id,
        forced: bool,
    ) -> Result<(), Fault> {
        if !self.of(cx, kind, segment)?.iter().any(|held| held.id == *id) {
            return Err(Fault::NotFound { kind: Kind(kind.to_owned()), id: id.clone() });
        }
        if forced {
            for link in cx.referrers(kind, id)? {
                cx.detach(link.kind.as_str(), &link.id, kind, id)?;
            }
        }
        let resource = cx.resource(kind)?;
        cx.erase(resource, id, true)
    }

    fn by_configs(&self, cx: &mut Context<'_>, change: &Change, configs: &Record) -> Result<(), Fault> {
        for sort in &self.kinds {
            let ids = configs.items(&sort.removed).iter();
            for id in ids.filter_map(Id::from_value).collect::<Vec<Id>>() {
                self.remove(cx, &change.id, &sort.kind, &id, false)?;
            }
        }
        let entries = configs.items(ENTRIES).iter();
        for entry in entries.filter_map(Value::as_object) {
            let words = entry.items("appTypes").iter();
            for word in words.filter_map(Value::as_str) {
                let sort = self.kinds.iter().find(|sort| sort.word == word).ok_or_else(|| {
                    let known = self.kinds.iter().map(|sort| sort.word.clone()).collect();
                    Fault::Invalid {
                        kind: self.kind.clone(),
                        field: "appTypes".into(),
                        fix: Fix::Enum(known),
                    }
                })?;
                let id = entry.get(&sort.id).and_then(Id::from_value);
                self.put(cx, change, &sort.kind, entry, id)?;
            }
        }
        Ok(())
    }

    fn by_list(&self, cx: &mut Context<'_>, change: &Change, list: &[Value]) -> Result<(), Fault> {
        let before = self.of(cx, &self.listed_kind, &change.id)?;
        let mut kept = Vec::new();
        for entry in list.iter().filter_map(Value::as_object) {
            let id = entry.get("id").and_then(Id::from_value);
            kept.push(self.put(cx, change, &self.listed_kind, entry, id)?);
        }
        for gone in before.iter().filter(|held| !kept.contains(&held.id)) {
            self.remove(cx, &change.id, &self.listed_kind, &gone.id, false)?;
        }
        Ok(())
    }

    /// Every application's domain is one of the segment's (client evidence).
    fn domains(&self, cx: &Context<'_>, change: &Change) -> Result<(), Fault> {
        let domains: Vec<String> =
            change.new.items(&self.domains).iter().filter_map(|domain| lower(Some(domain))).collect();
        for sort in &self.kinds {
            for held in self.of(cx, &sort.kind, &change.id)? {
                if lower(held.record.get("domain")).is_none_or(|domain| !domains.contains(&domain)) {
                    return Err(Fault::said(&self.kind, "domain", "must be one of the segment's domains"));
                }
            }
        }
        Ok(())
    }

    /// The entries that would make the applications anew, one for several kinds at the same place.
    fn entries(&self, cx: &Context<'_>, segment: &Id) -> Result<Vec<Value>, Fault> {
        let mut entries: Vec<Map<String, Value>> = Vec::new();
        for sort in &self.kinds {
            for held in self.of(cx, &sort.kind, segment)? {
                let place = |of: &Map<String, Value>| {
                    ["domain", "applicationPort", "applicationProtocol"].map(|name| of.get(name).cloned())
                };
                let known = entries
                    .iter()
                    .position(|entry| place(entry) == place(&held.record) && !entry.contains_key(&sort.id));
                let at = known.unwrap_or_else(|| {
                    entries.push(held.record.clone());
                    entries.len() - 1
                });
                let entry = &mut entries[at];
                entry.insert(sort.id.clone(), json!(held.id.0));
                match entry.entry("appTypes").or_insert_with(|| json!([])) {
                    Value::Array(words) => words.push(json!(sort.word)),
                    other => *other = json!([sort.word]),
                }
            }
        }
        Ok(entries.into_iter().map(Value::Object).collect())
    }
}

impl Behaviour for SubApplications {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let kinds = self.kinds.iter().map(|sort| (sort.word.as_str(), sort.kind.as_str())).collect();
        ByType { kind: &self.kind, owner: &self.owner, kinds }.tell(cx, call)
    }

    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        // They are records of their own; the segment keeps no list.
        change.new.shift_remove(&self.configs);
        change.new.shift_remove(&self.listed);
        Ok(())
    }

    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let forced = cx
            .operation()
            .is_ok_and(|operation| operation.force.as_deref().is_some_and(|flag| cx.flag(flag)));
        for sort in &self.kinds {
            for held in self.of(cx, &sort.kind, &stored.id)? {
                self.remove(cx, &stored.id, &sort.kind, &held.id, forced)?;
            }
        }
        Ok(())
    }

    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        // The list tells what there is, as it was read before; what the configurations make is not in it yet.
        if let Some(Value::Array(list)) = change.sent.get(&self.listed) {
            self.by_list(cx, change, list)?;
        }
        if let Some(Value::Object(configs)) = change.sent.get(&self.configs) {
            self.by_configs(cx, change, configs)?;
        }
        self.domains(cx, change)
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let sent = |name: &str| cx.sent(name).is_some();
        if verb == Verb::Create && sent(&self.configs) {
            let entries = self.entries(cx, id)?;
            if !entries.is_empty() {
                record.insert(self.configs.clone(), json!({ ENTRIES: entries }));
            }
        }
        if verb != Verb::Create || sent(&self.listed) {
            let resource = cx.resource(&self.listed_kind)?;
            let mut shown = Vec::new();
            for held in self.of(cx, &self.listed_kind, id)? {
                shown.push(cx.show(resource, verb, Some("in_segment"), held)?);
            }
            record.insert(self.listed.clone(), Value::Array(shown));
        }
        Ok(())
    }

    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        let configs = (verb == Verb::Create).then_some(self.configs.as_str());
        Some(configs.into_iter().chain([self.listed.as_str()]).collect())
    }
}
