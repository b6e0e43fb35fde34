//! `zuno api`: any operation of the catalogue, against Zuno or the real cloud.

mod grammar;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{ArgMatches, Args, FromArgMatches as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use zuno_catalogue::{Catalogue, Takes};
use zuno_client::Method;

use crate::body::Body;
use crate::operations::{self, KnownOperation, is_customer};
use crate::reach::{self, Reached};
use crate::table::{clean, say};
use crate::usage::Usage;
use crate::{log, pages};
pub use grammar::CallOptions;
use grammar::ListOptions;

/// What stands in a path segment unescaped (RFC 3986), as far as ids need it.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@').remove(b'|');

/// Options of `zuno api`: its words are read against the catalogue, by a grammar of their own.
#[derive(Debug, Args)]
#[command(disable_help_flag = true, after_help = grammar::EXAMPLES)]
pub struct Api {
    /// PRODUCT RESOURCE VERB, values and options; `--list` and `--help` at any place.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, num_args = 0.., value_name = "WORDS")]
    words: Vec<OsString>,
}

/// Runs the command.
pub fn run(options: &Api, verbose: u8, file: Option<&toml::Table>) -> Result<ExitCode> {
    let catalogue = Catalogue::compiled();
    let known = operations::all(&catalogue);
    let words = grammar::dashed(&options.words);
    let command = grammar::with_defaults(grammar::command(&known, &words), file)?;
    let matches = command.try_get_matches_from(words)?;
    log::start(verbose.saturating_add(matches.get_count("verbose")), false);
    reach::one_of_both(&matches)?;
    let mut names = Vec::new();
    let mut leaf = &matches;
    while let Some((name, inner)) = leaf.subcommand() {
        names.push(name.replace('-', "_"));
        leaf = inner;
    }
    let [product, noun, verb] = names.as_slice() else {
        return list(&known, &names, &ListOptions::from_arg_matches(leaf)?);
    };
    let named = |known: &&KnownOperation<'_>| {
        known.product.name == *product
            && grammar::plain(known.noun) == *noun
            && grammar::plain(known.verb) == *verb
    };
    let operation = known.iter().find(named).expect("the grammar was drawn from these");
    call(operation, leaf, &CallOptions::from_arg_matches(leaf)?)
}

/// Shows what there is: products, or their operations with their grades.
fn list(known: &[KnownOperation<'_>], names: &[String], options: &ListOptions) -> Result<ExitCode> {
    let chosen: Vec<&KnownOperation<'_>> = known
        .iter()
        .filter(|known| names.first().is_none_or(|product| known.product.name == *product))
        .filter(|known| names.get(1).is_none_or(|noun| grammar::plain(known.noun) == *noun))
        .collect();
    let row = |known: &&KnownOperation<'_>| {
        let mut row = Map::new();
        // Whoever named the product knows it; a program wants the same members every time.
        if names.is_empty() || !options.shown.as_table() {
            row.insert("product".into(), known.product.name.clone().into());
        }
        row.insert("resource".into(), grammar::dashes(known.noun).into());
        row.insert("verb".into(), grammar::dashes(known.verb).into());
        row.insert("grade".into(), known.graded().into());
        row.insert("method".into(), known.method.as_str().into());
        row.insert("path".into(), known.path().into());
        Value::Object(row)
    };
    let rows: Vec<Value> = if names.is_empty() && options.shown.as_table() && !options.list {
        summary(known)
    } else {
        chosen.iter().map(row).collect()
    };
    options.shown.show(&Value::Array(rows))?;
    if names.is_empty() && options.shown.as_table() && !options.list {
        say("\nzuno api PRODUCT --list shows a product's operations; zuno api --help shows examples");
    }
    Ok(ExitCode::SUCCESS)
}

/// A line for each product: what it is, and how much of it there is.
fn summary(known: &[KnownOperation<'_>]) -> Vec<Value> {
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    for one in known {
        let fresh = rows.last().is_none_or(|row| row["product"] != one.product.name.as_str());
        if fresh {
            let mut row = Map::new();
            row.insert("product".into(), one.product.name.clone().into());
            row.insert("title".into(), one.product.title.clone().into());
            for count in ["operations", "faithful", "stored", "ungraded", "absent"] {
                row.insert(count.into(), 0.into());
            }
            rows.push(row);
        }
        let row = rows.last_mut().expect("one was pushed");
        for count in ["operations", one.graded()] {
            let more = row[count].as_u64().unwrap_or(0) + 1;
            row.insert(count.into(), more.into());
        }
    }
    rows.into_iter().map(Value::Object).collect()
}

fn call(operation: &KnownOperation<'_>, words: &ArgMatches, options: &CallOptions) -> Result<ExitCode> {
    let mut query = options.query()?;
    for (name, _) in operation.query() {
        if let Some(value) = grammar::option(words, &grammar::dashes(name)) {
            query.push((name.to_owned(), value));
        }
    }
    let takes = operation.described.and_then(|(_, described)| described.takes);
    let body = options.body(takes)?;
    let reached = options.whom.reach()?;
    let (path, values) = path(operation, words, &reached)?;
    let method = Method::from_bytes(operation.method.as_str().as_bytes())?;
    let call = |query: &[(String, String)]| {
        if operation.writes() {
            reached.write(&method, &path, query, body.as_ref())
        } else {
            reached.read(&method, &path, query, body.as_ref())
        }
    };
    if options.all {
        let list = pages::all(operation.page(), &query, |query| Ok(call(query)?.json()))?;
        options.shown.show(&Value::Array(list))?;
        return Ok(ExitCode::SUCCESS);
    }
    let answer = call(&query)?;
    match serde_json::from_slice::<Value>(&answer.body) {
        Ok(value) => {
            options.shown.show(&value)?;
            if let Some(more) = pages::more(operation.page(), &query, &value) {
                say(&format!("zuno: {more}"));
            }
        }
        Err(_) if answer.body.is_empty() => {}
        // A download: exactly as it came, but for what a terminal would obey.
        Err(_) => match std::str::from_utf8(&answer.body) {
            Ok(text) if std::io::stdout().is_terminal() => {
                std::io::stdout().write_all(clean(text).as_bytes())?;
            }
            _ => std::io::stdout().write_all(&answer.body)?,
        },
    }
    if let Some(done) = done(operation, &values, answer.body.is_empty()) {
        say(&format!("zuno: {done}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a change did, in a sentence; nothing where the answer shows what was made.
fn done(operation: &KnownOperation<'_>, values: &[String], silent: bool) -> Option<String> {
    let what = match operation.method {
        zuno_catalogue::Method::Delete => "deleted",
        zuno_catalogue::Method::Put | zuno_catalogue::Method::Patch => "updated",
        _ if silent => "done",
        _ => return None,
    };
    let noun =
        operation.described.map_or_else(|| operation.noun.replace('_', " "), |(kind, _)| kind.noun.clone());
    let verb = operation.verb.replace('_', " ");
    let named = [&[noun], values].concat().join(" ");
    // Some calls of these methods do something of their own, which has a name.
    Some(match verb.as_str() {
        "delete" | "update" => format!("{named} is {what}"),
        _ => format!("{named}: {verb} is done"),
    })
}

/// The path with its parameters, each as an option or else the next word after the verb; and those that were said.
fn path(
    operation: &KnownOperation<'_>,
    words: &ArgMatches,
    reached: &Reached,
) -> Result<(String, Vec<String>)> {
    let said = words.try_get_many::<String>("values").ok().flatten();
    let mut positional = said.into_iter().flatten();
    let (mut path, mut values) = (operation.path(), Vec::new());
    for parameter in operation.parameters() {
        let value = match grammar::option(words, &grammar::dashes(parameter)) {
            _ if is_customer(parameter) => reached.customer_id()?,
            Some(value) => value,
            None => positional.next().cloned().ok_or_else(|| {
                let name = grammar::dashes(parameter);
                let verb = grammar::dashes(operation.verb);
                Usage(format!(
                    "{} {} {verb} needs its {name}: write it after `{verb}`, or as --{name}",
                    operation.product.name,
                    grammar::dashes(operation.noun)
                ))
            })?,
        };
        if value.is_empty() {
            return Err(Usage(format!("{} is empty", grammar::dashes(parameter))).into());
        }
        let encoded = utf8_percent_encode(&value, SEGMENT).to_string();
        path = path.replacen(&format!("{{{parameter}}}"), &encoded, 1);
        if !is_customer(parameter) {
            values.push(value);
        }
    }
    match positional.next() {
        None => Ok((path, values)),
        Some(extra) => {
            Err(Usage(format!("`{extra}` is one word too many: {path} has no place for it")).into())
        }
    }
}

impl CallOptions {
    fn query(&self) -> Result<Vec<(String, String)>> {
        let pair = |text: &String| {
            let (name, value) = text
                .split_once('=')
                .ok_or_else(|| Usage(format!("--query takes NAME=VALUE, and `{text}` has no `=`")))?;
            Ok((name.to_owned(), value.to_owned()))
        };
        self.query.iter().map(pair).collect()
    }

    /// The body: given whole, or put together from `--set`, or both; as it is, where the operation takes no JSON.
    fn body(&self, takes: Option<Takes>) -> Result<Option<Body>> {
        let mut body = match self.body.as_deref() {
            None if self.set.is_empty() => return Ok(None),
            None => Value::Object(Map::new()),
            Some(said) => {
                let (name, bytes) = read(said)?;
                match takes {
                    Some(Takes::Text) => return Ok(Some(Body::text(bytes))),
                    Some(Takes::File) => return Ok(Some(Body::form(&name, &bytes))),
                    None => {}
                }
                let parsed: Result<Value, _> = serde_json::from_slice(&bytes);
                parsed.map_err(|cause| {
                    Usage(format!("the body is no JSON: {cause}; give JSON, @FILE, or - for standard input"))
                })?
            }
        };
        for text in &self.set {
            let (name, value) = text
                .split_once('=')
                .ok_or_else(|| Usage(format!("--set takes NAME=VALUE, and `{text}` has no `=`")))?;
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            let Some(object) = body.as_object_mut() else {
                return Err(Usage("--set needs a body that is an object".into()).into());
            };
            object.insert(name.to_owned(), value);
        }
        Ok(Some(Body::json(&body)))
    }
}

/// What is said of a body, `@FILE`, `-` or the text itself: the file's name, and the bytes.
fn read(said: &str) -> Result<(String, Vec<u8>)> {
    if let Some(path) = said.strip_prefix('@') {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {path}"))?;
        let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Ok((name, bytes));
    }
    if said != "-" {
        return Ok(("body.txt".into(), said.as_bytes().to_vec()));
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(("standard-input".into(), bytes))
}
