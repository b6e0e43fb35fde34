//! What a question tells of a request, as rules of Internet Access see it.

use std::net::IpAddr;

use super::places::{Place, ROAD_WARRIOR};
use super::ports::Transport;
use super::{Internet, expression, time};
use crate::matching::{Atom, Criterion, Facts, Kinds, Of};
use crate::question::{Direction, Question, Unclear, Via};
use crate::verdict::Draft;
use crate::words::Assumption;

/// What is found out of a question before any rule is asked.
pub(super) struct Asked<'a> {
    pub question: &'a Question,
    pub place: Option<&'a Place>,
    pub via: Via,
    /// Somebody is signed in.
    pub known_user: bool,
    pub facts: Facts,
}

impl Internet {
    /// Finds out who asks, from where, with what and when.
    pub(super) fn asked<'a>(
        &'a self,
        question: &'a Question,
        draft: &mut Draft<'_>,
    ) -> Result<Asked<'a>, Unclear> {
        let mut facts = Facts::default();
        let place = self.places.of(question)?;
        let known_user =
            question.user.is_some() || question.groups.is_some() || question.department.is_some();
        let mut who = self.people.who(question, &self.atoms)?;
        if !known_user && self.settings.policy_for_unauthenticated && place.is_some_and(|place| place.sign_in)
        {
            who.extend(self.unauthenticated.iter().copied());
        }
        facts.set(Criterion::Who, who);
        facts.set_as(Criterion::NotWho, Criterion::Who);
        match place {
            Some(place) => facts.set(Criterion::Location, place.atoms(&self.atoms)),
            None => {
                draft.assume(Assumption::RoadWarrior);
                facts.set(Criterion::Location, self.atoms.find(Of::Location, ROAD_WARRIOR));
            }
        }
        self.source(question, &mut facts);
        self.device(question, &mut facts);
        self.when(question, place, &mut facts, draft)?;
        match &question.risk {
            Some(risk) => facts.set(Criterion::Risk, self.atoms.find(Of::Risk, &risk.level())),
            None => facts.unknown(Criterion::Risk, Kinds::ALL),
        }
        // What questions cannot tell.
        for criterion in [
            Criterion::Workload,
            Criterion::Account,
            Criterion::Header,
            Criterion::DeviceApplication,
            Criterion::Kerberos,
        ] {
            facts.unknown(criterion, Kinds::ALL);
        }
        let group = question.connector_group.as_deref().map(|group| format!("ecGroups {group}"));
        facts.set(Criterion::Connector, group.and_then(|group| self.atoms.find(Of::Other, &group)));
        Ok(Asked { question, place, via: question.via.unwrap_or_default(), known_user, facts })
    }

    fn source(&self, question: &Question, facts: &mut Facts) {
        let mut found = Vec::new();
        match question.source {
            Some(address) => self.lookups.source.address(address, &mut found),
            None => facts.unknown(Criterion::Source, Kinds::of(&[Of::SourceAddress, Of::SourceGroup])),
        }
        match question.source_country.as_deref() {
            Some(country) => {
                let country = super::reading::spelt(Of::SourceCountry, country);
                let country = self.atoms.find(Of::SourceCountry, country);
                facts.set(Criterion::SourceCountry, country);
                facts.set(Criterion::NotSourceCountry, country);
                found.extend(country);
            }
            None => {
                for criterion in [Criterion::Source, Criterion::SourceCountry, Criterion::NotSourceCountry] {
                    facts.unknown(criterion, Kinds::of(&[Of::SourceCountry]));
                }
            }
        }
        facts.add(Criterion::Source, found);
    }

    /// A request that is said to come without the client has no device; one of which nothing is said may have.
    fn device(&self, question: &Question, facts: &mut Facts) {
        let client = matches!(question.via, Some(Via::Tunnel1 | Via::Tunnel2))
            || question.device.is_some()
            || question.trust.is_some();
        let without = question.via.is_some() && !client;
        let device = question.device.as_deref().map(|name| self.lookups.device(name).unwrap_or((name, "")));
        let platform =
            question.platform.as_deref().or(device.map(|(_, platform)| platform).filter(|of| !of.is_empty()));
        let mut found: Vec<Atom> =
            device.and_then(|(id, _)| self.atoms.find(Of::Device, id)).into_iter().collect();
        if let Some(platform) = platform {
            let groups = self.lookups.device_groups(platform);
            found.extend(groups.filter_map(|group| self.atoms.find(Of::DeviceGroup, group)));
        }
        facts.set(Criterion::Device, found);
        if !without {
            if device.is_none() {
                facts.unknown(Criterion::Device, Kinds::of(&[Of::Device]));
            }
            // Groups that are drawn by hand are not told by any record.
            facts.unknown(
                Criterion::Device,
                Kinds::of(if platform.is_none() { &[Of::DeviceGroup] } else { &[] }),
            );
        }
        let trust = match question.trust.as_deref() {
            Some(level) => Some(match level.to_ascii_uppercase().trim_end_matches("_TRUST") {
                "UNKNOWN" | "UNKNOWN_DEVICETRUSTLEVEL" => "UNKNOWN_DEVICETRUSTLEVEL".to_owned(),
                level => format!("{level}_TRUST"),
            }),
            None => without.then(|| "UNKNOWN_DEVICETRUSTLEVEL".to_owned()),
        };
        match trust {
            Some(level) => facts.set(Criterion::Trust, self.atoms.find(Of::Trust, &level)),
            None => facts.unknown(Criterion::Trust, Kinds::ALL),
        }
        match (without, platform) {
            (true, _) => facts.set(Criterion::Platform, self.atoms.find(Of::Platform, "NO_CLIENT_CONNECTOR")),
            (false, Some(platform)) => {
                let word = match &*crate::spelling::platform(platform) {
                    "mac" => "SCAN_MACOS".to_owned(),
                    other => format!("SCAN_{}", other.to_uppercase()),
                };
                facts.set(Criterion::Platform, self.atoms.find(Of::Platform, &word));
            }
            (false, None) => facts.unknown(Criterion::Platform, Kinds::ALL),
        }
        match question.browser.as_deref() {
            Some(browser) => {
                facts.set(Criterion::UserAgent, self.atoms.find(Of::UserAgent, &browser.to_uppercase()));
            }
            None => facts.unknown(Criterion::UserAgent, Kinds::ALL),
        }
    }

    fn when(
        &self,
        question: &Question,
        place: Option<&Place>,
        facts: &mut Facts,
        draft: &mut Draft<'_>,
    ) -> Result<(), Unclear> {
        let Some(at) = question.moment()? else {
            facts.unknown(Criterion::Time, Kinds::ALL);
            facts.unknown(Criterion::Validity, Kinds::ALL);
            return Ok(());
        };
        facts.set(Criterion::Validity, time::valid(at, &self.atoms));
        if self.atoms.all(Of::Interval).next().is_some() {
            // The zone of a remote user is that of the service edge, which nothing tells: UTC.
            let utc = jiff::tz::TimeZone::UTC;
            let zone = place.map_or(&utc, |place| &place.zone);
            if place.is_none_or(|place| place.zone_approximate) {
                draft.assume(Assumption::ZoneApproximate);
            }
            facts.set(Criterion::Time, self.windows.open(at, zone, &self.atoms));
        }
        Ok(())
    }

    /// Says where a flow goes, for rules on traffic of any kind.
    pub(super) fn flow(&self, asked: &mut Asked<'_>, to: &Flow<'_>) {
        let question = asked.question;
        let mut found = Vec::new();
        asked.facts.set(Criterion::Destination, []);
        self.lookups.destination(to.name, to.address, &mut found);
        if to.address.is_none() && self.lookups.destination.has_addresses() {
            asked.facts.unknown(Criterion::Destination, Kinds::of(&[Of::DestinationGroup]));
            let unknown = Kinds::of(&[Of::DestinationAddress]);
            asked.facts.unknown(Criterion::Destination, unknown);
        }
        match question.destination_country.as_deref() {
            Some(country) => {
                let country = super::reading::spelt(Of::DestinationCountry, country);
                found.extend(self.atoms.find(Of::DestinationCountry, country));
                self.lookups.in_country(country, &mut found);
            }
            None => {
                let mut kinds = Kinds::of(&[Of::DestinationCountry]);
                if self.lookups.has_group_countries() {
                    kinds = kinds.and(Kinds::of(&[Of::DestinationGroup]));
                }
                asked.facts.unknown(Criterion::Destination, kinds);
            }
        }
        for category in to.categories {
            found.extend(self.atoms.find(Of::DestinationCategory, category));
            self.lookups.in_category(category, &mut found);
        }
        asked.facts.add(Criterion::Destination, found);
        asked
            .facts
            .set(Criterion::Service, self.services.of(to.transport, to.port.unwrap_or(0)).iter().copied());
        match question.network_application.as_deref() {
            Some(word) => {
                let groups = self.lookups.groups(Of::NetworkApplicationGroup, word).iter().copied();
                let own = self.atoms.find(Of::NetworkApplication, word);
                asked.facts.set(Criterion::NetworkApplication, own.into_iter().chain(groups));
                asked.facts.unknown(Criterion::NetworkApplication, Kinds::of(&[Of::AppService]));
            }
            None if question.ends_early == Some(true) => asked.facts.set(Criterion::NetworkApplication, []),
            None => asked.facts.unknown(Criterion::NetworkApplication, Kinds::ALL),
        }
        let threats = question.threats.iter().flatten();
        asked.facts.set(Criterion::Threat, threats.filter_map(|threat| self.atoms.find(Of::Threat, threat)));
    }

    /// Says what file goes which way.
    pub(super) fn file(
        &self,
        facts: &mut Facts,
        question: &Question,
        named: Option<&str>,
        direction: Direction,
    ) {
        let word = match direction {
            Direction::Upload => "upload",
            Direction::Download => "download",
        };
        facts.set(Criterion::Direction, self.atoms.find(Of::Direction, word));
        let named = question.file_type.as_deref().map(|of| super::reading::spelt(Of::FileType, of)).or(named);
        if let Some(name) = named {
            let category =
                self.lookups.file_type(name).and_then(|id| self.atoms.find(Of::FileTypeCategory, id));
            facts.set(Criterion::FileType, self.atoms.find(Of::FileType, name).into_iter().chain(category));
        }
        match question.file_size_kb {
            Some(size) => {
                let within = |span: &str| {
                    let (from, to) = span.split_once('-').unwrap_or(("0", "0"));
                    from.parse().is_ok_and(|from: u64| from <= size)
                        && to.parse().is_ok_and(|to: u64| size <= to)
                };
                let spans = self.atoms.all(Of::FileSize).filter(|(_, span)| within(span));
                facts.set(Criterion::FileSize, spans.map(|(atom, _)| atom));
            }
            None => facts.unknown(Criterion::FileSize, Kinds::ALL),
        }
        match &question.file_traits {
            Some(traits) => {
                facts.set(
                    Criterion::FileTrait,
                    traits.iter().filter_map(|name| self.atoms.find(Of::FileTrait, name)),
                );
            }
            None => facts.unknown(Criterion::FileTrait, Kinds::ALL),
        }
    }

    /// Says which DLP engines match what is sent.
    pub(super) fn engines(&self, facts: &mut Facts, question: &Question) {
        let mut found = Vec::new();
        for (atom, id) in self.atoms.all(Of::Engine) {
            let Some(engine) = self.engines.get(id) else { continue };
            let named =
                question.dlp_engines.iter().flatten().any(|name| name == id || **name == *engine.name);
            let scored =
                question.dlp_scores.as_ref().map(|scores| expression::holds(&engine.expression, scores));
            match scored {
                Some(Some(true)) => found.push(atom),
                Some(None) => facts.unknown(Criterion::Engine, Kinds::of(&[Of::Engine])),
                _ if named => found.push(atom),
                _ => {}
            }
        }
        facts.add(Criterion::Engine, found);
        if question.dlp_engines.is_none() && question.dlp_scores.is_none() {
            facts.unknown(Criterion::Engine, Kinds::ALL);
        }
    }
}

/// Where a flow goes.
pub(super) struct Flow<'a> {
    pub name: Option<&'a str>,
    pub address: Option<IpAddr>,
    pub port: Option<u16>,
    pub transport: Transport,
    pub categories: &'a [Box<str>],
}
