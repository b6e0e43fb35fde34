//! `rule-rank`: while ranks are switched off, every rule has the weakest one (documented).
//! Parameters: `rank`, and `switch`, the singleton's flag that turns ranks on.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The rank of every rule while ranks are off.
const WEAKEST: i64 = 7;

/// The guarantee for one kind of rules.
struct RuleRank {
    kind: Kind,
    rank: String,
    switch: (String, String),
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (rank, switch) = (params.text("rank")?, params.member("switch")?);
    Ok(Box::new(RuleRank { kind: Kind(params.kind()), rank, switch }))
}

impl Behaviour for RuleRank {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let rank = change.new.get(&self.rank).and_then(Value::as_i64).unwrap_or(WEAKEST);
        let held = change.old.as_ref().and_then(|old| old.get(&self.rank)).and_then(Value::as_i64);
        if change.verb == Verb::Delete || rank == WEAKEST || held == Some(rank) {
            return Ok(());
        }
        let (kind, flag) = &self.switch;
        if cx.only(kind)?.record.get(flag) == Some(&Value::Bool(true)) {
            return Ok(());
        }
        let order = change.new.get("order").and_then(Value::as_i64).unwrap_or(1);
        // The words for a misplaced rank; that they serve here too is guessed.
        let words = format!("Rule with rank {rank} is not allowed at order {order}");
        Err(Fault::said(&self.kind, &self.rank, words))
    }
}
