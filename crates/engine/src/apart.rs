//! Long lists of texts that are kept apart from their records, in parts that follow from the texts: to add or to take out a few
//! reads and writes the parts where they belong and no other. What is written where is said in `context/apart.rs`.
//!
//! A part more is added whenever those that are there are full on average. It takes over half of what belongs to one other
//! part, each in its turn (linear hashing), so that no call pays for all of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zuno_catalogue::Resource;
use zuno_model::{Fault, short_fingerprint};

/// The longest list that stays in its record.
pub(crate) const SHORT: usize = 128;

/// How many entries the parts have on average before there is one more.
const FULL: usize = 64;

/// The one member of the object that stands in a record for a list that is kept apart.
const APART: &str = "$apart";

/// What a record holds of a list that is kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    /// Which list it is: one that replaced it has another number.
    pub origin: u64,
    /// How many entries it has.
    pub count: usize,
    /// How many bytes they take together.
    pub bytes: usize,
    /// Of each part, by which change it was written the last time.
    pub parts: Vec<u64>,
    /// The last change.
    change: u64,
    /// The place of the next entry, behind all others.
    next: u64,
}

/// Entries with their places: the list has them in the order of these.
pub(crate) type Part = Vec<(u64, String)>;

impl Apart {
    /// What a member of a resource holds, if that is a list that is kept apart. Of a member that the catalogue does not
    /// keep apart it never is, whatever a caller made it look like.
    pub fn of(resource: &Resource, member: &str, held: Option<&Value>) -> Option<Apart> {
        resource.field(member).filter(|field| field.apart)?;
        Apart::read(held?)
    }

    fn read(held: &Value) -> Option<Apart> {
        Apart::deserialize(held.as_object()?.get(APART)?).ok()
    }

    /// As a record holds it.
    pub fn to_value(&self) -> Value {
        json!({ APART: self })
    }

    /// The part that an entry belongs to.
    fn home(&self, entry: &str) -> usize {
        // Its upper half is folded in. Where an entry belongs must never change.
        let digest = short_fingerprint([entry.as_bytes()]);
        let digest = (digest ^ digest >> 32) as usize;
        let mask = self.parts.len().next_power_of_two() - 1;
        let home = digest & mask;
        if home < self.parts.len() { home } else { digest & mask >> 1 }
    }
}

/// How many entries a member of a resource has, whether they are kept apart or not.
pub fn list_length(resource: &Resource, member: &str, held: Option<&Value>) -> usize {
    let apart = || Apart::of(resource, member, held).map_or(0, |apart| apart.count);
    held.and_then(Value::as_array).map_or_else(apart, Vec::len)
}

/// A list as far as it was read.
pub(crate) struct Opened<L: Fn(usize) -> Result<Part, Fault>> {
    pub apart: Apart,
    parts: BTreeMap<usize, Part>,
    touched: BTreeSet<usize>,
    load: L,
}

impl<L: Fn(usize) -> Result<Part, Fault>> Opened<L> {
    /// A list that is there; `load` reads a part of it.
    pub fn new(apart: Apart, load: L) -> Opened<L> {
        Opened { apart, parts: BTreeMap::new(), touched: BTreeSet::new(), load }
    }

    /// A list that is written from the start.
    pub fn of(origin: u64, entries: Vec<String>, load: L) -> Opened<L> {
        let parts = entries.len().div_ceil(FULL).max(1);
        let apart = Apart { origin, count: 0, bytes: 0, parts: vec![0; parts], change: 0, next: 0 };
        let mut list = Opened::new(apart, load);
        list.parts = (0..parts).map(|number| (number, Part::new())).collect();
        list.touched = (0..parts).collect();
        for entry in entries {
            let home = list.apart.home(&entry);
            list.put(home, entry);
        }
        list
    }

    fn part(&mut self, number: usize) -> Result<&mut Part, Fault> {
        if !self.parts.contains_key(&number) {
            self.parts.insert(number, (self.load)(number)?);
        }
        Ok(self.parts.entry(number).or_default())
    }

    fn put(&mut self, home: usize, entry: String) {
        self.apart.count += 1;
        self.apart.bytes += entry.len();
        self.parts.entry(home).or_default().push((self.apart.next, entry));
        self.apart.next += 1;
        self.touched.insert(home);
    }

    /// Whether it has an entry.
    pub fn has(&mut self, entry: &str) -> Result<bool, Fault> {
        let home = self.apart.home(entry);
        Ok(self.part(home)?.iter().any(|(_, held)| held == entry))
    }

    /// Adds an entry behind all others, unless it is there.
    pub fn add(&mut self, entry: &str) -> Result<(), Fault> {
        if self.has(entry)? {
            return Ok(());
        }
        self.put(self.apart.home(entry), entry.to_owned());
        if self.apart.count > FULL * self.apart.parts.len() { self.split() } else { Ok(()) }
    }

    fn split(&mut self) -> Result<(), Fault> {
        let new = self.apart.parts.len();
        let parted = new - (1 << new.ilog2());
        let held = std::mem::take(self.part(parted)?);
        self.apart.parts.push(0);
        let (stay, go) = held.into_iter().partition(|(_, entry)| self.apart.home(entry) == parted);
        self.parts.extend([(parted, stay), (new, go)]);
        self.touched.extend([parted, new]);
        Ok(())
    }

    /// Takes an entry out, if it is there.
    pub fn take(&mut self, entry: &str) -> Result<(), Fault> {
        let home = self.apart.home(entry);
        let part = self.part(home)?;
        let before = part.len();
        part.retain(|(_, held)| held != entry);
        let gone = before - part.len();
        if gone > 0 {
            self.apart.count -= gone;
            self.apart.bytes -= gone * entry.len();
            self.touched.insert(home);
        }
        Ok(())
    }

    /// Whether most of what is read of it would be parts that have next to nothing.
    pub fn is_sparse(&self) -> bool {
        self.apart.count < self.apart.parts.len() * FULL / 4
    }

    /// All entries in their order.
    pub fn entries(&mut self) -> Result<Vec<String>, Fault> {
        let mut all = Vec::with_capacity(self.apart.count);
        for number in 0..self.apart.parts.len() {
            all.extend(self.part(number)?.iter().cloned());
        }
        all.sort_unstable_by_key(|(place, _)| *place);
        Ok(all.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The list as its record holds it from now on, and the parts that must be written for that.
    pub fn closed(mut self) -> (Apart, Vec<(usize, Part)>) {
        if !self.touched.is_empty() {
            self.apart.change += 1;
        }
        for number in &self.touched {
            self.apart.parts[*number] = self.apart.change;
        }
        let written =
            self.touched.iter().map(|number| (*number, self.parts.remove(number).unwrap_or_default()));
        (self.apart, written.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::HashMap;

    use proptest::prelude::*;
    use zuno_catalogue::Catalogue;
    use zuno_model::Fault;

    use super::{Apart, FULL, Opened, Part, list_length};

    #[derive(Default)]
    struct Kept(RefCell<HashMap<usize, Part>>);

    impl Kept {
        fn load(&self, number: usize) -> Result<Part, Fault> {
            let held = self.0.borrow().get(&number).cloned();
            held.ok_or_else(|| Fault::broken(format!("there is no part {number}")))
        }

        fn keep(&self, (apart, parts): (Apart, Vec<(usize, Part)>)) -> Apart {
            assert!(parts.iter().all(|(number, _)| apart.parts[*number] == apart.change));
            self.0.borrow_mut().extend(parts);
            Apart::read(&apart.to_value()).expect("it is read as it was written")
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Add(Vec<u16>),
        Take(Vec<u16>),
    }

    fn step() -> impl Strategy<Value = Step> {
        let some = prop::collection::vec(0u16..900, 0..60);
        prop_oneof![3 => some.clone().prop_map(Step::Add), 1 => some.prop_map(Step::Take)]
    }

    proptest! {
        #[test]
        fn a_list_apart_is_a_list_without_repeats(
            first in 0u16..700,
            steps in prop::collection::vec(step(), 0..30),
        ) {
            let text = |number: u16| format!("host-{number}.example");
            let mut plain: Vec<String> = (0..first).map(text).collect();
            let kept = Kept::default();
            let load = |number| kept.load(number);
            let mut apart = kept.keep(Opened::of(7, plain.clone(), load).closed());
            for step in steps {
                let mut list = Opened::new(apart.clone(), load);
                match step {
                    Step::Add(numbers) => for entry in numbers.into_iter().map(text) {
                        list.add(&entry)?;
                        if !plain.contains(&entry) {
                            plain.push(entry);
                        }
                    }
                    Step::Take(numbers) => for entry in numbers.into_iter().map(text) {
                        list.take(&entry)?;
                        plain.retain(|held| *held != entry);
                    }
                }
                apart = kept.keep(list.closed());
                prop_assert_eq!(apart.count, plain.len());
                prop_assert_eq!(apart.bytes, plain.iter().map(String::len).sum::<usize>());
            }
            prop_assert!(apart.count <= FULL * apart.parts.len());
            let mut list = Opened::new(apart, load);
            prop_assert_eq!(list.entries()?, plain.clone());
            for number in 0..900 {
                prop_assert_eq!(list.has(&text(number))?, plain.contains(&text(number)));
            }
            prop_assert!(list.closed().1.is_empty(), "who only reads writes nothing");
        }
    }

    #[test]
    fn what_a_caller_made_look_like_a_list_apart_is_none() {
        let catalogue = Catalogue::compiled();
        let resource = catalogue.resource("zia.url_category").expect("it is described");
        let forged =
            Apart { origin: 1, count: 9, bytes: usize::MAX, parts: vec![1], change: 1, next: 9 }.to_value();
        assert_eq!(list_length(resource, "urls", Some(&forged)), 9);
        for member in ["keywords", "description", "unheard_of"] {
            assert_eq!(Apart::of(resource, member, Some(&forged)), None, "{member}");
            assert_eq!(list_length(resource, member, Some(&forged)), 0, "{member}");
        }
    }

    #[test]
    fn to_add_a_few_writes_a_few_parts() {
        let kept = Kept::default();
        let load = |number| kept.load(number);
        let entries = (0..25_000).map(|number| format!("host-{number}.example")).collect();
        let apart = kept.keep(Opened::of(1, entries, load).closed());
        let fullest = kept.0.borrow().values().map(Vec::len).max();
        assert!(fullest < Some(2 * FULL), "{fullest:?} in one of {} parts", apart.parts.len());
        let mut list = Opened::new(apart, load);
        for number in 0..10 {
            list.add(&format!("new-{number}.example")).expect("it is added");
        }
        assert!(list.closed().1.len() <= 12);
    }
}
