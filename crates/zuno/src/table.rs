//! Answers for people: the columns that fit a terminal; and for programs: JSON.

mod cell;

use std::io::{IsTerminal as _, Write as _};

use anyhow::Result;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr as _;

use cell::{NAMES, cut, found, plain, shown};
pub use cell::{clean, escaped};

/// A column is given at least this much where its cells are longer, or else left out, in characters.
const LEAST: usize = 14;
/// The same of the name by which people know a thing.
const LEAST_NAME: usize = 20;
/// The same where columns were asked for by name, none of which may be left out.
const LEAST_NAMED: usize = 8;
/// The blanks between two columns.
const GAP: usize = 2;
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
        if self.as_table() {
            return self.show_table(answer);
        }
        let mut out = anstream::stdout().lock();
        let text = format!("{answer:#}");
        let text = if std::io::stdout().is_terminal() { cell::escaped(&text) } else { text };
        Ok(writeln!(out, "{text}")?)
    }

    /// Shows an answer to people.
    pub fn show_table(&self, answer: &Value) -> Result<()> {
        let mut out = anstream::stdout().lock();
        let wide = width();
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

/// How much a line holds; what does not go to a terminal is not cut.
fn width() -> usize {
    if !std::io::stdout().is_terminal() {
        return usize::MAX;
    }
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}

/// Writes text for people or programs; colours only where they are wanted.
pub fn print(text: &str) -> Result<()> {
    Ok(anstream::stdout().lock().write_all(text.as_bytes())?)
}

/// Tells people something beside the output. Whoever does not listen any more is no reason to stop.
pub fn say(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", clean(text));
}

/// A word as a shell reads it back.
pub fn quoted(word: &str) -> String {
    // Only a NUL cannot be written, which no argument holds.
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned)
}

/// Words as a shell reads them back.
pub fn quoted_all(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// The records of a list, bare or in any family's envelope.
pub fn records(answer: &Value) -> Option<&[Value]> {
    match answer {
        Value::Array(list) => Some(list),
        Value::Object(envelope) => {
            let mut lists = envelope.values().filter_map(Value::as_array);
            let told = ["list", "records", "totalPages", "totalCount", "next_offset", "pageOffset", "offset"];
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

fn rows(list: &[Value], named: &[String], wide: usize) -> String {
    let columns: Vec<Column> = if named.is_empty() {
        fitting(list, wide)
    } else {
        named.iter().map(|name| Column::of(list, name, LEAST_NAMED)).collect()
    };
    if columns.is_empty() {
        return list.iter().map(|value| plain(value) + "\n").collect();
    }
    let widths = widths(&columns, wide);
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let row = |cells: Vec<&str>| -> Vec<String> {
        cells.iter().zip(&widths).map(|(cell, width)| cut(cell, *width)).collect()
    };
    table.set_header(row(columns.iter().map(|column| column.name.as_str()).collect()));
    for place in 0..list.len() {
        table.add_row(row(columns.iter().map(|column| column.cells[place].as_str()).collect()));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, u16::try_from(GAP).unwrap_or(2)));
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// A member of every record, ready to show.
struct Column {
    name: String,
    cells: Vec<String>,
    /// What its widest cell needs.
    whole: usize,
    /// What it must have, or it is not worth showing.
    least: usize,
}

impl Column {
    fn of(list: &[Value], name: &str, least: usize) -> Column {
        let cells: Vec<String> = list
            .iter()
            .map(|record| found(record, name).map(|value| shown(name, value)).unwrap_or_default())
            .collect();
        let longest = cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
        let whole = longest.max(name.width());
        Column { name: clean(name), cells, whole, least: whole.min(least) }
    }

    /// Whether it shows anything.
    fn tells(&self) -> bool {
        self.cells.iter().any(|cell| !cell.is_empty())
    }
}

/// Id and name first, then members in the order of the answer, for as long as each gets what it must have.
fn fitting(list: &[Value], wide: usize) -> Vec<Column> {
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
    let rest = members.iter().copied().filter(|member| !first.contains(member));
    let (last, rest): (Vec<&str>, Vec<&str>) = rest.partition(|member| AUDIT.contains(member));
    let (mut chosen, mut used) = (Vec::new(), 0_usize);
    for (place, member) in first.iter().copied().chain(rest).chain(last).enumerate() {
        let least = match place {
            // An id is of no use in part.
            _ if member == "id" => usize::MAX,
            // On a wide terminal a few columns that can be read are worth more than many that cannot.
            _ if place < first.len() => LEAST_NAME.max(wide / 3),
            _ => LEAST.max(wide / 8),
        };
        let column = Column::of(list, member, least);
        let fits = used.saturating_add(column.least + GAP) <= wide.saturating_add(GAP);
        if place >= first.len() && !(fits && column.tells()) {
            continue;
        }
        used += column.least + GAP;
        chosen.push(column);
    }
    chosen
}

/// What each column gets: what it must have, and a fair share of the rest; paths, whose ends tell enough, what then is left.
fn widths(columns: &[Column], wide: usize) -> Vec<usize> {
    let must: usize = columns.iter().map(|column| column.least + GAP).sum::<usize>() - GAP;
    let mut rest = wide.saturating_sub(must);
    let mut places: Vec<usize> = (0..columns.len()).collect();
    let is_path = |column: &Column| column.cells.iter().any(|cell| cell.starts_with('/'));
    places.sort_by_key(|place| {
        let column = &columns[*place];
        (is_path(column), column.whole - column.least)
    });
    let words = columns.iter().filter(|column| !is_path(column)).count();
    let mut given = vec![0; columns.len()];
    for (number, place) in places.iter().enumerate() {
        let sharers = if number < words { words - number } else { columns.len() - number };
        let share = rest / sharers;
        let more = share.min(columns[*place].whole - columns[*place].least);
        rest -= more;
        given[*place] = columns[*place].least + more;
    }
    given
}

/// One object, a member a line.
fn sheet(object: &Map<String, Value>, columns: &[String], wide: usize) -> String {
    let whole = Value::Object(object.clone());
    let names: Vec<String> =
        if columns.is_empty() { object.keys().cloned().collect() } else { columns.to_vec() };
    let left = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let room = wide.saturating_sub(left + GAP).max(20);
    let line = |name: &String| {
        let value = found(&whole, name).map(|value| shown(name, value)).unwrap_or_default();
        format!("{:left$}  {}\n", clean(name), cut(&value, room))
    };
    names.iter().map(line).collect()
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
    use unicode_width::UnicodeWidthStr as _;

    use super::{fitting, records, rows, sheet};

    fn names(list: &[serde_json::Value], wide: usize) -> Vec<String> {
        fitting(list, wide).into_iter().map(|column| column.name).collect()
    }

    #[test]
    fn id_and_name_come_first_and_the_rest_as_it_fits() {
        let list = [
            json!({"creationTime": "1700000000", "enabled": true, "name": "Finance", "id": "21", "applications": [{"id": "5", "name": "Ledger"}],
                   "empty": ""}),
            json!({"enabled": false, "name": "HR", "id": "22"}),
        ];
        assert_eq!(names(&list, 80), ["id", "name", "enabled", "applications", "creationTime"]);
        assert_eq!(names(&list, 40), ["id", "name", "enabled", "applications"]);
        assert_eq!(names(&list, 22), ["id", "name", "enabled"]);
        assert_eq!(names(&list, 5), ["id", "name"], "these are shown whatever the width");
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
    fn a_long_cell_is_cut_and_its_column_stays() {
        let long = "a paragraph that would push every other column from the screen, and goes on";
        let list = [
            json!({"id": 1, "name": "A", "description": long, "order": 7, "path": "/zpa/mgmtconfig/v1/admin/customers/{customerId}/segmentGroup"}),
        ];
        let table = rows(&list, &[], 60);
        assert_eq!(
            table,
            "id  name  description                  order  path\n1   A     a paragraph that would pus…  7      …/segmentGroup\n"
        );
        assert!(rows(&list, &[], usize::MAX).contains(long), "a pipe gets the whole");
        for wide in 30..200 {
            let table = rows(&list, &[], wide);
            assert!(table.lines().all(|line| line.width() <= wide), "{wide}: {table}");
        }
    }

    #[test]
    fn what_a_name_hides_does_not_reach_the_terminal() {
        let list = [json!({"id": 1, "name": "a\u{1b}[2J\u{9b}31m\nb\u{202e}c", "k\u{7}": 1})];
        for text in [rows(&list, &[], 80), sheet(list[0].as_object().unwrap(), &[], 80)] {
            assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{7}']), "{text:?}");
            assert!(text.contains("a␛[2J"), "{text:?}");
        }
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
        let thing = json!({"id": 7, "creationTime": "1700000000", "serverGroups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]});
        let text = sheet(thing.as_object().unwrap(), &[], 80);
        assert_eq!(text, "id            7\ncreationTime  2023-11-14 22:13:20Z\nserverGroups  A, B\n");
    }
}
