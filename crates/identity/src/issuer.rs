//! Who issues the tokens: the identity service's own address, and the audiences it knows.

/// The audience of the one resource server that exists, "Zscaler APIs" (seen: its `primaryAud`).
pub const ONE_API_AUDIENCE: &str = "https://api.zscaler.com";

/// The token endpoint's path (documented).
pub const TOKEN_PATH: &str = "/oauth2/v1/token";

/// The identity service of one tenant, as its clients address it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The `iss` of its tokens: `https://<vanity>.zslogin.net`, without a closing slash.
    pub url: String,
    /// Other base URLs that reach the same service, such as `http://127.0.0.1:8080`; an assertion may name them too.
    pub also: Vec<String>,
}

impl Issuer {
    /// An issuer known by this URL alone.
    pub fn new(url: impl Into<String>) -> Issuer {
        let mut url = url.into();
        while url.ends_with('/') {
            url.pop();
        }
        Issuer { url, also: Vec::new() }
    }

    /// Whether a client assertion may name this audience.
    ///
    /// The documents want the identity base URL (with `http` in their example), RFC 7523 the token endpoint, and both
    /// shipped SDKs send the API's audience; all of them work on the real service (documented, client).
    pub fn accepts_assertion_audience(&self, audience: &str) -> bool {
        if names_one_api(audience) {
            return true;
        }
        let Some(asked) = without_scheme(audience) else { return false };
        let asked = asked.trim_end_matches('/');
        let base = asked.strip_suffix(TOKEN_PATH).unwrap_or(asked);
        std::iter::once(&self.url)
            .chain(&self.also)
            .filter_map(|url| without_scheme(url))
            .any(|own| own.trim_end_matches('/').eq_ignore_ascii_case(base))
    }
}

/// Whether this is the API's audience, with or without the closing slash that Postman's collection sends.
pub(crate) fn names_one_api(audience: &str) -> bool {
    audience.strip_suffix('/').unwrap_or(audience) == ONE_API_AUDIENCE
}

fn without_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_audience_that_real_clients_send_is_accepted() {
        let mut issuer = Issuer::new("https://acme.zslogin.net/");
        issuer.also.push("http://127.0.0.1:8080".to_owned());
        for good in [
            "https://acme.zslogin.net",
            "http://acme.zslogin.net",
            "https://acme.zslogin.net/",
            "https://ACME.zslogin.net",
            "https://acme.zslogin.net/oauth2/v1/token",
            "https://api.zscaler.com",
            "https://api.zscaler.com/",
            "http://127.0.0.1:8080/oauth2/v1/token",
        ] {
            assert!(issuer.accepts_assertion_audience(good), "{good}");
        }
        for bad in [
            "",
            "acme.zslogin.net",
            "https://other.zslogin.net",
            "https://acme.zslogin.net.evil.example",
            "https://acme.zslogin.net/oauth2/v1/token/x",
            "https://api.zscaler.com.evil.example",
            "http://api.zscaler.com",
            "ftp://acme.zslogin.net",
        ] {
            assert!(!issuer.accepts_assertion_audience(bad), "{bad}");
        }
    }
}
