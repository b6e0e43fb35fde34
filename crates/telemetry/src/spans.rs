//! Spans of time, in seconds.

use zuno_model::Time;

pub(crate) const MINUTE: Time = 60;
pub(crate) const DAY: Time = 86_400;
