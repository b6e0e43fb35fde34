//! `one-click`: switches of a singleton turn rules of the vendor's on and off, and make and remove those that are there
//! only meanwhile.
//!
//! Parameter `switches`, each with: `any`, the flags of which one must be on; `rules`, by kind the name of the rule that
//! follows; `first`, whether rules that are turned on go to the front; `makes`, by type of applications those that a rule
//! allows, under `name`, while the switch is on. What is allowed is every action of the type that allows (seen).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::web_application_rule as rule;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for the singleton.
struct OneClick {
    switches: Vec<Switch>,
    allowing: BTreeMap<String, Vec<String>>,
}

/// Flags, and the rules that follow them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    any: Vec<String>,
    #[serde(default)]
    rules: BTreeMap<String, String>,
    #[serde(default)]
    first: bool,
    #[serde(default)]
    makes: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    name: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let switches: Vec<Switch> = params.part("switches").read()?;
    for switch in &switches {
        params.known(&switch.any)?;
        switch.rules.keys().try_for_each(|kind| params.field_of(kind, "name").map(drop))?;
    }
    let actions = params.resource_of(rule::KIND)?.behaviours.get("application-actions");
    let actions = actions.ok_or_else(|| params.wrong(format!("`{}` has no actions by type", rule::KIND)))?;
    let mut allowing: BTreeMap<String, Vec<String>> = params.within(&actions.0).part("of").read()?;
    allowing.values_mut().for_each(|actions| actions.retain(|action| action.starts_with("ALLOW_")));
    Ok(Box::new(OneClick { switches, allowing }))
}

impl Switch {
    fn is_on(&self, settings: &Record) -> bool {
        self.any.iter().any(|flag| settings.flag(flag))
    }

    /// Turns the vendor's rules on or off.
    fn turn(&self, cx: &mut Context<'_>, on: bool) -> Result<(), Fault> {
        for (kind, name) in &self.rules {
            let Some(id) = cx.holder(cx.resource(kind)?, "name", name, "0")? else { continue };
            let mut wanted = json!({ "state": if on { "ENABLED" } else { "DISABLED" } });
            if on && self.first {
                wanted["order"] = json!(1);
            }
            cx.amend(kind, &id, &wanted)?;
        }
        Ok(())
    }
}

impl OneClick {
    /// The rules that a switch has made.
    fn made(&self, cx: &Context<'_>, switch: &Switch) -> Result<Vec<Id>, Fault> {
        let own =
            |record: &Record| rule::PREDEFINED.of(record) && rule::NAME.of(record) == Some(&switch.name);
        let all = cx.all(rule::KIND, None)?;
        Ok(all.into_iter().filter(|stored| own(&stored.record)).map(|stored| stored.id).collect())
    }

    fn make_rules(&self, cx: &mut Context<'_>, switch: &Switch) -> Result<(), Fault> {
        for (of_type, applications) in &switch.makes {
            let members = json!({
                rule::TYPE: of_type, rule::NAME: switch.name, rule::DESCRIPTION: switch.name, rule::ORDER: 1,
                rule::RANK: 7, rule::STATE: "ENABLED", rule::APPLICATIONS: applications,
                rule::ACTIONS: self.allowing.get(of_type), rule::PREDEFINED: true,
            });
            let members: Record = serde_json::from_value(members).map_err(Fault::broken)?;
            cx.insert(rule::KIND, "0", members)?;
        }
        Ok(())
    }
}

impl Behaviour for OneClick {
    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        for switch in &self.switches {
            let (was, is) =
                (change.old.as_ref().is_some_and(|old| switch.is_on(old)), switch.is_on(&change.new));
            if was == is {
                continue;
            }
            switch.turn(cx, is)?;
            if switch.makes.is_empty() {
                continue;
            }
            for id in self.made(cx, switch)? {
                // The vendor itself may remove it.
                let mut stored = cx.need(rule::KIND, &id)?;
                stored.record.insert(rule::PREDEFINED.into(), Value::Bool(false));
                cx.save(rule::KIND, &stored)?;
                cx.erase(cx.resource(rule::KIND)?, &id, false)?;
            }
            if is {
                self.make_rules(cx, switch)?;
            }
        }
        Ok(())
    }
}
