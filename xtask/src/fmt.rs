//! The form of the catalogue's files: a member a line where it fits, else what it is, then its evidence and its doc, a line
//! each; nothing is aligned with its neighbours, so that a change shows the line that changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// The longest line, in characters; a text alone may be longer.
const WIDTH: usize = 120;

/// What a broken table's lines stand behind.
const INDENT: &str = "    ";

/// The keys that begin a line of their own in a broken table.
const APART: [&str; 3] = ["message", "evidence", "doc"];

/// Gives every file of the catalogue its form, or tells which have another.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let mut wrong = Vec::new();
    for path in files(&root.join("catalogue"))? {
        let held = fs::read_to_string(&path)?;
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        let wanted = formed(&held).with_context(|| name.clone())?;
        if held != wanted {
            if !check {
                fs::write(&path, wanted)?;
            }
            wrong.push(name);
        }
    }
    match check {
        true => crate::report(&wrong, "the catalogue's files have their form"),
        false => {
            println!("{} file(s) changed", wrong.len());
            Ok(())
        }
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A file's text in its form.
pub fn formed(text: &str) -> Result<String> {
    let mut formed = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        let words = line.trim();
        if words.is_empty() || words.starts_with(['#', '[']) {
            formed.push_str(words);
            formed.push('\n');
            rest = &rest[line.len()..];
            continue;
        }
        let mut reader = Reader { rest };
        let statement = reader.statement().with_context(|| format!("at `{words}`"))?;
        let length = rest.len() - reader.rest.len();
        match statement {
            Some((key, value)) => formed.push_str(&statement_of(&key, &value)),
            // A comment inside of a value stays where it is, and so does all around it.
            None => formed.push_str(rest[..length].trim_end()),
        }
        formed.push('\n');
        rest = rest[length..].strip_prefix('\n').unwrap_or(&rest[length..]);
    }
    Ok(formed)
}

fn statement_of(key: &str, value: &Value) -> String {
    let line = format!("{key} = {}", value.on_one_line());
    if line.chars().count() <= WIDTH { line } else { format!("{key} = {}", value.broken("")) }
}

/// A value as it is written: texts and numbers stay as they are.
enum Value {
    Plain(String),
    List(Vec<Value>),
    Table(Vec<(String, Value)>),
}

impl Value {
    fn on_one_line(&self) -> String {
        match self {
            Value::Plain(text) => text.clone(),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(Value::on_one_line).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(members) if members.is_empty() => "{}".into(),
            Value::Table(members) => {
                let member = |(key, value): &(String, Value)| format!("{key} = {}", value.on_one_line());
                format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn broken(&self, indent: &str) -> String {
        let inner = format!("{indent}{INDENT}");
        let (open, close, parts) = match self {
            Value::Plain(text) => return text.clone(),
            Value::List(items) => {
                let parts = items.iter().map(|item| (false, item.part("", &inner))).collect::<Vec<_>>();
                ('[', ']', parts)
            }
            Value::Table(members) => {
                let part = |(key, value): &(String, Value)| {
                    (APART.contains(&key.as_str()), value.part(&format!("{key} = "), &inner))
                };
                ('{', '}', members.iter().map(part).collect())
            }
        };
        format!("{open}\n{}{indent}{close}", filled(&parts, &inner))
    }

    /// A member of something broken, which is broken itself where it would not fit on a line.
    fn part(&self, key: &str, indent: &str) -> String {
        let line = format!("{key}{}", self.on_one_line());
        if indent.len() + line.chars().count() < WIDTH {
            line
        } else {
            format!("{key}{}", self.broken(indent))
        }
    }
}

/// Parts one after the other, as many on a line as fit; one that stands apart begins a line, and so does what follows it.
fn filled(parts: &[(bool, String)], indent: &str) -> String {
    let mut text = String::new();
    let mut line = String::new();
    let mut closed = false;
    for (apart, part) in parts {
        let breaks = *apart || closed || part.contains('\n');
        let longer = indent.len() + line.chars().count() + part.chars().count() + 2 > WIDTH;
        if !line.is_empty() && (breaks || longer) {
            text.push_str(&format!("{indent}{}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(&format!("{part}, "));
        closed = *apart || part.contains('\n');
    }
    text.push_str(&format!("{indent}{}\n", line.trim_end()));
    text
}

/// Takes a statement apart.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// A key and its value, up to the end of its line; nothing where a comment stands in it.
    fn statement(&mut self) -> Result<Option<(String, Value)>> {
        let start = self.rest;
        let key = self.key()?;
        let value = self.value()?;
        let line = self.rest.split('\n').next().unwrap_or_default();
        let said = &start[..start.len() - self.rest.len()];
        self.rest = &self.rest[line.len()..];
        ensure!(line.trim().is_empty() || line.trim().starts_with('#'), "`{line}` follows a value");
        let commented =
            !line.trim().is_empty() || said.lines().any(|line| line.trim_start().starts_with('#'));
        Ok((!commented).then_some((key, value)))
    }

    fn key(&mut self) -> Result<String> {
        self.pass();
        let mut end = 0;
        while !self.rest[end..].starts_with('=') {
            let next = self.rest[end..].chars().next().context("a key has no value")?;
            end +=
                if next == '"' || next == '\'' { text_length(&self.rest[end..])? } else { next.len_utf8() };
        }
        let key = self.rest[..end].trim().to_owned();
        self.rest = &self.rest[end + 1..];
        Ok(key)
    }

    fn value(&mut self) -> Result<Value> {
        self.pass();
        match self.rest.chars().next().context("a value is missing")? {
            '[' => {
                let mut items = Vec::new();
                self.members(']', |reader| {
                    items.push(reader.value()?);
                    Ok(())
                })?;
                Ok(Value::List(items))
            }
            '{' => {
                let mut members = Vec::new();
                self.members('}', |reader| {
                    members.push((reader.key()?, reader.value()?));
                    Ok(())
                })?;
                Ok(Value::Table(members))
            }
            '"' | '\'' => {
                let length = text_length(self.rest)?;
                Ok(self.plain(length))
            }
            _ => {
                let end = self.rest.find([',', ']', '}', '\n', '#', ' ']).unwrap_or(self.rest.len());
                Ok(self.plain(end))
            }
        }
    }

    fn plain(&mut self, length: usize) -> Value {
        let text = self.rest[..length].to_owned();
        self.rest = &self.rest[length..];
        Value::Plain(text)
    }

    fn members(&mut self, close: char, mut member: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.rest = &self.rest[1..];
        loop {
            self.pass();
            if let Some(rest) = self.rest.strip_prefix(close) {
                self.rest = rest;
                return Ok(());
            }
            member(self)?;
            self.pass();
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => ensure!(self.rest.starts_with(close), "`{close}` is missing"),
            }
        }
    }

    /// Passes over spaces, line ends and comments.
    fn pass(&mut self) {
        self.rest = self.rest.trim_start();
        while self.rest.starts_with('#') {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.rest = self.rest[end..].trim_start();
        }
    }
}

/// The length of the text that something begins with, quotes included.
fn text_length(text: &str) -> Result<usize> {
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        let Some(inner) = text.strip_prefix(quote) else { continue };
        let escapes = quote.starts_with('"');
        let mut at = 0;
        while let Some(next) = inner[at..].chars().next() {
            if escapes && next == '\\' {
                at += 1 + inner[at + 1..].chars().next().map_or(0, char::len_utf8);
            } else if inner[at..].starts_with(quote) {
                return Ok(at + 2 * quote.len());
            } else {
                at += next.len_utf8();
            }
        }
        bail!("a text does not end");
    }
    bail!("no text begins here")
}

#[cfg(test)]
mod tests {
    use super::formed;

    #[test]
    fn what_fits_stands_on_a_line_and_is_aligned_with_nothing() {
        let text =
            "noun     = \"rule\"\n\n# why\n[fields]\nid   = {type=\"id\",doc = \"It.\" }\nlist   = {}\n";
        let wanted = "noun = \"rule\"\n\n# why\n[fields]\nid = { type = \"id\", doc = \"It.\" }\nlist = {}\n";
        assert_eq!(formed(text).unwrap(), wanted);
        assert_eq!(formed(wanted).unwrap(), wanted);
    }

    #[test]
    fn what_does_not_fit_is_broken_with_its_doc_apart() {
        let values: Vec<String> = (0..30).map(|number| format!("\"VALUE_{number}\"")).collect();
        let text = format!(
            "[fields]\naction = {{ type = \"enum\", values = [{}], default = \"a, }} #\", doc = \"What, on a match.\" }}\n",
            values.join(", ")
        );
        let once = formed(&text).unwrap();
        assert!(once.lines().all(|line| line.chars().count() <= 120), "{once}");
        assert!(once.contains("\n    doc = \"What, on a match.\",\n}\n"), "{once}");
        assert_eq!(formed(&once).unwrap(), once, "its form stays");
    }

    #[test]
    fn a_comment_in_a_value_leaves_it_alone() {
        let text = "when = [\n  # seen\n  { field = \"a\" },\n]\nb = 1 # here\n";
        assert_eq!(formed(text).unwrap(), text);
    }

    #[test]
    fn what_is_no_statement_is_told_of() {
        for wrong in ["a = [1, 2", "a = \"x", "a = { b 1 }", "a"] {
            assert!(formed(wrong).is_err(), "{wrong}");
        }
    }
}
