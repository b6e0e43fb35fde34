//! The index against every rule held against a request one by one.

use proptest::prelude::*;

use super::{Atom, Atoms, Clause, Criterion, Facts, Found, Kinds, Of, Rule, RuleList, RuleRef};

/// What criteria ask for, of which kinds.
const PARTS: [(Criterion, [Of; 2]); 4] = [
    (Criterion::Who, [Of::User, Of::Group]),
    (Criterion::Category, [Of::Category, Of::Category]),
    (Criterion::Destination, [Of::DestinationAddress, Of::DestinationGroup]),
    (Criterion::Method, [Of::Method, Of::Method]),
];
/// How many things there are of a criterion: more than are few.
const THINGS: u8 = 24;

/// A thing of a criterion.
fn thing(atoms: &mut Atoms, part: usize, number: u8) -> Atom {
    atoms.intern(PARTS[part].1[usize::from(number % 2)], &number.to_string())
}

/// A clause: of which criterion, things of it, and whether it excludes them.
type Drawn = (usize, Vec<u8>, bool);

fn clause() -> impl Strategy<Value = Drawn> {
    (0..PARTS.len(), prop::collection::vec(0..THINGS, 1..4), prop::bool::weighted(0.2))
}

/// What is known of a criterion: what holds, and which of its kinds are not known.
fn known() -> impl Strategy<Value = (Vec<u8>, [bool; 2])> {
    let unknown = || prop::bool::weighted(0.15);
    let some = prop_oneof![prop::collection::vec(0..THINGS, 0..3), prop::collection::vec(0..THINGS, 8..20)];
    (some, [unknown(), unknown()])
}

fn rule(clauses: Vec<Clause>, enabled: bool) -> Rule<()> {
    let rule = RuleRef { id: "1".into(), name: "a rule".into(), order: 1 };
    Rule { rule, enabled, clauses, effect: (), leads_to: "".into() }
}

/// Whether a request meets a clause, and whether it might if more were known.
fn held(clause: &Clause, facts: &Facts, atoms: &Atoms) -> (bool, bool) {
    let known = facts.of(clause.criterion);
    let names = clause.atoms.iter().any(|atom| known.atoms.contains(atom));
    let met = if clause.excludes { !names && known.unknown.is_empty() } else { names };
    (met, met || clause.atoms.iter().any(|atom| known.unknown.has(atoms.name(*atom).0)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_first_rule_that_is_met_is_found(
        drawn in prop::collection::vec((prop::collection::vec(clause(), 0..4), prop::bool::weighted(0.9)), 1..90),
        told in prop::collection::vec(known(), PARTS.len()),
        from in 0_u32..20,
    ) {
        let mut atoms = Atoms::default();
        let mut read = |(part, things, excludes): &Drawn| {
            let named = things.iter().map(|number| thing(&mut atoms, *part, *number)).collect();
            if *excludes { Clause::none_of(PARTS[*part].0, named) } else { Clause::one_of(PARTS[*part].0, named) }
        };
        let rules: Vec<Rule<()>> = drawn
            .iter()
            .map(|(clauses, enabled)| rule(clauses.iter().map(&mut read).collect(), *enabled))
            .collect();
        let mut facts = Facts::default();
        for (part, (things, unknown)) in told.iter().enumerate() {
            let (criterion, kinds) = PARTS[part];
            facts.set(criterion, things.iter().map(|number| thing(&mut atoms, part, *number)).collect::<Vec<_>>());
            for (of, unknown) in kinds.iter().zip(unknown) {
                facts.unknown(criterion, if *unknown { Kinds::of(&[*of]) } else { Kinds::NONE });
            }
        }
        let list = RuleList::new(rules.clone(), &atoms);
        let first = |meets: &dyn Fn(&Clause) -> bool| {
            let found = (0..).zip(&rules).skip(from as usize).find(|(_, rule)| rule.enabled && rule.clauses.iter().all(meets));
            found.map(|(place, _)| place)
        };
        let met = first(&|clause| held(clause, &facts, &atoms).0);
        let perhaps = first(&|clause| held(clause, &facts, &atoms).1);
        let Found { place, missing } = list.first_from(&facts, from);
        prop_assert_eq!(place, met);
        prop_assert_eq!(missing.map(|missing| missing.place), perhaps.filter(|place| met.is_none_or(|met| *place < met)));
    }
}
