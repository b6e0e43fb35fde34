//! Lines that are JSON: members are found by their names, however deep.

use std::borrow::Cow;
use std::fmt;

use foldhash::HashMap;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::field::{Values, Written};
use super::text::{Piece, pieces};

/// Members by their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Members(HashMap<Box<str>, Written>);

impl Members {
    /// The members that a feed's text has, where it is JSON.
    pub fn of(text: &str) -> Option<Members> {
        // Braces are escaped there, to be told from those of fields.
        let text = text.replace("\\{", "{").replace("\\}", "}").replace("\\n", "");
        let written: Value = serde_json::from_str(text.trim_end_matches("\\n").trim()).ok()?;
        let mut members = Members::default();
        members.add(&written);
        (!members.0.is_empty()).then_some(members)
    }

    fn add(&mut self, written: &Value) {
        for (name, value) in written.as_object().into_iter().flatten() {
            match value {
                Value::String(text) => {
                    let known = pieces(text).into_iter().filter_map(|piece| match piece {
                        Piece::Value(written) => written,
                        Piece::Text(_) => None,
                    });
                    let known: Vec<Written> = known.collect();
                    let one = match known[..] {
                        [one] => Some(one),
                        // Parts of a moment, put together.
                        [first, ..] if first.is_of_time() => Written::named("time"),
                        _ => None,
                    };
                    if let Some(one) = one {
                        self.0.entry(name.as_str().into()).or_insert(one);
                    }
                }
                other => self.add(other),
            }
        }
    }

    /// Takes another's members where there are none of their names.
    pub fn or(mut self, other: &Members) -> Members {
        for (name, written) in &other.0 {
            self.0.entry(name.clone()).or_insert(*written);
        }
        self
    }

    /// What a member or column of this name holds: what feeds write there, or the field that is called so.
    pub fn named(&self, name: &str) -> Option<Written> {
        self.0.get(name).copied().or_else(|| Written::named(name))
    }

    /// Reads a line: the object in it, whatever a collector wrote before it or a list around it.
    pub fn read<'l>(&self, line: &'l str) -> Option<Values<'l>> {
        let line = line.get(line.find('{')?..=line.rfind('}')?)?;
        let mut values = Values::default();
        let mut reader = serde_json::Deserializer::from_str(line);
        Walk { members: self, values: &mut values }.deserialize(&mut reader).ok()?;
        reader.end().ok()?;
        Some(values)
    }
}

/// Goes through a value for what is known in it; its depth is bounded by the reader's.
struct Walk<'m, 'v, 'l> {
    members: &'m Members,
    values: &'v mut Values<'l>,
}

impl<'l> DeserializeSeed<'l> for Walk<'_, '_, 'l> {
    type Value = ();

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for Walk<'_, '_, 'l> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Text)? {
            match self.members.named(&name) {
                Some(written) => {
                    let value = map.next_value_seed(Text)?;
                    self.values.set(written, value);
                }
                None => map.next_value_seed(Walk { members: self.members, values: &mut *self.values })?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'l>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A text or a number, as text; of anything else an empty one.
struct Text;

impl<'l> DeserializeSeed<'l> for Text {
    type Value = Cow<'l, str>;

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Cow<'l, str>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for Text {
    type Value = Cow<'l, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'l str) -> Result<Cow<'l, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'l, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cow<'l, str>, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cow<'l, str>, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cow<'l, str>, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Cow<'l, str>, E> {
        Ok(Cow::default())
    }

    fn visit_unit<E>(self) -> Result<Cow<'l, str>, E> {
        Ok(Cow::default())
    }

    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<Cow<'l, str>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cow::default())
    }

    fn visit_seq<A: SeqAccess<'l>>(self, mut seq: A) -> Result<Cow<'l, str>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cow::default())
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

    #[test]
    fn members_are_found_by_the_names_that_the_feed_gives_them() {
        let members = Members::of(
            r#"\{ "sourcetype" : "zscalernss-web", "event" : \{"datetime":"%d{yy}-%02d{mth}-%02d{dd}","user":"%s{elogin}","url":"%s{eurl}","reason":"%s{reason}"\}\}\n"#,
        )
        .expect("it is JSON");
        let line = r#"<14>Jun 20 host: { "sourcetype" : "zscalernss-web", "event" : {"datetime":"2026-03-01 10:00:00","user":"a%40x","url":"x\/a","reason":["y",{"url":"no"}],"other":{"reqmethod":"GET","n":[1]}}},"#;
        let values = members.read(line).expect("it is such a line");
        let told = [Field::Time, Field::Login, Field::Url, Field::Method].map(|field| values.get(field));
        assert_eq!(told, [Some("2026-03-01 10:00:00"), Some("a@x"), Some("x/a"), Some("GET")]);
        for wrong in ["", "{", "}{", "{\"a\":", "[1]", "{} {}"] {
            assert!(members.read(wrong).is_none(), "{wrong}");
        }
        assert!(members.read(&format!("{}{}", "{\"a\":".repeat(10_000), "}".repeat(10_000))).is_none());
    }
}
