//! What the service that answered a call knows of it beside what it answers.

use std::sync::Arc;

use zuno_catalogue::OperationNumber;
use zuno_model::{Actor, Entry, Fault, Link, Tenant, Time};

use crate::respond::Response;
use crate::state::faults::Trouble;

/// How long the words are that say why, and the name of a member, in bytes: both may be of the caller's making.
const LONGEST: usize = 2 * 1024;

/// How many records are named that stand in the way.
const MOST: usize = 20;

/// Why a call was refused, as the engine, or whoever stands before it, said.
#[derive(Debug)]
pub struct Why {
    /// In words.
    pub words: String,
    /// The kind of what it is about.
    pub kind: Option<String>,
    /// The member that it is about.
    pub member: Option<String>,
    /// Who stands in the way.
    pub by: Vec<Link>,
    /// What it is about is not there.
    pub not_found: bool,
}

impl Why {
    fn of(fault: Fault) -> Why {
        let words = cut(&fault.to_string(), LONGEST);
        let not_found = matches!(fault, Fault::NotFound { .. });
        let (kind, member, by) = match fault {
            Fault::Invalid { kind, field, .. } | Fault::Duplicate { kind, field, .. } => {
                (Some(kind), Some(cut(&field, LONGEST)), Vec::new())
            }
            Fault::InUse { kind, mut by, .. } => {
                by.truncate(MOST);
                (Some(kind), None, by)
            }
            Fault::NotFound { kind, .. }
            | Fault::Predefined { kind, .. }
            | Fault::Misplaced { kind, .. }
            | Fault::Quota { kind, .. }
            | Fault::Stale { kind, .. } => (Some(kind), None, Vec::new()),
            Fault::Unreadable(_)
            | Fault::Refused { .. }
            | Fault::Locked { .. }
            | Fault::Unavailable { .. }
            | Fault::ReadOnly
            | Fault::NotSubscribed { .. }
            | Fault::Forbidden(_)
            | Fault::NotBuilt(_)
            | Fault::Broken(_) => (None, None, Vec::new()),
        };
        Why { words, kind: kind.map(|kind| kind.0), member, by, not_found }
    }

    /// About how many bytes of memory it takes.
    pub fn weight(&self) -> usize {
        let by = |link: &Link| size_of::<Link>() + link.kind.0.len() + link.id.0.len() + link.name.len();
        self.words.len() + self.member.as_ref().map_or(0, String::len) + self.by.iter().map(by).sum::<usize>()
    }
}

/// The beginning of a text, no longer than so many bytes.
pub fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    match text.char_indices().find(|(start, letter)| start + letter.len_utf8() > most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Who called.
#[derive(Debug)]
pub enum Client {
    /// The holder of a token or a session.
    Actor(Arc<Actor>),
    /// Who signs in.
    Named {
        /// The API client's id.
        id: String,
        /// Its name.
        name: String,
    },
}

impl Client {
    /// The id.
    pub fn id(&self) -> &str {
        match self {
            Client::Actor(actor) => &actor.client_id,
            Client::Named { id, .. } => id,
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Client::Actor(actor) => &actor.name,
            Client::Named { name, .. } => name,
        }
    }
}

/// What is known of a call. Each call has one, so that what few have is kept elsewhere.
#[derive(Debug, Default)]
pub struct Seen {
    /// Whose cloud it was for.
    pub tenant: Option<Arc<Tenant>>,
    /// Who called.
    pub client: Option<Client>,
    /// The operation it was of.
    pub operation: Option<OperationNumber>,
    /// What the tenant's clock read.
    pub now: Option<Time>,
    /// Why it was refused.
    pub why: Option<Box<Why>>,
    /// What it did to records, or was to do, as the tenant's log tells it.
    pub entry: Option<Box<Entry>>,
    /// What happened to it because somebody wanted that.
    pub injected: Option<Box<Trouble>>,
    /// The real cloud was asked.
    pub carried: bool,
}

impl Seen {
    /// A call for a tenant.
    pub fn of(tenant: &Arc<Tenant>) -> Seen {
        Seen { tenant: Some(Arc::clone(tenant)), ..Seen::default() }
    }

    /// A tenant's call of somebody who is known.
    pub fn of_client(tenant: &Arc<Tenant>, actor: &Arc<Actor>) -> Seen {
        Seen { client: Some(Client::Actor(Arc::clone(actor))), ..Seen::of(tenant) }
    }

    /// That it was refused, for a reason.
    pub fn refused(&mut self, fault: Fault) {
        self.why = Some(Box::new(Why::of(fault)));
    }

    /// The same, in words.
    pub fn refused_since(&mut self, words: &str) {
        let words = cut(words, LONGEST);
        self.why = Some(Box::new(Why { words, kind: None, member: None, by: Vec::new(), not_found: false }));
    }

    /// Lets a response carry it to where the journal is written.
    pub fn go_with(self, response: &mut Response) {
        response.extensions_mut().insert(Arc::new(self));
    }

    /// What a response carries.
    pub fn with(response: &Response) -> Arc<Seen> {
        response.extensions().get::<Arc<Seen>>().cloned().unwrap_or_default()
    }
}
