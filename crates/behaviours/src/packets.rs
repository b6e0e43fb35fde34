//! Filters of packets, as tcpdump reads them: whether a text is one, and what is wrong with it otherwise.
//!
//! The language is that of the manual page pcap-filter (documented): primitives of a protocol, a direction, a sort and an
//! id, joined by `and`, `or` and `not`; and comparisons of numbers taken out of a packet. Names of hosts are not looked up.

mod token;
mod words;

use self::token::{Token, sign, value};
use self::words::{ALONE, DIRECTIONS, NUMBERED, NUMBERS, PROTOCOLS, SERVICES, SORTS, is_kept};

/// The longest text that is read, in bytes.
pub const LONGEST: usize = 4096;
/// How many brackets may lie in each other.
const DEEPEST: usize = 64;

/// What is wrong with a text that is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at character {at}")]
pub struct Fault {
    /// Which character, from 1.
    pub at: usize,
    /// In words.
    pub what: String,
}

/// Whether a text is a filter. One of nothing but blanks is, and lets every packet through (documented).
///
/// # Errors
/// What is wrong first.
pub fn check(text: &str) -> Result<(), Fault> {
    if text.len() > LONGEST {
        return Err(Fault { at: LONGEST, what: format!("a filter has {LONGEST} bytes at most") });
    }
    let mut reader = Reader { text, token: Token::End, at: 0, end: 0, brackets: 0, depth: 0, sort: None };
    reader.step();
    if reader.token == Token::End {
        return Ok(());
    }
    reader.filter()?;
    match reader.token {
        Token::End => Ok(()),
        _ => Err(reader.unexpected()),
    }
}

/// What a part of a filter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Something that holds of a packet or does not.
    Test,
    /// A number.
    Number,
    /// A number that stands alone, and so may be an id as well.
    Plain,
}

struct Reader<'a> {
    text: &'a str,
    token: Token<'a>,
    at: usize,
    end: usize,
    brackets: usize,
    depth: usize,
    /// The sort of the last id, which ids without one have too: `port 80 or 443` (documented).
    sort: Option<&'a str>,
}

impl<'a> Reader<'a> {
    fn step(&mut self) {
        (self.token, self.at, self.end) = token::next(self.text, self.end, self.brackets > 0);
    }

    fn wrong(&self, what: impl Into<String>) -> Fault {
        Fault { at: self.text[..self.at].chars().count() + 1, what: what.into() }
    }

    fn unexpected(&self) -> Fault {
        match self.token {
            Token::End => self.wrong("the filter ends too early"),
            Token::Stray(stray) => self.wrong(format!("a filter has no `{stray}`")),
            _ => self.wrong(format!("`{}` is not expected", &self.text[self.at..self.end])),
        }
    }

    /// The keyword that comes next.
    fn keyword(&self) -> Option<&'a str> {
        match self.token {
            Token::Word { text, escaped: false } => Some(text),
            _ => None,
        }
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let is_there = self.token == Token::Sign(sign(wanted)) || self.keyword() == Some(wanted);
        if is_there {
            self.step();
        }
        is_there
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth == DEEPEST {
            return Err(self.wrong(format!("more than {DEEPEST} brackets lie in each other")));
        }
        self.depth += 1;
        let read = read(self)?;
        self.depth -= 1;
        Ok(read)
    }

    /// Tests, joined.
    fn filter(&mut self) -> Result<(), Fault> {
        match self.joined()? {
            Part::Test => Ok(()),
            _ => {
                Err(self.wrong("a number is compared with another one, or is an id behind its sort, before"))
            }
        }
    }

    /// Tests that are joined, or a number that stands in brackets alone.
    fn joined(&mut self) -> Result<Part, Fault> {
        let mut part = self.one()?;
        while self.takes("&&") || self.takes("||") || self.takes("and") || self.takes("or") {
            self.tested(part)?;
            let next = self.one()?;
            part = self.tested(next)?;
        }
        Ok(part)
    }

    /// A part as a test: a number may be the id of a sort that was said before.
    fn tested(&self, part: Part) -> Result<Part, Fault> {
        match part {
            Part::Test => Ok(Part::Test),
            Part::Plain if self.sort.is_some() => Ok(Part::Test),
            _ => Err(self.wrong("a number is no test, before")),
        }
    }

    /// One test, perhaps turned round, or a number.
    fn one(&mut self) -> Result<Part, Fault> {
        let mut turned = false;
        while self.takes("!") || self.takes("not") {
            turned = true;
        }
        let before = self.sort;
        let left = self.sum(0)?;
        let compared = ["=", "==", "!=", "<", "<=", ">", ">="].iter().any(|sign| self.takes(sign));
        if compared {
            let right = self.sum(0)?;
            if left == Part::Test || right == Part::Test {
                return Err(self.wrong("only numbers are compared, before"));
            }
            return Ok(Part::Test);
        }
        // A plain number is an id of the sort that was said before it.
        let is_id = left == Part::Plain && before.is_some();
        Ok(if turned || is_id { self.tested(left)? } else { left })
    }

    /// Numbers that are reckoned with; the later an operator stands here, the closer it binds.
    fn sum(&mut self, level: usize) -> Result<Part, Fault> {
        const LEVELS: [&[&str]; 5] = [&["|", "^"], &["&"], &["<<", ">>"], &["+", "-"], &["*", "/", "%"]];
        let Some(signs) = LEVELS.get(level) else { return self.unit() };
        let mut left = self.sum(level + 1)?;
        while signs.iter().any(|sign| self.takes(sign)) {
            let right = self.sum(level + 1)?;
            if left == Part::Test || right == Part::Test {
                return Err(self.wrong("only numbers are reckoned with, before"));
            }
            left = Part::Number;
        }
        Ok(left)
    }

    fn unit(&mut self) -> Result<Part, Fault> {
        let mut negative = false;
        while self.takes("-") {
            negative = true;
        }
        let part = match self.token {
            Token::Number(digits) => {
                value(digits).ok_or_else(|| self.wrong(format!("`{digits}` is too large")))?;
                self.step();
                Part::Plain
            }
            Token::Sign("(") => {
                self.step();
                let part = self.deeper(Self::joined)?;
                self.closed(")")?;
                if part == Part::Plain { Part::Number } else { part }
            }
            Token::Word { escaped: false, .. } => self.primitive()?,
            _ => return Err(self.unexpected()),
        };
        match (negative, part) {
            (true, Part::Test) => Err(self.wrong("only numbers are reckoned with, before")),
            (true, _) => Ok(Part::Number),
            (false, part) => Ok(part),
        }
    }

    fn closed(&mut self, bracket: &str) -> Result<(), Fault> {
        match self.takes(bracket) {
            true => Ok(()),
            false => Err(self.wrong(format!("`{bracket}` is missing"))),
        }
    }

    /// What begins with a word.
    fn primitive(&mut self) -> Result<Part, Fault> {
        let word = self.keyword().unwrap_or_default();
        if NUMBERS.contains(&word) {
            self.step();
            return Ok(Part::Number);
        }
        if matches!(word, "less" | "greater") {
            self.step();
            return self.number().map(|_| Part::Test);
        }
        if word == "ifname" {
            self.step();
            return self.name().map(|_| Part::Test);
        }
        if ALONE.contains(&word) {
            self.step();
            return Ok(Part::Test);
        }
        if NUMBERED.contains(&word) {
            self.step();
            if matches!(self.token, Token::Number(_)) {
                self.number()?;
            }
            return Ok(Part::Test);
        }
        if !is_kept(word) {
            // A name without a sort is one of the last sort, or a host's.
            return self.id(self.sort.unwrap_or("host")).map(|()| Part::Test);
        }
        let protocol = PROTOCOLS.contains(&word);
        if protocol {
            self.step();
            if self.token == Token::Sign("[") {
                return self.taken_out();
            }
            if self.keyword().is_some_and(|word| matches!(word, "broadcast" | "multicast")) {
                self.step();
                return Ok(Part::Test);
            }
        }
        let direction = self.direction();
        let sort = self.keyword().filter(|word| SORTS.contains(word));
        if sort.is_some() {
            self.step();
        }
        match (protocol, direction, sort) {
            (true, false, None) => Ok(Part::Test),
            (false, false, None) => Err(self.unexpected()),
            (_, _, sort) => {
                let sort = sort.unwrap_or("host");
                self.sort = Some(sort);
                self.ids(sort).map(|()| Part::Test)
            }
        }
    }

    /// `src`, `dst`, `src or dst` and their like, if one is there.
    fn direction(&mut self) -> bool {
        let Some(word) = self.keyword().filter(|word| DIRECTIONS.contains(word)) else { return false };
        self.step();
        let other = if word == "src" { "dst" } else { "src" };
        if matches!(word, "src" | "dst") && self.keyword().is_some_and(|join| matches!(join, "or" | "and")) {
            let (next, ..) = token::next(self.text, self.end, false);
            if next == (Token::Word { text: other, escaped: false }) {
                self.step();
                self.step();
            }
        }
        true
    }

    /// `[offset]` or `[offset:size]` behind a protocol.
    fn taken_out(&mut self) -> Result<Part, Fault> {
        self.brackets += 1;
        self.step();
        let offset = self.deeper(|reader| reader.sum(0))?;
        if offset == Part::Test {
            return Err(self.wrong("an offset is a number, before"));
        }
        if self.takes(":") && !matches!(self.number()?, 1 | 2 | 4) {
            return Err(self.wrong("1, 2 or 4 bytes are taken, before"));
        }
        self.brackets -= 1;
        self.closed("]")?;
        Ok(Part::Number)
    }

    /// An id, or several in brackets.
    fn ids(&mut self, sort: &str) -> Result<(), Fault> {
        if !self.takes("(") {
            return self.id(sort);
        }
        self.deeper(|reader| {
            loop {
                while reader.takes("!") || reader.takes("not") {}
                reader.ids(sort)?;
                if !(reader.takes("&&") || reader.takes("||") || reader.takes("and") || reader.takes("or")) {
                    return reader.closed(")");
                }
            }
        })
    }

    fn id(&mut self, sort: &str) -> Result<(), Fault> {
        match sort {
            "port" => {
                let known = self.port_at(&self.text[self.at..self.end]);
                self.given(known, "is no port")
            }
            "portrange" => {
                let text = &self.text[self.at..self.end];
                let ends = text.split_once('-').unwrap_or((text, text));
                let known = self.port_at(ends.0) && self.port_at(ends.1);
                self.given(known, "is no range of ports, such as 6000-6008")
            }
            "proto" | "protochain" => match self.token {
                Token::Number(_) => self.number().map(drop),
                Token::Word { .. } => {
                    self.step();
                    Ok(())
                }
                _ => Err(self.unexpected()),
            },
            _ => {
                match self.token {
                    Token::Number(_) => self.number().map(drop)?,
                    _ => self.name().map(drop)?,
                }
                if sort == "gateway" || sort == "port" {
                    return Ok(());
                }
                if self.takes("mask") {
                    return self.name().map(drop);
                }
                if self.takes("/") && self.number()? > 128 {
                    return Err(self.wrong("a network has 128 bits at most, before"));
                }
                Ok(())
            }
        }
    }

    fn port_at(&self, text: &str) -> bool {
        value(text).is_some_and(|port| port <= 65_535) || SERVICES.contains(&text)
    }

    fn given(&mut self, known: bool, otherwise: &str) -> Result<(), Fault> {
        if matches!(self.token, Token::End | Token::Sign(_) | Token::Stray(_)) {
            return Err(self.unexpected());
        }
        if !known {
            return Err(self.wrong(format!("`{}` {otherwise}", &self.text[self.at..self.end])));
        }
        self.step();
        Ok(())
    }

    fn number(&mut self) -> Result<u32, Fault> {
        let Token::Number(digits) = self.token else { return Err(self.unexpected()) };
        let number = value(digits).ok_or_else(|| self.wrong(format!("`{digits}` is too large")))?;
        self.step();
        Ok(number)
    }

    fn name(&mut self) -> Result<&'a str, Fault> {
        match self.token {
            Token::Word { text, escaped } if escaped || !is_kept(text) => {
                self.step();
                Ok(text)
            }
            _ => Err(self.unexpected()),
        }
    }
}

#[cfg(test)]
mod tests;
