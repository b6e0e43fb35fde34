//! `segment-reports`: what can be told of segments beside themselves: how many there are, since when, who uses one.
//!
//! The operations are `limits`, `configured_count` and `mappings`. The days of `configured_count` are guessed.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

/// A day, in seconds.
const DAY: i64 = 86_400;

/// The guarantee for one resource.
struct SegmentReports {
    kind: String,
    limit: u64,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let limit = params.resource.limit.ok_or("`segment-reports` needs the params.resource's `limit`")?;
    Ok(Box::new(SegmentReports { kind: params.kind(), limit }))
}

/// How many there were at the end of each day on which one was made.
fn by_day(made: impl Iterator<Item = i64>) -> Vec<(i64, u64)> {
    let mut days: BTreeMap<i64, u64> = BTreeMap::new();
    for time in made {
        *days.entry(time.div_euclid(DAY) * DAY).or_default() += 1;
    }
    let mut sum = 0;
    days.into_iter()
        .map(|(day, count)| {
            sum += count;
            (day, sum)
        })
        .collect()
}

impl SegmentReports {
    fn mappings(&self, cx: &Context<'_>) -> Result<Value, Fault> {
        let id = cx.named(&self.kind)?.id;
        let mut mappings: Vec<(String, Vec<String>)> = Vec::new();
        for link in cx.referrers(&self.kind, &id)? {
            match mappings.iter_mut().find(|(noun, _)| *noun == link.noun) {
                Some((_, names)) => names.push(link.name),
                None => mappings.push((link.noun, vec![link.name])),
            }
        }
        let told = |(noun, names): (String, Vec<String>)| json!({ "type": noun, "names": names, "name": names.join(", ") });
        Ok(mappings.into_iter().map(told).collect())
    }
}

impl Behaviour for SegmentReports {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        Ok(Outcome::Value(match cx.operation()?.name.as_str() {
            "limits" => {
                let count = cx.count(&self.kind, None)?;
                json!({ "currentAppsCount": count.to_string(), "maxAppsLimit": self.limit.to_string() })
            }
            "configured_count" => {
                let all = cx.all(&self.kind, call.scope.for_store())?;
                let made = all.iter().filter_map(|stored| stored.record.number("creationTime"));
                let told = |(day, count): (i64, u64)| json!({ "configuredDateInEpochSeconds": day.to_string(), "appsConfigured": count.to_string() });
                by_day(made).into_iter().map(told).collect()
            }
            _ => self.mappings(cx)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, by_day};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_grow_to_the_number_of_all(times in prop::collection::vec(0i64..50 * DAY, 0..40)) {
            let days = by_day(times.iter().copied());
            prop_assert_eq!(days.last().map_or(0, |(_, sum)| *sum), times.len() as u64);
            prop_assert!(days.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        }
    }
}
