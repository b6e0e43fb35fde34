//! JSON objects read member by member: in their order, with unknown members kept and doubled ones refused.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// A thing that a JSON object is read into.
pub(crate) trait Object: Default {
    /// What it is, for messages.
    const WHAT: &'static str;

    /// Takes one member in.
    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error>;

    /// Tells what is missing, once all members are in.
    fn complete(&self) -> Result<(), String> {
        Ok(())
    }
}

/// Reads an object.
pub(crate) fn object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Members(PhantomData))
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Members<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let (mut read, mut seen) = (T::default(), HashSet::new());
        while let Some(name) = map.next_key::<String>()? {
            if !seen.insert(name.clone()) {
                let shown = crate::prefix::shortened(name.as_bytes());
                return Err(A::Error::custom(format!("`{shown}` occurs twice")));
            }
            read.member(name, &mut map)?;
        }
        read.complete().map_err(A::Error::custom)?;
        Ok(read)
    }
}

/// Reads a value that is there.
pub(crate) fn value<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
    map.next_value()
}

/// Reads the types named from JSON objects.
macro_rules! deserialize_as_object {
    ($($type:ty),*) => {$(
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                $crate::document::object::object(deserializer)
            }
        }
    )*};
}

pub(crate) use deserialize_as_object;
