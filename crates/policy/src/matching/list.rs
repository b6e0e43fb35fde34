//! A list of rules with its index, and the first of them that a request meets.

use foldhash::HashMap;

use super::atom::{Atom, Of};
use super::bits::Bits;
use super::{Atoms, Criterion, Facts, Rule};

/// Rules in the order in which they are tried.
#[derive(Debug)]
pub struct RuleList<E> {
    rules: Vec<Rule<E>>,
    enabled: Bits,
    dimensions: Vec<Dimension>,
    /// For each rule, the dimension of each of its clauses.
    dimension_of: Vec<Vec<u16>>,
}

/// All clauses of one criterion, at most one of each rule.
#[derive(Debug)]
struct Dimension {
    criterion: Criterion,
    excludes: bool,
    /// Rules without such a clause.
    unset: Bits,
    /// Which rules name a thing.
    naming: HashMap<Atom, Naming>,
    /// Which rules name a thing of a kind.
    naming_kind: Vec<(Of, Bits)>,
}

/// Rules that name one thing: their places, or, of many, a set of them.
#[derive(Debug)]
enum Naming {
    Few(Vec<u32>),
    Many(Bits),
}

impl Naming {
    fn has(&self, place: u32) -> bool {
        match self {
            Naming::Few(places) => places.binary_search(&place).is_ok(),
            Naming::Many(places) => places.has(place),
        }
    }
}

/// What came of holding a request against a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The place of the first rule that matches.
    pub place: Option<u32>,
    /// The first rule that would have matched instead had more been known, and what was not known.
    pub missing: Option<Missing>,
}

/// What was not known, and the rule for which that counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The rule's place.
    pub place: u32,
    /// The criteria that could not be told.
    pub criteria: Vec<Criterion>,
}

/// The rules that a request meets, dimension by dimension, for a trace.
#[derive(Debug)]
pub struct Sieve {
    met: Vec<Bits>,
}

/// So many things of a request, or rules that are left, are few.
const FEW: usize = 8;

/// The rules that are left: those that a request meets, and those that it might meet if more were known.
struct Left {
    met: Bits,
    perhaps: Bits,
}

impl Left {
    /// Keeps those that a dimension leaves.
    fn keep(&mut self, dimension: &Dimension, facts: &Facts, scratch: &mut Bits) {
        let known = facts.of(dimension.criterion);
        dimension.met(known.atoms, scratch, !known.unknown.is_empty());
        self.met.keep(scratch);
        if !known.unknown.is_empty() {
            dimension.allow(known.unknown, scratch);
        }
        self.perhaps.keep(scratch);
    }
}

impl<E> RuleList<E> {
    /// Indexes rules, given in the order in which they are tried.
    pub fn new(rules: Vec<Rule<E>>, atoms: &Atoms) -> RuleList<E> {
        let mut list = RuleList {
            enabled: Bits::none(rules.len()),
            dimensions: Vec::new(),
            dimension_of: Vec::with_capacity(rules.len()),
            rules: Vec::new(),
        };
        for (rule, place) in rules.iter().zip(0..) {
            if rule.enabled {
                list.enabled.add(place);
            }
            let mut taken: Vec<u16> = Vec::with_capacity(rule.clauses.len());
            for clause in &rule.clauses {
                let fits = |(number, dimension): (u16, &Dimension)| {
                    let same =
                        dimension.criterion == clause.criterion && dimension.excludes == clause.excludes;
                    (same && !taken.contains(&number)).then_some(number)
                };
                let number = (0..).zip(&list.dimensions).find_map(fits).unwrap_or_else(|| {
                    list.dimensions.push(Dimension {
                        criterion: clause.criterion,
                        excludes: clause.excludes,
                        unset: Bits::all(rules.len()),
                        naming: HashMap::default(),
                        naming_kind: Vec::new(),
                    });
                    u16::try_from(list.dimensions.len() - 1).expect("a list has few criteria")
                });
                taken.push(number);
                let dimension = &mut list.dimensions[usize::from(number)];
                dimension.unset.remove(place);
                for atom in &clause.atoms {
                    match dimension.naming.entry(*atom).or_insert_with(|| Naming::Few(Vec::new())) {
                        Naming::Few(places) => places.push(place),
                        Naming::Many(places) => places.add(place),
                    }
                    let (of, _) = atoms.name(*atom);
                    let known = dimension.naming_kind.iter().position(|(known, _)| *known == of);
                    let known = known.unwrap_or_else(|| {
                        dimension.naming_kind.push((of, Bits::none(rules.len())));
                        dimension.naming_kind.len() - 1
                    });
                    dimension.naming_kind[known].1.add(place);
                }
            }
            list.dimension_of.push(taken);
        }
        // A set takes a word for 64 rules; it is the shorter one, and the quicker, from so many rules on.
        let many = rules.len() / 64 + 8;
        for naming in list.dimensions.iter_mut().flat_map(|dimension| dimension.naming.values_mut()) {
            if let Naming::Few(places) = naming
                && places.len() > many
            {
                let mut set = Bits::none(rules.len());
                places.iter().for_each(|place| set.add(*place));
                *naming = Naming::Many(set);
            }
        }
        list.rules = rules;
        list
    }

    /// The rules, disabled ones among them.
    pub fn rules(&self) -> &[Rule<E>] {
        &self.rules
    }

    /// The rule at a place.
    pub fn at(&self, place: u32) -> &Rule<E> {
        &self.rules[place as usize]
    }

    /// The first rule that a request meets, and whether more knowledge could have made it another.
    pub fn first(&self, facts: &Facts) -> Found {
        self.first_from(facts, 0)
    }

    /// The same among the rules at or behind a place.
    pub fn first_from(&self, facts: &Facts, from: u32) -> Found {
        if self.rules.is_empty() {
            return Found::default();
        }
        let mut left = Left { met: self.enabled.clone(), perhaps: self.enabled.clone() };
        let mut scratch = Bits::default();
        // What a request has little of is soon looked up, and may leave few rules: these are held against the rest by hand.
        let soon = |dimension: &Dimension| facts.of(dimension.criterion).atoms.len() <= FEW;
        let short = self.dimensions.iter().filter(|dimension| soon(dimension));
        short.for_each(|dimension| left.keep(dimension, facts, &mut scratch));
        let long = || (0_u16..).zip(&self.dimensions).filter(|(_, dimension)| !soon(dimension));
        if left.perhaps.are_more_than(FEW) {
            long().for_each(|(_, dimension)| left.keep(dimension, facts, &mut scratch));
            return self.found(facts, left.met.first_from(from), left.perhaps.first_from(from));
        }
        let places = || left.perhaps.places_from(from);
        let met = |place: &u32| left.met.has(*place) && long().all(|(of, _)| self.held(of, *place, facts).0);
        let perhaps = |place: &u32| long().all(|(of, _)| self.held(of, *place, facts).1);
        self.found(facts, places().find(met), places().find(perhaps))
    }

    fn found(&self, facts: &Facts, place: Option<u32>, perhaps: Option<u32>) -> Found {
        let other = perhaps.filter(|other| place.is_none_or(|place| *other < place));
        let missing = other.map(|other| Missing { place: other, criteria: self.unmet(other, facts) });
        Found { place, missing }
    }

    /// Whether a request meets the clause that a rule has in a dimension, and whether it might if more were known.
    fn held(&self, number: u16, place: u32, facts: &Facts) -> (bool, bool) {
        let mut own = self.dimension_of[place as usize].iter().zip(&self.rules[place as usize].clauses);
        let Some((_, clause)) = own.find(|(of, _)| **of == number) else { return (true, true) };
        let dimension = &self.dimensions[usize::from(number)];
        let known = facts.of(dimension.criterion);
        let names = clause.atoms.iter().any(|atom| known.atoms.contains(atom));
        let met = match clause.excludes {
            true => !names && !clause.atoms.is_empty() && known.unknown.is_empty(),
            false => names,
        };
        let unknown = |(of, rules): &(Of, Bits)| known.unknown.has(*of) && rules.has(place);
        (met, met || dimension.naming_kind.iter().any(unknown))
    }

    /// The criteria that a rule's request does not meet.
    fn unmet(&self, place: u32, facts: &Facts) -> Vec<Criterion> {
        let mut criteria: Vec<Criterion> = self.dimension_of[place as usize]
            .iter()
            .map(|number| &self.dimensions[usize::from(*number)])
            .filter(|dimension| {
                let known = facts.of(dimension.criterion);
                let names = known
                    .atoms
                    .iter()
                    .any(|atom| dimension.naming.get(atom).is_some_and(|rules| rules.has(place)));
                names == dimension.excludes || (dimension.excludes && !known.unknown.is_empty())
            })
            .map(|dimension| dimension.criterion)
            .collect();
        criteria.dedup();
        criteria
    }

    /// Holds a request against every rule, for a trace.
    pub fn sieve(&self, facts: &Facts) -> Sieve {
        let met = self.dimensions.iter().map(|dimension| {
            let known = facts.of(dimension.criterion);
            let mut met = Bits::default();
            dimension.met(known.atoms, &mut met, !known.unknown.is_empty());
            met
        });
        Sieve { met: met.collect() }
    }

    /// The first criterion that keeps a rule from matching, in the order in which the rule states them; none where it
    /// matches.
    pub fn failed(&self, sieve: &Sieve, place: u32) -> Option<Criterion> {
        if !self.enabled.has(place) {
            return Some(Criterion::State);
        }
        let mut clauses = self.dimension_of[place as usize].iter().map(|number| usize::from(*number));
        clauses.find(|number| !sieve.met[*number].has(place)).map(|number| self.dimensions[number].criterion)
    }
}

impl Dimension {
    /// The rules that what holds meets. Where more may hold, none that excludes something is.
    fn met(&self, atoms: &[Atom], met: &mut Bits, more_may_hold: bool) {
        met.set_to(&self.unset);
        if self.excludes {
            if more_may_hold {
                return;
            }
            self.naming_kind.iter().for_each(|(_, rules)| met.join(rules));
        }
        for naming in atoms.iter().filter_map(|atom| self.naming.get(atom)) {
            match (naming, self.excludes) {
                (Naming::Few(places), false) => places.iter().for_each(|place| met.add(*place)),
                (Naming::Few(places), true) => places.iter().for_each(|place| met.remove(*place)),
                (Naming::Many(places), false) => met.join(places),
                (Naming::Many(places), true) => met.drop(places),
            }
        }
    }

    /// Adds the rules that things of unknown kinds could meet.
    fn allow(&self, unknown: super::Kinds, met: &mut Bits) {
        for (_, rules) in self.naming_kind.iter().filter(|(of, _)| unknown.has(*of)) {
            met.join(rules);
        }
    }
}
