//! `user-codes`: a machine without a key shows a code; an administrator who confirms it lets the machine join a group.
//!
//! No source tells the words of the statuses: PENDING, VERIFIED, EXPIRED and, of a code that nobody shows, INVALID are
//! guessed, as is that a code counts for ten minutes.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zpa::user_code as code;
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Record};

use super::enrolment;
use super::machine::Machine;

/// How long a code counts.
const LIFE_SECS: i64 = 600;
/// Letters that are not taken for one another.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The guarantee for one resource.
#[derive(Default)]
pub struct UserCodes;

fn spell(mut bits: u128) -> String {
    let mut text = String::new();
    for place in 0..8 {
        if place == 4 {
            text.push('-');
        }
        let letters = LETTERS.len() as u128;
        text.push(char::from(LETTERS[usize::try_from(bits % letters).unwrap_or_default()]));
        bits /= letters;
    }
    text
}

/// A machine starts without a key and shows a code.
///
/// # Errors
/// No machine is called so, or the store failed.
pub fn wait(cx: &mut Context<'_>, association: &str) -> Result<Value, Fault> {
    if Machine::of(association).is_none() {
        let words = format!("`{association}` is no kind of machine");
        return Err(Fault::said(&Kind(code::KIND.into()), code::ASSOCIATION_TYPE.name, words));
    }
    let mut record = Record::new();
    record.insert(code::CODE.into(), json!(spell(cx.draw()?)));
    record.insert(code::STATUS.into(), json!("PENDING"));
    record.insert(code::EXPIRY_AT.into(), json!(cx.now() + LIFE_SECS));
    record.insert(code::ASSOCIATION_TYPE.into(), json!(association));
    let made = cx.insert(code::KIND, "0", record)?;
    Ok(
        json!({ "code": made.new[code::CODE.name], "kind": association, "expires": made.new[code::EXPIRY_AT.name] }),
    )
}

/// What is told of a code that some machine shows, or none.
fn told(cx: &Context<'_>, text: &str, held: Option<&Stored>) -> Value {
    let Some(held) = held else { return json!({ "code": text, "status": "INVALID" }) };
    let until = code::EXPIRY_AT.of(&held.record).unwrap_or_default();
    let status = match code::STATUS.of(&held.record) {
        Some("PENDING") if until <= cx.now() => "EXPIRED".to_owned(),
        other => other.unwrap_or_default().to_owned(),
    };
    json!({ "code": code::CODE.of(&held.record), "status": status, "expiry_at": until.to_string() })
}

fn wrong(member: &str, fix: Fix) -> Fault {
    Fault::Invalid { kind: Kind(code::KIND.into()), field: member.into(), fix }
}

impl Behaviour for UserCodes {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let body = call.object()?;
        let association = call.param("associationType").unwrap_or_default();
        let machine = Machine::of(association);
        let machine = machine.ok_or_else(|| wrong("associationType", Fix::Unknown))?;
        let codes = body.get("userCodes").or_else(|| body.get("user_codes")).and_then(Value::as_array);
        let codes = codes.ok_or_else(|| wrong("userCodes", Fix::Missing))?;
        let resource = cx.resource(code::KIND)?;
        let verifies = cx.operation()?.writes();
        let group = ["componentGroupId", "zcomponentId"].iter().find_map(|name| body.get(*name));
        let group = group.and_then(Id::from_value);
        let group = match (&group, verifies) {
            (Some(id), true) => {
                let unknown = || wrong("componentGroupId", Fix::Unresolved(Kind(machine.group.into())));
                Some(cx.get(machine.group, id)?.ok_or_else(unknown)?)
            }
            (None, true) => return Err(wrong("componentGroupId", Fix::Missing)),
            (_, false) => None,
        };
        let mut answers = Vec::new();
        for text in codes {
            let text = text.as_str().ok_or_else(|| wrong("userCodes", Fix::Type("string")))?;
            let id = cx.holder(resource, code::CODE.name, text, "0")?;
            let held = id.map(|id| cx.get(code::KIND, &id)).transpose()?.flatten();
            let mut held = held.filter(|held| code::ASSOCIATION_TYPE.of(&held.record) == Some(association));
            let mut answer = told(cx, text, held.as_ref());
            if let (Some(group), Some(held)) = (&group, &mut held)
                && answer["status"] == "PENDING"
            {
                let stem = group.record.text("name").unwrap_or_default();
                enrolment::join(cx, machine, &group.id, None, None, stem)?;
                held.record.insert(code::STATUS.into(), json!("VERIFIED"));
                cx.save(code::KIND, held)?;
                answer["status"] = json!("VERIFIED");
            }
            answers.push(answer);
        }
        if !verifies {
            return Ok(Outcome::Value(json!({ "userCodes": answers })));
        }
        let group = group.map(|group| group.id.0);
        Ok(Outcome::Value(json!({
            "nonceAssociationType": association,
            "componentGroupId": group,
            "zcomponentId": group,
            "tenantId": cx.tenant().customer_id.to_string(),
            "enrollmentServer": "enrollment.private.zscaler.com",
            "configCloudName": "prod.zpath.net",
            "userCodes": answers,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::spell;

    #[test]
    fn a_code_is_two_groups_of_four_letters() {
        let code = spell(u128::MAX / 7);
        let (left, right) = code.split_once('-').expect("two groups");
        assert!(left.len() == 4 && right.len() == 4);
        assert!(code.bytes().all(|letter| letter == b'-' || super::LETTERS.contains(&letter)));
    }
}
