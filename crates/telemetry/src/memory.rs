//! What has been reckoned of a whole fleet and stays so: the lowest scores and the sums of each hour, and who an incident hit.
//!
//! All of it follows from the fleet, so that remembering changes no answer; a fleet that changes begins a new memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use zuno_model::Time;

use crate::{hour::Hour, roll::Roll};

/// How many hours are remembered: two weeks and a day, which is as far back as anybody may ask.
const HOURS: usize = 15 * 24;
/// How many incidents are remembered.
const INCIDENTS: usize = 4096;
/// How many bytes of hours are remembered, and how many of incidents: all the hours of a thousand devices and a hundred
/// applications, ten days of ten thousand devices and twenty-five, half a day of the largest company and a hundred.
const BYTES: usize = 64 << 20;

/// What a fleet remembers; nothing unless it was told to.
#[derive(Clone, Debug, Default)]
pub struct Memory(Option<Arc<Kept>>);

/// An application, a place's first device, and when its incident began.
pub(crate) type Which = (i64, u32, Time);

/// When each device that was hit was, by its number.
pub(crate) type Hits = Arc<Vec<(Time, u32)>>;

#[derive(Debug, Default)]
struct Kept {
    roll: OnceLock<Arc<Roll>>,
    hours: Mutex<BTreeMap<Time, Arc<Hour>>>,
    incidents: Mutex<Incidents>,
}

#[derive(Debug, Default)]
struct Incidents {
    known: HashMap<Which, Hits>,
    bytes: usize,
}

impl Incidents {
    fn keep(&mut self, which: Which, found: &Hits) {
        let bytes = size_of_val(found.as_slice());
        if self.known.len() >= INCIDENTS || self.bytes + bytes > BYTES {
            *self = Incidents::default();
        }
        if bytes <= BYTES && self.known.insert(which, Arc::clone(found)).is_none() {
            self.bytes += bytes;
        }
    }
}

impl Memory {
    /// One that keeps what is reckoned: for a fleet that is asked again and again, and whole.
    pub fn keeping() -> Memory {
        Memory(Some(Arc::default()))
    }

    pub(crate) fn roll(&self, make: impl FnOnce() -> Roll) -> Arc<Roll> {
        match &self.0 {
            Some(kept) => Arc::clone(kept.roll.get_or_init(|| Arc::new(make()))),
            None => Arc::new(make()),
        }
    }

    /// The hour that begins at an instant, up to its last one: as it is known, or made of what is known of it.
    pub(crate) fn hour(
        &self,
        (start, last): (Time, Time),
        make: impl FnOnce(Option<&Hour>) -> Hour,
    ) -> Arc<Hour> {
        let Some(kept) = &self.0 else { return Arc::new(make(None)) };
        // Whoever asks for the same hour meanwhile waits, and need not reckon it too.
        let mut hours = kept.hours.lock().unwrap_or_else(PoisonError::into_inner);
        // The clock may have been put back.
        let known = hours.get(&start).filter(|hour| hour.to() <= last);
        if let Some(known) = known.filter(|hour| hour.to() == last) {
            return Arc::clone(known);
        }
        let hour = Arc::new(make(known.map(Arc::as_ref)));
        hours.insert(start, Arc::clone(&hour));
        let mut bytes: usize = hours.values().map(|hour| hour.bytes()).sum();
        while hours.len() > HOURS || bytes > BYTES {
            let Some((_, oldest)) = hours.pop_first() else { break };
            bytes -= oldest.bytes();
        }
        hour
    }

    /// Whom an incident that is over hit, known or found.
    pub(crate) fn hits(&self, which: Which, is_over: bool, find: impl FnOnce() -> Vec<(Time, u32)>) -> Hits {
        let Some(kept) = self.0.as_ref().filter(|_| is_over) else { return Arc::new(find()) };
        let incidents = || kept.incidents.lock().unwrap_or_else(PoisonError::into_inner);
        let known = incidents().known.get(&which).map(Arc::clone);
        if let Some(known) = known {
            return known;
        }
        let found = Arc::new(find());
        incidents().keep(which, &found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(memory: &Memory) -> usize {
        let kept = memory.0.as_ref().expect("it keeps");
        kept.hours.lock().expect("nobody panicked").values().map(|hour| hour.bytes()).sum()
    }

    #[test]
    fn hours_of_a_large_fleet_are_forgotten_from_the_oldest_on() {
        let memory = Memory::keeping();
        let ask = |start: Time, made: &mut u32| {
            memory.hour((start, start - 1), |_| {
                *made += 1;
                Hour::begun(start, 50_000, 100)
            });
        };
        let mut made = 0;
        for hour in 1..=24 {
            ask(hour * 3600, &mut made);
            assert!(bytes(&memory) <= BYTES);
        }
        ask(24 * 3600, &mut made);
        assert_eq!(made, 24, "the last one is still known");
        ask(3600, &mut made);
        assert_eq!(made, 25, "the first one is not");
    }

    #[test]
    fn incidents_that_hit_everybody_are_forgotten_before_they_fill_the_memory() {
        let memory = Memory::keeping();
        for nth in 0..200 {
            memory.hits((nth, 0, 0), true, || vec![(0, 0); 50_000]);
        }
        let incidents = &memory.0.as_ref().expect("it keeps").incidents;
        let incidents = incidents.lock().expect("nobody panicked");
        let held: usize = incidents.known.values().map(|hits| size_of_val(hits.as_slice())).sum();
        assert!((1..=BYTES).contains(&held) && held == incidents.bytes, "{held}");
    }
}
