//! Regular expressions that a tenant writes, compiled in bounded time and space.
//!
//! A class such as `\W` stands for some hundred ranges of characters before anything is compiled, so that a kilobyte of
//! classes costs a second though it is refused in the end. So classes are counted first, and what all patterns of one call
//! or of one tenant may take is a sum that each takes its part of.

use std::convert::Infallible;

use regex::{Error, Regex, RegexBuilder};
use regex_syntax::ast;

/// Bytes that one compiled pattern may take, tried in turn: what it took is known to the next step only.
const SIZES: [usize; 4] = [16 << 10, 64 << 10, 256 << 10, 1 << 20];
/// How deep a pattern may nest.
const DEEPEST: u32 = 50;
/// The most classes in one pattern, and the bytes of its room that each takes.
const CLASSES: usize = 64;
const CLASS: usize = 16 << 10;

/// What patterns may still take, in bytes of compiled form.
#[derive(Debug, Clone, Copy)]
pub struct PatternRoom(usize);

impl PatternRoom {
    /// What the patterns of one call may take.
    pub const CALL: PatternRoom = PatternRoom(16 << 20);
    /// What all of a tenant's may take, so that stored lines cannot exhaust the memory.
    pub const TENANT: PatternRoom = PatternRoom(64 << 20);

    /// Compiles a pattern, whose case counts or not.
    ///
    /// # Errors
    /// It is no regular expression, nests deeper than 50, holds more than 64 classes, or there is no room left for it.
    pub fn compile(&mut self, text: &str, ignoring_case: bool) -> Result<Regex, Error> {
        let mut parser = ast::parse::ParserBuilder::new();
        let parsed = parser.nest_limit(DEEPEST).build().parse(text);
        let classes = match &parsed {
            Ok(tree) => ast::visit(tree, Classes(0)).unwrap_or_else(|never| match never {}),
            // The compiler tells the same in its own words, and before it has done anything else.
            Err(_) => 0,
        };
        let Some(room) = self.0.checked_sub(classes * CLASS).filter(|_| classes <= CLASSES) else {
            return Err(Error::Syntax(format!("more than {CLASSES} classes, or too many patterns")));
        };
        let mut builder = RegexBuilder::new(text);
        builder.case_insensitive(ignoring_case).nest_limit(DEEPEST);
        let mut why = Error::CompiledTooBig(room);
        for size in SIZES.into_iter().filter(|size| *size <= room) {
            match builder.size_limit(size).dfa_size_limit(size).build() {
                Ok(regex) => {
                    self.0 = room - size;
                    return Ok(regex);
                }
                Err(error) => why = error,
            }
            if !matches!(why, Error::CompiledTooBig(_)) {
                break;
            }
        }
        Err(why)
    }
}

/// Counts the classes of a pattern.
struct Classes(usize);

impl ast::Visitor for Classes {
    type Output = usize;
    type Err = Infallible;

    fn finish(self) -> Result<usize, Infallible> {
        Ok(self.0)
    }

    fn visit_pre(&mut self, tree: &ast::Ast) -> Result<(), Infallible> {
        self.0 += usize::from(matches!(tree, ast::Ast::ClassUnicode(_) | ast::Ast::ClassPerl(_)));
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, _: &ast::ClassSetItem) -> Result<(), Infallible> {
        self.0 += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::PatternRoom;

    #[test]
    fn classes_are_counted_before_any_is_compiled() {
        let mut room = PatternRoom::CALL;
        for pattern in ["\\W", "\\PL|", "\\p{Greek}", "[^a]", "[\\w\\W]", "[[^a]&&\\w]"] {
            assert!(room.compile(pattern, true).is_ok(), "{pattern}");
            let many = pattern.repeat(100);
            assert!(room.compile(&many, true).unwrap_err().to_string().contains("classes"), "{pattern}");
        }
        assert!(room.compile("https?://[a-z0-9.-]+/[^/]+\\.(exe|msi)$", true).is_ok());
    }

    #[test]
    fn many_patterns_share_one_room() {
        let mut room = PatternRoom::CALL;
        let taken = (0..2_000).take_while(|number| room.compile(&format!("x{number}"), true).is_ok()).count();
        assert_eq!(taken, 1_024, "sixteen MiB are 1,024 times the least that one takes");
        let mut other = PatternRoom::TENANT;
        assert!(other.compile("x", true).is_ok());
    }
}
