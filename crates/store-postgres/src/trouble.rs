//! What goes wrong with a database server, in words for whoever runs this one: which database, why, and what to do; and what
//! becomes of a transaction that it happened to.

use std::error::Error;

use parking_lot::Mutex;
use tokio_postgres::error::SqlState;
use zuno_store::StoreError;

/// What a failure means for the transaction that it happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Another transaction was in the way: the same again may go well at once.
    Conflict,
    /// The connection is gone, or the server is going: the same again may go well on another.
    Lost,
    /// The statement's own.
    Own,
}

impl Failure {
    /// Of which kind a failure is.
    pub fn of(cause: &tokio_postgres::Error) -> Failure {
        let Some(state) = cause.code() else {
            let refused = cause.source().is_some_and(|source| !source.is::<std::io::Error>());
            return if refused && !cause.is_closed() { Failure::Own } else { Failure::Lost };
        };
        match &state.code()[..2] {
            _ if *state == SqlState::QUERY_CANCELED => Failure::Own,
            "40" => Failure::Conflict,
            // Connection, resources, operator intervention.
            "08" | "53" | "57" => Failure::Lost,
            _ if *state == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
                || *state == SqlState::READ_ONLY_SQL_TRANSACTION =>
            {
                Failure::Lost
            }
            _ => Failure::Own,
        }
    }
}

/// What went wrong with a database last, if it has not gone well since.
pub struct Watch {
    /// The database, without any secret.
    place: String,
    seen: Mutex<Option<Trouble>>,
}

/// A trouble that lies in the server or in the way to it, and not in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Unreachable,
    Refused,
    Absent,
    Crowded,
    Full,
    ReadOnly,
    Forbidden,
    Untrusted,
}

impl Watch {
    /// Watches a database that is called so.
    pub fn new(place: String) -> Watch {
        Watch { place, seen: Mutex::new(None) }
    }

    /// The error to give for what went wrong while something was done; remembered if it lies in the server.
    pub fn told(&self, doing: &str, cause: tokio_postgres::Error) -> StoreError {
        match Trouble::of(&cause) {
            Some(trouble) => self.is(trouble, doing, cause),
            None => StoreError::because(doing, Told(cause)),
        }
    }

    /// The same for what took too long.
    pub fn silent(&self, doing: &str, seconds: u64) -> StoreError {
        self.is(Trouble::Unreachable, doing, format!("no answer within {seconds} s"))
    }

    fn is(
        &self,
        trouble: Trouble,
        doing: &str,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> StoreError {
        *self.seen.lock() = Some(trouble);
        StoreError::because(
            format!("{doing}: the database {} {}; {}", self.place, trouble.why(), trouble.next()),
            cause,
        )
    }

    /// A commit has come through: nothing is wrong any more.
    pub fn went_well(&self) {
        let mut seen = self.seen.lock();
        if seen.is_some() {
            *seen = None;
        }
    }

    /// What is wrong now, and what to do.
    pub fn trouble(&self) -> Option<String> {
        self.seen.lock().map(|trouble| format!("the database {}; {}", trouble.why(), trouble.next()))
    }
}

/// A failure with what the server says of it, which the client's own error leaves to its source.
#[derive(Debug)]
struct Told(tokio_postgres::Error);

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_db_error() {
            Some(told) => write!(f, "{} ({})", told.message(), told.code().code()),
            None => write!(f, "{}", self.0),
        }
    }
}

impl Error for Told {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_db_error().is_none().then(|| self.0.source()).flatten()
    }
}

impl Trouble {
    fn of(cause: &tokio_postgres::Error) -> Option<Trouble> {
        let Some(state) = cause.code() else {
            let mut source = cause.source();
            while let Some(deeper) = source {
                if deeper.is::<rustls::Error>() {
                    return Some(Trouble::Untrusted);
                }
                source = match deeper.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
                    Some(inner) => Some(inner as &(dyn Error + 'static)),
                    None => deeper.source(),
                };
            }
            return (Failure::of(cause) == Failure::Lost).then_some(Trouble::Unreachable);
        };
        match state {
            state if *state == SqlState::INVALID_CATALOG_NAME => Some(Trouble::Absent),
            state if *state == SqlState::TOO_MANY_CONNECTIONS => Some(Trouble::Crowded),
            state if *state == SqlState::DISK_FULL => Some(Trouble::Full),
            state if *state == SqlState::READ_ONLY_SQL_TRANSACTION => Some(Trouble::ReadOnly),
            state if *state == SqlState::INSUFFICIENT_PRIVILEGE => Some(Trouble::Forbidden),
            state => match &state.code()[..2] {
                "28" => Some(Trouble::Refused),
                "08" | "57" => Some(Trouble::Unreachable),
                _ => None,
            },
        }
    }

    fn why(self) -> &'static str {
        match self {
            Trouble::Unreachable => "cannot be reached",
            Trouble::Refused => "does not let this user in",
            Trouble::Absent => "does not exist",
            Trouble::Crowded => "takes no more connections",
            Trouble::Full => "has no room: its disk is full",
            Trouble::ReadOnly => "may not be written: it is a standby",
            Trouble::Forbidden => "does not let this user make and change tables",
            Trouble::Untrusted => "cannot be reached: its certificate is not trusted",
        }
    }

    fn next(self) -> &'static str {
        match self {
            Trouble::Unreachable => "see that it runs, and that the host and port are right",
            Trouble::Refused => "see that the user and the password are right, and what pg_hba.conf allows",
            Trouble::Absent => "create it, as in `createdb --owner zuno zuno`",
            Trouble::Crowded => "raise its max_connections, or run fewer nodes",
            Trouble::Full => {
                "free some space: writing goes on by itself then, and nothing that was told is lost"
            }
            Trouble::ReadOnly => "name the primary, or all of them with target_session_attrs=read-write",
            Trouble::Forbidden => "make the user its owner",
            Trouble::Untrusted => {
                "name the authority's certificate with sslrootcert=FILE, and the host as the certificate has it"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Trouble, Watch};

    #[test]
    fn the_database_the_cause_and_the_next_step_are_told() {
        let watch = Watch::new("zuno at db.example.net".into());
        let text = watch.silent("a commit failed", 10).to_string();
        assert!(
            text.starts_with("a commit failed: the database zuno at db.example.net cannot be reached;"),
            "{text}"
        );
        let state = watch.trouble().expect("it is remembered");
        assert!(!state.contains("example"), "{state}");
        watch.went_well();
        assert_eq!(watch.trouble(), None);
        for trouble in
            [Trouble::Refused, Trouble::Absent, Trouble::Crowded, Trouble::Full, Trouble::Untrusted]
        {
            assert!(!trouble.why().is_empty() && !trouble.next().is_empty());
        }
    }
}
