//! Answers already rendered: the engine is a pure function of the store's state, the clock's reading and the call, so
//! an answer counts for as long as neither the tenant's state nor the second has moved.

use bytes::Bytes;
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
        let text = [call.session.actor.client_id.as_str(), path, query].join("\n");
        Question { tenant: call.session.tenant.id, text }
    }
}

/// How far a tenant's records have moved, and what its clock reads. Take it before reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The version of its records.
    pub version: u64,
    /// The clock's reading.
    pub now: Time,
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

/// The answers.
#[derive(Debug)]
pub struct Rendered(Cache<Question, Entry, ByBytes, DefaultHashBuilder>);

impl Default for Rendered {
    fn default() -> Rendered {
        Rendered(Cache::with_weighter(8192, LARGEST, ByBytes))
    }
}

impl Rendered {
    /// The answer to a question, if it counts at this moment.
    pub fn get(&self, question: &Question, moment: Moment) -> Option<Bytes> {
        let entry = self.0.get(question)?;
        (entry.moment == moment).then_some(entry.body)
    }

    /// Remembers the answer to a question that was rendered from this moment on.
    pub fn put(&self, question: Question, moment: Moment, body: Bytes) {
        self.0.insert(question, Entry { moment, body });
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use zuno_model::TenantId;

    use super::{Moment, Question, Rendered};

    #[test]
    fn an_answer_counts_until_the_state_or_the_second_moves() {
        let rendered = Rendered::default();
        let asked = |tenant| Question { tenant: TenantId(tenant), text: "/x".into() };
        let moment = Moment { version: 3, now: 5 };
        rendered.put(asked(1), moment, Bytes::from_static(b"1"));
        assert!(rendered.get(&asked(1), moment).is_some());
        assert!(rendered.get(&asked(2), moment).is_none());
        assert!(rendered.get(&asked(1), Moment { now: 6, ..moment }).is_none(), "the second moved");
        assert!(rendered.get(&asked(1), Moment { version: 4, ..moment }).is_none(), "the state moved");
    }
}
