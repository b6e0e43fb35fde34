//! Traffic as a device sees it: where it goes, and how it leaves.

/// How internet traffic leaves a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carried {
    /// By a tunnel of everything.
    Everything,
    /// By a tunnel of web traffic alone.
    Web,
    /// By a proxy's settings.
    Proxy,
    /// The client leaves it alone.
    Not,
}

/// Where traffic goes, as a device sees it.
pub(crate) struct Destination<'d> {
    /// A name that is asked for, rather than gone to.
    pub asked: bool,
    pub name: Option<&'d str>,
    pub address: Option<std::net::IpAddr>,
    pub port: Option<u16>,
    pub tcp: bool,
}
