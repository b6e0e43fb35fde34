//! `tenant-items`: operations tell the profiles of one type of rules, and how many items of one type profiles hold.
//!
//! Items are counted once however many profiles of the application hold them, and `excludeProfile` leaves one out. A profile
//! belongs to the rules that its application has. Parameters: `word`, the path's parameter with the type of rules; `app` and
//! `item`, those with the application and the type of items; `without`, the query's; `of`, the applications by the type of
//! their rules.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use zuno_catalogue::handles::zia::tenancy_restriction_profile as profile;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored, same};
use zuno_model::{Fault, Record};

/// The guarantee for profiles.
struct TenantItems {
    word: String,
    app: String,
    item: String,
    without: String,
    of: BTreeMap<String, BTreeSet<String>>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(TenantItems {
        word: params.text("word")?,
        app: params.text("app")?,
        item: params.text("item")?,
        without: params.text("without")?,
        of: params.part("of").read()?,
    }))
}

/// The items of one type that a profile holds.
fn items<'r>(record: &'r Record, wanted: &'r str) -> impl Iterator<Item = &'r str> {
    let lists = [
        (profile::ITEM_TYPE_PRIMARY, profile::ITEM_DATA_PRIMARY),
        (profile::ITEM_TYPE_SECONDARY, profile::ITEM_DATA_SECONDARY),
    ];
    let meant = lists.into_iter().filter(move |(of, _)| of.of(record) == Some(wanted));
    meant.flat_map(|(_, list)| list.of(record))
}

impl Behaviour for TenantItems {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let profiles = cx.all(profile::KIND, None)?;
        if let Some(word) = call.param(&self.word) {
            let apps = self.of.get(word);
            let is_meant = |stored: &Stored| {
                profile::APP_TYPE
                    .of(&stored.record)
                    .is_some_and(|app| apps.is_some_and(|apps| apps.contains(app)))
            };
            let meant = profiles.into_iter().filter(is_meant).collect();
            return cx.list(cx.resource(profile::KIND)?, cx.view(), meant);
        }
        let app = call.param(&self.app).unwrap_or_default();
        let item = call.param(&self.item).unwrap_or_default();
        let without = call.query(&self.without).unwrap_or_default();
        let counted: BTreeSet<&str> = profiles
            .iter()
            .filter(|stored| !same(&json!(stored.id.as_str()), without))
            .filter(|stored| profile::APP_TYPE.of(&stored.record) == Some(app))
            .flat_map(|stored| items(&stored.record, item))
            .collect();
        Ok(Outcome::Value(json!(counted.len())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::items;

    #[test]
    fn both_lists_of_a_profile_count_where_they_hold_the_type() {
        let record = json!({
            "itemTypePrimary": "A", "itemDataPrimary": ["one", "two"],
            "itemTypeSecondary": "B", "itemDataSecondary": ["three"],
        });
        let record = record.as_object().cloned().unwrap_or_default();
        assert_eq!(items(&record, "A").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(items(&record, "B").collect::<Vec<_>>(), ["three"]);
        assert_eq!(items(&record, "C").count(), 0);
    }
}
