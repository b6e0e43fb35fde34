//! Web traffic: one pass by the name alone where it is encrypted, inspection, and the pass over each request.

use super::effects::Inspecting;
use super::facts::{Asked, Flow};
use super::ports::Transport;
use super::{Internet, reasons};
use crate::asking::first;
use crate::hosts::{host_and_port, scheme_of, short};
use crate::matching::{Criterion, Of};
use crate::question::{Question, Unclear, Via};
use crate::verdict::{Decision, Draft, Verdict};
use crate::words::{Action, Assumption, Module, Outcome, Product};

/// What a URL says.
pub(crate) struct Target<'q> {
    pub scheme: Scheme,
    pub host: String,
    pub port: u16,
    /// Path and query, with a slash before it.
    pub target: String,
    /// As it was written.
    pub text: &'q str,
}

/// How it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
    WebSocket,
    SecureWebSocket,
    Ftp,
}

/// What of a request is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// The host, as the browser names it to the proxy.
    Connect,
    /// The host, as the connection's greeting names it.
    Name,
    /// Everything.
    Whole,
}

/// What has let a request pass so far.
#[derive(Debug, Default)]
pub(super) struct Passing<'p> {
    /// The rule on sites or applications.
    pub allowed: Option<Decision<'p>>,
    /// A rule on what is carried.
    pub carried: Option<Decision<'p>>,
    /// A rule that warns first.
    pub cautioned: Option<Decision<'p>>,
}

impl<'p> Passing<'p> {
    fn decision(self) -> Decision<'p> {
        let nobody =
            Decision { action: Action::Allow, module: Module::UrlFiltering, rule: None, reason: None };
        self.cautioned.or(self.allowed).or(self.carried).unwrap_or(nobody)
    }
}

impl<'q> Target<'q> {
    /// Reads a URL; without a scheme it is `https`.
    pub fn read(text: &'q str) -> Result<Target<'q>, Unclear> {
        let unreadable = |wanted| Unclear::Unreadable { member: "url", value: text.to_owned(), wanted };
        let (scheme, rest) = scheme_of(text.trim()).unwrap_or(("https", text.trim()));
        let (scheme, port) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (Scheme::Http, 80),
            "https" => (Scheme::Https, 443),
            "ws" => (Scheme::WebSocket, 80),
            "wss" => (Scheme::SecureWebSocket, 443),
            "ftp" => (Scheme::Ftp, 21),
            _ => return Err(unreadable("a URL of http, https, ws, wss or ftp")),
        };
        let (authority, target) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, written) = host_and_port(short("url", authority)?);
        let host = host.trim_matches('.').to_ascii_lowercase();
        if host.is_empty() {
            return Err(unreadable("a URL with a host"));
        }
        let target = target.split('#').next().unwrap_or_default();
        let slash = if target.starts_with('/') { "" } else { "/" };
        Ok(Target { scheme, host, port: written.unwrap_or(port), target: format!("{slash}{target}"), text })
    }

    fn is_encrypted(&self) -> bool {
        matches!(self.scheme, Scheme::Https | Scheme::SecureWebSocket)
    }
}

impl Internet {
    /// Answers about a web request.
    pub(super) fn about_web<'p>(
        &'p self,
        question: &Question,
        url: &str,
        mut draft: Draft<'p>,
    ) -> Result<Verdict<'p>, Unclear> {
        let target = Target::read(url)?;
        let mut asked = self.asked(question, &mut draft)?;
        self.place(&asked, &mut draft);
        if asked.via == Via::Pac {
            draft.assume(Assumption::PacNotRun);
        }
        let mut passing = Passing::default();
        let blocked = self.web_firewall(&mut asked, &target, &mut draft);
        let blocked = blocked.or_else(|| match target.is_encrypted() {
            true => self.encrypted(&mut asked, &target, &mut draft, &mut passing),
            false => self.request(&mut asked, &target, Pass::Whole, &mut draft, &mut passing),
        });
        let blocked = blocked.or_else(|| self.forward(&asked, &mut draft));
        Ok(draft.end(Product::InternetAccess, blocked.unwrap_or_else(|| passing.decision())))
    }

    /// The firewall sees web traffic too: at a location that names the proxy, the tunnel to it; on the road both that and
    /// what is inside (documented).
    fn web_firewall<'p>(
        &'p self,
        asked: &mut Asked<'_>,
        target: &Target<'_>,
        draft: &mut Draft<'p>,
    ) -> Option<Decision<'p>> {
        let told = |decision: Decision<'p>| match decision.module {
            Module::Firewall => Decision { reason: Some(reasons::FIREWALL_ON_WEB), ..decision },
            _ => decision,
        };
        let outer = matches!(asked.via, Via::Explicit | Via::Pac);
        if outer && self.has_firewall(asked) {
            self.proxy_flow(asked);
            if let Some(decision) = self.firewall(asked, Transport::Tcp, draft) {
                return Some(told(decision));
            }
        }
        // Without rules that ask where traffic goes, nobody needs to know.
        if !self.has_firewall(asked) && self.rules.forwarding.rules().is_empty() {
            draft.noted(Module::Firewall, Outcome::Skipped, "the firewall is off here");
            return None;
        }
        let literal = target.host.parse().ok();
        let flow = Flow {
            name: literal.is_none().then_some(target.host.as_str()),
            address: literal.or(asked.question.destination_ip),
            port: Some(target.port),
            transport: Transport::Tcp,
            categories: &self.address_categories(&target.host),
        };
        self.flow(asked, &flow);
        if outer && asked.place.is_some() {
            return None;
        }
        self.firewall(asked, Transport::Tcp, draft).map(told)
    }

    /// Encrypted traffic. Which rule on inspection holds is found out first, since an exemption spares every policy.
    fn encrypted<'p: 'a, 'a>(
        &'p self,
        asked: &mut Asked<'a>,
        target: &Target<'_>,
        draft: &mut Draft<'p>,
        passing: &mut Passing<'p>,
    ) -> Option<Decision<'p>> {
        let rule = self.inspection(asked, target, draft);
        let effect = rule.map(|rule| rule.effect);
        let kind = effect.map_or(Inspecting::Pass, |effect| effect.kind);
        let reference = rule.map(|rule| &rule.rule);
        let module = Module::SslInspection;
        let kind = match effect {
            Some(effect) if effect.vendor_list && self.settings.policy_on_vendor_exemptions => match kind {
                Inspecting::Exempt => Inspecting::Pass,
                kind => kind,
            },
            _ => kind,
        };
        if kind == Inspecting::Exempt {
            draft.by(module, Outcome::Passed, reference, Some("not opened, and no policy sees it"));
            passing.allowed = Some(Decision { action: Action::Allow, module, rule: reference, reason: None });
            return None;
        }
        let unseen = asked.place.is_some_and(|place| place.sign_in)
            && !asked.known_user
            && !self.settings.policy_for_unauthenticated;
        if unseen {
            draft.noted(Module::UrlFiltering, Outcome::Skipped, "nobody has signed in yet");
        } else {
            let passes: &[Pass] = match asked.via {
                Via::Explicit | Via::Pac => &[Pass::Connect, Pass::Name],
                _ => &[Pass::Name],
            };
            for pass in passes {
                let blocked = self.request(asked, target, *pass, draft, passing);
                if blocked.is_some() {
                    return blocked;
                }
            }
        }
        let refused =
            |reason| Decision { action: Action::Block, module, rule: reference, reason: Some(reason) };
        if kind == Inspecting::Refuse {
            draft.by(module, Outcome::Decided, reference, Some("refused"));
            return Some(refused(reasons::NO_TLS));
        }
        if let Some(effect) = effect {
            let spoken = asked.question.server_tls.as_deref().map(tls);
            if spoken.is_some_and(|spoken| spoken < effect.oldest_tls) {
                draft.by(module, Outcome::Decided, reference, Some("the server speaks an old TLS"));
                return Some(refused(reasons::OLD_TLS));
            }
            if effect.refuses_untrusted && asked.question.trusted_certificate == Some(false) {
                draft.by(module, Outcome::Decided, reference, Some("the certificate is not trusted"));
                return Some(refused(reasons::BAD_CERTIFICATE));
            }
            let asks_certificate = effect.refuses_untrusted && asked.question.trusted_certificate.is_none();
            if asks_certificate || (effect.oldest_tls > 10 && spoken.is_none()) {
                draft.assume(Assumption::ServerTlsFine);
            }
        }
        match kind {
            Inspecting::Open => {
                draft.by(module, Outcome::Passed, reference, Some("opened"));
                self.request(asked, target, Pass::Whole, draft, passing)
            }
            _ => {
                draft.by(module, Outcome::Passed, reference, Some("not opened"));
                None
            }
        }
    }

    fn inspection<'p>(
        &'p self,
        asked: &mut Asked<'_>,
        target: &Target<'_>,
        draft: &mut Draft<'p>,
    ) -> Option<&'p crate::matching::Rule<super::Inspection>> {
        let mut sites = self.categories(asked.question, &target.host, draft);
        let applications = self.applications(asked.question, &target.host);
        sites.extend(applications.iter().filter_map(|word| self.atoms.find(Of::Application, word)));
        // Groups of destinations are not looked at where the name is known (documented).
        let mut facts = asked.facts.clone();
        facts.set(Criterion::Category, sites);
        if asked.via != Via::Explicit {
            facts.set(Criterion::UserAgent, []);
        }
        let found = first(draft, Module::SslInspection, &self.rules.inspection, &facts);
        let vendors = |place: u32| {
            let before = &self.rules.inspection.rules()[..place as usize];
            before.iter().any(|rule| rule.enabled && self.is_for_vendor_list(rule))
        };
        let told = asked.question.vendor_lists.is_some();
        if !told && found.is_none_or(|(place, _)| vendors(place)) {
            draft.assume(Assumption::VendorListsUnknown);
        }
        found.map(|(_, rule)| rule)
    }

    fn is_for_vendor_list<E>(&self, rule: &crate::matching::Rule<E>) -> bool {
        let atoms = rule.clauses.iter().flat_map(|clause| &clause.atoms);
        atoms
            .map(|atom| self.atoms.name(*atom))
            .any(|(of, name)| of == Of::Category && name.starts_with("GLOBAL_INT_"))
    }
}

/// The host of a URL, with its port.
///
/// # Errors
/// It is no URL.
pub(crate) fn host_of(url: &str) -> Result<String, Unclear> {
    let target = Target::read(url)?;
    let brackets = target.host.contains(':');
    Ok(if brackets {
        format!("[{}]:{}", target.host, target.port)
    } else {
        format!("{}:{}", target.host, target.port)
    })
}

/// A version of TLS as 10 to 13.
fn tls(word: &str) -> u8 {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(13)
}
