//! `obfuscated`: a secret is told as a text that nobody can read it from, and the text that is sent back leaves it as it is.
//!
//! There is such a text though nobody has set a secret (seen); it is as long as 32 bytes in base64 (seen), and what stands in
//! it is guessed: a digest under the server's own key. Parameters: `member`, which tells it, and `kept`, the secret.

use serde_json::Value;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Record};

use crate::keys::pepper;

/// The guarantee for one resource.
struct Obfuscated {
    member: String,
    kept: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let kept = params.field("kept")?;
    if params.resource.field(&kept).is_none_or(|field| !field.secret) {
        return Err(params.wrong(format!("`{kept}` is no secret")));
    }
    Ok(Box::new(Obfuscated { member: params.field("member")?, kept }))
}

impl Obfuscated {
    /// The text that stands for a record's secret.
    fn told(&self, cx: &Context<'_>, record: Option<&Record>) -> Result<String, Fault> {
        let secret = record.and_then(|record| record.text(&self.kept)).unwrap_or_default();
        let about = format!("{} {} {secret}", cx.tenant().id.0, self.member);
        let digest = String::from(pepper(cx)?.digest(&about));
        Ok(digest.replace('-', "+").replace('_', "/") + "=")
    }
}

impl Behaviour for Obfuscated {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let sent = change.sent.text(&self.member).filter(|text| !text.is_empty());
        let held = change.old.as_ref().and_then(|old| old.get(&self.kept)).cloned();
        let new = match sent {
            Some(text) if text != self.told(cx, change.old.as_ref())? => Some(Value::from(text)),
            _ => held,
        };
        change.new.shift_remove(&self.member);
        change.new.extend(new.map(|secret| (self.kept.clone(), secret)));
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let told = self.told(cx, Some(record))?;
        record.insert(self.member.clone(), Value::String(told));
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![&self.member, &self.kept])
    }
}
