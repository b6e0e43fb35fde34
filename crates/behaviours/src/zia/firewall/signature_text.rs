//! `signature-text`: a signature has the form of its language, and whoever wants to know beforehand is told; all of the
//! tenant's are told as a table.
//!
//! A text that is right is told by a status of 0 and no words (client: terraform zia); that another has a status and a place
//! of its own is inferred. Parameters: `text`, the member; `table`, the operation that tells all, with the file's name.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::ips_signature_rule as member;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Record};

use super::signature::check;
use crate::shared::csv::line;

/// The first line of the table (client: python).
const HEAD: [&str; 5] = ["Name", "Signature Rule", "Threat Category", "Description", "Status"];

/// The guarantee for the tenant's signatures.
struct SignatureText {
    kind: zuno_model::Kind,
    text: String,
    table: String,
    file: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let table = params.part("table");
    Ok(Box::new(SignatureText {
        kind: zuno_model::Kind(params.kind()),
        text: params.field("text")?,
        table: table.text("operation")?,
        file: table.text("file")?,
    }))
}

impl SignatureText {
    fn line(cx: &Context<'_>, record: &Record) -> Result<String, Fault> {
        let text = |name: &str| record.text(name).unwrap_or_default();
        let sort = member::CATEGORY.id_of(record);
        let sort = sort.map(|id| cx.get("zia.ips_category", &id)).transpose()?.flatten();
        let sort = sort.and_then(|stored| stored.record.text("name").map(str::to_owned));
        let on = member::ENABLED.of(record);
        let sort = sort.unwrap_or_default();
        let state = if on { "Enabled" } else { "Disabled" };
        let cells = [
            text(member::NAME.name),
            text(member::RULE_TEXT.name),
            &sort,
            text(member::DESCRIPTION.name),
            state,
        ];
        Ok(line(cells.map(Some)))
    }
}

impl Behaviour for SignatureText {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(text) = change.sent.text(&self.text) else { return Ok(()) };
        let held = change.old.as_ref().and_then(|old| old.get(&self.text)).and_then(Value::as_str);
        match check(text) {
            Err(wrong) if held != Some(text) => {
                let words = format!("{}, Error Position: {}", wrong.why, wrong.at);
                Err(Fault::said(&self.kind, &self.text, words))
            }
            _ => Ok(()),
        }
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if cx.operation()?.name == self.table {
            let mut text = line(HEAD.map(Some));
            for stored in cx.all(member::KIND, None)? {
                text.push_str(&Self::line(cx, &stored.record)?);
            }
            return Ok(Outcome::Text("text/csv;charset=UTF-8", text, Some(self.file.clone())));
        }
        let text = call.body.as_ref().and_then(|body| body.get(&self.text)).and_then(Value::as_str);
        let text = text.ok_or_else(|| Fault::Unreadable(format!("`{}` holds the signature", self.text)))?;
        let (status, place, words) = match check(text) {
            Ok(()) => (0, -1, String::new()),
            Err(wrong) => (1, i64::try_from(wrong.at).unwrap_or_default(), wrong.why),
        };
        Ok(Outcome::Value(json!({
            "status": status, "errPosition": place, "errMsg": words, "errParameter": null, "errSuggestion": null,
            "idList": null, "subIdsMap": null,
        })))
    }
}
