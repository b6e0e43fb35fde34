//! `sandbox-report`: what the sandbox found in the file of a hash, of those that everybody knows and those that the tenant
//! handed in.
//!
//! A hash that it has not seen is no error: the report says that the look-up failed (seen). A file that was handed in is
//! looked at for a while first, which follows from the clock. Parameters: `md5`, the path's parameter; `details`, the
//! query's, with `full` for the whole of it; `looks`, for how many seconds a file is looked at; `plain`, the
//! operation that tells it in one flat object.

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zia::sandbox_submission as member;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind, Time};

use super::file::{File, is_md5, known};

/// What is said of a hash that was never seen (seen).
const NOT_FOUND: (&str, &str) = ("CONTENT_NOTFOUND", "Content lookup failed.");

/// The guarantee for one way of asking.
struct SandboxReport {
    kind: Kind,
    md5: String,
    details: String,
    looks: i64,
    plain: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(SandboxReport {
        kind: Kind(params.kind()),
        md5: params.text("md5")?,
        details: params.text("details")?,
        looks: params.needed_number("looks")?,
        plain: params.text("plain")?,
    }))
}

/// A file with when the sandbox began to look at it.
struct Seen {
    file: File,
    since: Time,
    is_over: bool,
}

/// The group of types that a type of files is of.
fn group(file_type: &str) -> &'static str {
    match file_type {
        "EXE" | "DLL" | "ELF" => "EXECS",
        "ZIP" | "RAR" | "GZIP" | "7ZIP" => "ARCHIVE",
        "PDF" | "RTF" | "MS_OFFICE" => "DOCUMENTS",
        _ => "OTHERS",
    }
}

impl SandboxReport {
    fn seen(&self, cx: &Context<'_>, md5: &str) -> Result<Option<Seen>, Fault> {
        let own = cx.holder(cx.resource(member::KIND)?, member::MD5.name, &md5.to_lowercase(), "0")?;
        if let Some(stored) = own.map(|id| cx.get(member::KIND, &id)).transpose()?.flatten() {
            let since = member::SUBMITTED_AT.of(&stored.record).unwrap_or(0);
            let is_over = since + self.looks <= cx.now();
            return Ok(Some(Seen { file: File::of_record(&stored.record), since, is_over }));
        }
        Ok(known(md5).map(|file| Seen { file, since: cx.tenant().created, is_over: true }))
    }

    /// The parts of a report.
    fn parts(&self, seen: &Seen) -> Map<String, Value> {
        let (file, verdict) = (&seen.file, &seen.file.verdict);
        let status = if seen.is_over { "COMPLETED" } else { "IN_PROGRESS" };
        let mut parts = Map::new();
        parts.insert(
            "Summary".into(),
            json!({
                "Status": status,
                "Category": group(&file.file_type),
                "FileType": file.file_type,
                "StartTime": seen.since,
                "Duration": if seen.is_over { self.looks } else { 0 },
            }),
        );
        if seen.is_over {
            parts.insert(
                "Classification".into(),
                json!({
                    "Type": verdict.class,
                    "Category": verdict.category,
                    "Score": verdict.score,
                    "DetectedMalware": verdict.malware,
                }),
            );
        }
        parts.insert(
            "FileProperties".into(),
            json!({
                "FileType": file.file_type,
                "FileSize": file.size,
                "MD5": file.md5,
                "SHA1": file.sha1,
                "Sha256": file.sha256,
                "Issuer": "",
                "DigitalCerificate": "",
                "SSDeep": "",
                "RootCA": "",
            }),
        );
        parts
    }

    /// What was found beside that; of a file that is told by its hash alone nothing is.
    fn further(&self, seen: &Seen) -> Map<String, Value> {
        let verdict = &seen.file.verdict;
        let risk = if verdict.is_malicious() { "HIGH" } else { "LOW" };
        let found = verdict.is_malicious() && seen.is_over;
        let summary = found.then(|| {
            json!({ "Risk": risk, "Signature": format!("Known malware: {}", verdict.malware), "SignatureSources": [] })
        });
        let mut further = Map::new();
        further.insert("Origin".into(), json!({ "Risk": risk, "Language": "", "Country": "" }));
        further.insert("SystemSummary".into(), Value::Array(summary.into_iter().collect()));
        for empty in ["Spyware", "Networking", "SecurityBypass", "Exploit", "Stealth", "Persistence"] {
            further.insert(empty.into(), json!([]));
        }
        further
    }

    /// The report as partners are told it.
    fn plainly(&self, md5: &str, seen: Option<Seen>) -> Value {
        let Some(Seen { file, is_over: true, .. }) = seen else {
            return json!({ "md5": md5, "message": NOT_FOUND.1 });
        };
        json!({
            "md5": file.md5,
            "sha1": file.sha1,
            "sha256": file.sha256,
            "ssdeep": "",
            "fileSize": file.size,
            "fileType": file.file_type,
            "sandboxCategory": file.verdict.category,
            "sandboxScore": file.verdict.score,
            "threatName": file.verdict.malware,
            "threatLink": "",
            "originCountry": "",
            "originLanguage": "",
            "message": "",
        })
    }
}

impl Behaviour for SandboxReport {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let md5 = call.param(&self.md5).unwrap_or_default();
        if !is_md5(md5) {
            return Err(Fault::said(&self.kind, &self.md5, "MD5 hash is invalid."));
        }
        let seen = self.seen(cx, md5)?;
        if cx.operation()?.name == self.plain {
            return Ok(Outcome::Value(self.plainly(md5, seen)));
        }
        let full = call.query(&self.details).is_some_and(|details| details.eq_ignore_ascii_case("full"));
        let title = if full { "Full Details" } else { "Summary" };
        let told = match seen {
            None => json!({ "Summary": { "Status": NOT_FOUND.0, "Message": NOT_FOUND.1 } }),
            Some(seen) => {
                let mut parts = self.parts(&seen);
                if full {
                    parts.extend(self.further(&seen));
                }
                Value::Object(parts)
            }
        };
        Ok(Outcome::Value(json!({ title: told })))
    }
}
