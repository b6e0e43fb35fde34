//! A signature in the language of Snort and Suricata, as far as its form goes: what is done, the traffic, and options in
//! brackets. What an option means is not looked at, only that those who need a value have one.

use super::wrong::Wrong;

/// The longest signature, in bytes (guessed).
const LONGEST: usize = 8_192;

/// What a signature may do, in Snort and in Suricata.
const ACTIONS: [&str; 12] = [
    "alert",
    "block",
    "drop",
    "log",
    "pass",
    "react",
    "reject",
    "rejectboth",
    "rejectdst",
    "rejectsrc",
    "rewrite",
    "sdrop",
];

/// Options that say nothing without a value.
const WITH_VALUE: [&str; 12] = [
    "msg",
    "content",
    "pcre",
    "sid",
    "rev",
    "gid",
    "classtype",
    "reference",
    "priority",
    "flow",
    "depth",
    "offset",
];

fn wrong<T>(at: usize, why: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { at, why: why.into() })
}

/// A word with the place where it begins.
struct Word<'t> {
    at: usize,
    text: &'t str,
}

/// The words of a header; what stands in square brackets is of one word, blanks and all.
fn words(header: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (None, 0usize);
    for (at, letter) in header.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter.is_whitespace() && depth == 0 {
            if let Some(begin) = start.take() {
                found.push(Word { at: begin, text: &header[begin..at] });
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    found.extend(start.map(|begin| Word { at: begin, text: &header[begin..] }));
    found
}

/// Whether a text has the form of a protocol's name: there are more of them than anybody lists.
fn is_protocol(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether an address, a port or a list of them is one: words of letters, digits and what stands between them, with
/// brackets that are closed.
fn is_place(text: &str) -> bool {
    let mut depth = 0i32;
    for letter in text.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            letter if letter.is_ascii_alphanumeric() || letter.is_whitespace() => {}
            '!' | '$' | ',' | '.' | ':' | '/' | '_' | '-' => {}
            _ => return false,
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && !text.is_empty()
}

/// That the options, which begin at a place, are a list of names with and without values; the names.
fn options(text: &str, begin: usize) -> Result<Vec<&str>, Wrong> {
    let mut names = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                names.push(option(&text[start..at], begin + start)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return wrong(begin + start, "A quotation mark is not closed");
    }
    if !text[start..].trim().is_empty() {
        return wrong(begin + start, "An option does not end with a semicolon");
    }
    Ok(names)
}

fn option(text: &str, begin: usize) -> Result<&str, Wrong> {
    let at = begin + text.len() - text.trim_start().len();
    let (name, value) = text.split_once(':').map_or((text, None), |(name, value)| (name, Some(value.trim())));
    let name = name.trim();
    if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
    {
        return wrong(at, "An option has no name");
    }
    if WITH_VALUE.contains(&name) && value.is_none_or(str::is_empty) {
        return wrong(at, format!("The option {name} needs a value"));
    }
    if matches!(name, "sid" | "rev" | "gid") && value.is_none_or(|value| value.parse::<u32>().is_err()) {
        return wrong(at, format!("The option {name} needs a number"));
    }
    if name == "pcre" && !value.is_some_and(|value| value.trim_start_matches('!').starts_with('"')) {
        return wrong(at, "The option pcre needs a pattern in quotation marks");
    }
    Ok(name)
}

/// Checks a signature.
///
/// # Errors
/// The first place that is wrong.
pub fn check(text: &str) -> Result<(), Wrong> {
    if text.len() > LONGEST {
        return wrong(LONGEST, format!("The signature is longer than {LONGEST} bytes"));
    }
    let end = text.trim_end().len();
    let Some(open) = text.find('(') else { return wrong(end, "The options in brackets are missing") };
    if !text[..end].ends_with(')') || end == open + 1 {
        return wrong(end, "The bracket of the options is not closed");
    }
    let header = words(&text[..open]);
    let missing = [
        "the action",
        "the protocol",
        "the source",
        "its port",
        "the direction",
        "the destination",
        "its port",
    ];
    for (place, word) in header.iter().enumerate() {
        let right = match place {
            0 => ACTIONS.contains(&word.text),
            1 => is_protocol(word.text),
            4 => matches!(word.text, "->" | "<>"),
            2 | 3 | 5 | 6 => is_place(word.text),
            _ => return wrong(word.at, format!("{} is too much", word.text)),
        };
        if !right {
            return wrong(word.at, format!("{} is not valid as {}", word.text, missing[place]));
        }
    }
    if let Some(what) = missing.get(header.len()) {
        return wrong(open, format!("Of the signature {what} is missing"));
    }
    let names = options(&text[open + 1..end - 1], open + 1)?;
    if !names.contains(&"sid") {
        return wrong(end, "The option sid is missing");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::check;

    fn place(text: &str) -> Option<usize> {
        check(text).err().map(|wrong| wrong.at)
    }

    #[test]
    fn a_signature_has_traffic_and_options() {
        for right in [
            r#"alert tcp any any -> any 80 (msg:"beacon"; content:"beacon"; sid:1000001; rev:1;)"#,
            "alert udp any any -> any 53 (sid:1000002;)",
            r#"drop http $HOME_NET any -> $EXTERNAL_NET [80, 8080:8090] (msg:"a (b); c"; http.uri; pcre:"/x\"y/i"; sid:7;)"#,
            "sdrop dnp3 any any -> any any (sid:3;)",
            "alert mqtt any any -> any any (sid:4;)",
            "alert ip [10.0.0.0/8,!10.1.0.0/16] any <> any any (sid:9; )  ",
        ] {
            assert_eq!(check(right), Ok(()), "{right}");
        }
        for (text, at) in [
            ("", 0),
            ("alert", 5),
            ("shout tcp any any -> any 80 (sid:1;)", 0),
            ("alert TCP! any any -> any 80 (sid:1;)", 6),
            ("alert tcp any any => any 80 (sid:1;)", 18),
            ("alert tcp any any -> any (sid:1;)", 25),
            ("alert tcp any any -> any 80 81 (sid:1;)", 28),
            ("alert tcp any any -> any 80 (sid:x;)", 29),
            ("alert tcp any any -> any 80 (msg:\"a; sid:1;)", 29),
            ("alert tcp any any -> any 80 (sid:1)", 29),
            ("alert tcp any any -> any 80 (msg;sid:1;)", 29),
            ("alert tcp any any -> any 80 (msg:\"a\";)", 38),
            ("alert tcp any any -> any 80 (sid:1;", 35),
            ("alert tcp any] any -> any 80 (sid:1;)", 10),
        ] {
            assert_eq!(place(text), Some(at), "{text}");
        }
        assert!(place(&"(".repeat(10_000)).is_some());
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_to_a_place_within_it(text in ".{0,200}") {
            if let Err(wrong) = check(&text) {
                prop_assert!(wrong.at <= text.len());
            }
        }
    }
}
