//! The search against every set of atoms that there is.

use proptest::prelude::*;

use super::ground::Ground;
use super::lint::{Finding, Lint, in_list};
use super::search::{Found, Looks, traffic};
use super::universe::Universe;
use crate::internet::spans::Cover;
use crate::lists::{Effect, List, Plain};
use crate::matching::{Atom, Atoms, Clause, Criterion, Of, RuleRef};
use crate::words::Module;

/// Things of kinds of which there is one at most, and of others.
const THINGS: &[(Of, &str)] = &[
    (Of::User, "u1"),
    (Of::User, "u2"),
    (Of::Group, "g1"),
    (Of::Group, "g2"),
    (Of::Category, "c1"),
    (Of::Category, "c2"),
    (Of::Method, "GET"),
    (Of::Method, "POST"),
    (Of::SourceAddress, "10.0.0.0/8"),
    (Of::SourceAddress, "10.1.0.0/16"),
    (Of::SourceAddress, "192.168.0.0/16"),
];

const PARTS: &[(Criterion, &[usize])] = &[
    (Criterion::Who, &[0, 1, 2, 3]),
    (Criterion::Category, &[4, 5]),
    (Criterion::Method, &[6, 7]),
    (Criterion::Source, &[8, 9, 10]),
];

fn universe() -> (Universe, Vec<Atom>) {
    let mut atoms = Atoms::default();
    let all = THINGS.iter().map(|(of, name)| atoms.intern(*of, name)).collect();
    (Universe::new(atoms), all)
}

/// A rule: for each part perhaps a clause, of some of its things, perhaps excluding them.
fn rule() -> impl Strategy<Value = Vec<(usize, u8, bool)>> {
    prop::collection::vec((0..PARTS.len(), 1_u8..16, prop::bool::weighted(0.25)), 0..4)
}

fn clauses(rule: &[(usize, u8, bool)], all: &[Atom]) -> Vec<Clause> {
    let clause = |(part, chosen, excludes): &(usize, u8, bool)| {
        let (criterion, things) = PARTS[*part];
        let chosen = things.iter().enumerate().filter(|(bit, _)| chosen & (1 << bit) != 0);
        let atoms: Vec<Atom> = chosen.map(|(_, thing)| all[*thing]).collect();
        match excludes {
            true => Clause::none_of(criterion, atoms),
            false => Clause::one_of(criterion, atoms),
        }
    };
    rule.iter().map(clause).collect()
}

fn is_met(rule: &[Clause], held: &[Atom]) -> bool {
    rule.iter().all(|clause| held.iter().any(|atom| clause.atoms.contains(atom)) != clause.excludes)
}

/// Every set of things that can hold together: what lies in a block lies in the one around it, and of some kinds there is
/// one at most.
fn every_request(universe: &Universe, all: &[Atom]) -> Vec<Vec<Atom>> {
    let set = |bits: u32| -> Vec<Atom> {
        (0..all.len()).filter(|bit| bits & (1 << bit) != 0).map(|bit| all[bit]).collect()
    };
    let possible = |held: &Vec<Atom>| {
        let closed =
            held.iter().all(|atom| universe.implied(*atom).iter().all(|implied| held.contains(implied)));
        let kind = |atom: Atom| universe.atoms.name(atom).0;
        let alone = |atom: &Atom| held.iter().filter(|other| kind(**other) == kind(*atom)).count() == 1;
        // No address is in both.
        let apart = held.contains(&all[8]) && held.contains(&all[10]);
        closed && !apart && held.iter().all(|atom| !universe.is_single(*atom) || alone(atom))
    };
    (0..1_u32 << all.len()).map(set).filter(possible).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_found_only_where_there_is_nothing_and_what_is_found_is_true(
        must in prop::collection::vec(rule(), 1..3),
        avoid in prop::collection::vec(rule(), 0..6),
    ) {
        let (universe, all) = universe();
        let read = |rules: &[Vec<(usize, u8, bool)>]| -> Vec<Vec<Clause>> {
            rules.iter().map(|rule| clauses(rule, &all)).collect()
        };
        let (must, avoid) = (read(&must), read(&avoid));
        let must_slices: Vec<&[Clause]> = must.iter().map(Vec::as_slice).collect();
        let avoid_slices: Vec<&[Clause]> = avoid.iter().map(Vec::as_slice).collect();
        let wanted = |held: &Vec<Atom>| {
            must.iter().all(|rule| is_met(rule, held)) && !avoid.iter().any(|rule| is_met(rule, held))
        };
        let there = every_request(&universe, &all).into_iter().any(|held| wanted(&held));
        let mut opened = Vec::new();
        match traffic(&universe, &must_slices, &avoid_slices, &mut { Looks::CALL }, &mut opened) {
            Found::Nothing => {
                prop_assert!(!there);
                let few: Vec<&[Clause]> = opened.iter().map(|place| avoid_slices[*place]).collect();
                let found = traffic(&universe, &must_slices, &few, &mut { Looks::CALL }, &mut Vec::new());
                prop_assert_eq!(found, Found::Nothing);
            }
            Found::Undecided => prop_assert!(false, "a small search has an end"),
            Found::Traffic(witness) => {
                let mut held: Vec<Atom> =
                    witness.iter().flat_map(|atom| universe.implied(*atom)).copied().collect();
                held.sort_unstable();
                held.dedup();
                prop_assert!(there);
                let kinds: Vec<Of> = held
                    .iter()
                    .filter(|atom| universe.is_single(**atom))
                    .map(|atom| universe.atoms.name(*atom).0)
                    .collect();
                prop_assert!(kinds.iter().all(|kind| kinds.iter().filter(|other| *other == kind).count() == 1));
                prop_assert!(wanted(&held), "{witness:?} is no such traffic");
            }
        }
    }
}

#[test]
fn where_the_bound_is_reached_it_is_told_of_which_rules_that_counts() {
    let mut atoms = Atoms::default();
    let groups: Vec<Atom> = (0..60).map(|group| atoms.intern(Of::Group, &group.to_string())).collect();
    let universe = Universe::new(atoms);
    let names: Vec<RuleRef> = (1_i64..=40)
        .map(|order| RuleRef { id: order.to_string().into(), name: "one".into(), order })
        .collect();
    let rule = |(place, rule)| Plain {
        rule,
        enabled: true,
        decides: true,
        ways: vec![vec![Clause::one_of(Criterion::Who, groups[place..place + 20].to_vec())]],
        effect: Effect { word: "block", whole: String::new() },
    };
    let list =
        List { module: Module::UrlFiltering, of: None, rules: names.iter().enumerate().map(rule).collect() };
    let found = |things| in_list(Ground::bare(&universe), &list, &mut Looks::of(things));
    let count = |found: &[Finding<'_>], lint| found.iter().filter(|finding| finding.lint == lint).count();

    let all = found(100_000_000);
    let redundant = count(&all, Lint::Redundant);
    assert_eq!((all.len(), redundant), (redundant, 38));

    // Enough to see whether rules are reached, and not for what would stand in their place.
    let some = found(60_000);
    assert_eq!(count(&some, Lint::Undecided), 0);
    let rest = some.last().expect("something is told");
    assert_eq!(
        (rest.lint, rest.more),
        (Lint::NotLookedAt, 40 - usize::try_from(rest.rule.order).expect("small"))
    );
    assert!(some[..some.len() - 1].iter().all(|finding| all.contains(finding)));

    let few = found(1);
    assert_eq!((count(&few, Lint::Undecided), few.len()), (40, 40));
}

/// Blocks and addresses in every spelling that rules may have.
const SPELLINGS: [&str; 11] = [
    "10.0.0.0/24",
    "10.0.0.0-10.0.0.255",
    " 10.0.0.0/25",
    "10.0.0.128/25",
    "10.0.0.7",
    "10.0.0.7/32",
    "::ffff:10.0.0.7",
    "::ffff:10.0.0.0/120",
    "10.0.0.1-10.0.0.20",
    "10.0.0.10-10.0.0.200",
    "2001:db8::/126",
];

#[test]
fn what_is_proved_of_addresses_holds_as_requests_are_held_against_them() {
    let (mut atoms, mut cover) = (Atoms::default(), Cover::default());
    let all: Vec<Atom> = SPELLINGS.iter().map(|text| atoms.intern(Of::DestinationAddress, text)).collect();
    SPELLINGS.iter().zip(&all).for_each(|(text, atom)| cover.add(text, *atom));
    let universe = Universe::new(atoms);
    let probes = (0..=255).map(|last| std::net::IpAddr::from([10, 0, 0, last]));
    let others =
        ["10.0.1.0", "2001:db8::1", "2001:db8::5", "::ffff:10.0.0.7"].map(|text| text.parse().unwrap());
    for probe in probes.chain(others) {
        let mut held = Vec::new();
        cover.address(probe, &mut held);
        for one in &held {
            let implied = universe.implied(*one).iter();
            let missing: Vec<&Atom> = implied.filter(|atom| !held.contains(atom)).collect();
            let told = universe.tell(&[*one]);
            assert!(missing.is_empty(), "{probe} is in {told:?} and in no {missing:?}");
            assert!(
                held.iter().all(|other| !universe.are_apart(*one, *other)),
                "{probe} is in {told:?} and others"
            );
        }
    }
    // And what is written in two ways is one.
    let same = |one: usize, other: usize| universe.implied(all[one]).contains(&all[other]);
    for (one, other) in [(0, 1), (4, 5), (4, 6)] {
        assert!(same(one, other) && same(other, one), "{} {}", SPELLINGS[one], SPELLINGS[other]);
    }
}
