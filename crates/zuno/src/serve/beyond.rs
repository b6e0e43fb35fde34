//! What of a server leads to the real cloud; nothing, unless the command line says so.

use anyhow::Result;
use zuno_gateway::{Recording, Spy};

use super::options::Serve;

/// The ways to the real cloud.
#[derive(Default)]
pub struct Beyond {
    /// Calls are carried there and recorded.
    pub recording: Option<Recording>,
    /// Reads are asked there.
    pub spy: Option<Spy>,
}

impl Beyond {
    /// Those that are asked for.
    pub fn of(options: &Serve) -> Result<Beyond> {
        let recording = options.record.open(options.admission.open_proxy)?;
        Ok(Beyond { recording, spy: options.spy.open()? })
    }
}
