//! `role-extensions`: a role tells its rank and type a second time, as the role of an administrator (seen): the rank in
//! letters. Parameters: `member`; `rank` and `type`, with `weakest` and `usual` for a role that says neither.

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct RoleExtensions {
    member: String,
    rank: String,
    of_type: String,
    weakest: i64,
    usual: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(RoleExtensions {
        member: params.field("member")?,
        rank: params.field("rank")?,
        of_type: params.field("type")?,
        weakest: params.needed_number("weakest")?,
        usual: params.text("usual")?,
    }))
}

impl Behaviour for RoleExtensions {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let rank = change.new.get(&self.rank).and_then(Value::as_i64).unwrap_or(self.weakest);
        let of_type = change.new.get(&self.of_type).and_then(Value::as_str).unwrap_or(&self.usual);
        let told = json!({ "adminRank": rank.to_string(), "roleType": of_type });
        change.new.insert(self.member.clone(), told);
        Ok(())
    }
}
