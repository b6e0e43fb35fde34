//! The part of a list that a call wishes for, for behaviours that make the whole list themselves.

use serde_json::Value;
use zuno_engine::{Call, Outcome, Page};
use zuno_model::Fault;

/// The wished part of everything there is.
pub fn of(call: &Call, items: Vec<Value>) -> Outcome {
    let (items, total) = cut(call, items);
    page(call, items.collect(), total)
}

/// The same, of which no more is told than is wished for.
///
/// # Errors
/// What `tell` says.
pub fn told<T>(
    call: &Call,
    items: Vec<T>,
    tell: impl FnMut(T) -> Result<Value, Fault>,
) -> Result<Outcome, Fault> {
    let (items, total) = cut(call, items);
    Ok(page(call, items.map(tell).collect::<Result<_, _>>()?, total))
}

fn cut<T>(call: &Call, items: Vec<T>) -> (impl Iterator<Item = T> + use<T>, u64) {
    let (query, total) = (&call.list_query, items.len() as u64);
    let skip = usize::try_from(query.skip).unwrap_or(usize::MAX);
    let take = usize::try_from(query.take.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    (items.into_iter().skip(skip).take(take), total)
}

fn page(call: &Call, items: Vec<Value>, total: u64) -> Outcome {
    let query = &call.list_query;
    Outcome::Many(Page { items, total, number: query.number, size: query.size, skip: query.skip })
}
