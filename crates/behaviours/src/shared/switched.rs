//! `switched`: a flag that switches something on and off remembers when it last did, and may be said in a word.
//!
//! Parameters: `flag`; and where there are such members, `since` and `until`, when it was last switched on, and off; `off`,
//! a flag that says the opposite; `word`, an enum that says the same with one of `words`, on and off: whoever sets it
//! switches.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct Switched {
    flag: String,
    off: Option<String>,
    since: Option<String>,
    until: Option<String>,
    word: Option<(String, [String; 2])>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let maybe = |name: &str| params.maybe_text(name).map(|_| params.field(name)).transpose();
    let word = match maybe("word")? {
        None => None,
        Some(word) => {
            let words = params.texts("words").try_into();
            Some((word, words.map_err(|_| params.wrong("`words` are two: on and off"))?))
        }
    };
    Ok(Box::new(Switched {
        flag: params.field("flag")?,
        off: maybe("off")?,
        since: maybe("since")?,
        until: maybe("until")?,
        word,
    }))
}

impl Behaviour for Switched {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let on = |record: &zuno_model::Record| record.flag(&self.flag);
        let was = change.old.as_ref().map(&on);
        let said = self.word.as_ref().and_then(|(member, [word, _])| {
            change.sent.get(member).map(|sent| sent.as_str() == Some(word.as_str()))
        });
        let is = said.unwrap_or_else(|| on(&change.new));
        let mut keep = |member: &Option<String>, value: Option<Value>| {
            let Some(member) = member else { return };
            match value {
                Some(value) => change.new.insert(member.clone(), value),
                None => change.new.shift_remove(member),
            };
        };
        if was != Some(is) {
            let now = || Some(Value::from(cx.now()));
            match is {
                true => {
                    keep(&self.since, now());
                    keep(&self.until, None);
                }
                false => keep(&self.until, now()),
            }
        }
        keep(&Some(self.flag.clone()), Some(is.into()));
        keep(&self.off, Some((!is).into()));
        if let Some((member, [on, off])) = &self.word {
            keep(&Some(member.clone()), Some(if is { on } else { off }.clone().into()));
        }
        Ok(())
    }
}
