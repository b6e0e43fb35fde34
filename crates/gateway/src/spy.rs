//! The way to a real tenant that is asked what this server cannot answer.

use std::fmt;
use std::sync::Arc;

/// What the real tenant answered.
#[derive(Debug)]
pub struct Told {
    /// The status.
    pub status: u16,
    /// The media type, where one was said.
    pub media: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Asks the real tenant for a path of the gateway with its query, or says why it cannot be asked. It takes as long as it
/// takes.
pub type Look = Arc<dyn Fn(&str, &[(String, String)]) -> Result<Told, String> + Send + Sync>;

/// The way to the real tenant.
#[derive(Clone)]
pub struct Spy(pub Look);

impl fmt::Debug for Spy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spy")
    }
}
