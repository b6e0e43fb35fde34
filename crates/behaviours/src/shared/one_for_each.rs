//! `one-for-each`: there is one record for each word of a member, listed, written and removed by that word.
//!
//! A GET lists the record of the word that the query gives, a POST makes or changes the one of the body's word, a DELETE
//! removes the one of the query's. Parameters: `member`, `query`, the parameter, and `otherwise`, the word when none
//! is given.

use serde_json::Value;
use zuno_catalogue::{Members, Method, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Fix, Id, Kind};

/// The guarantee for one resource.
struct OneForEach {
    kind: String,
    member: String,
    words: Vec<String>,
    query: String,
    otherwise: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let member = params.field("member")?;
    Ok(Box::new(OneForEach {
        kind: params.kind(),
        words: params.field_of(&params.resource.kind, &member)?.values.clone(),
        query: params.text("query")?,
        otherwise: params.text("otherwise")?,
        member,
    }))
}

impl OneForEach {
    fn held(&self, cx: &Context<'_>, word: &str) -> Result<Option<Stored>, Fault> {
        let of_word = |stored: &Stored| stored.record.text(&self.member) == Some(word);
        Ok(cx.all(&self.kind, None)?.into_iter().find(of_word))
    }

    fn save(&self, cx: &mut Context<'_>, body: &Value) -> Result<Outcome, Fault> {
        let mut sent = cx.decode(&self.kind, body)?;
        let word = sent.entry(self.member.clone()).or_insert_with(|| Value::String(self.otherwise.clone()));
        let word = word.as_str().unwrap_or_default().to_owned();
        let id = match self.held(cx, &word)? {
            Some(held) => cx.update(&self.kind, &held.id, body)?.id,
            None => cx.insert(&self.kind, "0", sent)?.id,
        };
        let stored = cx.need(&self.kind, &id)?;
        Ok(Outcome::One(cx.show(cx.resource(&self.kind)?, Verb::Create, None, stored)?))
    }
}

impl Behaviour for OneForEach {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let method = cx.operation()?.method;
        if method == Method::Post {
            let body =
                call.body.as_ref().ok_or_else(|| Fault::Unreadable("a JSON object is wanted".into()))?;
            return self.save(cx, body);
        }
        let word = call.query(&self.query).filter(|word| !word.is_empty()).unwrap_or(&self.otherwise);
        if !self.words.iter().any(|known| known == word) {
            let (kind, fix) = (Kind(self.kind.clone()), Fix::Enum(self.words.clone()));
            return Err(Fault::Invalid { kind, field: self.query.clone(), fix });
        }
        let held = self.held(cx, word)?;
        if method == Method::Get {
            return cx.list(cx.resource(&self.kind)?, None, held.into_iter().collect());
        }
        let nobody = || Fault::NotFound { kind: Kind(self.kind.clone()), id: Id(word.to_owned()) };
        let id = held.ok_or_else(nobody)?.id;
        cx.erase(cx.resource(&self.kind)?, &id, false)?;
        Ok(Outcome::Done)
    }
}
