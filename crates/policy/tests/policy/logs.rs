//! Lines of logs as questions.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};
use zuno_policy::logs::{Entry, Feed, Feeds, Log, Reader, Tally};

use crate::tenant::{question, tenant};

const FEEDS: [(&str, &str); 3] = [
    ("TABS", r"%s{time}\t%s{login}\t%s{eurl}\t%s{action}\t%s{location}\n"),
    (
        "CEF",
        r"%s{mon} %02d{dd} %d{yy} %02d{hh}:%02d{mm}:%02d{ss} CEF:0|act=%s{action} request=%s{eurl} suser=%s{login}\n",
    ),
    (
        "JSON",
        r#"\{"event":\{"datetime":"%s{time}","user":"%s{elogin}","url":"%s{eurl}","proto":"%s{ipproto}"\}\}"#,
    ),
];

fn reader(text: &str, zone: &str) -> Reader {
    let zone = TimeZone::get(zone).expect("a zone");
    Reader { feed: Feed::written(text).expect("a feed"), zone }
}

/// A line of columns by their fields' names.
fn entry(told: &[(&str, &str)]) -> Result<Entry, &'static str> {
    let names: Vec<&str> = told.iter().map(|(name, _)| *name).collect();
    let found = Feeds::new(FEEDS).recognise(&names.join(",")).expect("a header");
    assert!(found.is_header);
    let cells: Vec<String> =
        told.iter().map(|(_, cell)| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    Reader { feed: found.feed, zone: TimeZone::UTC }.entry(&cells.join(","))
}

fn told(told: &[(&str, &str)]) -> Value {
    let mut question = serde_json::to_value(entry(told).expect("an entry").question).expect("JSON");
    question.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    question
}

#[test]
fn an_address_in_a_query_is_no_scheme() {
    let url = "www.example.com/login?next=https://other.example/";
    let asked = told(&[("login", "ada"), ("url", url)]);
    assert_eq!(asked["url"], format!("https://{url}"));
    let policy = tenant(json!({}));
    for url in [url, "https://www.example.com/login?next=https://other.example/"] {
        assert!(policy.decide(&question(json!({"url": url}))).is_ok(), "{url}");
    }
}

#[test]
fn a_moment_is_the_same_however_it_is_written() {
    for (name, text) in [
        ("time", "Mon Mar  2 10:00:00 2026"),
        ("time", "2026-03-02 10:00:00"),
        ("time", "2026-03-02T10:00:00Z"),
        ("epochtime", "1772445600"),
        ("datetime", "1772445600"),
    ] {
        assert_eq!(told(&[(name, text), ("url", "x.example/")])["at"], 1_772_445_600, "{name} {text}");
    }
    assert_eq!(told(&[("time", "yesterday"), ("url", "x.example/")])["at"], Value::Null);
    let parts =
        reader(FEEDS[1].1, "Europe/Berlin").entry("Mar 02 2026 11:00:00 CEF:0|act=Allowed request=x suser=a");
    assert_eq!(parts.expect("an entry").question.moment(), Ok(Some(1_772_445_600)), "in the log's zone");
}

#[test]
fn a_request_of_the_web_has_the_scheme_that_its_protocol_says() {
    let asked = |protocol: &str, method: &str| {
        told(&[("proto", protocol), ("reqmethod", method), ("url", "x.example/a")])
    };
    assert_eq!(asked("HTTP", "get"), json!({"url": "http://x.example/a", "method": "GET"}));
    assert_eq!(asked("HTTPS", "POST"), json!({"url": "https://x.example/a", "method": "POST"}));
    assert_eq!(asked("SSL", "NA"), json!({"url": "https://x.example/a"}));
    assert_eq!(asked("HTTP_PROXY", "CONNECT"), json!({"url": "https://x.example/a", "via": "explicit"}));
    assert_eq!(asked("FTP", "None"), json!({"url": "ftp://x.example/a"}));
}

#[test]
fn whoever_has_no_name_of_their_own_is_nobody() {
    let named =
        |login: &str, location: &str| told(&[("elogin", login), ("location", location), ("url", "x")]);
    assert_eq!(
        named("a%40x.example", "HQ"),
        json!({"url": "https://x", "user": "a@x.example", "from": "HQ"})
    );
    assert_eq!(named("HQ", "HQ"), json!({"url": "https://x", "from": "HQ"}));
    assert_eq!(named("a", "Road Warrior"), json!({"url": "https://x", "user": "a"}));
}

#[test]
fn a_connection_goes_to_what_was_asked_for() {
    let to = |more: &[(&str, &str)]| told(&[&[("csip", "10.0.0.1"), ("location", "HQ")], more].concat());
    assert_eq!(
        to(&[("cdip", "203.0.113.9"), ("cdport", "22"), ("ipproto", "TCP"), ("nwapp", "some app")]),
        json!({
            "destination": "203.0.113.9:22", "destination_ip": "203.0.113.9", "protocol": "tcp", "from": "HQ",
            "source": "10.0.0.1", "network_application": "SOME_APP",
        })
    );
    assert_eq!(to(&[("cdip", "2001:db8::1"), ("cdport", "53")])["destination"], "[2001:db8::1]:53");
    assert_eq!(
        to(&[("cdfqdn", "h.example"), ("cdip", "0.0.0.0"), ("sdport", "8")])["destination"],
        "h.example:8"
    );
    assert_eq!(
        to(&[("sdip", "203.0.113.9"), ("cdport", "0"), ("ipproto", "ICMP")])["destination"],
        "203.0.113.9"
    );
    let entry = entry(&[("csip", "10.0.0.1"), ("cdip", "None"), ("cdport", "1")]);
    assert_eq!(entry.map(|_| ()), Err("it tells neither a URL nor a destination"));
}

#[test]
fn what_was_done_is_let_through_or_refused_or_neither() {
    let allowed = |action: &str| entry(&[("action", action), ("url", "x")]).expect("an entry").allowed();
    for (action, wanted) in [
        ("Allowed", Some(true)),
        ("Allow", Some(true)),
        ("Blocked", Some(false)),
        ("Drop", Some(false)),
        ("", None),
        ("é", None),
    ] {
        assert_eq!(allowed(action), wanted, "{action}");
    }
}

#[test]
fn counts_are_the_same_in_one_part_or_in_several() {
    let (policy, strict) = (
        tenant(json!({})),
        tenant(json!({"zia.url_filtering_rule": [{
            "id": 10, "name": "U#1", "order": 1, "action": "BLOCK", "state": "ENABLED", "requestMethods": ["POST"],
        }]})),
    );
    let lines: Vec<Entry> = (0..50_usize)
        .map(|number| {
            let method = if number.is_multiple_of(3) { "POST" } else { "GET" };
            let action = if number.is_multiple_of(5) { "Blocked" } else { "Allowed" };
            entry(&[
                ("location", "HQ"),
                ("proto", "HTTP"),
                ("reqmethod", method),
                ("url", "x"),
                ("action", action),
            ])
            .expect("an entry")
        })
        .collect();
    let count = |tally: &mut Tally, number: usize| {
        let question = &lines[number].question;
        let (now, then) =
            (policy.decide(question).expect("an answer"), strict.decide(question).expect("an answer"));
        tally.add(number as u64 + 1, &lines[number], &now, Some(&then));
    };
    let mut whole = Tally::default();
    (0..50).for_each(|number| count(&mut whole, number));
    let mut parts: [Tally; 3] = std::array::from_fn(|_| Tally::default());
    (0..50).rev().for_each(|number| count(&mut parts[number % 3], number));
    let mut joined = Tally::default();
    parts.into_iter().for_each(|part| joined.take(part));
    assert_eq!(joined.told(), whole.told());
    assert_eq!(whole.told()["otherwise"]["count"], 17);
    assert_eq!(whole.told()["otherwise"]["kinds"][0]["line"], 1);
    assert_eq!(whole.told()["logged_otherwise"]["count"], 10);
    assert_eq!(whole.answered(), 50);
    assert!(lines.iter().all(|entry| entry.log == Log::Web));
}

proptest! {
    /// Whatever stands in a line, it is an entry or it is not.
    #[test]
    fn lines_that_nobody_meant_are_read_or_refused(
        line in prop_oneof![
            ".{0,200}",
            r#"[{}\[\]",:a-c%0-9\t ]{0,80}"#,
            r#"\{"event":\{"(url|cdip|user|datetime)":[0-9"a-z%{}\[\],: ]{0,40}\}\}"#,
        ],
        template in r"([%a-z{}\\ |,]|%s\{(url|login|time|cdip)\}){0,12}",
    ) {
        let feeds = Feeds::new(FEEDS);
        let recognised = feeds.recognise(&line).map(|found| found.feed);
        let written = Feed::written(&template).ok();
        for feed in FEEDS.iter().filter_map(|(name, _)| feeds.named(name).cloned()).chain(recognised).chain(written) {
            let _ = Reader { feed, zone: TimeZone::UTC }.entry(&line);
        }
    }
}
