//! `pac-versions`: a PAC file has ten versions at most, of which one is deployed, one at most is staged and one at most is
//! the last that is known to be good; a version's script never changes, and a new one makes room by itself.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::{pac_file as file, pac_file_version as member};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Stored};
use zuno_model::{Fault, Id, Record};

use super::pac_file::{editable, may_be_saved, nowhere, refused};

/// How many versions a file has (documented).
const VERSIONS: usize = 10;

const DEPLOYED: &str = "DEPLOYED";
const STAGED: &str = "STAGE";
const KNOWN_GOOD: &str = "LKG";

/// The guarantee for one resource.
#[derive(Default)]
pub struct PacVersions;

fn version_of(file: &Id, number: &str) -> Id {
    Id(format!("{file}.{number}"))
}

fn number(stored: &Stored) -> i64 {
    member::PAC_VERSION.of(&stored.record).unwrap_or_default()
}

fn status(stored: &Stored) -> &str {
    member::PAC_VERSION_STATUS.of(&stored.record).unwrap_or_default()
}

/// The file that the path names.
fn file_meant(cx: &Context<'_>) -> Result<Stored, Fault> {
    let id = Id(cx.param("pacId").unwrap_or_default().to_owned());
    cx.get(file::KIND, &id)?.ok_or_else(|| nowhere(format!("No PAC file is found with the id {id}")))
}

/// A version of a file.
fn version(cx: &Context<'_>, file: &Stored, number: &str) -> Result<Stored, Fault> {
    let found = cx.get(member::KIND, &version_of(&file.id, number))?;
    found.ok_or_else(|| nowhere(format!("No version {number} is found for the PAC file {}", file.id)))
}

/// All versions of a file, the first one first.
fn versions(cx: &Context<'_>, file: &Stored) -> Result<Vec<Stored>, Fault> {
    let mut all = cx.pointing(member::KIND, member::PAC_ID.name, file::KIND, &file.id)?;
    all.sort_by_key(number);
    Ok(all)
}

/// Gives a version a status, which the one that had it is without from now on.
fn give(cx: &mut Context<'_>, file: &mut Stored, meant: &mut Stored, given: &str) -> Result<(), Fault> {
    if !given.is_empty() {
        for mut other in versions(cx, file)? {
            if other.id != meant.id && status(&other) == given {
                other.record.insert(member::PAC_VERSION_STATUS.into(), json!(""));
                cx.save(member::KIND, &other)?;
            }
        }
    }
    if given == DEPLOYED {
        file.record.insert(file::DEPLOYED.into(), json!(meant.id));
        cx.save(file::KIND, file)?;
    }
    meant.record.insert(member::PAC_VERSION_STATUS.into(), json!(given));
    Ok(())
}

/// The message that a body holds: the bare text (client: go 3.8.46), a text of JSON, or the member of an older client.
fn message(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(Value::String(text)) => text,
        Ok(Value::Object(members)) => member::PAC_COMMIT_MESSAGE.of(&members).unwrap_or_default().to_owned(),
        _ => body.to_owned(),
    }
}

/// Makes room for one more version: the one that is named goes, or else the first that has no status (documented: the one
/// with the least number; what is deployed, staged or known to be good is not offered).
fn make_room(cx: &mut Context<'_>, file: &Stored) -> Result<(), Fault> {
    let all = versions(cx, file)?;
    if all.len() < VERSIONS {
        return Ok(());
    }
    let goes = match cx.query("deleteVersion").filter(|named| !named.is_empty()) {
        Some(named) => Some(version(cx, file, named)?),
        None => all.into_iter().find(|stored| status(stored).is_empty()),
    };
    match goes {
        Some(goes) if status(&goes).is_empty() => cx.remove(member::KIND, &goes.id),
        _ => {
            Err(refused("A version that is deployed, staged or marked as last known good cannot be deleted"))
        }
    }
}

/// Branches a version: what is not sent is as in the one that it comes from.
fn branch(cx: &mut Context<'_>) -> Result<Stored, Fault> {
    let mut file = file_meant(cx)?;
    editable(&file.record)?;
    let from = version(cx, &file, cx.param("pacVersion").unwrap_or_default())?;
    let body = cx.body().ok_or_else(|| Fault::Unreadable("a JSON body is wanted".into()))?;
    let mut sent = cx.decode_as(file::KIND, "PacScript", body)?;
    if member::PAC_CONTENT.of(&sent).unwrap_or_default().is_empty() {
        sent.insert(
            member::PAC_CONTENT.into(),
            from.record.get(member::PAC_CONTENT.name).cloned().unwrap_or_default(),
        );
    }
    may_be_saved(&sent)?;
    make_room(cx, &file)?;
    // What all versions share stays as it is, but for the description (guessed; one client sends all of it: terraform zia).
    for shared in [file::NAME.name, file::DOMAIN.name, file::PAC_URL_OBFUSCATED.name] {
        sent.shift_remove(shared);
    }
    if let Some(description) = sent.shift_remove(file::DESCRIPTION.name) {
        file.record.insert(file::DESCRIPTION.into(), description);
        cx.save(file::KIND, &file)?;
    }
    let last = versions(cx, &file)?.last().map_or(0, number);
    let given = member::PAC_VERSION_STATUS.of(&sent).unwrap_or_default().replace("UNSTAGED", "");
    sent.insert(member::PAC_ID.into(), json!(file.id));
    sent.insert(member::PAC_VERSION.into(), json!(last.max(number(&from)) + 1));
    sent.insert(member::PAC_VERSION_STATUS.into(), json!(""));
    let made = cx.insert(member::KIND, "0", sent)?;
    let mut made = cx.need(member::KIND, &made.id)?;
    give(cx, &mut file, &mut made, &given)?;
    cx.save(member::KIND, &made)?;
    Ok(made)
}

/// Changes a version's status, and its message where one is sent.
fn act(cx: &mut Context<'_>) -> Result<Stored, Fault> {
    let mut file = file_meant(cx)?;
    editable(&file.record)?;
    let mut meant = version(cx, &file, cx.param("pacVersion").unwrap_or_default())?;
    let (now, action) = (cx.now(), cx.param("pacVersionAction").unwrap_or_default());
    if status(&meant) == DEPLOYED && action != "DEPLOY" {
        return Err(refused("The deployed version of a PAC file can only be replaced by another one"));
    }
    match action {
        "DEPLOY" => give(cx, &mut file, &mut meant, DEPLOYED)?,
        "STAGE" => give(cx, &mut file, &mut meant, STAGED)?,
        "LKG" => give(cx, &mut file, &mut meant, KNOWN_GOOD)?,
        "UNSTAGE" if status(&meant) == STAGED => give(cx, &mut file, &mut meant, "")?,
        "REMOVE_LKG" if status(&meant) == KNOWN_GOOD => {
            if let Some(named) = cx.query("newLKGVer").filter(|named| !named.is_empty()) {
                let mut next = version(cx, &file, named)?;
                if status(&next) == DEPLOYED {
                    return Err(refused(
                        "The deployed version of a PAC file can only be replaced by another one",
                    ));
                }
                give(cx, &mut file, &mut next, KNOWN_GOOD)?;
                cx.save(member::KIND, &next)?;
            }
            if number(&meant).to_string() != cx.query("newLKGVer").unwrap_or_default() {
                give(cx, &mut file, &mut meant, "")?;
            }
        }
        "UNSTAGE" | "REMOVE_LKG" => {}
        _ => return Err(Fault::Unreadable(format!("`{action}` is no action"))),
    }
    let message = message(&cx.upload().map(|sent| sent.text()).unwrap_or_default());
    if !message.is_empty() {
        meant.record.insert(member::PAC_COMMIT_MESSAGE.into(), json!(message));
    }
    let actor = cx.actor();
    meant.record.insert(member::LAST_MODIFICATION_TIME.into(), json!(now));
    meant.record.insert(member::LAST_MODIFIED_BY.into(), json!({ "id": actor.number, "name": actor.name }));
    cx.save(member::KIND, &meant)?;
    Ok(meant)
}

impl Behaviour for PacVersions {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            let file = Id(member::PAC_ID.of(&change.new).unwrap_or_default().to_owned());
            let number = member::PAC_VERSION.of(&change.new).unwrap_or_default();
            change.id = version_of(&file, &number.to_string());
        }
        Ok(())
    }

    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        if member::PAC_VERSION_STATUS.of(&change.new).unwrap_or_default() != DEPLOYED {
            return Ok(());
        }
        let mut file =
            cx.need(file::KIND, &Id(member::PAC_ID.of(&change.new).unwrap_or_default().to_owned()))?;
        file.record.insert(file::DEPLOYED.into(), json!(change.id));
        cx.save(file::KIND, &file)
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        // A version is told under its file's id (seen).
        let file = record.get(member::PAC_ID.name).cloned().unwrap_or_default();
        record.insert(member::ID.into(), file);
        if cx.query("filter") == Some("pac_content") {
            record.insert(member::PAC_CONTENT.into(), Value::Null);
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(member::KIND)?;
        let (stored, verb) = match cx.operation()?.name.as_str() {
            "list" => {
                let shown = versions(cx, &file_meant(cx)?)?
                    .into_iter()
                    .map(|stored| cx.show(resource, Verb::List, None, stored))
                    .collect::<Result<_, _>>()?;
                return Ok(Outcome::Value(Value::Array(shown)));
            }
            "read" => {
                let number = cx.param("pacVersion").unwrap_or_default();
                (version(cx, &file_meant(cx)?, number)?, Verb::Read)
            }
            "create" => (branch(cx)?, Verb::Create),
            _ => (act(cx)?, Verb::Update),
        };
        Ok(Outcome::One(cx.show(resource, verb, None, stored)?))
    }
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn a_message_is_the_body_however_it_is_wrapped() {
        assert_eq!(message("moved to port 9400"), "moved to port 9400");
        assert_eq!(message("\"quoted\""), "quoted");
        assert_eq!(message(r#"{"pacCommitMessage": "of an older client", "id": 0}"#), "of an older client");
        assert_eq!(message("{}"), "");
        assert_eq!(message(""), "");
        assert_eq!(message("{ not JSON"), "{ not JSON");
    }
}
