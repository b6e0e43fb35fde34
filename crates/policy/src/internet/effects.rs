//! What rules of each family do.

use crate::record::{Record, flag, id, on, text, whole, words};

/// Of a firewall rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It passes.
    Allow,
    /// It is dropped.
    Drop,
    /// It is reset.
    Reset,
    /// It is answered as unreachable.
    Unreachable,
    /// The rules on network applications are asked further.
    ByApplication,
    /// Signatures are not looked for.
    Bypass,
}

impl Flow {
    pub(super) fn read(record: &Record) -> Flow {
        match text(record, "action").unwrap_or_default() {
            "BLOCK_DROP" | "BLOCK" => Flow::Drop,
            "BLOCK_RESET" => Flow::Reset,
            "BLOCK_ICMP" => Flow::Unreachable,
            "EVAL_NWAPP" => Flow::ByApplication,
            "BYPASS_IPS" => Flow::Bypass,
            _ => Flow::Allow,
        }
    }
}

/// Of a DNS rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolving {
    /// It is answered.
    Allow,
    /// It is dropped.
    Block,
    /// It is refused with a code.
    Refuse,
    /// Other resolvers are asked.
    AskOthers,
    /// Another address is answered.
    AnswerOther,
    /// An address that stands for a private application is answered.
    AnswerPrivate,
}

impl Resolving {
    pub(super) fn read(record: &Record) -> Resolving {
        match text(record, "action").unwrap_or_default() {
            "BLOCK" => Resolving::Block,
            "BLOCK_WITH_RESPONSE" => Resolving::Refuse,
            "REDIR_RES" => Resolving::AnswerOther,
            "REDIR_ZPA" => Resolving::AnswerPrivate,
            action if action.starts_with("REDIR_REQ") => Resolving::AskOthers,
            _ => Resolving::Allow,
        }
    }
}

/// Of an inspection rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspection {
    /// What it does.
    pub kind: Inspecting,
    /// The oldest TLS that servers may speak, as 10 to 13.
    pub oldest_tls: u8,
    /// Servers with a certificate that nobody trusts are refused.
    pub refuses_untrusted: bool,
    /// It is for a list of the vendor's that the tenant may have evaluated all the same.
    pub vendor_list: bool,
}

/// What an inspection rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inspecting {
    /// The connection is opened.
    Open,
    /// It is not, and what is known of it is held against the other policies.
    Pass,
    /// It is not, and no policy sees it.
    Exempt,
    /// It is refused.
    Refuse,
}

impl Inspection {
    pub(super) fn read(record: &Record) -> Inspection {
        let action = record.get("action").and_then(serde_json::Value::as_object).cloned().unwrap_or_default();
        let part =
            |name: &str| action.get(name).and_then(serde_json::Value::as_object).cloned().unwrap_or_default();
        let (kind, terms) = match text(&action, "type").unwrap_or_default() {
            "DECRYPT" => (Inspecting::Open, part("decryptSubActions")),
            "BLOCK" => (Inspecting::Refuse, Record::new()),
            _ => {
                let terms = part("doNotDecryptSubActions");
                let exempt = on(&terms, "bypassOtherPolicies");
                (if exempt { Inspecting::Exempt } else { Inspecting::Pass }, terms)
            }
        };
        let oldest = text(&terms, "minServerTLSVersion").or_else(|| text(&terms, "minTLSVersion"));
        let listed = words(record, "urlCategories");
        Inspection {
            kind,
            oldest_tls: oldest
                .and_then(|word| word.rsplit('_').next()?.parse::<u8>().ok())
                .map_or(10, |minor| 10 + minor),
            refuses_untrusted: text(&terms, "serverCertificates") == Some("BLOCK"),
            vendor_list: listed.iter().any(|category| category == "GLOBAL_INT_GBL_SSL_BYPASS"),
        }
    }
}

/// Of a rule on URLs, files or applications: what people may do, and within which allowance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treatment {
    /// What it does.
    pub kind: Treating,
    /// Minutes a day.
    pub minutes: Option<i64>,
    /// Kilobytes a day.
    pub kilobytes: Option<i64>,
    /// Who may override a block: nobody, anybody, or these users and groups.
    pub may_override: Option<(Vec<String>, Vec<String>)>,
    /// Whether it is for some methods alone.
    pub by_method: bool,
    /// What may be done in applications, one word each, as `BLOCK_WEBMAIL_SEND`.
    pub actions: Vec<Box<str>>,
    /// What it allows is held against URL filtering as well.
    pub cascades: bool,
    /// It is the vendor's.
    pub predefined: bool,
}

/// What such a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treating {
    /// It passes.
    Allow,
    /// It is refused.
    Block,
    /// A warning comes first.
    Caution,
    /// It is carried out elsewhere.
    Isolate,
}

impl Treating {
    pub(super) fn named(word: &str) -> Treating {
        match word {
            "BLOCK" | "DENY" => Treating::Block,
            "CAUTION" | "CONFIRM" => Treating::Caution,
            "ISOLATE" => Treating::Isolate,
            _ => Treating::Allow,
        }
    }
}

impl Treatment {
    /// All of it that counts for traffic, as text, to be compared: people that may override as sets.
    pub(super) fn whole(&self) -> String {
        let set = |words: &[String]| {
            let mut words = words.to_vec();
            words.sort_unstable();
            words.dedup();
            words
        };
        let over = self.may_override.as_ref().map(|(users, groups)| (set(users), set(groups)));
        // Of what may be done the first word that fits counts, so that their order does.
        let Treatment { kind, minutes, kilobytes, actions, cascades, predefined, .. } = self;
        format!("{kind:?} {minutes:?} {kilobytes:?} {over:?} {actions:?} {cascades} {predefined}")
    }

    pub(super) fn read(record: &Record, member: &str) -> Treatment {
        let some = |member: &str| whole(record, member).filter(|amount| *amount > 0);
        let overriding = || (words(record, "overrideUsers"), words(record, "overrideGroups"));
        Treatment {
            kind: Treating::named(text(record, member).unwrap_or_default()),
            minutes: some("timeQuota"),
            kilobytes: some("sizeQuota"),
            may_override: on(record, "blockOverride").then(overriding),
            by_method: false,
            actions: words(record, "actions").into_iter().map(Into::into).collect(),
            cascades: on(record, "cascadingEnabled"),
            predefined: on(record, "predefined"),
        }
    }
}

/// Of a sandbox rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandboxing {
    /// What is found to be bad is blocked.
    pub blocks: bool,
    /// Bad is what scores as much.
    pub threshold: i64,
    /// What a file may be found to be; anything where it says none.
    pub findings: Vec<Box<str>>,
    /// What becomes of a file that nobody has seen, where the rule says.
    pub first_time: Option<FirstTime>,
}

/// What becomes of an unknown file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstTime {
    /// It passes and is run.
    Scan,
    /// It is held.
    Quarantine,
    /// It passes.
    NoScan,
    /// It is opened elsewhere meanwhile.
    Isolate,
}

impl Sandboxing {
    /// All of it, as text, to be compared.
    pub(super) fn whole(&self) -> String {
        let mut findings: Vec<&str> = self.findings.iter().map(AsRef::as_ref).collect();
        findings.sort_unstable();
        findings.dedup();
        format!("{} {} {findings:?} {:?}", self.blocks, self.threshold, self.first_time)
    }

    pub(super) fn read(record: &Record) -> Sandboxing {
        let first_time = match text(record, "firstTimeOperation").unwrap_or("ALLOW_SCAN") {
            "QUARANTINE" => FirstTime::Quarantine,
            "ALLOW_NOSCAN" => FirstTime::NoScan,
            "QUARANTINE_ISOLATE" => FirstTime::Isolate,
            _ => FirstTime::Scan,
        };
        Sandboxing {
            blocks: text(record, "baRuleAction") != Some("ALLOW"),
            threshold: whole(record, "byThreatScore").unwrap_or(0),
            findings: words(record, "baPolicyCategories").into_iter().map(Into::into).collect(),
            first_time: flag(record, "firstTimeEnable").unwrap_or(false).then_some(first_time),
        }
    }
}

/// Of a DLP rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prevention {
    /// What it does.
    pub kind: Treating,
    /// The rule that it refines.
    pub parent: Option<Box<str>>,
    /// Downloads are looked at too.
    pub downloads: bool,
    /// Requests by GET are looked at too.
    pub gets: bool,
}

impl Prevention {
    pub(super) fn read(record: &Record) -> Prevention {
        Prevention {
            kind: Treating::named(text(record, "action").unwrap_or_default()),
            parent: id(record, "parentRule").filter(|id| id != "0" && id != "-1").map(Into::into),
            downloads: on(record, "dlpDownloadScanEnabled"),
            gets: on(record, "inspectHttpGetEnabled"),
        }
    }
}
