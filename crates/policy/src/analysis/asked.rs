//! Questions as witnesses.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::question::Question;

/// A question that an example can be asked by; written without what it leaves open.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked(pub Box<Question>);

impl Serialize for Asked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut told = serde_json::to_value(&self.0).map_err(serde::ser::Error::custom)?;
        if let Value::Object(members) = &mut told {
            members.retain(|_, value| !value.is_null());
        }
        told.serialize(serializer)
    }
}
