//! Reads filters and paths from left to right in one pass: time grows with the text, and depth and length have an end.

use serde_json::Value;

use super::{Comparison, Filter, Path};

/// The schema whose attributes stand at the top of a user.
const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:";

/// The longest text that is read, in bytes: no provider's filter comes near it.
const LONGEST: usize = 8 * 1024;

/// How many brackets may stand within each other. Filters of providers in use have two; the grammar of a path has one.
const DEEPEST: usize = 16;

/// Why a text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It does not follow the grammar, or asks for what is not built.
    #[error("does not follow the grammar of RFC 7644, or asks for `not` or an order, which are not built")]
    Malformed,
    /// It is too long.
    #[error("is longer than {LONGEST} bytes")]
    Long,
    /// Its brackets stand within each other too often.
    #[error("has brackets more than {DEEPEST} deep")]
    Deep,
}

impl Filter {
    /// Reads a filter. What asks for what is not built, `not` and comparisons of order, is none.
    ///
    /// # Errors
    /// It is no filter, or larger than any that is read.
    pub fn read(text: &str) -> Result<Filter, Unread> {
        Reader::of(text, |reader| reader.any())
    }
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// It is no path, or larger than any that is read.
    pub fn read(text: &str) -> Result<Path, Unread> {
        Reader::of(text, |reader| reader.path())
    }
}

/// A text, how far it is read, and how many brackets are open there.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    /// Reads the whole of a text.
    fn of<T>(text: &'t str, read: impl FnOnce(&mut Reader<'t>) -> Result<T, Unread>) -> Result<T, Unread> {
        if text.len() > LONGEST {
            return Err(Unread::Long);
        }
        let mut reader = Reader { text: text.trim(), at: 0, depth: 0 };
        let whole = read(&mut reader)?;
        if reader.rest().trim_start().is_empty() { Ok(whole) } else { Err(Unread::Malformed) }
    }

    /// `… or …`
    fn any(&mut self) -> Result<Filter, Unread> {
        self.joined("or", Reader::all, Filter::Any)
    }

    /// `… and …`
    fn all(&mut self) -> Result<Filter, Unread> {
        self.joined("and", Reader::one, Filter::All)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Reader<'t>) -> Result<Filter, Unread>,
        join: fn(Vec<Filter>) -> Filter,
    ) -> Result<Filter, Unread> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.word(word) {
            parts.push(part(self)?);
        }
        // INVARIANT: there is at least the first.
        Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
    }

    /// A clause, or a filter in brackets.
    fn one(&mut self) -> Result<Filter, Unread> {
        self.skip_spaces();
        if self.letter('(') { self.bracketed(')') } else { self.clause() }
    }

    /// The filter behind a bracket that was just opened, and the bracket that closes it.
    fn bracketed(&mut self, close: char) -> Result<Filter, Unread> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unread::Deep);
        }
        let inner = self.any()?;
        self.skip_spaces();
        if !self.letter(close) {
            return Err(Unread::Malformed);
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn clause(&mut self) -> Result<Filter, Unread> {
        let path = self.path()?;
        self.skip_spaces();
        let comparison = match self.name().to_ascii_lowercase().as_str() {
            "eq" => Comparison::Equal,
            "ne" => Comparison::Other,
            "co" => Comparison::Contains,
            "sw" => Comparison::Starts,
            "ew" => Comparison::Ends,
            "pr" => return Ok(Filter::Clause(path, Comparison::Present, Value::Null)),
            _ => return Err(Unread::Malformed),
        };
        self.skip_spaces();
        Ok(Filter::Clause(path, comparison, self.value()?))
    }

    /// `urn:…:name`, `name.part`, `name[filter].part`
    fn path(&mut self) -> Result<Path, Unread> {
        let name = self.name();
        let (schema, rest) = match name.rsplit_once(':').filter(|_| name.starts_with("urn:")) {
            // The extension as a whole is meant.
            Some((_, "User" | "Group")) | None => (None, name),
            Some((schema, rest)) => (Some(schema).filter(|schema| !schema.starts_with(CORE)), rest),
        };
        let (attribute, filter, part) = if self.letter('[') {
            let filter = self.bracketed(']')?;
            let part = if self.letter('.') { Some(self.name()) } else { None };
            (rest, Some(Box::new(filter)), part)
        } else if rest.starts_with("urn:") {
            (rest, None, None)
        } else {
            rest.split_once('.').map_or((rest, None, None), |(attribute, part)| (attribute, None, Some(part)))
        };
        if attribute.is_empty() || part == Some("") {
            return Err(Unread::Malformed);
        }
        Ok(Path {
            schema: schema.map(str::to_owned),
            attribute: attribute.to_owned(),
            filter,
            part: part.map(str::to_owned),
        })
    }

    /// A text in quotes, a number, `true`, `false` or `null`.
    fn value(&mut self) -> Result<Value, Unread> {
        let rest = self.rest();
        let end = match rest.strip_prefix('"') {
            Some(text) => {
                let mut escaped = false;
                let close = text.bytes().position(|byte| {
                    let closes = byte == b'"' && !escaped;
                    escaped = byte == b'\\' && !escaped;
                    closes
                });
                close.ok_or(Unread::Malformed)? + 2
            }
            None => rest.find([' ', ')', ']']).unwrap_or(rest.len()),
        };
        self.at += end;
        let value: Value = serde_json::from_str(&rest[..end]).map_err(|_| Unread::Malformed)?;
        if value.is_array() || value.is_object() { Err(Unread::Malformed) } else { Ok(value) }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches(' ').len();
    }

    /// Passes over a letter, if it comes next.
    fn letter(&mut self, letter: char) -> bool {
        let comes = self.rest().starts_with(letter);
        self.at += if comes { letter.len_utf8() } else { 0 };
        comes
    }

    /// Letters up to a space, quote or bracket; there may be none.
    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let name = &rest[..rest.find(['"', ' ', '[', ']', '(', ')']).unwrap_or(rest.len())];
        self.at += name.len();
        name
    }

    /// Passes over a word between spaces or brackets, in any case of letters, if it comes next.
    fn word(&mut self, word: &str) -> bool {
        let before = self.at;
        self.skip_spaces();
        let comes = self.name().eq_ignore_ascii_case(word);
        if !comes {
            self.at = before;
        }
        comes
    }
}
