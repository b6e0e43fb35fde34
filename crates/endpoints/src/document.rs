//! The published documents, read whole or not at all, with their order and odd keys, and written as they are published.

mod cenr;
mod error;
mod lists;
mod object;
mod page;
mod text;

use ipnet::IpNet;
use serde::Serialize;
use serde::de::{DeserializeOwned, Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

pub use cenr::{Cenr, City, Continent, Entry};
pub use error::{Position, ReadError};
pub use lists::{Listing, Service, Svpn, Zpa};
pub use page::{Row, WebPage};
pub use text::{Meaning, Text};

use crate::Kind;
use crate::prefix::{Written, read_plain_line, read_prefix};

/// The largest document read, in bytes: five hundred times the largest published one.
pub const LARGEST: usize = 64 << 20;

/// A published document.
///
/// ```
/// use zuno_endpoints::{Document, Kind};
///
/// let text = br#"{"cloudName":"zscaler.net","prefixes":["192.0.2.0/24","2001:db8::/32"]}"#;
/// let document = Document::read(text)?;
/// assert_eq!(document.kind(), Kind::Future);
/// assert_eq!(document.to_text().as_bytes(), text);
/// # Ok::<(), zuno_endpoints::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// The data centres.
    Cenr(Cenr),
    /// Hubs, future data centres, or one of the older lists.
    Listing(Listing),
    /// What Client Connector tunnels to.
    Svpn(Svpn),
    /// The private-access list.
    Zpa(Zpa),
    /// The back end of the page.
    Page(WebPage),
    /// Prefixes, one a line.
    Lines(Vec<Written>),
    /// A JSON array of prefixes.
    Array(Vec<Text<IpNet>>),
}

impl Document {
    /// Reads a document of whatever kind it is.
    ///
    /// # Errors
    /// It is cut off, malformed, too large, or holds what no such document can mean; the error tells where.
    pub fn read(bytes: &[u8]) -> Result<Document, ReadError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.len() > LARGEST {
            return Err(ReadError::TooLarge { bytes: bytes.len(), most: LARGEST });
        }
        match bytes.trim_ascii_start().first() {
            None => Err(ReadError::Empty),
            Some(b'{') => read_object(bytes),
            Some(b'[') => Ok(Document::Array(json(bytes)?)),
            Some(_) => read_lines(bytes).map(Document::Lines),
        }
    }

    /// Which kind it is. Lines may be of private access or of anyone's making; they count as a list.
    pub fn kind(&self) -> Kind {
        match self {
            Document::Cenr(_) => Kind::Cenr,
            Document::Listing(listing) => listing.kind(),
            Document::Svpn(_) => Kind::Svpn,
            Document::Zpa(_) => Kind::Zpa,
            Document::Page(_) => Kind::Page,
            Document::Lines(_) | Document::Array(_) => Kind::List,
        }
    }

    /// The cloud that it names; many kinds name none.
    pub fn cloud(&self) -> Option<&str> {
        match self {
            Document::Cenr(cenr) => Some(&cenr.cloud),
            Document::Listing(listing) => listing.cloud.as_deref(),
            Document::Zpa(zpa) => Some(&zpa.cloud),
            _ => None,
        }
    }

    /// The document as it is published: one line of JSON without a blank, or one prefix a line.
    pub fn to_text(&self) -> String {
        match self {
            Document::Cenr(cenr) => written(cenr),
            Document::Listing(listing) => written(listing),
            Document::Svpn(svpn) => written(svpn),
            Document::Zpa(zpa) => written(zpa),
            Document::Page(page) => written(&page.whole),
            Document::Array(list) => written(list),
            Document::Lines(lines) => {
                let line = |line: &Written| match line.bare {
                    true => format!("{}\n", line.net.addr()),
                    false => format!("{}\n", line.net),
                };
                lines.iter().map(line).collect()
            }
        }
    }
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("keys are texts and numbers are finite")
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ReadError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader)
        .map_err(|cause| ReadError::json(bytes, cause.path(), cause.inner()))?;
    let nowhere = serde_path_to_error::Track::new().path();
    reader.end().map_err(|cause| ReadError::json(bytes, &nowhere, &cause))?;
    Ok(read)
}

/// The keys at the top say which kind an object is. A document that is cut off has at least its first.
fn read_object(bytes: &[u8]) -> Result<Document, ReadError> {
    let keys = top_keys(bytes);
    let among = |names: &[&str]| keys.iter().any(|key| names.contains(&key.as_str()));
    if keys.first().is_some_and(|key| key == "svpnIPs") && keys.len() == 1 {
        json(bytes).map(Document::Svpn)
    } else if among(&["Cloud Name", "content"]) {
        json(bytes).map(Document::Zpa)
    } else if among(&["cloudName", "hubPrefixes", "prefixes", "ranges", "ip"]) {
        json(bytes).map(Document::Listing)
    } else if among(&["status", "data"]) {
        let whole: Value = json(bytes)?;
        WebPage::take(whole).map(Document::Page).map_err(|wrong| ReadError::Wrong {
            place: Position { path: wrong.path, line: None, byte: None },
            why: wrong.why,
        })
    } else {
        json(bytes).map(Document::Cenr)
    }
}

/// The keys of the outermost object, as far as it can be read.
fn top_keys(bytes: &[u8]) -> Vec<String> {
    struct Keys<'a>(&'a mut Vec<String>);

    impl<'de> Visitor<'de> for Keys<'_> {
        type Value = ();

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key()? {
                self.0.push(key);
                // More keys tell nothing more.
                if self.0.len() > 8 {
                    break;
                }
                map.next_value::<IgnoredAny>()?;
            }
            Ok(())
        }
    }

    let mut keys = Vec::new();
    let _ = serde_json::Deserializer::from_slice(bytes).deserialize_map(Keys(&mut keys));
    keys
}

/// Lines with a prefix each. Empty lines and what follows a `#` do not count: lists for firewalls have both.
fn read_lines(bytes: &[u8]) -> Result<Vec<Written>, ReadError> {
    // A guess that costs no second look at the bytes: a line of a long list has 16 bytes or so.
    let mut lines = Vec::with_capacity(bytes.len() / 15);
    let (mut start, mut number) = (0, 0);
    while start < bytes.len() {
        if let Some((written, end)) = read_plain_line(&bytes[start..]) {
            lines.push(written);
            start += end;
            number += 1;
            continue;
        }
        let rest = &bytes[start..];
        let line = &rest[..rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())];
        let text = line.split(|byte| *byte == b'#').next().unwrap_or_default().trim_ascii();
        if !text.is_empty() {
            let read = read_prefix(text);
            lines.push(read.map_err(|fault| ReadError::at_line(number + 1, start, fault.to_string()))?);
        }
        start += line.len() + 1;
        number += 1;
    }
    Ok(lines)
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
