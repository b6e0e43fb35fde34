//! `linked-list`: an operation lists the records that one member of a record points at, be it one or several.
//!
//! Parameters: `member`; with `through`, another kind's member that points here, it is that of the records which do.

use serde_json::Value;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
struct LinkedList {
    own: String,
    member: String,
    through: Option<(String, String)>,
    target: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let member = params.text("member")?;
    let through = params.maybe_text("through").map(|_| params.member("through")).transpose()?;
    let holder = through.as_ref().map_or_else(|| params.kind(), |(kind, _)| kind.clone());
    let target = params.field_of(&holder, &member)?.shape.target();
    let target = target.ok_or_else(|| params.wrong(format!("`{member}` points at no kind")))?.to_owned();
    Ok(Box::new(LinkedList { own: params.kind(), member, through, target }))
}

impl Behaviour for LinkedList {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let stored = cx.named(&self.own)?;
        let holders = match &self.through {
            Some((kind, by)) => cx.pointing(kind, by, &self.own, &stored.id)?,
            None => vec![stored],
        };
        let mut rows = Vec::new();
        for holder in &holders {
            let named: &[Value] = match holder.record.get(&self.member) {
                Some(Value::Array(several)) => several,
                Some(one) => std::slice::from_ref(one),
                None => &[],
            };
            for target in named.iter().filter_map(Id::from_value) {
                rows.extend(cx.get(&self.target, &target)?);
            }
        }
        cx.list(cx.resource(&self.target)?, cx.view(), rows)
    }
}
