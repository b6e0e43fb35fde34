//! Machines that enrol themselves: what they tell of themselves, beside their record's members or in a block of their
//! own, and what happens to them once they run.

use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::{
    app_connector, app_connector_group, browser_access, browser_access_group, private_cloud_controller,
    private_cloud_controller_group, service_edge, service_edge_group,
};
use zuno_catalogue::{Resource, Shape};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id, Record};

/// The release that machines run (seen).
pub const RELEASE: &str = "26.52.3";
/// Connected to the cloud.
pub const CONNECTED: &str = "ZPN_STATUS_AUTHENTICATED";
/// Cut off.
pub const DISCONNECTED: &str = "ZPN_STATUS_DISCONNECTED";

/// One sort of machine.
pub struct Machine {
    /// What people call one.
    pub noun: &'static str,
    /// The kind of its records.
    pub kind: &'static str,
    /// The kind of the groups it joins.
    pub group: &'static str,
    /// Its member that points at the group.
    pub joined: &'static str,
    /// Its member that holds what it reports, where that does not stand beside the others.
    pub report: Option<&'static str>,
    /// The words that paths of keys have for it.
    pub associations: &'static [&'static str],
}

/// App connectors, those for network access among them.
pub const CONNECTOR: Machine = Machine {
    noun: "app connector",
    kind: app_connector::KIND,
    group: app_connector_group::KIND,
    joined: app_connector::APP_CONNECTOR_GROUP_ID.name,
    report: None,
    associations: &["CONNECTOR_GRP", "NP_ASSISTANT_GRP"],
};
/// Private service edges.
pub const SERVICE_EDGE: Machine = Machine {
    noun: "service edge",
    kind: service_edge::KIND,
    group: service_edge_group::KIND,
    joined: service_edge::SERVICE_EDGE_GROUP_ID.name,
    report: Some(service_edge::PRIVATE_BROKER_VERSION.name),
    associations: &["SERVICE_EDGE_GRP"],
};
/// Private cloud controllers.
pub const CONTROLLER: Machine = Machine {
    noun: "private cloud controller",
    kind: private_cloud_controller::KIND,
    group: private_cloud_controller_group::KIND,
    joined: private_cloud_controller::PRIVATE_CLOUD_CONTROLLER_GROUP_ID.name,
    report: Some(private_cloud_controller::PRIVATE_CLOUD_CONTROLLER_VERSION.name),
    associations: &["SITE_CONTROLLER_GRP"],
};
/// Machines that publish applications to browsers.
pub const BROWSER_ACCESS: Machine = Machine {
    noun: "browser access machine",
    kind: browser_access::KIND,
    group: browser_access_group::KIND,
    joined: browser_access::BROWSER_ACCESS_GROUPS_ID.name,
    report: None,
    associations: &["EXPORTER_GRP"],
};
/// All sorts.
pub const ALL: [&Machine; 4] = [&CONNECTOR, &SERVICE_EDGE, &CONTROLLER, &BROWSER_ACCESS];

/// A member's name in a block, where it differs (seen).
fn in_block(member: &str) -> &str {
    match member {
        "controlChannelStatus" => "ctrlChannelStatus",
        "lastBrokerConnectTime" => "lastConnectTime",
        "lastBrokerDisconnectTime" => "lastDisconnectTime",
        other => other,
    }
}

impl Machine {
    /// The sort that keys of this word enrol.
    pub fn of(association: &str) -> Option<&'static Machine> {
        ALL.into_iter().find(|machine| machine.associations.contains(&association))
    }

    /// What a machine tells under this name.
    pub fn told<'r>(&self, record: &'r Record, member: &str) -> Option<&'r Value> {
        let block = || record.get(self.report?)?.get(in_block(member));
        record.get(member).or_else(block)
    }

    /// Keeps what a machine tells, wherever the resource has a place for it.
    pub fn tell(&self, resource: &Resource, record: &mut Record, member: &str, value: Value) {
        if resource.field(member).is_some() {
            record.insert(member.to_owned(), value.clone());
        }
        let Some(report) = self.report else { return };
        let block = resource.field(report).and_then(|field| match &field.shape {
            Shape::Named(name) => resource.types.get(name),
            _ => None,
        });
        if block.is_some_and(|block| block.contains_key(in_block(member))) {
            let held = record.entry(report.to_owned()).or_insert_with(|| json!({}));
            if let Value::Object(held) = held {
                held.insert(in_block(member).to_owned(), value);
            }
        }
    }
}

/// A reading of the clock as machines tell it, in microseconds.
pub fn micros(seconds: i64) -> Value {
    json!(seconds.saturating_mul(1_000_000))
}

/// Cuts a machine's control channel, or connects it again.
///
/// # Errors
/// There is no such machine, or the store failed.
pub fn connect(cx: &mut Context<'_>, machine: &Machine, id: &Id, on: bool) -> Result<(), Fault> {
    let resource = cx.resource(machine.kind)?;
    let mut stored = cx.need(machine.kind, id)?;
    let (status, moment) = match on {
        true => (CONNECTED, "lastBrokerConnectTime"),
        false => (DISCONNECTED, "lastBrokerDisconnectTime"),
    };
    machine.tell(resource, &mut stored.record, "controlChannelStatus", json!(status));
    machine.tell(resource, &mut stored.record, moment, micros(cx.now()));
    cx.save(machine.kind, &stored)
}

/// `restarts`: an operation makes the machine that its path names start anew.
struct Restarts {
    machine: &'static Machine,
}

/// Makes `restarts`; there are no parameters.
pub fn make_restarts(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let machine = ALL.into_iter().find(|machine| machine.kind == params.resource.kind);
    let machine = machine.ok_or_else(|| params.wrong("it is of machines"))?;
    Ok(Box::new(Restarts { machine }))
}

impl Behaviour for Restarts {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let (machine, now) = (self.machine, cx.now());
        let resource = cx.resource(machine.kind)?;
        let mut stored = cx.named(machine.kind)?;
        let told = [
            ("lastBrokerDisconnectTime", micros(now)),
            ("systemStartTime", json!(now)),
            ("applicationStartTime", json!(now)),
            ("lastBrokerConnectTime", micros(now)),
            ("controlChannelStatus", json!(CONNECTED)),
        ];
        for (member, value) in told {
            machine.tell(resource, &mut stored.record, member, value);
        }
        cx.save(machine.kind, &stored)?;
        Ok(Outcome::Done)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_catalogue::Catalogue;
    use zuno_model::Record;

    use super::{ALL, CONNECTOR, CONTROLLER, Machine, SERVICE_EDGE};

    #[test]
    fn what_a_machine_tells_stands_where_its_resource_has_a_place_for_it() {
        let catalogue = Catalogue::compiled();
        let told = |machine: &Machine| {
            let mut record = Record::new();
            let resource = catalogue.resource(machine.kind).expect("described");
            machine.tell(resource, &mut record, "controlChannelStatus", json!("on"));
            assert_eq!(machine.told(&record, "controlChannelStatus"), Some(&json!("on")));
            record
        };
        assert_eq!(json!(told(&CONNECTOR)), json!({"controlChannelStatus": "on"}));
        let edge = told(&SERVICE_EDGE);
        assert_eq!(edge["privateBrokerVersion"], json!({"ctrlChannelStatus": "on"}));
        let controller = told(&CONTROLLER);
        assert_eq!(controller["controlChannelStatus"], "on");
        assert_eq!(controller["privateCloudControllerVersion"]["ctrlChannelStatus"], "on");
    }

    #[test]
    fn every_sort_points_at_its_groups() {
        let catalogue = Catalogue::compiled();
        for machine in ALL {
            let resource = catalogue.resource(machine.kind).expect("described");
            let target = resource.field(machine.joined).and_then(|field| field.shape.target());
            assert_eq!(target, Some(machine.group));
        }
    }
}
