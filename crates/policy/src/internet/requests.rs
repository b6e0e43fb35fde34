//! A request as the policies on the web see it, in the order in which they look at it.

use super::applications::{Said, Seen};
use super::effects::{Treating, Treatment};
use super::facts::Asked;
use super::web::{Pass, Passing, Scheme, Target};
use super::{Internet, reasons};
use crate::asking::first;
use crate::matching::{Atom, Criterion, Kinds, Of};
use crate::question::Question;
use crate::verdict::{Decision, Draft, Unknown};
use crate::words::{Action, Assumption, Module, Outcome};

impl Internet {
    /// Holds a request against the policies on the web; the decision where one ends it.
    pub(super) fn request<'p: 'a, 'a>(
        &'p self,
        asked: &mut Asked<'a>,
        target: &Target<'_>,
        pass: Pass,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Option<Decision<'p>> {
        let question = asked.question;
        let method = question.method.as_deref().unwrap_or("GET").to_ascii_uppercase();
        let seen = self.seen(asked, target, pass, &method, draft);
        let whole = (pass == Pass::Whole).then_some(target.target.as_str());
        if self.settings.denied.has(&target.host, whole) {
            draft.step(Module::Denylist, Outcome::Decided);
            return Some(Decision::blocked(Module::Denylist, None, reasons::DENIED));
        }
        let excepted = self.settings.excepted.has(&target.host, whole);
        if pass == Pass::Whole && self.fronts(question, target) {
            draft.step(Module::DomainFronting, Outcome::Decided);
            return Some(Decision::blocked(Module::DomainFronting, None, reasons::FRONTING));
        }
        if pass != Pass::Whole
            && !excepted
            && question.threats.as_ref().is_some_and(|threats| !threats.is_empty())
        {
            draft.step(Module::AdvancedThreats, Outcome::Decided);
            let reason = "Reputation block outbound request malicious URL";
            return Some(Decision::blocked(Module::AdvancedThreats, None, reason));
        }
        let skips_urls = match self.application_control(asked, &seen, pass, draft, passing) {
            Said::Blocked(decision) => return Some(decision),
            Said::Nothing => false,
            Said::Allowed { cascades } => !cascades,
        };
        match skips_urls {
            true => draft.noted(Module::UrlFiltering, Outcome::Skipped, "the application's rule allows it"),
            false => {
                let decision = self.url_filtering(asked, pass, &method, draft, passing);
                if decision.is_some() {
                    return decision;
                }
            }
        }
        if target.scheme == Scheme::Ftp && !self.settings.ftp_over_http {
            draft.step(Module::Ftp, Outcome::Decided);
            return Some(Decision::blocked(Module::Ftp, None, reasons::FTP));
        }
        if pass != Pass::Whole {
            return None;
        }
        if excepted {
            draft.noted(Module::SecurityExceptions, Outcome::Noted, "security passes it over");
        }
        let rest = self.threats(asked, excepted, draft);
        rest.or_else(|| self.content(asked, target, &method, excepted, draft, passing))
            .or_else(|| self.content_category(asked, pass, &method, draft, passing))
            .or_else(|| {
                self.bandwidth(asked, &target.host, draft);
                None
            })
    }

    /// Says what of a request rules can see in a pass.
    fn seen<'p: 'a, 'a>(
        &'p self,
        asked: &mut Asked<'a>,
        target: &Target<'_>,
        pass: Pass,
        method: &str,
        draft: &mut Draft<'_>,
    ) -> Seen<'a> {
        let question = asked.question;
        let (protocol, method, site) = match pass {
            Pass::Connect => ("HTTP_PROXY", Some("CONNECT"), target.host.as_str()),
            Pass::Name => ("SSL_RULE", None, target.host.as_str()),
            Pass::Whole => {
                let protocol = match target.scheme {
                    Scheme::Http => "HTTP_RULE",
                    Scheme::Https => "HTTPS_RULE",
                    Scheme::WebSocket => "WEBSOCKET_RULE",
                    Scheme::SecureWebSocket => "WEBSOCKETSSL_RULE",
                    Scheme::Ftp => "FOHTTP_RULE",
                };
                if question.method.is_none() {
                    draft.assume(Assumption::MethodGet);
                }
                (protocol, Some(method), target.text)
            }
        };
        let categories = self.categories(question, site, draft);
        let facts = &mut asked.facts;
        facts.set(Criterion::Protocol, self.atoms.find(Of::Protocol, protocol));
        facts.set(Criterion::Method, method.and_then(|method| self.atoms.find(Of::Method, method)));
        facts.set(Criterion::Category, categories);
        facts.set_as(Criterion::SecondCategory, Criterion::Category);
        if pass == Pass::Name {
            facts.set(Criterion::UserAgent, []);
        } else if let Some(browser) = question.browser.as_deref() {
            facts.set(Criterion::UserAgent, self.atoms.find(Of::UserAgent, &browser.to_uppercase()));
        } else {
            facts.unknown(Criterion::UserAgent, Kinds::ALL);
        }
        let applications = self.applications(question, &target.host);
        let words = applications.iter().filter_map(|word| self.atoms.find(Of::Application, word));
        facts.set(Criterion::Application, words);
        if !applications.is_empty() {
            match question.application_risk {
                Some(index) => {
                    let profiles: Vec<Atom> = self.lookups.profiles(index).collect();
                    if !profiles.is_empty() {
                        draft.assume(Assumption::RiskByIndex);
                    }
                    facts.add(Criterion::Application, profiles);
                }
                None => facts.unknown(Criterion::Application, Kinds::of(&[Of::RiskProfile])),
            }
        }
        Seen { applications }
    }

    /// The categories of a site, each with its family and its number, and the vendor's lists that hold it.
    pub(super) fn categories(&self, question: &Question, site: &str, draft: &mut Draft<'_>) -> Vec<Atom> {
        let mut found = Vec::new();
        let mut names: Vec<serde_json::Value> = Vec::new();
        let doubt = self.sites.look_up(site, &mut |category| {
            found.extend(self.atoms.find(Of::Category, category));
            found.extend(self.numbers.get(category));
            if let Some(family) = self.sites.family(category) {
                found.extend(self.atoms.find(Of::Category, family));
            }
            if draft.trace.is_some() {
                names.push(category.into());
            }
        });
        if draft.trace.is_some() {
            draft.details.insert("categories", names);
        }
        if doubt.equal_entries {
            draft.assume(Assumption::EqualEntries);
        }
        if doubt.five_levels {
            draft.assume(Assumption::FiveLevelsMatch);
        }
        found.extend(
            question.vendor_lists.iter().flatten().filter_map(|list| self.atoms.find(Of::Category, list)),
        );
        found
    }

    fn fronts(&self, question: &Question, target: &Target<'_>) -> bool {
        let other =
            question.host_header.as_deref().is_some_and(|host| !host.eq_ignore_ascii_case(&target.host));
        other && self.settings.blocks_domain_fronting
    }

    fn url_filtering<'p>(
        &'p self,
        asked: &Asked<'_>,
        pass: Pass,
        method: &str,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Option<Decision<'p>> {
        let module = Module::UrlFiltering;
        let Some((_, rule)) = first(draft, module, &self.rules.urls, &asked.facts) else {
            draft.step(module, Outcome::NoMatch);
            return None;
        };
        let reference = Some(&rule.rule);
        let effect = &rule.effect;
        let over = self.used_up(effect, asked.question, draft);
        let note = match pass {
            Pass::Connect => Some("by the host that the proxy is asked for"),
            Pass::Name => Some("by the host's name alone"),
            Pass::Whole => None,
        };
        let isolates = effect.kind == Treating::Isolate && pass == Pass::Whole;
        let kind = match effect.kind {
            Treating::Isolate if pass != Pass::Whole => {
                draft.assume(Assumption::IsolateUndecrypted);
                if self.options.isolate_undecrypted_passes { Treating::Allow } else { Treating::Block }
            }
            kind => kind,
        };
        if kind == Treating::Block && self.overridden(effect, asked.question) {
            draft.by(module, Outcome::Passed, reference, Some("overridden"));
            let reason = Some(reasons::OVERRIDDEN);
            passing.allowed = Some(Decision { action: Action::Allow, module, rule: reference, reason });
            return None;
        }
        if let (Some(reason), Treating::Allow) = (over, kind) {
            draft.by(module, Outcome::Decided, reference, Some("today's allowance is used up"));
            return Some(Decision::blocked(module, reference, reason));
        }
        match kind {
            Treating::Block => {
                draft.by(module, Outcome::Decided, reference, note);
                let reason = if effect.by_method { reasons::METHOD } else { reasons::CATEGORY };
                Some(Decision::blocked(module, reference, reason))
            }
            Treating::Isolate if isolates => {
                draft.by(module, Outcome::Decided, reference, Some("isolated"));
                Some(Decision { action: Action::Isolate, module, rule: reference, reason: None })
            }
            Treating::Caution => {
                draft.by(module, Outcome::Passed, reference, Some("a warning comes first"));
                let reason = Some(if method == "POST" { reasons::METHOD_CAUTION } else { reasons::CAUTION });
                passing.cautioned =
                    Some(Decision { action: Action::Caution, module, rule: reference, reason });
                None
            }
            Treating::Allow | Treating::Isolate => {
                draft.by(module, Outcome::Passed, reference, note);
                passing.allowed =
                    Some(Decision { action: Action::Allow, module, rule: reference, reason: None });
                None
            }
        }
    }

    /// Whether a block was overridden by somebody who may: whoever is named, else anybody.
    fn overridden(&self, effect: &Treatment, question: &Question) -> bool {
        let Some((users, groups)) = &effect.may_override else { return false };
        let anybody = users.is_empty() && groups.is_empty();
        question.overridden == Some(true) && (anybody || self.people.is_among(question, users, groups))
    }

    /// Why an allowance is used up, if it is.
    pub(super) fn used_up(
        &self,
        effect: &Treatment,
        question: &Question,
        draft: &mut Draft<'_>,
    ) -> Option<&'static str> {
        let untold = (effect.minutes.is_some() && question.used_minutes.is_none())
            || (effect.kilobytes.is_some() && question.used_kb.is_none());
        if untold {
            draft.assume(Assumption::QuotaUnused);
        }
        let over =
            |limit: Option<i64>, used: Option<i64>| limit.is_some_and(|limit| used.unwrap_or(0) >= limit);
        match () {
            () if over(effect.minutes, question.used_minutes) => Some(reasons::TIME_QUOTA),
            () if over(effect.kilobytes, question.used_kb) => Some(reasons::VOLUME_QUOTA),
            () => None,
        }
    }

    /// Browsers and countries that are blocked.
    fn threats<'p>(
        &'p self,
        asked: &Asked<'_>,
        excepted: bool,
        draft: &mut Draft<'p>,
    ) -> Option<Decision<'p>> {
        let question = asked.question;
        let version = question.browser_version.as_ref();
        if version.is_some_and(|version| self.settings.blocked_browsers.contains(version)) {
            draft.step(Module::BrowserControl, Outcome::Decided);
            return Some(Decision::blocked(Module::BrowserControl, None, reasons::BROWSER));
        }
        if excepted || self.settings.blocked_countries.is_empty() {
            return None;
        }
        let module = Module::CountryBlock;
        let Some(country) = question.destination_country.as_deref() else {
            let criteria = vec![Criterion::Destination];
            draft.unknown.push(Unknown { module, rule: None, criteria });
            return None;
        };
        let country = super::reading::spelt(Of::DestinationCountry, country);
        if !self.settings.blocked_countries.iter().any(|blocked| blocked == country) {
            return None;
        }
        draft.step(module, Outcome::Decided);
        Some(Decision::blocked(module, None, reasons::COUNTRY))
    }

    /// Once content tells what a page nobody knew is, the rules on URLs are asked again.
    fn content_category<'p>(
        &'p self,
        asked: &mut Asked<'_>,
        pass: Pass,
        method: &str,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Option<Decision<'p>> {
        let category = asked.question.content_category.as_deref()?;
        if !self.settings.content_categories {
            return None;
        }
        let family = self.sites.family(category).and_then(|family| self.atoms.find(Of::Category, family));
        let found = self.atoms.find(Of::Category, category).into_iter().chain(family);
        asked.facts.set(Criterion::Category, found);
        draft.step(Module::ContentCategory, Outcome::Noted);
        self.url_filtering(asked, pass, method, draft, passing)
    }
}
