//! The type of a field, as one short text: `string`, `list<int>`, `ref zpa.segment_group`, `Condition`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The JSON shape of a field's value and, for references, what it points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Shape {
    /// The record's own id.
    Id,
    /// Text. A number is accepted and kept as its text.
    String,
    /// A whole number. A numeric string is accepted (seen on every product).
    Int,
    /// A number with a fraction.
    Float,
    /// True or false.
    Bool,
    /// Seconds since the Unix epoch.
    Time,
    /// One of the field's `values`.
    Enum,
    /// Anything, kept as sent.
    Any,
    /// The id of a record of another kind.
    Ref(String),
    /// An object `{id, …}` standing for a record of another kind; only the id is kept.
    Link(String),
    /// A named value type of the file or the product.
    Named(String),
    /// Any number of the inner shape.
    List(Box<Shape>),
}

impl Shape {
    /// The kind pointed at, whether by id or by link, inside a list or not.
    pub fn target(&self) -> Option<&str> {
        match self {
            Shape::Ref(kind) | Shape::Link(kind) => Some(kind),
            Shape::List(inner) => inner.target(),
            _ => None,
        }
    }
}

/// How many lists may hold each other.
const DEEPEST: usize = 4;

impl TryFrom<String> for Shape {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Shape::read(&text, 0)
    }
}

impl Shape {
    fn read(text: &str, depth: usize) -> Result<Shape, String> {
        let text = text.trim();
        if depth > DEEPEST {
            return Err(format!("lists hold each other {DEEPEST} deep at most"));
        }
        Ok(match text {
            "id" => Shape::Id,
            "string" => Shape::String,
            "int" => Shape::Int,
            "float" => Shape::Float,
            "bool" => Shape::Bool,
            "time" => Shape::Time,
            "enum" => Shape::Enum,
            "any" => Shape::Any,
            _ => {
                if let Some(inner) = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
                    Shape::List(Box::new(Shape::read(inner, depth + 1)?))
                } else if let Some(kind) = text.strip_prefix("ref ") {
                    Shape::Ref(kind.to_owned())
                } else if let Some(kind) = text.strip_prefix("link ") {
                    Shape::Link(kind.to_owned())
                } else if text.starts_with(|c: char| c.is_ascii_uppercase()) {
                    Shape::Named(text.to_owned())
                } else {
                    return Err(format!(
                        "`{text}` is no type; write id, string, int, float, bool, time, enum, any, list<…>, \
                         ref KIND, link KIND, or the capitalised name of a value type"
                    ));
                }
            }
        })
    }
}

impl From<Shape> for String {
    fn from(shape: Shape) -> String {
        shape.to_string()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Id => f.write_str("id"),
            Shape::String => f.write_str("string"),
            Shape::Int => f.write_str("int"),
            Shape::Float => f.write_str("float"),
            Shape::Bool => f.write_str("bool"),
            Shape::Time => f.write_str("time"),
            Shape::Enum => f.write_str("enum"),
            Shape::Any => f.write_str("any"),
            Shape::Ref(kind) => write!(f, "ref {kind}"),
            Shape::Link(kind) => write!(f, "link {kind}"),
            Shape::Named(name) => f.write_str(name),
            Shape::List(inner) => write!(f, "list<{inner}>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn a_shape_reads_back_what_it_prints() {
        for text in ["id", "list<int>", "list<link zpa.server_group>", "ref zpa.segment_group", "Condition"] {
            let shape = Shape::try_from(text.to_owned()).expect("a known shape");
            assert_eq!(shape.to_string(), text);
        }
        assert!(Shape::try_from("strnig".to_owned()).is_err());
        let deep = |levels: usize| format!("{}int{}", "list<".repeat(levels), ">".repeat(levels));
        assert!(Shape::try_from(deep(4)).is_ok());
        assert!(Shape::try_from(deep(100_000)).is_err_and(|wrong| wrong.contains("4 deep")));
    }
}
