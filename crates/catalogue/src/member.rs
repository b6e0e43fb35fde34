//! Members of records by name and type, so that whoever reads one says neither twice.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::slice;

use serde_json::Value;
use zuno_model::{Id, Record};
use zuno_notation::Shape;

/// A member of a kind's records: its name, and what its value is. The build writes one for each member that the catalogue
/// describes ([`crate::handles`]); a behaviour has others from its parameters, whose names are known at run time alone.
pub struct Member<T: ?Sized, N = &'static str> {
    /// Its name on the wire.
    pub name: N,
    of: PhantomData<fn(&T)>,
}

/// What a member's value can be: `str` for texts, words and ids, `i64` for numbers and times, `Texts` for lists of texts,
/// `[Value]` for other lists, `Record` for objects, `Value` for anything.
pub trait Kept {
    /// The value, or that there is none.
    type Value<'r>;

    /// Reads a value; one of another type counts as none.
    fn read(value: Option<&Value>) -> Self::Value<'_>;

    /// Whether members of this shape are kept so.
    fn fits(shape: &Shape) -> bool;
}

/// What has members: a record, or an object within one.
pub trait Members {
    /// The member of a name.
    fn member(&self, name: &str) -> Option<&Value>;

    /// The text of a name that no catalogue describes.
    fn text(&self, name: &str) -> Option<&str> {
        str::read(self.member(name))
    }

    /// The number of such a name.
    fn number(&self, name: &str) -> Option<i64> {
        i64::read(self.member(name))
    }

    /// Whether the flag of such a name is on.
    fn flag(&self, name: &str) -> bool {
        bool::read(self.member(name))
    }

    /// The list of such a name; an empty one where it has none.
    fn items(&self, name: &str) -> &[Value] {
        <[Value]>::read(self.member(name))
    }

    /// The texts of such a list.
    fn texts(&self, name: &str) -> EachText<'_> {
        Texts::read(self.member(name))
    }
}

impl Members for Record {
    fn member(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

impl Members for Value {
    fn member(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

impl<T: ?Sized> Member<T> {
    /// The member of this name.
    pub const fn named(name: &'static str) -> Member<T> {
        Member { name, of: PhantomData }
    }
}

impl<T: Kept + ?Sized> Member<T, String> {
    /// The member of this name and shape; nothing where its values are of another type.
    pub fn of_shape(name: String, shape: &Shape) -> Option<Member<T, String>> {
        T::fits(shape).then_some(Member { name, of: PhantomData })
    }
}

impl<T: Kept + ?Sized, N: AsRef<str>> Member<T, N> {
    /// Its value in a record.
    pub fn of<'r>(&self, record: &'r impl Members) -> T::Value<'r> {
        T::read(record.member(self.name.as_ref()))
    }

    /// Its value as an id: a text, or a whole number.
    pub fn id_of(&self, record: &impl Members) -> Option<Id> {
        record.member(self.name.as_ref()).and_then(Id::from_value)
    }

    /// Sets it.
    pub fn set(&self, record: &mut Record, value: impl Into<Value>) {
        record.insert(self.name.as_ref().to_owned(), value.into());
    }
}

impl<T: ?Sized, N: AsRef<str>> Deref for Member<T, N> {
    type Target = str;

    fn deref(&self) -> &str {
        self.name.as_ref()
    }
}

impl<T: ?Sized, N: AsRef<str>> fmt::Display for Member<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_ref())
    }
}

impl<T: ?Sized, N: Into<String>> From<Member<T, N>> for String {
    fn from(member: Member<T, N>) -> String {
        member.name.into()
    }
}

impl<T: ?Sized, N: Copy> Copy for Member<T, N> {}

impl<T: ?Sized, N: Clone> Clone for Member<T, N> {
    fn clone(&self) -> Member<T, N> {
        Member { name: self.name.clone(), of: PhantomData }
    }
}

/// A list of texts.
pub enum Texts {}

/// The texts of a list, one by one.
pub struct EachText<'r>(slice::Iter<'r, Value>);

impl<'r> Iterator for EachText<'r> {
    type Item = &'r str;

    fn next(&mut self) -> Option<&'r str> {
        self.0.find_map(Value::as_str)
    }
}

impl Kept for str {
    type Value<'r> = Option<&'r str>;

    fn read(value: Option<&Value>) -> Option<&str> {
        value.and_then(Value::as_str)
    }

    fn fits(shape: &Shape) -> bool {
        matches!(shape, Shape::Id | Shape::String | Shape::Enum | Shape::Ref(_) | Shape::Link(_))
    }
}

impl Kept for i64 {
    type Value<'r> = Option<i64>;

    fn read(value: Option<&Value>) -> Option<i64> {
        value.and_then(Value::as_i64)
    }

    fn fits(shape: &Shape) -> bool {
        matches!(shape, Shape::Int | Shape::Time)
    }
}

impl Kept for f64 {
    type Value<'r> = Option<f64>;

    fn read(value: Option<&Value>) -> Option<f64> {
        value.and_then(Value::as_f64)
    }

    fn fits(shape: &Shape) -> bool {
        matches!(shape, Shape::Float | Shape::Int)
    }
}

impl Kept for bool {
    type Value<'r> = bool;

    fn read(value: Option<&Value>) -> bool {
        value.and_then(Value::as_bool).unwrap_or(false)
    }

    fn fits(shape: &Shape) -> bool {
        *shape == Shape::Bool
    }
}

impl Kept for Record {
    type Value<'r> = Option<&'r Record>;

    fn read(value: Option<&Value>) -> Option<&Record> {
        value.and_then(Value::as_object)
    }

    fn fits(shape: &Shape) -> bool {
        matches!(shape, Shape::Named(_))
    }
}

impl Kept for [Value] {
    type Value<'r> = &'r [Value];

    fn read(value: Option<&Value>) -> &[Value] {
        value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn fits(shape: &Shape) -> bool {
        matches!(shape, Shape::List(_))
    }
}

impl Kept for Texts {
    type Value<'r> = EachText<'r>;

    fn read(value: Option<&Value>) -> EachText<'_> {
        EachText(<[Value]>::read(value).iter())
    }

    fn fits(shape: &Shape) -> bool {
        matches!(shape, Shape::List(item) if str::fits(item))
    }
}

impl Kept for Value {
    type Value<'r> = Option<&'r Value>;

    fn read(value: Option<&Value>) -> Option<&Value> {
        value
    }

    fn fits(_: &Shape) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_notation::Shape;

    use super::{Member, Texts};

    #[test]
    fn a_member_is_read_as_what_it_is_and_one_of_another_type_counts_as_none() {
        let record = json!({"name": "Oslo", "order": 3, "on": true, "ids": ["1", 2, "3"]});
        assert_eq!(Member::<str>::named("name").of(&record), Some("Oslo"));
        assert_eq!(Member::<str>::named("order").of(&record), None);
        assert_eq!(Member::<i64>::named("order").of(&record), Some(3));
        assert!(Member::<bool>::named("on").of(&record) && !Member::<bool>::named("off").of(&record));
        assert_eq!(Member::<Texts>::named("ids").of(&record).collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(Member::<[Value]>::named("none").of(&record), &[] as &[Value]);
    }

    #[test]
    fn a_parameter_that_names_a_member_of_another_type_is_refused() {
        let shape = Shape::try_from("list<ref zpa.server>".to_owned()).expect("a type");
        assert!(Member::<Texts, _>::of_shape("servers".into(), &shape).is_some());
        assert!(Member::<str, _>::of_shape("servers".into(), &shape).is_none());
    }
}
