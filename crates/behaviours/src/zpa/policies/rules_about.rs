//! `rules-about`: the rules of a policy type that speak of an application, or how many there are of the type.
//!
//! A rule speaks of an application by naming it or its group. A guest's rules speak of the applications that it is
//! given (guessed). Parameters: `conditions` (the member whose operands name things), `applications` and `group` (their
//! kind, and its member with the group), `guests` (its member with the guests).

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored, Wish};
use zuno_model::{Fault, Id};

/// The guarantee for the rules of one resource.
struct RulesAbout {
    kind: String,
    conditions: String,
    applications: String,
    group: (String, String),
    guests: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(
    params: Params<'_>,
    resource: &Resource,
    catalogue: &Catalogue,
) -> Result<Box<dyn Behaviour>, String> {
    let (applications, group) = (params.text("applications")?, params.text("group")?);
    let kind = catalogue
        .resource(&applications)
        .and_then(|resource| resource.field(&group))
        .and_then(|field| field.shape.target())
        .ok_or("`group` must be a reference of the applications")?;
    Ok(Box::new(RulesAbout {
        kind: resource.kind.clone(),
        conditions: params.text("conditions")?,
        group: (group, kind.to_owned()),
        guests: params.text("guests")?,
        applications,
    }))
}

impl RulesAbout {
    /// Adds the rules that name an application or its group.
    fn naming(&self, cx: &Context<'_>, application: &Stored, found: &mut Vec<Stored>) -> Result<(), Fault> {
        let mut named = vec![(self.applications.as_str(), application.id.clone())];
        let group = application.record.get(&self.group.0).and_then(Id::from_value);
        named.extend(group.map(|group| (self.group.1.as_str(), group)));
        for (kind, id) in named {
            for rule in cx.pointing(&self.kind, &self.conditions, kind, &id)? {
                if found.iter().all(|known| known.id != rule.id) {
                    found.push(rule);
                }
            }
        }
        Ok(())
    }
}

impl Behaviour for RulesAbout {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        let mut found = Vec::new();
        if let Some(id) = call.param("application") {
            let application = cx.need(&self.applications, &Id(id.to_owned()))?;
            self.naming(cx, &application, &mut found)?;
        } else if let Some(guest) = call.param("guest") {
            for application in cx.all(&self.applications, None)? {
                let guests = application.record.get(&self.guests).and_then(Value::as_array);
                if guests.into_iter().flatten().any(|given| given.as_str() == Some(guest)) {
                    self.naming(cx, &application, &mut found)?;
                }
            }
            found.retain(|rule| rule.record.get("policyType") == Some(&json!(1)));
        } else {
            let wish = Wish { take: Some(0), number: 1, size: 1, ..Wish::default() };
            let total = match cx.list_part(&wish)? {
                Outcome::Many(page) => page.total,
                _ => 0,
            };
            return Ok(Outcome::Value(json!({ "count": total.to_string() })));
        }
        found.retain(|rule| call.scope.for_store().is_none_or(|scope| scope == rule.scope));
        cx.list(resource, None, found)
    }
}
