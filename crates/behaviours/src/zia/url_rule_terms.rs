//! `url-rule-terms`: which members a URL filtering rule may have depends on its action.
//!
//! The terms are those that the Terraform provider checks before it sends (client); the words are ours.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::url_filtering_rule as member;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Record};

/// The least daily volume, 10 MB in the unit of the wire.
const LEAST_KB: i64 = 10 * 1024;
/// The least daily time, in minutes.
const LEAST_MINUTES: i64 = 15;

/// The guarantee for the kind.
struct UrlRuleTerms;

/// Makes it.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(UrlRuleTerms))
}

fn words<'r>(record: &'r Record, list: &str) -> Vec<&'r str> {
    record.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn number(record: &Record, name: &str) -> i64 {
    record.get(name).and_then(Value::as_i64).unwrap_or_default()
}

fn is_on(record: &Record, name: &str) -> bool {
    record.get(name) == Some(&Value::Bool(true))
}

/// The first term that a rule breaks: the member and what to do about it.
fn broken(rule: &Record) -> Option<(&'static str, &'static str)> {
    let action = rule.get(member::ACTION).and_then(Value::as_str).unwrap_or_default();
    let only = |list: &str, allowed: &[&str]| words(rule, list).iter().all(|word| allowed.contains(word));
    if action == "ISOLATE" {
        if !only(member::PROTOCOLS, &["HTTP_RULE", "HTTPS_RULE"]) {
            return Some((member::PROTOCOLS, "Only HTTP and HTTPS are allowed when the action is ISOLATE"));
        }
        if words(rule, member::USER_AGENT_TYPES).contains(&"OTHER") {
            return Some((
                member::USER_AGENT_TYPES,
                "The user agent OTHER is not allowed when the action is ISOLATE",
            ));
        }
    }
    if action == "CAUTION" && !only(member::REQUEST_METHODS, &["CONNECT", "GET", "HEAD"]) {
        return Some((
            member::REQUEST_METHODS,
            "Only CONNECT, GET and HEAD are allowed when the action is CAUTION",
        ));
    }
    if is_on(rule, member::BLOCK_OVERRIDE) && action != "BLOCK" {
        return Some((member::BLOCK_OVERRIDE, "Block override is allowed only when the action is BLOCK"));
    }
    let overriders = [member::OVERRIDE_USERS, member::OVERRIDE_GROUPS];
    if let Some(list) = overriders.into_iter().find(|list| !words(rule, list).is_empty())
        && !is_on(rule, member::BLOCK_OVERRIDE)
    {
        return Some((list, "Override users and groups are allowed only when block override is enabled"));
    }
    if number(rule, member::BROWSER_EUN_TEMPLATE_ID) != 0 && !matches!(action, "BLOCK" | "CAUTION") {
        let words = "A browser notification template is allowed only when the action is BLOCK or CAUTION";
        return Some((member::BROWSER_EUN_TEMPLATE_ID, words));
    }
    for (quota, least, too_low) in [
        (member::TIME_QUOTA, LEAST_MINUTES, "Time quota must be between 15 and 600 minutes"),
        (member::SIZE_QUOTA, LEAST_KB, "Size quota must be between 10 MB and 100000 MB"),
    ] {
        let given = number(rule, quota);
        if given != 0 && given < least {
            return Some((quota, too_low));
        }
        // A caution passes its quota over (documented).
        if given != 0 && !matches!(action, "ALLOW" | "CAUTION") {
            return Some((quota, "Time and size quotas are allowed only when the action is ALLOW"));
        }
    }
    None
}

impl Behaviour for UrlRuleTerms {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        if is_on(&change.sent, member::CIPARULE)
            && !change.old.as_ref().is_some_and(|old| is_on(old, member::CIPARULE))
        {
            let words = "A CIPA compliance rule is created by the CIPA compliance setting alone";
            return Err(Fault::said(&member::KIND.into(), member::CIPARULE, words));
        }
        match broken(&change.new) {
            Some((name, words)) => Err(Fault::said(&member::KIND.into(), name, words)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::broken;

    fn term(rule: Value) -> Option<&'static str> {
        broken(&serde_json::from_value(rule).expect("an object")).map(|(name, _)| name)
    }

    #[test]
    fn each_action_has_its_terms() {
        assert_eq!(term(json!({ "action": "ISOLATE", "protocols": ["HTTP_RULE"] })), None);
        assert_eq!(term(json!({ "action": "ISOLATE", "protocols": ["FTP_RULE"] })), Some("protocols"));
        assert_eq!(
            term(json!({ "action": "ISOLATE", "protocols": [], "userAgentTypes": ["OTHER"] })),
            Some("userAgentTypes")
        );
        assert_eq!(term(json!({ "action": "CAUTION", "requestMethods": ["GET"] })), None);
        assert_eq!(term(json!({ "action": "CAUTION", "requestMethods": ["POST"] })), Some("requestMethods"));
        assert_eq!(term(json!({ "action": "ALLOW", "blockOverride": true })), Some("blockOverride"));
        assert_eq!(term(json!({ "action": "BLOCK", "overrideUsers": ["1"] })), Some("overrideUsers"));
        let overridden = json!({ "action": "BLOCK", "blockOverride": true, "overrideUsers": ["1"] });
        assert_eq!(term(overridden), None);
        assert_eq!(
            term(json!({ "action": "ALLOW", "browserEunTemplateId": 3 })),
            Some("browserEunTemplateId")
        );
        assert_eq!(term(json!({ "action": "ALLOW", "timeQuota": 14 })), Some("timeQuota"));
        assert_eq!(term(json!({ "action": "ALLOW", "timeQuota": 15, "sizeQuota": 10240 })), None);
        assert_eq!(term(json!({ "action": "BLOCK", "sizeQuota": 10240 })), Some("sizeQuota"));
        assert_eq!(term(json!({ "action": "CAUTION", "timeQuota": 15 })), None);
    }
}
