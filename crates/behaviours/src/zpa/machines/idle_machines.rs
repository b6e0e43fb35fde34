//! Idle machines: one that stays disconnected for longer than its schedule says is deleted by the cloud, without a call.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_catalogue::handles::zpa::{app_connector_schedule as schedule, service_edge_schedule};
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Id, Record};

use super::machine::{CONNECTOR, DISCONNECTED, Machine, SERVICE_EDGE};

const DAY: i64 = 86_400;
/// Whose schedule is which.
const SCHEDULES: [(&str, &Machine); 2] =
    [(schedule::KIND, &CONNECTOR), (service_edge_schedule::KIND, &SERVICE_EDGE)];

/// Whether a schedule that is on would delete a machine now.
fn overdue(machine: &Machine, stored: &Stored, schedule: &Record, now: i64) -> bool {
    let told = |member| machine.told(&stored.record, member);
    let days = schedule::FREQUENCY_INTERVAL.of(schedule);
    let days = days.and_then(|days| days.parse::<i64>().ok()).unwrap_or(i64::MAX);
    let lost = told("lastBrokerDisconnectTime").and_then(Value::as_i64).map(|micros| micros / 1_000_000);
    let eligible = stored.record.flag("enabled") || schedule::DELETE_DISABLED.of(schedule);
    eligible
        && told("controlChannelStatus").and_then(Value::as_str) == Some(DISCONNECTED)
        && lost.is_some_and(|lost| now.saturating_sub(lost) >= days.saturating_mul(DAY))
}

/// The machines of the tenant that are to be deleted now.
///
/// # Errors
/// The store failed.
pub fn due(cx: &Context<'_>) -> Result<Vec<(&'static str, Id)>, Fault> {
    let mut found = Vec::new();
    for (kind, machine) in SCHEDULES {
        for rule in cx.all(kind, None)?.iter().filter(|rule| schedule::ENABLED.of(&rule.record)) {
            let idle = cx.all(machine.kind, Some(&rule.scope))?;
            let idle = idle.into_iter().filter(|stored| overdue(machine, stored, &rule.record, cx.now()));
            found.extend(idle.map(|stored| (machine.kind, stored.id)));
        }
    }
    Ok(found)
}

/// Deletes them.
///
/// # Errors
/// The store failed.
pub fn delete(cx: &mut Context<'_>) -> Result<(), Fault> {
    for (kind, id) in due(cx)? {
        cx.erase(cx.resource(kind)?, &id, false)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_engine::Stored;

    use super::super::machine::CONNECTOR;
    use super::overdue;

    #[test]
    fn an_interval_is_over_at_its_last_second_and_counts_for_the_disconnected_alone() {
        let record = |value: serde_json::Value| value.as_object().cloned().unwrap_or_default();
        let machine = |status: &str, on: bool| Stored {
            id: "1".into(),
            scope: "0".into(),
            sort: String::new(),
            record: record(json!({
                "enabled": on, "controlChannelStatus": status, "lastBrokerDisconnectTime": 1_000_000_000_000_i64,
            })),
        };
        let rule = record(json!({"frequencyInterval": "5", "deleteDisabled": false}));
        let last = 1_000_000 + 5 * 86_400;
        let off = machine("ZPN_STATUS_DISCONNECTED", true);
        assert!(overdue(&CONNECTOR, &off, &rule, last) && !overdue(&CONNECTOR, &off, &rule, last - 1));
        assert!(!overdue(&CONNECTOR, &machine("ZPN_STATUS_AUTHENTICATED", true), &rule, last));
        let switched_off = machine("ZPN_STATUS_DISCONNECTED", false);
        assert!(!overdue(&CONNECTOR, &switched_off, &rule, last));
        let all = record(json!({"frequencyInterval": "5", "deleteDisabled": true}));
        assert!(overdue(&CONNECTOR, &switched_off, &all, last));
    }
}
