//! The back end of the page for people: the only document that says which data centre is not ready for use.

use ipnet::IpNet;
use serde_json::Value;

use super::text::Text;

/// The module that holds the data centres; it stands at no fixed place (client).
const MODULE: &str = "current_dc_body";
/// The note that keeps a range from being used (client).
const NOT_READY: &str = "Not Ready for Use";

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WebPage {
    /// The whole document: most of it is about how the page looks.
    pub whole: Value,
    /// The data centres in it.
    pub rows: Vec<Row>,
}

/// A range of a data centre.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// `ip_address`.
    pub prefix: Text<IpNet>,
    /// `region`: the continent.
    pub region: String,
    /// `location`: the city.
    pub location: String,
    /// Not marked as one to stay away from yet.
    pub ready: bool,
}

/// What is wrong with a page, and where in it.
pub(crate) struct Wrong {
    pub path: Vec<String>,
    pub why: String,
}

impl WebPage {
    pub(crate) fn take(whole: Value) -> Result<WebPage, Wrong> {
        let mut rows = Vec::new();
        let mut path = vec!["data".to_owned()];
        let modules = array(&whole["data"], &path)?;
        let Some((at, module)) = modules.iter().enumerate().find(|(_, module)| module["id"] == MODULE) else {
            return Err(Wrong { path, why: format!("no module has the id `{MODULE}`") });
        };
        path.extend([at.to_string(), "body".into(), "json".into(), "rows".into()]);
        for (at, row) in array(&module["body"]["json"]["rows"], &path)?.iter().enumerate() {
            path.extend([at.to_string(), "cols".into()]);
            for (at, column) in array(&row["cols"], &path)?.iter().enumerate() {
                path.extend([at.to_string(), "data".into()]);
                for (at, record) in array(&column["data"], &path)?.iter().enumerate() {
                    path.push(at.to_string());
                    rows.push(read_row(record, &path)?);
                    path.pop();
                }
                path.truncate(path.len() - 2);
            }
            path.truncate(path.len() - 2);
        }
        Ok(WebPage { whole, rows })
    }
}

fn array<'a>(value: &'a Value, path: &[String]) -> Result<&'a [Value], Wrong> {
    let wrong = || Wrong { path: path.to_vec(), why: "a list was expected".into() };
    value.as_array().map(Vec::as_slice).ok_or_else(wrong)
}

fn read_row(record: &Value, path: &[String]) -> Result<Row, Wrong> {
    let text = |name: &str| {
        let wrong = |why: &str| Wrong { path: [path, &[name.to_owned()]].concat(), why: why.into() };
        record[name].as_str().ok_or_else(|| wrong("a text was expected"))
    };
    let prefix = Text::new(text("ip_address")?).map_err(|fault| Wrong {
        path: [path, &["ip_address".to_owned()]].concat(),
        why: fault.to_string(),
    })?;
    let notes = record["notes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ready = !notes.iter().any(|note| note["title"] == NOT_READY || note["id"] == 3);
    Ok(Row { prefix, region: text("region")?.into(), location: text("location")?.into(), ready })
}
