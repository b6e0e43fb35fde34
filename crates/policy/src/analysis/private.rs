//! The same of private access: its lists are read into clauses, and searched as all are.

use foldhash::HashMap;

use super::asked::Asked;
use super::differences::{self, Comparison, Difference, Side};
use super::ground::Ground;
use super::lint::{self, Finding, Lint};
use super::search::Looks;
use super::universe::{Holding, Universe};
use crate::lists::List;
use crate::matching::Of;
use crate::policy::Policy;
use crate::private::review::{Moved, Review, Reviewed, Shortest, lost};
use crate::snapshot::Snapshot;
use crate::words::Module;

/// What is wrong with the rules of private access. A rule that several views ask is wrong where it is in each of them.
pub(super) fn in_private<'p>(policy: &'p Policy, snapshot: &Snapshot, looks: &mut Looks) -> Vec<Finding<'p>> {
    let side = policy.private();
    let mut review = Review::of(&[side]);
    let universe = Universe::new(review.atoms().clone());
    let mut findings = Vec::new();
    for (module, rule, names) in lost(side, snapshot) {
        let list = List { module, of: None, rules: Vec::new() };
        findings.push(Finding { names, ..Finding::plain(Lint::NamesNothing, &list, rule) });
    }
    // For each rule, in how many views it is, and what was found in them.
    let mut views: HashMap<(Module, &str), (usize, Vec<Finding<'p>>)> = HashMap::default();
    let mut order: Vec<(Module, &str)> = Vec::new();
    for read in std::mem::take(&mut review.lists) {
        let Reviewed { module, of, always, never, mut sides, wide, scope, examples } = read;
        let list = List { module, of, rules: sides.pop().unwrap_or_default() };
        let ground = Ground { universe: &universe, always: &always, never: &never };
        let mut found = lint::in_list(ground, &list, looks);
        if !wide.is_empty() {
            // What would stand in a rule's place may be one of those that were not looked at.
            found.retain(|finding| finding.lint != Lint::Redundant);
        }
        found.extend(wide.iter().map(|rule| Finding::plain(Lint::Undecided, &list, rule)));
        for rule in list.rules.iter().map(|rule| rule.rule).chain(wide) {
            let key = (module, &*rule.id);
            views
                .entry(key)
                .or_insert_with(|| {
                    order.push(key);
                    (0, Vec::new())
                })
                .0 += 1;
        }
        for mut finding in found {
            if finding.lint == Lint::NotLookedAt {
                // Once for all views of a list.
                let same = |known: &Finding<'_>| (known.lint, known.module) == (finding.lint, finding.module);
                match findings.iter_mut().find(|known| same(known)) {
                    Some(known) if known.more < finding.more => *known = finding,
                    Some(_) => {}
                    None => findings.push(finding),
                }
                continue;
            }
            finding.question =
                review.question(scope, &examples, &finding.witness).map(|asked| Asked(Box::new(asked)));
            finding.witness = review.told(&examples, &finding.witness);
            if let Some((_, found)) = views.get_mut(&(module, &*finding.rule.id)) {
                found.push(finding);
            }
        }
    }
    for key in order {
        let Some((count, mut found)) = views.remove(&key) else { continue };
        if found.len() < count {
            continue;
        }
        // What keeps a rule out of one view only says less than what does in another.
        let weight = |finding: &Finding<'_>| match finding.lint {
            Lint::Undecided | Lint::NotLookedAt => 0,
            Lint::Redundant => 1,
            Lint::NeverReached => 2,
            Lint::NeverMet | Lint::NamesNothing => 3,
        };
        found.sort_by_key(weight);
        findings.extend(found.into_iter().next());
    }
    findings
}

/// What private access treats differently. Says whether destinations could be told at all.
pub(super) fn compare<'p>(
    before: &'p Policy,
    after: &'p Policy,
    looks: &mut Looks,
    found: &mut Comparison<'p>,
) -> bool {
    let sides = [before.private(), after.private()];
    let mut review = Review::of(&sides);
    let universe = Universe::new(review.atoms().clone());
    found.differences.extend(review.moved.iter().map(moved));
    for read in std::mem::take(&mut review.lists) {
        let ground = Ground { universe: &universe, always: &read.always, never: &read.never };
        let [old, new] = &read.sides[..] else { continue };
        if !read.wide.is_empty() {
            // One of the rules that were not looked at may take any of its traffic on both sides.
            found.undecided += 1;
            continue;
        }
        let mut own = Comparison { differences: Vec::new(), ..found.clone() };
        differences::in_list(ground, (read.module, read.of), old, new, looks, &mut own);
        found.undecided = own.undecided;
        for mut difference in own.differences {
            difference.question = review
                .question(read.scope, &read.examples, &difference.witness)
                .map(|asked| Asked(Box::new(asked)));
            difference.witness = review.told(&read.examples, &difference.witness);
            // One pair of rules is one kind of traffic, whoever's view it is.
            let alike = |known: &Difference<'_>| {
                (known.module, &known.before, &known.after)
                    == (difference.module, &difference.before, &difference.after)
                    && difference.before.rule.is_some() | difference.after.rule.is_some()
            };
            if !found.differences.iter().any(alike) {
                found.differences.push(difference);
            }
        }
    }
    found.differences.extend(sessions(Shortest::of(sides[0]), Shortest::of(sides[1])));
    !review.open
}

fn moved<'p>(moved: &Moved) -> Difference<'p> {
    let words = [moved.before, moved.after];
    let module = match () {
        () if words.iter().any(|word| word.starts_with("go directly")) => Module::SegmentBypass,
        () if words.contains(&"switched off") => Module::Availability,
        () => Module::SegmentSelection,
    };
    let holding = |of, name: &str| Holding { of, name: name.to_owned() };
    let mut witness = vec![holding(Of::PrivateDestination, &moved.destination)];
    if let Some((before, after)) = &moved.applications {
        let told = |name: &String, when| holding(Of::PrivateSegment, &format!("{name} ({when})"));
        witness.extend(before.iter().map(|name| told(name, "as it was")));
        witness.extend(after.iter().map(|name| told(name, "as it is now")));
    }
    let side = |does| Side { rule: None, does };
    let (before, after) = (side(moved.before), side(moved.after));
    Difference { module, list: None, before, after, witness, question: None }
}

/// The limits that count for browsers and for isolation, whatever rule is met.
fn sessions<'p>(before: Shortest<'p>, after: Shortest<'p>) -> Vec<Difference<'p>> {
    let mut found = Vec::new();
    let mut differ = |client: &str, rules: [Option<_>; 2]| {
        let [before, after] = rules.map(|rule| Side { rule, does: "limit sessions" });
        let witness = vec![Holding { of: Of::ClientType, name: client.to_owned() }];
        found.push(Difference {
            module: Module::TimeoutPolicy,
            list: None,
            before,
            after,
            witness,
            question: None,
        });
    };
    let limit = |shortest: &Shortest<'_>| shortest.isolation.map(|(_, seconds)| seconds);
    if limit(&before) != limit(&after) {
        let rules = [&before, &after].map(|shortest| shortest.isolation.map(|(rule, _)| rule));
        differ("zpn_client_type_browser_isolation", rules);
    }
    let limits = |shortest: &Shortest<'p>| shortest.browsers.map(|(_, whole)| whole);
    if limits(&before) != limits(&after) {
        let rules = [&before, &after].map(|shortest| shortest.browsers.map(|(rule, _)| rule));
        differ("zpn_client_type_exporter", rules);
    }
    found
}
