//! Spans of time, as the command line takes them.

use std::time::Duration;

/// `90s`, `15m`, `1h`, `1d`.
pub fn span(text: &str) -> Result<Duration, String> {
    read(text, &[("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)])
        .ok_or_else(|| format!("`{text}` is no span of time: write `90s`, `15m`, `1h` or `1d`"))
}

/// `300ms` as well.
pub fn short_span(text: &str) -> Result<Duration, String> {
    read(text, &[("ms", 1), ("s", 1_000), ("m", 60_000)])
        .ok_or_else(|| format!("`{text}` is no span of time: write `300ms`, `2s` or `1m`"))
}

fn read(text: &str, units: &[(&str, u64)]) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|letter: char| !letter.is_ascii_digit())?);
    let (_, milliseconds) = units.iter().find(|(name, _)| *name == unit)?;
    let span = number.parse::<u64>().ok()?.checked_mul(*milliseconds)?;
    (span > 0).then(|| Duration::from_millis(span))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{short_span, span};

    #[test]
    fn a_span_has_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("1h", 3600), ("2d", 172_800)] {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "s", "10", "1w", "-1s", "0h", "99999999999999999999d", "1\u{e9}", "300ms"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_short_one_may_be_of_milliseconds() {
        assert_eq!(short_span("300ms"), Ok(Duration::from_millis(300)));
        assert_eq!(short_span("2s"), Ok(Duration::from_secs(2)));
        assert!(short_span("soon").is_err() && short_span("xms").is_err());
    }
}
