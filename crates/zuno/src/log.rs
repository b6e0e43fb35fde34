//! What is told on standard error beside a command's own words.

use std::io::IsTerminal as _;

/// Sets up what is told on standard error. A server's log has its times; beside the output of a command they would only
/// be in the way.
pub fn start(verbose: u8, serves: bool) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("ZUNO_LOG").unwrap_or_else(|_| level.into());
    let colours =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    if serves {
        lines.init();
    } else {
        lines.without_time().with_target(false).init();
    }
}
