//! What the service that answered a call knows of it beside what it answers.

use std::sync::Arc;

use zuno_catalogue::OperationNumber;
use zuno_model::{Actor, Entry, Fault, Tenant, Time};

use crate::respond::Response;
use crate::state::faults::Trouble;

/// Why a call was refused.
#[derive(Debug)]
pub enum Why {
    /// As the engine, or whoever stands before it, said.
    Fault(Fault),
    /// In words alone.
    Words(String),
}

/// What is known of a call.
#[derive(Debug, Default)]
pub struct Seen {
    /// Whose cloud it was for.
    pub tenant: Option<Arc<Tenant>>,
    /// The id and the name of who called.
    pub client: Option<(String, String)>,
    /// The operation it was of.
    pub operation: Option<OperationNumber>,
    /// What the tenant's clock read.
    pub now: Option<Time>,
    /// Why it was refused.
    pub why: Option<Why>,
    /// What it did to records, or was to do, as the tenant's log tells it.
    pub entry: Option<Entry>,
    /// What happened to it because somebody wanted that.
    pub injected: Option<Trouble>,
}

impl Seen {
    /// A call for a tenant.
    pub fn of(tenant: &Arc<Tenant>) -> Seen {
        Seen { tenant: Some(Arc::clone(tenant)), ..Seen::default() }
    }

    /// A tenant's call of somebody who is known.
    pub fn of_client(tenant: &Arc<Tenant>, actor: &Actor) -> Seen {
        Seen { client: Some((actor.client_id.clone(), actor.name.clone())), ..Seen::of(tenant) }
    }

    /// That it was refused, for a reason.
    pub fn refused(&mut self, fault: Fault) {
        self.why = Some(Why::Fault(fault));
    }

    /// The same, in words.
    pub fn refused_since(&mut self, words: impl Into<String>) {
        self.why = Some(Why::Words(words.into()));
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
