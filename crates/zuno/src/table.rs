//! Answers for people: the columns that fit a terminal; and for programs: JSON.

use std::io::{IsTerminal as _, Write as _};

use anyhow::Result;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Map, Value};

/// The widest a cell is shown, in characters.
const WIDEST: usize = 44;
/// The blanks between two columns.
const GAP: usize = 2;
/// Members that people know a thing by, in this order.
const NAMES: [&str; 11] = [
    "name",
    "displayName",
    "configuredName",
    "loginName",
    "url",
    "ipAddress",
    "userName",
    "label",
    "hostname",
    "machineHostname",
    "email",
];

/// Members that say who made a thing and when: shown when there is room left.
const AUDIT: [&str; 5] = ["creationTime", "modifiedTime", "modifiedBy", "lastModifiedTime", "lastModifiedBy"];

/// How an answer is shown.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Shown {
    /// Write JSON, as in a pipe.
    #[arg(long)]
    pub json: bool,
    /// The columns of the table: members, dotted when nested, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "json")]
    pub columns: Vec<String>,
}

impl Shown {
    /// Whether a table is wanted: on a terminal, or when its columns are named.
    pub fn as_table(&self) -> bool {
        !self.json && (!self.columns.is_empty() || std::io::stdout().is_terminal())
    }

    /// Shows an answer.
    pub fn show(&self, answer: &Value) -> Result<()> {
        let mut out = anstream::stdout().lock();
        if !self.as_table() {
            writeln!(out, "{answer:#}")?;
            return Ok(());
        }
        let wide = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
        match records(answer) {
            Some([]) => writeln!(out, "(none)")?,
            Some(list) => write!(out, "{}", bold_first_line(&rows(list, &self.columns, wide)))?,
            None => match answer {
                Value::Object(object) => write!(out, "{}", sheet(object, &self.columns, wide))?,
                other => writeln!(out, "{}", plain(other))?,
            },
        }
        Ok(())
    }
}

/// Writes text for people or programs; colours only where they are wanted.
pub fn print(text: &str) -> Result<()> {
    Ok(anstream::stdout().lock().write_all(text.as_bytes())?)
}

/// The records of a list, bare or in any family's envelope.
pub fn records(answer: &Value) -> Option<&[Value]> {
    match answer {
        Value::Array(list) => Some(list),
        Value::Object(envelope) => {
            let mut lists = envelope.values().filter_map(Value::as_array);
            let told = ["list", "records", "totalPages", "totalCount", "next_offset", "pageOffset"];
            let enveloped = told.iter().any(|name| envelope.contains_key(*name));
            match (lists.next(), lists.next()) {
                (Some(list), None) if enveloped => Some(list),
                // Private Access leaves the list of no records out (seen).
                (None, None) if envelope.contains_key("totalPages") => Some(&[]),
                _ => None,
            }
        }
        _ => None,
    }
}

fn rows(list: &[Value], columns: &[String], wide: usize) -> String {
    let columns = if columns.is_empty() { fitting(list, wide) } else { columns.to_vec() };
    if columns.is_empty() {
        return list.iter().map(|value| plain(value) + "\n").collect();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(&columns);
    for record in list {
        table.add_row(columns.iter().map(|column| cell(record, column)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, u16::try_from(GAP).unwrap_or(2)));
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Id and name first, then members in the order of the answer for as long as they fit; long texts and nested objects
/// only where they have a name to show.
fn fitting(list: &[Value], wide: usize) -> Vec<String> {
    let mut members: Vec<&str> = Vec::new();
    for record in list.iter().filter_map(Value::as_object) {
        for name in record.keys() {
            if !members.contains(&name.as_str()) {
                members.push(name);
            }
        }
    }
    // Several hosts are no name.
    let named = |name: &&&str| list.iter().any(|record| record.get(**name).is_some_and(Value::is_string));
    let name = NAMES.iter().find(named).copied();
    let first: Vec<&str> = ["id"].into_iter().filter(|id| members.contains(id)).chain(name).collect();
    let rest = members.iter().copied().filter(|member| !first.contains(member) && tells(list, member));
    let (last, rest): (Vec<&str>, Vec<&str>) = rest.partition(|member| AUDIT.contains(member));
    let (mut chosen, mut used) = (Vec::new(), 0);
    for (place, member) in first.iter().copied().chain(rest).chain(last).enumerate() {
        let longest = list.iter().map(|record| cell(record, member).chars().count()).max().unwrap_or(0);
        let width = longest.max(member.chars().count()) + GAP;
        if place >= first.len() && used + width > wide {
            continue;
        }
        used += width;
        chosen.push(member.to_owned());
    }
    chosen
}

/// Whether a column is worth its width: something to show, and not a paragraph.
fn tells(list: &[Value], member: &str) -> bool {
    let cells = list.iter().map(|record| cell(record, member));
    let (mut shown, mut longest) = (false, 0);
    for cell in cells {
        shown |= !cell.is_empty();
        longest = longest.max(cell.chars().count());
    }
    shown && longest <= 32
}

/// One object, a member a line.
fn sheet(object: &Map<String, Value>, columns: &[String], wide: usize) -> String {
    let whole = Value::Object(object.clone());
    let names: Vec<String> =
        if columns.is_empty() { object.keys().cloned().collect() } else { columns.to_vec() };
    let left = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let room = wide.saturating_sub(left + GAP).max(20);
    let line = |name: &String| {
        let value = found(&whole, name).map(plain).unwrap_or_default();
        format!("{name:left$}  {}\n", shortened(&value, room))
    };
    names.iter().map(line).collect()
}

fn found<'a>(record: &'a Value, column: &str) -> Option<&'a Value> {
    record.get(column).or_else(|| column.split('.').try_fold(record, |value, part| value.get(part)))
}

fn cell(record: &Value, column: &str) -> String {
    found(record, column).map(|value| shortened(&plain(value), WIDEST)).unwrap_or_default()
}

/// A value in a few words: a thing by its name or id, a list by its elements.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace(['\n', '\r', '\t'], " "),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(object) => {
            let known = NAMES.iter().chain(&["id"]).find_map(|name| object.get(*name));
            known
                .map(plain)
                .unwrap_or_else(|| if object.is_empty() { String::new() } else { value.to_string() })
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept + "…"
}

fn bold_first_line(table: &str) -> String {
    let bold = clap::builder::styling::Style::new().bold();
    match table.split_once('\n') {
        Some((head, rest)) => format!("{bold}{head}{bold:#}\n{rest}"),
        None => table.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{fitting, records, rows, sheet};

    #[test]
    fn id_and_name_come_first_and_the_rest_as_it_fits() {
        let list = [
            json!({"creationTime": "1700000000", "enabled": true, "name": "Finance", "id": "21", "applications": [{"id": "5", "name": "Ledger"}],
                   "description": "a paragraph that would push every other column from the screen"}),
            json!({"enabled": false, "name": "HR", "id": "22"}),
        ];
        assert_eq!(fitting(&list, 80), ["id", "name", "enabled", "applications", "creationTime"]);
        assert_eq!(fitting(&list, 40), ["id", "name", "enabled", "applications"]);
        assert_eq!(fitting(&list, 22), ["id", "name", "enabled"]);
        assert_eq!(fitting(&list, 5), ["id", "name"], "these are shown whatever the width");
        let table = rows(&list, &[], 40);
        assert_eq!(
            table,
            "id  name     enabled  applications\n21  Finance  true     Ledger\n22  HR       false\n"
        );
        assert_eq!(
            rows(&list, &["applications".into(), "id".into()], 80),
            "applications  id\nLedger        21\n              22\n"
        );
    }

    #[test]
    fn every_envelope_is_opened_and_a_thing_with_a_list_is_none() {
        for list in [
            json!([1]),
            json!({"totalPages": "1", "list": [1]}),
            json!({"pageOffset": 0, "records": [1]}),
            json!({"devices": [1], "next_offset": null}),
        ] {
            assert_eq!(records(&list).map(<[_]>::len), Some(1), "{list}");
        }
        assert_eq!(records(&json!({"totalPages": "0", "totalCount": "0"})), Some(&[][..]));
        assert_eq!(records(&json!({"id": 1, "urls": ["a"]})), None);
    }

    #[test]
    fn one_thing_is_a_line_for_each_member() {
        let thing = json!({"id": 7, "name": "Ledger", "serverGroups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]});
        let text = sheet(thing.as_object().unwrap(), &[], 80);
        assert_eq!(text, "id            7\nname          Ledger\nserverGroups  A, B\n");
    }
}
