//! `paired-lists`: lists that belong together are told together, though one is empty, or not at all (seen: a network
//! service tells the ports of the protocols that it has).
//!
//! A record that never had anything in a pair and yet has it, as the vendor's for any port, keeps it. Parameter: `pairs`.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Record};

/// The guarantee for one resource.
struct PairedLists {
    pairs: Vec<[String; 2]>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let pairs: Vec<[String; 2]> = params.part("pairs").read()?;
    params.known(pairs.iter().flatten())?;
    Ok(Box::new(PairedLists { pairs }))
}

fn is_empty(record: &Record, list: &str) -> bool {
    record.items(list).is_empty()
}

/// Whether a record has a pair in which there is nothing.
fn has_any(record: &Record, pair: &[String]) -> bool {
    pair.iter().all(|list| is_empty(record, list)) && pair.iter().any(|list| record.contains_key(list))
}

impl Behaviour for PairedLists {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for pair in &self.pairs {
            let stays = change.old.as_ref().is_some_and(|old| has_any(old, pair));
            let holds = pair.iter().any(|list| !is_empty(&change.new, list));
            for list in pair {
                if holds || stays {
                    change.new.entry(list).or_insert_with(|| Value::Array(Vec::new()));
                } else {
                    change.new.shift_remove(list);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::has_any;

    #[test]
    fn a_pair_that_is_there_and_empty_is_told_from_one_that_is_not() {
        let pair = ["a".to_owned(), "b".to_owned()];
        let has = |record: Value| has_any(&serde_json::from_value(record).expect("an object"), &pair);
        assert!(has(json!({ "a": [], "b": [] })) && has(json!({ "a": [] })));
        assert!(!has(json!({})) && !has(json!({ "a": [1], "b": [] })));
    }
}
