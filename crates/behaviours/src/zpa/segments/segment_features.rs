//! `segment-features`: of a segment's features, none is on that another rules out (documented).
//!
//! Looks at the segment as it is kept, its applications among it.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_catalogue::handles::zpa::application_segment as segment;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Kind, Record};

use super::port_views::ranges;

/// The match style that lets several segments match at once.
const TOGETHER: &str = "INCLUSIVE";

/// How the service names the kinds of applications within a segment.
const KINDS: [(&str, &str); 3] = [
    ("BROWSER_ACCESS", "zpa.clientless_app"),
    ("INSPECT", "zpa.inspection_app"),
    ("SECURE_REMOTE_ACCESS", "zpa.pra_app"),
];

/// The guarantee for one resource.
struct SegmentFeatures {
    kind: Kind,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(SegmentFeatures { kind: Kind(params.kind()) }))
}

fn on(record: &Record, flag: &str) -> bool {
    record.flag(flag)
}

fn is(record: &Record, member: &str, word: &str) -> bool {
    record.text(member) == Some(word)
}

/// How many ports a record's flat list of this name holds.
fn ports(record: &Record, member: &str) -> u64 {
    let flat = record.items(member);
    let ranges = ranges(flat).unwrap_or_default();
    ranges.iter().map(|(from, to)| u64::from(to - from) + 1).sum()
}

/// The kinds of applications within a segment, by the service's words for them.
pub fn within(cx: &Context<'_>, kind: &str, segment: &Id) -> Result<Vec<&'static str>, Fault> {
    let mut words = Vec::new();
    for (word, within) in KINDS {
        if !cx.pointing(within, "appId", kind, segment)?.is_empty() {
            words.push(word);
        }
    }
    Ok(words)
}

/// What keeps a segment from matching together with others, in the words of the answer that lists it; the first word
/// and `Double Encryption` are documented, the rest is guessed after them.
pub fn alone(record: &Record, within: &[&'static str]) -> Vec<&'static str> {
    let mut features = within.to_vec();
    let flags = [
        ("doubleEncrypt", "Double Encryption"),
        ("ipAnchored", "Source IP Anchoring"),
        ("inspectTrafficWithZia", "Inspect Traffic with ZIA"),
    ];
    features.extend(flags.iter().filter(|(flag, _)| on(record, flag)).map(|(_, words)| *words));
    if is(record, "healthReporting", "CONTINUOUS") {
        features.push("Continuous Health Reporting");
    }
    features
}

/// The member that another feature rules out, with the reason.
fn wrong(record: &Record, within: &[&'static str]) -> Option<(String, String)> {
    let tell = |field: &str, words: &str| Some((field.to_owned(), words.to_owned()));
    if is(record, segment::MATCH_STYLE.name, TOGETHER)
        && let Some(feature) = alone(record, within).first()
    {
        return tell(segment::MATCH_STYLE.name, &format!("does not go with {feature}"));
    }
    if on(record, "doubleEncrypt") && within.contains(&"BROWSER_ACCESS") {
        return tell("doubleEncrypt", "does not go with browser access");
    }
    for (one, other) in [
        ("doubleEncrypt", "ipAnchored"),
        ("ipAnchored", "inspectTrafficWithZia"),
        ("adpEnabled", "autoAppProtectEnabled"),
    ] {
        if on(record, one) && on(record, other) {
            return tell(one, &format!("does not go with {other}"));
        }
    }
    if is(record, "healthReporting", "CONTINUOUS") {
        let domains = record.items("domainNames").iter();
        let everything = domains.filter_map(Value::as_str).any(|domain| domain == "*");
        if everything || ports(record, "tcpPortRanges") + ports(record, "udpPortRanges") > 10 {
            return tell("healthReporting", "CONTINUOUS is for ten ports at most, and not for `*`");
        }
    }
    if on(record, "selectConnectorCloseToApp")
        && (ports(record, "udpPortRanges") > 0 || is(record, "healthReporting", "NONE"))
    {
        return tell("selectConnectorCloseToApp", "supports only TCP applications whose health is reported");
    }
    None
}

impl Behaviour for SegmentFeatures {
    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let within = within(cx, self.kind.as_str(), &change.id)?;
        match wrong(&change.new, &within) {
            Some((field, words)) => Err(Fault::said(&self.kind, &field, words)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_model::Record;

    fn field(record: Value, within: &[&'static str]) -> Option<String> {
        let Value::Object(record) = record else { return None };
        let record: Record = record.into_iter().collect();
        super::wrong(&record, within).map(|(field, _)| field)
    }

    #[test]
    fn features_that_rule_each_other_out_are_told() {
        let bad = [
            (json!({"matchStyle": "INCLUSIVE"}), &["INSPECT"][..], "matchStyle"),
            (json!({"matchStyle": "INCLUSIVE", "ipAnchored": true}), &[], "matchStyle"),
            (json!({"doubleEncrypt": true}), &["BROWSER_ACCESS"], "doubleEncrypt"),
            (json!({"ipAnchored": true, "inspectTrafficWithZia": true}), &[], "ipAnchored"),
            (json!({"adpEnabled": true, "autoAppProtectEnabled": true}), &[], "adpEnabled"),
            (json!({"healthReporting": "CONTINUOUS", "tcpPortRanges": ["1", "11"]}), &[], "healthReporting"),
            (json!({"healthReporting": "CONTINUOUS", "domainNames": ["*"]}), &[], "healthReporting"),
            (
                json!({"selectConnectorCloseToApp": true, "udpPortRanges": ["1", "1"]}),
                &[],
                "selectConnectorCloseToApp",
            ),
        ];
        for (record, within, told) in bad {
            assert_eq!(field(record.clone(), within).as_deref(), Some(told), "{record}");
        }
    }

    #[test]
    fn features_that_go_together_pass() {
        let good = [
            (json!({"matchStyle": "EXCLUSIVE", "ipAnchored": true}), &["INSPECT"][..]),
            (json!({"doubleEncrypt": true}), &["SECURE_REMOTE_ACCESS"]),
            (
                json!({"healthReporting": "CONTINUOUS", "tcpPortRanges": ["1", "10"], "domainNames": ["*.a.b"]}),
                &[],
            ),
            (
                json!({"selectConnectorCloseToApp": true, "tcpPortRanges": ["1", "1"], "healthReporting": "ON_ACCESS"}),
                &[],
            ),
        ];
        for (record, within) in good {
            assert_eq!(field(record.clone(), within), None, "{record}");
        }
    }
}
