//! Reads the criteria of a rule's record into clauses.

use crate::matching::{Atom, Atoms, Clause, Criterion, Of, Rule};
use crate::record::{Record, flag, on, reference, text, whole, words};

/// A rule's record being read.
pub(super) struct Reading<'a> {
    atoms: &'a mut Atoms,
    record: &'a Record,
    clauses: Vec<Clause>,
}

/// Words by which a list says that everything is meant.
const EVERYTHING: [&str; 2] = ["ANY", "ANY_RULE"];

impl<'a> Reading<'a> {
    pub fn new(atoms: &'a mut Atoms, record: &'a Record) -> Reading<'a> {
        Reading { atoms, record, clauses: Vec::new() }
    }

    /// The rule, with what it does.
    pub fn rule<E>(self, effect: E) -> Rule<E> {
        let enabled = match (text(self.record, "state"), flag(self.record, "disabled")) {
            (Some(state), _) => state == "ENABLED",
            (None, disabled) => disabled != Some(true),
        };
        let leads_to = leads_to(self.record).into();
        Rule { rule: reference(self.record, "order"), enabled, clauses: self.clauses, effect, leads_to }
    }

    /// Of each of these members, or of all together, one thing must hold.
    pub fn one_of(&mut self, criterion: Criterion, members: &[(&str, Of)]) {
        let atoms = self.atoms_of(members);
        if !atoms.is_empty() {
            self.clauses.push(Clause::one_of(criterion, atoms));
        }
    }

    /// Nothing of these members may hold.
    pub fn none_of(&mut self, criterion: Criterion, members: &[(&str, Of)]) {
        let atoms = self.atoms_of(members);
        if !atoms.is_empty() {
            self.clauses.push(Clause::none_of(criterion, atoms));
        }
    }

    fn atoms_of(&mut self, members: &[(&str, Of)]) -> Vec<Atom> {
        let mut atoms = Vec::new();
        for (member, of) in members {
            let words = words(self.record, member);
            if words.iter().any(|word| EVERYTHING.contains(&word.as_str())) {
                continue;
            }
            let named = words.iter().filter(|word| *word != "NONE");
            atoms.extend(named.map(|word| self.atoms.intern(*of, spelt(*of, word))));
        }
        atoms
    }

    /// Adds a clause of one thing.
    pub fn wants(&mut self, criterion: Criterion, of: Of, name: &str) {
        let atom = self.atoms.intern(of, name);
        self.clauses.push(Clause::one_of(criterion, vec![atom]));
    }

    /// Of members that questions cannot tell about, something is wanted.
    pub fn beyond(&mut self, criterion: Criterion, members: &[&str]) {
        for member in members {
            let set = words(self.record, member);
            let named = set.into_iter().map(|word| format!("{member} {word}"));
            let atoms: Vec<Atom> = named.map(|name| self.atoms.intern(Of::Other, &name)).collect();
            if !atoms.is_empty() {
                self.clauses.push(Clause::one_of(criterion, atoms));
            }
        }
    }

    /// Users, groups and departments: any of them, or both where the rule says so.
    pub fn who(&mut self) {
        let users = self.atoms_of(&[("users", Of::User)]);
        let groups = self.atoms_of(&[("groups", Of::Group)]);
        let departments = self.atoms_of(&[("departments", Of::Department)]);
        let all =
            |parts: &[&Vec<Atom>]| parts.iter().flat_map(|part| part.iter().copied()).collect::<Vec<Atom>>();
        let both = |one: &Vec<Atom>, other: &Vec<Atom>, member| {
            on(self.record, member) && !one.is_empty() && !other.is_empty()
        };
        let together = (
            both(&users, &groups, "usersAndGroupsSet"),
            both(&groups, &departments, "groupsAndDepartmentsSet"),
        );
        // (U ∧ G) ∨ D is (U ∨ D) ∧ (G ∨ D), and so on: a conjunction of alternatives.
        let parts = match together {
            (false, false) => vec![all(&[&users, &groups, &departments])],
            (true, false) => vec![all(&[&users, &departments]), all(&[&groups, &departments])],
            (false, true) => vec![all(&[&users, &groups]), all(&[&users, &departments])],
            (true, true) => vec![users, groups, departments],
        };
        let clauses = parts.into_iter().filter(|part| !part.is_empty());
        self.clauses.extend(clauses.map(|part| Clause::one_of(Criterion::Who, part)));
        self.none_of(
            Criterion::NotWho,
            &[
                ("excludedUsers", Of::User),
                ("excludedGroups", Of::Group),
                ("excludedDepartments", Of::Department),
            ],
        );
    }

    /// Places, times, devices: what rules of nearly every family ask.
    pub fn common(&mut self) {
        self.validity();
        self.one_of(Criterion::Time, &[("timeWindows", Of::Interval)]);
        self.who();
        self.one_of(
            Criterion::Location,
            &[("locations", Of::Location), ("locationGroups", Of::LocationGroup)],
        );
        self.one_of(Criterion::Device, &[("devices", Of::Device), ("deviceGroups", Of::DeviceGroup)]);
        self.trust();
        self.beyond(Criterion::Workload, &["workloadGroups"]);
    }

    /// All four levels are as good as none.
    fn trust(&mut self) {
        let atoms = self.atoms_of(&[("deviceTrustLevels", Of::Trust)]);
        if !atoms.is_empty() && atoms.len() < 4 {
            self.clauses.push(Clause::one_of(Criterion::Trust, atoms));
        }
    }

    fn validity(&mut self) {
        if !on(self.record, "enforceTimeValidity") {
            return;
        }
        let (start, end) = (whole(self.record, "validityStartTime"), whole(self.record, "validityEndTime"));
        let span = format!("{}-{}", start.unwrap_or(0), end.unwrap_or(i64::MAX));
        self.wants(Criterion::Validity, Of::Validity, &span);
    }

    /// Where traffic of any kind comes from; countries are one way of saying it.
    pub fn source(&mut self) {
        let members = [
            ("srcIps", Of::SourceAddress),
            ("srcIpGroups", Of::SourceGroup),
            ("srcIpv6Groups", Of::SourceGroup),
        ];
        match on(self.record, "excludeSrcCountries") {
            true => {
                self.one_of(Criterion::Source, &members);
                self.none_of(Criterion::NotSourceCountry, &[("sourceCountries", Of::SourceCountry)]);
            }
            false => {
                let countries = [("sourceCountries", Of::SourceCountry)];
                self.one_of(Criterion::Source, &[&members[..], &countries].concat());
            }
        }
    }

    /// Where web traffic comes from.
    pub fn web_source(&mut self) {
        self.one_of(Criterion::Source, &[("sourceIpGroups", Of::SourceGroup)]);
        let countries = [("sourceCountries", Of::SourceCountry)];
        match on(self.record, "excludeSrcCountries") {
            true => self.none_of(Criterion::NotSourceCountry, &countries),
            false => self.one_of(Criterion::SourceCountry, &countries),
        }
    }

    /// Whereto traffic of any kind goes.
    pub fn destination(&mut self) {
        self.one_of(
            Criterion::Destination,
            &[
                ("destAddresses", Of::DestinationAddress),
                ("destIpGroups", Of::DestinationGroup),
                ("destIpv6Groups", Of::DestinationGroup),
                ("destCountries", Of::DestinationCountry),
                ("destIpCategories", Of::DestinationCategory),
                ("resCategories", Of::DestinationCategory),
            ],
        );
    }

    /// A span of file sizes, where it is not all of them.
    pub fn size(&mut self, most: i64) {
        let (from, to) =
            (whole(self.record, "minSize").unwrap_or(0), whole(self.record, "maxSize").unwrap_or(most));
        let to = if to <= 0 || to >= most { i64::MAX } else { to };
        if from > 0 || to < i64::MAX {
            self.wants(Criterion::FileSize, Of::FileSize, &format!("{from}-{to}"));
        }
    }

    /// The record.
    pub fn record(&self) -> &'a Record {
        self.record
    }
}

/// Members that say where an action leads.
const TARGETS: [&str; 8] = [
    "redirectIp",
    "dnsGateway",
    "blockResponseCode",
    "proxyGateway",
    "dedicatedIPGateway",
    "zpaGateway",
    "cbiProfile",
    "cbiProfileId",
];

/// What a rule's action names beside its word; the whole of one that has parts.
fn leads_to(record: &Record) -> String {
    let parts = record.get("action").filter(|action| action.is_object()).map(ToString::to_string);
    let targets = TARGETS
        .iter()
        .flat_map(|member| words(record, member).into_iter().map(move |word| format!("{member} {word}")));
    parts.into_iter().chain(targets).collect::<Vec<_>>().join(", ")
}

/// A word as atoms are spelt.
pub(super) fn spelt(of: Of, word: &str) -> &str {
    match of {
        Of::FileType => word.strip_prefix("FTCATEGORY_").unwrap_or(word),
        Of::SourceCountry | Of::DestinationCountry => word.strip_prefix("COUNTRY_").unwrap_or(word),
        _ => word,
    }
}

/// The records of a list of rules in the order in which they are tried: positive orders ascending, then the negative ones
/// from −2 on, the default at last (documented for the firewall, inferred for DNS).
pub(super) fn in_order(records: &[Record]) -> Vec<&Record> {
    let mut ordered: Vec<&Record> = records.iter().collect();
    ordered.sort_by_key(|record| {
        let order = whole(record, "order").unwrap_or(i64::MAX);
        match (order, on(record, "defaultRule")) {
            // The sandbox gives its default a place that others give to any rule (seen).
            (-1 | 2_147_483_647, _) | (127, true) => (2, order),
            (..0, _) => (1, -order),
            _ => (0, order),
        }
    });
    ordered
}
