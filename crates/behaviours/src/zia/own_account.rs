//! `own-account`: whoever asks is told its own account: an administrator that who signed in as one, and an API client one
//! in an administrator's words (guessed). An administrator becomes a plain user, whose record stays or is made.
//!
//! Parameters: `convert`, the operation that does the latter.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::{admin_role as role, admin_user as member, user};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Refusal};

/// The product's code among a caller's roles.
const PRODUCT: &str = "ZIA";

/// The guarantee for administrators.
struct OwnAccount {
    convert: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(OwnAccount { convert: params.text("convert")? }))
}

/// An API client as an administrator is told, under the name that the log has of it.
fn client(cx: &Context<'_>) -> Result<Value, Fault> {
    let (actor, tenant) = (cx.actor(), cx.tenant());
    let name = actor.roles.get(PRODUCT).map(String::as_str).unwrap_or_default();
    let own = cx.holder(cx.resource(role::KIND)?, role::NAME.name, name, "0")?;
    let own = own.map(|id| json!({ "id": id.as_str().parse::<i64>().ok(), "name": name }));
    let login = format!("oauth-{name}$@{}.{}", tenant.org_id, tenant.cloud);
    Ok(json!({
        "id": actor.number,
        "loginName": login,
        "userName": actor.name,
        "email": login,
        "role": own.unwrap_or_else(|| json!({ "name": name })),
        "adminScopescopeGroupMemberEntities": [],
        "adminScopeType": "ORGANIZATION",
        "adminScopeScopeEntities": [],
        "disabled": false,
        "isPasswordLoginAllowed": false,
        "name": actor.name,
    }))
}

impl OwnAccount {
    fn converted(cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let Some(body @ Value::Object(_)) = &call.body else {
            return Err(Fault::Unreadable("a JSON object is wanted".into()));
        };
        let admin = cx.named(member::KIND)?;
        let login = member::LOGIN_NAME.of(&admin.record).unwrap_or_default();
        if login == cx.actor().client_id {
            // The words are guessed.
            return Err(Fault::refused(
                Refusal::Forbidden,
                "INVALID_OPERATION",
                "Nobody can take the administrator from themselves",
            ));
        }
        let email = member::EMAIL.of(&admin.record).unwrap_or_default().to_owned();
        // The administrator's own user has the same number, and stays.
        let people = cx.resource(user::KIND)?;
        let own = cx.get(user::KIND, &admin.id)?.map(|own| own.id);
        let own =
            own.map_or_else(|| cx.holder(people, user::EMAIL.name, &email, "0"), |own| Ok(Some(own)))?;
        cx.remove(member::KIND, &admin.id)?;
        let id: Id = match own {
            Some(own) => cx.update(user::KIND, &own, body)?.id,
            None => cx.create(user::KIND, "0", body)?.id,
        };
        let mut kept: Stored = cx.need(user::KIND, &id)?;
        if user::ADMIN_USER.of(&kept.record) {
            kept.record.insert(user::ADMIN_USER.name.to_owned(), Value::Bool(false));
            cx.save(user::KIND, &kept)?;
        }
        Ok(Outcome::One(cx.show(people, Verb::Read, None, kept)?))
    }
}

impl Behaviour for OwnAccount {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if cx.operation()?.name == self.convert {
            return Self::converted(cx, call);
        }
        let resource = cx.resource(member::KIND)?;
        let login = cx.actor().client_id.clone();
        let own = cx.holder(resource, member::LOGIN_NAME.name, &login, "0")?;
        match own.map(|id| cx.get(member::KIND, &id)).transpose()?.flatten() {
            Some(own) => Ok(Outcome::One(cx.show(resource, Verb::Read, None, own)?)),
            None => Ok(Outcome::Value(client(cx)?)),
        }
    }
}
