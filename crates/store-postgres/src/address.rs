//! Where a database is: the URL that libpq knows, with the part of it that the client's own reader does not.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use zuno_store::{Result, StoreError};

/// How long it may take until a host answers at all, unless the URL says otherwise.
const CONNECT: Duration = Duration::from_secs(10);

/// What is asked of the server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Nothing: the connection is encrypted, with whomever it is.
    Anyone,
    /// That an authority vouches for it.
    Authority,
    /// That an authority vouches for it and for the host's name.
    Host,
}

/// Where a database is, and how it is reached.
#[derive(Clone)]
pub struct Address {
    /// What the client is told.
    pub config: Config,
    /// What is asked of the server's certificate.
    pub trust: Trust,
    /// The file of authorities that vouch for it; the system's own when none is named.
    pub authorities: Option<PathBuf>,
}

impl Address {
    /// Reads a URL such as `postgres://zuno@db.example.net/zuno?sslmode=verify-full`; the password may be given apart.
    ///
    /// # Errors
    /// It is none, or an option in it is not known; the error shows nothing of it but the option's name.
    pub fn read(url: &str, password: Option<&str>) -> Result<Address> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(wrong("it does not begin with postgres://"));
        }
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut trust, mut authorities, mut rest) = (Trust::Anyone, None, Vec::new());
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=').unwrap_or((option, "")) {
                ("sslmode", "verify-ca") => trust = Trust::Authority,
                ("sslmode", "verify-full") => trust = Trust::Host,
                ("sslrootcert", "system") => trust = Trust::Host,
                ("sslrootcert", path) => {
                    let path = percent_decode_str(path).decode_utf8();
                    authorities =
                        Some(path.map_err(|_| wrong("sslrootcert is no path"))?.into_owned().into());
                }
                _ => rest.push(option),
            }
        }
        let without = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
        let mut config: Config = without.parse().map_err(|cause: tokio_postgres::Error| {
            let why =
                std::error::Error::source(&cause).map_or_else(|| cause.to_string(), ToString::to_string);
            wrong(&why)
        })?;
        if config.get_hosts().is_empty() {
            return Err(wrong("it names no host"));
        }
        if trust != Trust::Anyone {
            config.ssl_mode(SslMode::Require);
        } else if config.get_ssl_mode() == SslMode::Require && authorities.is_some() {
            // As libpq has it: whoever names authorities wants them asked.
            trust = Trust::Authority;
        }
        if let (None, Some(password)) = (config.get_password(), password) {
            config.password(password);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_application_name().is_none() {
            config.application_name("zuno");
        }
        Ok(Address { config, trust, authorities })
    }
}

/// What may be shown of it: the database and its hosts.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.config.get_user().unwrap_or("its user's own");
        write!(f, "{}", self.config.get_dbname().unwrap_or(user))?;
        let ports = self.config.get_ports();
        for (nth, host) in self.config.get_hosts().iter().enumerate() {
            let port = ports.get(nth).or(ports.first()).copied().unwrap_or(5432);
            f.write_str(if nth == 0 { " at " } else { ", " })?;
            match host {
                Host::Tcp(name) => write!(f, "{name}:{port}")?,
                #[cfg(unix)]
                Host::Unix(folder) => write!(f, "{}/.s.PGSQL.{port}", folder.display())?,
            }
        }
        Ok(())
    }
}

fn wrong(why: &str) -> StoreError {
    StoreError::new(format!(
        "the database's URL cannot be used: {why}; one is postgres://USER@HOST:5432/DATABASE?sslmode=verify-full"
    ))
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::SslMode;

    use super::{Address, Trust};

    #[test]
    fn what_is_asked_of_the_certificate_is_read_as_libpq_does() {
        let read = |query: &str| {
            let read = Address::read(&format!("postgres://u@h/d?{query}"), None).expect("it is read");
            (read.config.get_ssl_mode(), read.trust)
        };
        assert_eq!(read(""), (SslMode::Prefer, Trust::Anyone));
        assert_eq!(read("sslmode=disable"), (SslMode::Disable, Trust::Anyone));
        assert_eq!(read("sslmode=require"), (SslMode::Require, Trust::Anyone));
        assert_eq!(read("sslmode=require&sslrootcert=%2Fca.pem"), (SslMode::Require, Trust::Authority));
        assert_eq!(read("sslmode=verify-ca"), (SslMode::Require, Trust::Authority));
        assert_eq!(read("connect_timeout=3&sslmode=verify-full"), (SslMode::Require, Trust::Host));
    }

    #[test]
    fn no_password_is_ever_shown() {
        let secret = "hunter2-%40";
        let read = Address::read(&format!("postgres://zuno:{secret}@db.example.net:6432/cloud"), None);
        assert_eq!(read.expect("it is read").to_string(), "cloud at db.example.net:6432");
        for wrong in ["nonsense=1", "sslmode=what", "connect_timeout=x"] {
            let refused = Address::read(&format!("postgres://zuno:{secret}@h/d?{wrong}"), None).err();
            let text = format!("{:?}", refused.expect("it is refused"));
            assert!(!text.contains("hunter2") && text.contains(wrong.split('=').next().unwrap()), "{text}");
        }
        for wrong in ["mysql://zuno:hunter2@h/d", "postgres://zuno:hunter2@h:port/d", "postgres://hunter2"] {
            let refused = Address::read(wrong, None);
            assert!(
                refused.as_ref().is_err_and(|why| !format!("{why:?}").contains("hunter2")) || refused.is_ok()
            );
        }
    }

    #[test]
    fn a_password_given_apart_is_used_where_the_url_has_none() {
        let read = |url| {
            Address::read(url, Some("apart")).expect("it is read").config.get_password().map(<[u8]>::to_vec)
        };
        assert_eq!(read("postgres://u@h/d"), Some(b"apart".to_vec()));
        assert_eq!(read("postgres://u:own@h/d"), Some(b"own".to_vec()));
    }
}
