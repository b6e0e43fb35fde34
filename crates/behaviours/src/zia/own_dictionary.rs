//! `own-dictionary`: a dictionary of the tenant's own has the lowest free number, and what it can do follows from how it
//! looks (seen: one of phrases has a length of proximity, one of exact data a threshold).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::dlp_dictionary as member;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id};

/// The guarantee for the kind.
struct OwnDictionary;

/// Makes it.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(OwnDictionary))
}

/// The lowest number from 1 that is not taken.
fn free(taken: &BTreeSet<u64>) -> u64 {
    (1..)
        .find(|number| !taken.contains(number))
        .expect("a tenant has fewer dictionaries than there are numbers")
}

impl Behaviour for OwnDictionary {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        if change.verb == Verb::Create {
            let all = cx.all(member::KIND, None)?;
            let taken = all.iter().filter_map(|stored| stored.id.as_str().parse().ok()).collect();
            change.id = Id(free(&taken).to_string());
        }
        let of_phrases =
            change.new.get(member::DICTIONARY_TYPE).and_then(Value::as_str) == Some("PATTERNS_AND_PHRASES");
        change.new.insert(member::THRESHOLD_ALLOWED.into(), json!(!of_phrases));
        change.new.insert(member::PROXIMITY_LENGTH_ENABLED.into(), json!(of_phrases));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::free;

    #[test]
    fn the_lowest_gap_is_filled() {
        assert_eq!(free(&[1, 2, 4].into()), 3);
        assert_eq!(free(&[].into()), 1);
    }
}
