//! `sandbox-submission`: a file that is handed in gets a verdict: at once where it is only scanned, and in its report after
//! a while where the sandbox is to look at it.
//!
//! The sandbox looks at a file once, and again where `force` is on; so many times a day, whichever files they are. Clients
//! send a file as it is or packed with gzip (client: go). Parameters: `kept`, the operation that has the sandbox look;
//! `most`, how often it looks in a day; `force`, the query's parameter; `denied`, the list of hashes that the tenant blocks.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::sandbox_submission as member;
use zuno_engine::{Ahead, Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind, Record, Time};
use zuno_store::Stretch;

use super::file::{File, Verdict};

/// How long a packed file may be when it is unpacked, in bytes.
const LARGEST: u64 = 64 << 20;

/// A day in seconds.
const DAY: i64 = 86_400;

/// The guarantee for files that are handed in.
struct SandboxSubmission {
    kind: Kind,
    kept: String,
    most: u64,
    force: String,
    denied: (String, String),
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(SandboxSubmission {
        kind: Kind(params.kind()),
        kept: params.text("kept")?,
        most: params.needed_number("most")?,
        force: params.text("force")?,
        denied: params.member("denied")?,
    }))
}

/// When the sandbox looked at a file after a moment: each time counts.
fn looks(record: &Record, since: Time) -> Vec<Time> {
    record.items(&member::LOOKED_AT).iter().filter_map(Value::as_i64).filter(|at| *at > since).collect()
}

impl SandboxSubmission {
    /// What was sent, unpacked where it was packed.
    fn sent<'c>(&self, call: &'c Call) -> Result<Cow<'c, [u8]>, Fault> {
        let bytes = call.upload.as_ref().map(|upload| upload.bytes.as_slice()).unwrap_or_default();
        if !bytes.starts_with(&[0x1f, 0x8b]) {
            return Ok(Cow::Borrowed(bytes));
        }
        let mut whole = Vec::new();
        match GzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut whole) {
            Ok(_) if whole.len() as u64 > LARGEST => {
                Err(Fault::said(&self.kind, "file", format!("The file is longer than {LARGEST} bytes.")))
            }
            Ok(_) => Ok(Cow::Owned(whole)),
            // A file that only begins as a packed one is looked at as it is.
            Err(_) => Ok(Cow::Borrowed(bytes)),
        }
    }

    /// The file that was sent, with its hashes and what is known of it.
    fn file(&self, call: &Call) -> Result<File, Fault> {
        let bytes = self.sent(call)?;
        match bytes.is_empty() {
            true => Err(Fault::said(&self.kind, "file", "The file is empty.")),
            false => Ok(File::of(&bytes)),
        }
    }

    /// Whether the tenant blocks a hash of its own accord.
    fn is_denied(&self, cx: &Context<'_>, md5: &str) -> Result<bool, Fault> {
        let (kind, list) = &self.denied;
        let settings = cx.only(kind)?.record;
        let listed = settings.items(list).iter();
        Ok(listed
            .filter(|entry| entry.get("type") != Some(&json!("CUSTOM_FILEHASH_ALLOW")))
            .filter_map(|entry| entry.text("url"))
            .any(|hash| hash.eq_ignore_ascii_case(md5)))
    }

    /// How often the sandbox looked at a file within the last day, no further than the quota goes: the newest come first.
    fn used(&self, cx: &Context<'_>) -> Result<u64, Fault> {
        let newest = Stretch { skip: 0, take: self.most + 1, backwards: false };
        let recent = cx.stretch(member::KIND, None, newest)?;
        Ok(recent.iter().map(|stored| looks(&stored.record, cx.now() - DAY).len() as u64).sum())
    }

    /// Has the sandbox look at a file, unless it did; how many files it looked at today.
    fn keep(&self, cx: &mut Context<'_>, call: &Call, file: &File) -> Result<(bool, u64), Fault> {
        let used = self.used(cx)?;
        let held = cx.holder(cx.resource(member::KIND)?, member::MD5.name, &file.md5, "0")?;
        let again =
            call.query(&self.force).is_some_and(|force| force == "1" || force.eq_ignore_ascii_case("true"));
        if held.is_some() && !again {
            return Ok((false, used));
        }
        if used >= self.most {
            let message = format!("The quota of {} files a day is used up.", self.most);
            return Err(Fault::Quota { kind: self.kind.clone(), limit: self.most, message: Some(message) });
        }
        let mut looked = Vec::new();
        if let Some(held) = held {
            looked = looks(&cx.need(member::KIND, &held)?.record, cx.now() - DAY);
            cx.remove(member::KIND, &held)?;
        }
        looked.push(cx.now());
        let members = json!({
            member::MD5: file.md5,
            member::SHA1: file.sha1,
            member::SHA256: file.sha256,
            member::FILE_SIZE: file.size,
            member::FILE_TYPE: file.file_type,
            member::VERDICT: file.verdict.class,
            member::CATEGORY: file.verdict.category,
            member::SCORE: file.verdict.score,
            member::MALWARE: file.verdict.malware,
            member::SUBMITTED_AT: cx.now(),
            member::LOOKED_AT: looked,
        });
        let members: Record = members.as_object().cloned().unwrap_or_default();
        cx.insert(member::KIND, "0", members)?;
        Ok((true, used + 1))
    }
}

impl Behaviour for SandboxSubmission {
    /// Long files take long to unpack and to hash.
    fn ahead(&self, call: &Call) -> Result<Option<Ahead>, Fault> {
        self.file(call).map(|file| Some(Ahead::of(file)))
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        // Nothing is made ahead of what only scans: nobody waits for that.
        let mut file = match call.ahead.as_ref().and_then(Ahead::get::<File>) {
            Some(file) => file.clone(),
            None => self.file(call)?,
        };
        if self.is_denied(cx, &file.md5)? {
            file.verdict = Verdict {
                class: "MALICIOUS".into(),
                category: "MALWARE_BOTNET".into(),
                score: 100,
                malware: "Custom_Denylist".into(),
            };
        }
        let name = &cx.operation()?.name;
        let found = file.verdict.is_malicious();
        let mut answer = json!({
            "code": 200,
            "message": format!("/{name} response OK"),
            "virusName": if found { file.verdict.malware.as_str() } else { "None" },
            "virusType": if found { "Virus" } else { "None" },
            "fileType": file.file_type.to_lowercase(),
            // In capitals, as the words of success and of a virus are (client: splunk-soar).
            "md5": file.md5.to_uppercase(),
        });
        if *name == self.kept {
            let (looked, used) = self.keep(cx, call, &file)?;
            let submission = match (found, looked) {
                (true, _) => "Virus",
                (false, true) => "Sandbox",
                (false, false) => "Known",
            };
            answer["sandboxSubmission"] = json!(submission);
            answer["allowedQuota"] = json!(self.most);
            answer["usedQuota"] = json!(used);
        }
        Ok(Outcome::Value(answer))
    }
}
