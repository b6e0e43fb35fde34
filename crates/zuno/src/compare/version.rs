//! One version of Zuno, running.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::folder::Credentials;
use crate::replay::Player;

/// The tenant, the customer, the client and what it and the operator show: of a server that nobody else finds, and that is
/// gone with the comparison.
const VANITY: &str = "acme";
const CUSTOMER: &str = "216196257331281920";
const CLIENT: &str = "compared";
const SECRET: &str = "compared-with-another";
pub const OPERATOR: &str = "operator-of-a-comparison";

/// How long a start may take.
const START: Duration = Duration::from_secs(60);
/// The longest first line, in bytes.
const LONGEST_LINE: u64 = 4096;

/// One version, running in memory until it is dropped.
pub struct Version {
    process: Child,
    /// Where it listens.
    pub origin: String,
}

impl Version {
    /// Starts a program with a seed.
    ///
    /// # Errors
    /// It does not start as Zuno does.
    pub fn start(program: &Path, seed: u64) -> Result<Version> {
        let shown = program.display();
        let mut command = Command::new(program);
        let ours = |name: &str| ["ZUNO_", "ZSCALER_", "ZPA_"].iter().any(|begin| name.starts_with(begin));
        for (name, _) in std::env::vars_os().filter(|(name, _)| ours(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        let nothing = if cfg!(windows) { "NUL" } else { "/dev/null" };
        command
            .args([
                "serve",
                "--memory",
                "--listen",
                "127.0.0.1:0",
                "--vanity",
                VANITY,
                "--customer-id",
                CUSTOMER,
                "--seed",
            ])
            .arg(seed.to_string())
            .envs([
                ("ZUNO_CLIENT_ID", CLIENT),
                ("ZUNO_CLIENT_SECRET", SECRET),
                ("ZUNO_OPERATOR_TOKEN", OPERATOR),
            ])
            .envs([("ZUNO_CONFIG", nothing), ("ZUNO_LOG", "error")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut process = command.spawn().with_context(|| format!("cannot start {shown}"))?;
        let out = process.stdout.take().context("its output is not read")?;
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let (mut line, mut out) = (String::new(), BufReader::new(out));
            let _ = (&mut out).take(LONGEST_LINE).read_line(&mut line);
            let _ = tell.send(line);
            // Read on, so that it is not held up by what nobody reads.
            let _ = std::io::copy(&mut out, &mut std::io::sink());
        });
        // Killed with the version, whatever it said.
        let mut version = Version { process, origin: String::new() };
        let line = told.recv_timeout(START).unwrap_or_default();
        match line.trim().strip_prefix("listening on ") {
            Some(origin) => version.origin = origin.to_owned(),
            None => {
                bail!("{shown} does not start as Zuno does: it says `{}` first", line.trim().escape_debug())
            }
        }
        Ok(version)
    }

    /// Its API client.
    pub fn credentials(&self) -> Credentials {
        Credentials {
            vanity: VANITY.into(),
            customer_id: CUSTOMER.into(),
            client_id: CLIENT.into(),
            client_secret: SECRET.into(),
        }
    }

    /// Who plays recordings there.
    ///
    /// # Errors
    /// It gives no token.
    pub fn player(&self) -> Result<Player> {
        Player::signed_in(&self.origin, VANITY, CLIENT, SECRET, CUSTOMER.into())
    }
}

impl Drop for Version {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
