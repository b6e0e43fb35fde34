//! What a tenant has switched on, beside its rules.

use super::urls::UrlList;
use crate::record::{flag, on, words};
use crate::snapshot::Snapshot;

/// The settings that policies heed.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// What cloud applications' rules allow is held against URL filtering.
    pub cascade: bool,
    /// Road warriors of older tunnels and PAC files pass the firewall.
    pub firewall_for_road_warriors: bool,
    /// Who has not signed in is held against policies all the same.
    pub policy_for_unauthenticated: bool,
    /// What the vendor exempts from inspection is held against policies all the same.
    pub policy_on_vendor_exemptions: bool,
    /// Pages that nobody knows are categorised by their content.
    pub content_categories: bool,
    /// A request whose header names another host than its connection is refused.
    pub blocks_domain_fronting: bool,
    /// FTP through the proxy is allowed.
    pub ftp_over_http: bool,
    /// FTP itself is allowed.
    pub ftp: bool,
    /// Sites that are denied before any rule.
    pub denied: UrlList,
    /// Sites that security passes over.
    pub excepted: UrlList,
    /// Browsers' versions that are blocked.
    pub blocked_browsers: Vec<String>,
    /// Countries that are blocked.
    pub blocked_countries: Vec<String>,
    /// All DLP rules are asked, and the strictest counts.
    pub all_dlp_rules: bool,
}

impl Settings {
    pub fn new(snapshot: &Snapshot) -> Settings {
        let set = |kind, member| snapshot.one(kind).is_some_and(|record| on(record, member));
        let advanced = |member| set("zia.advanced_settings", member);
        let listed = |kind: &str, member: &str| {
            snapshot.one(kind).map(|record| words(record, member)).unwrap_or_default()
        };
        let mut denied = listed("zia.security_advanced", "blacklistUrls");
        denied.extend(listed("zia.malicious_url", "maliciousUrls"));
        let mut excepted = listed("zia.security", "whitelistUrls");
        excepted.extend(listed("zia.security_exception", "bypassUrls"));
        let content = snapshot.one("zia.advanced_url_filter_settings");
        let browsers = ["Chrome", "Firefox", "InternetExplorer", "Opera", "Safari"];
        let versions = browsers
            .map(|browser| listed("zia.browser_control_settings", &format!("blocked{browser}Versions")));
        let countries = listed("zia.advanced_threat_settings", "blockedCountries");
        Settings {
            cascade: advanced("cascadeUrlFiltering"),
            firewall_for_road_warriors: advanced("zscalerClientConnector1AndPacRoadWarriorInFirewall"),
            policy_for_unauthenticated: advanced("enablePolicyForUnauthenticatedTraffic"),
            policy_on_vendor_exemptions: advanced("enableEvaluatePolicyOnGlobalSSLBypass"),
            content_categories: content
                .and_then(|record| flag(record, "enableDynamicContentCat"))
                .unwrap_or(false),
            blocks_domain_fronting: advanced("blockDomainFrontingOnHostHeader"),
            ftp_over_http: set("zia.ftp_settings", "ftpOverHttpEnabled"),
            ftp: set("zia.ftp_settings", "ftpEnabled"),
            denied: UrlList::new(denied),
            excepted: UrlList::new(excepted),
            blocked_browsers: versions.concat().into_iter().filter(|version| version != "NONE").collect(),
            blocked_countries: countries
                .into_iter()
                .map(|country| country.strip_prefix("COUNTRY_").unwrap_or(&country).to_owned())
                .collect(),
            all_dlp_rules: set("zia.web_dlp_global_option", "enableEvaluateAllDlpRules"),
        }
    }
}
