//! Machines are reached through the group whose record holds them: by their id, or by their cloud's name for them.

use serde_json::Value;
use zuno_catalogue::{Method, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored, same};
use zuno_model::{Fault, Id, Kind};

use super::remember_editor;

struct MachineInGroup {
    kind: String,
    groups: String,
    members: String,
    instance: String,
}

/// Parameters: `members`, the groups' list of machines; `instance`, the machines'
/// member that holds their cloud's name.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (groups, members) = params.member("members")?;
    Ok(Box::new(MachineInGroup { kind: params.kind(), groups, members, instance: params.text("instance")? }))
}

impl MachineInGroup {
    /// The group that holds the machine, and the machine's id.
    fn find(&self, cx: &Context<'_>, call: &Call) -> Result<(Stored, String), Fault> {
        let (groups, member, wanted) = match (call.param("group"), call.param("id")) {
            (Some(group), Some(id)) => (vec![cx.need(&self.groups, &group.into())?], "id", id),
            _ => (
                cx.all(&self.groups, None)?,
                self.instance.as_str(),
                call.param("instance").unwrap_or_default(),
            ),
        };
        for group in groups {
            let machine = machines(&group, &self.members)
                .find(|machine| machine.get(member).is_some_and(|held| same(held, wanted)));
            if let Some(id) = machine.and_then(|machine| machine.get("id")).and_then(Id::from_value) {
                return Ok((group, id.0));
            }
        }
        Err(Fault::NotFound { kind: Kind(self.kind.clone()), id: wanted.into() })
    }
}

fn machines<'a>(group: &'a Stored, members: &str) -> impl Iterator<Item = &'a Value> {
    group.record.get(members).and_then(Value::as_array).into_iter().flatten()
}

fn is(machine: &Value, id: &str) -> bool {
    machine.get("id").is_some_and(|held| same(held, id))
}

impl Behaviour for MachineInGroup {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let (mut group, id) = self.find(cx, call)?;
        let operation = &cx.catalogue().resources()[call.resource].operations[call.operation];
        if operation.method == Method::Delete {
            if let Some(Value::Array(held)) = group.record.get_mut(&self.members) {
                held.retain(|machine| !is(machine, &id));
            }
            cx.save(&self.groups, &group)?;
            remember_editor::remember(cx)?;
            return Ok(Outcome::Done);
        }
        let shown = cx.show(cx.resource(&self.groups)?, Verb::Read, None, group)?;
        let held = shown.get(&self.members).and_then(Value::as_array).into_iter().flatten();
        let machine = held.into_iter().find(|machine| is(machine, &id)).cloned();
        Ok(Outcome::One(machine.unwrap_or_default()))
    }
}
