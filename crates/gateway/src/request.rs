//! A request as the services read it: path folded, query decoded, body whole.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use zuno_intercept::{Scheme, Via};

/// A request whose body has arrived.
pub struct Request {
    /// Method, target, headers, and where it came from.
    pub head: Parts,
    /// The body.
    pub body: Bytes,
    /// The path with empty labels folded away (a client sends `//cloudpath`).
    pub path: String,
    /// The decoded query; a leading `&` and doubled ones disappear (a client sends `?&page=1`).
    pub query: Vec<(String, String)>,
}

impl Request {
    /// Takes a request apart.
    pub fn new(head: Parts, body: Bytes) -> Request {
        let path = fold(head.uri.path());
        let text = head.uri.query().unwrap_or_default();
        let query = form_urlencoded::parse(text.as_bytes())
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Request { head, body, path, query }
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// Whether the body is announced as JSON, with or without a charset or a suffix such as `merge-patch+json`.
    pub fn is_json(&self) -> bool {
        self.header("content-type").is_some_and(|media| {
            let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            media == "application/json" || media.ends_with("+json")
        })
    }

    /// Whether the caller takes an answer of this media type; one that does not say takes any.
    pub fn accepts(&self, media: &str) -> bool {
        let Some(ranges) = self.header("accept") else { return true };
        let kind = media.split('/').next().unwrap_or_default();
        ranges.split(',').any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let named = parts.next().unwrap_or_default().to_ascii_lowercase();
            let refused =
                |part: &str| part.strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0_f32));
            let matches = named == "*/*" || named == media || named.strip_suffix("/*") == Some(kind);
            matches && !parts.any(refused)
        })
    }

    /// The bearer token.
    pub fn bearer(&self) -> Option<&str> {
        // A token is long, and the header's own reading looks at each letter of it.
        let shown = std::str::from_utf8(self.head.headers.get(AUTHORIZATION)?.as_bytes()).ok()?;
        let (scheme, token) = shown.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// What the cookies of a name hold, in the order that they are sent in.
    pub fn cookies<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.headers.get_all("cookie").iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
        pairs.filter(move |(own, _)| own.trim() == name).map(|(_, value)| value.trim())
    }

    /// The name under which the caller reached this server, such as `https://api.zsapi.net`.
    pub fn origin(&self) -> String {
        let secure = self.via().is_some_and(|via| via.scheme == Scheme::Https);
        format!("{}://{}", if secure { "https" } else { "http" }, self.host())
    }

    /// The connection it came by, where there was one.
    pub fn via(&self) -> Option<&Via> {
        self.head.extensions.get::<Arc<Via>>().map(Arc::as_ref)
    }

    /// The caller's address, where it came by a connection.
    pub fn address(&self) -> Option<IpAddr> {
        Some(self.via()?.peer.ip().to_canonical())
    }

    /// The host it is for, as the caller wrote it.
    pub fn host(&self) -> &str {
        match self.head.uri.authority() {
            Some(authority) => authority.as_str(),
            None => self.header("host").unwrap_or("localhost"),
        }
    }
}

fn fold(path: &str) -> String {
    if !path.contains("//") {
        return path.to_owned();
    }
    let mut folded = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter != '/' || !folded.ends_with('/') {
            folded.push(letter);
        }
    }
    folded
}

/// A path's parameter without its percent-encoding.
pub fn decoded(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::Request;

    fn request(target: &str) -> Request {
        let (head, ()) = http::Request::get(target).body(()).expect("a valid target").into_parts();
        Request::new(head, Bytes::new())
    }

    #[test]
    fn a_caller_takes_what_its_ranges_hold() {
        let accepts = |ranges: Option<&str>| {
            let mut sent = request("/x");
            if let Some(ranges) = ranges {
                sent.head.headers.insert("accept", ranges.parse().expect("a header"));
            }
            sent.accepts("text/csv")
        };
        let taken =
            [None, Some("*/*"), Some("text/csv"), Some("application/json, TEXT/* ; q=0.5"), Some("*/*;q=1")];
        for ranges in taken {
            assert!(accepts(ranges), "{ranges:?}");
        }
        for ranges in ["application/json", "text/html, image/*", "text/csv;q=0", "", "text", "*"] {
            assert!(!accepts(Some(ranges)), "{ranges}");
        }
    }

    #[test]
    fn what_real_clients_send_is_tolerated() {
        let sloppy = request("/zia/api/v1//locations?&pageSize=10&&page=1&search=");
        assert_eq!(sloppy.path, "/zia/api/v1/locations");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(sloppy.query, [pair("pageSize", "10"), pair("page", "1"), pair("search", "")]);
        assert_eq!(request("/x?search=name%2BEQ%2BService+Edge").query[0].1, "name+EQ+Service Edge");
    }
}
