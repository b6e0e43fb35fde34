//! The labels by which logs tell reasons (documented; each is one of the published list).

pub(super) const FIREWALL_ON_WEB: &str = "Web application is blocked by Firewall rule";
pub(super) const TOO_LITTLE_DATA: &str = "Allow due to insufficient app data";
pub(super) const DENIED: &str = "Custom reputation block outbound request malicious URL";
pub(super) const FRONTING: &str = "Access denied due to Domain Fronting";
pub(super) const NO_TLS: &str = "Not allowed to establish SSL connection due to policy";
pub(super) const OLD_TLS: &str = "Access denied due to low TLS version";
pub(super) const BAD_CERTIFICATE: &str = "Access denied due to bad server certificate";
pub(super) const CATEGORY: &str = "Not allowed to browse this category";
pub(super) const METHOD: &str = "Request method not allowed for this category";
pub(super) const CAUTION: &str = "Internet access cautioned";
pub(super) const METHOD_CAUTION: &str = "Request method cautioned";
pub(super) const OVERRIDDEN: &str = "Allowed due to override";
pub(super) const TIME_QUOTA: &str = "Time quota exceeded daily limit";
pub(super) const VOLUME_QUOTA: &str = "Volume quota exceeded daily limit";
pub(super) const BROWSER: &str = "Not allowed to use this browser";
pub(super) const COUNTRY: &str =
    "Country block outbound request: not allowed to access sites in this country";
pub(super) const MALWARE: &str = "Malware block: malicious file";
pub(super) const FILE_TYPE: &str = "Not allowed to upload/download files of this type";
pub(super) const FILE_UP_CAUTION: &str = "Filetype upload cautioned";
pub(super) const FILE_DOWN_CAUTION: &str = "Filetype download cautioned";
pub(super) const DLP: &str = "Violates Compliance Category";
pub(super) const SANDBOX: &str = "Sandbox block inbound response: malicious file";
pub(super) const QUARANTINED: &str = "Quarantined";
pub(super) const NO_SCAN: &str = "Allowed and No Scan";
pub(super) const ISOLATE_AND_SCAN: &str = "Isolate and Scan";
pub(super) const FTP: &str = "Not allowed to access to FTP sites";
pub(super) const AUP: &str = "Block Internet access";

/// Why a cloud application's rule blocks, by the type of its list and what is done.
pub(super) fn application(of: &str, activity: Option<&str>) -> &'static str {
    let activity = activity.unwrap_or_default().to_ascii_uppercase();
    match (of, activity.as_str()) {
        ("WEBMAIL", activity) if activity.ends_with("SEND") => "Not allowed to send webmail",
        (_, activity) if activity.ends_with("POST") => "Not allowed to post message to this site",
        (_, activity) if activity.ends_with("UPLOAD") => "Not allowed to upload files to this site",
        ("WEBMAIL", _) => "Not allowed to use this Webmail site",
        ("SOCIAL_NETWORKING", _) => "Not allowed the use of this Social Network/Blogging site",
        ("STREAMING_MEDIA", _) => "Not allowed to use this Streaming/Media site",
        ("FILE_SHARE", _) => "Not allowed to use this File Share site",
        ("INSTANT_MESSAGING", _) => "Not allowed to use this IM site",
        ("BUSINESS_PRODUCTIVITY", _) => "Not allowed the use of this business site",
        ("CONSUMER", _) => "Not allowed the use of this Consumer site",
        ("HOSTING_PROVIDER", _) => "Not allowed the use of this Hosting Providers site",
        ("IT_SERVICES", _) => "Not allowed the use of this IT Services site",
        ("SALES_AND_MARKETING", _) => "Not allowed the use of this sales and marketing site",
        ("SYSTEM_AND_DEVELOPMENT", _) => "Not allowed the use of this system and development site",
        // Of the other types no label is published (guessed).
        _ => "Not allowed the use of this enterprise site",
    }
}

/// Why it cautions, likewise.
pub(super) fn application_caution(of: &str) -> &'static str {
    match of {
        "WEBMAIL" => "Cautioned to use this Webmail site",
        "FILE_SHARE" => "Cautioned to use this File Share site",
        "STREAMING_MEDIA" => "Cautioned to use this Streaming/Media site",
        // Guessed of the other types.
        _ => "Cautioned the use of this Social Network site",
    }
}
