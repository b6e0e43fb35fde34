//! Which rules any traffic of another may meet at all, told from the kind of thing that most of a list ask for and of which
//! everything has one at most: the destination of a private application, say. Rules that ask for others of it are out of reach,
//! however a search goes on.

use foldhash::HashMap;

use super::universe::Universe;
use crate::matching::{Atom, Clause, Of};

/// Ways to meet rules, by what they ask for of one kind.
pub(super) struct Near {
    kind: Option<Of>,
    naming: HashMap<Atom, Vec<usize>>,
    /// Those that ask for nothing of that kind.
    rest: Vec<usize>,
    count: usize,
}

impl Near {
    pub fn new(universe: &Universe, ways: &[&[Clause]]) -> Near {
        let mut asked: HashMap<Of, usize> = HashMap::default();
        for way in ways {
            way.iter()
                .filter_map(|clause| kind(universe, clause))
                .for_each(|of| *asked.entry(of).or_default() += 1);
        }
        let most = asked.into_iter().max_by_key(|(of, count)| (*count, *of)).map(|(of, _)| of);
        let mut near = Near { kind: most, naming: HashMap::default(), rest: Vec::new(), count: ways.len() };
        for (number, way) in ways.iter().enumerate() {
            match near.asked(universe, way) {
                Some(atoms) => {
                    atoms.iter().for_each(|atom| near.naming.entry(*atom).or_default().push(number))
                }
                None => near.rest.push(number),
            }
        }
        near
    }

    /// The things of the kind one of which a way asks for, if it does.
    fn asked<'c>(&self, universe: &Universe, way: &'c [Clause]) -> Option<&'c [Atom]> {
        let same = |clause: &&Clause| self.kind.is_some() && kind(universe, clause) == self.kind;
        way.iter().find(same).map(|clause| &*clause.atoms)
    }

    /// The numbers of the ways that traffic of a rule may meet, ascending. Never fewer than there are.
    pub fn to(&self, universe: &Universe, rule: &[Vec<Clause>]) -> Vec<usize> {
        let mut found = self.rest.clone();
        for way in rule {
            let Some(atoms) = self.asked(universe, way) else { return (0..self.count).collect() };
            found.extend(atoms.iter().filter_map(|atom| self.naming.get(atom)).flatten());
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The kind that a clause asks one thing of, where of that kind everything has one at most.
fn kind(universe: &Universe, clause: &Clause) -> Option<Of> {
    let of = |atom: &Atom| universe.atoms.name(*atom).0;
    let first = clause.atoms.first().filter(|first| !clause.excludes && universe.is_single(**first))?;
    clause.atoms.iter().all(|atom| of(atom) == of(first)).then(|| of(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{Atoms, Criterion};

    #[test]
    fn rules_on_another_destination_are_out_of_reach() {
        let mut atoms = Atoms::default();
        let [one, two, group] =
            [(Of::PrivateDestination, "1"), (Of::PrivateDestination, "2"), (Of::ScimGroup, "g")]
                .map(|(of, name)| atoms.intern(of, name));
        let asks = |atoms: &[Atom]| Clause::one_of(Criterion::Condition, atoms.to_vec());
        let rules = [
            vec![asks(&[one]), asks(&[group])],
            vec![asks(&[two])],
            vec![asks(&[group])],
            vec![asks(&[one, two])],
            vec![Clause::none_of(Criterion::Condition, vec![one])],
            vec![asks(&[one, group])],
        ];
        let ways: Vec<&[Clause]> = rules.iter().map(Vec::as_slice).collect();
        let universe = Universe::new(atoms);
        let near = Near::new(&universe, &ways);
        let to = |rule: usize| near.to(&universe, std::slice::from_ref(&rules[rule]));
        assert_eq!(to(0), [0, 2, 3, 4, 5]);
        assert_eq!(to(1), [1, 2, 3, 4, 5]);
        assert_eq!(to(2), [0, 1, 2, 3, 4, 5]);
    }
}
