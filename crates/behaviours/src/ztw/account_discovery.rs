//! `account-discovery`: an account of a public cloud knows by a word who asks it, tells of each region whether it is looked
//! into, and is looked at again when its role's rights have changed.
//!
//! The word is the caller's where it sends one, at the account or in its details, and made up otherwise. Nothing is asked of a
//! cloud here: a role may be used when name and word are those that the account was made known with (guessed).

use serde_json::{Value, json};
use zuno_catalogue::handles::ztw::{account_group, public_cloud_info as handle, supported_region as region};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Stored};
use zuno_model::{Fault, Id, Record};

const TEXT: &str = "text/plain";

/// The guarantee for one resource.
#[derive(Default)]
pub struct AccountDiscovery;

fn text<'v>(value: Option<&'v Value>, member: &str) -> Option<&'v str> {
    value?.text(member).filter(|text| !text.is_empty())
}

/// Whether the role in an account may be used by whoever says this word.
fn allowed(account: &Record, role: Option<&str>, word: Option<&str>) -> bool {
    let known = text(account.member(&handle::ACCOUNT_DETAILS), "awsRoleName");
    let held = handle::EXTERNAL_ID.of(account);
    role.is_none_or(|role| Some(role) == known) && word.is_none_or(|word| Some(word) == held)
}

/// The accounts that a number means: one, or those of a group.
fn meant(cx: &Context<'_>, id: &Id) -> Result<Vec<Stored>, Fault> {
    let Some(group) = cx.get(account_group::KIND, id)? else { return Ok(vec![cx.need(handle::KIND, id)?]) };
    let listed = account_group::PUBLIC_CLOUD_ACCOUNTS.of(&group.record);
    listed.map(|id| cx.need(handle::KIND, &id.into())).collect()
}

impl AccountDiscovery {
    fn look_again(cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let (role, word) =
            (text(call.body.as_ref(), "discoveryRole"), text(call.body.as_ref(), "externalId"));
        for mut account in meant(cx, &call.param("id").unwrap_or_default().into())? {
            let told = if allowed(&account.record, role, word) { "ALLOWED" } else { "DENIED" };
            account.record.insert(handle::PERMISSION_STATUS.into(), json!({ "discoveryRole": told }));
            account.record.insert(handle::LAST_SYNC_TIME.into(), cx.now().into());
            cx.save(handle::KIND, &account)?;
        }
        Ok(Outcome::Value(json!({
            "discoveryRole": role.unwrap_or_default(), "externalId": word.unwrap_or_default(),
        })))
    }
}

impl Behaviour for AccountDiscovery {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            let own = handle::EXTERNAL_ID.of(&change.new).filter(|word| !word.is_empty());
            let word = own.or_else(|| text(change.new.member(&handle::ACCOUNT_DETAILS), "externalId"));
            let word =
                word.map_or_else(|| Ok(Id::uuid(cx.draw()?).0), |word| Ok::<_, Fault>(word.to_owned()))?;
            change.new.insert(handle::EXTERNAL_ID.into(), word.into());
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let on = record.member(&handle::ENABLED) != Some(&Value::Bool(false));
        let mut regions = Vec::new();
        for id in handle::SUPPORTED_REGIONS.of(record) {
            if let Some(found) = cx.get(region::KIND, &id.into())? {
                let mut shown = cx.show(cx.resource(region::KIND)?, Verb::Read, Some("ref"), found)?;
                shown["status"] = on.into();
                regions.push(shown);
            }
        }
        if !regions.is_empty() {
            record.insert(handle::REGION_STATUS.into(), Value::Array(regions));
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![handle::ENABLED.name, handle::SUPPORTED_REGIONS.name, handle::REGION_STATUS.name])
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match cx.operation()?.name.as_str() {
            "generate_external_id" => Ok(Outcome::Text(TEXT, Id::uuid(cx.draw()?).0, None)),
            "cloud_formation_template" => {
                let mut address =
                    format!("https://connector.{}/cloudformation/discovery.yaml", cx.tenant().cloud);
                let account = call.query("awsAccountId").filter(|account| !account.is_empty());
                if let Some(account) = account.filter(|account| account.bytes().all(|b| b.is_ascii_digit())) {
                    address.push_str(&format!("?awsAccountId={account}"));
                }
                Ok(Outcome::Text(TEXT, address, None))
            }
            _ => Self::look_again(cx, call),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::allowed;

    #[test]
    fn a_role_may_be_used_by_its_name_and_its_word() {
        let account = json!({"externalId": "w", "accountDetails": {"awsRoleName": "tags"}});
        let account = account.as_object().cloned().unwrap_or_default();
        assert!(allowed(&account, Some("tags"), Some("w")) && allowed(&account, None, None));
        assert!(!allowed(&account, Some("other"), Some("w")) && !allowed(&account, Some("tags"), Some("x")));
    }
}
