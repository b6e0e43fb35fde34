//! `custom-category`: a tenant's own category has the lowest free `CUSTOM_NN`, a name, and something in it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::url_category as member;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context};
use zuno_model::{Fault, Fix, Id, Record};

use super::category_lists::FORMED;

/// What stands before the number in an id.
const PREFIX: &str = "CUSTOM_";
/// A category's number is this plus the one in its id (seen: `CUSTOM_03` has 130).
const FIRST_VAL: u64 = 127;

/// The guarantee for the kind.
#[derive(Default)]
pub struct CustomCategory;

fn is_own(record: &Record) -> bool {
    member::CUSTOM_CATEGORY.of(record)
}

/// The lowest number that none of the ids has; `CUSTOM_00` is never given out, though some tenants hold it (seen).
fn free<'a>(ids: impl Iterator<Item = &'a str>) -> u64 {
    let taken: BTreeSet<u64> = ids.filter_map(|id| id.strip_prefix(PREFIX)?.parse().ok()).collect();
    (1..)
        .find(|number| !taken.contains(number))
        .expect("a tenant has fewer categories than there are numbers")
}

impl Behaviour for CustomCategory {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let wrong =
            |field: &str, fix| Err(Fault::Invalid { kind: member::KIND.into(), field: field.into(), fix });
        match change.verb {
            Verb::Create => {}
            Verb::Update if change.old.as_ref().is_some_and(is_own) => {
                change.new.insert(member::CUSTOM_CATEGORY.into(), json!(true));
                if !change.sent.contains_key(member::CONFIGURED_NAME.name) {
                    return wrong(member::CONFIGURED_NAME.name, Fix::Missing);
                }
                return Ok(());
            }
            _ => return Ok(()),
        }
        if member::CONFIGURED_NAME.of(&change.new).is_none_or(str::is_empty) {
            return wrong(member::CONFIGURED_NAME.name, Fix::Missing);
        }
        let holds = |name: &str| !change.new.items(name).is_empty();
        // Documented: one of the lists must hold something.
        if !FORMED.iter().any(|name| holds(name)) {
            let words = "At least one URL, keyword or IP range is required.";
            return wrong(member::URLS.name, Fix::Said(words.into()));
        }
        let all = cx.all(member::KIND, None)?;
        let number = free(all.iter().map(|stored| stored.id.as_str()));
        change.id = Id(format!("{PREFIX}{number:02}"));
        let val = FIRST_VAL + number;
        change.new.insert(member::VAL.into(), Value::from(val));
        change.new.insert(member::PLACE.into(), Value::from(10 * val));
        change.new.insert(member::CUSTOM_CATEGORY.into(), json!(true));
        // What the portal puts there (documented).
        change.new.entry(member::SUPER_CATEGORY).or_insert_with(|| json!("USER_DEFINED"));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::free;

    #[test]
    fn the_lowest_gap_is_filled() {
        assert_eq!(free(["GAMBLING", "CUSTOM_00", "CUSTOM_01", "CUSTOM_03"].into_iter()), 2);
        assert_eq!(free([].into_iter()), 1);
        let many: Vec<String> = (1..150).map(|number| format!("CUSTOM_{number:02}")).collect();
        assert_eq!(free(many.iter().map(String::as_str)), 150);
    }
}
