//! A JSON value inside the catalogue, kept as text in the compiled form.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;

/// Any JSON value: a default, a stub, a behaviour's parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub Value);

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { self.0.serialize(to) } else { to.serialize_str(&self.0.to_string()) }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            Value::deserialize(from).map(Json)
        } else {
            let text = String::deserialize(from)?;
            serde_json::from_str(&text).map(Json).map_err(D::Error::custom)
        }
    }
}
