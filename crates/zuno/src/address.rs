//! An address to listen at, as people write it.

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs as _};

/// Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, and a port alone, `8080` or `:8080`, which is this machine's: to
/// be reached by others is asked for by name, as `0.0.0.0:8080`.
///
/// # Errors
/// The text is no address; the error says how one is written.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(whole) = text.parse() {
        return Ok(whole);
    }
    let wrong = || {
        format!(
            "`{text}` is no address: write a port (8080), an address with one (127.0.0.1:8080, or 0.0.0.0:8080 for \
             callers on other machines), or a name with one (localhost:8080)"
        )
    };
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port: u16 = port.parse().map_err(|_| wrong())?;
    match host {
        "" => Ok((Ipv4Addr::LOCALHOST, port).into()),
        "localhost" => Ok((Ipv4Addr::LOCALHOST, port).into()),
        "*" => Ok((Ipv4Addr::UNSPECIFIED, port).into()),
        name if name.contains([' ', '/', ':']) => Err(wrong()),
        name => {
            let found = (name, port).to_socket_addrs().ok().and_then(|mut found| found.next());
            found.ok_or_else(|| format!("`{name}` has no address on this network"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, read) in [
            ("8080", "127.0.0.1:8080"),
            (":8080", "127.0.0.1:8080"),
            ("localhost:8080", "127.0.0.1:8080"),
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("*:80", "0.0.0.0:80"),
            ("[::1]:80", "[::1]:80"),
        ] {
            assert_eq!(address(text).unwrap().to_string(), read, "{text}");
        }
        for text in
            ["", ":", "nowhere", "127.0.0.1", "::1", "http://127.0.0.1:80", "127.0.0.1:99999", "a b:1"]
        {
            assert!(address(text).unwrap_err().contains("127.0.0.1:8080"), "{text}");
        }
    }
}
