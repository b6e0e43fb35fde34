//! Who may sign in at the older host of internet access beside API clients, as what, and for how long a session lasts that
//! nobody uses.

use zuno_catalogue::handles::zia::{admin_role as role, admin_user as member, advanced_settings as settings};
use zuno_engine::{Context, Images, Stored};
use zuno_identity::{ApiClient, Authentication, Grant, StoredSecret};
use zuno_model::{Fault, Id, Kind, Permission, Right, Time};

use crate::keys::pepper;

/// The product's code in a token.
const PRODUCT: &str = "ZIA";

/// The shortest and the longest that a session lasts unused, in seconds, and what it lasts when nobody has said
/// (documented: 5 to 20 minutes, and 5).
const SHORTEST: Time = 300;
const LONGEST: Time = 1200;

/// The administrator who signs in by this name with a password, if the tenant has one.
///
/// # Errors
/// The store failed.
pub fn load_administrator(cx: &Context<'_>, login: &str) -> Result<Option<ApiClient>, Fault> {
    let resource = cx.resource(member::KIND)?;
    let Some(id) = cx.holder(resource, member::LOGIN_NAME.name, login, "0")? else { return Ok(None) };
    let Some(admin) = cx.get(member::KIND, &id)? else { return Ok(None) };
    let Some(password) =
        member::PASSWORD.of(&admin.record).filter(|_| member::IS_PASSWORD_LOGIN_ALLOWED.of(&admin.record))
    else {
        return Ok(None);
    };
    let chosen =
        admin.record.get(member::ROLE.name).and_then(|role| Id::from_value(role.get("id").unwrap_or(role)));
    let Some(chosen) = chosen.map(|id| cx.get(role::KIND, &id)).transpose()?.flatten() else {
        return Ok(None);
    };
    let Some(right) = right(&chosen) else { return Ok(None) };
    let digest = pepper(cx)?.digest(password);
    // A password that was changed ends the sessions that began with another.
    let session = format!("{}-{id}-{}", cx.tenant().id.0, String::from(digest.clone()));
    let secret = StoredSecret { id: id.0.clone(), digest, created_at: 0, expires_at: None };
    Ok(Some(ApiClient {
        id: member::LOGIN_NAME.of(&admin.record).unwrap_or(login).to_owned(),
        number: id.0.parse().unwrap_or_default(),
        name: member::USER_NAME.of(&admin.record).unwrap_or_default().to_owned(),
        enabled: !member::DISABLED.of(&admin.record) && !member::IS_PASSWORD_EXPIRED.of(&admin.record),
        session,
        blocked_by: None,
        token_lifetime: LONGEST,
        authentication: Authentication::Secrets(vec![secret]),
        grants: vec![Grant {
            product: PRODUCT.into(),
            tenant: cx.tenant().org_id.to_string(),
            role: role::NAME.of(&chosen.record).unwrap_or_default().to_owned(),
            right,
        }],
    }))
}

/// What a role lets do: everything where it may change policy or is the strongest that there is, else to look on. Roles of
/// single features are not told apart (guessed), and executives have no API.
fn right(role: &Stored) -> Option<Right> {
    if role::ROLE_TYPE.of(&role.record) == Some("EXEC_INSIGHT") {
        return None;
    }
    let own = role::IS_NON_EDITABLE.of(&role.record);
    let strongest = own && role::RANK.of(&role.record) == Some(0);
    let all = strongest || role::POLICY_ACCESS.of(&role.record) == Some("READ_WRITE");
    Some(Right::everything(if all { Permission::Full } else { Permission::ReadOnly }))
}

/// For how many seconds a session lasts that nobody uses, as activated.
///
/// # Errors
/// The store failed.
pub fn session_lasts(cx: &Context<'_>) -> Result<Time, Fault> {
    let (kind, only) = (Kind::from(settings::KIND), Id("1".into()));
    let images = match cx.store().waits(cx.tenant().id, kind.product(), settings::KIND, &only)? {
        true => cx.images(&[kind.product()])?,
        false => Images::default(),
    };
    let Stored { record, .. } = cx.only_in_force(settings::KIND, &images)?;
    let set = settings::API_SESSION_TIMEOUT.of(&record);
    Ok(set.unwrap_or(SHORTEST).clamp(SHORTEST, LONGEST))
}
