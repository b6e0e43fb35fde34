//! `user-account`: a user's email is fixed once made, who administers the tenant is not deleted, and lists are
//! chosen by how the names of department and groups begin (documented).
//!
//! Parameters: `email`, `admin`, and `filters`: query parameters with the members whose targets' names are compared.

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params, same};
use zuno_model::{Fault, Id, Record, Refusal};

/// The guarantee for one resource.
struct UserAccount {
    email: String,
    admin: String,
    /// Query parameter, member, kind of its target.
    filters: Vec<(String, String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let mut filters = Vec::new();
    for (query, member) in params.given.get("filters").and_then(Value::as_object).into_iter().flatten() {
        let member = member.as_str().unwrap_or_default();
        let target = resource.field(member).and_then(|field| field.shape.target());
        let target = target.ok_or_else(|| format!("`{}`: `{member}` is no reference", params.behaviour))?;
        filters.push((query.clone(), member.to_owned(), target.to_owned()));
    }
    Ok(Box::new(UserAccount { email: params.text("email")?, admin: params.text("admin")?, filters }))
}

impl UserAccount {
    /// The ids of the records whose names begin so.
    fn beginning(cx: &Context<'_>, kind: &str, start: &str) -> Result<Value, Fault> {
        let start = start.to_lowercase();
        let named =
            |record: &Record| record.get("name").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let all = cx.all(kind, None)?;
        let ids = all.iter().filter(|stored| named(&stored.record).starts_with(&start));
        Ok(ids.map(|stored| json!(stored.id.as_str())).collect())
    }

    fn asked<'a>(&'a self, cx: &'a Context<'_>) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        self.filters.iter().filter_map(|(query, member, kind)| {
            let start = cx.call.query(query).filter(|start| !start.is_empty())?;
            Some((member.as_str(), kind.as_str(), start))
        })
    }
}

impl Behaviour for UserAccount {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(old) = &change.old else { return Ok(()) };
        if change.verb == Verb::Delete {
            // Documented; the words are guessed.
            return match old.get(&self.admin) {
                Some(Value::Bool(true)) => Err(Fault::Refused {
                    class: Refusal::Forbidden,
                    code: "INVALID_OPERATION".into(),
                    message: "An administrator cannot be deleted as a user".into(),
                    params: Vec::new(),
                }),
                _ => Ok(()),
            };
        }
        if let Some(email) = old.get(&self.email) {
            change.new.insert(self.email.clone(), email.clone());
        }
        Ok(())
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        self.asked(cx).next().is_some()
    }

    fn accepts(&self, cx: &Context<'_>, _: &Id, record: &Record) -> Result<bool, Fault> {
        for (member, kind, start) in self.asked(cx) {
            let ids = cx.once(&format!("beginning {kind} {start}"), || Self::beginning(cx, kind, start))?;
            let mut ids = ids.as_array().into_iter().flatten().filter_map(Value::as_str);
            if !ids.any(|id| record.get(member).is_some_and(|held| same(held, id))) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
