//! `written-in`: a text is written in its language, and whoever wants to know beforehand is told.
//!
//! What a record holds already stays as it is. Parameters: `language`, one that [`crate::languages`] reads; `member`, the text, or
//! `list.member` where each item of a list has one; none where no record does; `words` of a refusal, with `{at}` and `{why}`;
//! `asked`, the member of an operation's body; `right` and `wrong`, what that operation tells, with these and `{text}`, of
//! which one alone is told as what it is; `none`, members that it tells as `null`.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Kind, Record};

use crate::languages::{Language, Wrong, named};

/// The guarantee for one resource.
struct WrittenIn {
    kind: Kind,
    language: Language,
    member: Option<String>,
    words: String,
    asked: String,
    right: Map<String, Value>,
    wrong: Map<String, Value>,
    none: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let language = params.text("language")?;
    let member = params.maybe_text("member");
    params.known(member.iter().filter_map(|member| member.split('.').next()))?;
    Ok(Box::new(WrittenIn {
        kind: Kind(params.kind()),
        language: named(&language).ok_or_else(|| params.wrong(format!("nobody reads `{language}`")))?,
        words: if member.is_some() { params.text("words")? } else { String::new() },
        member,
        asked: params.text("asked")?,
        right: params.part("right").read()?,
        wrong: params.part("wrong").read()?,
        none: params.texts("none"),
    }))
}

/// The texts of a record that say something.
fn texts<'r>(record: &'r Record, member: &str) -> impl Iterator<Item = &'r str> {
    let found: Vec<Option<&str>> = match member.split_once('.') {
        Some((list, member)) => record.items(list).iter().map(|item| item.text(member)).collect(),
        None => vec![record.text(member)],
    };
    found.into_iter().flatten().filter(|text| !text.is_empty())
}

/// Words with what was found.
fn filled(words: &str, text: &str, wrong: &Wrong) -> Value {
    match words {
        "{at}" => json!(wrong.at),
        "{text}" => json!(text),
        words => json!(words.replace("{at}", &wrong.at.to_string()).replace("{why}", &wrong.why)),
    }
}

impl WrittenIn {
    /// What is told of a text.
    fn told(&self, text: &str) -> Value {
        let right = Wrong { at: 0, why: String::new() };
        let (members, wrong) = match (self.language)(&[text]) {
            None => (&self.right, right),
            Some(wrong) => (&self.wrong, wrong),
        };
        let value = |value: &Value| value.as_str().map_or(value.clone(), |words| filled(words, text, &wrong));
        let told = members.iter().map(|(name, words)| (name.clone(), value(words)));
        Value::Object(told.chain(self.none.iter().map(|name| (name.clone(), Value::Null))).collect())
    }
}

impl Behaviour for WrittenIn {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(member) = &self.member else { return Ok(()) };
        let held: HashSet<&str> = change.old.iter().flat_map(|old| texts(old, member)).collect();
        let new: Vec<&str> = texts(&change.sent, member).filter(|text| !held.contains(text)).collect();
        let Some(wrong) = (self.language)(&new) else { return Ok(()) };
        let field = member.split('.').next().unwrap_or_default();
        let words = filled(&self.words, "", &wrong);
        Err(Fault::said(&self.kind, field, words.as_str().unwrap_or_default()))
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let body = call.body.as_ref().unwrap_or(&Value::Null);
        let read = match &cx.operation()?.body {
            Some(named) => Some(cx.decode_as(self.kind.as_str(), named, body)?),
            None => None,
        };
        let text = read.as_ref().map_or_else(|| body.text(&self.asked), |read| read.text(&self.asked));
        let missing = || Fault::Unreadable(format!("`{}` holds the text", self.asked));
        Ok(Outcome::Value(self.told(text.ok_or_else(missing)?)))
    }
}
