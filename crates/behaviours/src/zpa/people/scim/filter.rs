//! Paths and filters of SCIM (RFC 7644, 3.4.2.2 and 3.5.2): which values of a resource are meant, and whether they
//! compare as asked. Names of attributes and texts compare whatever the case of their letters.

use serde_json::{Map, Value};

/// The schema whose attributes stand at the top of a user.
const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:";

/// A place in a resource: `userName`, `name.familyName`, `emails[type eq "work"].value`, with its schema or without.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The extension it belongs to; none for what stands at the top.
    pub schema: Option<String>,
    /// The attribute.
    pub attribute: String,
    /// Which of several values.
    pub filter: Option<Box<Filter>>,
    /// The part of each value.
    pub part: Option<String>,
}

/// A condition on a resource or on one of several values.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these hold.
    All(Vec<Filter>),
    /// One of these holds.
    Any(Vec<Filter>),
    /// A value at the place compares so; `pr` compares with nothing.
    Clause(Path, Comparison, Value),
}

/// How a clause compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`
    Equal,
    /// `ne`
    Other,
    /// `co`
    Contains,
    /// `sw`
    Starts,
    /// `ew`
    Ends,
    /// `pr`
    Present,
}

/// Where a word or letter stands outside of quotes and brackets.
fn outside(text: &str, mut is_it: impl FnMut(&str) -> bool) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (place, letter) in text.char_indices() {
        if depth == 0 && !quoted && is_it(&text[place..]) {
            return Some(place);
        }
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' | '(' if !quoted => depth += 1,
            ']' | ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The parts of a text between a word that stands outside of quotes and brackets.
fn parted<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    let (mut parts, mut rest) = (Vec::new(), text);
    let starts = |text: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    while let Some(place) = outside(rest, starts) {
        parts.push(&rest[..place]);
        rest = &rest[place + word.len()..];
    }
    parts.push(rest);
    parts
}

impl Filter {
    /// Reads a filter; nothing where it is none, or asks for what is not built: `not`, and comparisons of order.
    pub fn read(text: &str) -> Option<Filter> {
        let text = text.trim();
        let any = parted(text, " or ");
        if any.len() > 1 {
            return any.into_iter().map(Filter::read).collect::<Option<_>>().map(Filter::Any);
        }
        let all = parted(text, " and ");
        if all.len() > 1 {
            return all.into_iter().map(Filter::read).collect::<Option<_>>().map(Filter::All);
        }
        if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            return Filter::read(inner);
        }
        let space = outside(text, |rest| rest.starts_with(' '))?;
        let path = Path::read(&text[..space])?;
        let rest = text[space..].trim();
        let (word, wanted) = rest.split_once(' ').unwrap_or((rest, "null"));
        let comparison = match word.to_ascii_lowercase().as_str() {
            "eq" => Comparison::Equal,
            "ne" => Comparison::Other,
            "co" => Comparison::Contains,
            "sw" => Comparison::Starts,
            "ew" => Comparison::Ends,
            "pr" => Comparison::Present,
            _ => return None,
        };
        Some(Filter::Clause(path, comparison, serde_json::from_str(wanted.trim()).ok()?))
    }

    /// Whether a resource, or one of several values, is as the filter asks.
    pub fn accepts(&self, value: &Value) -> bool {
        match self {
            Filter::All(parts) => parts.iter().all(|part| part.accepts(value)),
            Filter::Any(parts) => parts.iter().any(|part| part.accepts(value)),
            Filter::Clause(path, comparison, wanted) => {
                let found = path.values(value);
                let text = plain(wanted);
                match comparison {
                    Comparison::Present => found.iter().any(|held| !held.is_null()),
                    Comparison::Other => found.iter().all(|held| plain(held) != text),
                    Comparison::Equal => found.iter().any(|held| plain(held) == text),
                    Comparison::Contains => found.iter().any(|held| plain(held).contains(&text)),
                    Comparison::Starts => found.iter().any(|held| plain(held).starts_with(&text)),
                    Comparison::Ends => found.iter().any(|held| plain(held).ends_with(&text)),
                }
            }
        }
    }
}

/// A value as it is compared; of an object its `value` counts.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_lowercase(),
        Value::Object(members) => members.get("value").map(plain).unwrap_or_default(),
        other => other.to_string(),
    }
}

impl Path {
    /// Reads a path; nothing where it is none.
    pub fn read(text: &str) -> Option<Path> {
        let (schema, rest) = match text.rsplit_once(':').filter(|_| text.starts_with("urn:")) {
            // The extension as a whole is meant.
            Some((_, "User" | "Group")) => (None, text),
            Some((schema, rest)) => {
                (Some(schema.to_owned()).filter(|schema| !schema.starts_with(CORE)), rest)
            }
            None => (None, text),
        };
        let named = |name: &str| !name.is_empty() && !name.contains(['"', ' ', '[', ']', '(', ')']);
        let (attribute, filter, part) = match rest.split_once('[') {
            Some((attribute, rest)) => {
                let (filter, rest) = rest.rsplit_once(']')?;
                let part = rest.strip_prefix('.').or_else(|| rest.is_empty().then_some(""))?;
                (attribute, Some(Box::new(Filter::read(filter)?)), Some(part).filter(|part| !part.is_empty()))
            }
            None if rest.starts_with("urn:") => (rest, None, None),
            None => match rest.split_once('.') {
                Some((attribute, part)) => (attribute, None, Some(part)),
                None => (rest, None, None),
            },
        };
        (named(attribute) && part.is_none_or(named)).then(|| Path {
            schema,
            attribute: attribute.to_owned(),
            filter,
            part: part.map(str::to_owned),
        })
    }

    /// Every value at this place.
    pub fn values<'v>(&self, resource: &'v Value) -> Vec<&'v Value> {
        let top = match &self.schema {
            Some(schema) => resource.as_object().and_then(|members| member(members, schema)),
            None => Some(resource),
        };
        let Some(held) = top.and_then(Value::as_object).and_then(|members| member(members, &self.attribute))
        else {
            return Vec::new();
        };
        let several: Vec<&Value> = match held {
            Value::Array(items) => items.iter().collect(),
            single => vec![single],
        };
        several
            .into_iter()
            .filter(|value| self.filter.as_ref().is_none_or(|filter| filter.accepts(value)))
            .filter_map(|value| match &self.part {
                Some(part) => value.as_object().and_then(|members| member(members, part)),
                None => Some(value),
            })
            .collect()
    }
}

/// The name under which an object has a member, whatever the case of the letters.
pub fn key<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    members.keys().find(|key| key.eq_ignore_ascii_case(name)).map(String::as_str)
}

/// A member, whatever the case of the letters.
pub fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    members.get(name).or_else(|| members.get(key(members, name)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Filter, Path};

    #[test]
    fn clauses_combine_and_compare_whatever_the_case() {
        let user = json!({
            "userName": "Ada@acme.example", "active": true, "name": { "familyName": "Berg and Tal" },
            "emails": [{ "type": "work", "value": "a@w" }, { "type": "home", "value": "a@h" }],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "IT" },
        });
        for (filter, holds) in [
            (r#"userName eq "ada@ACME.example""#, true),
            (r#"USERNAME sw "ada" and active eq true"#, true),
            (r#"userName eq "x" or name.familyName co "and Tal""#, true),
            (r#"userName eq "x" and (active eq true or active eq false)"#, false),
            (r#"emails[type eq "home"].value ew "@h""#, true),
            (r#"emails[type eq "home" and value eq "a@w"] pr"#, false),
            (r#"emails.value eq "a@w""#, true),
            (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "it""#, true),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName ne "x""#, true),
            ("nickName pr", false),
        ] {
            assert_eq!(Filter::read(filter).expect(filter).accepts(&user), holds, "{filter}");
        }
    }

    #[test]
    fn what_is_no_filter_is_told_apart() {
        for text in
            ["", "userName", r#"userName is "x""#, "userName eq x", r#" eq "x""#, r#"a[b eq "c" eq "d""#]
        {
            assert!(Filter::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_path_names_an_extension_or_something_in_it() {
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let whole = Path::read(urn).expect("a path");
        assert_eq!((whole.schema, whole.attribute.as_str()), (None, urn));
        let inner = Path::read(&format!("{urn}:manager.value")).expect("a path");
        assert_eq!((inner.schema.as_deref(), inner.part.as_deref()), (Some(urn), Some("value")));
        assert!(Path::read("emails[").is_none() && Path::read("").is_none());
    }
}
