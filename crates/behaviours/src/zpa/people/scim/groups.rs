//! Groups as an identity provider provisions them: the management API's SCIM groups, with their members.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zpa::{scim_group as group, scim_user as user};
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Id};

use super::error::{ScimError, short};
use super::filter::member;
use super::meta::meta;

/// The first id of a group that is provisioned here; the sample fleet's lie below.
const FIRST: i64 = 3_251_060;

/// How many groups a user may belong to (documented).
const GROUPS_OF_A_USER: usize = 1000;

/// How many members a group may have (guessed).
const MEMBERS: usize = 100_000;

/// The groups of a provider.
pub fn all(cx: &Context<'_>, idp: &Id) -> Result<Vec<Stored>, Fault> {
    let mut all = cx.all(group::KIND, None)?;
    all.retain(|stored| group::IDP_ID.of(&stored.record) == Some(idp.as_str()));
    Ok(all)
}

/// Its id as a SCIM resource.
pub fn id(stored: &Stored) -> &str {
    group::INTERNAL_ID.of(&stored.record).unwrap_or(stored.id.as_str())
}

/// Its name.
pub fn name(stored: &Stored) -> &str {
    group::NAME.of(&stored.record).unwrap_or_default()
}

/// The ids of its members.
pub fn members(stored: &Stored) -> impl Iterator<Item = &str> {
    group::MEMBERS.of(&stored.record)
}

/// A group of which nothing is known yet.
pub fn blank(cx: &mut Context<'_>, idp: &Id) -> Result<Stored, Fault> {
    let id = Id::from(cx.next(group::KIND, FIRST)?);
    let mut stored = Stored { id, scope: "0".into(), sort: String::new(), record: Map::new() };
    stored.record.insert(group::ID.into(), json!(stored.id.0));
    stored.record.insert(group::CREATION_TIME.into(), json!(cx.now()));
    stored.record.insert(group::IDP_ID.into(), json!(idp.0));
    stored.record.insert(group::INTERNAL_ID.into(), json!(Id::uuid(cx.draw()?).0));
    Ok(stored)
}

/// The group without what the server alone says.
pub fn resource(stored: &Stored) -> Map<String, Value> {
    let members: Vec<Value> = members(stored).map(|id| json!({ "value": id })).collect();
    let mut resource = Map::new();
    resource.insert("schemas".into(), json!(["urn:ietf:params:scim:schemas:core:2.0:Group"]));
    if let Some(theirs) = stored.record.get(group::IDP_GROUP_ID.name).filter(|theirs| !theirs.is_null()) {
        resource.insert("externalId".into(), theirs.clone());
    }
    resource.insert("displayName".into(), json!(name(stored)));
    resource.insert("members".into(), Value::Array(members));
    resource
}

/// Keeps a group as it is given.
pub fn save(cx: &mut Context<'_>, mut stored: Stored, new: &Map<String, Value>) -> Result<Stored, ScimError> {
    let text =
        |name: &str| member(new, name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let name =
        text("displayName").ok_or_else(|| ScimError::bad("invalidValue", "`displayName` must be given"))?;
    short("displayName", name)?;
    short("externalId", text("externalId").unwrap_or_default())?;
    let idp = group::IDP_ID.id_of(&stored.record).unwrap_or_else(|| Id(String::new()));
    let others: Vec<Stored> = all(cx, &idp)?.into_iter().filter(|other| other.id != stored.id).collect();
    if others.iter().any(|other| self::name(other).to_lowercase() == name.to_lowercase()) {
        let detail = format!("another group is already called `{name}`");
        return Err(ScimError { status: 409, kind: Some("uniqueness"), detail });
    }
    let given = member(new, "members").and_then(Value::as_array).into_iter().flatten();
    let mut told = HashSet::new();
    let given = given.filter_map(|item| item.text("value").or(item.as_str()));
    let wanted: Vec<String> = given.filter(|id| told.insert(*id)).map(str::to_owned).collect();
    if wanted.len() > MEMBERS {
        return Err(ScimError::bad("tooMany", format!("a group has {MEMBERS} members at most")));
    }
    let held: HashSet<&str> = members(&stored).collect();
    let joining: Vec<&String> = wanted.iter().filter(|id| !held.contains(id.as_str())).collect();
    let mut belongs: HashMap<&str, usize> = joining.iter().map(|id| (id.as_str(), 0)).collect();
    for id in others.iter().flat_map(members) {
        belongs.entry(id).and_modify(|groups| *groups += 1);
    }
    for new in joining {
        let known = cx.get(user::KIND, &Id(new.clone()))?;
        if known.is_none_or(|known| known.record.get(user::IDP_ID.name) != Some(&json!(idp.0))) {
            return Err(ScimError::bad("invalidValue", format!("there is no user {new}")));
        }
        if belongs[new.as_str()] >= GROUPS_OF_A_USER {
            let detail = format!("the user {new} belongs to {GROUPS_OF_A_USER} groups, and to no more");
            return Err(ScimError::bad("invalidValue", detail));
        }
    }
    let theirs = text("externalId").map_or(Value::Null, |theirs| json!(theirs));
    stored.record.insert(group::NAME.into(), json!(name));
    stored.record.insert(group::IDP_GROUP_ID.into(), theirs);
    stored.record.insert(group::MEMBERS.into(), json!(wanted));
    stored.record.insert(group::MODIFIED_TIME.into(), json!(cx.now()));
    cx.save(group::KIND, &stored)?;
    Ok(stored)
}

/// Takes a user out of a group, if it is in it.
pub fn dismiss(cx: &mut Context<'_>, mut stored: Stored, user: &str) -> Result<(), Fault> {
    let rest: Vec<String> = members(&stored).filter(|id| *id != user).map(str::to_owned).collect();
    if rest.len() == members(&stored).count() {
        return Ok(());
    }
    stored.record.insert(group::MEMBERS.into(), json!(rest));
    stored.record.insert(group::MODIFIED_TIME.into(), json!(cx.now()));
    cx.save(group::KIND, &stored)
}

/// Takes a group out of the tenant; rules that name it stay as they are, and match nobody.
pub fn remove(cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
    cx.remove(group::KIND, &stored.id)
}

/// A group as the provider is told it.
pub fn shown(cx: &Context<'_>, stored: &Stored, base: &str) -> Result<Value, ScimError> {
    let mut shown = resource(stored);
    let mut told = Vec::new();
    for id in members(stored) {
        let known = cx.get(user::KIND, &Id(id.to_owned()))?;
        let display = known.and_then(|known| {
            let resource = known.record.get(user::RESOURCE.name).and_then(Value::as_object);
            let called = resource.and_then(|resource| member(resource, "displayName"));
            called.or_else(|| known.record.get(user::USER_NAME.name)).cloned()
        });
        told.push(json!({ "value": id, "display": display, "$ref": format!("{base}/Users/{id}") }));
    }
    shown.insert("id".into(), json!(id(stored)));
    shown.insert("members".into(), Value::Array(told));
    shown.insert("meta".into(), meta(stored, "Group", format!("{base}/Groups/{}", id(stored))));
    Ok(Value::Object(shown))
}
