//! `shadow-it`: the applications that people use come as a table, and so do the people or places that use one.
//!
//! This server carries no traffic: every application is there, and nobody used any. A report without a time fails (seen).
//! Parameters: `file`, the table's name.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::cloud_application as member;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Fix, Kind, Record, Refusal};

use crate::shared::csv::line;

/// The columns of applications (guessed, after what reports can be ordered by).
const APPLICATIONS: [&str; 9] = [
    "Application",
    "Application Category",
    "Sanctioned State",
    "Total Bytes",
    "Upload Bytes",
    "Download Bytes",
    "Authenticated Users",
    "Unauthenticated Locations",
    "Transactions",
];

/// The columns of those who use one (guessed).
const USERS: [&str; 6] =
    ["Name", "Application", "Total Bytes", "Upload Bytes", "Download Bytes", "Last Accessed"];

/// Filters by how much an application is used: spans, of which one must hold it.
const USE: [&str; 7] = [
    "dataConsumed",
    "uploadBytes",
    "downloadBytes",
    "authenticatedUsers",
    "unAuthenticatedLocations",
    "transactions",
    "userCount",
];

/// How many applications one report may be limited to.
const MOST: usize = 1000;

/// The guarantee for reports.
struct ShadowIt {
    kind: Kind,
    file: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ShadowIt { kind: Kind(params.kind()), file: params.text("file")? }))
}

fn text<'r>(record: &'r Record, name: &str) -> &'r str {
    record.text(name).unwrap_or_default()
}

/// Words that a filter names, be it one or several.
fn words<'b>(body: &'b Value, name: &str) -> Vec<&'b str> {
    match body.get(name) {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(several)) => several.iter().take(MOST).filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether a report's filters let in what nobody uses: 0 lies in some span of each.
fn lets_unused_in(body: &Value) -> bool {
    let holds = |span: &Value| {
        let end = |name: &str| span.get(name).and_then(Value::as_f64);
        end("min").is_none_or(|min| min <= 0.0) && end("max").is_none_or(|max| max >= 0.0)
    };
    USE.into_iter().all(|name| match body.get(name) {
        Some(Value::Array(spans)) => spans.is_empty() || spans.iter().take(MOST).any(holds),
        Some(span @ Value::Object(_)) => holds(span),
        _ => true,
    })
}

/// Whether a report's filters let an application in.
fn is_meant(body: &Value, record: &Record) -> bool {
    let any = |name: &str, held: &str| {
        let wanted = words(body, name);
        wanted.is_empty() || wanted.iter().any(|word| *word == "ANY" || word.eq_ignore_ascii_case(held))
    };
    let name = body.text("appName").unwrap_or_default().to_lowercase();
    let is_named = any("application", text(record, member::APP.name))
        || any("application", text(record, member::NAME.name));
    text(record, member::NAME.name).to_lowercase().contains(&name)
        && is_named
        && any("applicationCategory", text(record, member::PARENT.name))
        && any("sanctionedState", text(record, member::SANCTIONED_STATE.name))
}

/// Orders applications as a report wishes, those that are alike by name.
fn sort(body: &Value, rows: &mut [Stored]) {
    let order =
        |name: &str| body.pointer(&format!("/order/{name}")).and_then(Value::as_str).unwrap_or_default();
    let by = match order("on") {
        "APPLICATION_CATEGORY" => member::PARENT.name,
        "SANCTIONED_STATE" => member::SANCTIONED_STATE.name,
        _ => member::NAME.name,
    };
    rows.sort_by_cached_key(|row| {
        (text(&row.record, by).to_lowercase(), text(&row.record, member::NAME.name).to_lowercase())
    });
    if order("by") == "DECREASING" {
        rows.reverse();
    }
}

impl ShadowIt {
    fn applications(cx: &Context<'_>, body: &Value) -> Result<Vec<Stored>, Fault> {
        let mut rows = cx.all(member::KIND, None)?;
        rows.retain(|row| member::LISTED.of(&row.record));
        rows.retain(|row| is_meant(body, &row.record));
        sort(body, &mut rows);
        Ok(rows)
    }
}

impl Behaviour for ShadowIt {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let body = call.body.as_ref().filter(|body| body.is_object());
        let body = body.ok_or_else(|| Fault::Unreadable("a JSON object is wanted".into()))?;
        if body.text("duration").is_none_or(str::is_empty) {
            let known = cx.operation()?.fails.as_ref();
            let (code, message) =
                known.map(|fails| (fails.code.clone(), fails.message.clone())).unwrap_or_default();
            return Err(Fault::refused(Refusal::Failure, code, message));
        }
        let mut table = match call.param("entity") {
            None => line(APPLICATIONS.map(Some)),
            Some("USER" | "LOCATION") if words(body, "application").len() == 1 => line(USERS.map(Some)),
            Some("USER" | "LOCATION") => {
                return Err(Fault::Invalid {
                    kind: self.kind.clone(),
                    field: "application".into(),
                    fix: Fix::Missing,
                });
            }
            Some(_) => return Err(Fault::said(&self.kind, "entity", "The entity is USER or LOCATION.")),
        };
        if call.param("entity").is_none() && lets_unused_in(body) {
            for row in Self::applications(cx, body)? {
                let cells = [member::NAME.name, member::PARENT.name, member::SANCTIONED_STATE.name];
                let told = cells.into_iter().map(|name| Some(text(&row.record, name)));
                table.push_str(&line(told.chain([Some("0"); 6])));
            }
        }
        Ok(Outcome::Text("text/csv;charset=UTF-8", table, Some(self.file.clone())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_meant, lets_unused_in};

    #[test]
    fn what_nobody_uses_is_in_a_span_that_begins_at_nothing() {
        for all in [json!({}), json!({"dataConsumed": []}), json!({"dataConsumed": [{"min": 5}, {"max": 5}]})]
        {
            assert!(lets_unused_in(&all), "{all}");
        }
        for none in [json!({"userCount": [{"min": 1, "max": 9}]}), json!({"uploadBytes": {"min": 1}})] {
            assert!(!lets_unused_in(&none), "{none}");
        }
    }

    #[test]
    fn a_filter_that_names_nothing_lets_everything_in() {
        let record = json!({"name": "Gmail", "app": "GOOGLE_WEBMAIL", "parent": "WEB_MAIL"});
        let record = record.as_object().cloned().unwrap_or_default();
        assert!(is_meant(&json!({}), &record));
        assert!(is_meant(&json!({"application": ["GOOGLE_WEBMAIL"], "appName": "mail"}), &record));
        assert!(is_meant(&json!({"applicationCategory": "WEB_MAIL"}), &record));
        assert!(!is_meant(&json!({"applicationCategory": ["FILE_SHARE"]}), &record));
        assert!(!is_meant(&json!({"appName": "drive"}), &record));
    }
}
