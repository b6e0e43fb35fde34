//! What can be said of pulling, planning, applying, pushing and drift.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use zuno_catalogue::Catalogue;
use zuno_plan::{Kind, kinds};

use crate::reach::{Target, Whom};
use crate::table::Shown;
use crate::usage::Usage;

/// Options of `zuno pull`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno pull acme
  zuno pull acme --only zia.url_category,zia.firewall_*
  zuno pull acme --real
  zuno pull --list

A folder for each product, a YAML file for each kind, names in the place of ids. Secrets are never told, and so are in no file. \
Of the real cloud no more is asked in a time than its products allow; a pull that ended early goes on where it was.")]
pub struct Pull {
    /// The folder to write to.
    #[arg(value_name = "FOLDER", required_unless_present = "list")]
    pub folder: Option<PathBuf>,
    /// What is pulled.
    #[command(flatten)]
    pub only: Only,
    /// Begin anew where an earlier pull ended early.
    #[arg(long)]
    pub afresh: bool,
    /// List the kinds that calls configure instead.
    #[arg(long, conflicts_with = "folder")]
    pub list: bool,
    /// How the list is shown.
    #[command(flatten)]
    pub shown: Shown,
    /// Whom to ask.
    #[command(flatten)]
    pub whom: Whom,
    /// How fast.
    #[command(flatten)]
    pub haste: Haste,
}

/// How fast calls come.
#[derive(Debug, Default, Args)]
pub struct Haste {
    /// Ask the real cloud as fast as it answers, and wait only when it asks to, in the place of keeping to the documented limits.
    #[arg(long)]
    pub hurry: bool,
}

/// Which kinds are meant.
#[derive(Debug, Default, Args)]
pub struct Only {
    /// The kinds that are meant, `*` for any letters, separated by commas; all when not said.
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub only: Vec<String>,
}

/// Options of `zuno plan`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno plan acme
  zuno plan acme --only zia.* --json

A kind that no file is about is left alone. Of one that a file is about, what is not in it is deleted, but for what came with the \
tenant. A member that a record does not say stays as it is.")]
pub struct Plan {
    /// The folder that says what is to be.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// What is planned.
    #[command(flatten)]
    pub only: Only,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// Whom to ask.
    #[command(flatten)]
    pub whom: Whom,
    /// How fast.
    #[command(flatten)]
    pub haste: Haste,
}

/// Options of `zuno apply`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno apply acme --dry-run
  zuno apply acme

Creates, updates and deletes in the order that references need, puts rules in order, and activates. Run again, it finds nothing to \
do. Secrets are said as `{env: NAME}`, and read from that variable. The real cloud is reached by `zuno push` alone.")]
pub struct Apply {
    /// The folder that says what is to be.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// What is applied.
    #[command(flatten)]
    pub only: Only,
    /// Show the plan alone.
    #[arg(long)]
    pub dry_run: bool,
    /// Leave changes waiting for an activation.
    #[arg(long)]
    pub no_activation: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// Whom to call.
    #[command(flatten)]
    pub target: Target,
}

/// Options of `zuno push`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno push acme --real --vanity acme
  zuno push acme --real --vanity acme --yes

As `zuno apply`, for the real cloud too: without --yes it shows the plan and does nothing. Each record is read again before it is \
changed, and left alone if somebody has changed it since. What was done when a push fails stays; run again, it goes on.")]
pub struct Push {
    /// The folder that says what is to be.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// What is pushed.
    #[command(flatten)]
    pub only: Only,
    /// Do it.
    #[arg(long)]
    pub yes: bool,
    /// Leave changes waiting for an activation.
    #[arg(long)]
    pub no_activation: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// Whom to call.
    #[command(flatten)]
    pub whom: Whom,
    /// How fast.
    #[command(flatten)]
    pub haste: Haste,
}

/// Options of `zuno drift`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno drift acme
  zuno drift acme --real --json > drift.json

Exit status 0 where the tenant is as declared, 1 where it is not, 2 where that could not be found out. Changes nothing.")]
pub struct Drift {
    /// The folder that says what is to be.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// What is looked at.
    #[command(flatten)]
    pub only: Only,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// Whom to ask.
    #[command(flatten)]
    pub whom: Whom,
    /// How fast.
    #[command(flatten)]
    pub haste: Haste,
}

impl Only {
    /// Whether a kind is meant.
    pub fn means(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|pattern| fits(pattern, name))
    }

    /// The kinds that are meant; a word that means none is refused.
    pub fn chosen<'c>(&self, catalogue: &'c Catalogue) -> Result<Vec<Kind<'c>>> {
        let all = kinds(catalogue);
        for pattern in &self.only {
            if !all.iter().any(|kind| fits(pattern, kind.name())) {
                let why = format!(
                    "--only {pattern}: calls configure no such kind; `zuno pull --list` shows those that they do"
                );
                return Err(Usage(why).into());
            }
        }
        Ok(all.into_iter().filter(|kind| self.means(kind.name())).collect())
    }
}

/// Whether a name is one that a pattern with `*` means.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, wanted) in [
            ("zia.rule_label", "zia.rule_label", true),
            ("zia.rule_label", "zia.rule_labels", false),
            ("zia.*", "zia.rule_label", true),
            ("zia.firewall*", "zpa.firewall", false),
            ("*.ip_*group", "ztw.ip_source_group", true),
            ("*_group", "ztw.ip_groups", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
