//! What stands before the service: which hosts are answered, for whom others are reached, and how long peers are waited for.

use std::{sync::Arc, time::Duration};

use crate::{ca::LocalCa, upstream::Upstream, via::Via};

/// Any error, as bodies and services report them.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Whose requests to other hosts than the cloud's are carried on to the real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Foreign {
    /// No one's.
    Nobody,
    /// Those of callers on this machine, who could dial the hosts themselves.
    #[default]
    ThisMachine,
    /// Everyone's: an open proxy, for networks where all callers are trusted.
    Everyone,
}

/// How long peers are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// A connection is closed when, for this long up to twice this long, no request has begun, none is with the
    /// service, and nothing could be written. Streams that stay silent longer must send something meanwhile.
    pub silence: Duration,
    /// For a TLS handshake to end.
    pub handshake: Duration,
    /// For a foreign host to take a connection.
    pub dial: Duration,
    /// For requests in flight to end after the shutdown signal.
    pub farewell: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        let seconds = Duration::from_secs;
        Timeouts { silence: seconds(60), handshake: seconds(10), dial: seconds(15), farewell: seconds(10) }
    }
}

/// What stands before the service.
#[derive(Clone)]
pub struct Front {
    /// Signs the certificates of intercepted hosts.
    pub ca: Arc<LocalCa>,
    /// Whether a host (lower case, no port, no final dot) is answered here: the cloud's, and names of our own.
    pub intercepts: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    /// Whose requests to other hosts are carried on.
    pub foreign: Foreign,
    /// The sentence that tells a refused caller how the operator can allow it, such as which option to set.
    pub how_to_allow: &'static str,
    /// How other hosts are reached.
    pub upstream: Arc<Upstream>,
    /// How long peers are waited for.
    pub timeouts: Timeouts,
    /// How many connections are held at once, far ends of tunnels included; a few more are taken in to be refused.
    pub connections: usize,
}

impl Foreign {
    /// Whether it is so for who came by this way.
    pub fn is_for(self, via: &Via) -> bool {
        match self {
            Foreign::Nobody => false,
            Foreign::ThisMachine => via.from_this_machine(),
            Foreign::Everyone => true,
        }
    }
}

impl Front {
    pub(crate) fn carries_for(&self, via: &Via) -> bool {
        self.foreign.is_for(via)
    }
}

/// A host as [`Front::intercepts`] and certificates want it: lower case, without final dot or brackets.
pub(crate) fn host_name(host: &str) -> String {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::via::Scheme;

    #[test]
    fn others_hosts_are_carried_on_for_whom_the_operator_says() {
        let front = |foreign| Front {
            ca: Arc::new(LocalCa::in_memory().unwrap()),
            intercepts: Arc::new(|_| false),
            foreign,
            how_to_allow: "",
            upstream: Arc::new(Upstream::direct()),
            timeouts: Timeouts::default(),
            connections: 1,
        };
        let from =
            |peer: &str| Via::new(Scheme::Http, peer.parse().unwrap(), "127.0.0.1:80".parse().unwrap(), None);
        for (peer, is_here) in
            [("127.0.0.1:9", true), ("127.8.9.1:9", true), ("[::1]:9", true), ("[::ffff:127.0.0.1]:9", true)]
                .into_iter()
                .chain([("10.0.0.9:9", false), ("[::ffff:10.0.0.9]:9", false), ("[fe80::1]:9", false)])
        {
            assert_eq!(front(Foreign::ThisMachine).carries_for(&from(peer)), is_here, "{peer}");
            assert!(front(Foreign::Everyone).carries_for(&from(peer)));
            assert!(!front(Foreign::Nobody).carries_for(&from(peer)));
        }
    }
}
