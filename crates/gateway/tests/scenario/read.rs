//! Reads a conversation from its Markdown.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::pattern::names;

/// One request and what must come back.
#[derive(Debug)]
pub struct Exchange {
    /// The heading above it: the rule it shows.
    pub heading: String,
    /// Its line in the file.
    pub line: usize,
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers beside the usual ones.
    pub headers: Vec<(String, String)>,
    /// The request's body, as a pattern whose names are bound; or a file that holds it.
    pub body: Body,
    /// The status wanted.
    pub status: u16,
    /// The headers wanted.
    pub wanted_headers: Vec<(String, String)>,
    /// The answer wanted, as a pattern; nothing means that there must be no body.
    pub answer: String,
}

/// A request's body.
#[derive(Debug)]
pub enum Body {
    /// None.
    None,
    /// JSON, perhaps with names in it.
    Inline(String),
    /// A file beside the conversation.
    File(String),
}

const METHODS: [&str; 5] = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "];

/// Reads every exchange of a file, in order.
pub fn read(path: &Path) -> Result<Vec<Exchange>, String> {
    let text = fs::read_to_string(path).map_err(|cause| cause.to_string())?;
    let mut exchanges = Vec::new();
    let mut heading = String::new();
    let mut block: Option<Vec<(usize, &str)>> = None;
    for (number, line) in text.lines().enumerate() {
        match &mut block {
            Some(lines) if line.trim() == "```" => {
                take_apart(&heading, lines, &mut exchanges)?;
                block = None;
            }
            Some(lines) => lines.push((number + 1, line)),
            None if line.trim() == "```api" => block = Some(Vec::new()),
            None if line.starts_with('#') => heading = line.trim_start_matches('#').trim().to_owned(),
            None => {}
        }
    }
    if block.is_some() {
        return Err("the last ```api block is not closed".into());
    }
    if exchanges.is_empty() {
        return Err("there is no exchange in it".into());
    }
    asked_for_again(text, path, &exchanges)?;
    Ok(exchanges)
}

/// A name that is bound and never asked for again shows nothing: it would match whatever comes.
fn asked_for_again(mut text: String, path: &Path, exchanges: &[Exchange]) -> Result<(), String> {
    for exchange in exchanges {
        if let Body::File(name) = &exchange.body {
            let beside = path.with_file_name(name);
            text += &fs::read_to_string(beside).map_err(|cause| format!("{name}: {cause}"))?;
        }
    }
    let mut often = BTreeMap::new();
    for name in names(&text) {
        *often.entry(name).or_insert(0) += 1;
    }
    match often.iter().find(|(_, times)| **times == 1) {
        Some((name, _)) => {
            Err(format!("${name} is never asked for again: write `$_` where any value will do"))
        }
        None => Ok(()),
    }
}

/// A block holds one exchange after another; each begins with a request line.
fn take_apart(heading: &str, lines: &[(usize, &str)], exchanges: &mut Vec<Exchange>) -> Result<(), String> {
    let is_request = |line: &str| METHODS.iter().any(|method| line.starts_with(method));
    let mut rest = lines;
    while let Some(start) = rest.iter().position(|(_, line)| is_request(line)) {
        if let Some((number, stray)) = rest[..start].iter().find(|(_, line)| !line.trim().is_empty()) {
            return Err(format!("line {number}: `{stray}` belongs to no request"));
        }
        let marker = rest[start..].iter().position(|(_, line)| line.starts_with("--- "));
        let marker =
            start + marker.ok_or(format!("line {}: the request has no `--- STATUS`", rest[start].0))?;
        let end = rest[marker..]
            .iter()
            .position(|(_, line)| is_request(line))
            .map_or(rest.len(), |next| marker + next);
        exchanges.push(exchange(heading, &rest[start..marker], rest[marker], &rest[marker + 1..end])?);
        rest = &rest[end..];
    }
    Ok(())
}

fn exchange(
    heading: &str,
    asked: &[(usize, &str)],
    marker: (usize, &str),
    answer: &[(usize, &str)],
) -> Result<Exchange, String> {
    let (number, first) = asked[0];
    let (method, target) = first.split_once(' ').unwrap_or_default();
    let (target, file) =
        target.split_once(" < ").map_or((target, None), |(target, file)| (target, Some(file)));
    let (headers, body) = headers_and_rest(&asked[1..]);
    let body = match file {
        Some(file) => Body::File(file.trim().to_owned()),
        None if body.trim().is_empty() => Body::None,
        None => Body::Inline(body),
    };
    let status = marker.1.trim_start_matches("--- ").trim();
    let status = status.parse().map_err(|_| format!("line {}: `{status}` is no status", marker.0))?;
    let (wanted_headers, answer) = headers_and_rest(answer);
    Ok(Exchange {
        heading: heading.to_owned(),
        line: number,
        method: method.to_owned(),
        target: target.trim().to_owned(),
        headers,
        body,
        status,
        wanted_headers,
        answer,
    })
}

/// Lines such as `Name: value` at the top are headers; what follows is the body, which may begin with an address.
fn headers_and_rest(lines: &[(usize, &str)]) -> (Vec<(String, String)>, String) {
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        (plain && !value.starts_with("//")).then(|| (name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers: Vec<_> = lines.iter().map_while(|(_, line)| header(line)).collect();
    let rest: Vec<&str> = lines[headers.len()..].iter().map(|(_, line)| *line).collect();
    (headers, rest.join("\n").trim().to_owned())
}
