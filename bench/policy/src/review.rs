//! What lint and diff find of the same rules, and how long they take, for `review.py` to be held against.

use std::path::Path;

use serde_json::{Value, json};
use zuno_policy::analysis::{Lint, compare, lint};
use zuno_policy::matching::RuleRef;

use crate::clock::best;
use crate::rules::{Rule, Rules, address, drawn};
use crate::zuno::{compiled, snapshot};

/// How many rules.
const COUNT: u64 = 1_000;

/// The rules as z3 is told them, with a few that stand behind wider ones.
fn shadowed() -> Rules {
    let mut rules = Rules::new(COUNT);
    for number in (100..COUNT as usize).step_by(100) {
        // All of one rule's traffic, in two parts, before a rule on the whole of it.
        let whole = rules.0[number].clone();
        let (one, rest) = whole.networks.split_at(1);
        rules.0[number - 2] = Rule { id: number as u64 - 1, networks: one.to_vec(), ..whole.clone() };
        rules.0[number - 1] = Rule { id: number as u64, networks: rest.to_vec(), ..whole };
    }
    rules
}

/// How one set of rules becomes another.
fn edits() -> [(&'static str, Rules, Rules); 3] {
    let rules = Rules::new(COUNT);
    let edited = |edit: &dyn Fn(&mut Vec<Rule>)| {
        let mut other = rules.clone();
        edit(&mut other.0);
        other
    };
    let one = edited(&|all| all[500].action = 2);
    let moved = edited(&|all| {
        let last = all.pop().expect("there are some");
        all.insert(0, last);
    });
    let tenth = edited(&|all| {
        all.iter_mut().step_by(10).for_each(|rule| rule.groups = vec![drawn(rule.networks[0], 200)])
    });
    [
        ("one rule does something else", rules.clone(), one),
        ("the last is moved to the top", rules.clone(), moved),
        ("every tenth names other groups", rules, tenth),
    ]
}

fn told(rules: &Rules) -> Vec<Value> {
    let rule = |rule: &Rule| {
        let nets: Vec<[u32; 2]> =
            rule.networks.iter().map(|network| [address(*network), address(*network) + 255]).collect();
        json!({"id": rule.id, "groups": rule.groups, "services": rule.services, "nets": nets, "action": rule.action})
    };
    rules.0.iter().map(rule).collect()
}

fn number(rule: &RuleRef) -> i64 {
    rule.id.parse().expect("a number")
}

/// Measures, and writes what was found.
pub fn write(folder: &str) {
    let rules = shadowed();
    let tenant = snapshot(&rules);
    let policy = compiled(&tenant);
    let [took] = best([&mut || drop(lint(&policy, &tenant))], 3);
    let findings = lint(&policy, &tenant);
    let unreached = findings.iter().filter(|finding| finding.lint == Lint::NeverReached);
    let shadowed: Vec<i64> = unreached.map(|finding| number(finding.rule)).collect();
    println!("lint: {:.1} ms, {} never reached", took * 1e3, shadowed.len());
    let mut all = vec![json!({"what": "lint", "rules": told(&rules), "found": shadowed, "seconds": took})];
    for (what, before, after) in edits() {
        let (old, new) = (snapshot(&before), snapshot(&after));
        let (one, other) = (compiled(&old), compiled(&new));
        let [took] = best([&mut || drop(compare((&one, &old), (&other, &new)))], 3);
        let found = compare((&one, &old), (&other, &new));
        assert_eq!(found.undecided, 0);
        let pairs: Vec<Value> = found
            .differences
            .iter()
            .map(|difference| json!([difference.before.rule.map(number), difference.after.rule.map(number)]))
            .collect();
        println!("{what}: {:.1} ms, {} kinds of traffic", took * 1e3, pairs.len());
        all.push(json!({"what": what, "rules": told(&before), "other": told(&after), "found": pairs, "seconds": took}));
    }
    let path = Path::new(folder).join("review.json");
    std::fs::write(&path, json!(all).to_string()).expect("it can be written");
    println!("{}", path.display());
}
