//! Tenants as the cases state them.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use zuno_policy::{Doubt, Options, Policy, Question, Sites, Snapshot};
use zuno_urls::{Address, Base, CustomCategories, CustomCategory, Holds, predefined};

/// Categories as the tenant's look-ups resolve them.
pub struct Categories {
    own: CustomCategories,
    families: Vec<(String, String)>,
}

impl Categories {
    pub fn of(snapshot: &Snapshot) -> Categories {
        let records = snapshot.records("zia.url_category");
        let texts = |record: &Map<String, Value>, member: &str| -> Vec<String> {
            let items = record.get(member).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let read: Vec<_> = records
            .iter()
            .map(|record| {
                let members = ["urls", "dbCategorizedUrls", "keywords", "keywordsRetainingParentCategory"];
                (record["id"].as_str().expect("an id"), record, members.map(|member| texts(record, member)))
            })
            .collect();
        let own = read.iter().map(|(id, record, [urls, kept, keywords, kept_keywords])| CustomCategory {
            id,
            val: record
                .get("val")
                .and_then(Value::as_u64)
                .and_then(|val| u32::try_from(val).ok())
                .unwrap_or(u32::MAX),
            holds: Holds::Urls,
            urls: urls.iter().map(String::as_str).collect(),
            urls_retaining_parent: kept.iter().map(String::as_str).collect(),
            keywords: keywords.iter().map(String::as_str).collect(),
            keywords_retaining_parent: kept_keywords.iter().map(String::as_str).collect(),
            ..CustomCategory::default()
        });
        let family = |record: &Map<String, Value>| {
            Some((record.get("id")?.as_str()?.to_owned(), record.get("superCategory")?.as_str()?.to_owned()))
        };
        Categories { own: CustomCategories::new(own), families: records.iter().filter_map(family).collect() }
    }
}

impl Sites for Categories {
    fn look_up(&self, url: &str, each: &mut dyn FnMut(&str)) -> Doubt {
        let found = self.own.resolve(&Address::read(url), None);
        found.categories.iter().for_each(|category| each(category));
        Doubt { equal_entries: found.ambiguous, five_levels: found.boundary }
    }

    fn family(&self, category: &str) -> Option<&str> {
        let own = self.families.iter().find(|(id, _)| id == category).map(|(_, family)| family.as_str());
        own.or_else(|| predefined(category).map(|category| category.super_category))
    }
}

/// What the base says of a URL, for cases that want a site of some category.
pub fn base(url: &str) -> &'static [&'static str] {
    Base::built_in().lookup(url).categories
}

/// A tenant with one location whose firewall is on and lets everything pass, and where what is encrypted is opened; with
/// what a case adds or puts in its place.
pub fn tenant(with: Value) -> Policy {
    tenant_with(with, Options::default())
}

pub fn tenant_with(with: Value, options: Options) -> Policy {
    let mut all = json!({
        "zia.location": [{"id": 100, "name": "HQ", "tz": "GMT", "ofwEnabled": true}],
        "zia.firewall_filtering_rule": [
            {"id": 1, "name": "F default", "order": -1, "action": "ALLOW", "defaultRule": true},
        ],
        "zia.ssl_inspection_rule": [
            {"id": 2, "name": "S default", "order": -1, "action": {"type": "DECRYPT"}, "defaultRule": true},
        ],
    });
    let (Value::Object(all), Value::Object(with)) = (&mut all, with) else {
        unreachable!("both are objects")
    };
    all.extend(with);
    let snapshot = Snapshot::from_json(Value::Object(all.clone())).expect("a snapshot");
    let categories = Arc::new(Categories::of(&snapshot));
    Policy::compile(&snapshot, options, categories)
}

/// A question, from HQ unless it says otherwise.
pub fn question(value: Value) -> Question {
    let mut all = json!({"from": "HQ"});
    let (Value::Object(all), Value::Object(value)) = (&mut all, value) else {
        unreachable!("both are objects")
    };
    all.extend(value);
    all.retain(|_, value| !value.is_null());
    serde_json::from_value(Value::Object(all.clone())).expect("a question")
}

/// `ACTION rule`, or `ACTION` alone where no rule decided; the reason behind it where a case wants it.
pub fn verdict(policy: &Policy, asked: Value) -> String {
    let question = question(asked);
    let verdict = policy.decide(&question).expect("an answer");
    let traced = policy.trace(&question).expect("an answer");
    assert_eq!((verdict.action, verdict.rule, verdict.module), (traced.action, traced.rule, traced.module));
    let action = serde_json::to_value(verdict.action).expect("a word");
    let rule = verdict.rule.map(|rule| format!(" {}", rule.name)).unwrap_or_default();
    format!("{}{rule}", action.as_str().expect("a word"))
}

/// The reason of a verdict.
pub fn reason(policy: &Policy, asked: Value) -> &'static str {
    policy.decide(&question(asked)).expect("an answer").reason.unwrap_or_default()
}
