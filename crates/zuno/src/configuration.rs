//! The configuration file: what options are when neither the command line nor a variable says.
//!
//! A TOML file whose keys are long options and whose tables are commands. Its values become the options' defaults before
//! the command line is read, so that flags win over variables, variables over the file, and the file over what is built in.

pub mod defaults;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args as _, Command, FromArgMatches as _};
use toml::{Table, Value};

use self::defaults::{everywhere, options, with_default};
use crate::api::CallOptions;
use crate::cli::{self, Cli};
use crate::usage::Usage;

/// What was asked for, and the file that had its say.
pub struct Asked {
    /// The command line.
    pub cli: Cli,
    /// The file, for `zuno api`, whose words have a grammar of their own.
    pub file: Option<Table>,
}

/// Reads the command line, with the file's values where it says nothing.
///
/// # Errors
/// The file cannot be used, or the command line is wrong or asks for help: a [`clap::Error`].
pub fn read_command_line(words: &[OsString]) -> Result<Asked> {
    let Some(path) = file(words)? else {
        return Ok(Asked { cli: parsed(cli::command(), words)?, file: None });
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|cause| Usage(format!("cannot read the configuration {}: {cause}", path.display())))?;
    let whole = || format!("the configuration {}", path.display());
    let table = table(&text).with_context(whole)?;
    let command = configured(table.clone()).with_context(whole)?;
    if let Err(wrong) = command.clone().try_get_matches_from(words)
        && wrong.use_stderr()
        && cli::command().try_get_matches_from(words).is_ok()
    {
        let why = wrong.to_string();
        let why = why.lines().next().unwrap_or_default().trim_start_matches("error: ");
        bail!(Usage(format!("the configuration {}: {why}", path.display())));
    }
    Ok(Asked { cli: parsed(command, words)?, file: Some(table) })
}

fn parsed(command: Command, words: &[OsString]) -> Result<Cli> {
    let matches = command.try_get_matches_from(words)?;
    crate::reach::one_of_both(&matches)?;
    Ok(Cli::from_arg_matches(&matches)?)
}

fn table(text: &str) -> Result<Table> {
    Ok(text.parse().map_err(|wrong: toml::de::Error| Usage(format!("\n{wrong}")))?)
}

/// The file that is named, or the user's own if there is one.
fn file(words: &[OsString]) -> Result<Option<PathBuf>> {
    // Whatever else is asked or wrong, help included, is the second reading's affair.
    let first = cli::command().ignore_errors(true).disable_help_flag(true).disable_version_flag(true);
    let named = first.disable_help_subcommand(true).try_get_matches_from(words);
    if let Some(path) = named.ok().and_then(|found| found.get_one::<PathBuf>("config").cloned()) {
        return Ok(Some(path));
    }
    let own = directories::ProjectDirs::from("", "", "zuno").map(|own| own.config_dir().join("config.toml"));
    Ok(own.filter(|path| path.exists()))
}

/// The command line with a file's values as defaults.
fn configured(table: Table) -> Result<Command> {
    let mut command = cli::command();
    for (key, value) in table {
        command = match value {
            Value::Table(table) => of_command(command, &[], &key, table)?,
            value => {
                let known = options(&command, true);
                if !known.contains(&key) {
                    bail!(Usage(unknown(&key, "no command has the option", &known)));
                }
                everywhere(command, &key, &value)?
            }
        };
    }
    Ok(command)
}

/// A table's values, for the command of its name.
fn of_command(command: Command, above: &[String], name: &str, table: Table) -> Result<Command> {
    let Some(mut inner) = command.find_subcommand(name).cloned() else {
        let known = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
        bail!(Usage(unknown(name, "there is no command", &known)));
    };
    let path = [above, &[name.to_owned()]].concat();
    if path == ["api"] {
        // Its options are those of a call, and are read when the call's words are.
        let known = options(&CallOptions::augment_args(Command::new("call")), false);
        return match table.keys().find(|key| !known.contains(*key)) {
            Some(key) => bail!(Usage(unknown(key, "`zuno api` has no option", &known))),
            None => Ok(command),
        };
    }
    for (key, value) in table {
        inner = match value {
            Value::Table(table) => of_command(inner, &path, &key, table)?,
            value => {
                let known = options(&inner, false);
                if !known.contains(&key) {
                    bail!(Usage(unknown(&key, &format!("`zuno {}` has no option", path.join(" ")), &known)));
                }
                with_default(inner, &key, &value)?
            }
        };
    }
    Ok(command.mut_subcommand(name, |_| inner))
}

fn unknown(key: &str, what: &str, known: &BTreeSet<String>) -> String {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    format!("{what} `{key}`; there are {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serve(text: &str, words: &[&str]) -> crate::serve::Serve {
        let command = configured(table(text).unwrap()).unwrap();
        let words = [&["zuno", "serve"], words].concat();
        match Cli::from_arg_matches(&command.get_matches_from(words)).unwrap().command {
            cli::Command::Serve(options) => options,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_file_speaks_where_the_command_line_does_not() {
        let text = "vanity = \"everywhere\"\n[serve]\nlisten = \"127.0.0.1:9\"\nmemory = true\njwks-host = [\"a.example\", \"b.example\"]";
        let options = serve(text, &[]);
        assert_eq!((options.listen.port(), options.memory), (9, true));
        assert_eq!(options.behaviour.vanity.as_deref(), Some("everywhere"));
        assert_eq!(options.behaviour.jwks_hosts, ["a.example", "b.example"]);
        let options = serve(text, &["--listen", "127.0.0.1:7", "--jwks-host", "c.example", "--data", "x"]);
        assert_eq!(
            (options.listen.port(), options.behaviour.jwks_hosts.as_slice()),
            (7, ["c.example".to_owned()].as_slice())
        );
    }

    #[test]
    fn what_the_file_misspells_is_told_with_what_there_is() {
        for (text, told) in [
            ("[serve]\nlisen = \"x\"", "`zuno serve` has no option `lisen`; there are"),
            ("[endpoints.allowlst]\nformat = \"pf\"", "there is no command `allowlst`; there are allowlist,"),
            ("lisen = 1", "no command has the option `lisen`"),
            ("[serve]\nmemory = \"yes\"", "`memory` is true or false"),
            ("[serve]\nlisten = true", "`listen` is a text, a number, or a list of such"),
            ("[serve", "line 1, column 7"),
        ] {
            let wrong = table(text).and_then(configured).unwrap_err();
            assert!(wrong.to_string().contains(told) && wrong.is::<Usage>(), "{text}: {wrong}");
        }
    }

    #[test]
    fn a_secret_does_not_show_in_help() {
        let mut command =
            configured(table("[serve]\nclient-id = \"ci\"\nclient-secret = \"hush\"").unwrap()).unwrap();
        let help = command.find_subcommand_mut("serve").unwrap().render_long_help().to_string();
        assert!(help.contains("[default: ci]") && !help.contains("hush"), "{help}");
    }
}
