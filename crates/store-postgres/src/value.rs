//! Values as they are sent: owned, because a statement is on its way while the job goes on.
//!
//! All texts are bytes in the database. So they have the order of their bytes under any collation, in any database that
//! speaks PostgreSQL's protocol, and may hold the character 0, which its texts may not.

use std::error::Error;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::BytesMut;

use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use zuno_model::Id;

/// The longest text in an index, in bytes: PostgreSQL takes 2,704 for all columns of one together.
pub const INDEXED: usize = 1_000;

/// One value.
#[derive(Clone, Debug)]
pub enum Value {
    Number(i64),
    Bytes(Vec<u8>),
    Nothing,
    Numbers(Vec<i64>),
    List(Vec<Vec<u8>>),
    Some(Vec<Option<Vec<u8>>>),
}

/// The values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Value::from($value)),*] };
}
pub(crate) use values;

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Bytes(text.as_bytes().to_vec())
    }
}

impl From<&Id> for Value {
    fn from(id: &Id) -> Value {
        Value::from(id.as_str())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Bytes(bytes)
    }
}

impl From<Vec<i64>> for Value {
    fn from(numbers: Vec<i64>) -> Value {
        Value::Numbers(numbers)
    }
}

impl From<Vec<Vec<u8>>> for Value {
    fn from(list: Vec<Vec<u8>>) -> Value {
        Value::List(list)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Nothing, Into::into)
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Number(number) => number.to_sql(ty, out),
            Value::Bytes(bytes) => bytes.as_slice().to_sql(ty, out),
            Value::Nothing => Ok(IsNull::Yes),
            Value::Numbers(numbers) => numbers.to_sql(ty, out),
            Value::List(list) => list.to_sql(ty, out),
            Value::Some(list) => list.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::BYTEA, Type::INT8_ARRAY, Type::BYTEA_ARRAY].contains(ty)
    }

    to_sql_checked!();
}

/// A sort key as it is kept: what of it stands in the index, and the rest of one that is too long for it. Keys that agree in
/// all that is indexed are told apart by their ids alone.
pub fn divided(sort: &str) -> (Value, Value) {
    let bytes = sort.as_bytes();
    match bytes.split_at_checked(INDEXED) {
        Some((indexed, rest)) if !rest.is_empty() => (indexed.into(), rest.into()),
        _ => (bytes.into(), Value::Nothing),
    }
}

/// A unique value as it is kept: itself, or its digest where it is too long for an index. A byte that begins no text keeps
/// the two apart.
pub fn unique(value: &str) -> Vec<u8> {
    if value.len() <= INDEXED {
        return value.as_bytes().to_vec();
    }
    let mut kept = vec![0xff];
    kept.extend_from_slice(digest(&SHA256, value.as_bytes()).as_ref());
    kept
}

/// The least text that comes after all that begin so; nothing where none does.
pub fn after(beginning: &str) -> Option<Vec<u8>> {
    let mut bytes = beginning.as_bytes().to_vec();
    while let Some(last) = bytes.pop() {
        if last < 0xff {
            bytes.push(last + 1);
            return Some(bytes);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{INDEXED, Value, after, divided, unique};

    #[test]
    fn what_is_too_long_for_an_index_is_kept_whole_beside_it_or_as_a_digest() {
        let long = "ä".repeat(INDEXED);
        let (Value::Bytes(indexed), Value::Bytes(rest)) = divided(&long) else { panic!("it is too long") };
        assert_eq!(indexed.len(), INDEXED);
        assert_eq!([indexed, rest].concat(), long.as_bytes());
        assert!(matches!(divided("short"), (Value::Bytes(_), Value::Nothing)));
        assert_eq!(unique("short"), b"short");
        assert_eq!(unique(&long).len(), 33);
        assert_ne!(unique(&long), unique(&format!("{long}x")));
    }

    #[test]
    fn what_begins_so_ends_before_the_next_beginning() {
        assert_eq!(after("own:"), Some(b"own;".to_vec()));
        assert_eq!(after(""), None);
    }
}
