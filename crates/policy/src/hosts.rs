//! Hosts and ports as people write them.

use crate::question::Unclear;

/// The longest host with its port, in bytes: a name has 253 (RFC 1035). Every domain above a name is looked for, in a time
/// that grows with the square of its length.
const LONGEST: usize = 300;

/// A host, unless it is longer than any.
///
/// # Errors
/// It is; the text shows how it begins.
pub(crate) fn short<'t>(member: &'static str, text: &'t str) -> Result<&'t str, Unclear> {
    if text.len() <= LONGEST {
        return Ok(text);
    }
    let value = format!("{}…", text.chars().take(40).collect::<String>());
    Err(Unclear::Unreadable { member, value, wanted: "a name has 253 bytes at most" })
}

/// A host with or without port; brackets stand around an IPv6 address that has one.
pub(crate) fn host_and_port(text: &str) -> (&str, Option<u16>) {
    if let Some((host, port)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, port.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, port.parse().ok()),
        _ => (text, None),
    }
}

/// The scheme of a URL, and what follows it; nothing where it begins with its host, whatever stands in its query.
pub(crate) fn scheme_of(url: &str) -> Option<(&str, &str)> {
    url.split_once("://").filter(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
