//! `rules-about`: the rules of a policy type that speak of an application, or how many there are of the type.
//!
//! A rule speaks of an application by naming it or its group. A guest's rules speak of the applications that it is
//! given (guessed).

use serde_json::json;
use zuno_catalogue::handles::zpa::{application_segment as segment, policy_rule as member, segment_group};
use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Stored};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
#[derive(Default)]
pub struct RulesAbout;

/// Adds the rules that name an application or its group.
fn naming(cx: &Context<'_>, application: &Stored, found: &mut Vec<Stored>) -> Result<(), Fault> {
    let mut named = vec![(segment::KIND, application.id.clone())];
    let group = segment::SEGMENT_GROUP_ID.id_of(&application.record);
    named.extend(group.map(|group| (segment_group::KIND, group)));
    for (kind, id) in named {
        for rule in cx.pointing(member::KIND, member::CONDITIONS.name, kind, &id)? {
            if found.iter().all(|known| known.id != rule.id) {
                found.push(rule);
            }
        }
    }
    Ok(())
}

impl Behaviour for RulesAbout {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(member::KIND)?;
        let mut found = Vec::new();
        if let Some(id) = call.param("application") {
            let application = cx.need(segment::KIND, &Id(id.to_owned()))?;
            naming(cx, &application, &mut found)?;
        } else if let Some(guest) = call.param("guest") {
            for application in cx.all(segment::KIND, None)? {
                if segment::GUEST_IDS.of(&application.record).any(|given| given == guest) {
                    naming(cx, &application, &mut found)?;
                }
            }
            found.retain(|rule| rule.record.get(member::POLICY_TYPE.name) == Some(&json!(1)));
        } else {
            let query = ListQuery { take: Some(0), number: 1, size: 1, ..ListQuery::default() };
            let total = match cx.list_part(&query)? {
                Outcome::Many(page) => page.total,
                _ => 0,
            };
            return Ok(Outcome::Value(json!({ "count": total.to_string() })));
        }
        found.retain(|rule| call.scope.for_store().is_none_or(|scope| scope == rule.scope));
        cx.list(resource, None, found)
    }
}
