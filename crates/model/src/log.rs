//! What happened at a tenant, as its log keeps it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// By which interface somebody came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interface {
    /// The products' APIs, and the sign-ins that lead to them.
    #[default]
    Api,
    /// The one by which identity providers push users and groups.
    Scim,
}

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The status that it was answered with, where the interface has but one way of saying it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The machine-readable word, if there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// The text for people.
    pub words: String,
}

/// One thing that somebody did, or was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The kind that was acted on, `zia.rule_label`; empty where it is the tenant as a whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// What was done, by its name in the catalogue; `sign-in` where somebody did.
    #[serde(rename = "did")]
    pub operation: String,
    /// By which interface.
    #[serde(default, skip_serializing_if = "Entry::is_usual")]
    pub interface: Interface,
    /// Who: the client's id.
    #[serde(rename = "who")]
    pub client_id: String,
    /// The client's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// As what, by the product's code.
    #[serde(default, rename = "as", skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, String>,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// What the answer was marked with, so that its caller finds the entry.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace: String,
    /// The id of the object.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What people call the object; the first few where it is many.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub object: String,
    /// The object as it was, in JSON and without its secrets; a list where it is many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The object as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Why it was refused; nothing where it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

impl Entry {
    fn is_usual(interface: &Interface) -> bool {
        *interface == Interface::Api
    }

    /// The product that it is about; empty where it is the tenant as a whole.
    pub fn product(&self) -> &str {
        self.kind.split_once('.').map_or("", |(product, _)| product)
    }
}

#[cfg(test)]
mod tests {
    use super::Entry;

    #[test]
    fn what_an_entry_lacks_takes_no_room_and_is_read_as_lacking() {
        let entry = Entry { operation: "sign-in".into(), client_id: "c".into(), ..Entry::default() };
        let text = serde_json::to_string(&entry).expect("it is written");
        assert_eq!(text, r#"{"did":"sign-in","who":"c"}"#);
        assert_eq!(serde_json::from_str::<Entry>(&text).expect("it is read"), entry);
        assert_eq!(entry.product(), "");
        assert_eq!(Entry { kind: "zia.rule_label".into(), ..entry }.product(), "zia");
    }
}
