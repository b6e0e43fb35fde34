//! `known-category`: categories are named by their ids, never by what people call them.
//!
//! Where the operation's `fails` says so, a word that is no id is answered as the cloud does, which fails at it
//! (reported); elsewhere as a body that cannot be bound. At the categories themselves it is the path's word that counts.
//! Words that the kind of categories reserves are allowed as well. Parameter: `in`, the lists.

use zuno_catalogue::handles::zia::url_category;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Refusal};

/// The guarantee for one kind of rules, or for the categories.
struct KnownCategory {
    kind: Kind,
    lists: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(KnownCategory { kind: Kind(params.kind()), lists: params.fields("in")? }))
}

/// Whether a word has the form of an id: the vendor's, or `CUSTOM_` and a number, whether or not there is such a one.
fn is_id(word: &str) -> bool {
    let own = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    zuno_urls::predefined(word).is_some() || word.strip_prefix("CUSTOM_").is_some_and(own)
}

/// The cloud's own failure at the operation, if it is known for one.
fn failure(cx: &Context<'_>) -> Option<Fault> {
    let known = cx.operation().ok()?.fails.as_ref()?;
    let (code, message) = (known.code.clone(), known.message.clone());
    Some(Fault::refused(Refusal::Failure, code, message))
}

impl Behaviour for KnownCategory {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let reserved =
            cx.catalogue().resource(url_category::KIND).map(|kind| kind.reserved.clone()).unwrap_or_default();
        for list in &self.lists {
            let named = change.sent.get(list).and_then(serde_json::Value::as_array);
            for id in named.into_iter().flatten().filter_map(Id::from_value) {
                let known = reserved.contains(&id.0)
                    || zuno_urls::predefined(id.as_str()).is_some()
                    || cx.get(url_category::KIND, &id)?.is_some();
                if !known {
                    let (kind, field) = (self.kind.clone(), list.clone());
                    let unbound = || Fault::Invalid { kind, field, fix: Fix::Enum(Vec::new()) };
                    return Err(failure(cx).filter(|_| !is_id(id.as_str())).unwrap_or_else(unbound));
                }
            }
        }
        Ok(())
    }

    fn on_missing(&self, cx: &Context<'_>, id: &Id) -> Option<Fault> {
        let strange = self.kind.as_str() == url_category::KIND && !is_id(id.as_str());
        failure(cx).filter(|_| strange)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_id_is_told_from_a_name() {
        assert!(super::is_id("GAMBLING") && super::is_id("CUSTOM_07") && super::is_id("CUSTOM_250"));
        assert!(!super::is_id("Our_Blocklist") && !super::is_id("CUSTOM_") && !super::is_id("CUSTOM_x"));
    }
}
