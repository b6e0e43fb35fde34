//! A question: who sends what from where, as far as it is known.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How traffic gets to the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A tunnel or link of the location.
    #[default]
    Transparent,
    /// The browser names the proxy.
    Explicit,
    /// The browser runs a PAC file.
    Pac,
    /// The client's tunnel of web traffic alone.
    Tunnel1,
    /// The client's tunnel of everything.
    Tunnel2,
    /// The client, as its profiles say.
    Client,
}

/// A direction of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the server.
    Upload,
    /// To the user.
    Download,
}

/// A value that may be one or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Values {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Values {
    /// Each of them.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        let (one, several) = match self {
            Values::One(one) => (Some(one), None),
            Values::Several(several) => (None, Some(several)),
        };
        one.into_iter().chain(several.into_iter().flatten()).map(String::as_str)
    }
}

/// What is asked. Exactly one of `url`, `destination`, `dns` and `private` says what the traffic is for; everything else
/// may be left out, and what would have counted is then told in the verdict. Users, groups, places, devices and the like
/// are given by name or id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// A web request: its URL.
    pub url: Option<String>,
    /// Any other traffic: `host:port`, `address:port`, or `port` missing for ICMP.
    pub destination: Option<String>,
    /// A DNS query: the name that is asked for.
    pub dns: Option<String>,
    /// A request to a private application: `host:port`.
    pub private: Option<String>,

    /// The user: e-mail, name or id. Nobody is signed in where it is missing.
    pub user: Option<String>,
    /// The user's groups, where the configuration does not tell them.
    pub groups: Option<Vec<String>>,
    /// The user's department, where the configuration does not tell it.
    pub department: Option<String>,
    /// The user's risk score, 0 to 100; or for private access `LOW`, `HIGH` and so on.
    pub risk: Option<RiskScore>,

    /// The location that the traffic comes from.
    pub from: Option<String>,
    /// The address that it comes from, within the location or on the internet.
    pub source: Option<IpAddr>,
    /// The country that it comes from, as `DE`.
    pub source_country: Option<String>,
    /// How it gets to the cloud.
    pub via: Option<Via>,

    /// The device.
    pub device: Option<String>,
    /// The device's system: `windows`, `mac`, `linux`, `ios`, `android`.
    pub platform: Option<String>,
    /// How far the device is trusted: `HIGH`, `MEDIUM`, `LOW`, `UNKNOWN`.
    pub trust: Option<String>,
    /// The browser, as rules name them: `CHROME`, `FIREFOX`, `MSCHREDGE`, …
    pub browser: Option<String>,
    /// The browser's version, as the browser control names it: `CH120`.
    pub browser_version: Option<String>,

    /// The method; GET when missing.
    pub method: Option<String>,
    /// The cloud applications that the host belongs to, as rules name them.
    pub applications: Option<Vec<String>>,
    /// What is done in the application, as the words of rules' actions end: `WEBMAIL_SEND`, `FILE_SHARE_UPLOAD`.
    pub activity: Option<String>,
    /// The risk index of the application, 1 to 5.
    pub application_risk: Option<u8>,
    /// The host in the request's header, where it is another than the connection's.
    pub host_header: Option<String>,
    /// The oldest TLS that the server speaks: `1.0` to `1.3`.
    pub server_tls: Option<String>,
    /// Whether the server's certificate is trusted.
    pub trusted_certificate: Option<bool>,
    /// The category that content inspection gives a page that nobody knew.
    pub content_category: Option<String>,

    /// The address that the destination resolves to.
    pub destination_ip: Option<IpAddr>,
    /// The country that it lies in, as `DE`.
    pub destination_country: Option<String>,
    /// `tcp`, `udp` or `icmp`.
    pub protocol: Option<String>,
    /// The network application that inspection finds, as rules name it.
    pub network_application: Option<String>,
    /// Whether the session ends before its application is found.
    pub ends_early: Option<bool>,
    /// The type of DNS record that is asked for; A when missing.
    pub dns_type: Option<String>,
    /// Whether what is sent to port 53 is no DNS at all.
    pub not_dns: Option<bool>,

    /// The file's type, as rules name it: `FTCATEGORY_PDF_DOCUMENT` or `PDF_DOCUMENT`.
    pub file_type: Option<String>,
    /// The file's size.
    pub file_size_kb: Option<u64>,
    /// The file's traits: `active`, `unscannable`, `locked`.
    pub file_traits: Option<Vec<String>>,
    /// Which way the file goes; up with POST and PUT, else down.
    pub direction: Option<Direction>,
    /// Whether the file or page holds malware.
    pub malware: Option<bool>,
    /// The score that the sandbox knows of the file; none where nobody has seen it.
    pub threat_score: Option<u8>,
    /// What the sandbox finds it to be, as rules name it: `ADWARE_BLOCK`.
    pub finding: Option<String>,
    /// Scores of DLP dictionaries by number, as engines' expressions name them: `{"63": 6}`.
    pub dlp_scores: Option<BTreeMap<String, i64>>,
    /// Names or ids of the DLP engines that match, where scores are not given.
    pub dlp_engines: Option<Vec<String>>,
    /// Threat categories whose signatures match.
    pub threats: Option<Vec<String>>,

    /// Lists of the vendor's that the site is in: `GLOBAL_INT_OFC_SSL_BYPASS`.
    pub vendor_lists: Option<Vec<String>>,
    /// Minutes of today's allowance that are used up.
    pub used_minutes: Option<i64>,
    /// Kilobytes of today's allowance that are used up.
    pub used_kb: Option<i64>,
    /// Whether the block was overridden in this session.
    pub overridden: Option<bool>,
    /// Whether the acceptable use policy was accepted.
    pub accepted_aup: Option<bool>,

    /// When: seconds since 1970, or `2026-03-01T10:00:00Z`. The tenant's present when missing, where there is one.
    pub at: Option<At>,

    /// What asks a private application: `zpn_client_type_zapp` when missing.
    pub client_type: Option<String>,
    /// The identity provider that the user signed in with.
    pub idp: Option<String>,
    /// What the assertion says, by the attribute's name or id.
    pub saml: Option<BTreeMap<String, Values>>,
    /// What provisioning says, by the attribute's name or id.
    pub scim: Option<BTreeMap<String, Values>>,
    /// The provisioned groups.
    pub scim_groups: Option<Vec<String>>,
    /// Whether provisioning knows the user as active.
    pub scim_active: Option<bool>,
    /// Posture by profile: whether the device passes.
    pub postures: Option<BTreeMap<String, bool>>,
    /// Trusted networks that the client is on.
    pub trusted_networks: Option<Vec<String>>,
    /// Whether it is on any; follows from the list when missing.
    pub on_trusted_network: Option<bool>,
    /// The machine's group.
    pub machine_group: Option<String>,
    /// Whether the browser is managed.
    pub chrome_managed: Option<bool>,
    /// Profiles that the browser satisfies.
    pub chrome_postures: Option<Vec<String>>,
    /// Whether the client can match several segments; follows from the platform when missing.
    pub multimatch: Option<bool>,
    /// The cloud or branch connector's group that it comes through.
    pub connector_group: Option<String>,
    /// The workload's tag groups.
    pub workload_tags: Option<Vec<String>>,
    /// The privileged console, the portal, or the user portal in use.
    pub portal: Option<String>,
    /// The microtenant, where the user's domain does not tell it.
    pub microtenant: Option<String>,
    /// When the user signed in, in seconds since 1970.
    pub signed_in_at: Option<i64>,
    /// When the segment group's applications were last used, in seconds since 1970.
    pub last_used_at: Option<i64>,
    /// ICMP: whether it is a traceroute.
    pub traceroute: Option<bool>,
    /// Whether disaster recovery is on.
    pub disaster_recovery: Option<bool>,
}

impl Question {
    /// The moment that it is about, in seconds since 1970.
    ///
    /// # Errors
    /// `at` is no moment.
    pub fn moment(&self) -> Result<Option<i64>, Unclear> {
        match &self.at {
            None => Ok(None),
            Some(At::Seconds(seconds)) => Ok(Some(*seconds)),
            Some(At::Text(text)) => match text.parse::<Timestamp>() {
                Ok(moment) => Ok(Some(moment.as_second())),
                Err(_) => Err(Unclear::Unreadable {
                    member: "at",
                    value: text.clone(),
                    wanted: "a moment with its zone, as `2026-03-01T10:00:00Z`, or seconds since 1970",
                }),
            },
        }
    }
}

/// A moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum At {
    /// Seconds since 1970.
    Seconds(i64),
    /// As text, with its zone.
    Text(String),
}

/// A user's risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RiskScore {
    /// 0 to 100.
    Score(u8),
    /// As a level.
    Level(String),
}

impl RiskScore {
    /// The level of the score (documented: 0–29, 30–59, 60–79, 80–100).
    pub fn level(&self) -> String {
        match self {
            RiskScore::Score(0..=29) => "LOW".into(),
            RiskScore::Score(30..=59) => "MEDIUM".into(),
            RiskScore::Score(60..=79) => "HIGH".into(),
            RiskScore::Score(_) => "CRITICAL".into(),
            RiskScore::Level(level) => level.to_uppercase(),
        }
    }
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// Nothing, or more than one thing, says what the traffic is for.
    #[error("give exactly one of `url`, `destination`, `dns` and `private`")]
    NoSubject,
    /// A member is not readable.
    #[error("`{member}` cannot be `{value}`: {wanted}")]
    Unreadable {
        /// The member.
        member: &'static str,
        /// What it was.
        value: String,
        /// What it may be.
        wanted: &'static str,
    },
    /// A name stands for nothing in the configuration.
    #[error("`{member}`: there is no {noun} `{value}`")]
    NoSuch {
        /// The member.
        member: &'static str,
        /// What it would be.
        noun: &'static str,
        /// What it was.
        value: String,
    },
}
