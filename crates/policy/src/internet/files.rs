//! What is carried: malware, types of files, data that must not leave, and the sandbox.

use super::effects::{FirstTime, Prevention, Treating};
use super::facts::Asked;
use super::web::{Passing, Target};
use super::{Internet, reasons};
use crate::asking::{first, next};
use crate::matching::{Rule, RuleList};
use crate::question::{Direction, Question};
use crate::verdict::{Decision, Draft};
use crate::words::{Action, Assumption, Module, Outcome};

/// Types of files by the ends of their names.
const ENDINGS: &[(&str, &str)] = &[
    ("pdf", "PDF_DOCUMENT"),
    ("zip", "ZIP"),
    ("rar", "RAR"),
    ("7z", "P7Z"),
    ("gz", "GZIP"),
    ("tar", "TAR"),
    ("exe", "WINDOWS_EXECUTABLES"),
    ("msi", "WINDOWS_EXECUTABLES"),
    ("dll", "WINDOWS_LIBRARY"),
    ("doc", "MS_WORD"),
    ("docx", "MS_WORD"),
    ("xls", "MS_EXCEL"),
    ("xlsx", "MS_EXCEL"),
    ("ppt", "MS_POWERPOINT"),
    ("pptx", "MS_POWERPOINT"),
    ("csv", "CSV"),
    ("js", "JAVASCRIPT"),
    ("jar", "JAVA_APPLET"),
    ("apk", "APK"),
    ("dmg", "DMG"),
    ("iso", "ISO"),
];

impl Internet {
    /// Holds what is carried against its policies.
    pub(super) fn content<'p>(
        &'p self,
        asked: &mut Asked<'_>,
        target: &Target<'_>,
        method: &str,
        excepted: bool,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Option<Decision<'p>> {
        let question = asked.question;
        if question.malware.is_none() {
            draft.assume(Assumption::ContentClean);
        }
        let sends = matches!(method, "POST" | "PUT" | "PATCH");
        let direction =
            question.direction.unwrap_or(if sends { Direction::Upload } else { Direction::Download });
        let by_name = ending(&target.target);
        let file = question.file_type.is_some() || by_name.is_some() || question.file_size_kb.is_some();
        if by_name.is_some() && question.file_type.is_none() {
            draft.assume(Assumption::FileTypeByName);
        }
        self.file(&mut asked.facts, question, by_name, direction);
        if direction == Direction::Download {
            let known = file && question.threat_score.is_some() && !excepted;
            let sandboxed = if known { self.sandbox(asked, draft, passing) } else { None };
            return sandboxed
                .or_else(|| self.malware(question, excepted, draft))
                .or_else(|| if file { self.file_types(asked, direction, draft, passing) } else { None })
                .or_else(|| self.prevention(asked, method, direction, draft, passing))
                .or_else(|| {
                    if file && !known && !excepted { self.sandbox(asked, draft, passing) } else { None }
                });
        }
        self.malware(question, excepted, draft)
            .or_else(|| if file { self.file_types(asked, direction, draft, passing) } else { None })
            .or_else(|| self.prevention(asked, method, direction, draft, passing))
    }

    fn malware<'p>(
        &self,
        question: &Question,
        excepted: bool,
        draft: &mut Draft<'p>,
    ) -> Option<Decision<'p>> {
        if question.malware != Some(true) {
            return None;
        }
        if excepted {
            draft.noted(Module::Malware, Outcome::Skipped, "security passes the site over");
            return None;
        }
        draft.step(Module::Malware, Outcome::Decided);
        Some(Decision::blocked(Module::Malware, None, reasons::MALWARE))
    }

    fn file_types<'p>(
        &'p self,
        asked: &Asked<'_>,
        direction: Direction,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Option<Decision<'p>> {
        let module = Module::FileType;
        let Some((_, rule)) = first(draft, module, &self.rules.files, &asked.facts) else {
            if !self.rules.files.rules().is_empty() {
                draft.step(module, Outcome::NoMatch);
            }
            return None;
        };
        let reference = Some(&rule.rule);
        match rule.effect.kind {
            Treating::Block | Treating::Isolate => {
                draft.by(module, Outcome::Decided, reference, None);
                Some(Decision::blocked(module, reference, reasons::FILE_TYPE))
            }
            Treating::Caution => {
                draft.by(module, Outcome::Passed, reference, Some("a warning comes first"));
                let reason = Some(match direction {
                    Direction::Upload => reasons::FILE_UP_CAUTION,
                    Direction::Download => reasons::FILE_DOWN_CAUTION,
                });
                passing.cautioned =
                    Some(Decision { action: Action::Caution, module, rule: reference, reason });
                None
            }
            Treating::Allow => {
                draft.by(module, Outcome::Passed, reference, None);
                passing.carried =
                    Some(Decision { action: Action::Allow, module, rule: reference, reason: None });
                None
            }
        }
    }

    /// Data that must not leave. The first rule that matches counts; or, where the tenant has all of them asked, the
    /// strictest, the order deciding among equals (documented).
    fn prevention<'p>(
        &'p self,
        asked: &mut Asked<'_>,
        method: &str,
        direction: Direction,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Option<Decision<'p>> {
        let module = Module::Dlp;
        let rules = &self.rules.dlp;
        let concerned = |rule: &Rule<Prevention>| match direction {
            Direction::Upload => method != "GET" || rule.effect.gets,
            Direction::Download => rule.effect.downloads || (method == "GET" && rule.effect.gets),
        };
        if !rules.rules().iter().any(|rule| rule.enabled && concerned(rule)) {
            return None;
        }
        self.engines(&mut asked.facts, asked.question);
        let mut best: Option<&'p Rule<Prevention>> = None;
        let mut from = 0;
        while let Some((place, rule)) = next(draft, module, rules, &asked.facts, from) {
            from = place + 1;
            if concerned(rule) {
                let rule = self.refined(rule, asked, draft);
                if best.is_none_or(|best| strictness(rule.effect.kind) > strictness(best.effect.kind)) {
                    best = Some(rule);
                }
                if !self.settings.all_dlp_rules {
                    break;
                }
            }
            if from as usize >= rules.rules().len() {
                break;
            }
        }
        let Some(rule) = best else {
            draft.step(module, Outcome::NoMatch);
            return None;
        };
        let reference = Some(&rule.rule);
        let (action, reason) = match rule.effect.kind {
            Treating::Block => (Action::Block, Some(reasons::DLP)),
            Treating::Isolate => (Action::Isolate, None),
            Treating::Caution => {
                draft.by(module, Outcome::Passed, reference, Some("a confirmation comes first"));
                passing.cautioned =
                    Some(Decision { action: Action::Caution, module, rule: reference, reason: None });
                return None;
            }
            Treating::Allow => {
                draft.by(module, Outcome::Passed, reference, Some("noted"));
                passing.carried =
                    Some(Decision { action: Action::Allow, module, rule: reference, reason: None });
                return None;
            }
        };
        draft.by(module, Outcome::Decided, reference, None);
        Some(Decision { action, module, rule: reference, reason })
    }

    /// The first of the rules that refine one and match; else the rule itself.
    fn refined<'p>(
        &'p self,
        rule: &'p Rule<Prevention>,
        asked: &Asked<'_>,
        draft: &mut Draft<'p>,
    ) -> &'p Rule<Prevention> {
        let parts: Option<&'p RuleList<Prevention>> =
            self.rules.dlp_parts.iter().find(|(parent, _)| **parent == *rule.rule.id).map(|(_, parts)| parts);
        let part = parts.and_then(|parts| first(draft, Module::Dlp, parts, &asked.facts));
        part.map_or(rule, |(_, part)| part)
    }

    fn sandbox<'p>(
        &'p self,
        asked: &Asked<'_>,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Option<Decision<'p>> {
        let module = Module::Sandbox;
        let Some((_, rule)) = first(draft, module, &self.rules.sandbox, &asked.facts) else {
            if !self.rules.sandbox.rules().is_empty() {
                draft.step(module, Outcome::NoMatch);
            }
            return None;
        };
        let (reference, effect) = (Some(&rule.rule), &rule.effect);
        let decided = |action, reason| Decision { action, module, rule: reference, reason: Some(reason) };
        if let Some(score) = asked.question.threat_score {
            let finding = asked.question.finding.as_deref();
            let meant = finding.is_none_or(|finding| {
                effect.findings.is_empty() || effect.findings.iter().any(|meant| **meant == *finding)
            });
            if effect.blocks && meant && score > 0 && i64::from(score) >= effect.threshold {
                draft.by(module, Outcome::Decided, reference, None);
                return Some(decided(Action::Block, reasons::SANDBOX));
            }
            draft.by(module, Outcome::Passed, reference, Some("below the threshold"));
            return None;
        }
        match effect.first_time {
            Some(FirstTime::Quarantine) => {
                draft.by(module, Outcome::Decided, reference, Some("held until it is known"));
                Some(decided(Action::Quarantine, reasons::QUARANTINED))
            }
            Some(FirstTime::Isolate) => {
                draft.by(module, Outcome::Decided, reference, Some("opened in isolation until it is known"));
                Some(decided(Action::Isolate, reasons::ISOLATE_AND_SCAN))
            }
            Some(FirstTime::NoScan) => {
                draft.by(module, Outcome::Passed, reference, Some("not scanned"));
                passing.carried.get_or_insert(decided(Action::Allow, reasons::NO_SCAN));
                None
            }
            Some(FirstTime::Scan) | None => {
                draft.by(module, Outcome::Passed, reference, Some("scanned meanwhile"));
                None
            }
        }
    }

    /// Bandwidth never decides; which rule would shape the traffic is told.
    pub(super) fn bandwidth<'p>(&'p self, asked: &mut Asked<'_>, host: &str, draft: &mut Draft<'p>) {
        if !asked.place.is_some_and(|place| place.bandwidth) || draft.trace.is_none() {
            return;
        }
        let told = asked.question.applications.as_deref().unwrap_or(&[]);
        let words: Vec<&str> = told.iter().map(|told| self.lookups.application(told)).collect();
        let classes = self.lookups.bandwidth_classes(host, &words);
        asked.facts.set(crate::matching::Criterion::BandwidthClass, classes);
        let found = self.rules.bandwidth.first(&asked.facts);
        if let Some(place) = found.place {
            draft.assume(Assumption::NoContention);
            let rule = Some(&self.rules.bandwidth.at(place).rule);
            draft.by(Module::Bandwidth, Outcome::Noted, rule, Some("only while the link is full"));
        }
    }
}

fn strictness(kind: Treating) -> u8 {
    match kind {
        Treating::Allow => 0,
        Treating::Caution => 1,
        Treating::Isolate => 2,
        Treating::Block => 3,
    }
}

/// The type of file that the end of a path tells.
fn ending(target: &str) -> Option<&'static str> {
    let path = target.split('?').next().unwrap_or_default();
    let (_, end) = path.rsplit('/').next()?.rsplit_once('.')?;
    let end = end.to_ascii_lowercase();
    ENDINGS.iter().find(|(ending, _)| *ending == end).map(|(_, of)| *of)
}
