//! What other programs read of this one: the API's description, completions for shells, pages for `man`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Command};
use clap_complete::Shell;
use zuno_catalogue::{Catalogue, openapi as described};

use crate::usage::Usage;

/// Options of `zuno openapi`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno openapi > oneapi.json
  zuno openapi zia | jq '.paths | length'

A running server has the same at /openapi.json and /openapi/PRODUCT.json.")]
pub struct OpenApi {
    /// Only this product: zia, zpa, zcc, ztw, zdx or zidentity.
    product: Option<String>,
    /// Read the catalogue from this folder instead of the one built in.
    #[arg(long, value_name = "DIR")]
    catalogue: Option<PathBuf>,
}

/// Runs `zuno openapi`.
pub fn openapi(options: &OpenApi) -> Result<ExitCode> {
    let catalogue = match &options.catalogue {
        Some(path) => Catalogue::from_folder(path)?,
        None => Catalogue::compiled(),
    };
    let product = options.product.as_deref();
    if let Some(name) = product.filter(|name| catalogue.product(name).is_none()) {
        let known: Vec<&str> = catalogue.products().iter().map(|product| product.name.as_str()).collect();
        return Err(Usage(format!("there is no product `{name}`: choose one of {}", known.join(", "))).into());
    }
    let document = serde_json::to_string_pretty(&described(&catalogue, product))?;
    writeln!(std::io::stdout(), "{document}")?;
    Ok(ExitCode::SUCCESS)
}

/// Options of `zuno completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno completions bash > ~/.local/share/bash-completion/completions/zuno
  zuno completions zsh > ~/.zfunc/_zuno
  zuno completions fish > ~/.config/fish/completions/zuno.fish")]
pub struct Completions {
    /// The shell.
    shell: Shell,
}

/// Runs `zuno completions`, of the whole command line.
pub fn completions(options: &Completions, mut command: Command) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, "zuno", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Options of `zuno man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno man | man -l -
  zuno man --dir ~/.local/share/man/man1")]
pub struct Man {
    /// Write a page for every command into this folder instead.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Runs `zuno man`, of the whole command line.
pub fn man(options: &Man, command: Command) -> Result<ExitCode> {
    match &options.dir {
        Some(dir) => {
            std::fs::create_dir_all(dir)
                .and_then(|()| clap_mangen::generate_to(command, dir))
                .with_context(|| format!("cannot write into {}", dir.display()))?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            std::io::stdout().write_all(&page)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
