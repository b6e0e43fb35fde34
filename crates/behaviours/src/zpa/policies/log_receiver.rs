//! `log-receiver`: a receiver's configuration is whole and changes in parts, and its policy rule lives as long as it does.
//!
//! An update keeps what it leaves out (a client depends on it). Statuses can be filtered only for types of log that have
//! some. The rule is one of the SIEM policy's own: callers send it with the receiver, and it is told with the receiver
//! and among the policy's rules; a receiver without one streams the logs of everybody.
//!
//! Parameters: `config` and `name` (the members that hold the configuration and its name), `required` and `defaults` of
//! the configuration, `filter` (its `member`, and the singleton's `words` that know the statuses `by` another member) and `rule` (its `kind`, the `sets` and their `type`, its member that names the `set`, the members that it is
//! `sent`, `shown` and `held` by, its `action`, and its member that names its `owner`).

use serde::Deserialize;
use serde_json::{Map, Value, json};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The guarantee for one resource.
#[derive(Deserialize)]
struct LogReceiver {
    #[serde(skip)]
    kind: String,
    config: String,
    name: String,
    required: Vec<String>,
    defaults: Map<String, Value>,
    filter: Filter,
    rule: Rule,
}

/// Which statuses can be left out.
#[derive(Deserialize)]
struct Filter {
    member: String,
    by: String,
    #[serde(skip)]
    words: (String, String),
}

/// The policy rule of a receiver.
#[derive(Deserialize)]
struct Rule {
    kind: String,
    sets: String,
    #[serde(rename = "type")]
    of_type: i64,
    set: String,
    sent: String,
    shown: String,
    held: String,
    action: String,
    owner: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut made: LogReceiver = params.read()?;
    made.kind = params.kind();
    made.filter.words = params.part("filter").member("words")?;
    for kind in [&made.rule.kind, &made.rule.sets] {
        params.resource_of(kind)?;
    }
    Ok(Box::new(made))
}

impl LogReceiver {
    fn wrong(&self, field: &str, fix: Fix) -> Fault {
        Fault::Invalid { kind: Kind(self.kind.clone()), field: field.to_owned(), fix }
    }

    /// The configuration as it will be: what is sent over what was held, or over the defaults.
    fn configured(&self, cx: &Context<'_>, change: &Change) -> Result<Map<String, Value>, Fault> {
        let of = |record: &Record| record.get(&self.config).and_then(Value::as_object).cloned();
        let held = change.old.as_ref().and_then(of);
        let sent = of(&change.sent).unwrap_or_default();
        let mut config = held.clone().unwrap_or_else(|| self.defaults.clone());
        let by = &self.filter.by;
        if held.is_some_and(|held| sent.get(by).is_some_and(|sent| held.get(by) != Some(sent))) {
            // The statuses of one type of log mean nothing to another.
            config.shift_remove(&self.filter.member);
        }
        config.extend(sent);
        let (now, id) = (Value::from(cx.now()), Value::String(change.id.0.clone()));
        config.entry("creationTime").or_insert_with(|| now.clone());
        config.insert("modifiedTime".into(), now);
        config.insert("modifiedBy".into(), Value::String(cx.actor().number.to_string()));
        config.insert("id".into(), id);
        for name in &self.required {
            if config.get(name).is_none_or(|value| value.as_str() == Some("")) {
                return Err(self.wrong(&format!("{}.{name}", self.config), Fix::Missing));
            }
        }
        self.check_filter(cx, &config)?;
        Ok(config)
    }

    fn check_filter(&self, cx: &Context<'_>, config: &Map<String, Value>) -> Result<(), Fault> {
        let filter = &self.filter;
        let chosen = config.items(&filter.member);
        if chosen.is_empty() {
            return Ok(());
        }
        let (kind, words) = &filter.words;
        let known = cx.only(kind)?;
        let log = config.text(&filter.by).unwrap_or_default();
        let codes = known.record.get(words).and_then(|words| words.get(log));
        let stranger = chosen.iter().find(|code| {
            let code = code.as_str().unwrap_or_default();
            codes.and_then(|codes| codes.get(code)).is_none()
        });
        match stranger {
            Some(code) => {
                let fix = Fix::Said(format!("{code} is no status of {log}"));
                Err(self.wrong(&format!("{}.{}", self.config, filter.member), fix))
            }
            None => Ok(()),
        }
    }

    /// The rule that a receiver holds, if there still is one.
    fn held(&self, record: &Record) -> Option<Id> {
        record.get(&self.rule.held).and_then(Id::from_value)
    }

    /// The rule as it is sent, completed: the policy set, the action, and on create a name.
    fn rule(&self, cx: &Context<'_>, change: &Change, new: bool) -> Result<Option<Value>, Fault> {
        let rule = &self.rule;
        let Some(Value::Object(sent)) = change.sent.get(&rule.sent) else { return Ok(None) };
        let of_type = |set: &&zuno_engine::Stored| set.record.number("policyType") == Some(rule.of_type);
        let sets = cx.all(&rule.sets, None)?;
        let set = sets.iter().find(of_type).map(|set| set.id.clone());
        let set = set.ok_or_else(|| Fault::broken("a tenant has no policy set for its logs"))?;
        let said = sent.get(&rule.set).and_then(Id::from_value).filter(|said| !said.as_str().is_empty());
        if said.is_some_and(|said| said != set) {
            let fix = Fix::Said(format!("{} is no set of log rules", sent[&rule.set]));
            return Err(self.wrong(&format!("{}.{}", rule.sent, rule.set), fix));
        }
        let mut body = sent.clone();
        body.insert(rule.set.clone(), Value::String(set.0));
        if new {
            let receiver = change.new.text(&self.name).unwrap_or_default();
            body.entry("name").or_insert_with(|| json!(format!("LSS selection rule for {receiver}")));
            body.entry("action").or_insert_with(|| json!(rule.action));
        }
        Ok(Some(Value::Object(body)))
    }
}

impl Behaviour for LogReceiver {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let config = self.configured(cx, change)?;
        change.new.insert(self.name.clone(), config.get("name").cloned().unwrap_or_default());
        change.new.insert(self.config.clone(), Value::Object(config));
        let held = match self.held(&change.new) {
            Some(held) => cx.get(&self.rule.kind, &held)?.map(|rule| rule.id),
            None => None,
        };
        if let Some(body) = self.rule(cx, change, held.is_none())? {
            let written = match held {
                Some(held) => cx.update(&self.rule.kind, &held, &body)?,
                // Log receivers belong to the Default microtenant alone (documented).
                None => cx.create(&self.rule.kind, "0", &body)?,
            };
            change.new.insert(self.rule.held.clone(), Value::String(written.id.0));
        }
        change.new.shift_remove(&self.rule.sent);
        Ok(())
    }

    fn after_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        if let Some(held) = self.held(&stored.record)
            && cx.get(&self.rule.kind, &held)?.is_some()
        {
            let kind = cx.resource(&self.rule.kind)?;
            cx.erase(kind, &held, false)?;
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let Some(held) = self.held(record) else { return Ok(()) };
        if let Some(rule) = cx.get(&self.rule.kind, &held)? {
            let mut shown = cx.show(cx.resource(&self.rule.kind)?, Verb::Read, None, rule)?;
            shown[self.rule.owner.as_str()] = Value::String(id.0.clone());
            record.insert(self.rule.shown.clone(), shown);
        }
        Ok(())
    }
}
