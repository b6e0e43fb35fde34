//! The part of a list that a call wishes for, for behaviours that make the whole list themselves.

use serde_json::Value;
use zuno_engine::{Call, Outcome, Page};

/// The wished part of everything there is.
pub fn of(call: &Call, items: Vec<Value>) -> Outcome {
    let query = &call.list_query;
    let total = items.len() as u64;
    let skip = usize::try_from(query.skip).unwrap_or(usize::MAX);
    let take = usize::try_from(query.take.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    let items = items.into_iter().skip(skip).take(take).collect();
    Outcome::Many(Page { items, total, number: query.number, size: query.size, skip: query.skip })
}
