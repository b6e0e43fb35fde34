//! How many connections this process can hold: what its limit of open files leaves for them.

/// How many connections a server holds at once where no limit is lower.
const MOST: u64 = 4096;
/// Open files that are no connections: the store's, the listeners, those of the runtime, and the few connections that are
/// taken in beyond all others to be refused.
const OTHERS: u64 = 192;

/// How many connections fit.
pub fn connections() -> usize {
    let fit = limit().map_or(MOST, fitting);
    usize::try_from(fit).unwrap_or(usize::MAX)
}

/// How many connections fit into so many open files.
fn fitting(files: u64) -> u64 {
    files.saturating_sub(OTHERS).max(files / 4).clamp(1, MOST)
}

/// Raises the limit of open files to what a server can use, as far as it may be. What is started by this process inherits
/// it, so only a server that starts nothing asks for it.
pub fn raise() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        let wanted = limit.maximum.map_or(MOST + OTHERS, |most| most.min(MOST + OTHERS));
        if limit.current.is_some_and(|current| current < wanted) {
            limit.current = Some(wanted);
            // The limit stays as it was, and fewer connections fit.
            let _ = setrlimit(Resource::Nofile, limit);
        }
    }
}

#[cfg(unix)]
fn limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
fn limit() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_rest() {
        assert_eq!([1, 64, 256, 1024, 20_000].map(fitting), [1, 16, 64, 832, MOST]);
    }
}
