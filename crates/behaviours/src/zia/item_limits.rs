//! `item-limits`: a profile of an application's tenants lists as many items of a sort as the application takes, in their form.
//!
//! Parameters: `app`, the member with the application; `lists`, pairs of the member with the sort and the one with the items;
//! `most`, by application and sort (`any` for all others); `forms`, by application and sort `digits` (12 of them), or `pair`,
//! two texts around a colon.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// By application, by sort of items.
type BySort<T> = BTreeMap<String, BTreeMap<String, T>>;

/// The guarantee for one resource.
struct ItemLimits {
    kind: Kind,
    app: String,
    lists: Vec<[String; 2]>,
    most: BySort<usize>,
    forms: BySort<Form>,
}

/// How an item is written.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Form {
    Digits,
    Pair,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let lists: Vec<[String; 2]> = params.part("lists").read()?;
    params.known(lists.iter().flatten())?;
    let (most, forms) = (params.part("most").read()?, params.part("forms").read()?);
    let (kind, app) = (Kind(params.kind()), params.field("app")?);
    Ok(Box::new(ItemLimits { kind, app, lists, most, forms }))
}

impl Form {
    fn holds(self, item: &str) -> bool {
        match self {
            Form::Digits => item.len() == 12 && item.bytes().all(|byte| byte.is_ascii_digit()),
            Form::Pair => {
                item.split_once(':').is_some_and(|(one, other)| !one.is_empty() && !other.is_empty())
            }
        }
    }
}

impl Behaviour for ItemLimits {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let word = |member: &str| change.new.text(member).unwrap_or_default();
        let app = word(&self.app);
        for [sort, list] in &self.lists {
            let sort = word(sort);
            let Some(items) = change.new.get(list).and_then(Value::as_array) else { continue };
            let refused = |words: String| Err(Fault::said(&self.kind, list, words));
            let limits = self.most.get(app);
            let most = limits.and_then(|limits| limits.get(sort).or_else(|| limits.get("any"))).copied();
            if let Some(most) = most.filter(|most| items.len() > *most) {
                return refused(format!("A maximum of {most} items of {sort} is allowed for {app}"));
            }
            let Some(form) = self.forms.get(app).and_then(|forms| forms.get(sort)) else { continue };
            if let Some(wrong) = items.iter().filter_map(Value::as_str).find(|item| !form.holds(item)) {
                return refused(format!("`{wrong}` is no {sort} of {app}"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn items_have_their_form() {
        assert!(Form::Digits.holds("123456789012") && !Form::Digits.holds("12345678901x"));
        assert!(!Form::Digits.holds("1234567890123") && Form::Pair.holds("tenant:policy"));
        assert!(!Form::Pair.holds("tenant") && !Form::Pair.holds(":policy"));
    }
}
