//! Answers already rendered: the engine is a pure function of the store's state, the clock's reading and the call, so
//! an answer counts for as long as neither the tenant's state nor the second has moved.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use parking_lot::RwLock;
use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Weighter};
use zuno_engine::Call;
use zuno_model::{TenantId, Time};

/// How many bytes of answers are remembered at most.
const LARGEST: u64 = 16 << 20;

/// What is asked, and by whom: some answers speak of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    tenant: TenantId,
    text: String,
}

impl Question {
    /// A call's question under the path that the gateway knows it by, whatever host or spelling led there.
    pub fn new(call: &Call, path: &str, query: &str) -> Question {
        let text = [call.actor.client_id.as_str(), path, query].join("\n");
        Question { tenant: call.tenant.id, text }
    }
}

/// Whose state, and how far it has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    version: u64,
    now: Time,
}

/// An answer with status 200 and a JSON body.
#[derive(Clone, Debug)]
struct Entry {
    moment: Moment,
    body: Bytes,
}

/// Weighs an entry by what it holds in memory.
#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<Question, Entry> for ByBytes {
    fn weight(&self, question: &Question, entry: &Entry) -> u64 {
        (question.text.len() + entry.body.len() + 128) as u64
    }
}

/// The answers, and a counter for each tenant that moves with its every write.
#[derive(Debug)]
pub struct Rendered {
    answers: Cache<Question, Entry, ByBytes, DefaultHashBuilder>,
    versions: RwLock<HashMap<TenantId, Arc<AtomicU64>>>,
}

impl Default for Rendered {
    fn default() -> Rendered {
        let answers = Cache::with_weighter(8192, LARGEST, ByBytes);
        Rendered { answers, versions: RwLock::default() }
    }
}

impl Rendered {
    fn version(&self, tenant: TenantId) -> Arc<AtomicU64> {
        if let Some(known) = self.versions.read().get(&tenant) {
            return Arc::clone(known);
        }
        Arc::clone(self.versions.write().entry(tenant).or_default())
    }

    /// The moment a read that begins now will see at the earliest. Take it before reading.
    pub fn moment(&self, tenant: TenantId, now: Time) -> Moment {
        Moment { version: self.version(tenant).load(Ordering::Acquire), now }
    }

    /// Makes every answer of a tenant outdated. Call it after a write is durable and before it is acknowledged.
    pub fn outdate(&self, tenant: TenantId) {
        self.version(tenant).fetch_add(1, Ordering::AcqRel);
    }

    /// The answer to a question, if it counts at this moment.
    pub fn get(&self, question: &Question, moment: Moment) -> Option<Bytes> {
        let entry = self.answers.get(question)?;
        (entry.moment == moment).then_some(entry.body)
    }

    /// Remembers the answer to a question that was rendered from this moment on.
    pub fn put(&self, question: Question, moment: Moment, body: Bytes) {
        self.answers.insert(question, Entry { moment, body });
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use zuno_model::TenantId;

    use super::{Question, Rendered};

    #[test]
    fn an_answer_counts_until_the_state_or_the_second_moves() {
        let (rendered, tenant) = (Rendered::default(), TenantId(1));
        let asked = |tenant| Question { tenant, text: "/x".into() };
        let moment = rendered.moment(tenant, 5);
        rendered.put(asked(tenant), moment, Bytes::from_static(b"1"));
        assert!(rendered.get(&asked(tenant), rendered.moment(tenant, 5)).is_some());
        assert!(rendered.get(&asked(TenantId(2)), rendered.moment(TenantId(2), 5)).is_none());
        assert!(rendered.get(&asked(tenant), rendered.moment(tenant, 6)).is_none(), "the second moved");
        rendered.outdate(tenant);
        assert!(rendered.get(&asked(tenant), rendered.moment(tenant, 5)).is_none(), "the state moved");
    }
}
