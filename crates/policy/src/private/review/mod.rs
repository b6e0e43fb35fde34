//! Private access for those who look at all traffic at once: its lists of rules as clauses over things, one list for each type
//! of policy and each microtenant's view of it.
//!
//! What an application is to a rule follows from the destination, which is a thing of its own here: each request has exactly one
//! (see [`classes`]), told by an example. Destinations that the rules of a list cannot tell apart are one.

mod classes;
mod destinations;
mod effects;
mod lists;
mod lost;
mod question;
mod terms;

use foldhash::{HashMap, HashSet};

use super::Private;
use super::asker::{BROWSER, ISOLATED, is_clientless};
use super::rules::{Rule, types};
use crate::lists::Plain;
use crate::matching::{Atom, Atoms, Clause, Criterion, Of, RuleRef};
use crate::words::Module;
use classes::Classes;
use destinations::Destinations;
pub(crate) use destinations::{Examples, Moved};
pub(crate) use effects::{Shortest, unmodelled};
use lists::LISTS;
pub(crate) use lost::lost;
use terms::Terms;

/// All lists of one configuration, or of two in the terms of both.
pub(crate) struct Review<'p> {
    pub lists: Vec<Reviewed<'p>>,
    /// Destinations that are another application on either side, or are sent elsewhere before any rule.
    pub moved: Vec<Moved>,
    /// There are destinations of which it is not known which applications they are.
    pub open: bool,
    terms: Terms,
    /// A provider of all sides that no rule names.
    other_provider: Option<&'p str>,
}

/// One list as users of a microtenant meet it, or those of none.
pub(crate) struct Reviewed<'p> {
    pub module: Module,
    /// The microtenant's name, and its id.
    pub of: Option<&'p str>,
    pub scope: Option<&'p str>,
    /// Clauses that all traffic meets which gets here.
    pub always: Vec<Clause>,
    /// What no traffic has together.
    pub never: Vec<Vec<Clause>>,
    /// For each side, its rules.
    pub sides: Vec<Vec<Plain<'p>>>,
    /// Rules that can be met in too many ways to be looked at.
    pub wide: Vec<&'p RuleRef>,
    /// What is asked for in the destinations' place.
    pub examples: HashMap<Atom, Examples>,
}

/// A microtenant's view, or that of users who are of none.
#[derive(Clone, Copy)]
struct Scope<'p> {
    id: Option<&'p str>,
    name: Option<&'p str>,
}

impl<'p> Review<'p> {
    /// Reads one side or two.
    pub fn of(sides: &[&'p Private]) -> Review<'p> {
        let terms = Terms::new(sides);
        let unnamed = |id: &&str| terms.atoms.find(Of::IdentityProvider, id).is_none();
        let known = |id: &&str| sides.iter().all(|side| side.known.providers().contains(id));
        let other_provider = sides[0].known.providers().into_iter().filter(known).find(unnamed);
        let mut review = Review { lists: Vec::new(), moved: Vec::new(), open: false, terms, other_provider };
        let mut scopes = vec![Scope { id: None, name: None }];
        let others =
            |id: &str| sides[1..].iter().all(|side| side.microtenants.enabled().any(|(own, _)| own == id));
        let named = sides[0].microtenants.enabled().filter(|(id, _)| others(id));
        scopes.extend(named.map(|(id, name)| Scope { id: Some(id), name: Some(name) }));
        let (hosts, mut left, mut known) = (classes::hosts(sides), classes::MOST, HashSet::default());
        for scope in scopes {
            let classes = Classes::of(sides, scope.id, &hosts, &mut left);
            review.open |= classes.open;
            if sides.len() > 1 {
                destinations::moved(sides, &classes, &mut known, &mut review.moved);
            }
            let views: &[bool] = if scope.id.is_some() { &[false, true] } else { &[false] };
            for (of, module) in LISTS {
                for own in views {
                    review.read(sides, &classes, scope, *own, (of, module));
                }
            }
        }
        review
    }

    /// All things that are named.
    pub fn atoms(&self) -> &Atoms {
        &self.terms.atoms
    }

    fn read(
        &mut self,
        sides: &[&'p Private],
        classes: &Classes,
        scope: Scope<'p>,
        own: bool,
        (of, module): (i64, Module),
    ) {
        let rules: Vec<Vec<&'p Rule>> = sides.iter().map(|side| seen(side, scope.id, own, of)).collect();
        if rules.iter().all(Vec::is_empty) {
            return;
        }
        let view = scope.id.map(|_| own);
        let found = Destinations::of(sides, classes, &rules, view, of, &mut self.terms.atoms);
        // Where there are no applications at all, rules are not to blame for being met by nobody.
        if found.all.is_empty() && sides.iter().any(|side| side.segments.is_empty()) {
            return;
        }
        let mut always = self.terms.always();
        always.push(Clause::one_of(Criterion::Condition, found.all));
        always.extend(self.asked_by(of));
        let mut never = self.terms.never();
        never.extend(found.never);
        let mut list = Reviewed {
            module,
            of: scope.name,
            scope: scope.id,
            always,
            never,
            sides: Vec::new(),
            wide: Vec::new(),
            examples: found.examples,
        };
        for ((side, rules), named) in sides.iter().zip(rules).zip(&found.named) {
            let mut plain = Vec::new();
            for rule in rules {
                match self.terms.ways(side, rule, named) {
                    Some(ways) => plain.push(Plain {
                        rule: &rule.rule,
                        enabled: true,
                        decides: true,
                        ways,
                        effect: effects::effect(rule),
                    }),
                    None => list.wide.push(&rule.rule),
                }
            }
            list.sides.push(plain);
        }
        self.lists.push(list);
    }

    /// Who a list is asked for.
    fn asked_by(&self, of: i64) -> Option<Clause> {
        let one_of =
            |are: &dyn Fn(&str) -> bool| Clause::one_of(Criterion::Condition, self.terms.clients(are));
        match of {
            types::FORWARDING => Some(one_of(&|client| !is_clientless(client))),
            types::ISOLATION => Some(one_of(&|client| client == BROWSER)),
            types::TIMEOUT => Some(one_of(&|client| !matches!(client, BROWSER | ISOLATED))),
            types::BROWSER_PROTECTION => Some(one_of(&is_clientless)),
            _ => None,
        }
    }
}

/// The rules of a type that are on, in the order in which a view asks them: Default's for what users of no microtenant reach,
/// a microtenant's own for what is its own, both for what it inherits.
fn seen<'p>(side: &'p Private, scope: Option<&str>, own: bool, of: i64) -> Vec<&'p Rule> {
    let owned = |owner: &str| -> Vec<&'p Rule> {
        let rules = side.lists.of(of).rules.iter();
        rules.filter(|rule| rule.enabled && rule.owner.as_deref().unwrap_or_default() == owner).collect()
    };
    match (scope, own, side.options.default_rules_first) {
        (None, ..) => owned(""),
        (Some(scope), true, _) => owned(scope),
        (Some(scope), false, true) => [owned(""), owned(scope)].concat(),
        (Some(scope), false, false) => [owned(scope), owned("")].concat(),
    }
}
