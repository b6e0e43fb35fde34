//! What an identity provider provisions over SCIM: users, whose attributes' values rules may ask for, and groups.
//!
//! The gateway brings a provider whose token counts, and the body; answers and refusals are SCIM's own. Users are
//! kept whole, under `zpa.scim_user`; groups are the `zpa.scim_group` that the management API shows.

mod error;
mod filter;
mod groups;
mod meta;
mod patch;
mod users;

use serde_json::{Map, Value, json};
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Id};

pub use error::ScimError;
pub use filter::{Comparison, Filter, Path, Unread};
pub use patch::apply;

/// How many resources a page has when the caller does not say, and at most (documented).
const PAGE: (usize, usize) = (10, 100);

/// Which resources are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `/Users`
    Users,
    /// `/Groups`
    Groups,
}

/// What an identity provider asks for.
#[derive(Clone, Debug)]
pub enum Ask {
    /// The resources that match a query's filter, a page of them.
    List(Vec<(String, String)>),
    /// One.
    Read(Id),
    /// A new one.
    Create(Value),
    /// This in its place.
    Replace(Id, Value),
    /// These changes.
    Patch(Id, Value),
    /// It gone.
    Delete(Id),
}

/// Carries out what the provider `idp` asks; `base` is the address under which it reached its resources.
///
/// # Errors
/// The refusal; a transaction must then leave no trace.
pub fn answer(
    cx: &mut Context<'_>,
    idp: &Id,
    family: Family,
    ask: &Ask,
    base: &str,
) -> Result<Option<Value>, ScimError> {
    let stored = match ask {
        Ask::List(query) => return list(cx, idp, family, query, base).map(Some),
        Ask::Read(id) => family.find(cx, idp, id)?,
        Ask::Create(body) => {
            let new = family.blank(cx, idp)?;
            family.save(cx, new, object(body)?)?
        }
        Ask::Replace(id, body) => {
            let old = family.find(cx, idp, id)?;
            family.save(cx, old, object(body)?)?
        }
        Ask::Patch(id, body) => {
            let old = family.find(cx, idp, id)?;
            let mut resource = family.resource(&old);
            patch::apply(&mut resource, body)?;
            family.save(cx, old, resource)?
        }
        Ask::Delete(id) => {
            let old = family.find(cx, idp, id)?;
            family.remove(cx, &old)?;
            return Ok(None);
        }
    };
    family.shown(cx, &stored, base).map(Some)
}

fn object(body: &Value) -> Result<Map<String, Value>, ScimError> {
    body.as_object().cloned().ok_or_else(|| ScimError::bad("invalidSyntax", "a JSON object is wanted"))
}

fn list(
    cx: &Context<'_>,
    idp: &Id,
    family: Family,
    query: &[(String, String)],
    base: &str,
) -> Result<Value, ScimError> {
    let given = |name: &str| {
        let found = query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let number = |name: &str, other: usize| {
        given(name)
            .map_or(Some(other), |text| text.parse::<i64>().ok().map(|n| usize::try_from(n).unwrap_or(0)))
    };
    let wrong = |name: &str| ScimError::bad("invalidValue", format!("`{name}` is no number"));
    let start = number("startIndex", 1).ok_or_else(|| wrong("startIndex"))?.max(1);
    let count = number("count", PAGE.0).ok_or_else(|| wrong("count"))?.min(PAGE.1);
    let filter = match given("filter") {
        Some(text) => Some(Filter::read(text).map_err(|why| ScimError::unread("invalidFilter", text, why))?),
        None => None,
    };
    let mut matching = family.all(cx, idp)?;
    if let Some(filter) = &filter {
        matching.retain(|stored| {
            let mut resource = family.resource(stored);
            resource.insert("id".into(), json!(family.id(stored)));
            filter.accepts(&Value::Object(resource))
        });
    }
    let total = matching.len();
    let page = matching.iter().skip(start - 1).take(count).map(|stored| family.shown(cx, stored, base));
    let page = page.collect::<Result<Vec<Value>, ScimError>>()?;
    Ok(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": page.len(),
        "Resources": page,
    }))
}

impl Family {
    fn find(self, cx: &Context<'_>, idp: &Id, id: &Id) -> Result<Stored, ScimError> {
        let found = match self {
            Family::Users => users::find(cx, idp, id)?,
            Family::Groups => {
                groups::all(cx, idp)?.into_iter().find(|stored| groups::id(stored) == id.as_str())
            }
        };
        found.ok_or_else(|| ScimError::unknown(id))
    }

    fn all(self, cx: &Context<'_>, idp: &Id) -> Result<Vec<Stored>, Fault> {
        match self {
            Family::Users => users::all(cx, idp),
            Family::Groups => groups::all(cx, idp),
        }
    }

    fn id(self, stored: &Stored) -> &str {
        match self {
            Family::Users => stored.id.as_str(),
            Family::Groups => groups::id(stored),
        }
    }

    fn blank(self, cx: &mut Context<'_>, idp: &Id) -> Result<Stored, Fault> {
        match self {
            Family::Users => users::blank(cx, idp),
            Family::Groups => groups::blank(cx, idp),
        }
    }

    fn resource(self, stored: &Stored) -> Map<String, Value> {
        match self {
            Family::Users => users::resource(stored),
            Family::Groups => groups::resource(stored),
        }
    }

    fn save(self, cx: &mut Context<'_>, old: Stored, new: Map<String, Value>) -> Result<Stored, ScimError> {
        match self {
            Family::Users => users::save(cx, old, new),
            Family::Groups => groups::save(cx, old, &new),
        }
    }

    fn remove(self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), ScimError> {
        match self {
            Family::Users => users::remove(cx, stored),
            Family::Groups => Ok(groups::remove(cx, stored)?),
        }
    }

    fn shown(self, cx: &Context<'_>, stored: &Stored, base: &str) -> Result<Value, ScimError> {
        match self {
            Family::Users => users::shown(cx, stored, base),
            Family::Groups => groups::shown(cx, stored, base),
        }
    }
}
