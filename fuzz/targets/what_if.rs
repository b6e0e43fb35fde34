//! Questions on what would become of a request: read as JSON, and answered by a small tenant's policies.
#![no_main]

mod deep;

use std::sync::{Arc, LazyLock};

use deep::Grammar;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use zuno_policy::{Doubt, Options, Policy, Question, Sites, Snapshot};

/// One category, the same for every site.
struct One;

impl Sites for One {
    fn look_up(&self, _: &str, each: &mut dyn FnMut(&str)) -> Doubt {
        each("CUSTOM_01");
        Doubt::default()
    }

    fn family(&self, _: &str) -> Option<&str> {
        Some("USER_DEFINED")
    }
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let all: Value = serde_json::from_str(include_str!("../../crates/policy/tests/policy/foreign.json")).expect("JSON");
    let snapshot = Snapshot::from_json(all).expect("a snapshot");
    Policy::compile(&snapshot, Options::default(), Arc::new(One))
});

const QUESTION: Grammar = Grammar {
    levels: &[("{\"saml\":", "}"), ("{\"dlp_scores\":", "}"), ("[", "]"), ("\"", "\""), ("{", "}")],
    leaves: &[
        "\"url\":\"http://x.example/casino\"", "\"destination\":\"1.2.3.4:443\"", "\"dns\":\"x.example\"", "\"private\":\"h.corp.example:443\"",
        "\"user\":\"a@x.example\"", "\"from\":\"HQ\"", "\"via\":\"tunnel2\"", "\"at\":-1", "\"at\":\"2026-03-01T10:00:00Z\"", "\"risk\":50",
        "\"method\":\"POST\"", "\"file_type\":\"PDF_DOCUMENT\"", "\"dlp_scores\":{\"63\":6}", "\"saml\":{\"1\":\"v\"}", "\"connector_group\":\"g\"",
        "\"used_kb\":9223372036854775807", "\"signed_in_at\":-9223372036854775808",
    ],
    joins: &[",", ":", ".", "/"],
};

deep!(Text, QUESTION);

fn answered(text: &str) {
    let Ok(question) = serde_json::from_str::<Question>(text) else { return };
    let (decided, traced) = (POLICY.decide(&question), POLICY.trace(&question));
    assert_eq!(decided.is_ok(), traced.is_ok());
    if let (Ok(decided), Ok(traced)) = (decided, traced) {
        assert_eq!((decided.action, decided.rule), (traced.action, traced.rule));
        serde_json::to_string(&traced).expect("a verdict can be written");
    }
}

fuzz_target!(|input: (Text, &str)| {
    let (Text(grown), text) = input;
    answered(&grown);
    answered(text);
    // As an answer to each question that a text alone makes.
    for member in ["url", "destination", "dns", "private"] {
        answered(&json!({ member: text, "via": "tunnel2" }).to_string());
    }
});
