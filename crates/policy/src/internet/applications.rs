//! Cloud applications: which one a request is for, and what may be done in it.

use std::borrow::Cow;

use super::effects::{Treating, Treatment};
use super::facts::Asked;
use super::web::{Pass, Passing};
use super::{Internet, reasons};
use crate::asking::first;
use crate::matching::{Criterion, Rule};
use crate::question::Question;
use crate::verdict::{Decision, Draft};
use crate::words::{Action, Assumption, Module, Outcome};

/// What a pass has found out.
pub(super) struct Seen<'s> {
    pub applications: Vec<Cow<'s, str>>,
}

/// What application control says.
pub(super) enum Said<'p> {
    /// No rule matches.
    Nothing,
    /// A rule lets it pass, to URL filtering or past it.
    Allowed { cascades: bool },
    /// It ends here.
    Blocked(Decision<'p>),
}

impl Internet {
    /// The applications of a host: those that the question names, else the one that its name suggests.
    pub(super) fn applications<'p: 'a, 'a>(
        &'p self,
        question: &'a Question,
        host: &str,
    ) -> Vec<Cow<'a, str>> {
        match &question.applications {
            Some(words) => words.iter().map(|word| Cow::Borrowed(self.lookups.application(word))).collect(),
            None => self.lookups.application_of(host).map(Cow::Borrowed).into_iter().collect(),
        }
    }

    /// Holds a request against the rules on its applications.
    pub(super) fn application_control<'p>(
        &'p self,
        asked: &Asked<'_>,
        seen: &Seen<'_>,
        pass: Pass,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Said<'p> {
        let module = Module::CloudAppControl;
        if self.rules.applications.is_empty() {
            return Said::Nothing;
        }
        if seen.applications.is_empty() {
            draft.assume(Assumption::ApplicationUnknown);
            return Said::Nothing;
        }
        if asked.question.applications.is_none() {
            draft.assume(Assumption::ApplicationByName);
        }
        let activity = asked.question.activity.as_deref().filter(|_| pass == Pass::Whole);
        let of_type = |of: &str| seen.applications.iter().any(|word| self.lookups.type_of(word) == Some(of));
        let typeless = seen.applications.iter().any(|word| self.lookups.type_of(word).is_none());
        let mut said = Said::Nothing;
        for (of, list) in &self.rules.applications {
            // Rules are asked by the type that the application is of (seen); where that is not known, by who names it.
            if !(of_type(of) || typeless && list.rules().iter().any(|rule| names(rule, asked))) {
                continue;
            }
            let Some((_, rule)) = first(draft, module, list, &asked.facts) else { continue };
            let reference = Some(&rule.rule);
            let kind = doing(&rule.effect, activity);
            let over = self.used_up(&rule.effect, asked.question, draft).filter(|_| kind == Treating::Allow);
            if kind == Treating::Block || over.is_some() {
                draft.by(module, Outcome::Decided, reference, None);
                let reason = over.unwrap_or_else(|| reasons::application(of, activity));
                return Said::Blocked(Decision::blocked(module, reference, reason));
            }
            if kind == Treating::Isolate && pass == Pass::Whole {
                draft.by(module, Outcome::Decided, reference, Some("isolated"));
                let decision = Decision { action: Action::Isolate, module, rule: reference, reason: None };
                return Said::Blocked(decision);
            }
            draft.by(module, Outcome::Passed, reference, None);
            let cautions = kind == Treating::Caution;
            let decision = Decision {
                action: if cautions { Action::Caution } else { Action::Allow },
                module,
                rule: reference,
                reason: cautions.then(|| reasons::application_caution(of)),
            };
            if cautions {
                passing.cautioned = Some(decision);
            } else {
                passing.allowed = Some(decision);
            }
            // The vendor's own rules never cascade (documented).
            let cascades = (self.settings.cascade || rule.effect.cascades) && !rule.effect.predefined;
            said = Said::Allowed { cascades };
        }
        if matches!(said, Said::Nothing) {
            draft.step(module, Outcome::NoMatch);
        }
        said
    }
}

/// Whether a rule names an application of the request.
fn names(rule: &Rule<Treatment>, asked: &Asked<'_>) -> bool {
    let known = asked.facts.of(Criterion::Application).atoms;
    let mut clauses = rule.clauses.iter().filter(|clause| clause.criterion == Criterion::Application);
    clauses.any(|clause| clause.atoms.iter().any(|atom| known.contains(atom)))
}

/// Endings of the words that mean an application's use as such.
const USE: [&str; 5] = ["_USE", "_APPS", "_VIEW", "_VIEW_LISTEN", "_LISTEN"];

/// What a rule does about an activity; without one, about using the application as such. Whoever may not use it may do
/// nothing in it.
fn doing(effect: &Treatment, activity: Option<&str>) -> Treating {
    let kind = |word: &str| Treating::named(word.split('_').next().unwrap_or_default());
    let of_use = effect.actions.iter().filter(|word| USE.iter().any(|end| word.ends_with(end)));
    let used = of_use.map(|word| kind(word)).find(|kind| *kind != Treating::Allow);
    if let (Some(activity), None) = (activity, used) {
        let ending = format!("_{}", activity.to_ascii_uppercase());
        let named = effect.actions.iter().find(|word| word.ends_with(&ending));
        return named.map_or(Treating::Allow, |word| kind(word));
    }
    match used {
        Some(kind) => kind,
        None if effect.actions.is_empty() => effect.kind,
        None => Treating::Allow,
    }
}
