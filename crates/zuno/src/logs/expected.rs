//! Calls that were expected, held against those that came.

use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context as _, Result};
use zuno_client::Operator;

use super::asking::{Query, UNREADABLE, asked};
use crate::table::{clean, print, say};

/// How often a call is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Often {
    Exactly(u64),
    AtLeast(u64),
}

/// A call that is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    written: String,
    query: Query,
    often: Often,
}

impl FromStr for Expected {
    type Err = String;

    fn from_str(written: &str) -> Result<Expected, String> {
        let (mut query, mut often) = (Query::new(), None);
        for word in written.split_whitespace() {
            let name = match word.as_bytes() {
                [b'x', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => {
                    if often.replace(times(&word[1..])?).is_some() {
                        return Err(format!("`{word}` says a second time how often"));
                    }
                    continue;
                }
                [b'/', ..] => "target",
                [b'0'..=b'9', ..] => status(word)?,
                letters if letters.iter().all(u8::is_ascii_uppercase) => method(word)?,
                _ => "operation",
            };
            if query.iter().any(|(known, _)| *known == name) {
                return Err(format!("`{word}` is a second {name}: expect each call by an option of its own"));
            }
            query.push((name, word.to_owned()));
        }
        if query.is_empty() {
            return Err(
                "name a method, an operation or a path, or a status: `POST zia.rule_label 200 x2`".into()
            );
        }
        Ok(Expected { written: written.to_owned(), query, often: often.unwrap_or(Often::AtLeast(1)) })
    }
}

/// That it is a status, or a class of them.
fn status(word: &str) -> Result<&'static str, String> {
    let digits = word.strip_suffix("xx").map_or((word, 3), |class| (class, 1));
    match digits.0.len() == digits.1 && digits.0.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok("status"),
        false => Err(format!("`{word}` is no status: write `404`, or `4xx`")),
    }
}

/// That it is a method.
fn method(word: &str) -> Result<&'static str, String> {
    match ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].contains(&word) {
        true => Ok("method"),
        false => Err(format!("`{word}` is no method")),
    }
}

/// `2`, or `2+`.
fn times(text: &str) -> Result<Often, String> {
    let (number, more) = text.strip_suffix('+').map_or((text, false), |number| (number, true));
    let number =
        number.parse().map_err(|_| format!("`x{text}` does not say how often: write `x2` or `x2+`"))?;
    Ok(if more { Often::AtLeast(number) } else { Often::Exactly(number) })
}

/// Says of each expectation whether it is met.
pub fn hold(operator: &Operator, query: &Query, expected: &[Expected]) -> Result<ExitCode> {
    let (mut is_met, mut lost) = (true, 0);
    for one in expected {
        let whole: Query = query.iter().chain(&one.query).cloned().collect();
        let answer = asked(operator, "/requests/count", &whole)?;
        let count = answer["count"].as_u64().context(UNREADABLE)?;
        lost = answer["lost"].as_u64().unwrap_or(0);
        // Of what is lost nobody knows whether it was meant.
        let met = match one.often {
            Often::Exactly(number) => count == number && lost == 0,
            Often::AtLeast(number) => count >= number,
        };
        is_met &= met;
        let word = if met { "ok     " } else { "NOT MET" };
        print(&format!("{word}  {}  ({})\n", clean(&one.written), times_told(count)))?;
    }
    if lost > 0 && !is_met {
        say(&format!(
            "zuno: the journal has {lost} earlier calls no more, which are not counted: see `zuno serve --journal`"
        ));
    }
    Ok(if is_met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn times_told(count: u64) -> String {
    match count {
        0 => "never came".into(),
        1 => "came once".into(),
        count => format!("came {count} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Expected, Often};

    #[test]
    fn an_expectation_is_read_in_any_order_of_its_words() {
        let read = |text: &str| text.parse::<Expected>();
        let whole = read("POST zia.rule_label 200 x2").unwrap();
        let query: Vec<(&str, &str)> =
            whole.query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(query, [("method", "POST"), ("operation", "zia.rule_label"), ("status", "200")]);
        assert_eq!(whole.often, Often::Exactly(2));
        assert_eq!(read("x2+ 5xx /oauth2").unwrap().often, Often::AtLeast(2));
        assert_eq!(read("GET").unwrap().often, Often::AtLeast(1));
        assert_eq!(read("xyz.abc").unwrap().query, [("operation", "xyz.abc".to_owned())]);
        for wrong in ["", "x2", "DELET x0", "5XX", "40", "GET POST", "GET x2 x3", "GET x2z", "zia zpa"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
