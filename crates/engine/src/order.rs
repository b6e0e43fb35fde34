//! The order of a list of records, kept beside them: a record that moves, or makes room, is not written for it.
//!
//! Ids stand in chunks of at most [`MOST`]. A directory tells the chunks in their order, with how many each holds, and
//! of every id it is kept in which chunk it stands. So to find, put, move or take out one of ten thousand touches the
//! directory and a chunk or two. What is written where is said in `context/order.rs`.

use std::collections::HashMap;
use std::ops::Range;

use zuno_model::Id;

use crate::shift::Shift;

/// The most ids of a chunk: two kilobytes or so.
const MOST: usize = 128;

/// A chunk as the directory tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chunk {
    number: u32,
    length: usize,
    /// The last time that all of it made room.
    shift: Option<Shift>,
}

/// The chunks of a list in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directory {
    chunks: Vec<Chunk>,
    /// The number of the next one.
    next: u32,
}

/// An id in a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub id: Id,
    /// The last time that it made room and its chunk did not.
    pub shift: Option<Shift>,
}

/// A list's order as far as a moment has read it.
#[derive(Default)]
pub(crate) struct Order {
    pub directory: Directory,
    pub loaded: HashMap<u32, Vec<Slot>>,
    /// Where each stands, while the order is not kept but follows from the records.
    pub derived: Option<HashMap<Id, usize>>,
}

/// What must be written after a change of an order: chunks, and ids that now stand in another one.
#[derive(Default)]
pub(crate) struct Touched {
    /// Chunks by number; empty ones are gone.
    pub chunks: Vec<u32>,
    /// Ids with their chunk.
    pub moved: Vec<(Id, u32)>,
}

/// Lines of a word and a shift, where `=` is the shift of the line before.
fn written<'a>(lines: impl Iterator<Item = (String, Option<&'a Shift>)>) -> String {
    let mut text = String::new();
    let mut before: Option<&Shift> = None;
    for (word, shift) in lines {
        text.push_str(&word);
        match shift {
            None => {}
            Some(shift) if before == Some(shift) => text.push_str("\t="),
            Some(shift) => text.extend(["\t", &shift.0]),
        }
        before = shift;
        text.push('\n');
    }
    text
}

fn read(text: &str) -> impl Iterator<Item = (&str, Option<Shift>)> {
    let mut before: Option<Shift> = None;
    text.lines().map(move |line| {
        let (word, shift) = line.split_once('\t').map_or((line, None), |(word, shift)| (word, Some(shift)));
        before = match shift {
            Some("=") => before.clone(),
            other => other.map(|shift| Shift(shift.into())),
        };
        (word, before.clone())
    })
}

impl Directory {
    /// As it is kept: the next number, then a line for each chunk.
    pub fn to_text(&self) -> String {
        let lines = self
            .chunks
            .iter()
            .map(|chunk| (format!("{} {}", chunk.number, chunk.length), chunk.shift.as_ref()));
        format!("{}\n{}", self.next, written(lines))
    }

    /// Nothing where the text is none of a directory.
    pub fn from_text(text: &str) -> Option<Directory> {
        let (next, rest) = text.split_once('\n')?;
        let chunk = |(word, shift): (&str, Option<Shift>)| {
            let (number, length) = word.split_once(' ')?;
            Some(Chunk { number: number.parse().ok()?, length: length.parse().ok()?, shift })
        };
        Some(Directory { chunks: read(rest).map(chunk).collect::<Option<_>>()?, next: next.parse().ok()? })
    }

    pub fn length(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.length).sum()
    }

    /// The chunks by number, in order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.chunks.iter().map(|chunk| chunk.number)
    }

    /// How many stand before a chunk.
    pub fn before(&self, number: u32) -> usize {
        self.chunks.iter().take_while(|chunk| chunk.number != number).map(|chunk| chunk.length).sum()
    }

    /// The last time that all of a chunk made room.
    fn shift(&self, number: u32) -> Option<&Shift> {
        self.chunks.iter().find(|chunk| chunk.number == number)?.shift.as_ref()
    }

    /// Which chunk holds a place, and where in it; behind the end, the end of the last one.
    fn at(&self, place: usize) -> Option<(usize, usize)> {
        let mut left = place;
        for (index, chunk) in self.chunks.iter().enumerate() {
            if left < chunk.length {
                return Some((index, left));
            }
            left -= chunk.length;
        }
        self.chunks.last().map(|chunk| (self.chunks.len() - 1, chunk.length))
    }

    /// The chunks that a change at a place may touch: the one that holds it and its neighbours.
    pub fn around(&self, place: usize) -> Vec<u32> {
        let Some((index, _)) = self.at(place) else { return Vec::new() };
        let numbers: Vec<u32> = self.numbers().collect();
        numbers[index.saturating_sub(1)..(index + 2).min(numbers.len())].to_vec()
    }

    /// The chunks that hold some places.
    pub fn holding(&self, from: usize, take: usize) -> Vec<u32> {
        let mut before = 0;
        let mut held = Vec::new();
        for chunk in &self.chunks {
            if before + chunk.length > from && before < from.saturating_add(take) {
                held.push(chunk.number);
            }
            before += chunk.length;
        }
        held
    }
}

impl Order {
    /// An order of these ids.
    pub fn of(ids: &[Id]) -> Order {
        let mut order = Order::default();
        // Three quarters full, so that the first ids put between do not part every chunk.
        for part in ids.chunks(MOST - MOST / 4) {
            let part = part.iter().map(|id| Slot { id: id.clone(), shift: None }).collect();
            order.add_chunk(order.directory.chunks.len(), part, None);
        }
        order
    }

    /// A chunk as it is kept.
    pub fn chunk_text(&self, number: u32) -> String {
        let ids = self.loaded.get(&number).into_iter().flatten();
        written(ids.map(|slot| (slot.id.0.clone(), slot.shift.as_ref())))
    }

    /// Takes in a chunk that was kept.
    pub fn load(&mut self, number: u32, text: &str) {
        let ids = read(text).map(|(id, shift)| Slot { id: Id(id.to_owned()), shift }).collect();
        self.loaded.insert(number, ids);
    }

    /// The last time that an id of a loaded chunk made room.
    pub fn shift(&self, number: u32, offset: usize) -> Option<Shift> {
        let own =
            self.loaded.get(&number).and_then(|ids| ids.get(offset)).and_then(|slot| slot.shift.as_ref());
        Shift::later(own, self.directory.shift(number)).cloned()
    }

    fn add_chunk(&mut self, index: usize, ids: Vec<Slot>, shift: Option<Shift>) -> u32 {
        let number = self.directory.next;
        self.directory.next += 1;
        self.directory.chunks.insert(index, Chunk { number, length: ids.len(), shift });
        self.loaded.insert(number, ids);
        number
    }

    fn chunk(&mut self, index: usize) -> (&mut Chunk, &mut Vec<Slot>) {
        let chunk = &mut self.directory.chunks[index];
        let ids = self.loaded.entry(chunk.number).or_default();
        (chunk, ids)
    }

    /// Puts an id that is not there at a place; the chunks around it are loaded.
    pub fn put(&mut self, id: &Id, place: usize) -> Touched {
        let mut touched = Touched::default();
        let new = Slot { id: id.clone(), shift: None };
        let is_full = self.directory.chunks.last().is_none_or(|chunk| chunk.length >= MOST);
        if place >= self.directory.length() && is_full {
            let number = self.add_chunk(self.directory.chunks.len(), vec![new], None);
            touched.chunks.push(number);
            touched.moved.push((id.clone(), number));
            return touched;
        }
        let (index, offset) = self.directory.at(place).unwrap_or_default();
        let (chunk, ids) = self.chunk(index);
        ids.insert(offset, new);
        chunk.length = ids.len();
        touched.chunks.push(chunk.number);
        touched.moved.push((id.clone(), chunk.number));
        if ids.len() > MOST {
            let second = ids.split_off(MOST / 2);
            chunk.length = ids.len();
            let shift = chunk.shift.clone();
            let new = self.add_chunk(index + 1, second.clone(), shift);
            touched.chunks.push(new);
            touched.moved.retain(|_| offset < MOST / 2);
            touched.moved.extend(second.into_iter().map(|slot| (slot.id, new)));
        }
        touched
    }

    /// Takes out what stands at a place; the chunks around it are loaded.
    pub fn take(&mut self, place: usize) -> Touched {
        let mut touched = Touched::default();
        let Some((index, offset)) = self.directory.at(place).filter(|_| place < self.directory.length())
        else {
            return touched;
        };
        let (chunk, ids) = self.chunk(index);
        ids.remove(offset);
        chunk.length = ids.len();
        touched.chunks.push(chunk.number);
        if ids.is_empty() {
            self.directory.chunks.remove(index);
            return touched;
        }
        // Two that have become small are one again.
        let small = |pair: &[Chunk]| pair[0].length + pair[1].length <= MOST / 2;
        let first = index.saturating_sub(1);
        let pairs = self.directory.chunks[first..].windows(2).take(index + 1 - first);
        if let Some(at) = pairs.map(small).position(|is_small| is_small) {
            self.settle(first + at);
            self.settle(first + at + 1);
            let gone = self.directory.chunks.remove(first + at + 1).number;
            let moved = self.loaded.insert(gone, Vec::new()).unwrap_or_default();
            let (chunk, ids) = self.chunk(first + at);
            ids.extend(moved.iter().cloned());
            chunk.length = ids.len();
            touched.chunks.extend([gone, chunk.number]);
            let number = chunk.number;
            touched.moved.extend(moved.into_iter().map(|slot| (slot.id, number)));
        }
        touched
    }

    /// What all of a loaded chunk did, each of its ids did.
    fn settle(&mut self, index: usize) {
        let (chunk, ids) = self.chunk(index);
        let Some(all) = chunk.shift.take() else { return };
        for slot in ids {
            slot.shift = Shift::later(slot.shift.as_ref(), Some(&all)).cloned();
        }
    }

    /// Who stands at these places made room; the chunks at both ends are loaded.
    pub fn shifted(&mut self, places: Range<usize>, shift: &Shift) -> Touched {
        let mut touched = Touched::default();
        let mut before = 0;
        for chunk in &mut self.directory.chunks {
            let held = before..before + chunk.length;
            before = held.end;
            if held.start >= places.start && held.end <= places.end {
                chunk.shift = Some(shift.clone());
            } else if held.start < places.end && held.end > places.start {
                let ids = self.loaded.entry(chunk.number).or_default();
                let (from, to) = (places.start.max(held.start), places.end.min(held.end));
                for slot in &mut ids[from - held.start..to - held.start] {
                    slot.shift = Some(shift.clone());
                }
                touched.chunks.push(chunk.number);
            }
        }
        touched
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use zuno_model::Id;

    use super::{Directory, MOST, Order, Shift};

    /// A list that is done by hand: ids with the time at which each made room last.
    type Plain = Vec<(Id, Option<i64>)>;

    fn whole(order: &Order) -> Plain {
        let of = |number: u32| {
            order.loaded[&number].iter().enumerate().map(move |(offset, slot)| {
                (slot.id.clone(), order.shift(number, offset).map(|shift| shift.time()))
            })
        };
        order.directory.numbers().flat_map(of).collect()
    }

    proptest! {
        #[test]
        fn an_order_is_a_list_that_also_knows_the_chunk_of_each_and_when_it_made_room(
            first in 0usize..400,
            steps in prop::collection::vec((0u8..3, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..500),
        ) {
            let ids: Vec<Id> = (0..first).map(|number| Id::from(number as i64)).collect();
            let mut order = Order::of(&ids);
            let mut plain: Plain = ids.into_iter().map(|id| (id, None)).collect();
            let of = |number: u32| order.loaded[&number].iter().map(move |slot| (slot.id.clone(), number));
            let mut chunk_of: HashMap<Id, u32> = order.directory.numbers().flat_map(of).collect();
            for (step, (what, at, end)) in steps.into_iter().enumerate() {
                let time = 1 + step as i64;
                let touched = match what {
                    0 | 1 if what == 0 || plain.is_empty() => {
                        let (id, place) = (Id::from(10_000 + time), at.index(plain.len() + 1));
                        plain.insert(place, (id.clone(), None));
                        // What is new may be told a time at which it was not there: the record's own is later.
                        let touched = order.put(&id, place);
                        plain[place].1 = whole(&order)[place].1;
                        touched
                    }
                    1 => {
                        let place = at.index(plain.len());
                        chunk_of.remove(&plain.remove(place).0);
                        order.take(place)
                    }
                    _ => {
                        let (one, other) = (at.index(plain.len() + 1), end.index(plain.len() + 1));
                        let places = one.min(other)..one.max(other);
                        plain[places.clone()].iter_mut().for_each(|(_, shift)| *shift = Some(time));
                        order.shifted(places, &Shift(format!("{time} 7 Some One").into()))
                    }
                };
                chunk_of.extend(touched.moved);
                prop_assert_eq!(order.directory.length(), plain.len());
            }
            prop_assert_eq!(whole(&order), plain.clone());
            prop_assert_eq!(chunk_of.len(), plain.len());
            for (id, number) in &chunk_of {
                prop_assert!(order.loaded[number].iter().any(|slot| slot.id == *id), "{id} is not in {number}");
            }
            let kept = Directory::from_text(&order.directory.to_text());
            prop_assert_eq!(kept.as_ref(), Some(&order.directory));
            for chunk in &order.directory.chunks {
                prop_assert_eq!(order.loaded[&chunk.number].len(), chunk.length);
                prop_assert!(chunk.length > 0 && chunk.length <= MOST);
                let mut again = Order::default();
                again.load(chunk.number, &order.chunk_text(chunk.number));
                prop_assert_eq!(&again.loaded[&chunk.number], &order.loaded[&chunk.number]);
            }
        }
    }
}
