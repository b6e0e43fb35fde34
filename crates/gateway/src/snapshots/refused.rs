//! Why something is not done with a snapshot.

use serde_json::json;
use zuno_model::{Fault, Refused as Told};
use zuno_store::StoreError;

use crate::records::Loggable;
use crate::respond::{Response, in_json};

/// What stands in the way.
#[derive(Debug)]
pub enum Refused {
    /// What was asked for is not there.
    Missing(String),
    /// What was written is wrong.
    Wrong(String),
    /// It would overwrite, or take away, what nobody said may go.
    Conflict(String),
    /// Ours.
    Broken(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Refused {
        match fault {
            // A record of a file that cannot be kept.
            Fault::Invalid { .. } => Refused::Wrong(fault.to_string()),
            fault => Refused::Broken(fault),
        }
    }
}

impl From<StoreError> for Refused {
    fn from(cause: StoreError) -> Refused {
        Refused::Broken(cause.into())
    }
}

impl Loggable for Refused {
    fn told(&self) -> Option<Told> {
        None
    }
}

impl Refused {
    /// What the operator is answered.
    pub fn answer(self) -> Response {
        let (status, why) = match self {
            Refused::Missing(why) => (404, why),
            Refused::Wrong(why) => (400, why),
            Refused::Conflict(why) => (409, why),
            Refused::Broken(cause) => {
                tracing::error!(cause = %crate::health::chain(&cause), "a snapshot's call failed");
                (500, cause.to_string())
            }
        };
        in_json(status, &json!({ "error": why }))
    }
}
