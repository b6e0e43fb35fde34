//! What a rule may ask of a request.

use serde::Serialize;

/// A criterion of a rule: one or several members of its record that count together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Criterion {
    /// `state`: whether the rule counts at all.
    State,
    /// `validityStartTime` and `validityEndTime`.
    Validity,
    /// `timeWindows`.
    Time,
    /// `protocols`.
    Protocol,
    /// `requestMethods`.
    Method,
    /// `nwServices`, `nwServiceGroups`.
    Service,
    /// `users`, `groups`, `departments`.
    Who,
    /// `excludedUsers`, `excludedGroups`, `excludedDepartments`.
    NotWho,
    /// `locations`, `locationGroups`.
    Location,
    /// `srcIps`, `srcIpGroups`, `sourceIpGroups`, and for the firewall `sourceCountries`.
    Source,
    /// `sourceCountries`.
    SourceCountry,
    /// `sourceCountries` with `excludeSrcCountries`.
    NotSourceCountry,
    /// `devices`, `deviceGroups`.
    Device,
    /// `deviceTrustLevels`.
    Trust,
    /// `userRiskScoreLevels`.
    Risk,
    /// `platforms`.
    Platform,
    /// `userAgentTypes`.
    UserAgent,
    /// `urlCategories`.
    Category,
    /// `urlCategories2`.
    SecondCategory,
    /// `applications`, `cloudApplications`, `cloudAppRiskProfile`.
    Application,
    /// `destAddresses`, `destIpGroups`, `destCountries`, `destIpCategories`.
    Destination,
    /// `nwApplications`, `nwApplicationGroups`, `appServices`, `appServiceGroups`.
    NetworkApplication,
    /// `zpaAppSegments`.
    PrivateSegment,
    /// `fileTypes`, `fileTypeCategories`.
    FileType,
    /// `minSize`, `maxSize`.
    FileSize,
    /// `activeContent`, `unscannable`, `passwordProtected`.
    FileTrait,
    /// `operation`: up or down.
    Direction,
    /// `dlpEngines`.
    Engine,
    /// `dnsRuleRequestTypes`.
    DnsType,
    /// `applications` of a DNS rule.
    DnsApplication,
    /// `resCategories`: what the domain that is asked for is.
    DnsCategory,
    /// `threatCategories`.
    Threat,
    /// `bandwidthClasses`.
    BandwidthClass,
    /// `workloadGroups`.
    Workload,
    /// `cloudAppInstances`, `tenancyProfileIds` and the like: which account of an application is used.
    Account,
    /// `httpHeaderProfiles`.
    Header,
    /// `endPointApplications`, `endPointApplicationGroups`.
    DeviceApplication,
    /// `roadWarriorForKerberos`.
    Kerberos,
    /// `ecGroups`: the connector that it came through.
    Connector,
    /// `conditions` of a private access rule.
    Condition,
}

impl Criterion {
    /// How many there are.
    pub(super) const COUNT: usize = Criterion::Condition as usize + 1;
}
