//! Questions that nobody meant: whatever is written into one is answered, or refused in words, and in a time that grows with
//! its length alone.

use std::time::Instant;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zuno_policy::{Policy, Question};

use super::tenant::tenant;

/// A tenant with a rule of most kinds, on what questions tell; the fuzz target asks the same.
fn some() -> Policy {
    tenant(serde_json::from_str(include_str!("foreign.json")).expect("kinds and their records"))
}

/// What an answer to some text is: a verdict that can be written, or words.
fn answered(policy: &Policy, text: &str) {
    let Ok(question) = serde_json::from_str::<Question>(text) else { return };
    match (policy.decide(&question), policy.trace(&question)) {
        (Ok(decided), Ok(traced)) => {
            assert_eq!(
                (decided.action, decided.rule, decided.module),
                (traced.action, traced.rule, traced.module)
            );
            serde_json::to_string(&traced).expect("a verdict can be written");
        }
        (Err(decided), Err(traced)) => assert_eq!(decided.to_string(), traced.to_string()),
        _ => panic!("a trace changes whether there is an answer: {text}"),
    }
}

const TEXTS: [&str; 21] = [
    "",
    ":",
    "[",
    "[]:",
    "[::1]:443",
    "a",
    "A@x.example",
    "x.example:443",
    "h.corp.example:99999",
    "1.2.3.4",
    "::ffff:1.2.3.4",
    "http://x.example/",
    "https://[::1/",
    "//",
    "%00",
    "é.example",
    "*.corp.example",
    "2026-03-01T10:00:00Z",
    "HQ",
    "LOW",
    "icmp",
];

/// Members of a question by the sort of value that they hold.
const OF_TEXT: [&str; 29] = [
    "url",
    "destination",
    "dns",
    "private",
    "user",
    "department",
    "from",
    "source",
    "source_country",
    "device",
    "platform",
    "trust",
    "browser",
    "browser_version",
    "method",
    "activity",
    "host_header",
    "server_tls",
    "content_category",
    "destination_ip",
    "destination_country",
    "protocol",
    "network_application",
    "dns_type",
    "file_type",
    "finding",
    "client_type",
    "microtenant",
    "at",
];
const OF_NUMBERS: [&str; 9] = [
    "at",
    "risk",
    "application_risk",
    "file_size_kb",
    "threat_score",
    "used_minutes",
    "used_kb",
    "signed_in_at",
    "last_used_at",
];
const OF_LISTS: [&str; 9] = [
    "groups",
    "applications",
    "file_traits",
    "dlp_engines",
    "threats",
    "vendor_lists",
    "scim_groups",
    "trusted_networks",
    "workload_tags",
];
const OF_MAPS: [&str; 4] = ["dlp_scores", "saml", "scim", "postures"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(&TEXTS[..]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => (prop::sample::select(&TEXTS[..]), 1_usize..2_000).prop_map(|(text, times)| text.repeat(times)),
    ]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        (-2_i64..300).prop_map(Value::from),
        prop::sample::select(vec![
            i64::MIN,
            i64::MIN + 1,
            i64::MAX,
            1 << 40,
            -62_135_596_801,
            253_402_300_800
        ])
        .prop_map(Value::from),
        any::<u64>().prop_map(Value::from)
    ]
}

fn member() -> impl Strategy<Value = (String, Value)> {
    let named = |names: &'static [&'static str]| prop::sample::select(names).prop_map(str::to_owned);
    prop_oneof![
        6 => (named(&OF_TEXT), text().prop_map(Value::from)),
        3 => (named(&OF_NUMBERS), number()),
        2 => (named(&OF_LISTS), prop::collection::vec(text(), 0..4).prop_map(Value::from)),
        1 => (named(&OF_MAPS), (text(), prop_oneof![number(), text().prop_map(Value::from), any::<bool>().prop_map(Value::from)])
            .prop_map(|(name, value)| json!({ name: value }))),
    ]
}

proptest! {
    #[test]
    fn whatever_a_question_holds_is_answered_or_refused(
        about in prop::sample::select(&["url", "destination", "dns", "private"][..]), of in text(),
        with in prop::collection::vec(member(), 0..6),
    ) {
        thread_local!(static POLICY: Policy = some());
        let mut question: Map<String, Value> = with.into_iter().filter(|(name, _)| !["url", "destination", "dns", "private"].contains(&&**name)).collect();
        question.insert(about.to_owned(), of.into());
        let whole = Value::Object(question).to_string();
        POLICY.with(|policy| answered(policy, &whole));
    }

    #[test]
    fn no_text_stops_the_reader(text in any::<String>()) {
        thread_local!(static POLICY: Policy = some());
        POLICY.with(|policy| answered(policy, &text));
    }
}

#[test]
fn names_longer_than_any_are_refused_before_they_are_looked_for() {
    let policy = some();
    let name = "a.".repeat(400_000);
    for (member, text) in [
        ("url", format!("http://{name}/")),
        ("destination", format!("{name}:1")),
        ("dns", name.clone()),
        ("private", name.clone()),
    ] {
        let question: Question = serde_json::from_value(json!({ member: text })).expect("a question");
        let why = policy.decide(&question).expect_err("no name").to_string();
        assert!(why.starts_with(&format!("`{member}` cannot be `")) && why.len() < 150, "{why}");
    }
    let why = json!({"url": "http://x.example/", "host_header": name});
    assert!(policy.decide(&serde_json::from_value(why).expect("a question")).is_err());
    let longest = format!("{}.example", "a.".repeat(122).trim_end_matches('.'));
    let fits: Question =
        serde_json::from_value(json!({ "url": format!("http://{longest}:8080/") })).expect("a question");
    assert!(policy.decide(&fits).is_ok());
}

#[test]
fn deep_and_long_questions_take_a_time_that_grows_with_their_length_alone() {
    let policy = some();
    let start = Instant::now();
    for text in [
        "[".repeat(200_000),
        "{\"saml\":".repeat(200_000),
        format!("{{\"url\":\"http://x.example/{}\"}}", "casino/".repeat(100_000)),
        format!("{{\"url\":\"http://x.example/?{}\"}}", "a.".repeat(400_000)),
        format!("{{\"dns\":\"x.example\",\"groups\":[{}\"\"]}}", "\"g\",".repeat(100_000)),
    ] {
        answered(&policy, &text);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
