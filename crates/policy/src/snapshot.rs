//! A tenant's configuration as it is read: per kind the records, in order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::record::id;

/// The records of a tenant by kind, as `zia.url_filtering_rule`. A reference to another record is its id, as the store
/// keeps it, or an object with it, as the APIs answer; ids are numbers or text. A kind that is missing has no records;
/// a resource of which there is one alone has one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Snapshot {
    kinds: BTreeMap<String, Vec<Map<String, Value>>>,
}

impl Snapshot {
    /// One without records.
    pub fn new() -> Snapshot {
        Snapshot::default()
    }

    /// Says which records of a kind there are. Rules are put in order by the order that they tell, else keep this one.
    pub fn set(&mut self, kind: &str, records: Vec<Map<String, Value>>) {
        self.kinds.insert(kind.to_owned(), records);
    }

    /// Adds one record.
    pub fn add(&mut self, kind: &str, record: Map<String, Value>) {
        self.kinds.entry(kind.to_owned()).or_default().push(record);
    }

    /// Leaves out of what devices are told all that no question needs: passwords stand beside it.
    pub fn leave_devices_alone(&mut self) {
        for (kind, members, within) in crate::client::members::READ {
            for record in self.kinds.get_mut(*kind).into_iter().flatten() {
                record.retain(|name, _| members.contains(&name.as_str()));
                if let Some(Value::Object(more)) = record.get_mut("policyExtension") {
                    more.retain(|name, _| within.contains(&name.as_str()));
                }
            }
        }
    }

    /// Leaves members out of a kind's records.
    pub fn leave_out(&mut self, kind: &str, members: &[&str]) {
        for record in self.kinds.get_mut(kind).into_iter().flatten() {
            record.retain(|name, _| !members.contains(&name.as_str()));
        }
    }

    /// The records of a kind.
    pub fn records(&self, kind: &str) -> &[Map<String, Value>] {
        self.kinds.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The one record of a kind, if it was ever written.
    pub fn one(&self, kind: &str) -> Option<&Map<String, Value>> {
        self.records(kind).first()
    }

    /// The ids of a kind's records.
    pub(crate) fn ids(&self, kind: &str) -> impl Iterator<Item = String> {
        self.records(kind).iter().filter_map(|record| id(record, "id"))
    }

    /// The ids of a kind's records that differ from another snapshot's in more than who changed them when.
    pub(crate) fn differing(&self, other: &Snapshot, kind: &str) -> Vec<String> {
        let told = |snapshot: &Snapshot| -> BTreeMap<String, Map<String, Value>> {
            let records = snapshot.records(kind).iter();
            records.filter_map(|record| Some((id(record, "id")?, said(record)))).collect()
        };
        let (own, others) = (told(self), told(other));
        let ids = own.keys().chain(others.keys().filter(|id| !own.contains_key(*id)));
        ids.filter(|id| own.get(*id) != others.get(*id)).cloned().collect()
    }

    /// Reads `{kind: [records]}`.
    ///
    /// # Errors
    /// It has another shape; the text says where.
    pub fn from_json(value: Value) -> Result<Snapshot, String> {
        let Value::Object(kinds) = value else {
            return Err("a snapshot is an object: records by kind".into());
        };
        let mut snapshot = Snapshot::new();
        for (kind, records) in kinds {
            let Value::Array(records) = records else {
                return Err(format!("`{kind}` is no list of records"));
            };
            for record in records {
                let Value::Object(record) = record else {
                    return Err(format!("a record of `{kind}` is no object"));
                };
                snapshot.add(&kind, record);
            }
        }
        Ok(snapshot)
    }
}

/// A record without who changed it when.
pub(crate) fn said(record: &Map<String, Value>) -> Map<String, Value> {
    let told =
        record.iter().filter(|(name, _)| !name.starts_with("lastModified") && !name.starts_with("modified"));
    told.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The kinds that are read; others need not be given.
pub const KINDS: &[&str] = &[
    "zcc.application_profile",
    "zcc.custom_ip_based_app",
    "zcc.forwarding_profile",
    "zcc.predefined_ip_based_app",
    "zcc.trusted_network",
    "zia.advanced_settings",
    "zia.advanced_threat_settings",
    "zia.bandwidth_class",
    "zia.bandwidth_control_rule",
    "zia.advanced_url_filter_settings",
    "zia.browser_control_settings",
    "zia.cloud_application",
    "zia.department",
    "zia.device",
    "zia.device_group",
    "zia.dlp_engine",
    "zia.dnat_rule",
    "zia.dns_application_group",
    "zia.file_type_category",
    "zia.file_type_rule",
    "zia.firewall_dns_rule",
    "zia.firewall_filtering_rule",
    "zia.firewall_ips_rule",
    "zia.forwarding_rule",
    "zia.ftp_settings",
    "zia.group",
    "zia.ip_destination_group",
    "zia.ip_source_group",
    "zia.ipv6_source_group",
    "zia.location",
    "zia.location_group",
    "zia.malicious_url",
    "zia.network_application_group",
    "zia.network_service",
    "zia.network_service_group",
    "zia.risk_profile",
    "zia.sandbox_rule",
    "zia.security",
    "zia.security_advanced",
    "zia.security_exception",
    "zia.ssl_inspection_rule",
    "zia.time_interval",
    "zia.url_category",
    "zia.url_filtering_rule",
    "zia.user",
    "zia.web_application_rule",
    "zia.web_dlp_global_option",
    "zia.web_dlp_rule",
    "zpa.app_connector",
    "zpa.app_connector_group",
    "zpa.application_segment",
    "zpa.approval",
    "zpa.idp",
    "zpa.microtenant",
    "zpa.policy_rule",
    "zpa.posture_profile",
    "zpa.saml_attribute",
    "zpa.scim_attribute",
    "zpa.scim_group",
    "zpa.scim_user",
    "zpa.segment_group",
    "zpa.server_group",
    "zpa.trusted_network",
    "zpa.machine_group",
    "ztw.dns_forwarding_rule",
    "ztw.traffic_forwarding_rule",
];
