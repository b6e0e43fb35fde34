//! `connector-machine`: a machine comes with a service engine, and is upgraded at hours of its own or else at its group's;
//! what one that has enrolled is in follows from the clock.
//!
//! It is known at once, has its software from the third minute on, and takes traffic from the fifth on (guessed: a machine
//! takes some minutes to start).

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::ztw::{ec_instance as engine, ec_vm as handle, ecgroup as group};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome};
use zuno_model::{Fault, Id, Record, Time};

/// Seconds after which a machine has its software.
const PREPARED: Time = 2 * 60;
/// Seconds after which it takes traffic.
const READY: Time = 4 * 60;
/// Members that tell when a machine is upgraded, each with the machine's own member and that of its group.
const HOURS: [(&str, &str, &str); 3] = [
    (handle::UPGRADE_START_TIME.name, handle::START_TIME.name, group::START_TIME.name),
    (handle::UPGRADE_END_TIME.name, handle::END_TIME.name, group::END_TIME.name),
    (handle::UPGRADE_DAY_OF_WEEK.name, handle::DAY_OF_WEEK.name, group::DAY_OF_WEEK.name),
];
/// Takes traffic.
pub const ACTIVE: &str = "ACTIVE";
/// Does not.
pub const INACTIVE: &str = "INACTIVE";

/// The guarantee for one resource.
#[derive(Default)]
pub struct ConnectorMachine;

/// Brings what a machine that has enrolled is in up to now; others are as they are kept.
pub fn settle(record: &mut Record, now: Time) {
    let Some(enrolled) = handle::ENROLLED_AT.of(record) else { return };
    let age = now.saturating_sub(enrolled);
    let mut status = vec!["REGISTERED"];
    if age >= PREPARED {
        status.push("PKG_REPO_REGISTERED");
    }
    record.insert(handle::STATUS.into(), json!(status));
    // What is switched off stays so.
    if handle::OPERATIONAL_STATUS.of(record) != Some("DISABLED") {
        let cut_off = handle::CUT_OFF.of(record);
        let word = if age >= READY && !cut_off { ACTIVE } else { INACTIVE };
        record.insert(handle::OPERATIONAL_STATUS.into(), word.into());
    }
}

/// Letters and digits as names of machines end with (seed).
pub fn suffix(cx: &mut Context<'_>) -> Result<String, Fault> {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let drawn: [u8; 5] = cx.random()?;
    Ok(drawn.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

fn health(id: &Id, record: &Record) -> Value {
    let is = |word: &str| handle::OPERATIONAL_STATUS.of(record) == Some(word);
    let told = handle::TIMESTAMP.of(record).or_else(|| handle::ENROLLED_AT.of(record));
    let told = told.or_else(|| handle::LAST_UPGRADE_TIME.of(record));
    json!({
        "ecId": id.as_str().parse::<i64>().unwrap_or_default(),
        "errorCodes": [],
        "lastModifiedTime": told.unwrap_or_default(),
        "status": i32::from(is(ACTIVE)),
    })
}

impl Behaviour for ConnectorMachine {
    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        if change.verb != Verb::Create {
            return Ok(());
        }
        let name = handle::NAME.of(&change.new).unwrap_or_default();
        let group = handle::GROUP.id_of(&change.new);
        let group = group.map(|id| cx.get(group::KIND, &id)).transpose()?.flatten();
        let enrolled = change.new.contains_key(handle::ENROLLED_AT.name);
        let mut record = Record::new();
        record.insert(engine::NAME.into(), format!("{name}_INSTANCE_1_{}", suffix(cx)?).into());
        record.insert(engine::EC_INSTANCE_TYPE.into(), "SME".into());
        record.insert(engine::REGISTER_TIME.into(), 0.into());
        record.insert(engine::VM.into(), change.id.0.clone().into());
        if enrolled {
            record.insert(engine::FLAGS.into(), "REGISTERED".into());
        }
        let copied = [
            (handle::NAT_IP.name, engine::NAT_IP.name),
            (handle::MANAGEMENT_NW.name, engine::SERVICE_NW.name),
        ];
        for (theirs, own) in copied {
            record.extend(change.new.get(theirs).map(|value| (own.to_owned(), value.clone())));
        }
        let location = group.and_then(|group| group.record.get(group::LOCATION.name).cloned());
        record.extend(location.map(|location| (engine::LOCATION.into(), location)));
        cx.insert(engine::KIND, &change.scope, record)?;
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let derived = self.derived(cx, record);
        record.extend(derived);
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        let own = [
            handle::ENROLLED_AT.name,
            handle::CUT_OFF.name,
            handle::STATUS.name,
            handle::OPERATIONAL_STATUS.name,
            handle::GROUP.name,
        ];
        let hours = HOURS.iter().flat_map(|(member, own, _)| [*member, *own]);
        Some(own.into_iter().chain(hours).collect())
    }

    fn derived(&self, cx: &Context<'_>, record: &Record) -> Vec<(String, Value)> {
        let mut now = record.clone();
        settle(&mut now, cx.now());
        let mut told: Vec<(String, Value)> = [handle::STATUS.name, handle::OPERATIONAL_STATUS.name]
            .into_iter()
            .filter_map(|member| Some((member.to_owned(), now.get(member)?.clone())))
            .collect();
        let group = handle::GROUP.id_of(record);
        // What cannot be read now is told by nobody; the machine itself is.
        let group = group.and_then(|id| cx.get(group::KIND, &id).ok().flatten());
        for (member, own, theirs) in HOURS {
            let of_group = || group.as_ref().and_then(|group| group.record.get(theirs));
            told.extend(record.get(own).or_else(of_group).map(|value| (member.to_owned(), value.clone())));
        }
        told
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let mut machine = cx.named(handle::KIND)?;
        settle(&mut machine.record, cx.now());
        Ok(Outcome::Value(health(&machine.id, &machine.record)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use zuno_model::Record;

    use super::{ACTIVE, READY, handle, settle};

    fn enrolled(at: i64) -> Record {
        let mut record = Record::new();
        record.insert(handle::ENROLLED_AT.into(), at.into());
        record
    }

    proptest! {
        #[test]
        fn a_machine_that_takes_traffic_never_stops_by_itself(at in 0_i64..1 << 40, one in 0_i64..100_000, more in 0_i64..100_000) {
            let state = |later: i64| {
                let mut record = enrolled(at);
                settle(&mut record, at + later);
                record[handle::OPERATIONAL_STATUS.name] == json!(ACTIVE)
            };
            prop_assert!(state(one) <= state(one + more));
            prop_assert_eq!(state(one), one >= READY);
        }
    }

    #[test]
    fn what_is_switched_or_cut_off_takes_no_traffic() {
        for (member, value) in
            [(handle::CUT_OFF.name, json!(true)), (handle::OPERATIONAL_STATUS.name, json!("DISABLED"))]
        {
            let mut record = enrolled(0);
            record.insert(member.into(), value);
            settle(&mut record, 1_000_000);
            assert_ne!(record[handle::OPERATIONAL_STATUS.name], json!(ACTIVE), "{member}");
        }
    }

    #[test]
    fn who_never_enrolled_is_as_it_is_kept() {
        let mut record = Record::new();
        settle(&mut record, 1_000_000);
        assert_eq!(Value::Object(record), json!({}));
    }
}
