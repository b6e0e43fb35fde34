//! The closed lists of words that verdicts are made of; `docs/what-if.md` tells each.

use serde::Serialize;

/// A closed list that can be gone through.
macro_rules! closed {
    ($($(#[$about:meta])* pub enum $name:ident { $($(#[$of:meta])* $word:ident,)* })*) => {
        $($(#[$about])*
        pub enum $name {
            $($(#[$of])* $word,)*
        }

        impl $name {
            /// Every one.
            pub const ALL: &[$name] = &[$($name::$word),*];
        })*
    };
}

closed! {

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// It goes through.
    Allow,
    /// It is refused, and people are told.
    Block,
    /// It goes through once its sender has clicked a warning away.
    Caution,
    /// It is carried out in an isolated browser.
    Isolate,
    /// It is dropped without a word.
    Drop,
    /// Its connection is reset.
    Reset,
    /// It is answered with ICMP unreachable.
    Unreachable,
    /// The file is held until it is known.
    Quarantine,
    /// The question is sent or answered otherwise (DNS).
    Redirect,
    /// It goes straight out, seen by no policy of the product.
    Bypass,
    /// A rule of private access denies it.
    Deny,
    /// No rule of private access allows it.
    DenyDefault,
    /// A rule wants an approval that there is not.
    ApprovalRequired,
    /// The sign-in is too old.
    ReauthRequired,
    /// The host is a private application's, but not on this port.
    NotForwarded,
    /// No segment covers the destination.
    NotZpa,
    /// Provisioning does not know the user as active.
    UserInactive,
}

/// Which product treats the traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// Internet Access.
    InternetAccess,
    /// Private Access.
    PrivateAccess,
    /// Neither: it leaves the device or site directly.
    Direct,
}

/// A part of a product that decides something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is its name; the page on what-if tells them")]
pub enum Module {
    ClientConnector,
    ApplicationProfile,
    ForwardingProfile,
    TunnelBypass,
    ConnectorDns,
    ConnectorForwarding,
    Location,
    Aup,
    Firewall,
    Nat,
    Dns,
    Ips,
    Denylist,
    DomainFronting,
    SslInspection,
    CloudAppControl,
    UrlFiltering,
    Ftp,
    SecurityExceptions,
    BrowserControl,
    CountryBlock,
    AdvancedThreats,
    Malware,
    FileType,
    Dlp,
    Sandbox,
    ContentCategory,
    Bandwidth,
    Forwarding,
    Microtenant,
    UserStatus,
    SegmentSelection,
    SegmentBypass,
    ClientForwarding,
    Availability,
    AccessPolicy,
    TimeoutPolicy,
    IsolationPolicy,
    InspectionPolicy,
    CapabilitiesPolicy,
    CredentialsPolicy,
    PortalPolicy,
    BrowserProtection,
    RedirectionPolicy,
    ConnectorSelection,
}

/// What came of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It let the request pass, by a rule or a setting.
    Passed,
    /// No rule of it matched, and its default let the request pass.
    NoMatch,
    /// It decided.
    Decided,
    /// It was not asked: something before it took the request out of its hands.
    Skipped,
    /// It says how the request is carried, and lets it pass.
    Noted,
}

/// What is taken for granted because the configuration or the question does not tell, or because no document does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// Exactly five levels beneath a leading dot count as beneath it; sources disagree.
    FiveLevelsMatch,
    /// Several categories hold an equally specific entry; the site is in all of them.
    EqualEntries,
    /// Which sites the vendor's own lists of exemptions hold is not known; this one is taken not to be among them.
    VendorListsUnknown,
    /// The location's zone is not told, or is one without a calendar; its offset counts all year.
    ZoneApproximate,
    /// A request from no known location is a road warrior's.
    RoadWarrior,
    /// The method was not given: GET.
    MethodGet,
    /// Signatures, page risk and malware are not modelled; nothing was found, unless the question says so.
    ContentClean,
    /// NAT rules change where traffic goes and not whether it goes; they are tried after filtering.
    NatAfterFiltering,
    /// The rule isolates what is not decrypted; it is treated as a block.
    IsolateUndecrypted,
    /// Which applications a host belongs to was not given; none is known.
    ApplicationUnknown,
    /// Which applications the host belongs to was told from its name.
    ApplicationByName,
    /// The file's type was told from the end of the path; without one, it is a page.
    FileTypeByName,
    /// Nothing of today's allowance is used up.
    QuotaUnused,
    /// The vendor's rules of negative order ask for what their records do not tell; they are taken not to match.
    VendorRulesHidden,
    /// The rules on web traffic were not asked: the question has no URL.
    WebNotAsked,
    /// What private access lets go directly is seen by the internet's policies.
    BypassedGoesToInternet,
    /// A profile of risk counts by its index alone.
    RiskByIndex,
    /// Bandwidth is limited only while a link is full.
    NoContention,
    /// The client is the Client Connector for private access.
    ClientConnector,
    /// The client reports nothing about its posture; each fails.
    PostureFails,
    /// A disabled segment still carves its names out of wider ones.
    DisabledSegmentCarves,
    /// A segment that carries the name but not the port: some documents say direct, some dropped.
    NotForwardedDirectOrDropped,
    /// Names with stars within a label: a star stands for no dot.
    PatternStarWithinLabel,
    /// Default's rules come before the microtenant's own for what it inherits.
    DefaultRulesFirst,
    /// Connectors are those of the most specific segment.
    PoolOfMostSpecific,
    /// Idleness ends a connection and does not ask for a new sign-in.
    IdleEndsConnection,
    /// Several exclusive segments are equally specific; the oldest counts.
    TieToOldest,
    /// Provisioning is on and the user's record was not given: active.
    UserActive,
    /// Private applications are taken before the internet's policies see the traffic.
    PrivateFirst,
    /// Proxy auto-configuration is not run; traffic is taken to reach the cloud.
    PacNotRun,
    /// The server's TLS version and certificate were not given; they are taken to pass.
    ServerTlsFine,
    /// No profile tells how this client forwards: that of everything, by its tunnel.
    ClientProfileUnknown,
    /// The forwarding profile's action is a number that no document tells; web traffic is taken to reach the cloud.
    ClientActionUnknown,
    /// Whether the client is on a trusted network was not told: it is on none, and on no VPN.
    OffTrustedNetwork,
    /// Bypasses by process or source port, and what cannot be read of the lists, are not held against the request.
    BypassesPartlyKnown,
}
}
