//! `emergency-user`: people whom the emergency provider knows are staged, provisioned and deprovisioned, and never
//! deleted (documented).
//!
//! They are listed a page at a time behind the last page's cursor. No one signs in here, so that nobody gets beyond
//! `Provisioned`; that a person made with `activateNow=false` is `Staged` is guessed.

use serde_json::{Map, Value};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::emergency_access_user as member;
use zuno_engine::{Behaviour, Call, Change, Context, ListQuery, Outcome, Params};
use zuno_model::{Fault, Id, Kind, Record};

const STAGED: &str = "Staged";
const PROVISIONED: &str = "Provisioned";
const DEPROVISIONED: &str = "Deprovisioned";

/// The guarantee for one resource.
struct EmergencyUser {
    kind: Kind,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(EmergencyUser { kind: Kind(params.kind()) }))
}

/// Twenty characters as the provider's own ids have them (documented), the first of them always the same.
fn provider_id(mut bits: u128) -> Id {
    let mut id = String::from("00u");
    for _ in 0..17 {
        let letters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        id.push(char::from(letters[(bits % 62) as usize]));
        bits /= 62;
    }
    Id(id)
}

impl EmergencyUser {
    fn status<'r>(&self, record: &'r Record) -> &'r str {
        member::USER_STATUS.of(record).unwrap_or_default()
    }

    fn provision(&self, cx: &Context<'_>, record: &mut Record) {
        record.insert(member::USER_STATUS.into(), PROVISIONED.into());
        record.insert(member::ACTIVATED_ON.into(), Value::from(cx.now()));
    }

    /// Turns a person's account on or off.
    fn turn(&self, cx: &mut Context<'_>, on: bool) -> Result<Outcome, Fault> {
        let mut stored = cx.named(self.kind.as_str())?;
        let is_on = self.status(&stored.record) == PROVISIONED;
        if is_on == on {
            let words = format!("the user is {} already", self.status(&stored.record));
            return Err(Fault::said(&self.kind, member::USER_STATUS.name, words));
        }
        if on {
            self.provision(cx, &mut stored.record);
        } else {
            stored.record.insert(member::USER_STATUS.into(), DEPROVISIONED.into());
        }
        cx.save(self.kind.as_str(), &stored)?;
        let resource = cx.resource(self.kind.as_str())?;
        Ok(Outcome::Value(cx.show(resource, Verb::Read, None, stored)?))
    }

    /// The page behind the person whom the last page ended with.
    fn page(&self, cx: &Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let query = ListQuery {
            search: call.list_query.search.clone(),
            sort: call.list_query.sort.clone(),
            ..ListQuery::default()
        };
        let Outcome::Many(all) = cx.list_part(&query)? else {
            return Err(Fault::broken("a list is no list"));
        };
        let asked = call.query("pageSize").and_then(|size| size.parse().ok()).filter(|&size| size > 0);
        let rule = cx.catalogue().page(cx.resource(self.kind.as_str())?, cx.operation()?);
        let size = asked.unwrap_or(rule.size as usize).min(rule.max as usize);
        let is = |item: &Value, id: &str| member::USER_ID.of(item) == Some(id);
        let behind = call.query("pageId").filter(|id| !id.is_empty());
        let first = behind.map_or(Some(0), |id| Some(all.items.iter().position(|item| is(item, id))? + 1));
        let Some(first) = first else {
            return Err(Fault::said(&self.kind, "pageId", "no page ended with it"));
        };
        let items: Vec<Value> = all.items.iter().skip(first).take(size).cloned().collect();
        let last = items.last().and_then(|item| item.get(member::USER_ID.name)).cloned();
        let mut members = Map::new();
        let more = first + items.len() < all.items.len();
        members.insert("items".into(), Value::Array(items));
        members.extend(last.filter(|_| more).map(|id| ("nextPage".to_owned(), id)));
        Ok(Outcome::Value(Value::Object(members)))
    }
}

impl Behaviour for EmergencyUser {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Create {
            let off = change.old.as_ref().is_some_and(|old| self.status(old) == DEPROVISIONED);
            return match off {
                true => Err(Fault::said(
                    &self.kind,
                    member::USER_STATUS.name,
                    "a deprovisioned user cannot change",
                )),
                false => Ok(()),
            };
        }
        change.id = provider_id(cx.draw()?);
        match cx.query("activateNow").is_some_and(|value| value.eq_ignore_ascii_case("false")) {
            true => {
                change.new.insert(member::USER_STATUS.into(), STAGED.into());
            }
            false => self.provision(cx, &mut change.new),
        }
        Ok(())
    }

    fn on_read(&self, _: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        record.insert(member::USER_ID.into(), Value::String(id.0.clone()));
        let status = self.status(record).to_owned();
        let can = [member::ALLOWED_ACTIVATE, member::ALLOWED_DEACTIVATE, member::UPDATE_ENABLED];
        let open = [status != PROVISIONED, status == PROVISIONED, status != DEPROVISIONED];
        record.extend(can.map(String::from).into_iter().zip(open.map(Value::Bool)));
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match call.param("id") {
            None => self.page(cx, call),
            Some(_) => self.turn(cx, !cx.operation()?.path.ends_with("/deactivate")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::provider_id;

    #[test]
    fn ids_have_the_providers_form_and_differ() {
        let id = provider_id(u128::MAX);
        assert!(id.as_str().starts_with("00u") && id.as_str().len() == 20, "{id}");
        assert!(id.as_str().chars().all(|c| c.is_ascii_alphanumeric()), "{id}");
        assert_ne!(id, provider_id(7));
    }
}
