//! White space: none, or as one family's serialiser leaves it.

use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};
use zuno_catalogue::Spacing;

/// Writes a value out.
pub fn write(value: &Value, spacing: Spacing) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let written = match spacing {
        Spacing::Compact => serde_json::to_writer(&mut bytes, value),
        Spacing::Jackson => value.serialize(&mut Serializer::with_formatter(&mut bytes, Jackson::default())),
    };
    written.expect("a JSON value always serialises into memory");
    bytes
}

/// Writes a value out that is written without white space.
pub fn respace(text: Vec<u8>, spacing: Spacing) -> Vec<u8> {
    match spacing {
        Spacing::Compact => text,
        Spacing::Jackson => {
            let value: Value = serde_json::from_slice(&text).expect("it was written as JSON");
            write(&value, spacing)
        }
    }
}

/// `{\n  "k" : v\n}`, arrays on one line as `[ {…}, {…} ]`, empty ones as `[ ]` (seen byte for byte).
#[derive(Default)]
struct Jackson {
    depth: usize,
    empty: bool,
}

impl Jackson {
    fn line<W: io::Write + ?Sized>(&self, to: &mut W) -> io::Result<()> {
        to.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| to.write_all(b"  "))
    }
}

impl Formatter for Jackson {
    fn begin_array<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b"[ ")?;
        self.empty = true;
        Ok(())
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        let empty = std::mem::replace(&mut self.empty, false);
        to.write_all(if empty { b"]" } else { b" ]" })
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.empty = false;
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        to.write_all(b"{")
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if std::mem::replace(&mut self.empty, false) {
            return to.write_all(b" }");
        }
        self.line(to)?;
        to.write_all(b"}")
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.empty = false;
        if !first {
            to.write_all(b",")?;
        }
        self.line(to)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b" : ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_catalogue::Spacing;

    use super::write;

    #[test]
    fn the_spaced_form_is_the_recorded_one() {
        let text = |value| String::from_utf8(write(&value, Spacing::Jackson)).expect("JSON is UTF-8");
        assert_eq!(text(json!([])), "[ ]");
        assert_eq!(
            text(json!({"success": "false", "id": 0})),
            "{\n  \"success\" : \"false\",\n  \"id\" : 0\n}"
        );
        assert_eq!(text(json!([{"a": [1, 2]}, {}])), "[ {\n  \"a\" : [ 1, 2 ]\n}, { } ]");
    }

    #[test]
    fn both_forms_hold_the_same_value() {
        let value = json!({"a": [{"b": {}}, [], [[1], null]], "c": "x : y", "d": 1.5});
        for spacing in [Spacing::Compact, Spacing::Jackson] {
            let back: serde_json::Value =
                serde_json::from_slice(&write(&value, spacing)).expect("valid JSON");
            assert_eq!(back, value);
        }
    }
}
