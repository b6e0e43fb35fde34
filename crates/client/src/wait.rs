//! How long the cloud asks a caller to wait: five spellings of it, as the products use them.

use std::time::Duration;

/// Later than any delta and earlier than any moment: what tells seconds to wait from a point in time.
const A_YEAR: u64 = 365 * 24 * 60 * 60;

/// The wait that an answer asks for. `header` looks a header up by its lower-case name; `now` is in seconds since the
/// Unix epoch, for the one family whose reset is a moment (documented).
///
/// In this order: `Retry-After` as `1`, `4s` or `1 seconds` (seen), `x-ratelimit-reset`, `ratelimit-reset`,
/// `x-rate-limit-retry-after-seconds`, and the `Retry-After` that stands in the body of some refusals (seen).
pub fn wanted<'a>(header: impl Fn(&str) -> Option<&'a str>, body: &[u8], now: u64) -> Option<Duration> {
    let delta = |text: &str| {
        let seconds = seconds(text)?;
        Some(if seconds > A_YEAR { seconds.saturating_sub(now) } else { seconds })
    };
    let names = ["retry-after", "x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-retry-after-seconds"];
    let told = names.iter().find_map(|name| header(name).and_then(delta));
    let told = told.or_else(|| {
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        delta(body.get("Retry-After")?.as_str()?)
    });
    told.map(Duration::from_secs)
}

/// Whole seconds: a number alone, or with `s` or `seconds`, or a Go duration of minutes and seconds.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = text[digits..].trim_start();
    match unit {
        "" | "s" | "second" | "seconds" => Some(number),
        "m" => number.checked_mul(60),
        _ => {
            let rest = unit.strip_prefix('m')?;
            number.checked_mul(60)?.checked_add(seconds(rest)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{seconds, wanted};

    #[test]
    fn every_spelling_is_understood() {
        for (text, wait) in [("1", 1), ("4s", 4), ("1 seconds", 1), (" 0 ", 0), ("2m30s", 150), ("1m", 60)] {
            assert_eq!(seconds(text), Some(wait), "{text}");
        }
        for wrong in ["", "s", "-1", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_first_header_that_can_be_read_counts() {
        let headers = [("retry-after", "soon"), ("x-ratelimit-reset", "7"), ("ratelimit-reset", "9")];
        let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        assert_eq!(wanted(header, b"", 0), Some(Duration::from_secs(7)));
    }

    #[test]
    fn a_moment_is_no_delta() {
        let at = |now| wanted(|name| (name == "ratelimit-reset").then_some("1790000060"), b"", now);
        assert_eq!(at(1_790_000_000), Some(Duration::from_secs(60)));
        assert_eq!(at(1_790_000_999), Some(Duration::ZERO));
    }

    #[test]
    fn the_body_is_the_last_resort() {
        let body = br#"{"message":"Rate Limit (1/SECOND) exceeded","Retry-After":"1 seconds"}"#;
        assert_eq!(wanted(|_| None, body, 0), Some(Duration::from_secs(1)));
        assert_eq!(wanted(|_| None, b"no json", 0), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in ".{0,24}", now: u64) {
            let _ = wanted(|_| Some(&text), text.as_bytes(), now);
        }
    }
}
