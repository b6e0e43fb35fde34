//! `url-rule-terms`: a URL filtering rule has no quota below the least, and does not become the compliance rule by itself.
//!
//! The terms are those that the Terraform provider checks before it sends (client); the words are ours.

use zuno_catalogue::handles::zia::url_filtering_rule as member;
use zuno_engine::{Behaviour, Change, Context};
use zuno_model::{Fault, Record};

/// The least daily volume, 10 MB in the unit of the wire.
const LEAST_KB: i64 = 10 * 1024;
/// The least daily time, in minutes.
const LEAST_MINUTES: i64 = 15;

/// The guarantee for the kind.
#[derive(Default)]
pub struct UrlRuleTerms;

/// The first quota that is lower than there may be: the member and what to do about it.
fn too_low(rule: &Record) -> Option<(&'static str, &'static str)> {
    let quotas = [
        (member::TIME_QUOTA, LEAST_MINUTES, "Time quota must be between 15 and 600 minutes"),
        (member::SIZE_QUOTA, LEAST_KB, "Size quota must be between 10 MB and 100000 MB"),
    ];
    let low = quotas
        .into_iter()
        .find(|(quota, least, _)| (1..*least).contains(&quota.of(rule).unwrap_or_default()));
    low.map(|(quota, _, words)| (quota.name, words))
}

impl Behaviour for UrlRuleTerms {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if member::CIPARULE.of(&change.sent)
            && !change.old.as_ref().is_some_and(|old| member::CIPARULE.of(old))
        {
            let words = "A CIPA compliance rule is created by the CIPA compliance setting alone";
            return Err(Fault::said(&member::KIND.into(), member::CIPARULE.name, words));
        }
        match too_low(&change.new) {
            Some((name, words)) => Err(Fault::said(&member::KIND.into(), name, words)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::too_low;

    #[test]
    fn a_quota_that_is_given_is_no_lower_than_the_least() {
        let low =
            |rule: Value| too_low(&serde_json::from_value(rule).expect("an object")).map(|(name, _)| name);
        assert_eq!(low(json!({ "timeQuota": 14 })), Some("timeQuota"));
        assert_eq!(low(json!({ "sizeQuota": 10239 })), Some("sizeQuota"));
        assert_eq!(low(json!({ "timeQuota": 15, "sizeQuota": 10240 })), None);
        assert_eq!(low(json!({ "timeQuota": 0 })), None);
    }
}
