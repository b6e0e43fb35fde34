//! Which addresses the server may fetch keys from: none, until the operator names them.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

/// The hosts and networks that key sets may be fetched from. The default allows none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedHosts(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    Name { name: String, port: Option<u16> },
    Network { network: IpNet, port: Option<u16> },
}

/// An entry that names neither a host nor a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is neither a host, host:port, address nor network; write `keys.example.com:443` or `10.0.0.0/8`"
)]
pub struct BadEntry(pub String);

impl AllowedHosts {
    /// Reads entries such as `keys.example.com`, `keys.example.com:8443`, `10.1.2.3:80`, `[::1]:80`, `10.0.0.0/8`.
    pub fn new(entries: impl IntoIterator<Item = impl AsRef<str>>) -> Result<AllowedHosts, BadEntry> {
        entries
            .into_iter()
            .map(|entry| Entry::read(entry.as_ref().trim()))
            .collect::<Result<_, _>>()
            .map(AllowedHosts)
    }

    /// Whether a connection to `address`, which is what `host` resolved to, is allowed.
    ///
    /// A network is asked about the address alone, whatever the name. A host's name vouches for what it resolves to,
    /// except for addresses that no name of an operator's can mean: link-local ones, where clouds keep machine
    /// credentials, multicast and unspecified.
    pub fn permits(&self, host: &str, address: SocketAddr) -> bool {
        let host = plain(host);
        let ip = address.ip().to_canonical();
        self.0.iter().any(|entry| match entry {
            Entry::Name { name, port } => {
                *name == host && port.is_none_or(|port| port == address.port()) && can_be_named(ip)
            }
            Entry::Network { network, port } => {
                network.contains(&ip) && port.is_none_or(|port| port == address.port())
            }
        })
    }
}

impl Entry {
    fn read(text: &str) -> Result<Entry, BadEntry> {
        let bad = || BadEntry(text.to_owned());
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Entry::Network { network, port: None });
        }
        if let Ok(ip) = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            return Ok(Entry::Network { network: ip.to_canonical().into(), port: None });
        }
        if let Ok(address) = text.parse::<SocketAddr>() {
            let network = address.ip().to_canonical().into();
            return Ok(Entry::Network { network, port: Some(address.port()) });
        }
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port.parse().map_err(|_| bad())?)),
            None => (text, None),
        };
        let name = plain(name);
        let written = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        // A last label of digits would be half an address, never a name.
        let numeric = name.rsplit('.').next().is_some_and(|label| label.chars().all(|c| c.is_ascii_digit()));
        if name.is_empty() || !name.chars().all(written) || numeric {
            return Err(bad());
        }
        Ok(Entry::Name { name, port })
    }
}

/// A host name as it is compared: small letters, no closing dot.
fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn can_be_named(ip: IpAddr) -> bool {
    let link_local = match ip {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    !(link_local || ip.is_multicast() || ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(entries: &[&str], host: &str, address: &str) -> bool {
        AllowedHosts::new(entries).unwrap().permits(host, address.parse().unwrap())
    }

    #[test]
    fn nothing_is_allowed_by_default() {
        assert!(!AllowedHosts::default().permits("localhost", "127.0.0.1:80".parse().unwrap()));
    }

    #[test]
    fn a_name_vouches_for_its_addresses_and_ports() {
        assert!(permits(&["Keys.example.com."], "keys.EXAMPLE.com", "10.0.0.1:443"));
        assert!(!permits(&["keys.example.com"], "evil.keys.example.com", "10.0.0.1:443"));
        assert!(!permits(&["keys.example.com:8443"], "keys.example.com", "10.0.0.1:443"));
        assert!(permits(&["keys.example.com:443"], "keys.example.com", "10.0.0.1:443"));
        for forbidden in
            ["169.254.169.254:80", "[fe80::1]:80", "0.0.0.0:80", "224.0.0.1:80", "[::ffff:169.254.1.1]:80"]
        {
            assert!(!permits(&["keys.example.com"], "keys.example.com", forbidden), "{forbidden}");
        }
    }

    #[test]
    fn a_network_is_asked_about_the_address_alone() {
        assert!(permits(&["10.0.0.0/8"], "whatever.example", "10.9.8.7:1"));
        assert!(permits(&["10.0.0.0/8"], "whatever.example", "[::ffff:10.9.8.7]:1"));
        assert!(!permits(&["10.0.0.0/8"], "whatever.example", "11.0.0.1:1"));
        assert!(permits(&["2001:db8::/32"], "x", "[2001:db8::1]:1"));
        assert!(permits(&["127.0.0.1:9000"], "x", "127.0.0.1:9000"));
        assert!(!permits(&["127.0.0.1:9000"], "x", "127.0.0.1:9001"));
        assert!(permits(&["::1"], "x", "[::1]:5") && permits(&["[::1]:5"], "x", "[::1]:5"));
        assert!(permits(&["169.254.0.0/16"], "x", "169.254.169.254:80"), "named outright");
    }

    #[test]
    fn a_bad_entry_is_named() {
        for bad in [
            "",
            "https://x",
            "a b",
            "host:port",
            "10.0.0.0/33",
            "*.example.com",
            "10.0.0",
            "999.1.1.1",
            "x:70000",
        ] {
            assert_eq!(AllowedHosts::new([bad]).unwrap_err(), BadEntry(bad.to_owned()));
        }
    }
}
