//! Which host names mean this server itself, and not the cloud that it stands in for: what an operator may call it by, and
//! what an assertion may be meant for. A name that anybody could point here is none of them.

use std::net::IpAddr;

use zuno_intercept::Host;

use crate::request::Request;

/// The names that the operator gave this server, beside those of loopback.
#[derive(Debug, Default)]
pub struct Names(Vec<String>);

impl Names {
    /// Reads the names; the error is the one that cannot be.
    pub fn new(names: &[String]) -> Result<Names, String> {
        let read = |name: &String| {
            let plain = plain(name);
            let is_label = |label: &str| {
                !label.is_empty()
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            };
            let is_name = plain.parse::<IpAddr>().is_ok() || plain.split('.').all(is_label);
            // Whoever is led to the cloud's names would be led to the operator's doings as well.
            if is_name && !Host::of(&plain).is_cloud() { Ok(plain) } else { Err(name.clone()) }
        };
        names.iter().map(read).collect::<Result<_, _>>().map(Names)
    }

    /// Whether a request names this server: by loopback, by the address that its caller dialled, or by a name that the
    /// operator gave. What came through a tunnel to one of the cloud's hosts never does.
    pub fn mean_us(&self, request: &Request) -> bool {
        let via = request.via();
        let tunnel = via.and_then(|via| via.tunnel.as_ref());
        if tunnel.is_some_and(|target| Host::of(target.as_str()).is_cloud()) {
            return false;
        }
        let host = plain(request.host());
        match host.parse::<IpAddr>() {
            Ok(address) => {
                let (address, dialled) =
                    (address.to_canonical(), via.map(|via| via.local.ip().to_canonical()));
                address.is_loopback() || Some(address) == dialled || self.0.contains(&host)
            }
            Err(_) => host == "localhost" || self.0.contains(&host),
        }
    }
}

/// A host without port, brackets, final dot and capitals.
fn plain(host: &str) -> String {
    let host = host.trim();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if host.parse::<IpAddr>().is_ok() => host,
        None => match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        },
    };
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use zuno_intercept::{Scheme, Via};

    use super::*;

    fn request(host: &str, tunnel: Option<&str>) -> Request {
        let (mut head, ()) =
            http::Request::get("/_zuno/tenants").header("host", host).body(()).unwrap().into_parts();
        let tunnel = tunnel.map(|target| target.parse().unwrap());
        let (peer, local) = ("10.0.0.9:50000".parse().unwrap(), "[::ffff:10.0.0.1]:8080".parse().unwrap());
        head.extensions.insert(Arc::new(Via::new(Scheme::Http, peer, local, tunnel)));
        Request::new(head, Bytes::new())
    }

    #[test]
    fn loopback_the_dialled_address_and_given_names_mean_us_and_nothing_else_does() {
        let names = Names::new(&["Zuno.corp.example".into(), "10.9.9.9".into()]).unwrap();
        for host in [
            "localhost:8080",
            "LOCALHOST",
            "127.0.0.1:8080",
            "127.8.9.1",
            "[::1]:8080",
            "10.0.0.1:8080",
            "zuno.CORP.example:1",
            "zuno.corp.example.",
            "10.9.9.9:8080",
        ] {
            assert!(names.mean_us(&request(host, None)), "{host}");
            assert!(!names.mean_us(&request(host, Some("api.zsapi.net:443"))), "{host} in a tunnel");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.localhost",
            "10.0.0.2",
            "api.zsapi.net",
            "",
            "[::2]",
        ] {
            assert!(!names.mean_us(&request(host, None)), "{host}");
        }
    }

    #[test]
    fn a_name_of_the_clouds_cannot_be_given() {
        for wrong in ["api.zsapi.net", "acme.zslogin.net:443", "", "a b", "http://x"] {
            assert_eq!(Names::new(&[wrong.to_owned()]).err().as_deref(), Some(wrong), "{wrong}");
        }
    }
}
