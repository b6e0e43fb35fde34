//! `own-user`: an administrator has a user of their own, with the same number, who is made, changed and deleted with them.
//!
//! The user is called as the administrator is, signs in alike, and is of the vendor's group and department (seen). Who is a
//! user already when they become an administrator keeps that one and gets no second (guessed). Parameters: `groups` and
//! `department`, their numbers; `auditor`, the type of user that one who audits has.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::{admin_user as admin, user};
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Record};

/// The guarantee for the kind.
struct OwnUser {
    groups: Vec<String>,
    department: String,
    auditor: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(OwnUser {
        groups: params.texts("groups"),
        department: params.text("department")?,
        auditor: params.text("auditor")?,
    }))
}

impl OwnUser {
    /// What the user is called and does, as the administrator says.
    fn told(&self, admin: &Record) -> Record {
        let mut told = Record::new();
        let own = |member: &str| admin.get(member).cloned();
        told.extend(own(admin::USER_NAME.name).map(|name| (user::NAME.into(), name)));
        told.extend(own(admin::LOGIN_NAME.name).map(|email| (user::EMAIL.into(), email)));
        told.extend(own(admin::COMMENTS.name).map(|comments| (user::COMMENTS.into(), comments)));
        if admin::IS_AUDITOR.of(admin) {
            told.insert(user::TYPE.into(), json!(self.auditor));
        }
        told
    }

    fn make_user(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let given = admin::PASSWORD.of(&change.new).map(str::to_owned);
        let password = match given {
            Some(given) => given,
            // Who signs in otherwise has one that nobody knows.
            None => cx.draw()?.to_string(),
        };
        let mut new = self.told(&change.new);
        for (member, value) in [
            (user::GROUPS.name, json!(self.groups)),
            (user::DEPARTMENT.name, json!(self.department)),
            (user::PASSWORD.name, json!(password)),
            (user::ADMIN_USER.name, json!(true)),
            (user::IS_NON_EDITABLE.name, json!(false)),
            (user::PWD_LAST_MODIFIED_TIME.name, json!(0)),
            (user::DELETED.name, json!(false)),
            (user::PILOT_USER.name, json!(false)),
        ] {
            new.insert(member.into(), value);
        }
        let (id, scope, sent) = (change.id.clone(), change.scope.clone(), new.clone());
        cx.write(cx.resource(user::KIND)?, Change { verb: Verb::Create, id, scope, old: None, new, sent })?;
        Ok(())
    }
}

impl Behaviour for OwnUser {
    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let people = cx.resource(user::KIND)?;
        let login = admin::LOGIN_NAME.of(&change.new).unwrap_or_default();
        let holder = cx.holder(people, user::EMAIL.name, login, "0")?;
        let Some(mut own) = cx.get(user::KIND, &change.id)? else {
            return if holder.is_some() { Ok(()) } else { self.make_user(cx, change) };
        };
        for member in [user::COMMENTS, user::TYPE] {
            own.record.shift_remove(member.name);
        }
        let mut told = self.told(&change.new);
        if holder.is_some_and(|holder| holder != change.id) {
            told.shift_remove(user::EMAIL.name);
        }
        own.record.extend(told);
        cx.save(user::KIND, &own)
    }

    fn after_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let Some(mut own) = cx.get(user::KIND, &stored.id)? else { return Ok(()) };
        own.record.insert(user::ADMIN_USER.into(), Value::Bool(false));
        cx.save(user::KIND, &own)?;
        cx.erase(cx.resource(user::KIND)?, &stored.id, true)
    }
}
