//! `bare-values`: a list shows one member of each record and nothing around it. Parameter: `member`.

use serde_json::Value;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct BareValues {
    kind: String,
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(BareValues { kind: params.kind(), member: params.field("member")? }))
}

impl Behaviour for BareValues {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let all = cx.all(&self.kind, None)?;
        let values = all.into_iter().filter_map(|mut stored| stored.record.shift_remove(&self.member));
        Ok(Outcome::Value(Value::Array(values.collect())))
    }
}
