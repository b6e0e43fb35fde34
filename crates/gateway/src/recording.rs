//! How calls are recorded: the way to the real cloud, whose calls go there, and where they are kept.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use zuno_intercept::{Foreign, Onward};
use zuno_recording::Exchange;

use crate::bodies::{Bodies, BodyLimits};

/// How long an answer may take from its beginning to its end.
const WHOLE_ANSWER: Duration = Duration::from_secs(300);

/// Where exchanges are kept.
pub type Keep = Arc<dyn Fn(&Exchange) + Send + Sync>;

/// How calls are recorded.
#[derive(Clone)]
pub struct Recording {
    /// The way to the real cloud.
    pub onward: Arc<Onward>,
    /// Whose calls are carried there.
    pub callers: Foreign,
    /// Calls that change something are carried there as well.
    pub writes: bool,
    /// Keeps each exchange, without its secrets, before it is answered.
    pub keep: Keep,
    /// How large the answers are together that are on their way back.
    pub(crate) bodies: Arc<Bodies>,
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("callers", &self.callers)
            .field("writes", &self.writes)
            .finish_non_exhaustive()
    }
}

impl Recording {
    /// Of reads and sign-ins, or of writes as well.
    pub fn new(onward: Onward, callers: Foreign, writes: bool, keep: Keep) -> Recording {
        let limits = BodyLimits { time: WHOLE_ANSWER, ..BodyLimits::default() };
        Recording { onward: Arc::new(onward), callers, writes, keep, bodies: Arc::new(Bodies::new(limits)) }
    }
}
