//! `attribute-values`: the distinct values seen under one attribute, as a page of plain texts in their order.
//!
//! Parameters: `values`, the member that holds them, and `owners`, the members that the path names them by.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Page, Params, Search};
use zuno_model::{Fault, Fix, Id, Kind};

/// The guarantee for one resource.
pub struct AttributeValues {
    kind: String,
    values: String,
    owners: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let mut owners = Vec::new();
    for owner in params.texts("owners") {
        let target = resource.field(&owner).and_then(|field| field.shape.target());
        owners.push((owner.clone(), target.ok_or_else(|| format!("`{owner}` is no reference"))?.to_owned()));
    }
    Ok(Box::new(AttributeValues { kind: resource.kind.clone(), values: params.text("values")?, owners }))
}

impl Behaviour for AttributeValues {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        for (owner, kind) in &self.owners {
            let named = call.param(owner).unwrap_or_default();
            if cx.get(kind, &Id(named.to_owned()))?.is_none() {
                let (own, fix) = (Kind(self.kind.clone()), Fix::Unresolved(Kind(kind.clone())));
                return Err(Fault::Invalid { kind: own, field: owner.clone(), fix });
            }
        }
        let of_owners = |record: &zuno_model::Record| {
            self.owners
                .iter()
                .all(|(owner, _)| record.get(owner).and_then(Value::as_str) == call.param(owner))
        };
        let held = cx.all(&self.kind, None)?.into_iter().find(|stored| of_owners(&stored.record));
        let values = held.and_then(|mut stored| stored.record.shift_remove(&self.values));
        let Some(Value::Array(mut items)) = values else { return Ok(Outcome::Many(page(call, Vec::new()))) };
        let wanted = match &call.wish.search {
            Some(Search::Text(text)) => Some(text.to_lowercase()),
            // Clients ask for plain texts here; of a clause its value counts.
            Some(Search::Clauses(clauses)) => clauses.first().map(|clause| clause.value.to_lowercase()),
            None => None,
        };
        if let Some(wanted) = wanted {
            items.retain(|item| item.as_str().is_some_and(|text| text.to_lowercase().contains(&wanted)));
        }
        Ok(Outcome::Many(page(call, items)))
    }
}

fn page(call: &Call, items: Vec<Value>) -> Page {
    let wish = &call.wish;
    let total = items.len() as u64;
    let skip = usize::try_from(wish.skip).unwrap_or(usize::MAX);
    let take = usize::try_from(wish.take.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    let items = items.into_iter().skip(skip).take(take).collect();
    Page { items, total, number: wish.number, size: wish.size, skip: wish.skip }
}
