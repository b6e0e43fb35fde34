//! Values of a configuration file as the defaults of a command's options.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use clap::{Arg, ArgAction, Command};
use toml::Value;

use crate::usage::Usage;

/// Options that have no variable, and no place in the configuration file: those that would lead to the real cloud unseen, and
/// those that are no setting.
pub const WITHOUT_VARIABLE: [&str; 6] = ["real", "record", "record-writes", "spy", "help", "version"];

/// The long options of a command, or of all commands below it too.
pub fn options(command: &Command, below: bool) -> BTreeSet<String> {
    let own = command.get_arguments().filter_map(Arg::get_long).map(str::to_owned);
    let mut all: BTreeSet<String> =
        own.filter(|name| name != "config" && !WITHOUT_VARIABLE.contains(&name.as_str())).collect();
    if below {
        all.extend(command.get_subcommands().flat_map(|inner| options(inner, true)));
    }
    all
}

/// A value for every command that has the option.
pub fn everywhere(command: Command, key: &str, value: &Value) -> Result<Command> {
    let mut command = match options(&command, false).contains(key) {
        true => with_default(command, key, value)?,
        false => command,
    };
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    for name in names {
        let inner = command.find_subcommand(&name).cloned().unwrap_or_default();
        let inner = everywhere(inner, key, value)?;
        command = command.mut_subcommand(&name, |_| inner);
    }
    Ok(command)
}

/// The command with another default for one of its options.
pub fn with_default(command: Command, key: &str, value: &Value) -> Result<Command> {
    let arg = command.get_arguments().find(|arg| arg.get_long() == Some(key));
    let arg = arg.with_context(|| format!("`{key}` is no option"))?;
    let id = arg.get_id().clone();
    let values = texts(arg, key, value)?;
    // Help tells defaults, and help is pasted into tickets.
    let secret = key.contains("secret");
    Ok(match values.is_empty() {
        true => command,
        false => command.mut_arg(id, |arg| arg.default_values(values).hide_default_value(secret)),
    })
}

/// A value as it would be typed.
fn texts(arg: &Arg, key: &str, value: &Value) -> Result<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        _ => bail!(Usage(format!("`{key}` is a text, a number, or a list of such"))),
    };
    let flag = matches!(arg.get_action(), ArgAction::SetTrue);
    Ok(match value {
        Value::Boolean(false) if flag => Vec::new(),
        Value::Boolean(true) if flag => vec!["true".into()],
        _ if flag => bail!(Usage(format!("`{key}` is true or false"))),
        Value::Array(items) => items.iter().map(one).collect::<Result<_>>()?,
        other => vec![one(other)?],
    })
}
