//! Users as an identity provider provisions them: kept whole, told with their groups.

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zpa::scim_user as member;
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Id};

use super::error::{ScimError, short};
use super::filter::key;
use super::groups;
use super::meta::meta;

/// The schema of every user.
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// The largest user, in bytes of JSON (guessed): changes must not let one grow without an end.
const LARGEST: usize = 256 * 1024;

/// What the server alone says of a user.
const OWN: [&str; 3] = ["id", "meta", "groups"];

fn is_of(stored: &Stored, idp: &Id) -> bool {
    member::IDP_ID.of(&stored.record) == Some(idp.as_str())
}

/// The users of a provider.
pub fn all(cx: &Context<'_>, idp: &Id) -> Result<Vec<Stored>, Fault> {
    let mut all = cx.all(member::KIND, None)?;
    all.retain(|stored| is_of(stored, idp));
    Ok(all)
}

/// One user of a provider.
pub fn find(cx: &Context<'_>, idp: &Id, id: &Id) -> Result<Option<Stored>, Fault> {
    Ok(cx.get(member::KIND, id)?.filter(|stored| is_of(stored, idp)))
}

/// A user of which nothing is known yet.
///
/// # Errors
/// Nothing may be changed here.
pub fn blank(cx: &mut Context<'_>, idp: &Id) -> Result<Stored, Fault> {
    let id = Id::uuid(cx.draw()?);
    let mut stored = Stored { id, scope: "0".into(), sort: String::new(), record: Map::new() };
    stored.record.insert(member::ID.into(), json!(stored.id.0));
    stored.record.insert(member::IDP_ID.into(), json!(idp.0));
    stored.record.insert(member::CREATION_TIME.into(), json!(cx.now()));
    Ok(stored)
}

/// The user without what the server alone says.
pub fn resource(stored: &Stored) -> Map<String, Value> {
    stored.record.get(member::RESOURCE.name).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Keeps a user as it is given.
pub fn save(
    cx: &mut Context<'_>,
    mut stored: Stored,
    mut new: Map<String, Value>,
) -> Result<Stored, ScimError> {
    for name in OWN {
        if let Some(key) = key(&new, name).map(str::to_owned) {
            new.shift_remove(&key);
        }
    }
    let (name, active) = (key(&new, "userName").map(str::to_owned), key(&new, "active").map(str::to_owned));
    let name =
        name.and_then(|key| new.get(&key)).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    if name.is_empty() {
        return Err(ScimError::bad("invalidValue", "`userName` must be given"));
    }
    short("userName", &name)?;
    if let Some(active) = active.and_then(|key| new.get_mut(&key)) {
        *active = switched(active)?;
    }
    if key(&new, "schemas").is_none() {
        new.shift_insert(0, "schemas".into(), json!([SCHEMA]));
    }
    let new = Value::Object(new);
    if new.to_string().len() > LARGEST {
        return Err(ScimError::bad("invalidValue", "the user is larger than 256 KiB"));
    }
    stored.record.insert(member::USER_NAME.into(), json!(name));
    stored.record.insert(member::RESOURCE.into(), new);
    stored.record.insert(member::MODIFIED_TIME.into(), json!(cx.now()));
    cx.save(member::KIND, &stored)?;
    Ok(stored)
}

/// A switch that providers send as a text as well (documented).
fn switched(given: &Value) -> Result<Value, ScimError> {
    match given {
        Value::Bool(on) => Ok(json!(on)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(json!(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(json!(false)),
        _ => Err(ScimError::bad("invalidValue", "`active` must be true or false")),
    }
}

/// Takes a user out of the tenant and of its groups.
pub fn remove(cx: &mut Context<'_>, stored: &Stored) -> Result<(), ScimError> {
    let idp = member::IDP_ID.id_of(&stored.record);
    for group in groups::all(cx, &idp.unwrap_or_else(|| Id(String::new())))? {
        groups::dismiss(cx, group, stored.id.as_str())?;
    }
    cx.remove(member::KIND, &stored.id)?;
    Ok(())
}

/// A user as the provider is told it.
pub fn shown(cx: &Context<'_>, stored: &Stored, base: &str) -> Result<Value, ScimError> {
    let mut shown = resource(stored);
    shown.insert("id".into(), json!(stored.id.0));
    let idp = member::IDP_ID.id_of(&stored.record);
    let mut belongs = Vec::new();
    for group in groups::all(cx, &idp.unwrap_or_else(|| Id(String::new())))? {
        if groups::members(&group).any(|id| id == stored.id.as_str()) {
            let id = groups::id(&group);
            belongs.push(json!({ "display": groups::name(&group), "value": id, "$ref": format!("{base}/Groups/{id}") }));
        }
    }
    if !belongs.is_empty() {
        shown.insert("groups".into(), Value::Array(belongs));
    }
    shown.insert("meta".into(), meta(stored, "User", format!("{base}/Users/{}", stored.id)));
    Ok(Value::Object(shown))
}
