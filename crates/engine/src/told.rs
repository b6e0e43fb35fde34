//! A record as others are told of it: by its name; and, as a log may tell it, in JSON, without what is secret or never shown, and no longer than a log has room for.

use serde_json::Value;
use zuno_catalogue::{Access, Catalogue, Field, Fields, Resource, Shape};
use zuno_model::{Fault, Id, Record};

use crate::Apart;

/// The longest text of a record, in bytes; what of a longer one takes most is told by its length.
const LONGEST: usize = 16 * 1024;

/// What people call a record: the text that its `ref` view shows beside the id and is no word of a list, or else its name,
/// or its id.
pub(crate) fn name_of(resource: &Resource, id: &Id, record: &Record) -> String {
    let told = resource.views.get("ref").into_iter().flatten().map(String::as_str);
    let is_text = |member: &&str| resource.field(member).is_some_and(|field| field.shape == Shape::String);
    let mut candidates = told.filter(is_text).chain(["name"]);
    let named = candidates.find_map(|member| record.get(member).and_then(Value::as_str));
    named.unwrap_or(id.as_str()).to_owned()
}

/// What people call a record; nothing where there is but one of its kind, which needs no name.
pub(crate) fn called(resource: &Resource, id: &Id, record: &Record) -> String {
    let name = name_of(resource, id, record);
    if resource.singleton && name == id.as_str() { String::new() } else { name }
}

/// A record's text.
pub(crate) fn told(catalogue: &Catalogue, resource: &Resource, record: &Record) -> Result<String, Fault> {
    let mut text = Vec::with_capacity(1024);
    let mut members = Vec::with_capacity(record.len());
    text.push(b'{');
    each(catalogue, resource, &resource.fields, record, &mut text, &mut |from, to| members.push((from, to)))
        .map_err(Fault::broken)?;
    text.push(b'}');
    let text = String::from_utf8(text).map_err(Fault::broken)?;
    Ok(if text.len() <= LONGEST { text } else { shortened(&text, &members) })
}

/// The text with the longest of its members, which stand at these places, told by their length alone.
fn shortened(text: &str, members: &[(usize, usize)]) -> String {
    let mut left_out: Vec<usize> = (0..members.len()).collect();
    left_out.sort_by_key(|&nth| members[nth].0.abs_diff(members[nth].1));
    let mut length = text.len();
    while length > LONGEST
        && let Some(longest) = left_out.pop()
    {
        length -= members[longest].1 - members[longest].0;
    }
    let mut short = String::with_capacity(LONGEST);
    let mut end = 0;
    for (nth, &(from, to)) in members.iter().enumerate() {
        short.push_str(&text[end..from]);
        match left_out.contains(&nth) {
            true => short.push_str(&text[from..to]),
            false => short.push_str(&format!("\"{} bytes\"", to - from)),
        }
        end = to;
    }
    short.push_str(&text[end..]);
    short
}

/// Writes the members that may be told, without the braces; `at` hears where each value stands.
fn each(
    catalogue: &Catalogue,
    resource: &Resource,
    fields: &Fields,
    record: &Record,
    text: &mut Vec<u8>,
    at: &mut dyn FnMut(usize, usize),
) -> serde_json::Result<()> {
    let mut first = true;
    for (name, field) in fields {
        let Some(value) = record.get(name).filter(|value| !value.is_null() && is_told(field)) else {
            continue;
        };
        if !first {
            text.push(b',');
        }
        first = false;
        serde_json::to_writer(&mut *text, name)?;
        text.push(b':');
        let from = text.len();
        match Apart::of(resource, name, Some(value)) {
            Some(apart) => serde_json::to_writer(&mut *text, &format!("{} entries", apart.count))?,
            None => write(catalogue, resource, &field.shape, value, text)?,
        }
        at(from, text.len());
    }
    Ok(())
}

fn write(
    catalogue: &Catalogue,
    resource: &Resource,
    shape: &Shape,
    value: &Value,
    text: &mut Vec<u8>,
) -> serde_json::Result<()> {
    match (shape, value) {
        (Shape::List(shape), Value::Array(items)) if matches!(**shape, Shape::Named(_) | Shape::List(_)) => {
            text.push(b'[');
            for (nth, item) in items.iter().enumerate() {
                if nth > 0 {
                    text.push(b',');
                }
                write(catalogue, resource, shape, item, text)?;
            }
            text.push(b']');
            Ok(())
        }
        (Shape::Named(name), Value::Object(members)) => {
            text.push(b'{');
            if let Some(fields) = catalogue.value_type(resource, name) {
                each(catalogue, resource, fields, members, text, &mut |_, _| {})?;
            }
            text.push(b'}');
            Ok(())
        }
        _ => serde_json::to_writer(text, value),
    }
}

/// What is never shown may be a secret, but for what it points at.
fn is_told(field: &Field) -> bool {
    let shown = field.access != Access::Hidden && field.shown.as_ref().is_none_or(|shown| !shown.is_empty());
    !field.is_kept_sealed() && (shown || field.shape.target().is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{LONGEST, shortened};

    #[test]
    fn what_takes_most_is_told_by_its_length() {
        let (short, long) = ("s".repeat(200), "l".repeat(LONGEST));
        let (mut text, mut members) = (String::from("{"), Vec::new());
        for (name, value) in [("a", &short), ("b", &long), ("c", &short)] {
            text.push_str(if members.is_empty() { "" } else { "," });
            text.push_str(&format!("\"{name}\":"));
            members.push((text.len(), text.len() + value.len() + 2));
            text.push_str(&format!("\"{value}\""));
        }
        text.push('}');
        let told: Value = serde_json::from_str(&shortened(&text, &members)).expect("it is JSON");
        assert_eq!((&told["a"], &told["c"]), (&short.as_str().into(), &short.as_str().into()));
        assert_eq!(told["b"], format!("{} bytes", LONGEST + 2));
    }
}
