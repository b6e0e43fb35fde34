//! `order-spans`: an operation tells how far the places of a list go, and from which to which those of each rank.
//!
//! Records that stand outside the numbering, at places that are not positive, do not count. Parameters: `order` and `rank`,
//! the members; `highest`, `spans`, `from` and `to`, the members of the answer.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct OrderSpans {
    kind: String,
    order: String,
    rank: String,
    highest: String,
    spans: String,
    from: String,
    to: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(OrderSpans {
        kind: params.kind(),
        order: params.field("order")?,
        rank: params.field("rank")?,
        highest: params.text("highest")?,
        spans: params.text("spans")?,
        from: params.text("from")?,
        to: params.text("to")?,
    }))
}

/// The first and last place of each rank.
fn spans(places: impl Iterator<Item = (i64, i64)>) -> BTreeMap<i64, (i64, i64)> {
    let mut found: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for (rank, place) in places.filter(|(_, place)| *place > 0) {
        let span = found.entry(rank).or_insert((place, place));
        *span = (span.0.min(place), span.1.max(place));
    }
    found
}

impl Behaviour for OrderSpans {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let rules = cx.all(&self.kind, None)?;
        let number = |record: &zuno_model::Record, member: &str| record.number(member).unwrap_or(0);
        let places =
            rules.iter().map(|rule| (number(&rule.record, &self.rank), number(&rule.record, &self.order)));
        let found = spans(places);
        let highest = found.values().map(|(_, last)| *last).max().unwrap_or(0);
        let told: Map<String, Value> = found
            .into_iter()
            .map(|(rank, (first, last))| {
                (rank.to_string(), json!({ self.from.as_str(): first, self.to.as_str(): last }))
            })
            .collect();
        Ok(Outcome::Value(json!({ self.highest.as_str(): highest, self.spans.as_str(): told })))
    }
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn each_rank_spans_from_its_first_place_to_its_last() {
        let places = [(7, 4), (0, 1), (7, 3), (0, 2), (7, -1), (7, 0)];
        let found: Vec<_> = spans(places.into_iter()).into_iter().collect();
        assert_eq!(found, [(0, (1, 2)), (7, (3, 4))]);
        assert!(spans(std::iter::empty()).is_empty());
    }
}
