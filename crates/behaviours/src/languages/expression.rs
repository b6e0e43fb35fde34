//! Engine expressions, read: `((D63.S > 5 AND NOT D62.S > 1) OR SUM(D1.S, D2.S) > 9)`. Text alone, no store.

use super::wrong::Wrong;

/// The most characters of an expression, and the most brackets within each other (guessed).
const LONGEST: usize = 10_240;
const DEEPEST: usize = 16;

fn unexpected(at: usize) -> Wrong {
    Wrong { at, why: "Unexpected token".into() }
}

/// The dictionaries that an expression asks, in the order in which they stand there.
///
/// # Errors
/// The first place that does not fit.
pub fn dictionaries(text: &str) -> Result<Vec<u32>, Wrong> {
    if text.len() > LONGEST {
        return Err(unexpected(LONGEST));
    }
    let mut reader = Reader { text, at: 0, found: Vec::new() };
    reader.expression(0)?;
    match reader.rest() {
        "" => Ok(reader.found),
        _ => Err(unexpected(reader.at)),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    found: Vec<u32>,
}

impl<'t> Reader<'t> {
    fn rest(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    /// Takes a sign or word, if it is next; words in any case, and not as the beginning of longer ones.
    fn takes(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let Some(head) = rest.get(..word.len()) else { return false };
        let inner = word.ends_with(|c: char| c.is_alphanumeric())
            && rest[word.len()..].starts_with(|c: char| c.is_alphanumeric());
        if !head.eq_ignore_ascii_case(word) || inner {
            return false;
        }
        self.at += word.len();
        true
    }

    fn needs(&mut self, word: &str) -> Result<(), Wrong> {
        if self.takes(word) { Ok(()) } else { Err(unexpected(self.at)) }
    }

    fn number(&mut self) -> Result<u32, Wrong> {
        let rest = self.rest();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = rest[..digits].parse().map_err(|_| unexpected(self.at))?;
        self.at += digits;
        Ok(number)
    }

    /// `D63.S`
    fn score(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        let rest = self.rest();
        if !rest.starts_with(['D', 'd']) {
            return Err(unexpected(self.at));
        }
        self.at += 1;
        if !self.text[self.at..].starts_with(|c: char| c.is_ascii_digit()) {
            return Err(unexpected(start));
        }
        let number = self.number()?;
        self.needs(".S")?;
        self.found.push(number);
        Ok(())
    }

    fn expression(&mut self, depth: usize) -> Result<(), Wrong> {
        if depth > DEEPEST {
            return Err(unexpected(self.at));
        }
        loop {
            while self.takes("NOT") {}
            self.term(depth)?;
            if !self.takes("AND") && !self.takes("OR") {
                return Ok(());
            }
        }
    }

    fn term(&mut self, depth: usize) -> Result<(), Wrong> {
        if self.takes("(") {
            self.expression(depth + 1)?;
            return self.needs(")");
        }
        // A sum holds scores alone (documented).
        if self.takes("SUM") {
            self.needs("(")?;
            self.score()?;
            while self.takes(",") {
                self.score()?;
            }
            self.needs(")")?;
        } else {
            self.score()?;
        }
        self.needs(">")?;
        self.number().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Wrong, dictionaries, unexpected};

    #[test]
    fn what_the_vendor_and_clients_write_is_read() {
        for (text, found) in [
            ("((D63.S > 1))", vec![63]),
            ("(D63.S > 5 AND D62.S > 5)", vec![63, 62]),
            ("(D63.S > 0 AND NOT D39.S > 0)", vec![63, 39]),
            ("((D1.S > 0 OR (SUM(D2.S, D3.S) > 9)) AND D4.S>2)", vec![1, 2, 3, 4]),
        ] {
            assert_eq!(dictionaries(text), Ok(found), "{text}");
        }
    }

    #[test]
    fn the_place_that_does_not_fit_is_told() {
        for (text, place) in [
            ("test", 0),
            ("", 0),
            ("(D63.S > 1", 10),
            ("D63.S", 5),
            ("D63.S > ", 8),
            ("D.S > 1", 0),
            ("D63.S > 1 D62.S > 1", 10),
            ("SUM((D1.S > 0)) > 1", 4),
            ("D63.S > 99999999999", 8),
            ("ANDROID", 0),
        ] {
            assert_eq!(dictionaries(text), Err(unexpected(place)), "{text}");
        }
    }

    #[test]
    fn brackets_within_brackets_end_somewhere() {
        assert!(dictionaries(&format!("{}D1.S > 0{}", "(".repeat(16), ")".repeat(16))).is_ok());
        assert_eq!(dictionaries(&"(".repeat(9_000)), Err(unexpected(17)));
        assert!(dictionaries(&"NOT ".repeat(2_000)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_read(text in ".{0,80}|[D0-9S.>()ANDORT, ]{0,200}") {
            if let Err(Wrong { at: place, .. }) = dictionaries(&text) {
                prop_assert!(place <= text.len());
            }
        }
    }
}
