//! What the rules of one list can tell of destinations.

use foldhash::{HashMap, HashSet};

use super::super::Private;
use super::super::asker::{ANCHORED, is_clientless};
use super::super::rules::{Rule, types};
use super::super::segments::{Bypass, Carrier};
use super::classes::{Class, Classes, Example, Selected};
use super::terms::Named;
use crate::matching::{Atom, Atoms, Clause, Criterion, Of};

/// Destinations of which it is not known which applications they are.
const OPEN: &str = "a name that a pattern covers";

/// Which of the applications and groups that rules name a destination is, by their places, on each side; and whether it is
/// gone to directly by all who are not anchored.
type Told = (Vec<Vec<usize>>, bool);

/// The destinations that get to a list.
pub(super) struct Destinations<'p> {
    /// Each that its rules can tell from the others.
    pub all: Vec<Atom>,
    /// Which of them the applications and groups are that rules of each side name.
    pub named: Vec<Named<'p>>,
    /// Who asks for which of them.
    pub never: Vec<Vec<Clause>>,
    /// What is asked for in the place of each.
    pub examples: HashMap<Atom, Examples>,
}

/// Something that is another application on the other side, or is treated otherwise before any rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Moved {
    /// An example.
    pub destination: String,
    pub before: &'static str,
    pub after: &'static str,
    /// The applications, before and after, where they are others.
    pub applications: Option<(Vec<String>, Vec<String>)>,
}

/// Examples of a destination, as devices and as browsers ask for it: what is the same to rules may be another name to either.
#[derive(Debug, Clone, Default)]
pub(crate) struct Examples {
    devices: Option<Example>,
    clientless: Option<Example>,
}

impl Examples {
    /// That of a browser, or of a device; the other's where there is none.
    pub(super) fn of(&self, clientless: bool) -> Option<&Example> {
        match clientless {
            true => self.clientless.as_ref().or(self.devices.as_ref()),
            false => self.devices.as_ref().or(self.clientless.as_ref()),
        }
    }
}

impl<'p> Destinations<'p> {
    pub fn of(
        sides: &[&Private],
        classes: &Classes,
        rules: &[Vec<&'p Rule>],
        view: Option<bool>,
        of: i64,
        atoms: &mut Atoms,
    ) -> Destinations<'p> {
        let names: Vec<Vec<(bool, &str)>> = rules.iter().map(|rules| names(rules)).collect();
        let mut kinds: HashMap<Told, usize> = HashMap::default();
        let mut found: Vec<(Examples, Told)> = Vec::new();
        let forwarding = of == types::FORWARDING;
        let beside = if forwarding { other_ports(sides, &classes.all) } else { Vec::new() };
        let places: Vec<HashMap<(bool, &str), usize>> =
            names.iter().map(|names| names.iter().copied().zip(0..).collect()).collect();
        for class in classes.all.iter().chain(&beside) {
            let before_access = matches!(of, types::FORWARDING | types::ISOLATION);
            let segments = |(side, selected): (&&Private, &Selected)| -> Vec<u32> {
                let counts = |number: &u32| before_access || side.segments.at(*number).available;
                selected.matched.iter().copied().filter(counts).collect()
            };
            let reached: Vec<Vec<u32>> = sides.iter().zip(&class.selected).map(segments).collect();
            let owned = |(side, selected): (&&Private, &Selected)| {
                selected.matched.first().is_some_and(|first| side.segments.at(*first).owner.is_some())
            };
            let seen = |side| view.is_none_or(|own| owned(side) == own);
            if reached.iter().any(Vec::is_empty) || !sides.iter().zip(&class.selected).all(seen) {
                continue;
            }
            let told =
                |side: &Private, numbers: &[u32], places: &HashMap<(bool, &str), usize>| -> Vec<usize> {
                    let segments = numbers.iter().map(|number| side.segments.at(*number));
                    let named = segments.flat_map(|segment| [(false, &*segment.id), (true, &*segment.group)]);
                    let mut told: Vec<usize> = named.filter_map(|name| places.get(&name).copied()).collect();
                    told.sort_unstable();
                    told.dedup();
                    told
                };
            let key: Vec<Vec<usize>> = sides
                .iter()
                .zip(&reached)
                .zip(&places)
                .map(|((side, numbers), places)| told(side, numbers, places))
                .collect();
            // Who is not anchored goes there directly.
            let anchored = class.selected.iter().any(|selected| selected.bypass == Bypass::Always);
            let key = (key, anchored);
            let place = *kinds.entry(key.clone()).or_insert_with(|| {
                found.push((Examples::default(), key));
                found.len() - 1
            });
            let known = &mut found[place].0;
            let known = if class.example.clientless { &mut known.clientless } else { &mut known.devices };
            known.get_or_insert_with(|| class.example.clone());
        }
        let mut destinations = Destinations {
            all: Vec::new(),
            named: vec![Named::default(); sides.len()],
            never: Vec::new(),
            examples: HashMap::default(),
        };
        let (mut devices, mut clientless, mut anchored) = (Vec::new(), Vec::new(), Vec::new());
        for (example, (key, goes_directly)) in found {
            let atom = atoms.intern(
                Of::PrivateDestination,
                &example.of(false).map_or_else(String::new, Example::to_string),
            );
            destinations.all.push(atom);
            for ((told, names), named) in key.iter().zip(&names).zip(&mut destinations.named) {
                told.iter().for_each(|place| named.entry(names[*place]).or_default().push(atom));
            }
            match (&example.devices, &example.clientless) {
                (Some(_), None) => devices.push(atom),
                (None, Some(_)) => clientless.push(atom),
                _ => {}
            }
            if goes_directly {
                anchored.push(atom);
            }
            destinations.examples.insert(atom, example);
        }
        if classes.open {
            destinations.open(&names, atoms);
        }
        let some = |kind: &[Atom]| Clause::one_of(Criterion::Condition, kind.to_vec());
        let clients = |are: &dyn Fn(&str) -> bool| -> Vec<Atom> {
            atoms.all(Of::ClientType).filter(|(_, name)| are(name)).map(|(atom, _)| atom).collect()
        };
        let is_anchored = |client: &str| client == ANCHORED;
        for (kind, excludes, are) in [
            (&devices, false, &is_clientless as &dyn Fn(&str) -> bool),
            (&clientless, true, &is_clientless),
            (&anchored, true, &is_anchored),
        ] {
            let who = Clause { excludes, ..Clause::one_of(Criterion::Condition, clients(are)) };
            if !kind.is_empty() {
                destinations.never.push(vec![some(kind), who]);
            }
        }
        destinations
    }

    /// One more destination, which may be any application.
    fn open(&mut self, names: &[Vec<(bool, &'p str)>], atoms: &mut Atoms) {
        let open = atoms.intern(Of::PrivateDestination, OPEN);
        self.all.push(open);
        let mut free = Vec::new();
        for (names, named) in names.iter().zip(&mut self.named) {
            for (group, name) in names {
                let of = if *group { Of::SegmentGroup } else { Of::PrivateSegment };
                let atom = atoms.intern(of, name);
                named.entry((*group, name)).or_default().push(atom);
                free.push(atom);
            }
        }
        if !free.is_empty() {
            let some = Clause::one_of(Criterion::Condition, free);
            self.never.push(vec![some, Clause::none_of(Criterion::Condition, vec![open])]);
        }
    }
}

/// The applications and groups that rules name.
fn names<'p>(rules: &[&'p Rule]) -> Vec<(bool, &'p str)> {
    let operands =
        rules.iter().flat_map(|rule| &rule.conditions.conditions).flat_map(|condition| &condition.operands);
    let named = operands.filter_map(|operand| match &*operand.of {
        "APP" => Some((false, &*operand.rhs)),
        "APP_GROUP" => Some((true, &*operand.rhs)),
        _ => None,
    });
    let mut names: Vec<(bool, &str)> = named.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What the forwarding rules are asked for besides: the other segments of the same name, one by one, as a bypass of one is a
/// bypass of all. Each is told once for devices and once for browsers, whatever the ports that it stands beside.
fn other_ports(sides: &[&Private], classes: &[Class]) -> Vec<Class> {
    let numbers = |side: &&Private| -> HashMap<Box<str>, u32> {
        side.segments.all.iter().map(|segment| segment.id.clone()).zip(0..).collect()
    };
    let numbers: Vec<HashMap<Box<str>, u32>> = sides[1..].iter().map(numbers).collect();
    let mut seen: HashSet<(Vec<u32>, bool, bool)> = HashSet::default();
    let mut found = Vec::new();
    for class in classes {
        let [first, others @ ..] = &class.selected[..] else { continue };
        let anchored = class.selected.iter().any(|selected| selected.bypass == Bypass::Always);
        let beside: Vec<HashSet<u32>> =
            others.iter().map(|selected| selected.beside.iter().copied().collect()).collect();
        for number in &first.beside {
            let id = &sides[0].segments.at(*number).id;
            let on_others = numbers
                .iter()
                .zip(&beside)
                .map(|(numbers, beside)| numbers.get(id).copied().filter(|number| beside.contains(number)));
            let Some(all) = std::iter::once(Some(*number)).chain(on_others).collect::<Option<Vec<u32>>>()
            else {
                continue;
            };
            if !seen.insert((all.clone(), anchored, class.example.clientless)) {
                continue;
            }
            let example = Example { beside: Some(id.clone()), ..class.example.clone() };
            let alone = |(selected, number): (&Selected, u32)| Selected {
                covered: selected.covered,
                bypass: selected.bypass,
                matched: vec![number],
                beside: Vec::new(),
            };
            found.push(Class { example, selected: class.selected.iter().zip(all).map(alone).collect() });
        }
    }
    found
}

/// What is sent elsewhere, or is another application, each kind once; `known` are those that were told before.
pub(super) fn moved(
    sides: &[&Private],
    classes: &Classes,
    known: &mut HashSet<Moved>,
    moved: &mut Vec<Moved>,
) {
    let bypasses = |side: &&Private| {
        let rules = &side.lists.of(types::FORWARDING).rules;
        rules.iter().any(|rule| rule.enabled && &*rule.action == "BYPASS")
    };
    // Other segments of a name count where a rule may bypass them.
    let beside = sides.iter().any(bypasses);
    let mut seen = HashSet::default();
    for class in &classes.all {
        let told = |(side, selected): (&&'_ Private, &Selected)| {
            let side: &Private = side;
            let own = selected.matched.first().is_some_and(|first| side.segments.at(*first).owner.is_some());
            (word(side, selected), own, selected.matched.clone(), selected.beside.clone())
        };
        let both: Vec<_> = sides.iter().zip(&class.selected).map(told).collect();
        let [before, after] = &both[..] else { continue };
        // Another tenant's have other ids; one that is renamed has another name.
        let alike = |one: &[u32], other: &[u32]| {
            let same = |(one, other): (&u32, &u32)| {
                let (one, other) = (sides[0].segments.at(*one), sides[1].segments.at(*other));
                one.id == other.id || one.name == other.name
            };
            one.len() == other.len() && one.iter().zip(other).all(same)
        };
        let same_applications = alike(&before.2, &after.2);
        let same_beside = !beside || alike(&before.3, &after.3);
        let same = (before.0, before.1) == (after.0, after.1) && same_applications && same_beside;
        if same || !seen.insert(both.clone()) {
            continue;
        }
        let names = |side: &Private, numbers: &[u32]| -> Vec<String> {
            numbers.iter().map(|number| side.segments.at(*number).name.to_string()).collect()
        };
        let found = Moved {
            destination: class.example.to_string(),
            before: before.0,
            after: after.0,
            applications: (!same_applications)
                .then(|| (names(sides[0], &before.2), names(sides[1], &after.2))),
        };
        if known.insert(found.clone()) {
            moved.push(found);
        }
    }
}

/// What becomes of a destination before any rule, in a word.
fn word(side: &Private, selected: &Selected) -> &'static str {
    match selected {
        Selected { covered: false, .. } => "no private application",
        Selected { bypass: Bypass::Always, .. } => "go directly",
        Selected { matched, .. } if matched.is_empty() => "not forwarded",
        Selected { matched, .. } if !matched.iter().any(|number| side.segments.at(*number).available) => {
            "switched off"
        }
        Selected { bypass: Bypass::OnNetwork, .. } => "go directly on trusted networks",
        Selected { .. } => "ask the rules",
    }
}

impl std::fmt::Display for Example {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bare = !self.host.contains(':');
        match (self.carrier, bare) {
            (Carrier::Tcp(port), true) => write!(f, "{}:{port}", self.host)?,
            (Carrier::Tcp(port), false) => write!(f, "[{}]:{port}", self.host)?,
            (Carrier::Udp(port), true) => write!(f, "{}:{port} by UDP", self.host)?,
            (Carrier::Udp(port), false) => write!(f, "[{}]:{port} by UDP", self.host)?,
            (Carrier::Icmp { traceroute: false }, _) => write!(f, "{}, an echo", self.host)?,
            (Carrier::Icmp { traceroute: true }, _) => write!(f, "{}, traced", self.host)?,
        }
        if !self.several {
            f.write_str(", where one segment is taken")?;
        }
        if self.clientless {
            f.write_str(", by browser")?;
        }
        match &self.beside {
            Some(id) => write!(f, ", for another port of it: {id}"),
            None => Ok(()),
        }
    }
}
