//! `network-in-lists`: the second version tells trusted networks with lists where the first has text with commas, and its
//! condition as a word, as it was sent.

use serde_json::{Value, json};
use zuno_catalogue::handles::zcc::trusted_network as kept;
use zuno_catalogue::handles::zcc::trusted_network_v2 as told;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context};
use zuno_model::{Fault, Id, Record};

/// Lists, with the texts that keep them.
const LISTS: [(&str, &str); 7] = [
    (told::DNS_SERVER_IPS.name, kept::DNS_SERVERS.name),
    (told::DNS_SEARCH_DOMAINS.name, kept::DNS_SEARCH_DOMAINS.name),
    (told::RESOLVED_IPS_FOR_HOSTNAME.name, kept::RESOLVED_IPS_FOR_HOSTNAME.name),
    (told::TRUSTED_SUBNET_IPS.name, kept::TRUSTED_SUBNETS.name),
    (told::TRUSTED_GATEWAY_IPS.name, kept::TRUSTED_GATEWAYS.name),
    (told::TRUSTED_DHCP_SERVERS_IPS.name, kept::TRUSTED_DHCP_SERVERS.name),
    (told::TRUSTED_EGRESS_IPS.name, kept::TRUSTED_EGRESS_IPS.name),
];
/// Texts under another name.
const NAMES: [(&str, &str); 3] = [
    (told::NAME.name, kept::NETWORK_NAME.name),
    (told::HOSTNAME.name, kept::HOSTNAMES.name),
    (told::SSID.name, kept::SSIDS.name),
];
/// The words of the query for where the keyword is looked for, with the member.
const PLACES: [(&str, &str); 9] = [
    ("NAME", kept::NETWORK_NAME.name),
    ("DNS_SERVERS", told::DNS_SERVER_IPS.name),
    ("DNS_SEARCH_DOMAINS", told::DNS_SEARCH_DOMAINS.name),
    ("HOST_NAME_IP", told::HOSTNAME.name),
    ("TRUSTED_SUBNETS", told::TRUSTED_SUBNET_IPS.name),
    ("TRUSTED_GATEWAYS", told::TRUSTED_GATEWAY_IPS.name),
    ("TRUSTED_DHCP_SERVERS", told::TRUSTED_DHCP_SERVERS_IPS.name),
    ("TRUSTED_EGRESS_IPS", told::TRUSTED_EGRESS_IPS.name),
    ("SSID", told::SSID.name),
];

/// The guarantee for one resource.
#[derive(Default)]
pub struct NetworkInLists;

/// What a condition means: 0 all criteria, 1 any of them.
fn meaning(word: &str) -> i64 {
    i64::from(matches!(word, "ANY" | "1"))
}

fn list(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// From the first version's members to the second's.
fn as_told(record: &mut Record) {
    for (theirs, own) in LISTS {
        let held = record.text(own).map(|text| json!(list(text)));
        record.shift_remove(theirs);
        if let Some(held) = held.filter(|held| held != &json!([])) {
            record.insert(theirs.into(), held);
        }
    }
    for (theirs, own) in NAMES {
        let held = record.get(own).filter(|held| held.as_str() != Some("")).cloned();
        record.extend(held.map(|held| (theirs.to_owned(), held)));
    }
    let condition = kept::CONDITION_TYPE.of(record).unwrap_or_default();
    let plain = if condition == 0 { "ALL" } else { "ANY" };
    let spelt = kept::SPELT.of(record).filter(|word| meaning(word) == condition).unwrap_or(plain).to_owned();
    record.insert(told::CONDITION_TYPE.into(), spelt.into());
    let company = kept::COMPANY_ID.of(record).unwrap_or("4501").parse::<i64>().unwrap_or_default();
    record.insert(told::COMPANY_ID.into(), company.into());
}

/// From the second version's members to the first's.
fn as_kept(record: &mut Record) {
    for (theirs, own) in LISTS {
        let listed = record.shift_remove(theirs);
        let texts = listed.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let joined = texts.collect::<Vec<_>>().join(",");
        record.shift_remove(own);
        if !joined.is_empty() {
            record.insert(own.into(), joined.into());
        }
    }
    for (theirs, own) in NAMES {
        record.shift_remove(own);
        let held = record.get(theirs).cloned();
        record.extend(held.map(|held| (own.to_owned(), held)));
    }
    let word = told::CONDITION_TYPE.of(record).unwrap_or("ALL").to_owned();
    record.insert(kept::CONDITION_TYPE.into(), meaning(&word).into());
    record.insert(kept::SPELT.into(), word.into());
    let company = told::COMPANY_ID.of(record).unwrap_or(4501).to_string();
    record.insert(kept::COMPANY_ID.into(), company.into());
}

impl Behaviour for NetworkInLists {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        as_kept(&mut change.new);
        if change.verb == Verb::Create {
            // Who made it is told as the first version tells it of API clients (seen).
            for member in [kept::CREATED_BY, kept::EDITED_BY] {
                change.new.entry(member).or_insert_with(|| "0".into());
            }
        }
        Ok(())
    }

    fn seen_through(&self, record: &mut Record) {
        as_told(record);
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.query("keyword").is_some_and(|keyword| !keyword.is_empty())
    }

    fn accepts(&self, cx: &Context<'_>, _: &Id, record: &Record) -> Result<bool, Fault> {
        let keyword = cx.query("keyword").unwrap_or_default().to_lowercase();
        let place = cx.query("type").unwrap_or("NAME");
        let member = PLACES
            .iter()
            .find(|(word, _)| *word == place)
            .map_or(kept::NETWORK_NAME.name, |(_, member)| member);
        let held = |text: &str| text.to_lowercase().contains(&keyword);
        Ok(match record.get(member) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).any(held),
            Some(Value::String(text)) => held(text),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_model::Record;

    use super::{as_kept, as_told};

    fn record(value: Value) -> Record {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn what_is_sent_comes_back_as_it_was() {
        let sent = json!({"name": "Lab", "conditionType": "1", "dnsServerIps": ["192.0.2.1", "192.0.2.2"], "hostname": "a.example"});
        let mut held = record(sent.clone());
        as_kept(&mut held);
        assert_eq!(held["dnsServers"], json!("192.0.2.1,192.0.2.2"));
        assert_eq!((&held["networkName"], &held["conditionType"]), (&json!("Lab"), &json!(1)));
        as_told(&mut held);
        for (name, value) in record(sent) {
            assert_eq!(held[&name], value, "{name}");
        }
    }

    #[test]
    fn a_condition_that_the_first_version_changed_is_told_in_a_word() {
        let mut held = record(json!({"conditionType": 0, "spelt": "1", "dnsServers": "a, b"}));
        as_told(&mut held);
        assert_eq!((&held["conditionType"], &held["dnsServerIps"]), (&json!("ALL"), &json!(["a", "b"])));
    }
}
