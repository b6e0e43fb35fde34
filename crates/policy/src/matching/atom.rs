//! What rules name and requests have, interned: a user, a category, a port's service, each a small number.

use foldhash::HashMap;
use serde::Serialize;

/// What kind of thing an atom is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[expect(missing_docs, reason = "each is its name")]
pub enum Of {
    User,
    Group,
    Department,
    Location,
    LocationGroup,
    Device,
    DeviceGroup,
    Trust,
    Risk,
    Platform,
    SourceGroup,
    /// An address, block or span, as it is written.
    SourceAddress,
    SourceCountry,
    /// An interval of time, by its id.
    Interval,
    /// `start-end` in seconds since 1970.
    Validity,
    Protocol,
    Method,
    UserAgent,
    Category,
    Application,
    RiskProfile,
    Service,
    ServiceGroup,
    NetworkApplication,
    NetworkApplicationGroup,
    AppService,
    DestinationGroup,
    /// An address, block, span or name, as it is written.
    DestinationAddress,
    DestinationCountry,
    DestinationCategory,
    PrivateSegment,
    FileType,
    FileTypeCategory,
    /// `min-max` in kilobytes.
    FileSize,
    /// `active`, `unscannable`, `locked`.
    FileTrait,
    Direction,
    Engine,
    ThreatScore,
    DnsType,
    DnsApplication,
    DnsApplicationGroup,
    Threat,
    BandwidthClass,
    /// A destination that private access carries, with its port.
    PrivateDestination,
    SegmentGroup,
    ClientType,
    IdentityProvider,
    /// `attribute = value`.
    SamlAttribute,
    /// `attribute = value`.
    ScimAttribute,
    /// `group of provider`.
    ScimGroup,
    Posture,
    TrustedNetwork,
    MachineGroup,
    ManagedBrowser,
    BrowserPosture,
    ConnectorGroup,
    WorkloadTag,
    Portal,
    /// The location that a request to a private application comes from.
    PrivateLocation,
    /// What no question can tell yet; the criterion's own word.
    Other,
}

/// Kinds of things that are records, and the records' kinds.
const RECORDS: &[(Of, &[&str])] = &[
    (Of::User, &["zia.user"]),
    (Of::Group, &["zia.group"]),
    (Of::Department, &["zia.department"]),
    (Of::Location, &["zia.location"]),
    (Of::LocationGroup, &["zia.location_group"]),
    (Of::Device, &["zia.device"]),
    (Of::DeviceGroup, &["zia.device_group"]),
    (Of::SourceGroup, &["zia.ip_source_group", "zia.ipv6_source_group"]),
    (Of::Interval, &["zia.time_interval"]),
    (Of::Category, &["zia.url_category"]),
    (Of::RiskProfile, &["zia.risk_profile"]),
    (Of::Service, &["zia.network_service"]),
    (Of::ServiceGroup, &["zia.network_service_group"]),
    (Of::NetworkApplicationGroup, &["zia.network_application_group"]),
    (Of::DestinationGroup, &["zia.ip_destination_group"]),
    (Of::DestinationCategory, &["zia.url_category"]),
    (Of::Engine, &["zia.dlp_engine"]),
    (Of::DnsApplicationGroup, &["zia.dns_application_group"]),
    (Of::BandwidthClass, &["zia.bandwidth_class"]),
];

impl Of {
    /// The kinds of records that things of this kind are; none where they are words.
    pub fn records(self) -> &'static [&'static str] {
        RECORDS.iter().find(|(of, _)| *of == self).map_or(&[], |(_, kinds)| kinds)
    }

    /// Every kind of things that hold others, whose records say what is in them: not people and devices.
    pub(crate) fn holders() -> impl Iterator<Item = (Of, &'static str)> {
        let people = |of: Of| matches!(of, Of::User | Of::Group | Of::Department | Of::Device);
        let holders = RECORDS.iter().filter(move |(of, _)| !people(*of));
        holders.flat_map(|(of, kinds)| kinds.iter().map(|kind| (*of, *kind)))
    }
}

/// How many kinds there are.
const KINDS: usize = Of::Other as usize + 1;

/// Kinds of atoms, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u64);

impl Kinds {
    /// None.
    pub const NONE: Kinds = Kinds(0);
    /// Every one.
    pub const ALL: Kinds = Kinds(u64::MAX);

    /// These.
    pub fn of(kinds: &[Of]) -> Kinds {
        Kinds(kinds.iter().fold(0, |set, of| set | 1 << *of as u8))
    }

    /// Whether it has one.
    pub fn has(self, of: Of) -> bool {
        self.0 & (1 << of as u8) != 0
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }
}

/// One thing that rules may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Atom(u32);

impl Atom {
    /// Its place among all atoms.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }

    /// The same, for a set of them.
    pub(crate) fn place(self) -> u32 {
        self.0
    }
}

/// All atoms that the rules of a tenant name.
#[derive(Debug, Default, Clone)]
pub struct Atoms {
    known: Vec<HashMap<Box<str>, Atom>>,
    names: Vec<(Of, Box<str>)>,
}

impl Atoms {
    /// The atom of a thing that a rule names.
    pub fn intern(&mut self, of: Of, name: &str) -> Atom {
        if let Some(atom) = self.find(of, name) {
            return atom;
        }
        self.known.resize_with(KINDS, HashMap::default);
        let atom =
            Atom(u32::try_from(self.names.len()).expect("a tenant's rules name fewer than 2^32 things"));
        self.names.push((of, name.into()));
        self.known[of as usize].insert(name.into(), atom);
        atom
    }

    /// The atom of a thing, if any rule names it.
    pub fn find(&self, of: Of, name: &str) -> Option<Atom> {
        self.known.get(of as usize)?.get(name).copied()
    }

    /// What an atom stands for: its kind, and its id or word.
    pub fn name(&self, atom: Atom) -> (Of, &str) {
        let (of, name) = &self.names[atom.0 as usize];
        (*of, name)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.names.len()
    }

    /// Every atom, by its place.
    pub(crate) fn every(&self) -> impl Iterator<Item = Atom> + use<> {
        (0..u32::try_from(self.names.len()).unwrap_or(u32::MAX)).map(Atom)
    }

    /// Every atom of a kind, with its id or word.
    pub fn all(&self, of: Of) -> impl Iterator<Item = (Atom, &str)> {
        self.known.get(of as usize).into_iter().flatten().map(|(name, atom)| (*atom, &**name))
    }
}
