//! Answers already rendered: the engine is a pure function of the tenant's records, the call, and what else it asks, the
//! clock above all. So an answer counts for as long as the records stay as they are, and for the second that it was
//! rendered in where more than records was asked.

use bytes::Bytes;
use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Weighter};
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
    /// A client's question under the path that the gateway knows it by, whatever host or spelling led there.
    pub fn new(tenant: TenantId, client: &str, path: &str, query: &str) -> Question {
        Question { tenant, text: [client, path, query].join("\n") }
    }
}

/// How far a tenant's records have moved, and what its clock reads. Take it before reading.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The version of its records.
    pub version: u64,
    /// The clock's reading.
    pub now: Time,
}

/// An answer with status 200 and a JSON body.
#[derive(Clone, Debug)]
struct Entry {
    version: u64,
    /// The only second that it counts in, if it does not count in all.
    second: Option<Time>,
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
        let counts =
            entry.version == moment.version && entry.second.is_none_or(|second| second == moment.now);
        counts.then_some(entry.body)
    }

    /// Remembers the answer to a question that was rendered from this moment on; `lasts` where it follows from the records
    /// alone.
    pub fn put(&self, question: Question, moment: Moment, lasts: bool, body: Bytes) {
        let second = (!lasts).then_some(moment.now);
        self.0.insert(question, Entry { version: moment.version, second, body });
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use zuno_model::TenantId;

    use super::{Moment, Question, Rendered};

    #[test]
    fn an_answer_counts_until_the_records_change_or_the_second_that_it_asked_for() {
        let rendered = Rendered::default();
        let asked = |tenant| Question { tenant: TenantId(tenant), text: "/x".into() };
        let moment = Moment { version: 3, now: 5 };
        for (tenant, lasts) in [(1, false), (2, true)] {
            rendered.put(asked(tenant), moment, lasts, Bytes::from_static(b"1"));
            let counts = |moment| rendered.get(&asked(tenant), moment).is_some();
            assert!(counts(moment));
            assert_eq!(counts(Moment { now: 6, ..moment }), lasts, "the second moved");
            assert!(!counts(Moment { version: 4, ..moment }), "the records changed");
        }
        assert!(rendered.get(&asked(3), moment).is_none());
    }
}
