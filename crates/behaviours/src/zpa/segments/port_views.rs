//! `port-views`: ports can be sent and are shown in two forms, flat pairs and objects, that always agree.
//!
//! A form that is sent and not empty sets both; where both are, the one that changed does, and else the flat one (seen).
//! A segment has at least one port, however it is written (documented for a create). Parameters: `ranges`, the flat
//! members, and `pairs`, the members with objects, in the same order.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind, Record};

use crate::spelling::meant;

/// The guarantee for one resource.
pub struct PortViews {
    kind: Kind,
    views: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (ranges, pairs) = (params.texts("ranges"), params.texts("pairs"));
    if ranges.is_empty() || ranges.len() != pairs.len() {
        return Err("`port-views` needs as many `ranges` as `pairs`".into());
    }
    let views = ranges.into_iter().zip(pairs).collect();
    Ok(Box::new(PortViews { kind: Kind(params.kind()), views }))
}

/// Flat pairs as ranges; nothing when they are odd in number, no numbers, turned round or out of range.
pub fn ranges(flat: &[Value]) -> Option<Vec<(u16, u16)>> {
    if !flat.len().is_multiple_of(2) {
        return None;
    }
    let port = |value: &Value| value.as_str()?.trim().parse::<u16>().ok().filter(|&port| port > 0);
    let range = |pair: &[Value]| Some((port(&pair[0])?, port(&pair[1])?)).filter(|(from, to)| from <= to);
    flat.chunks(2).map(range).collect()
}

/// The ports of the flat form.
fn flatly(record: &Record, member: &str) -> Vec<Value> {
    record.items(member).to_vec()
}

/// The ports of the form with objects, flat.
fn from_objects(record: &Record, member: &str) -> Vec<Value> {
    let objects = flatly(record, member);
    let sides = |object: &Value| ["from", "to"].map(|side| object.get(side).cloned().unwrap_or_default());
    objects.iter().flat_map(sides).collect()
}

impl Behaviour for PortViews {
    fn before_write(&self, _cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let mut any = false;
        for (flat, objects) in &self.views {
            let sent = [flatly(&change.new, flat), from_objects(&change.new, objects)];
            let sent = sent.into_iter().filter(|ports| !ports.is_empty()).map(|ports| ranges(&ports));
            let held = change.old.as_ref().map(|old| ranges(&flatly(old, flat)));
            // A wrong range is told under the flat member (seen for TCP), whichever form was sent.
            let wrong = || Fault::said(&self.kind, flat, "must be pairs of ports from 1 to 65535");
            let ranges = meant(held.as_ref(), sent).unwrap_or_else(|| Some(Vec::new())).ok_or_else(wrong)?;
            any |= !ranges.is_empty();
            let texts = ranges.iter().flat_map(|(from, to)| [from, to]).map(|port| json!(port.to_string()));
            let (texts, objects_now): (Vec<Value>, Vec<Value>) = (
                texts.collect(),
                ranges
                    .iter()
                    .map(|(from, to)| json!({"from": from.to_string(), "to": to.to_string()}))
                    .collect(),
            );
            change.new.insert(flat.clone(), Value::Array(texts));
            change.new.insert(objects.clone(), Value::Array(objects_now));
        }
        if !any {
            let field = self.views.first().map_or("", |(flat, _)| flat.as_str());
            return Err(Fault::said(&self.kind, field, "at least one port is needed"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::ranges;

    #[test]
    fn pairs_are_whole_ordered_and_in_range() {
        let read = |flat: serde_json::Value| ranges(flat.as_array().expect("an array"));
        assert_eq!(read(json!(["80", "80", "443", "445"])), Some(vec![(80, 80), (443, 445)]));
        assert_eq!(read(json!([])), Some(vec![]));
        for wrong in
            [json!(["80"]), json!(["90", "80"]), json!(["0", "1"]), json!(["1", "65536"]), json!(["a", "b"])]
        {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_ordered_pair_reads_back(from in 1u16.., span in 0u16..) {
            let to = from.saturating_add(span);
            prop_assert_eq!(ranges(&[json!(from.to_string()), json!(to.to_string())]), Some(vec![(from, to)]));
        }
    }
}
