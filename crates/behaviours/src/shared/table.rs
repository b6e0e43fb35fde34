//! `table`: an operation tells the records of a list as a table, chosen as the list's own are.
//!
//! Parameters: `file`, its name, and `media`, its type, one of two, with its letters named when not said; `columns`, each with
//! what it `tells`, a dotted member that may lead on through what it points at, its `head` where that is not the member, and the
//! `words` of a flag that is off and on.

use serde_json::Value;
use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Params};
use zuno_model::{Fault, Record};

use super::csv::line;
use super::through::{found, leads};

/// What a table is announced as; the first when not said.
const MEDIA: [&str; 2] = ["text/csv;charset=UTF-8", "text/csv"];

/// The guarantee for one resource.
struct Table {
    kind: String,
    file: String,
    media: &'static str,
    columns: Vec<Column>,
}

/// One column.
struct Column {
    head: String,
    path: String,
    words: Option<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let column = |part: Params<'_>| {
        let path = part.text("tells")?;
        leads(part, part.resource, &path)?;
        let head = part.maybe_text("head").unwrap_or_else(|| path.clone());
        Ok(Column { head, path, words: part.maybe_read("words")? })
    };
    let columns = params.parts("columns").map(column).collect::<Result<_, String>>()?;
    let said = params.maybe_text("media");
    let media = MEDIA.into_iter().find(|known| said.as_ref().is_none_or(|said| said == known));
    let media = media.ok_or_else(|| params.wrong(format!("`media` is one of {}", MEDIA.join(", "))))?;
    Ok(Box::new(Table { kind: params.kind(), file: params.text("file")?, media, columns }))
}

/// What stands in a cell; several values between semicolons.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

impl Column {
    /// What a record has there; nothing where it has nothing.
    fn cell(&self, cx: &Context<'_>, kind: &str, record: &Record) -> Result<Option<String>, Fault> {
        let value = found(cx, kind, record, &self.path)?;
        Ok(match &self.words {
            Some((off, on)) => Some(if value == Some(Value::Bool(true)) { on } else { off }.clone()),
            None => value.filter(|value| !value.is_null()).map(|value| cell(&value)),
        })
    }
}

impl Behaviour for Table {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let everything = ListQuery { skip: 0, take: None, ..cx.list_query() };
        let rows = cx.all(&self.kind, call.scope.for_store())?;
        let mut text = line(self.columns.iter().map(|column| Some(column.head.as_str())));
        for row in cx.chosen(cx.resource(&self.kind)?, &everything, rows)? {
            let cells = self.columns.iter().map(|column| column.cell(cx, &self.kind, &row.record));
            let cells = cells.collect::<Result<Vec<_>, _>>()?;
            text.push_str(&line(cells.iter().map(Option::as_deref)));
        }
        Ok(Outcome::Text(self.media, text, Some(self.file.clone())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::cell;

    #[test]
    fn several_values_stand_in_one_cell() {
        assert_eq!(cell(&json!(["80", "90"])), "80;90");
        assert_eq!(
            (cell(&json!(null)), cell(&json!(7)), cell(&json!("a"))),
            (String::new(), "7".into(), "a".into())
        );
    }
}
