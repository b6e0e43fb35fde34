//! Where the proxy goes on a caller's behalf: what a name means is found out first, judged, and then dialled as judged, so
//! that a name which means another address the next time gains nothing.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    time::Duration,
};

use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

use crate::{
    socket::set_options,
    via::{Scheme, Via},
};

/// Where a cloud keeps the credentials of its machines beside the link-local addresses (documented).
const MACHINE_CREDENTIALS: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Why the proxy goes nowhere.
#[derive(Debug)]
pub(crate) enum NoWay {
    /// The caller is on another machine, and the name means this one.
    ThisMachine,
    /// The name has no address, or nobody answers there.
    Failed(io::Error),
}

/// The addresses that a caller may be carried on to. Callers on other machines reach nothing on this one: a program that
/// listens on loopback trusts whoever is here.
pub(crate) async fn addresses(
    via: &Via,
    host: &str,
    port: u16,
    limit: Duration,
) -> Result<Vec<SocketAddr>, NoWay> {
    let found = timeout(limit, lookup_host((host, port))).await.map_err(|_| late())?;
    let mut found: Vec<SocketAddr> = found.map_err(NoWay::Failed)?.collect();
    let all = found.len();
    if !via.from_this_machine() {
        found.retain(|address| !is_this_machine(address.ip()));
    }
    match found.is_empty() {
        false => Ok(found),
        true if all > 0 => Err(NoWay::ThisMachine),
        true => Err(NoWay::Failed(io::Error::new(io::ErrorKind::NotFound, "the name has no address"))),
    }
}

/// What is spoken at the listener of our own that one of these addresses means.
pub(crate) fn listener_at(listeners: &[(SocketAddr, Scheme)], addresses: &[SocketAddr]) -> Option<Scheme> {
    let is = |listener: &SocketAddr, address: &SocketAddr| {
        let (own, asked) = (listener.ip().to_canonical(), address.ip().to_canonical());
        listener.port() == address.port()
            && (own == asked || (own.is_unspecified() || asked.is_unspecified()) && is_this_machine(asked))
    };
    let meant = listeners.iter().find(|(listener, _)| addresses.iter().any(|address| is(listener, address)));
    meant.map(|(_, scheme)| *scheme)
}

/// Dials one address after the other, until one takes the connection.
pub(crate) async fn dial(addresses: &[SocketAddr], limit: Duration) -> Result<TcpStream, NoWay> {
    let far = timeout(limit, TcpStream::connect(addresses)).await.map_err(|_| late())?;
    let far = far.map_err(NoWay::Failed)?;
    set_options(&far);
    Ok(far)
}

fn late() -> NoWay {
    NoWay::Failed(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"))
}

/// Whether an address is this machine's own, or means something to this machine alone.
pub(crate) fn is_this_machine(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    let alone = match ip {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_broadcast(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip == MACHINE_CREDENTIALS,
    };
    if alone || ip.is_loopback() || ip.is_unspecified() || ip.is_multicast() {
        return true;
    }
    let any: IpAddr = match ip {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    // A datagram socket that is pointed somewhere sends nothing, and tells from which of our addresses it would: the
    // road to an own address begins there. Without a socket nothing is known, and so nothing allowed.
    let Ok(socket) = UdpSocket::bind((any, 0)) else { return true };
    socket.connect((ip, 9)).and_then(|()| socket.local_addr()).is_ok_and(|from| from.ip() == ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(20);

    fn from(peer: &str) -> Via {
        Via::new(Scheme::Http, peer.parse().unwrap(), "10.0.0.1:8080".parse().unwrap(), None)
    }

    #[tokio::test]
    async fn a_caller_on_another_machine_reaches_nothing_on_this_one_by_any_name() {
        let (remote, here) = (from("10.0.0.9:50000"), from("127.0.0.1:50000"));
        for host in [
            "localhost",
            "127.0.0.1",
            "127.8.9.1",
            "::1",
            "0.0.0.0",
            "::",
            "::ffff:127.0.0.1",
            "169.254.169.254",
            "fd00:ec2::254",
        ] {
            let refused = addresses(&remote, host, 8080, LIMIT).await;
            assert!(matches!(refused, Err(NoWay::ThisMachine)), "{host}: {refused:?}");
            assert!(!addresses(&here, host, 8080, LIMIT).await.unwrap().is_empty(), "{host}");
        }
        // A network for documentation is nobody's own.
        assert_eq!(addresses(&remote, "192.0.2.1", 443, LIMIT).await.unwrap().len(), 1);
    }

    #[test]
    fn an_address_of_this_machines_own_is_known_as_such() {
        // Whichever address this machine would speak from; there may be none.
        let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
        if socket.connect("192.0.2.1:9").is_ok() {
            let own = socket.local_addr().unwrap().ip();
            assert!(is_this_machine(own), "{own}");
        }
        assert!(!is_this_machine("192.0.2.1".parse().unwrap()));
        assert!(!is_this_machine("2001:db8::1".parse().unwrap()));
    }

    #[test]
    fn a_listener_is_found_by_whatever_address_means_it() {
        let listeners: Vec<(SocketAddr, Scheme)> = vec![
            ("127.0.0.1:8080".parse().unwrap(), Scheme::Http),
            ("0.0.0.0:8443".parse().unwrap(), Scheme::Https),
        ];
        let at = |address: &str| listener_at(&listeners, &[address.parse().unwrap()]);
        assert_eq!(at("127.0.0.1:8080"), Some(Scheme::Http));
        assert_eq!(at("[::ffff:127.0.0.1]:8080"), Some(Scheme::Http));
        assert_eq!(at("0.0.0.0:8080"), Some(Scheme::Http));
        assert_eq!(at("127.0.0.1:8443"), Some(Scheme::Https));
        assert_eq!(at("127.0.0.2:8080"), None);
        assert_eq!(at("192.0.2.1:8443"), None);
    }
}
