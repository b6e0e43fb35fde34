//! Asks a list of rules, and tells path, trace and what was not known.

use crate::matching::{Facts, Found, Rule, RuleList};
use crate::verdict::{Draft, Trial, Unknown};
use crate::words::Module;

/// The first rule that matches.
pub(crate) fn first<'p, E>(
    draft: &mut Draft<'p>,
    module: Module,
    list: &'p RuleList<E>,
    facts: &Facts,
) -> Option<(u32, &'p Rule<E>)> {
    next(draft, module, list, facts, 0)
}

/// The first one at or behind a place.
pub(crate) fn next<'p, E>(
    draft: &mut Draft<'p>,
    module: Module,
    list: &'p RuleList<E>,
    facts: &Facts,
    from: u32,
) -> Option<(u32, &'p Rule<E>)> {
    let Found { place, missing } = list.first_from(facts, from);
    if let Some(missing) = missing {
        let unknown =
            Unknown { module, rule: Some(&list.at(missing.place).rule), criteria: missing.criteria };
        if !draft.unknown.contains(&unknown) {
            draft.unknown.push(unknown);
        }
    }
    if let Some(trace) = &mut draft.trace {
        let sieve = list.sieve(facts);
        let last = place.map_or(list.rules().len(), |place| place as usize + 1);
        trace.extend((from..).zip(&list.rules()[from as usize..last]).map(|(place, rule)| Trial {
            module,
            rule: &rule.rule,
            failed: list.failed(&sieve, place),
            detail: None,
        }));
    }
    place.map(|place| (place, list.at(place)))
}
