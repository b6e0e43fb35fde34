//! The variables that clients of the older hosts read beside the others. They are set for whoever asks for them alone: newer
//! clients that find them choose the older way.

use crate::environment::{Credentials, Platform, Variable};

/// What such clients need beside an API client's id and secret.
#[derive(Clone, PartialEq, Eq)]
pub struct OlderSetup {
    /// The cloud's label in host names, `zscalerthree`.
    pub cloud: String,
    /// The API client's name as an administrator's.
    pub username: String,
    /// The organization's key.
    pub api_key: String,
    /// The secret that goes with the client's id at digital experience, if the client has one.
    pub measuring_secret: Option<String>,
    /// The token that it shows at the sandbox portal.
    pub sandbox_token: String,
}

/// The cloud of digital experience whose hosts every client knows.
const MEASURING_CLOUD: &str = "zdxcloud";

/// Every variable that [`older_variables`] may set.
pub const OLDER_NAMES: [&str; 31] = [
    "ZIA_USERNAME",
    "ZIA_PASSWORD",
    "ZIA_API_KEY",
    "ZIA_CLOUD",
    "ZTW_USERNAME",
    "ZTW_PASSWORD",
    "ZTW_API_KEY",
    "ZTW_CLOUD",
    "ZTC_USERNAME",
    "ZTC_PASSWORD",
    "ZTC_API_KEY",
    "ZTC_CLOUD",
    "ZCON_USERNAME",
    "ZCON_PASSWORD",
    "ZCON_API_KEY",
    "ZCON_CLOUD",
    "ZCC_CLIENT_ID",
    "ZCC_CLIENT_SECRET",
    "ZCC_CLOUD",
    "ZDX_CLIENT_ID",
    "ZDX_CLIENT_SECRET",
    "ZDX_CLOUD",
    "ZDX_API_KEY_ID",
    "ZDX_API_SECRET",
    "ZIA_SANDBOX_TOKEN",
    "ZSCALER_SANDBOX_TOKEN",
    "ZSCALER_SANDBOX_CLOUD",
    "ZIA_TESTING_DISABLE_HTTPS_CHECK",
    "ZTC_TESTING_DISABLE_HTTPS_CHECK",
    "ZCC_TESTING_DISABLE_HTTPS_CHECK",
    "ZDX_TESTING_DISABLE_HTTPS_CHECK",
];

/// The variables by which clients of the older hosts sign in, in reading order. Each names its cloud, which such clients do
/// not do without.
pub fn older_variables(older: &OlderSetup, client: &Credentials, platform: Platform) -> Vec<Variable> {
    let mut list = Vec::new();
    let mut tell = |name: &'static str, value: &str, reason: &'static str, secret: bool| {
        list.push(Variable { name, value: value.to_owned(), reason, secret });
    };
    let name = "the older internet access API: the API client as an administrator";
    for (username, password, key, cloud, reason) in [
        ("ZIA_USERNAME", "ZIA_PASSWORD", "ZIA_API_KEY", "ZIA_CLOUD", name),
        (
            "ZTW_USERNAME",
            "ZTW_PASSWORD",
            "ZTW_API_KEY",
            "ZTW_CLOUD",
            "the older connector API, for the Python SDK",
        ),
        ("ZTC_USERNAME", "ZTC_PASSWORD", "ZTC_API_KEY", "ZTC_CLOUD", "the same, for Go and Terraform"),
        ("ZCON_USERNAME", "ZCON_PASSWORD", "ZCON_API_KEY", "ZCON_CLOUD", "the same, for pyzscaler"),
    ] {
        tell(username, &older.username, reason, false);
        tell(password, &client.secret, "its secret", true);
        tell(key, &older.api_key, "the organization's key, which goes with it", true);
        tell(cloud, &older.cloud, "the label of its hosts", false);
    }
    tell("ZCC_CLIENT_ID", &client.id, "the older client connector API", false);
    tell("ZCC_CLIENT_SECRET", &client.secret, "its secret", true);
    tell("ZCC_CLOUD", &older.cloud, "the label of its hosts", false);
    if let Some(secret) = &older.measuring_secret {
        for (id, key, reason) in [
            ("ZDX_CLIENT_ID", "ZDX_CLIENT_SECRET", "the older digital experience API, for Python"),
            ("ZDX_API_KEY_ID", "ZDX_API_SECRET", "the same, for Go"),
        ] {
            tell(id, &client.id, reason, false);
            tell(key, secret, "its secret there, which is another", true);
        }
        tell("ZDX_CLOUD", MEASURING_CLOUD, "the label of its hosts", false);
    }
    tell("ZIA_SANDBOX_TOKEN", &older.sandbox_token, "the sandbox portal, which takes files", true);
    tell("ZSCALER_SANDBOX_TOKEN", &older.sandbox_token, "the same, for newer clients", true);
    tell("ZSCALER_SANDBOX_CLOUD", &older.cloud, "the label of its hosts", false);
    if platform == Platform::SystemStore {
        let reason = "Go trusts only the system's store here, so its SDK must skip the check";
        for name in &OLDER_NAMES[27..] {
            tell(name, "true", reason, false);
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_older_client_finds_its_credentials_and_every_name_is_told_of() {
        let older = OlderSetup {
            cloud: "zscalerthree".into(),
            username: "ci@1.zscalerthree.net".into(),
            api_key: "s3cret-key".into(),
            measuring_secret: Some("s3cret-measure".into()),
            sandbox_token: "s3cret-token".into(),
        };
        let client = Credentials { id: "ci".into(), secret: "s3cret-word".into() };
        let list = older_variables(&older, &client, Platform::SystemStore);
        let names: Vec<&str> = list.iter().map(|variable| variable.name).collect();
        assert!(
            OLDER_NAMES.iter().all(|name| names.contains(name)) && names.len() == OLDER_NAMES.len(),
            "{names:?}"
        );
        for variable in &list {
            assert_eq!(variable.secret, variable.value.starts_with("s3cret"), "{}", variable.name);
            assert!(!format!("{variable:?}").contains("s3cret"));
        }
        let without = OlderSetup { measuring_secret: None, ..older };
        let list = older_variables(&without, &client, Platform::Unix);
        assert!(
            list.iter().all(|variable| !variable.name.contains("ZDX") && !variable.name.contains("TESTING"))
        );
    }
}
