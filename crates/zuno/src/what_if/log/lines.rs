//! A log in blocks of whole lines, in a bounded room.

use std::io::{self, Read};

use zuno_policy::logs::Tally;

/// How many bytes a block has, and a line may have.
const BLOCK: usize = 1 << 20;
pub const LONGEST: usize = 64 << 10;

/// Some whole lines.
#[derive(Debug)]
pub struct Block {
    bytes: Vec<u8>,
    /// The number of its first line.
    first: u64,
}

impl Block {
    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Its lines that hold anything, with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let lines = self.bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
        (self.first..).zip(lines).filter(|(_, line)| !line.trim_ascii_start().is_empty())
    }

    /// The first of them.
    pub fn first_line(&self) -> Option<&str> {
        std::str::from_utf8(self.lines().next()?.1).ok()
    }

    /// Takes that one away.
    pub fn pass_first_line(&mut self) {
        let Some((number, _)) = self.lines().next() else { return };
        let passed = (number - self.first + 1) as usize;
        let ends =
            self.bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1);
        let end = ends.take(passed).last().unwrap_or(self.bytes.len());
        self.bytes.drain(..end);
        self.first = number + 1;
    }
}

/// Reads them.
pub struct Blocks {
    source: Box<dyn Read + Send>,
    /// What was read of a line that has not ended.
    rest: Vec<u8>,
    /// Whether that line is too long, and what comes of it is passed over.
    too_long: bool,
    line: u64,
    ended: bool,
}

impl Blocks {
    pub fn of(source: Box<dyn Read + Send>) -> Blocks {
        Blocks { source, rest: Vec::new(), too_long: false, line: 1, ended: false }
    }

    /// The next block; none at the end. Lines that are too long are counted and passed over.
    pub fn next(&mut self, tally: &mut Tally) -> io::Result<Option<Block>> {
        loop {
            if self.ended {
                return Ok(None);
            }
            let mut bytes = std::mem::take(&mut self.rest);
            bytes.reserve(BLOCK);
            self.ended = self.source.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)? == 0;
            if self.too_long {
                let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                    continue;
                };
                bytes.drain(..=end);
                self.too_long = false;
                self.line += 1;
            }
            let whole = match bytes.iter().rposition(|byte| *byte == b'\n') {
                _ if self.ended => bytes.len(),
                Some(end) => end + 1,
                None => 0,
            };
            self.rest = bytes.split_off(whole);
            let first = self.line;
            self.line += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            if self.rest.len() > LONGEST {
                tally.unread(self.line, TOO_LONG);
                self.rest.clear();
                self.too_long = true;
            }
            if !bytes.is_empty() {
                return Ok(Some(Block { bytes, first }));
            }
        }
    }
}

/// Why a line is not read.
pub const TOO_LONG: &str = "it is longer than 65536 bytes";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(u64, String)>, serde_json::Value) {
        let mut blocks = Blocks::of(Box::new(io::Cursor::new(text.to_owned().into_bytes())));
        let (mut tally, mut lines) = (Tally::default(), Vec::new());
        while let Some(block) = blocks.next(&mut tally).unwrap() {
            lines.extend(
                block.lines().map(|(number, line)| (number, String::from_utf8(line.to_vec()).unwrap())),
            );
        }
        (lines, tally.told()["unread"].take())
    }

    #[test]
    fn lines_keep_their_numbers_across_blocks() {
        let long = "x".repeat(50_000);
        let text: String = (1..=100).map(|number| format!("{number} {long}\r\n\n")).collect();
        let (lines, unread) = read(&text);
        assert_eq!((lines.len(), &unread["count"]), (100, &0.into()));
        for ((number, line), wanted) in lines.iter().zip(1..) {
            assert_eq!((*number, line.split_once(' ').unwrap().0), (2 * wanted - 1, &*wanted.to_string()));
        }
        assert_eq!(read("a\nb").0, [(1, "a".to_owned()), (2, "b".to_owned())]);
        assert_eq!(read("").0, []);
    }

    #[test]
    fn a_line_without_end_is_passed_over_in_a_bounded_room() {
        let text = format!("a\n{}\nb\n", "x".repeat(5 << 20));
        let (lines, unread) = read(&text);
        assert_eq!(lines, [(1, "a".to_owned()), (3, "b".to_owned())]);
        assert_eq!((&unread["count"], &unread["kinds"][0]["line"]), (&1.into(), &2.into()));
    }

    #[test]
    fn a_header_is_taken_away() {
        let mut block = Block { bytes: b"\n\nurl,user\na,b\n".to_vec(), first: 1 };
        assert_eq!(block.first_line(), Some("url,user"));
        block.pass_first_line();
        assert_eq!(
            block.lines().map(|(number, line)| (number, line.to_vec())).collect::<Vec<_>>(),
            [(4, b"a,b".to_vec())]
        );
    }
}
