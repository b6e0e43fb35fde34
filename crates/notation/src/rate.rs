//! How many calls are allowed in how long: the gateway's quota and the products' own limits, read where they are written.

use serde::{Deserialize, Serialize};

/// One window of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many calls it allows.
    pub calls: u64,
    /// How long it is, in seconds.
    pub seconds: i64,
}

/// A product's own limit: `2/s 1000/h`, `20/10s`, or `none`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limit {
    text: String,
    /// Every window of it; nothing when there is no limit.
    pub windows: Vec<Window>,
}

impl TryFrom<String> for Limit {
    type Error = String;

    fn try_from(text: String) -> Result<Limit, String> {
        let words = text.split_whitespace().filter(|_| text != "none");
        let windows: Result<Vec<Window>, String> = words.map(|word| {
            spanned(word).ok_or_else(|| format!("`{word}` is no limit; write CALLS/TIME such as 2/s, 20/10s, 4/min, 400/h, 8/d, or `none`"))
        }).collect();
        let windows = windows?;
        if windows.is_empty() && text != "none" {
            return Err("a limit without a window; write `none` where there is no limit".into());
        }
        Ok(Limit { text, windows })
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> String {
        limit.text
    }
}

/// `20/10s` as a window.
fn spanned(word: &str) -> Option<Window> {
    let (calls, span) = word.split_once('/')?;
    let digits = span.bytes().take_while(u8::is_ascii_digit).count();
    let times: i64 = if digits == 0 { 1 } else { span[..digits].parse().ok()? };
    let unit = match &span[digits..] {
        "s" => 1,
        "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    window(calls.parse().ok()?, times.checked_mul(unit)?)
}

fn window(calls: u64, seconds: i64) -> Option<Window> {
    (calls > 0 && seconds > 0).then_some(Window { calls, seconds })
}

/// The gateway's quota as its header prints it: the calls of one window, and behind them every window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quota {
    /// The header's text.
    pub header: String,
    /// The windows behind its first word.
    pub windows: Vec<Window>,
}

impl TryFrom<String> for Quota {
    type Error = String;

    fn try_from(header: String) -> Result<Quota, String> {
        let wrong =
            || format!("`{header}` is no quota; write CALLS, CALLS;w=SECONDS, … such as `5000, 5000;w=60`");
        let mut parts = header.split(',').map(str::trim);
        let first: u64 = parts.next().and_then(|calls| calls.parse().ok()).ok_or_else(wrong)?;
        let read = |part: &str| {
            let (calls, seconds) = part.split_once(";w=")?;
            window(calls.parse().ok()?, seconds.parse().ok()?)
        };
        let windows: Vec<Window> = parts.map(read).collect::<Option<_>>().ok_or_else(wrong)?;
        if windows.iter().all(|window| window.calls != first) {
            return Err(wrong());
        }
        Ok(Quota { header, windows })
    }
}

impl From<Quota> for String {
    fn from(quota: Quota) -> String {
        quota.header
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, Quota, Window};

    #[test]
    fn limits_are_read_in_both_spellings_and_what_is_mistyped_is_none_of_them() {
        let window = |calls, seconds| Window { calls, seconds };
        let limit = |text: &str| Limit::try_from(text.to_owned()).map(|limit| limit.windows);
        let quota = |text: &str| Quota::try_from(text.to_owned()).map(|quota| quota.windows);
        assert_eq!(limit("10/min 40/h"), Ok(vec![window(10, 60), window(40, 3600)]));
        assert_eq!(limit("20/10s"), Ok(vec![window(20, 10)]));
        assert_eq!(limit("none"), Ok(vec![]));
        for mistyped in ["", "2/s,1000/h", "2/m", "2 /s", "/s", "2/s none", "0/s", "2/99999999999999999d"] {
            assert!(limit(mistyped).is_err(), "{mistyped}");
        }
        assert_eq!(quota("100, 100;w=3600, 3;w=86400"), Ok(vec![window(100, 3600), window(3, 86_400)]));
        for mistyped in ["", "100", "100, 100;w=", "100, 50;w=60", "100, 100;60", "100 100;w=60"] {
            assert!(quota(mistyped).is_err(), "{mistyped}");
        }
    }
}
