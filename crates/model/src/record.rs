//! Records, ids and the tenant and caller they belong to.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Rights;

/// One object of the cloud: members under their wire names, in wire order, numbers as numbers.
pub type Record = Map<String, Value>;

/// Seconds since the Unix epoch, as every product counts.
pub type Time = i64;

/// A kind of object: product and the vendor's singular noun, as in `zpa.segment_group`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(pub String);

impl Kind {
    /// The kind's text, `product.noun`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the dot.
    pub fn product(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// What people call one of them: the part behind the dot, in words.
    pub fn noun(&self) -> String {
        self.0.rsplit('.').next().unwrap_or_default().replace('_', " ")
    }
}

impl From<&str> for Kind {
    fn from(text: &str) -> Self {
        Kind(text.to_owned())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of one record within its kind. Whether the wire shows a number or a string is the dialect's affair.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub String);

impl Id {
    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads an id from a wire value: a string, or a whole number.
    pub fn from_value(value: &Value) -> Option<Id> {
        match value {
            Value::String(text) if !text.is_empty() => Some(Id(text.clone())),
            Value::Number(number) if number.is_i64() || number.is_u64() => Some(Id(number.to_string())),
            _ => None,
        }
    }

    /// An id as the identity service gives them out: what tells the kind, filled up to thirteen characters of
    /// `0-9a-v` from these bits (seen).
    pub fn opaque(kind: &str, mut bits: u128) -> Id {
        let mut id = kind.to_owned();
        while id.len() < 13 {
            id.push(char::from(b"0123456789abcdefghijklmnopqrstuv"[(bits & 31) as usize]));
            bits >>= 5;
        }
        Id(id)
    }

    /// A random UUID (version 4) of these bits.
    pub fn uuid(bits: u128) -> Id {
        Id(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string())
    }
}

impl From<i64> for Id {
    fn from(number: i64) -> Self {
        Id(number.to_string())
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Id(text.to_owned())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A tenant's number inside this server; never on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(pub i64);

impl TenantId {
    /// Nobody: what the server keeps for itself stands under this number.
    pub const SERVER: TenantId = TenantId(0);
}

/// What distinguishes one tenant: its names and the numbers its ids grow from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// The server's own number for it.
    pub id: TenantId,
    /// The label in `<vanity>.zslogin.net`.
    pub vanity: String,
    /// The ZPA customer id; low 28 bits zero, tenant-wide ids are this plus a counter (seen in recordings).
    pub customer_id: i64,
    /// The organisation number that ZIA and its relatives print.
    pub org_id: i64,
    /// The ZIA cloud it lives in, such as `zscalerthree.net`.
    pub cloud: String,
    /// When it was made.
    pub created: Time,
    /// Whether the sample fleet of devices, connectors and users is part of it.
    pub sample_fleet: bool,
    /// What its token requests may and must say of their audience.
    #[serde(default)]
    pub audience: AudienceRule,
}

/// Whether a token request names its audience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AudienceRule {
    /// As it likes; the token is the same (client: of two tenants that were seen, each takes another form).
    #[default]
    Either,
    /// It must: the parameter is documented as required.
    Required,
    /// It must not (client: some tenants refuse it with 400).
    Refused,
}

/// Who makes a call: an API client with its names as audit fields print them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The OAuth client id.
    pub client_id: String,
    /// A number that audit members such as `modifiedBy` can hold.
    pub number: i64,
    /// The name shown beside it.
    pub name: String,
    /// The names of its roles, by the product's code.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
    /// What it may do, and so what it may give to others.
    pub rights: Rights,
}

impl Actor {
    /// The server itself, for what no caller asks.
    pub fn server() -> Actor {
        Actor {
            client_id: "zuno".into(),
            number: 1,
            name: "Zuno".into(),
            roles: BTreeMap::new(),
            rights: Rights::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn made_ids_have_the_shape_of_the_clouds() {
        assert_eq!(Id::opaque("i", u128::MAX).as_str(), "ivvvvvvvvvvvv");
        assert_eq!(Id::opaque("is", 0).as_str(), "is00000000000");
        assert_eq!(Id::uuid(0).as_str(), "00000000-0000-4000-8000-000000000000");
        assert_eq!(Id::uuid(u128::MAX).as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
