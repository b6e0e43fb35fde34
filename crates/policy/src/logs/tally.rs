//! What came of many lines, in a bounded room: each kind of difference once, with its count and its first line.

use std::collections::hash_map::Entry as Place;
use std::hash::Hash;

use foldhash::HashMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::entry::{Entry, Log};
use crate::analysis::Asked;
use crate::matching::{Criterion, RuleRef};
use crate::question::Question;
use crate::verdict::Verdict;
use crate::words::{Action, Module};

/// How many kinds of a thing are told apart; what comes beyond them is only counted.
const KINDS: usize = 1_000;

/// How a request ends, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
struct End {
    action: Action,
    module: Module,
    rule: Option<RuleRef>,
}

impl End {
    fn of(verdict: &Verdict<'_>) -> End {
        End { action: verdict.action, module: verdict.module, rule: verdict.rule.cloned() }
    }
}

/// How often something was seen, and where first.
#[derive(Debug, Clone)]
struct Seen {
    count: u64,
    line: u64,
    witness: Option<Box<Question>>,
}

/// Kinds of a thing, as far as there is room.
#[derive(Debug)]
struct Kinds<K> {
    known: HashMap<K, Seen>,
    beyond: u64,
}

impl<K> Default for Kinds<K> {
    fn default() -> Kinds<K> {
        Kinds { known: HashMap::default(), beyond: 0 }
    }
}

impl<K: Eq + Hash> Kinds<K> {
    fn add(&mut self, kind: K, count: u64, line: u64, witness: impl FnOnce() -> Option<Box<Question>>) {
        let is_full = self.known.len() >= KINDS;
        match self.known.entry(kind) {
            Place::Occupied(mut seen) => {
                let seen = seen.get_mut();
                seen.count += count;
                if line < seen.line {
                    (seen.line, seen.witness) = (line, witness());
                }
            }
            Place::Vacant(_) if is_full => self.beyond += count,
            Place::Vacant(place) => {
                place.insert(Seen { count, line, witness: witness() });
            }
        }
    }

    fn take(&mut self, other: Kinds<K>) {
        self.beyond += other.beyond;
        for (kind, seen) in other.known {
            self.add(kind, seen.count, seen.line, || seen.witness);
        }
    }

    /// The most frequent first.
    fn told(&self, tell: impl Fn(&K) -> Value) -> Value {
        let mut all: Vec<(&K, &Seen)> = self.known.iter().collect();
        all.sort_by_key(|(_, seen)| (std::cmp::Reverse(seen.count), seen.line));
        let told = |(kind, seen): (&K, &Seen)| {
            let mut told = json!({ "count": seen.count, "line": seen.line });
            let own = tell(kind);
            let witness = seen.witness.as_ref().map(|question| json!({ "witness": Asked(question.clone()) }));
            for members in [Some(own), witness].into_iter().flatten() {
                if let (Value::Object(told), Value::Object(members)) = (&mut told, members) {
                    told.extend(members);
                }
            }
            told
        };
        all.into_iter().map(told).collect()
    }

    fn count(&self) -> u64 {
        self.beyond + self.known.values().map(|seen| seen.count).sum::<u64>()
    }
}

/// What came of many lines.
#[derive(Debug, Default)]
pub struct Tally {
    web: u64,
    firewall: u64,
    /// What is staged treats it otherwise.
    otherwise: Kinds<(End, End)>,
    /// What is in force treats it otherwise than the log says.
    logged: Kinds<(String, Option<String>, End)>,
    /// Lines that are no entries.
    unread: Kinds<&'static str>,
    /// Questions that cannot be answered.
    unclear: Kinds<String>,
    /// What lines do not tell, and might have changed the answer.
    untold: Kinds<(Module, Option<RuleRef>, Vec<Criterion>)>,
}

impl Tally {
    /// Counts a line that cannot be read.
    pub fn unread(&mut self, line: u64, why: &'static str) {
        self.unread.add(why, 1, line, || None);
    }

    /// Counts a question that cannot be answered.
    pub fn unclear(&mut self, line: u64, entry: &Entry, why: String) {
        self.unclear.add(why, 1, line, || Some(Box::new(entry.question.clone())));
    }

    /// Counts what becomes of a line now and, where there is something to compare with, then.
    pub fn add(&mut self, line: u64, entry: &Entry, now: &Verdict<'_>, then: Option<&Verdict<'_>>) {
        match entry.log {
            Log::Web => self.web += 1,
            Log::Firewall => self.firewall += 1,
        }
        let witness = || Some(Box::new(entry.question.clone()));
        if let Some(then) = then {
            let id = |verdict: &Verdict<'_>| verdict.rule.map(|rule| rule.id.clone());
            if now.action != then.action || id(now) != id(then) {
                self.otherwise.add((End::of(now), End::of(then)), 1, line, witness);
            }
        }
        if entry.allowed().zip(passes(now.action)).is_some_and(|(logged, passes)| logged != passes) {
            let kind = (entry.action.clone(), entry.rule.clone(), End::of(now));
            self.logged.add(kind, 1, line, witness);
        }
        for unknown in &now.unknown {
            let kind = (unknown.module, unknown.rule.cloned(), unknown.criteria.clone());
            self.untold.add(kind, 1, line, || None);
        }
    }

    /// Takes another's counts.
    pub fn take(&mut self, other: Tally) {
        self.web += other.web;
        self.firewall += other.firewall;
        self.otherwise.take(other.otherwise);
        self.logged.take(other.logged);
        self.unread.take(other.unread);
        self.unclear.take(other.unclear);
        self.untold.take(other.untold);
    }

    /// How many lines would be treated otherwise.
    pub fn otherwise(&self) -> u64 {
        self.otherwise.count()
    }

    /// How many lines were answered.
    pub fn answered(&self) -> u64 {
        self.web + self.firewall
    }

    /// All of it.
    pub fn told(&self) -> Value {
        json!({
            "answered": { "web": self.web, "firewall": self.firewall },
            "otherwise": {
                "count": self.otherwise.count(),
                "kinds": self.otherwise.told(|(now, then)| json!({ "now": now, "then": then })),
            },
            "logged_otherwise": {
                "count": self.logged.count(),
                "kinds": self.logged.told(|(action, rule, now)| json!({
                    "logged": { "action": action, "rule": rule }, "now": now,
                })),
            },
            "unread": {
                "count": self.unread.count(),
                "kinds": self.unread.told(|why| json!({ "why": why })),
            },
            "unclear": {
                "count": self.unclear.count(),
                "kinds": self.unclear.told(|why| json!({ "why": why })),
            },
            "not_told": self.untold.told(|(module, rule, criteria)| json!({
                "module": module, "rule": rule, "criteria": criteria,
            })),
        })
    }
}

/// Whether an action lets a request through, as logs count it; none for those that are in between.
fn passes(action: Action) -> Option<bool> {
    match action {
        Action::Allow | Action::Bypass => Some(true),
        Action::Caution | Action::Isolate | Action::Redirect | Action::Quarantine => None,
        Action::Block
        | Action::Drop
        | Action::Reset
        | Action::Unreachable
        | Action::Deny
        | Action::DenyDefault
        | Action::ApprovalRequired
        | Action::ReauthRequired
        | Action::NotForwarded
        | Action::NotZpa
        | Action::UserInactive => Some(false),
    }
}
