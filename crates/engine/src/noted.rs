//! What a call has changed so far, noted for the tenant's log: which records, as they were and as they are.

use zuno_model::{Entry, Id, Time};

/// How long entries of a log are kept, in seconds: six months (documented).
pub const LOG_SECS: Time = 184 * 24 * 60 * 60;

/// How many entries of a tenant are kept.
pub(crate) const LOG_ENTRIES: u64 = 50_000;

/// How many records of one call are noted.
const RECORDS: usize = 100;

/// How many of them are named.
const NAMES: usize = 5;

/// How many bytes of their text are kept.
const ROOM: usize = 64 * 1024;

/// The records that a call has changed.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    records: Vec<NotedRecord>,
    more: usize,
    bytes: usize,
}

#[derive(Debug)]
struct NotedRecord {
    kind: String,
    id: Id,
    name: String,
    before: Option<String>,
    after: Option<String>,
}

impl Noted {
    /// Whether a record is noted already.
    pub fn knows(&self, kind: &str, id: &Id) -> bool {
        self.records.iter().any(|noted| noted.id == *id && noted.kind == kind)
    }

    /// Whether a record is still to be noted.
    pub fn wants(&self, kind: &str, id: &Id) -> bool {
        self.records.len() < RECORDS && !self.knows(kind, id)
    }

    /// Notes a record that is about to change, with its name and how it is, if it is there.
    pub fn begin(&mut self, kind: &str, id: &Id, name: String, before: Option<String>) {
        let before = before.filter(|text| self.has_room(text));
        self.records.push(NotedRecord { kind: kind.to_owned(), id: id.clone(), name, before, after: None });
    }

    /// Notes that a record has changed: its name and how it is now, if it is still there.
    pub fn end(&mut self, kind: &str, id: &Id, after: Option<(String, String)>) {
        let after = after.map(|(name, text)| (name, self.has_room(&text).then_some(text)));
        let Some(noted) = self.records.iter_mut().find(|noted| noted.id == *id && noted.kind == kind) else {
            self.more += 1;
            return;
        };
        noted.after = None;
        if let Some((name, text)) = after {
            (noted.name, noted.after) = (name, text);
        }
    }

    fn has_room(&mut self, text: &str) -> bool {
        let fits = self.bytes + text.len() <= ROOM;
        self.bytes += if fits { text.len() } else { 0 };
        fits
    }

    /// Tells an entry of the records of a kind, or of all where there are none of it; of more than one as a list. Whether
    /// there were any.
    pub fn tell(&self, kind: &str, entry: &mut Entry) -> bool {
        let own = self.records.iter().any(|noted| noted.kind == kind);
        let noted = self.records.iter().filter(|noted| !own || noted.kind == kind);
        let noted: Vec<&NotedRecord> = noted.collect();
        if let [one] = noted.as_slice()
            && self.more == 0
        {
            (entry.id, entry.object) = (one.id.0.clone(), one.name.clone());
            (entry.before, entry.after) = (one.before.clone(), one.after.clone());
            return true;
        }
        let names: Vec<&str> = noted.iter().take(NAMES).map(|noted| noted.name.as_str()).collect();
        let unnamed = noted.len() - names.len() + self.more;
        entry.object = names.join(", ");
        if unnamed > 0 {
            entry.object.push_str(&format!(" and {unnamed} more"));
        }
        let listed = |text: fn(&NotedRecord) -> Option<&str>| {
            let some = noted.iter().any(|noted| text(noted).is_some());
            let texts: Vec<&str> = noted.iter().map(|noted| text(noted).unwrap_or("null")).collect();
            some.then(|| format!("[{}]", texts.join(",")))
        };
        entry.before = listed(|noted| noted.before.as_deref());
        entry.after = listed(|noted| noted.after.as_deref());
        !noted.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use zuno_model::Entry;

    use super::{Noted, RECORDS, ROOM};

    #[test]
    fn of_many_records_a_few_are_named_and_as_many_told_as_there_is_room_for() {
        let (mut noted, text) = (Noted::default(), format!("\"{}\"", "x".repeat(ROOM / 50)));
        for number in 0..RECORDS as i64 + 20 {
            let id = number.into();
            if noted.wants("k", &id) {
                noted.begin("k", &id, format!("n{number}"), Some(text.clone()));
            }
            noted.end("k", &id, None);
        }
        let mut entry = Entry::default();
        assert!(noted.tell("k", &mut entry));
        assert_eq!(entry.object, "n0, n1, n2, n3, n4 and 115 more");
        let before = entry.before.expect("they are told");
        assert!(before.len() < ROOM + 10 * RECORDS, "{}", before.len());
        let before: Vec<Option<String>> = serde_json::from_str(&before).expect("it is JSON");
        assert_eq!(before.iter().filter(|text| text.is_some()).count(), 49);
        assert_eq!(entry.after, None);
    }

    #[test]
    fn the_kind_of_the_call_comes_first() {
        let mut noted = Noted::default();
        noted.begin("other", &1.into(), "a".into(), None);
        noted.end("other", &1.into(), Some(("b".into(), "{}".into())));
        let mut entry = Entry::default();
        assert!(noted.tell("own", &mut entry));
        assert_eq!((entry.object.as_str(), entry.after.as_deref()), ("b", Some("{}")));
        noted.begin("own", &1.into(), "c".into(), None);
        let mut entry = Entry::default();
        assert!(noted.tell("own", &mut entry));
        assert_eq!((entry.object.as_str(), entry.after), ("c", None));
    }
}
