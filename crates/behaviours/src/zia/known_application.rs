//! `known-application`: a list names cloud applications by their words, and those whose type is known are of the rule's type.
//!
//! The cloud has 43,000 applications, of which some hundred are known here: a word that has the form of one is taken, what
//! can be none is refused as a body that cannot be bound. Parameters: `in`, the lists; `also`, words that are no
//! applications and yet allowed; for rules of one type `type`, their member, and `called`, the applications' word for a type
//! where that is another.

use std::collections::HashMap;

use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::cloud_application as application;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Kind, Record};

/// The guarantee for one resource.
struct KnownApplication {
    kind: Kind,
    lists: Vec<String>,
    also: Vec<String>,
    by_type: Option<ByType>,
}

/// Applications of the rule's type alone.
struct ByType {
    member: String,
    called: HashMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let by_type = match params.maybe_text("type") {
        Some(_) => Some(ByType { member: params.field("type")?, called: params.part("called").read()? }),
        None => None,
    };
    let (lists, also) = (params.fields("in")?, params.texts("also"));
    Ok(Box::new(KnownApplication { kind: Kind(params.kind()), lists, also, by_type }))
}

/// Whether a text has the form of an application's word.
pub fn is_word(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=128).contains(&text.len()) && text.bytes().all(fits)
}

impl ByType {
    /// The type of applications that a rule is for, as the applications call it.
    fn wanted<'r>(&'r self, rule: &'r Record) -> Option<&'r str> {
        let own = rule.text(&self.member)?;
        Some(self.called.get(own).map_or(own, String::as_str))
    }
}

impl Behaviour for KnownApplication {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let applications = cx.resource(application::KIND)?;
        for list in &self.lists {
            for word in change.sent.texts(list) {
                if self.also.iter().any(|known| known == word) {
                    continue;
                }
                if !is_word(word) {
                    let (kind, field) = (self.kind.clone(), list.clone());
                    return Err(Fault::Invalid { kind, field, fix: Fix::Enum(Vec::new()) });
                }
                let Some(wanted) = self.by_type.as_ref().and_then(|by_type| by_type.wanted(&change.new))
                else {
                    continue;
                };
                let Some(id) = cx.holder(applications, application::APP.name, word, "0")? else { continue };
                let stored = cx.need(application::KIND, &id)?;
                let parent = application::PARENT.of(&stored.record);
                if parent.is_some_and(|parent| parent != wanted) {
                    // The words are guessed.
                    let words = format!("Application {word} does not belong to the rule type");
                    return Err(Fault::said(&self.kind, list, words));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_word;

    #[test]
    fn a_word_is_told_from_a_name() {
        assert!(is_word("GOOGLE_WEBMAIL") && is_word("APP_050PLUS"));
        assert!(
            !is_word("Gmail") && !is_word("GOOGLE WEBMAIL") && !is_word("") && !is_word(&"A".repeat(129))
        );
    }
}
