//! `linked-list`: an operation lists the records that one member of a record points at, be it one or several. Parameter:
//! `member`.

use serde_json::Value;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
struct LinkedList {
    own: String,
    member: String,
    target: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let member = params.text("member")?;
    Ok(Box::new(LinkedList { own: params.kind(), target: params.target(&member)?, member }))
}

impl Behaviour for LinkedList {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let stored = cx.named(&self.own)?;
        let named: &[Value] = match stored.record.get(&self.member) {
            Some(Value::Array(several)) => several,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        let mut rows = Vec::new();
        for target in named.iter().filter_map(Id::from_value) {
            rows.extend(cx.get(&self.target, &target)?);
        }
        cx.list(cx.resource(&self.target)?, cx.view(), rows)
    }
}
