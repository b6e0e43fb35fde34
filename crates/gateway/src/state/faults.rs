//! The faults that an operator has set: which of a tenant's calls fail, how, and how often. Pure: who counts and who keeps is
//! told elsewhere.

use serde::{Deserialize, Serialize};
use zuno_model::Time;

/// How many one tenant has at most.
pub const MOST: usize = 100;

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The token is over: 401.
    Unauthorized,
    /// The caller may not: 403.
    Forbidden,
    /// The tenant has not what the vendor sells for it.
    NotSubscribed,
    /// The product serves reads only.
    ReadOnly,
    /// There is no such record.
    NotFound,
    /// Another writer holds the lock: 409.
    Locked,
    /// The record was changed meanwhile: 409.
    Stale,
    /// Too many calls: 429.
    Throttled,
    /// The product fails: 500.
    Failed,
    /// The gateway does not reach the product: 502.
    BadGateway,
    /// The product cannot answer for the moment: 503.
    Unavailable,
    /// The product takes too long: 504.
    Timeout,
}

impl Failure {
    /// All of them, each with its word and the status that stands for it, if one does.
    pub const ALL: [(&'static str, Option<u16>, Failure); 12] = [
        ("unauthorized", Some(401), Failure::Unauthorized),
        ("forbidden", Some(403), Failure::Forbidden),
        ("not-subscribed", None, Failure::NotSubscribed),
        ("read-only", None, Failure::ReadOnly),
        ("not-found", Some(404), Failure::NotFound),
        ("locked", Some(409), Failure::Locked),
        ("stale", Some(412), Failure::Stale),
        ("throttled", Some(429), Failure::Throttled),
        ("failed", Some(500), Failure::Failed),
        ("bad-gateway", Some(502), Failure::BadGateway),
        ("unavailable", Some(503), Failure::Unavailable),
        ("timeout", Some(504), Failure::Timeout),
    ];

    /// From its word, or the status that stands for it.
    pub fn named(text: &str) -> Option<Failure> {
        let status = text.parse::<u16>().ok();
        let mut all = Failure::ALL.into_iter();
        all.find(|(word, code, _)| *word == text || status.is_some() && *code == status)
            .map(|(_, _, one)| one)
    }
}

/// How much of an answer does not arrive, though the call was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// All of it.
    Answer,
    /// The second half of its body.
    Body,
}

impl Cut {
    /// From its word.
    pub fn named(text: &str) -> Option<Cut> {
        match text {
            "answer" => Some(Cut::Answer),
            "body" => Some(Cut::Body),
            _ => None,
        }
    }
}

/// What happens to a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trouble {
    /// The refusal in the place of an answer; without one the call is carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// When to try again, as a refusal that says so tells it, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// How long the call waits first, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u32>,
    /// What of the answer does not arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
}

impl Trouble {
    /// The longest delay, in milliseconds: ten minutes.
    pub const LONGEST_DELAY_MS: u32 = 600_000;

    /// That it is one, and within its bounds.
    pub fn check(&self) -> Result<(), String> {
        if self.failure == Some(Failure::ReadOnly) && self.retry_after.is_some() {
            return Err(
                "a product that serves reads only says itself when to try again: leave `retry_after` out"
                    .into(),
            );
        }
        if self.failure.is_none() && self.delay_ms.is_none() && self.cut.is_none() {
            return Err("say what happens: a failure, a delay or a cut".into());
        }
        match self.delay_ms {
            Some(delay) if delay > Trouble::LONGEST_DELAY_MS => {
                Err("a call can be held up for ten minutes at most".into())
            }
            _ => Ok(()),
        }
    }
}

/// What tells the call: by these words the calls of a fault are named.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The kind of what it is about, `zia.rule_label`.
    pub kind: &'a str,
    /// The operation's name, `create`.
    pub operation: &'a str,
    /// Whether it changes something.
    pub writes: bool,
    /// The id of the API client that asks.
    pub client: &'a str,
}

/// Which calls fail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calls {
    /// A product, a kind or an operation: `zia`, `zia.rule_label`, `zia.rule_label.create`; all when empty.
    pub on: String,
    /// The calls of one API client alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Only calls that change something, or only those that do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writes: Option<bool>,
}

impl Calls {
    /// Whether a call is one of them.
    pub fn mean(&self, asked: Asked<'_>) -> bool {
        let below = |whole: &str| {
            whole.strip_prefix(self.on.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let named = self.on.is_empty()
            || below(asked.kind)
            || self.on.strip_prefix(asked.kind).and_then(|rest| rest.strip_prefix('.'))
                == Some(asked.operation);
        named
            && self.client.as_deref().is_none_or(|client| client == asked.client)
            && self.writes.is_none_or(|writes| writes == asked.writes)
    }
}

/// How often they do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Often {
    /// How many of the calls pass first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// How many are hit in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How many of a hundred are hit, spread evenly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u32>,
    /// Until when, by the tenant's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

impl Often {
    /// Whether it depends on how many calls came before.
    pub fn is_counted(&self) -> bool {
        self.after.is_some() || self.times.is_some() || self.percent.is_some()
    }
}

/// A fault that is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetFault {
    /// Its number, which no other of the tenant's had.
    pub id: u64,
    /// Which calls.
    #[serde(flatten)]
    pub calls: Calls,
    /// How.
    #[serde(flatten)]
    pub trouble: Trouble,
    /// How often.
    #[serde(flatten)]
    pub often: Often,
    /// How many of the calls came, where that is counted.
    #[serde(default)]
    pub met: u64,
    /// How many of them it hit.
    #[serde(default)]
    pub hit: u64,
}

impl SetFault {
    /// Whether it is over by a time.
    pub fn is_over(&self, now: Time) -> bool {
        self.often.until.is_some_and(|until| now >= until)
            || self.often.times.is_some_and(|times| self.hit >= u64::from(times))
    }

    /// One of its calls comes: whether it is hit.
    pub fn meet(&mut self, now: Time) -> bool {
        if self.is_over(now) {
            return false;
        }
        let passed = self.met.checked_sub(self.often.after.unwrap_or(0).into());
        self.met += 1;
        let percent = u64::from(self.often.percent.unwrap_or(100).min(100));
        // The share is spread evenly, so that a test finds the same calls hit each time.
        let is_hit = passed.is_some_and(|passed| (passed + 1) * percent / 100 > passed * percent / 100);
        self.hit += u64::from(is_hit);
        is_hit
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Asked, Calls, Failure, Often, SetFault, Trouble};

    fn fault(often: Often) -> SetFault {
        let (calls, trouble) = (Calls::default(), Trouble::default());
        SetFault { id: 1, calls, trouble, often, met: 0, hit: 0 }
    }

    #[test]
    fn calls_are_named_by_product_kind_or_operation() {
        let asked = Asked { kind: "zia.rule_label", operation: "create", writes: true, client: "ci" };
        let mean = |on: &str| Calls { on: on.into(), ..Calls::default() }.mean(asked);
        for on in ["", "zia", "zia.rule_label", "zia.rule_label.create"] {
            assert!(mean(on), "{on}");
        }
        for on in ["zi", "zia.rule", "zia.rule_label.creat", "zia.rule_label.create.x", "zpa"] {
            assert!(!mean(on), "{on}");
        }
        let of = |client: &str, writes| Calls { client: Some(client.into()), writes, ..Calls::default() };
        assert!(of("ci", None).mean(asked) && of("ci", Some(true)).mean(asked));
        assert!(!of("other", None).mean(asked) && !of("ci", Some(false)).mean(asked));
    }

    #[test]
    fn a_failure_is_named_by_its_word_or_its_status() {
        for (word, status, failure) in Failure::ALL {
            assert_eq!(Failure::named(word), Some(failure));
            if let Some(status) = status {
                assert_eq!(Failure::named(&status.to_string()), Some(failure));
            }
            assert_eq!(serde_json::to_value(failure).unwrap(), word);
        }
        assert_eq!(Failure::named("418"), None);
    }

    #[test]
    fn what_is_over_hits_no_more() {
        let mut fault = fault(Often { until: Some(10), ..Often::default() });
        assert!(fault.meet(9) && !fault.meet(10));
    }

    proptest! {
        #[test]
        fn as_many_are_hit_as_are_said(
            after in 0u32..20, times in 1u32..50, percent in 1u32..=100, calls in 0u32..2_000,
        ) {
            let mut fault =
                fault(Often { after: Some(after), times: Some(times), percent: Some(percent), until: None });
            let hits: Vec<bool> = (0..calls).map(|_| fault.meet(0)).collect();
            let hit = hits.iter().filter(|hit| **hit).count() as u32;
            prop_assert_eq!(u64::from(hit), fault.hit);
            prop_assert!(hits.iter().take(after as usize).all(|hit| !hit));
            let due = calls.saturating_sub(after) * percent / 100;
            prop_assert_eq!(hit, due.min(times));
        }
    }
}
