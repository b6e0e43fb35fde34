//! Expressions of DLP engines, as `((D63.S > 5) AND (D62.S > 1))`.

use std::collections::BTreeMap;

/// Brackets in brackets that are followed.
const DEEPEST: u32 = 32;

/// Whether an engine's expression holds with these scores of dictionaries, by number; a dictionary without a score has 0.
/// Nothing where it cannot be read.
pub(super) fn holds(expression: &str, scores: &BTreeMap<String, i64>) -> Option<bool> {
    let mut reader = Reader { rest: expression.trim(), scores };
    let value = reader.any(DEEPEST)?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    scores: &'a BTreeMap<String, i64>,
}

impl<'a> Reader<'a> {
    fn takes(&mut self, word: &str) -> bool {
        let fits = self.rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if fits {
            self.rest = self.rest[word.len()..].trim_start();
        }
        fits
    }

    fn any(&mut self, depth: u32) -> Option<bool> {
        let mut value = self.all(depth)?;
        while self.takes("OR") {
            value |= self.all(depth)?;
        }
        Some(value)
    }

    fn all(&mut self, depth: u32) -> Option<bool> {
        let mut value = self.one(depth)?;
        while self.takes("AND") {
            value &= self.one(depth)?;
        }
        Some(value)
    }

    fn one(&mut self, depth: u32) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        if self.takes("NOT") {
            return self.one(depth).map(|value| !value);
        }
        if self.takes("(") {
            let value = self.any(depth)?;
            return self.takes(")").then_some(value);
        }
        if !self.takes("D") {
            return None;
        }
        let score = self.scores.get(self.digits()).copied().unwrap_or(0);
        if !self.takes(".S") {
            return None;
        }
        let compare: fn(&i64, &i64) -> bool = match () {
            () if self.takes(">=") => i64::ge,
            () if self.takes("<=") => i64::le,
            () if self.takes(">") => i64::gt,
            () if self.takes("<") => i64::lt,
            () if self.takes("=") => {
                self.takes("=");
                i64::eq
            }
            () => return None,
        };
        let limit = self.digits().parse().ok()?;
        Some(compare(&score, &limit))
    }

    fn digits(&mut self) -> &'a str {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_conjunctions_of_scores() {
        let scores = BTreeMap::from([("63".to_owned(), 6), ("62".to_owned(), 2)]);
        for (expression, wanted) in [
            ("(D63.S > 5 AND D62.S > 5)", Some(false)),
            ("((D63.S > 5) AND (D62.S > 1))", Some(true)),
            ("D63.S > 9 OR (D62.S > 1 AND NOT (D1.S > 0))", Some(true)),
            ("D63.S >", None),
            ("(D63.S > 5", None),
            ("", None),
        ] {
            assert_eq!(holds(expression, &scores), wanted, "{expression}");
        }
        assert_eq!(holds(&"(".repeat(100_000), &scores), None);
    }
}
