//! `stays`: some records are not deleted, and that is said in the product's own words.
//!
//! Parameter: `those`, each with the members that they `have`, and the refusal: its `class`, `bad-request` or `forbidden`, `code`
//! and `message`. The first that a record is one of counts.

use serde::Deserialize;
use serde_json::{Map, Value};
use zuno_engine::{Behaviour, Context, Params, Stored};
use zuno_model::{Fault, Refusal};

/// The guarantee for one resource.
struct Stays(Vec<Sort>);

/// Records that stay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sort {
    have: Map<String, Value>,
    class: Class,
    code: String,
    message: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Class {
    BadRequest,
    Forbidden,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let those: Vec<Sort> = params.part("those").read()?;
    params.known(those.iter().flat_map(|sort| sort.have.keys()))?;
    if those.iter().any(|sort| sort.have.is_empty()) {
        return Err(params.wrong("records that stay are told by what they `have`"));
    }
    Ok(Box::new(Stays(those)))
}

impl Behaviour for Stays {
    fn before_delete(&self, _: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let is = |sort: &&Sort| sort.have.iter().all(|(name, held)| stored.record.get(name) == Some(held));
        let Some(Sort { class, code, message, .. }) = self.0.iter().find(is) else { return Ok(()) };
        let class = match class {
            Class::BadRequest => Refusal::BadRequest,
            Class::Forbidden => Refusal::Forbidden,
        };
        Err(Fault::refused(class, code, message))
    }
}
