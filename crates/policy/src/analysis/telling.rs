//! Puts what holds of traffic into questions: a user by a name, a category by one of its sites, a service by one of its ports.

use super::universe::Holding;
use crate::matching::Of;
use crate::policy::Policy;
use crate::question::{At, Direction, Question, RiskScore, Via};
use crate::record::{Record, id, on, text, words};
use crate::snapshot::Snapshot;
use crate::words::Module;

/// A host that no list names.
const SOME_HOST: &str = "some.example";
/// An address that is nobody's (documented: reserved for documents), and a port that no service of the vendor's has.
const SOME_ADDRESS: &str = "192.0.2.1";
const SOME_PORT: u16 = 9;

/// Puts traffic of one configuration into questions.
pub(super) struct Telling<'s> {
    policy: &'s Policy,
    snapshot: &'s Snapshot,
    /// A place whose firewall is on.
    guarded: Option<&'s str>,
}

/// A question in the making.
#[derive(Default)]
struct Draft {
    question: Question,
    scheme: Option<&'static str>,
    host: Option<String>,
    port: Option<u16>,
}

impl<'s> Telling<'s> {
    pub fn of(policy: &'s Policy, snapshot: &'s Snapshot) -> Telling<'s> {
        let guarded = snapshot.records("zia.location").iter().find(|record| on(record, "ofwEnabled"));
        Telling { policy, snapshot, guarded: guarded.and_then(|record| text(record, "name")) }
    }

    /// Questions about traffic of which this holds, as far as questions can tell it; none where they cannot.
    pub fn questions(&self, module: Module, holding: &[Holding]) -> Vec<Question> {
        let mut draft = Draft::default();
        for held in holding {
            if self.tell(module, held.of, &held.name, &mut draft).is_none() {
                return Vec::new();
            }
        }
        let Draft { mut question, scheme, host, port } = draft;
        let host = host.unwrap_or_else(|| SOME_HOST.to_owned());
        match module {
            Module::Dns => question.dns = Some(host),
            Module::Firewall | Module::Ips | Module::Nat | Module::Forwarding => {
                let host = if host == SOME_HOST { SOME_ADDRESS.to_owned() } else { host };
                question.destination = Some(match question.protocol.as_deref() {
                    Some("icmp") => host,
                    _ => format!("{host}:{}", port.unwrap_or(SOME_PORT)),
                });
            }
            _ => {
                let scheme = scheme.unwrap_or(if module == Module::SslInspection { "https" } else { "http" });
                question.url =
                    Some(format!("{scheme}://{host}{}", if host.contains('/') { "" } else { "/" }));
            }
        }
        if module == Module::Ips {
            question.threats.get_or_insert_default();
        }
        if matches!(module, Module::FileType | Module::Sandbox) && question.file_type.is_none() {
            question.file_size_kb.get_or_insert(1);
        }
        ways(question, self.guarded)
    }

    /// Notes one thing; none where a question cannot tell it.
    fn tell(&self, module: Module, of: Of, name: &str, draft: &mut Draft) -> Option<()> {
        let question = &mut draft.question;
        let own = || name.to_owned();
        match of {
            Of::User => {
                let user = self.record(&["zia.user"], name)?;
                question.user = Some(text(user, "email").or_else(|| text(user, "name"))?.to_owned());
            }
            Of::Group => question.groups.get_or_insert_default().push(self.named(&["zia.group"], name)?),
            Of::Department => question.department = Some(self.named(&["zia.department"], name)?),
            Of::Location => question.from = Some(self.named(&["zia.location"], name)?),
            Of::LocationGroup => question.from = Some(self.place_in(name)?),
            Of::Device => {
                let device = self.record(&["zia.device"], name)?;
                question.device = Some(text(device, "name").or_else(|| text(device, "hostName"))?.to_owned());
            }
            Of::DeviceGroup => {
                question.platform =
                    Some(text(self.record(&["zia.device_group"], name)?, "osType")?.to_owned());
            }
            Of::Trust => question.trust = Some(own()),
            Of::Risk => question.risk = Some(RiskScore::Level(own())),
            Of::Platform => match name.strip_prefix("SCAN_") {
                Some(platform) => question.platform = Some(platform.to_lowercase()),
                None => question.via = Some(Via::Transparent),
            },
            Of::SourceGroup => {
                let group = self.record(&["zia.ip_source_group", "zia.ipv6_source_group"], name)?;
                question.source = Some(first_address(words(group, "ipAddresses").first()?)?);
            }
            Of::SourceAddress => question.source = Some(first_address(name)?),
            Of::SourceCountry => question.source_country = Some(own()),
            // The hours are tried.
            Of::Interval => {}
            Of::Validity => question.at = Some(At::Seconds(name.split_once('-')?.0.parse().ok()?)),
            Of::Protocol => self.protocol(module, name, draft)?,
            Of::Method => question.method = Some(own()),
            Of::UserAgent => question.browser = Some(own()),
            Of::Category | Of::DestinationCategory => match self.site(name) {
                Some(site) => draft.host = Some(site),
                // The vendor's lists of exemptions are categories whose sites nobody is told.
                None => question.vendor_lists.get_or_insert_default().push(own()),
            },
            Of::Application => question.applications.get_or_insert_default().push(own()),
            Of::RiskProfile => {
                let index =
                    words(self.record(&["zia.risk_profile"], name)?, "riskIndex").first()?.parse().ok()?;
                question.application_risk = Some(index);
            }
            Of::Service => self.service(name, draft)?,
            Of::ServiceGroup => {
                let group = self.record(&["zia.network_service_group"], name)?;
                self.service(words(group, "services").first()?, draft)?;
            }
            Of::NetworkApplication => question.network_application = Some(own()),
            Of::NetworkApplicationGroup => {
                let group = self.record(&["zia.network_application_group"], name)?;
                question.network_application = Some(words(group, "networkApplications").first()?.clone());
            }
            Of::DestinationGroup => {
                self.destination(self.record(&["zia.ip_destination_group"], name)?, draft)?
            }
            Of::DestinationAddress => draft.host = Some(host(name)?),
            Of::DestinationCountry => question.destination_country = Some(own()),
            Of::FileType => question.file_type = Some(own()),
            Of::FileTypeCategory => question.file_type = Some(self.named(&["zia.file_type_category"], name)?),
            Of::FileSize => question.file_size_kb = Some(name.split_once('-')?.0.parse().ok()?),
            Of::FileTrait => question.file_traits.get_or_insert_default().push(own()),
            Of::Direction => {
                let up = name == "upload";
                question.direction = Some(if up { Direction::Upload } else { Direction::Download });
                if up {
                    question.method.get_or_insert_with(|| "POST".to_owned());
                }
            }
            Of::Engine => question.dlp_engines.get_or_insert_default().push(own()),
            Of::DnsType => question.dns_type = Some(own()),
            Of::Threat => question.threats.get_or_insert_default().push(own()),
            Of::Other if name == "not DNS" => question.not_dns = Some(true),
            Of::ThreatScore
            | Of::AppService
            | Of::PrivateSegment
            | Of::DnsApplication
            | Of::DnsApplicationGroup
            | Of::BandwidthClass
            | Of::Other => return None,
            // Rules of the internet name none of these; private access makes its questions itself.
            Of::PrivateDestination
            | Of::SegmentGroup
            | Of::ClientType
            | Of::IdentityProvider
            | Of::SamlAttribute
            | Of::ScimAttribute
            | Of::ScimGroup
            | Of::Posture
            | Of::TrustedNetwork
            | Of::MachineGroup
            | Of::ManagedBrowser
            | Of::BrowserPosture
            | Of::ConnectorGroup
            | Of::WorkloadTag
            | Of::Portal
            | Of::PrivateLocation => return None,
        }
        Some(())
    }

    fn record(&self, kinds: &[&str], wanted: &str) -> Option<&'s Record> {
        let mut records = kinds.iter().flat_map(|kind| self.snapshot.records(kind));
        records.find(|record| id(record, "id").is_some_and(|id| id == wanted))
    }

    fn named(&self, kinds: &[&str], wanted: &str) -> Option<String> {
        Some(text(self.record(kinds, wanted)?, "name")?.to_owned())
    }

    /// A place of a group.
    fn place_in(&self, group: &str) -> Option<String> {
        let in_group = |record: &&Record| {
            ["staticLocationGroups", "dynamiclocationGroups"]
                .iter()
                .any(|member| words(record, member).iter().any(|id| id == group))
        };
        let place = self.snapshot.records("zia.location").iter().find(in_group)?;
        Some(text(place, "name")?.to_owned())
    }

    fn protocol(&self, module: Module, name: &str, draft: &mut Draft) -> Option<()> {
        if module == Module::Dns {
            let word = match name {
                "TCP_RULE" => "tcp",
                "DOHTTPS_RULE" => "doh",
                _ => "udp",
            };
            draft.question.protocol = Some(word.to_owned());
            return Some(());
        }
        draft.scheme = Some(match name {
            "HTTP_RULE" => "http",
            "HTTPS_RULE" | "SSL_RULE" => "https",
            "WEBSOCKET_RULE" => "ws",
            "WEBSOCKETSSL_RULE" => "wss",
            "FOHTTP_RULE" => "ftp",
            "HTTP_PROXY" => {
                draft.question.via = Some(Via::Explicit);
                "https"
            }
            _ => return None,
        });
        Some(())
    }

    /// A site of a category: one that it lists, else one that the vendor's base has in it.
    fn site(&self, category: &str) -> Option<String> {
        let listed = self.record(&["zia.url_category"], category).and_then(|record| {
            let entries =
                ["urls", "dbCategorizedUrls"].into_iter().flat_map(|member| words(record, member)).next();
            let entry = entries.map(|entry| entry.trim_start_matches('.').to_owned());
            entry.or_else(|| {
                let keyword = words(record, "keywords").into_iter().next()?;
                Some(format!("{SOME_HOST}/{keyword}"))
            })
        });
        listed.or_else(|| self.policy.example_of(category))
    }

    fn service(&self, wanted: &str, draft: &mut Draft) -> Option<()> {
        let service = self.record(&["zia.network_service"], wanted)?;
        for (member, protocol) in [("destTcpPorts", "tcp"), ("destUdpPorts", "udp")] {
            let spans = service.get(member).and_then(serde_json::Value::as_array).into_iter().flatten();
            let start = spans.filter_map(|span| span.get("start")?.as_u64()).next();
            if let Some(port) = start.and_then(|port| u16::try_from(port).ok()) {
                draft.port = Some(port);
                draft.question.protocol = Some(protocol.to_owned());
                return Some(());
            }
        }
        text(service, "tag").filter(|tag| tag.starts_with("ICMP"))?;
        draft.question.protocol = Some("icmp".to_owned());
        Some(())
    }

    fn destination(&self, group: &Record, draft: &mut Draft) -> Option<()> {
        if let Some(address) = words(group, "addresses").first() {
            draft.host = Some(host(address)?);
            return Some(());
        }
        if let Some(country) = words(group, "countries").first() {
            draft.question.destination_country = Some(country.trim_start_matches("COUNTRY_").to_owned());
            return Some(());
        }
        let category =
            ["ipCategories", "urlCategories"].into_iter().flat_map(|member| words(group, member)).next()?;
        draft.host = Some(self.site(&category)?);
        Some(())
    }
}

/// The ways in which traffic may come: as it is told; from a place with a firewall; through the client's tunnel.
fn ways(question: Question, guarded: Option<&str>) -> Vec<Question> {
    if question.from.is_some() || question.via.is_some() || question.source.is_some() {
        return vec![question];
    }
    let placed = guarded.map(|name| Question { from: Some(name.to_owned()), ..question.clone() });
    let tunnelled = Question { via: Some(Via::Tunnel2), ..question.clone() };
    let mut ways = vec![question];
    ways.extend(placed);
    ways.push(tunnelled);
    ways
}

/// A host or address of an entry: `*.x.example`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`.
fn host(entry: &str) -> Option<String> {
    match first_address(entry) {
        Some(std::net::IpAddr::V6(address)) => Some(format!("[{address}]")),
        Some(address) => Some(address.to_string()),
        None => Some(entry.trim_start_matches('*').trim_start_matches('.').to_owned())
            .filter(|name| !name.is_empty()),
    }
}

/// The first address that is meant.
fn first_address(entry: &str) -> Option<std::net::IpAddr> {
    let first = entry.split_once('-').map_or(entry, |(first, _)| first).trim();
    first.split_once('/').map_or(first, |(address, _)| address).parse().ok()
}
