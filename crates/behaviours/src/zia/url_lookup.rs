//! `url-lookup`: URLs are classified by the tenant's categories that are in force, else by the built-in base.
//!
//! Policy decides so (documented); one recorded answer of this operation, for a site that no tenant's category held,
//! fits either reading, and a digest of the documents says the vendor's base alone is asked.
//! Parameters: `most` URLs a call, `longest` characters a URL.

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind};
use zuno_urls::{Address, Base};

use super::categories_in_force::InForce;

/// The guarantee for the tenant's look-ups.
struct UrlLookup {
    kind: Kind,
    most: usize,
    longest: usize,
    in_force: InForce,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(UrlLookup {
        kind: Kind(params.kind()),
        most: params.needed_number("most")?,
        longest: params.needed_number("longest")?,
        in_force: InForce::default(),
    }))
}

impl Behaviour for UrlLookup {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let Some(Value::Array(urls)) = &call.body else {
            return Err(Fault::Unreadable("an array of URLs is wanted".into()));
        };
        // The limits are documented, the words guessed.
        if urls.len() > self.most {
            let words = format!("Maximum {} URLs are allowed in one lookup.", self.most);
            return Err(Fault::said(&self.kind, "urls", words));
        }
        let own = self.in_force.of(cx)?;
        let mut found = Vec::with_capacity(urls.len());
        for url in urls {
            let Some(url) = url.as_str() else {
                return Err(Fault::Unreadable("a URL is a string".into()));
            };
            if url.chars().count() > self.longest {
                let words = format!("A URL cannot exceed {} characters.", self.longest);
                return Err(Fault::said(&self.kind, "urls", words));
            }
            let address = Address::read(url);
            found.push(json!({
                "url": url,
                "urlClassifications": own.resolve(&address, None).categories,
                "urlClassificationsWithSecurityAlert": Base::built_in().lookup_address(&address).alerts,
            }));
        }
        Ok(Outcome::Value(Value::Array(found)))
    }
}
