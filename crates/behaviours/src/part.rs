//! The part of a list that a call wishes for, for behaviours that make the whole list themselves.

use serde_json::Value;
use zuno_engine::{Call, Outcome, Page};

/// The wished part of everything there is.
pub fn of(call: &Call, items: Vec<Value>) -> Outcome {
    let wish = &call.wish;
    let total = items.len() as u64;
    let skip = usize::try_from(wish.skip).unwrap_or(usize::MAX);
    let take = usize::try_from(wish.take.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    let items = items.into_iter().skip(skip).take(take).collect();
    Outcome::Many(Page { items, total, number: wish.number, size: wish.size, skip: wish.skip })
}
