//! What the environment said of proxies, trust and start-up options before the variables of a server replaced it.
//!
//! A company's proxy and its CA must go on counting in a shell that was pointed at a server, and for a server that is
//! started there. So the variables that are about to be replaced are kept in one of their own, [`Before::NAME`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The variables whose former values are kept. None of them names a cloud or a client of one: to put such back unseen
/// would lead a shell to production.
const KEPT: [&str; 16] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "NODE_OPTIONS",
    "PYTHONPATH",
    "JAVA_TOOL_OPTIONS",
];

/// The variables that lead clients to a server, as they were before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    values: BTreeMap<String, String>,
    led_by: Option<String>,
    older: bool,
}

/// The text of [`Before::NAME`].
#[derive(Deserialize, Serialize)]
struct Note<'a> {
    /// The proxy that was set when this was written: if another stands there now, the note is old.
    proxy: std::borrow::Cow<'a, str>,
    before: BTreeMap<String, String>,
    /// Variables of the older clients were set as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    older: bool,
}

impl Before {
    /// The variable that keeps them.
    pub const NAME: &'static str = "ZUNO_BEFORE";

    /// Of this process.
    pub fn here() -> Before {
        Before::of(|name| std::env::var(name).ok())
    }

    /// Of an environment. What a server's variables replaced is found under them; an environment that leads to no server
    /// says it itself.
    pub fn of(read: impl Fn(&str) -> Option<String>) -> Before {
        let note = read(Before::NAME).and_then(|text| serde_json::from_str::<Note<'_>>(&text).ok());
        let proxy = read("HTTPS_PROXY");
        if let Some(note) = note.filter(|note| proxy.as_deref() == Some(&note.proxy)) {
            return Before { values: note.before, led_by: proxy, older: note.older };
        }
        let kept = KEPT.iter().filter_map(|name| Some(((*name).to_owned(), read(name)?)));
        let values = kept.filter(|(_, value)| !value.is_empty()).collect();
        Before { values, led_by: None, older: false }
    }

    /// What the note of this process says, even where the proxy has become another.
    pub fn kept() -> Option<Before> {
        let text = std::env::var(Before::NAME).ok()?;
        let note: Note<'_> = serde_json::from_str(&text).ok()?;
        Some(Before { values: note.before, led_by: Some(note.proxy.into_owned()), older: note.older })
    }

    /// The same, where the variables of the older clients are set now, or were before.
    pub fn with_older(mut self, now: bool) -> Before {
        self.older |= now;
        self
    }

    /// Whether the variables of the older clients are set.
    pub fn has_older(&self) -> bool {
        self.older
    }

    /// The proxy of the server to which the environment leads, if it leads to one.
    pub fn led_by(&self) -> Option<&str> {
        self.led_by.as_deref()
    }

    /// What a variable said.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// What a variable of proxies said, which programs read in capitals or in small letters.
    pub fn either(&self, name: &str) -> &str {
        self.get(name).or_else(|| self.get(&name.to_ascii_lowercase())).unwrap_or_default()
    }

    /// Every variable that said something.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The text to keep beside the variables that set `proxy`.
    pub fn note(&self, proxy: &str) -> String {
        let note = Note { proxy: proxy.into(), before: self.values.clone(), older: self.older };
        serde_json::to_string(&note).expect("names and texts are JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        let map: BTreeMap<String, String> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        move |name| map.get(name).cloned()
    }

    #[test]
    fn what_was_replaced_is_found_again_until_the_proxy_is_another() {
        let first = Before::of(environment(&[("https_proxy", "http://corp:3128"), ("NO_PROXY", "")]));
        assert_eq!((first.either("HTTPS_PROXY"), first.get("NO_PROXY")), ("http://corp:3128", None));
        assert_eq!(first.led_by(), None);
        let ours = "http://127.0.0.1:8080";
        let note = first.note(ours);
        let led = Before::of(environment(&[("HTTPS_PROXY", ours), (Before::NAME, &note)]));
        assert_eq!((led.either("HTTPS_PROXY"), led.led_by()), ("http://corp:3128", Some(ours)));
        assert_eq!(led.note(ours), note, "another start does not pile up");
        let moved = Before::of(environment(&[("HTTPS_PROXY", "http://other:1"), (Before::NAME, &note)]));
        assert_eq!((moved.either("HTTPS_PROXY"), moved.led_by()), ("http://other:1", None));
        assert_eq!(Before::of(environment(&[(Before::NAME, "{")])), Before::default());
        let older = led.with_older(true).note(ours);
        let again =
            Before::of(environment(&[("HTTPS_PROXY", ours), (Before::NAME, &older)])).with_older(false);
        assert!(again.has_older() && again.note(ours) == older, "they stay until they are taken away");
    }

    #[test]
    fn no_client_of_a_cloud_is_kept() {
        assert!(KEPT.iter().all(|name| !name.starts_with("ZSCALER") && !name.starts_with("ZPA")));
    }
}
