//! How long lines of a log take: to be read, and to be asked of two configurations of a thousand rules each and counted.
//! `cargo run -p zuno-policy --example logs --release` prints processor time of one thread where the system tells it.

use std::sync::Arc;
use std::time::Instant;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use zuno_policy::logs::{Feeds, Reader, Tally};
use zuno_policy::{Doubt, Options, Policy, Sites, Snapshot};

/// How many lines are different, and how often they are gone through.
const LINES: usize = 20_000;
const TIMES: usize = 10;

/// The members of the cloud's own feed in JSON, with what counts in them.
fn line(number: usize) -> String {
    let rest = [
        "reason",
        "event_id",
        "transactionsize",
        "responsesize",
        "requestsize",
        "urlcategory",
        "refererURL",
        "useragent",
        "product",
        "status",
        "vendor",
        "hostname",
        "clientpublicIP",
        "threatcategory",
        "threatname",
        "filetype",
        "app_status",
        "pagerisk",
        "threatseverity",
        "department",
        "urlsupercategory",
        "appclass",
        "dlpengine",
        "urlclass",
        "threatclass",
        "dlpdictionaries",
        "fileclass",
        "bwthrottle",
        "contenttype",
        "unscannabletype",
        "deviceowner",
        "devicehostname",
        "keyprotectiontype",
    ];
    let rest: String = rest.iter().map(|name| format!("\"{name}\":\"some value of it\",")).collect();
    format!(
        "{{ \"sourcetype\" : \"zscalernss-web\", \"event\" : {{\"datetime\":\"2026-03-02 10:{:02}:{:02}\",{rest}\
         \"protocol\":\"HTTPS\",\"action\":\"Allowed\",\"requestmethod\":\"GET\",\"serverip\":\"203.0.113.9\",\
         \"ClientIP\":\"10.0.{}.{}\",\"location\":\"HQ\",\"user\":\"u{}%40x.example\",\"appname\":\"General Browsing\",\
         \"url\":\"h{}.c{}.example/a/b?c={number}\"}}}}",
        number / 60 % 60,
        number % 60,
        number / 250 % 250,
        number % 250,
        number % 5_000,
        number,
        number % 1_100,
    )
}

/// Each host's category is in its name.
struct Named;

impl Sites for Named {
    fn look_up(&self, url: &str, each: &mut dyn FnMut(&str)) -> Doubt {
        let host = url.split('/').next().unwrap_or_default();
        each(host.split('.').nth(1).unwrap_or_default());
        Doubt::default()
    }

    fn family(&self, _: &str) -> Option<&str> {
        Some("USER_DEFINED")
    }
}

/// A thousand rules on sites, of which every hundredth does something else once it is edited.
fn policy(edited: bool) -> Policy {
    let rule = |number: usize| {
        json!({
            "id": number, "name": format!("rule {number}"), "order": number + 1, "state": "ENABLED",
            "action": if edited && number.is_multiple_of(100) { "ALLOW" } else { "BLOCK" }, "protocols": ["ANY_RULE"],
            "urlCategories": [format!("c{number}")], "groups": [{"id": number % 50}, {"id": number % 70}],
        })
    };
    let user = |number: usize| json!({"id": number, "email": format!("u{number}@x.example"), "groups": (0..70).collect::<Vec<u32>>()});
    let all = json!({
        "zia.location": [{"id": 100, "name": "HQ", "tz": "GMT"}],
        "zia.user": (0..5_000).map(user).collect::<Vec<Value>>(),
        "zia.ssl_inspection_rule": [{"id": 2, "name": "all", "order": -1, "action": {"type": "DECRYPT"}}],
        "zia.url_filtering_rule": (0..1_000).map(rule).collect::<Vec<Value>>(),
    });
    let snapshot = Snapshot::from_json(all).expect("a snapshot");
    Policy::compile(&snapshot, Options::default(), Arc::new(Named))
}

/// Nanoseconds that this process was running, as Linux counts them, or that have passed.
fn nanoseconds(start: Instant) -> f64 {
    let counted = std::fs::read_to_string("/proc/self/schedstat").ok();
    let counted = counted.and_then(|text| text.split_whitespace().next()?.parse().ok());
    counted.unwrap_or_else(|| start.elapsed().as_secs_f64() * 1e9)
}

fn main() {
    let start = Instant::now();
    let lines: Vec<String> = (0..LINES).map(line).collect();
    let feeds = Feeds::new([(
        "JSON",
        r#"\{"datetime":"%s{time}","user":"%s{elogin}","url":"%s{eurl}","protocol":"%s{proto}","action":"%s{action}","requestmethod":"%s{reqmethod}","serverip":"%s{sip}","ClientIP":"%s{cip}","location":"%s{elocation}","appname":"%s{appname}"\}"#,
    )]);
    let feed = feeds.recognise(&lines[0]).expect("it is known").feed;
    let reader = Reader { feed, zone: TimeZone::UTC };
    let (now, then) = (policy(false), policy(true));
    let all = || (1..).zip(lines.iter().cycle().take(LINES * TIMES));
    let micros = |before: f64| (nanoseconds(start) - before) / 1e3 / (LINES * TIMES) as f64;

    let before = nanoseconds(start);
    let read = all().filter(|(_, line)| reader.entry(line).is_ok()).count();
    let reading = micros(before);
    assert_eq!(read, LINES * TIMES);

    let before = nanoseconds(start);
    let mut tally = Tally::default();
    for (number, line) in all() {
        let entry = reader.entry(line).expect("it is read");
        let now = now.decide(&entry.question).expect("an answer");
        let then = then.decide(&entry.question).expect("an answer");
        tally.add(number, &entry, &now, Some(&then));
    }
    let asking = micros(before);
    println!(
        "{} bytes a line: {reading:.2} µs to read it, {asking:.2} µs with both answers; {} of {} treated otherwise",
        lines[0].len(),
        tally.otherwise(),
        tally.answered()
    );
}
