//! The operator's token: made at the first start, kept in a file of the data folder that only its user can read, or fixed
//! by whoever starts the server; and found again by the commands that operate it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::Value;
use zuno_client::{Method, Operator};
use zuno_identity::Secret;
use zuno_intercept::files;

use crate::reach::Target;
use crate::secret::read_secret;
use crate::table::{Shown, say};
use crate::usage::Usage;

/// The variable that holds the token.
pub const VARIABLE: &str = "ZUNO_OPERATOR_TOKEN";

/// A token that is told, and not found.
#[derive(Clone, Debug, Default, Args)]
pub struct Told {
    /// The operator's token; the one in the data folder when not said. Other users of the machine see it in the list of
    /// processes: the variable and --operator-token-file keep it out of there.
    #[arg(
        long,
        value_name = "TOKEN",
        env = VARIABLE,
        hide_env_values = true,
        group = "operators_token"
    )]
    operator_token: Option<String>,
    /// A file that holds the operator's token; `-` is standard input.
    #[arg(long, value_name = "FILE", env = "ZUNO_OPERATOR_TOKEN_FILE", group = "operators_token")]
    operator_token_file: Option<PathBuf>,
}

impl Told {
    /// What the variables tell, for commands without the options.
    pub fn by_variables() -> Told {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Told {
            operator_token: set(VARIABLE).and_then(|token| token.into_string().ok()),
            operator_token_file: set("ZUNO_OPERATOR_TOKEN_FILE").map(PathBuf::from),
        }
    }

    /// Whether one is told.
    pub fn token_is_told(&self) -> bool {
        self.operator_token.is_some() || self.operator_token_file.is_some()
    }

    /// The token, if one is told.
    pub fn token(&self) -> Result<Option<String>> {
        match (&self.operator_token, &self.operator_token_file) {
            (Some(token), _) => Ok(Some(token.clone())),
            (None, Some(path)) => read_secret(path).map(Some),
            (None, None) => Ok(None),
        }
    }
}

/// A call of the operator's: at which server, with which token.
#[derive(Clone, Debug, Args)]
pub struct AsOperator {
    #[command(flatten)]
    told: Told,
    #[command(flatten)]
    pub target: Target,
}

/// A server, and how its answer is shown.
#[derive(Clone, Debug, Args)]
pub struct OnServer {
    #[command(flatten)]
    pub shown: Shown,
    #[command(flatten)]
    pub operator: AsOperator,
}

impl OnServer {
    /// Says what was done, or shows the answer where that is wanted.
    pub fn tell(&self, answer: &Value, words: &str) -> Result<()> {
        if self.shown.as_table() && self.shown.columns.is_empty() {
            say(&format!("zuno: {words}"));
            return Ok(());
        }
        self.shown.show(answer)
    }
}

impl AsOperator {
    /// The operator of the server that is meant.
    pub fn operator(&self) -> Result<Operator> {
        self.target.operator(&self.told)
    }

    /// The operator, and the label of the tenant that is meant.
    pub fn of_tenant(&self) -> Result<(Operator, String)> {
        let operator = self.operator()?;
        let tenant = self.target.tenant(&operator)?;
        Ok((operator, tenant))
    }
}

impl Target {
    /// The operator of the Zuno that is meant, with the token that is told or that its data folder holds.
    pub fn operator(&self, told: &Told) -> Result<Operator> {
        let origin = self.origin()?;
        let token = self.operators_token(&origin, told)?;
        Ok(Operator::new(origin, token))
    }

    /// The label of the tenant that is meant: the one told, else the server's first.
    pub fn tenant(&self, operator: &Operator) -> Result<String> {
        if let Some(vanity) = &self.vanity {
            return Ok(vanity.clone());
        }
        let tenants = operator.call(&Method::GET, "/tenants", None)?;
        Ok(tenants[0]["vanity"].as_str().context("the server has no tenant")?.to_owned())
    }

    /// The token of the server at `origin`, if one is known.
    pub fn operators_token(&self, origin: &str, told: &Told) -> Result<Option<String>> {
        if let Some(token) = told.token()? {
            return Ok(Some(token));
        }
        Ok(self.folder_of(origin).and_then(|folder| kept(&folder)))
    }
}

/// Where a folder keeps the token.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("operator-token")
}

/// The token that a folder keeps, if it does and we may read it.
fn kept(folder: &Path) -> Option<String> {
    read_secret(&file(folder)).ok()
}

/// The token of a server that starts: the one told, which its folder then keeps; else the one kept; else a new one.
pub fn settle(folder: Option<&Path>, told: Option<String>) -> Result<Secret> {
    let told = told.map(fit).transpose()?;
    let Some(folder) = folder else { return Ok(told.unwrap_or_else(Secret::generate)) };
    let path = file(folder);
    let secret = match told {
        Some(secret) => secret,
        None if path.exists() => {
            let secret = Secret::chosen(read_secret(&path)?);
            close(&path)?;
            return Ok(secret);
        }
        None => Secret::generate(),
    };
    files::replace(&path, format!("{}\n", secret.reveal()).as_bytes(), files::Readers::User)
        .with_context(|| format!("cannot write {}", path.display()))?;
    close(&path)?;
    Ok(secret)
}

/// A chosen token, if it can be sent and cannot be found by trying.
fn fit(token: String) -> Result<Secret> {
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let text =
            "the operator's token has letters, digits and signs of ASCII alone: a header carries no others";
        return Err(Usage(text.into()).into());
    }
    let secret = Secret::chosen(token);
    if !secret.is_long_enough() {
        let text = format!("the operator's token has {} characters at least", Secret::SHORTEST);
        return Err(Usage(text).into());
    }
    Ok(secret)
}

/// Closes a file to others, as it was made.
fn close(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
            .with_context(|| format!("cannot close {} to others", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_made_once_and_read_by_its_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        let made = settle(Some(folder.path()), None).unwrap();
        let is_closed = || {
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(fs::metadata(file(folder.path())).unwrap().permissions().mode() & 0o777, 0o600);
            }
        };
        is_closed();
        assert_eq!(kept(folder.path()).as_deref(), Some(made.reveal()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(file(folder.path()), fs::Permissions::from_mode(0o644)).unwrap();
        }
        assert!(settle(Some(folder.path()), None).unwrap() == made, "the same at the next start");
        is_closed();

        let fixed = settle(Some(folder.path()), Some("a-chosen-token".into())).unwrap();
        assert_eq!(
            (fixed.reveal(), kept(folder.path()).as_deref()),
            ("a-chosen-token", Some("a-chosen-token"))
        );
        is_closed();
        assert!(settle(None, None).unwrap() != made, "without a folder one is made up");
    }

    #[test]
    fn a_token_that_is_short_or_cannot_be_sent_is_refused() {
        for wrong in ["", "short", "with blanks in it", "unsent\u{fc}mlaut"] {
            assert!(settle(None, Some(wrong.into())).is_err(), "{wrong}");
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(file(folder.path()), "\n").unwrap();
        let refused = settle(Some(folder.path()), None).unwrap_err().to_string();
        assert!(refused.contains("operator-token holds no secret"), "{refused}");
    }
}
