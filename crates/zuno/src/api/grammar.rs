//! The grammar of `zuno api`, drawn from the catalogue: as deep as the words already said go.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Args as _, Command};

use crate::configuration::defaults::{everywhere, options};
use crate::operations::{KnownOperation, is_customer};
use crate::reach::Whom;
use crate::table::Shown;

/// What stands below the help of `zuno api`.
pub const EXAMPLES: &str = "\
Examples:
  zuno api zia --list                     what there is, and how far Zuno has it
  zuno api zpa segment-group list         a table on a terminal, JSON in a pipe
  zuno api zpa segment-group create --set name=Finance --set enabled=true
  zuno api zpa segment-group read 216196257331281921
  zuno api zia url-category list --query customOnly=true --columns id,configuredName,urls
  zuno api zia location list --all --json | jq length
  zuno api zia url-filtering-rule update 5 --body @rule.json
  zuno api zia static-ip update --help    an operation's own parameters

Resources and verbs may be written with hyphens or underscores. A ZPA path's customer id is filled in. The same command \
calls the real cloud with --real, and names the tenant before it changes anything there.

Exit status: 0 done; 1 the call was refused or failed; 2 the command line is wrong.";

/// Options of a call.
#[derive(Debug, clap::Args)]
pub struct CallOptions {
    /// The request's body: JSON, @FILE, or - for standard input; a file or a text as it is, where the call takes one.
    #[arg(long, value_name = "JSON")]
    pub body: Option<String>,
    /// A member of the body; the value is JSON, or else text. May be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// A query parameter. May be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    pub query: Vec<String>,
    /// Walk all pages of a list, and show them as one.
    #[arg(long)]
    pub all: bool,
    /// How the answer is shown.
    #[command(flatten)]
    pub shown: Shown,
    /// Whom to call.
    #[command(flatten)]
    pub whom: Whom,
}

/// Options of a listing.
#[derive(Debug, clap::Args)]
pub struct ListOptions {
    /// List the operations, with their grades: faithful, stored, ungraded (built, not yet judged), absent.
    #[arg(long)]
    pub list: bool,
    /// How it is shown.
    #[command(flatten)]
    pub shown: Shown,
}

/// A name as the command line writes it: `url_category` is `url-category`, `ruleId` is `rule-id`.
pub fn dashes(name: &str) -> String {
    let mut written = String::with_capacity(name.len() + 2);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            if !written.is_empty() && !written.ends_with('-') {
                written.push('-');
            }
            written.push(letter.to_ascii_lowercase());
        } else if letter.is_ascii_alphanumeric() {
            written.push(letter);
        } else if !written.is_empty() && !written.ends_with('-') {
            written.push('-');
        }
    }
    written.trim_end_matches('-').to_owned()
}

/// The same with underscores, to compare by.
pub fn plain(name: &str) -> String {
    dashes(name).replace('-', "_")
}

/// The words with resource and verb in the spelling of the grammar, and a leading `--list` behind the names it is about.
pub fn dashed(words: &[OsString]) -> Vec<String> {
    let mut words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    if words.first().is_some_and(|word| word == "--list") {
        words.rotate_left(1);
    }
    for word in words.iter_mut().skip(1).take(2) {
        if !word.starts_with('-') {
            *word = word.replace('_', "-");
        }
    }
    words
}

/// The value of an option that the catalogue named.
pub fn option(words: &ArgMatches, name: &str) -> Option<String> {
    words.try_get_one::<String>(name).ok().flatten().cloned()
}

/// The grammar: products, the resources of the product said, the verbs of the resource said, the parameters of the verb.
pub fn command(known: &[KnownOperation<'_>], words: &[String]) -> Command {
    let mut names = words.iter().filter(|word| !word.starts_with('-')).map(String::as_str);
    let (product, noun, verb) = (names.next(), names.next(), names.next());
    let mut root = ListOptions::augment_args(Command::new("zuno api"))
        .about("Call any operation of the six APIs")
        .after_help(EXAMPLES)
        .no_binary_name(true)
        .bin_name("zuno api")
        .disable_help_subcommand(true)
        .max_term_width(100)
        .arg(
            Arg::new("verbose")
                .short('v')
                .long("verbose")
                .global(true)
                .action(ArgAction::Count)
                .help("Say more on standard error; twice for everything"),
        )
        .subcommand_value_name("PRODUCT")
        .subcommand_help_heading("Products");
    let mut last = "";
    for one in known {
        if one.product.name != last {
            last = &one.product.name;
            root = root.subcommand(of_product(known, last, (product == Some(last)).then_some((noun, verb))));
        }
    }
    root
}

type Deeper<'w> = Option<(Option<&'w str>, Option<&'w str>)>;

fn of_product(known: &[KnownOperation<'_>], product: &str, deeper: Deeper<'_>) -> Command {
    let own: Vec<&KnownOperation<'_>> = known.iter().filter(|one| one.product.name == product).collect();
    let about =
        own.first().map(|one| format!("{}: {}", one.product.title, one.product.doc)).unwrap_or_default();
    let command = ListOptions::augment_args(Command::new(product.to_owned()))
        .about(about)
        .disable_help_subcommand(true)
        .subcommand_value_name("RESOURCE")
        .subcommand_help_heading("Resources");
    let Some((noun, verb)) = deeper else { return command };
    let mut command = command;
    let mut last = "";
    for one in &own {
        if one.noun != last {
            last = one.noun;
            let name = dashes(last);
            let verb = (noun == Some(name.as_str())).then_some(verb);
            command = command.subcommand(of_noun(&own, last, name, verb));
        }
    }
    command
}

fn of_noun(own: &[&KnownOperation<'_>], noun: &str, name: String, verb: Option<Option<&str>>) -> Command {
    let own: Vec<&&KnownOperation<'_>> = own.iter().filter(|one| one.noun == noun).collect();
    let doc = own.iter().find_map(|one| one.described).map(|(resource, _)| resource.doc.clone());
    let verbs: Vec<String> = own.iter().map(|one| dashes(one.verb)).collect();
    let mut command = ListOptions::augment_args(Command::new(name))
        .about(doc.unwrap_or_else(|| verbs.join(", ")))
        .disable_help_subcommand(true)
        .subcommand_value_name("VERB")
        .subcommand_help_heading("Verbs");
    let Some(said) = verb else { return command };
    for one in own {
        let name = dashes(one.verb);
        let about = format!("{} {} ({})", one.method, one.path(), one.graded());
        let leaf = Command::new(name.clone());
        let leaf = if said == Some(name.as_str()) { of_verb(one, leaf) } else { leaf };
        let long = if one.doc().is_empty() { about.clone() } else { format!("{}\n\n{about}", one.doc()) };
        command = command.subcommand(leaf.about(about).long_about(long));
    }
    command
}

fn of_verb(operation: &KnownOperation<'_>, leaf: Command) -> Command {
    let mut leaf = CallOptions::augment_args(leaf).disable_help_subcommand(true);
    let taken = |leaf: &Command, name: &str| {
        leaf.get_arguments().any(|argument| argument.get_long() == Some(name) || argument.get_id() == name)
    };
    let mut words = Vec::new();
    for parameter in operation.parameters() {
        let name = dashes(parameter);
        // The customer id is an option of every call.
        if is_customer(parameter) {
            continue;
        }
        words.push(name.to_uppercase());
        if !taken(&leaf, &name) {
            leaf = leaf.arg(named(&name, parameter, "In the path", "Part of the path".into()));
        }
    }
    if !words.is_empty() {
        let values = Arg::new("values").value_name(words.join("> <")).num_args(0..=words.len());
        let values = values.help_heading("In the path");
        leaf = leaf.arg(values.help("The path's parameters, in this order, unless given as options"));
    }
    for (name, doc) in operation.query() {
        let option = dashes(name);
        if !taken(&leaf, &option) {
            leaf = leaf.arg(named(&option, name, "In the query", doc.to_owned()));
        }
    }
    match members(operation) {
        Some(members) => leaf.after_help(members),
        None => leaf,
    }
}

/// An option for a parameter, under its own spelling too.
fn named(option: &str, parameter: &str, heading: &'static str, help: String) -> Arg {
    let arg = Arg::new(option.to_owned()).long(option.to_owned()).value_name("VALUE").help(help);
    let arg = arg.help_heading(heading);
    if parameter == option { arg } else { arg.alias(parameter.to_owned()) }
}

/// The members a body may have, for the operations that take one.
fn members(operation: &KnownOperation<'_>) -> Option<String> {
    use zuno_catalogue::{Access, Verb};
    let (resource, described) = operation.described?;
    let takes =
        matches!(described.verb, Verb::Create | Verb::Update | Verb::Patch) && described.body.is_none();
    if !takes {
        return None;
    }
    let is_open = |name: &String| described.members.is_empty() || described.members.contains(name);
    let own = resource
        .fields
        .iter()
        .filter(|(name, field)| is_open(name) && !matches!(field.access, Access::Server | Access::Hidden));
    let lines: Vec<String> = own
        .map(|(name, field)| {
            let shape =
                if field.values.is_empty() { field.shape.to_string() } else { field.values.join(" | ") };
            let needed = if field.access == Access::Required { ", required" } else { "" };
            format!("  {name}: {shape}{needed}\n      {}", field.doc)
        })
        .collect();
    Some(format!("Members of the body:\n{}", lines.join("\n")))
}

/// The grammar of `zuno api` with a file's values for the options that every call has.
///
/// # Errors
/// A value is none of its option.
pub fn with_defaults(mut grammar: Command, file: Option<&toml::Table>) -> anyhow::Result<Command> {
    let known = options(&CallOptions::augment_args(Command::new("call")), false);
    let of_api = |(name, value): (&String, &toml::Value)| match value {
        toml::Value::Table(own) if name == "api" => own.clone(),
        toml::Value::Table(_) => toml::Table::new(),
        value => toml::Table::from_iter([(name.clone(), value.clone())]),
    };
    for (key, value) in file.into_iter().flatten().flat_map(of_api) {
        if known.contains(&key) {
            grammar = everywhere(grammar, &key, &value)?;
        }
    }
    Ok(grammar)
}

#[cfg(test)]
mod tests {
    use super::{dashed, dashes, plain};

    #[test]
    fn names_are_written_with_dashes_and_compared_without() {
        for (name, written) in [
            ("url_category", "url-category"),
            ("ruleId", "rule-id"),
            ("customerId", "customer-id"),
            ("name[like]", "name-like"),
            ("list", "list"),
        ] {
            assert_eq!(dashes(name), written);
        }
        assert_eq!(plain("url-category"), plain("url_category"));
    }

    #[test]
    fn resource_and_verb_may_have_underscores_and_values_keep_theirs() {
        let words = |text: &str| -> Vec<std::ffi::OsString> { text.split(' ').map(Into::into).collect() };
        assert_eq!(
            dashed(&words("zia url_category read_lite CUSTOM_01")).join(" "),
            "zia url-category read-lite CUSTOM_01"
        );
        assert_eq!(dashed(&words("--list zia url_category")).join(" "), "zia url-category --list");
    }
}
