//! The lists of rules of Internet Access, read from their records.

use super::effects::{Flow, Inspection, Prevention, Resolving, Sandboxing, Treatment};
use super::reading::{Reading, in_order};
use crate::matching::{Atoms, Criterion, Of, Rule, RuleList};
use crate::record::{Record, flag, id, on, text, whole, words};
use crate::snapshot::Snapshot;

/// All of them.
#[derive(Debug)]
pub(super) struct Rules {
    pub firewall: RuleList<Flow>,
    pub nat: RuleList<()>,
    pub dns: RuleList<Resolving>,
    pub ips: RuleList<Flow>,
    pub inspection: RuleList<Inspection>,
    /// A list for each type of applications.
    pub applications: Vec<(Box<str>, RuleList<Treatment>)>,
    pub urls: RuleList<Treatment>,
    pub files: RuleList<Treatment>,
    pub sandbox: RuleList<Sandboxing>,
    pub dlp: RuleList<Prevention>,
    /// The rules that refine another, by its id.
    pub dlp_parts: Vec<(Box<str>, RuleList<Prevention>)>,
    pub bandwidth: RuleList<()>,
    pub forwarding: RuleList<Box<str>>,
    /// Whether the forwarding list holds rules whose criteria their records do not tell.
    pub hidden_forwarding: bool,
    /// Where connectors send traffic.
    pub connector: RuleList<Box<str>>,
    /// What connectors do with requests for names.
    pub connector_names: RuleList<Resolving>,
    /// Whether the connectors' list holds rules whose criteria their records do not tell.
    pub hidden_connector: bool,
}

/// The methods that there are; a rule for all of them is for any.
const METHODS: usize = 17;
/// The name by which a rule for private applications asks whether traffic is for one.
pub(super) const PRIVATE: &str = "a private application";
/// The kind of the rules by which connectors send traffic.
const CONNECTORS: &str = "ztw.traffic_forwarding_rule";
/// The largest file that rules on file types tell of, in kilobytes.
const LARGEST_FILE: i64 = 409_600;

impl Rules {
    pub fn new(snapshot: &Snapshot, atoms: &mut Atoms) -> Rules {
        let forwarding = snapshot.records("zia.forwarding_rule");
        let told = |record: &&Record| !is_hidden(record);
        let named: Vec<Record> = forwarding.iter().filter(told).cloned().collect();
        let by_connectors: Vec<Record> = snapshot.records(CONNECTORS).iter().filter(told).cloned().collect();
        let refines = |record: &Record| id(record, "parentRule").is_some_and(|id| id != "0" && id != "-1");
        let dlp_records: (Vec<Record>, Vec<Record>) =
            snapshot.records("zia.web_dlp_rule").iter().cloned().partition(|record| !refines(record));
        Rules {
            firewall: list(snapshot.records("zia.firewall_filtering_rule"), atoms, firewall),
            nat: list(snapshot.records("zia.dnat_rule"), atoms, |reading| {
                traffic(reading);
            }),
            dns: list(snapshot.records("zia.firewall_dns_rule"), atoms, dns),
            ips: list(snapshot.records("zia.firewall_ips_rule"), atoms, ips),
            inspection: list(snapshot.records("zia.ssl_inspection_rule"), atoms, inspection),
            applications: applications(snapshot.records("zia.web_application_rule"), atoms),
            urls: list(snapshot.records("zia.url_filtering_rule"), atoms, urls),
            files: list(snapshot.records("zia.file_type_rule"), atoms, files),
            sandbox: list(snapshot.records("zia.sandbox_rule"), atoms, sandbox),
            dlp: list(&dlp_records.0, atoms, dlp),
            dlp_parts: by_member(dlp_records.1, "parentRule")
                .into_iter()
                .map(|(parent, records)| (parent, list(&records, atoms, dlp)))
                .collect(),
            bandwidth: list(snapshot.records("zia.bandwidth_control_rule"), atoms, bandwidth),
            forwarding: list(&named, atoms, forwarding_rule),
            hidden_forwarding: named.len() < forwarding.len(),
            hidden_connector: by_connectors.len() < snapshot.records(CONNECTORS).len(),
            connector: list(&by_connectors, atoms, connector_rule),
            connector_names: list(snapshot.records("ztw.dns_forwarding_rule"), atoms, |reading| {
                traffic(reading);
                reading.beyond(Criterion::Connector, &["ecGroups"]);
                Resolving::read(reading.record())
            }),
        }
    }
}

/// The vendor's own forwarding rules ask for what their records do not tell.
pub(super) fn is_hidden(record: &Record) -> bool {
    on(record, "builtIn") || whole(record, "order").is_some_and(|order| order < -1)
}

fn list<E>(records: &[Record], atoms: &mut Atoms, read: impl Fn(&mut Reading<'_>) -> E) -> RuleList<E> {
    let rules = in_order(records).into_iter().map(|record| rule(record, atoms, &read)).collect();
    RuleList::new(rules, atoms)
}

fn rule<E>(record: &Record, atoms: &mut Atoms, read: &impl Fn(&mut Reading<'_>) -> E) -> Rule<E> {
    let mut reading = Reading::new(atoms, record);
    let effect = read(&mut reading);
    reading.rule(effect)
}

/// What rules on traffic of any kind ask.
fn traffic(reading: &mut Reading<'_>) {
    reading.common();
    reading.source();
    reading.one_of(Criterion::Service, &[("nwServices", Of::Service), ("nwServiceGroups", Of::ServiceGroup)]);
    reading.destination();
}

fn firewall(reading: &mut Reading<'_>) -> Flow {
    traffic(reading);
    reading.one_of(
        Criterion::NetworkApplication,
        &[
            ("nwApplications", Of::NetworkApplication),
            ("nwApplicationGroups", Of::NetworkApplicationGroup),
            ("appServices", Of::AppService),
            ("appServiceGroups", Of::AppService),
        ],
    );
    reading.one_of(Criterion::PrivateSegment, &[("zpaAppSegments", Of::PrivateSegment)]);
    reading.beyond(Criterion::DeviceApplication, &["endPointApplications", "endPointApplicationGroups"]);
    Flow::read(reading.record())
}

fn ips(reading: &mut Reading<'_>) -> Flow {
    traffic(reading);
    reading.one_of(Criterion::Threat, &[("threatCategories", Of::Threat)]);
    reading.one_of(Criterion::PrivateSegment, &[("zpaAppSegments", Of::PrivateSegment)]);
    Flow::read(reading.record())
}

/// Of requests for names the domain asked for may be what counts, or what the answer leads to: any of the two (documented).
fn dns(reading: &mut Reading<'_>) -> Resolving {
    reading.common();
    reading.source();
    // The vendor's rule for what is no DNS at all asks for nothing else.
    if whole(reading.record(), "order") == Some(-3) && on(reading.record(), "defaultRule") {
        reading.wants(Criterion::DnsApplication, Of::Other, "not DNS");
    }
    reading.one_of(Criterion::Protocol, &[("protocols", Of::Protocol)]);
    reading.one_of(Criterion::DnsType, &[("dnsRuleRequestTypes", Of::DnsType)]);
    reading.one_of(
        Criterion::DnsApplication,
        &[("applications", Of::DnsApplication), ("applicationGroups", Of::DnsApplicationGroup)],
    );
    reading.one_of(
        Criterion::Destination,
        &[
            ("destAddresses", Of::DestinationAddress),
            ("destIpGroups", Of::DestinationGroup),
            ("destIpv6Groups", Of::DestinationGroup),
        ],
    );
    reading.one_of(
        Criterion::DnsCategory,
        &[
            ("resCategories", Of::Category),
            ("destIpCategories", Of::DestinationCategory),
            ("destCountries", Of::DestinationCountry),
        ],
    );
    Resolving::read(reading.record())
}

fn inspection(reading: &mut Reading<'_>) -> Inspection {
    reading.common();
    reading.web_source();
    reading.one_of(Criterion::UserAgent, &[("userAgentTypes", Of::UserAgent)]);
    reading.one_of(Criterion::Platform, &[("platforms", Of::Platform)]);
    // Any of these may be what the rule is for (documented).
    reading.one_of(
        Criterion::Category,
        &[
            ("urlCategories", Of::Category),
            ("cloudApplications", Of::Application),
            ("destIpGroups", Of::DestinationGroup),
            ("proxyGateways", Of::Other),
        ],
    );
    reading.one_of(Criterion::PrivateSegment, &[("zpaAppSegments", Of::PrivateSegment)]);
    reading.beyond(Criterion::DeviceApplication, &["endPointApplications", "endPointApplicationGroups"]);
    if flag(reading.record(), "roadWarriorForKerberos") == Some(true) {
        reading.wants(Criterion::Kerberos, Of::Other, "roadWarriorForKerberos");
    }
    Inspection::read(reading.record())
}

fn urls(reading: &mut Reading<'_>) -> Treatment {
    reading.common();
    reading.web_source();
    reading.one_of(Criterion::Protocol, &[("protocols", Of::Protocol)]);
    let by_method = (1..METHODS).contains(&words(reading.record(), "requestMethods").len());
    if by_method {
        reading.one_of(Criterion::Method, &[("requestMethods", Of::Method)]);
    }
    reading.one_of(Criterion::Risk, &[("userRiskScoreLevels", Of::Risk)]);
    reading.one_of(Criterion::UserAgent, &[("userAgentTypes", Of::UserAgent)]);
    reading.one_of(Criterion::Category, &[("urlCategories", Of::Category)]);
    reading.one_of(Criterion::SecondCategory, &[("urlCategories2", Of::Category)]);
    reading.beyond(Criterion::Header, &["httpHeaderProfiles"]);
    Treatment { by_method, ..Treatment::read(reading.record(), "action") }
}

/// Records by what a member says.
fn by_member(records: Vec<Record>, member: &str) -> Vec<(Box<str>, Vec<Record>)> {
    let mut found: Vec<(Box<str>, Vec<Record>)> = Vec::new();
    for record in records {
        let of = id(&record, member).unwrap_or_default();
        match found.iter_mut().find(|(known, _)| **known == *of) {
            Some((_, rules)) => rules.push(record),
            None => found.push((of.into(), vec![record])),
        }
    }
    found
}

fn applications(records: &[Record], atoms: &mut Atoms) -> Vec<(Box<str>, RuleList<Treatment>)> {
    let read = |reading: &mut Reading<'_>| {
        reading.common();
        reading.web_source();
        reading.one_of(Criterion::Risk, &[("userRiskScoreLevels", Of::Risk)]);
        reading.one_of(Criterion::UserAgent, &[("userAgentTypes", Of::UserAgent)]);
        reading.one_of(
            Criterion::Application,
            &[("applications", Of::Application), ("cloudAppRiskProfile", Of::RiskProfile)],
        );
        reading.beyond(
            Criterion::Account,
            &["cloudAppInstances", "sharingDomainProfiles", "formSharingDomainProfiles"],
        );
        Treatment::read(reading.record(), "action")
    };
    by_member(records.to_vec(), "type")
        .into_iter()
        .map(|(of, records)| (of, list(&records, atoms, read)))
        .collect()
}

fn files(reading: &mut Reading<'_>) -> Treatment {
    reading.common();
    reading.one_of(Criterion::Protocol, &[("protocols", Of::Protocol)]);
    reading.one_of(Criterion::Category, &[("urlCategories", Of::Category)]);
    reading.one_of(Criterion::Application, &[("cloudApplications", Of::Application)]);
    reading.one_of(Criterion::PrivateSegment, &[("zpaAppSegments", Of::PrivateSegment)]);
    file(reading);
    reading.size(LARGEST_FILE);
    for (member, name) in
        [("activeContent", "active"), ("unscannable", "unscannable"), ("passwordProtected", "locked")]
    {
        if on(reading.record(), member) {
            reading.wants(Criterion::FileTrait, Of::FileTrait, name);
        }
    }
    match text(reading.record(), "operation") {
        Some("UPLOAD") => reading.wants(Criterion::Direction, Of::Direction, "upload"),
        Some("DOWNLOAD") => reading.wants(Criterion::Direction, Of::Direction, "download"),
        _ => {}
    }
    Treatment::read(reading.record(), "filteringAction")
}

fn file(reading: &mut Reading<'_>) {
    reading.one_of(
        Criterion::FileType,
        &[("fileTypes", Of::FileType), ("fileTypeCategories", Of::FileTypeCategory)],
    );
}

fn sandbox(reading: &mut Reading<'_>) -> Sandboxing {
    reading.common();
    reading.one_of(Criterion::Protocol, &[("protocols", Of::Protocol)]);
    // Where the file comes from and what it is found to be are two ways of being meant (documented).
    reading.one_of(Criterion::Category, &[("urlCategories", Of::Category)]);
    reading.one_of(Criterion::PrivateSegment, &[("zpaAppSegments", Of::PrivateSegment)]);
    file(reading);
    Sandboxing::read(reading.record())
}

fn dlp(reading: &mut Reading<'_>) -> Prevention {
    reading.common();
    reading.web_source();
    reading.one_of(Criterion::Protocol, &[("protocols", Of::Protocol)]);
    reading.one_of(Criterion::Risk, &[("userRiskScoreLevels", Of::Risk)]);
    reading.one_of(Criterion::Category, &[("urlCategories", Of::Category)]);
    reading.one_of(Criterion::Application, &[("cloudApplications", Of::Application)]);
    reading.one_of(Criterion::PrivateSegment, &[("zpaAppSegments", Of::PrivateSegment)]);
    file(reading);
    reading.size(0);
    if !on(reading.record(), "withoutContentInspection") {
        reading.one_of(Criterion::Engine, &[("dlpEngines", Of::Engine)]);
    }
    reading.beyond(
        Criterion::Account,
        &[
            "cloudAppInstances",
            "includedDomainProfiles",
            "excludedDomainProfiles",
            "dlpContentLocationsScopes",
        ],
    );
    Prevention::read(reading.record())
}

fn bandwidth(reading: &mut Reading<'_>) {
    reading.common();
    reading.one_of(Criterion::Protocol, &[("protocols", Of::Protocol)]);
    reading.one_of(Criterion::BandwidthClass, &[("bandwidthClasses", Of::BandwidthClass)]);
}

fn forwarding_rule(reading: &mut Reading<'_>) -> Box<str> {
    traffic(reading);
    reading.one_of(
        Criterion::NetworkApplication,
        &[
            ("nwApplications", Of::NetworkApplication),
            ("nwApplicationGroups", Of::NetworkApplicationGroup),
            ("appServiceGroups", Of::AppService),
        ],
    );
    reading.beyond(Criterion::Connector, &["ecGroups"]);
    reading.beyond(
        Criterion::PrivateSegment,
        &["zpaAppSegments", "zpaApplicationSegments", "zpaApplicationSegmentGroups"],
    );
    text(reading.record(), "forwardMethod").unwrap_or("ZIA").into()
}

fn connector_rule(reading: &mut Reading<'_>) -> Box<str> {
    traffic(reading);
    reading.one_of(Criterion::NetworkApplication, &[("appServiceGroups", Of::AppService)]);
    reading.beyond(Criterion::Connector, &["ecGroups"]);
    let method = text(reading.record(), "forwardMethod").unwrap_or("ZIA");
    // These match addresses of private access and its applications alone (documented).
    if method == "ECZPA" {
        reading.wants(Criterion::PrivateSegment, Of::Other, PRIVATE);
    }
    method.into()
}

/// The numbers by which DLP rules name categories, with the categories' words.
pub(super) fn category_numbers(snapshot: &Snapshot) -> Vec<(String, String)> {
    let numbered = snapshot.records("zia.url_category").iter();
    numbered.filter_map(|record| Some((whole(record, "val")?.to_string(), id(record, "id")?))).collect()
}
