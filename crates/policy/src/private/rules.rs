//! The rule lists of private access, and the first rule of one that a request meets.

use foldhash::HashMap;

use super::asker::Asker;
use super::conditions::{Conditions, Switches};
use super::truth::Truth;
use crate::matching::{Bits, Criterion, RuleRef};
use crate::operand::Operand;
use crate::record::{Record, flag, id, text, whole, words};
use crate::snapshot::Snapshot;
use crate::verdict::{Detail, Draft, Trial, Unknown};
use crate::words::{Assumption, Module};

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub rule: RuleRef,
    pub action: Box<str>,
    pub conditions: Conditions,
    /// The place of the condition by which it is found; see [`Conditions::about_applications`].
    about: Option<usize>,
    pub enabled: bool,
    /// The microtenant that owns it; none is Default.
    pub owner: Option<Box<str>>,
    pub default: bool,
    pub reauth: Option<i64>,
    pub idle: Option<i64>,
    pub connector_groups: Vec<Box<str>>,
    pub server_groups: Vec<Box<str>>,
    pub profile: Option<Box<str>>,
    /// All that it does, as text, to be compared.
    pub whole: String,
}

/// The rules of one type, in the order in which they are tried.
#[derive(Debug, Default)]
pub(super) struct List {
    pub rules: Vec<Rule>,
    /// Rules that are for applications of any kind.
    open: Bits,
    by_application: HashMap<Box<str>, Vec<u32>>,
    by_group: HashMap<Box<str>, Vec<u32>>,
    enabled: Bits,
    /// The rules of each owner; Default's is without a name.
    owned: HashMap<Box<str>, Bits>,
    /// The operands by which rules are found, once more, and of each rule which they are. A trace tells those of every rule;
    /// fetching each from its own rule took ten times as long as all the rest (measured).
    found_by: Vec<Operand>,
    found_by_of: Vec<std::ops::Range<u32>>,
}

/// Types of policy, as rules number them.
pub(super) mod types {
    pub const ACCESS: i64 = 1;
    pub const TIMEOUT: i64 = 2;
    pub const FORWARDING: i64 = 4;
    pub const ISOLATION: i64 = 5;
    pub const INSPECTION: i64 = 6;
    pub const CAPABILITIES: i64 = 7;
    pub const CREDENTIALS: i64 = 8;
    pub const BROWSER_PROTECTION: i64 = 9;
    pub const REDIRECTION: i64 = 10;
    pub const PORTAL: i64 = 11;
}

/// All lists by type.
#[derive(Debug, Default)]
pub(super) struct Lists {
    lists: HashMap<i64, List>,
    none: List,
}

impl Lists {
    pub fn new(snapshot: &Snapshot, switches: &Switches) -> Lists {
        let mut by_type: HashMap<i64, Vec<&Record>> = HashMap::default();
        for record in snapshot.records("zpa.policy_rule") {
            by_type.entry(whole(record, "policyType").unwrap_or(0)).or_default().push(record);
        }
        let list = |mut records: Vec<&Record>| {
            records.sort_by_key(|record| {
                (flag(record, "defaultRule") == Some(true), whole(record, "ruleOrder"))
            });
            List::new(records.into_iter().map(|record| rule(record, switches)).collect())
        };
        let lists = by_type.into_iter().map(|(of, records)| (of, list(records))).collect();
        Lists { lists, none: List::default() }
    }

    /// Every list, by the number of its type.
    pub fn all(&self) -> impl Iterator<Item = &List> {
        let mut types: Vec<&i64> = self.lists.keys().collect();
        types.sort_unstable();
        types.into_iter().map(|of| &self.lists[of])
    }

    pub fn of(&self, of: i64) -> &List {
        self.lists.get(&of).unwrap_or(&self.none)
    }
}

fn rule(record: &Record, switches: &Switches) -> Rule {
    let conditions = Conditions::read(record, switches);
    let some = |member: &str| id(record, member).filter(|id| id != "0").map(Box::<str>::from);
    Rule {
        rule: crate::record::reference(record, "ruleOrder"),
        action: text(record, "action").unwrap_or_default().into(),
        about: conditions.about_applications(),
        conditions,
        enabled: flag(record, "disabled") != Some(true),
        owner: some("microtenantId"),
        default: flag(record, "defaultRule") == Some(true),
        reauth: whole(record, "reauthTimeout"),
        idle: whole(record, "reauthIdleTimeout"),
        connector_groups: words(record, "appConnectorGroups").into_iter().map(Into::into).collect(),
        server_groups: words(record, "appServerGroups").into_iter().map(Into::into).collect(),
        whole: super::what_rules_do::whole(record),
        profile: some("zpnIsolationProfileId").or_else(|| some("zpnInspectionProfileId")),
    }
}

/// Whose rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose<'a> {
    /// Default's alone.
    Default,
    /// A microtenant's alone.
    Own(&'a str),
    /// Default's and a microtenant's: Default's first, or else the other way round.
    Both(&'a str, bool),
}

impl List {
    fn new(rules: Vec<Rule>) -> List {
        let none = || Bits::none(rules.len());
        let mut list = List { open: none(), enabled: none(), ..List::default() };
        for (rule, place) in rules.iter().zip(0..) {
            if rule.enabled {
                list.enabled.add(place);
            }
            let owner = rule.owner.clone().unwrap_or_default();
            list.owned.entry(owner).or_insert_with(none).add(place);
            let from = length(&list.found_by);
            match rule.about.map(|place| rule.conditions.conditions[place].operands.as_slice()) {
                None => list.open.add(place),
                Some(operands) => {
                    for operand in operands {
                        let by =
                            if &*operand.of == "APP" { &mut list.by_application } else { &mut list.by_group };
                        by.entry(operand.rhs.clone()).or_default().push(place);
                    }
                    list.found_by.extend_from_slice(operands);
                }
            }
            list.found_by_of.push(from..length(&list.found_by));
        }
        List { rules, ..list }
    }

    /// The first rule that a request meets.
    pub fn first<'p>(
        &'p self,
        module: Module,
        asker: &Asker<'_>,
        asked: &Asking<'_>,
        draft: &mut Draft<'p>,
    ) -> Option<&'p Rule> {
        let owners: &[Option<&str>] = &match asked.whose {
            Whose::Default => [Some(""), None],
            Whose::Own(own) => [Some(own), None],
            Whose::Both(own, true) => [Some(""), Some(own)],
            Whose::Both(own, false) => [Some(own), Some("")],
        };
        owners.iter().flatten().find_map(|owner| self.first_of(module, owner, asker, asked, draft))
    }

    fn first_of<'p>(
        &'p self,
        module: Module,
        owner: &str,
        asker: &Asker<'_>,
        asked: &Asking<'_>,
        draft: &mut Draft<'p>,
    ) -> Option<&'p Rule> {
        let own = self.owned.get(owner)?;
        let mut candidates = self.open.clone();
        let named = asker.segments.iter().filter_map(|id| self.by_application.get(*id));
        let grouped = asker.groups.iter().filter_map(|id| self.by_group.get(*id));
        named.chain(grouped).flatten().for_each(|place| candidates.add(*place));
        candidates.keep(own);
        candidates.keep(&self.enabled);
        let mut missing = None;
        let mut found = None;
        // Which candidates do not hold, and by which condition.
        let mut failing: Vec<(u32, Option<usize>)> = Vec::new();
        for place in candidates.places() {
            let rule = &self.rules[place as usize];
            let (truth, failed) = rule.conditions.hold(asker, asked.switches, asked.skipped_holds);
            if truth == Truth::Holds {
                found = Some(place);
                break;
            }
            if truth == Truth::Unknown && missing.is_none() {
                missing = Some(rule);
            }
            let fails_posture = |number: usize| {
                rule.conditions.conditions[number].operands.iter().any(|operand| &*operand.of == "POSTURE")
            };
            if asker.reports_no_posture() && failed.is_some_and(fails_posture) {
                draft.assume(Assumption::PostureFails);
            }
            if draft.trace.is_some() {
                failing.push((place, failed));
            }
        }
        if let Some(trace) = &mut draft.trace {
            self.tell(module, own, &candidates, &failing, found, trace);
        }
        if let Some(rule) = missing {
            draft.unknown.push(Unknown {
                module,
                rule: Some(&rule.rule),
                criteria: vec![Criterion::Condition],
            });
        }
        found.map(|place| &self.rules[place as usize])
    }

    /// Tells of every rule that was tried: of those that are for other applications nothing needed a look.
    fn tell<'p>(
        &'p self,
        module: Module,
        own: &Bits,
        candidates: &Bits,
        failing: &[(u32, Option<usize>)],
        found: Option<u32>,
        trace: &mut Vec<Trial<'p>>,
    ) {
        let last = found.unwrap_or(u32::MAX);
        trace.reserve(self.rules.len().min(found.map_or(usize::MAX, |place| place as usize + 1)));
        let mut failing = failing.iter();
        for place in own.places().take_while(|place| *place <= last) {
            let rule = &self.rules[place as usize];
            let (failed, detail) = if found == Some(place) {
                (None, None)
            } else if candidates.has(place) {
                let number = failing.next().and_then(|(_, number)| *number);
                let condition = number.and_then(|number| rule.conditions.conditions.get(number));
                (Some(Criterion::Condition), condition.map(|condition| &*condition.operands))
            } else if self.enabled.has(place) {
                let of = &self.found_by_of[place as usize];
                (Some(Criterion::Condition), Some(&self.found_by[of.start as usize..of.end as usize]))
            } else {
                (Some(Criterion::State), None)
            };
            trace.push(Trial { module, rule: &rule.rule, failed, detail: detail.map(Detail) });
        }
    }
}

/// How many operands there are.
fn length(operands: &[Operand]) -> u32 {
    u32::try_from(operands.len()).expect("a tenant's rules have fewer than 2^32 operands")
}

/// How a list is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub whose: Whose<'a>,
    pub switches: &'a Switches,
    pub skipped_holds: bool,
}
