//! `pac-file`: a PAC file is made with its first version, which is deployed, and goes with all of them; its script is held
//! against the language before.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::{org_information, pac_file as member, pac_file_version as version};
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Fix, Id, Record, Refusal};

use crate::script::{self, Found};

/// The function that a PAC file is there for.
const ENTRY: &str = "FindProxyForURL";

/// The largest script, in bytes (documented).
const LARGEST: usize = 256 << 10;

/// What a file tells of the version that is deployed.
const TOLD: [&str; 8] = [
    member::PAC_CONTENT.name,
    member::PAC_VERIFICATION_STATUS.name,
    member::PAC_VERSION_STATUS.name,
    member::PAC_VERSION.name,
    member::PAC_COMMIT_MESSAGE.name,
    member::LAST_MODIFICATION_TIME.name,
    member::LAST_MODIFIED_BY.name,
    member::CREATE_TIME.name,
];

/// The guarantee for one resource.
#[derive(Default)]
pub struct PacFile;

/// A refusal in words (guessed where nothing else is said).
pub(super) fn refused(message: impl Into<String>) -> Fault {
    Fault::refused(Refusal::BadRequest, "INVALID_INPUT_ARGUMENT", message)
}

/// A file or version that is not there (client: terraform zia: 400, and not 404).
pub(super) fn nowhere(words: String) -> Fault {
    Fault::refused(Refusal::BadRequest, "RESOURCE_NOT_FOUND", words)
}

/// That it is a script of the tenant's own.
pub(super) fn editable(file: &Record) -> Result<(), Fault> {
    match file.get(member::EDITABLE.name) {
        Some(Value::Bool(false)) => Err(refused("A predefined PAC file cannot be modified")),
        _ => Ok(()),
    }
}

/// That a script is not too large, and that its author had it verified: what has errors, or was not looked at, is not taken
/// from here (documented; the words: guessed).
pub(super) fn may_be_saved(sent: &Record) -> Result<(), Fault> {
    small(version::PAC_CONTENT.of(sent).unwrap_or_default().len())?;
    match version::PAC_VERIFICATION_STATUS.of(sent).unwrap_or_default() {
        "VERIFY_NOERR" => Ok(()),
        _ => Err(refused("PAC file is not verified or has verification errors")),
    }
}

fn small(bytes: usize) -> Result<(), Fault> {
    if bytes <= LARGEST { Ok(()) } else { Err(refused("PAC file size cannot exceed 256 KB")) }
}

/// What the verification of a script says: of what cannot be read its first fault, as a linter tells it.
fn verdict(script: &str) -> Value {
    let message = |severity: u8, fatal: bool, line: usize, column: usize, words: &str| {
        json!({
            "severity": severity, "endLine": 0, "endColumn": 0, "line": line, "column": column, "message": words,
            "fatal": fatal,
        })
    };
    let (sound, messages) = match script::check(script, ENTRY) {
        Found::Sound => (true, vec![]),
        // Guessed: a script without it decides nothing, and can be read all the same.
        Found::WithoutEntry => (true, vec![message(1, false, 1, 1, "FindProxyForURL is not defined")]),
        Found::Broken(fault) => (false, vec![message(2, true, fault.line, fault.column, &fault.message)]),
    };
    let errors = usize::from(!sound);
    json!({
        "success": sound, "message": null, "severity": null, "messages": messages,
        "warningCount": messages.len() - errors, "errorCount": errors,
    })
}

/// The name stands in an address: no spaces (documented), and nothing that would end it (guessed).
fn named(name: &str) -> Result<(), Fault> {
    match name.chars().any(|letter| letter.is_whitespace() || letter.is_control() || "/?#%".contains(letter))
    {
        true => Err(refused("PAC file name cannot include spaces or special characters")),
        false => Ok(()),
    }
}

/// Letters that stand for the domain where the address is not to tell it.
fn veil(bits: u128) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut left = bits;
    let mut letter = || {
        let place = usize::try_from(left % 62).unwrap_or_default();
        left /= 62;
        char::from(LETTERS[place])
    };
    (0..12).map(|_| letter()).collect()
}

impl PacFile {
    fn create(&self, cx: &mut Context<'_>) -> Result<Outcome, Fault> {
        let body = cx.body().ok_or_else(|| Fault::Unreadable("a JSON body is wanted".into()))?;
        let mut sent = cx.decode_as(member::KIND, "PacScript", body)?;
        let missing = |field: &str| Fault::Invalid {
            kind: member::KIND.into(),
            field: field.into(),
            fix: Fix::Missing,
        };
        for needed in [member::NAME, version::PAC_CONTENT] {
            if needed.of(&sent).is_none_or(str::is_empty) {
                return Err(missing(needed.name));
            }
        }
        named(member::NAME.of(&sent).unwrap_or_default())?;
        may_be_saved(&sent)?;
        // The first version is always deployed (client: terraform zia).
        if !matches!(version::PAC_VERSION_STATUS.of(&sent).unwrap_or_default(), "" | "DEPLOYED") {
            return Err(refused("The initial version of a PAC file can only be deployed"));
        }
        let mut file = Record::new();
        for name in [
            member::NAME.name,
            member::DESCRIPTION.name,
            member::DOMAIN.name,
            member::PAC_URL_OBFUSCATED.name,
        ] {
            file.extend(sent.shift_remove_entry(name));
        }
        if member::DOMAIN.of(&file).unwrap_or_default().is_empty() {
            let org = cx.only(org_information::KIND)?;
            let domain = org.record.get(org_information::DOMAINS.name).and_then(|domains| domains.get(0));
            file.insert(member::DOMAIN.into(), domain.cloned().unwrap_or_default());
        }
        let mut place = file.get(member::DOMAIN.name).cloned().unwrap_or_default();
        if member::PAC_URL_OBFUSCATED.of(&file) {
            place = json!(veil(cx.draw()?));
            file.insert(member::PAC_SUB_URL.into(), place.clone());
        }
        file.insert(member::PLACE.into(), place);
        let made = cx.insert(member::KIND, "0", file)?;
        sent.insert(version::PAC_ID.into(), json!(made.id));
        sent.insert(version::PAC_VERSION.into(), json!(1));
        sent.insert(version::PAC_VERSION_STATUS.into(), json!("DEPLOYED"));
        let first = cx.insert(version::KIND, "0", sent)?;
        let stored = cx.need(version::KIND, &first.id)?;
        Ok(Outcome::One(cx.show(cx.resource(version::KIND)?, Verb::Create, None, stored)?))
    }
}

impl Behaviour for PacFile {
    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let mut file = stored.clone();
        file.record.shift_remove(member::DEPLOYED.name);
        cx.save(member::KIND, &file)?;
        for held in cx.pointing(version::KIND, version::PAC_ID.name, member::KIND, &stored.id)? {
            cx.remove(version::KIND, &held.id)?;
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        // A script is long: it is read once for all that is told of its version.
        let deployed = Id(member::DEPLOYED.of(record).unwrap_or_default().to_owned());
        let Some(deployed) = cx.get(version::KIND, &deployed)? else { return Ok(()) };
        let untold = cx.query("filter") == Some("pac_content");
        for (name, value) in deployed.record {
            if TOLD.contains(&name.as_str()) && !(untold && *name == *member::PAC_CONTENT) {
                record.insert(name, value);
            }
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        if cx.operation()?.name == "create" {
            return self.create(cx);
        }
        let script = cx.upload().map(|sent| sent.text()).unwrap_or_default();
        small(script.len())?;
        Ok(Outcome::Value(verdict(&script)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{named, veil, verdict};

    #[test]
    fn a_verdict_counts_what_it_tells() {
        let sound = "function FindProxyForURL(url, host) {\n    return \"DIRECT\";\n}";
        let seen = json!({
            "success": true, "message": null, "severity": null, "messages": [], "warningCount": 0, "errorCount": 0,
        });
        assert_eq!(verdict(sound), seen);
        let broken = verdict("function FindProxyForURL(url, host) {\n    return \"DIRECT;\n}");
        assert_eq!(
            (&broken["success"], &broken["errorCount"], &broken["warningCount"]),
            (&json!(false), &json!(1), &json!(0))
        );
        assert_eq!(
            (&broken["messages"][0]["line"], &broken["messages"][0]["column"]),
            (&json!(2), &json!(12))
        );
        let empty = verdict("");
        assert_eq!(
            (&empty["success"], &empty["errorCount"], &empty["warningCount"]),
            (&json!(true), &json!(0), &json!(1))
        );
    }

    #[test]
    fn a_name_stands_in_an_address() {
        assert!(named("head-office.pac").is_ok());
        for name in ["head office.pac", "a/b.pac", "a?b", "a\tb", "a%20b"] {
            assert!(named(name).is_err(), "{name}");
        }
    }

    #[test]
    fn what_stands_for_a_domain_tells_nothing_of_it() {
        let (one, other) = (veil(u128::MAX), veil(1 << 90));
        assert_ne!(one, other);
        assert!(
            [one, other]
                .iter()
                .all(|veil| veil.len() == 12 && veil.bytes().all(|b| b.is_ascii_alphanumeric()))
        );
    }
}
