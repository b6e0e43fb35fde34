//! The database that nodes share, where one is named.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Result;
use zuno_store_postgres::{Address, PostgresStore};

/// The variable that holds the password where the URL does not, as for PostgreSQL's own programs.
const PASSWORD: &str = "PGPASSWORD";

/// A database's URL, or what was given for one. It may hold a password, and so is never shown.
#[derive(Clone)]
pub struct Database(String);

impl FromStr for Database {
    type Err = std::convert::Infallible;

    /// Takes any text: what is wrong with one is told when it is opened, in words that do not repeat it.
    fn from_str(url: &str) -> Result<Database, Self::Err> {
        Ok(Database(url.to_owned()))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Database(…)")
    }
}

impl Database {
    /// The data folder that is meant, where it is no URL.
    pub fn folder(&self) -> Option<&Path> {
        (!self.0.contains("://")).then(|| Path::new(&self.0))
    }

    /// Where it is.
    ///
    /// # Errors
    /// The text is no URL of a PostgreSQL database.
    pub fn address(&self) -> Result<Address> {
        let password = std::env::var(PASSWORD).ok();
        Ok(Address::read(&self.0, password.as_deref())?)
    }

    /// Opens it.
    ///
    /// # Errors
    /// It cannot be reached or does not let the user in, or was written by a newer Zuno.
    pub fn open(&self) -> Result<PostgresStore> {
        Ok(PostgresStore::open(self.address()?)?)
    }
}

/// Where a server keeps what lasts.
#[derive(Default)]
pub struct Place {
    /// Its data folder; without one it keeps nothing.
    pub folder: Option<PathBuf>,
    /// The database that holds its state, if that is not in the folder.
    pub database: Option<Database>,
    /// Where its keys are, if they are not in the folder.
    pub keys: Option<PathBuf>,
}

impl Place {
    /// A data folder, or none.
    pub fn of(folder: Option<PathBuf>) -> Place {
        Place { folder, ..Place::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::Database;

    #[test]
    fn a_url_is_never_shown() {
        let Ok(database) = "mysql://zuno:hunter2@db/zuno".parse::<Database>();
        let told = format!("{database:?} {:?}", database.address().err());
        assert!(told.contains("postgres://") && !told.contains("hunter2"), "{told}");
    }
}
