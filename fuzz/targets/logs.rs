//! Logs: the text of a feed, and lines that are held against it and against the feeds that are known.
#![no_main]

mod deep;

use std::sync::LazyLock;

use deep::Grammar;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use zuno_policy::logs::{Feed, Feeds, Reader};

static FEEDS: LazyLock<Feeds> = LazyLock::new(|| {
    Feeds::new([
        ("JSON", r#"{ "event" : { "time":"%s{time}","url":"%s{url}","login":"%s{login}" } }"#),
        ("PAIRS", r"%s{time}\treason=%s{reason}\turl=%s{eurl}\tuser=%s{elogin}\n"),
        ("CSV", "\"%s{time}\",\"%s{elogin}\",\"%s{proto}\",\"%s{eurl}\",\"%s{action}\""),
    ])
});

const LINE: Grammar = Grammar {
    levels: &[("{\"event\":", "}"), ("[", "]"), ("{", "}"), ("\"", "\""), ("%s{", "}"), ("%22", "%22")],
    leaves: &[
        "\"url\":\"x.example/?u=https://y\"", "time", "eurl", "\\t", "url=x.example", "1772445600", "Mon Mar  2 10:00:00 2026",
        "\"\"", "%zz", "%00", "\\u{0}", "a@x.example",
    ],
    joins: &[",", "\t", ":", "=", " "],
};

deep!(Text, LINE);

fn read(feed: Feed, line: &str) {
    let reader = Reader { feed, zone: TimeZone::UTC };
    if let Ok(entry) = reader.entry(line) {
        serde_json::to_string(&entry.question).expect("a question can be written");
    }
}

fuzz_target!(|input: (Text, &str, &str)| {
    let (Text(grown), text, line) = input;
    for (feed, line) in [(text, line), (grown.as_str(), line), (text, grown.as_str())] {
        if let Ok(feed) = Feed::written(feed) {
            read(feed, line);
        }
        if let Some(found) = FEEDS.recognise(line) {
            read(found.feed, line);
        }
    }
});
