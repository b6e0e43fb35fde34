//! `url-lookup`: URLs are classified by the tenant's categories that are in force, else by the built-in base.
//!
//! Policy decides so (documented); one recorded answer of this operation, for a site that no tenant's category held,
//! fits either reading, and a digest of the documents says the vendor's base alone is asked.
//! Parameters: `most` URLs a call, `longest` characters a URL.

use serde::Serialize;
use serde_json::Value;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind};
use zuno_urls::{Address, Base, CustomCategories};

use super::categories_in_force::InForce;

/// The guarantee for the tenant's look-ups.
struct UrlLookup {
    kind: Kind,
    most: usize,
    longest: usize,
    in_force: InForce,
}

/// What is said of one URL.
#[derive(Serialize)]
struct Classified<'a> {
    url: &'a str,
    #[serde(rename = "urlClassifications")]
    classes: Vec<&'a str>,
    #[serde(rename = "urlClassificationsWithSecurityAlert")]
    alerts: &'a [&'a str],
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

impl UrlLookup {
    /// What is said of each URL, written out.
    fn classified(&self, own: &CustomCategories, urls: &[Value]) -> Result<Vec<u8>, Fault> {
        let mut found = Vec::with_capacity(urls.len() * 192);
        found.push(b'[');
        for url in urls {
            let Some(url) = url.as_str() else {
                return Err(Fault::Unreadable("a URL is a string".into()));
            };
            if url.chars().count() > self.longest {
                let words = format!("A URL cannot exceed {} characters.", self.longest);
                return Err(Fault::said(&self.kind, "urls", words));
            }
            let address = Address::read(url);
            let base = Base::built_in().lookup_address(&address);
            let answer = Classified {
                url,
                classes: own.resolve_over(base, &address, None).categories,
                alerts: base.alerts,
            };
            if found.len() > 1 {
                found.push(b',');
            }
            serde_json::to_writer(&mut found, &answer).map_err(Fault::broken)?;
        }
        found.push(b']');
        Ok(found)
    }
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
        let found = self.in_force.look(cx, |own| self.classified(own, urls))??;
        Ok(Outcome::Json(found))
    }
}
